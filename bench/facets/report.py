"""The figures of labels, with their targets, as an object and as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.facets.run import FacetRun, NameFigures
from bench.origin import Origin, find_origin
from bench.tables import show_verdict

if TYPE_CHECKING:
    from rich.console import Console

LEAST_F1 = 0.7


@dataclass(frozen=True)
class FacetFigures:
    """How right labels are."""

    run: FacetRun
    seed: int
    origin: Origin

    def macro(self, facet: str) -> float:
        """The mean F1 over the names of a facet."""
        figures = self.run.names[facet].values()
        return sum(each.f1 for each in figures) / max(len(figures), 1)

    @property
    def verdicts(self) -> Mapping[str, str]:
        """`ok` or `missed`, by facet."""
        return {
            facet: "ok" if self.macro(facet) >= LEAST_F1 else "missed" for facet in self.run.names
        }

    def to_json(self) -> dict[str, Any]:
        """One object."""
        run = self.run
        return {
            "bench": "facets",
            **self.origin.to_json(),
            "seed": self.seed,
            "films": run.films,
            "shots": run.shots,
            "keyframes": run.keyframes,
            "facets": [
                {
                    "facet": facet,
                    "names": len(names),
                    "macro_f1": round(self.macro(facet), 4),
                    "target": f">= {LEAST_F1}",
                    "verdict": self.verdicts[facet],
                    "seconds_per_million": run.seconds_per_million[facet],
                    "by_name": {name: _round(each) for name, each in names.items()},
                }
                for facet, names in run.names.items()
            ],
            "verdict": "ok" if set(self.verdicts.values()) == {"ok"} else "missed",
        }

    def show(self, console: "Console") -> None:
        """Print a table of facets, and the names that are told worst."""
        from rich.table import Table

        run = self.run
        console.print(f"{run.films} films, {run.shots} shots, {run.keyframes} keyframes")
        table = Table("facet", "names", "macro F1", "target", "", "s for a million", "worst")
        for facet, names in run.names.items():
            worst = sorted(names, key=lambda name, by=names: by[name].f1)[:3]  # type: ignore[misc]
            table.add_row(
                facet, str(len(names)), f"{self.macro(facet):.3f}", f">= {LEAST_F1}",
                show_verdict(self.verdicts[facet]), f"{run.seconds_per_million[facet]:.0f}",
                ", ".join(f"{name} {names[name].f1:.2f}" for name in worst),
            )  # fmt: skip
        console.print(table)


def report_facets(run: FacetRun, seed: int) -> FacetFigures:
    """The figures of a run."""
    return FacetFigures(run, seed, find_origin())


def _round(figures: NameFigures) -> list[float]:
    """Shots, precision, recall, F1."""
    told = (figures.precision, figures.recall, figures.f1)
    return [figures.shots, *(round(each, 3) for each in told)]
