"""The figures of person-action search, as an object and as tables. Knows no search."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.evaluate.intervals import Interval, bound_difference
from bench.origin import Origin
from bench.people.evaluate import BASE, WAYS, Scores
from bench.people.grid import Cell
from bench.tables import show_interval, show_verdict

# Relative gains over Base, in %, on TRECVID INS 2019, 2020, 2021: table 1 of the paper.
PAPER = MappingProxyType(
    {
        "Base+DTE": (7.75, 7.84, 8.43),
        "Base+ICV": (8.00, 7.33, 9.42),
        "Base+DTE+ICV": (16.53, 15.77, 19.18),
    }
)


@dataclass(frozen=True)
class Gain:
    """A way of searching beside Base; the interval is of the difference, by topic."""

    map: float
    over_base: Interval
    relative: float  # in %

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {
            "map": self.map, "over_base": self.over_base.to_json(), "relative": self.relative
        }  # fmt: skip


@dataclass(frozen=True)
class Goal:
    """What should be above nothing, or at least not below."""

    name: str
    reached: float
    may_be_zero: bool

    @property
    def verdict(self) -> str:
        """`ok` or `missed`."""
        good = self.reached >= 0 if self.may_be_zero else self.reached > 0
        return "ok" if good else "missed"

    def to_json(self) -> dict[str, Any]:
        """One object."""
        sign = ">=" if self.may_be_zero else ">"
        return {
            "name": self.name, "reached": self.reached, "target": f"{sign} 0",
            "verdict": self.verdict,
        }  # fmt: skip


@dataclass(frozen=True)
class PeopleFigures:
    """How well person-action search does on degraded truth."""

    dataset: Mapping[str, Any]
    grid: tuple[Cell, ...]
    ways: Mapping[str, Gain]  # over the whole grid
    by_factor: Mapping[str, Mapping[str, Mapping[str, Gain]]]  # factor, its value, way
    by_seed: Mapping[str, Mapping[str, float]]  # mAP by seed and way
    goals: tuple[Goal, ...]
    seconds: Mapping[str, float]
    origin: Origin

    @property
    def verdict(self) -> str:
        """`missed` if one goal was."""
        return "missed" if any(each.verdict == "missed" for each in self.goals) else "ok"

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench people --json` prints it."""
        return {
            "bench": "people",
            **self.origin.to_json(),
            "dataset": dict(self.dataset),
            "grid": [asdict(cell) for cell in self.grid],
            "ways": _write(self.ways),
            "by_factor": {
                factor: {value: _write(ways) for value, ways in values.items()}
                for factor, values in self.by_factor.items()
            },
            "by_seed": {seed: dict(ways) for seed, ways in self.by_seed.items()},
            "paper": {way: list(gains) for way, gains in PAPER.items()},
            "targets": [each.to_json() for each in self.goals],
            "seconds": dict(self.seconds),
            "verdict": self.verdict,
        }


def compare_ways(scores: Scores) -> dict[str, Gain]:
    """Every way beside Base, over all cells and seeds given; topics are resampled.

    Args:
        scores: (cells, seeds, ways, topics) average precisions.
    """
    means = scores.mean(axis=(0, 1))
    base = means[WAYS.index(BASE)]
    return {
        way.name: Gain(
            float(own.mean()),
            bound_difference(own, base),
            100 * float(own.mean() / base.mean() - 1) if base.any() else 0.0,
        )
        for way, own in zip(WAYS, means, strict=True)
    }


def split_factors(
    scores: Scores, grid: Sequence[Cell], families: Sequence[str]
) -> dict[str, dict[str, dict[str, Gain]]]:
    """The same for the cells that share one value of one factor, and for the topics of a family.

    Args:
        scores: (cells, seeds, ways, topics).
        grid: the cells.
        families: of the topics.
    """
    split: dict[str, dict[str, dict[str, Gain]]] = {}
    for factor in asdict(grid[0]):
        values = np.array([getattr(cell, factor) for cell in grid])
        distinct = np.unique(values).tolist()
        split[factor] = {str(value): compare_ways(scores[values == value]) for value in distinct}
    own = np.array(families)
    split["topics"] = {
        family: compare_ways(scores[..., own == family]) for family in dict.fromkeys(families)
    }
    return split


def mean_by_seed(scores: Scores, seeds: Sequence[int]) -> dict[str, dict[str, float]]:
    """The mAP of every way by each seed alone."""
    means = scores.mean(axis=(0, 3))
    return {
        str(seed): {way.name: float(value) for way, value in zip(WAYS, row, strict=True)}
        for seed, row in zip(seeds, means, strict=True)
    }


def set_goals(ways: Mapping[str, Gain]) -> tuple[Goal, ...]:
    """Both above Base with the interval, each not below; capped, and as published."""
    goals = [Goal("Base+ICV over Base", ways["Base+ICV"].over_base.value, may_be_zero=True)]
    for kind in ("", ", published"):
        alone, both = f"Base+DTE{kind}", f"Base+DTE+ICV{kind}"
        low = ways[both].over_base.low
        goals.append(Goal(f"{alone} over Base", ways[alone].over_base.value, may_be_zero=True))
        goals.append(Goal(f"{both} over Base, low end", low, may_be_zero=False))
    return tuple(goals)


def show_people(figures: PeopleFigures, console: Console) -> None:
    """All ways beside the paper's gains, then by factor, then the targets."""
    said = figures.dataset
    console.print(
        f"{said['name']}: {said['films']} films, {said['shots']} shots, {said['topics']} topics, "
        f"{len(figures.grid)} cells, {said['seeds']} seeds; commit "
        f"{figures.origin.commit or 'unknown'}",
        highlight=False,
    )
    console.print(_tabulate_ways(figures))
    console.print(_tabulate_factors(figures))
    table = Table(title="Targets")
    for heading in ("figure", "reached", "target", ""):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for goal in figures.goals:
        told = goal.to_json()
        cells = f"{goal.reached:+.4f}", told["target"], show_verdict(goal.verdict)
        table.add_row(goal.name, *cells)
    console.print(table)
    machine = figures.origin.machine
    spent = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in figures.seconds.items())
    console.print(f"{machine.cpu}, {machine.cores} cores; {spent}", highlight=False)


def _write(ways: Mapping[str, Gain]) -> dict[str, Any]:
    return {name: gain.to_json() for name, gain in ways.items()}


def _tabulate_ways(figures: PeopleFigures) -> Table:
    table = Table(title="Person and action: mAP over the grid, gains over Base with 95 % intervals")
    for heading in ("way", "mAP", "gain", "gain in %", "the paper's, 2019 / 20 / 21"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for name, gain in figures.ways.items():
        paper = " / ".join(
            f"{value:.1f}" for value in PAPER.get(name.removesuffix(", published"), ())
        )
        table.add_row(
            name, f"{gain.map:.3f}", show_interval(gain.over_base), f"{gain.relative:+.1f}", paper
        )
    return table


def _tabulate_factors(figures: PeopleFigures) -> Table:
    table = Table(title="mAP by how bad the detectors are")
    table.add_column("factor")
    names = [name for name in figures.ways if name in PAPER or name == BASE.name]
    for name in (*names, "both, gain", "in %"):
        table.add_column(name, justify="right")
    for factor, values in figures.by_factor.items():
        for value, ways in values.items():
            both = ways["Base+DTE+ICV"]
            maps = (f"{ways[name].map:.3f}" for name in names)
            gains = show_interval(both.over_base), f"{both.relative:+.1f}"
            table.add_row(f"{factor} {value}", *maps, *gains)
    return table
