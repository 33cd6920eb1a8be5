"""The figures of people found from pixels, with their targets, as an object and as tables."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bench.evaluate.intervals import Interval, bound
from bench.origin import Origin, find_origin
from bench.people.clusters import PairFigures
from bench.tables import show_interval, show_verdict

if TYPE_CHECKING:
    from rich.console import Console

    from bench.people.pixels import PixelRun

LEAST_MAP = 0.70
LEAST_GAIN = 1.15
LEAST_F1 = 0.85
MOST_CHANGED = 0.02


@dataclass(frozen=True)
class PixelTarget:
    """A figure and what it should be."""

    name: str
    reached: float
    target: str
    is_met: bool

    @property
    def verdict(self) -> str:
        """`ok` or `missed`."""
        return "ok" if self.is_met else "missed"

    def to_json(self) -> dict[str, Any]:
        """One object."""
        told = {"name": self.name, "reached": round(self.reached, 4), "target": self.target}
        return {**told, "verdict": self.verdict}


@dataclass(frozen=True)
class PixelFigures:
    """How well people are found from pixels."""

    dataset: Mapping[str, Any]
    maps: Mapping[str, Interval]
    gain: Interval
    clusters: PairFigures
    targets: tuple[PixelTarget, ...]
    seconds: Mapping[str, float]
    origin: Origin

    @property
    def verdict(self) -> str:
        """`missed` if one target was."""
        return "ok" if all(each.is_met for each in self.targets) else "missed"

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench people --pixels --json` prints it."""
        return {
            "bench": "people",
            **self.origin.to_json(),
            "dataset": dict(self.dataset),
            "map": {name: each.to_json() for name, each in self.maps.items()},
            "gain_over_direct_fusion": self.gain.to_json(),
            "clusters": {**asdict(self.clusters), "f1": self.clusters.f1},
            "targets": [each.to_json() for each in self.targets],
            "seconds": dict(self.seconds),
            "verdict": self.verdict,
        }

    def show(self, console: "Console") -> None:
        """Tables."""
        from rich.table import Table

        found = Table(title="People from pixels, by three faces of another film: mAP (95 of 100)")
        found.add_column("what")
        found.add_column("mAP", justify="right")
        for name, each in self.maps.items():
            found.add_row(name, show_interval(each))
        goals = Table(title="Targets")
        for heading in ("figure", "reached", "target", ""):
            goals.add_column(heading, justify="left" if heading in ("figure", "") else "right")
        for goal in self.targets:
            verdict = show_verdict(goal.verdict)
            goals.add_row(goal.name, f"{goal.reached:.3f}", goal.target, verdict)
        spent = Table(title=f"Indexing {self.dataset['minutes']:.0f} minutes of film")
        spent.add_column("analyzer")
        spent.add_column("s", justify="right")
        spent.add_column("times as fast as the film", justify="right")
        for name, seconds in self.seconds.items():
            speed = 60 * self.dataset["minutes"] / seconds if seconds else 0
            spent.add_row(name, f"{seconds:.1f}", f"{speed:.1f}")
        for table in (found, goals, spent):
            console.print(table)


def report_pixels(run: "PixelRun", seed: int) -> PixelFigures:
    """The figures of a run beside their targets."""
    scores, gain = run.scores, run.scores.gain()
    maps = {
        "person, face visible": bound(scores.people),
        "person, anywhere": bound(scores.anywhere),
        "person does, as the product ranks": bound(scores.acts),
        "person does, direct fusion": bound(scores.direct),
    }
    person, clear = maps["person, face visible"].value, gain.value >= LEAST_GAIN and gain.low > 1
    return PixelFigures(
        {
            "name": f"made world, seed {seed}, test", "films": run.films, "shots": run.shots,
            "minutes": run.minutes, "persons": len(scores.people), "acts": len(scores.acts),
            "later": run.later,
        },
        maps,
        gain,
        run.clusters,
        (
            PixelTarget("person search, mAP", person, f">= {LEAST_MAP}", person >= LEAST_MAP),
            PixelTarget(
                "person does, times direct fusion", gain.value,
                f">= {LEAST_GAIN}, interval above 1", clear,
            ),
            PixelTarget(
                "clusters, pairwise F1", run.clusters.f1, f">= {LEAST_F1}",
                run.clusters.f1 >= LEAST_F1,
            ),
            PixelTarget(
                "faces in another cluster after a tenth of the films came", run.changed,
                f"< {MOST_CHANGED}", run.changed < MOST_CHANGED,
            ),
        ),
        run.seconds,
        find_origin(),
    )  # fmt: skip
