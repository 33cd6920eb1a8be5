"""Labels and measures of all shots, as columns: for each name, the shots (or rows) it holds for.

A finding holds for every shot that its interval overlaps. Shots and rows are indexes into the
tables of the generation. Knows nothing of who said it, nor of the intervals themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LabelName:
    """One label that occurs, and in how many shots."""

    vocabulary: str
    name: str
    shots: int

    @property
    def full(self) -> str:
        """`vocabulary/name`."""
        return f"{self.vocabulary}/{self.name}"


@dataclass(frozen=True, eq=False)
class LabelShots:
    """The shots that a label holds for."""

    shots: NDArray[np.int32]  # (k,) ascending, each once
    counts: NDArray[np.int32]  # (k,) most instances at once: same start and end, same analyzer
    scores: NDArray[np.float32]  # (k,) the best


@dataclass(frozen=True, eq=False)
class LabelRows:
    """The keyframes that a label without a box holds for."""

    rows: NDArray[np.int32]  # (k,) ascending, each once
    scores: NDArray[np.float32]  # (k,) the best; of a colour: the covered area


@dataclass(frozen=True)
class MeasureName:
    """One measure that occurs, its unit, and how many pairs of shot and value it has."""

    name: str
    unit: str
    values: int


@dataclass(frozen=True, eq=False)
class MeasureShots:
    """The values that a measure has in shots; a shot may have several."""

    shots: NDArray[np.int32]  # (k,) ascending
    values: NDArray[np.float64]  # (k,)


@dataclass(frozen=True, eq=False)
class LabelTable:
    """All labels: two columns grouped by label, one of shots and one of rows."""

    all_names: tuple[LabelName, ...]  # (l,) sorted
    first_shot: NDArray[np.int64]  # (l + 1,)
    shots: LabelShots  # of all labels, one after the other
    first_row: NDArray[np.int64]  # (l + 1,)
    rows: LabelRows  # of all labels, one after the other

    def names(self) -> tuple[LabelName, ...]:
        """Every label that occurs, sorted by vocabulary and name."""
        return self.all_names

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """Case-folded `vocabulary/name` and bare name to label numbers; the full name wins."""
        bare: dict[str, list[int]] = {}
        full: dict[str, list[int]] = {}
        for number, label in enumerate(self.all_names):
            bare.setdefault(label.name.casefold(), []).append(number)
            full.setdefault(label.full.casefold(), []).append(number)
        return bare | full

    def __contains__(self, name: str) -> bool:
        """Whether `vocabulary/name`, or the bare name in any vocabulary, occurs; case ignored."""
        return name.casefold() in self._by_name

    def find(self, name: str) -> LabelShots:
        """The shots of `vocabulary/name`, or of a bare name in any vocabulary; case ignored.

        Where several labels answer, a shot takes the largest count and score among them.
        """
        chosen = _stretches(self.first_shot, self._numbers(name))
        every = self.shots
        by, starts = _groups(every.shots[chosen])
        return LabelShots(
            every.shots[chosen][by][starts],
            max_at(every.counts[chosen][by], starts),
            max_at(every.scores[chosen][by], starts),
        )

    def rows_of(self, name: str) -> LabelRows:
        """The keyframes for which the label was given without a box; names as in `find`."""
        chosen = _stretches(self.first_row, self._numbers(name))
        every = self.rows
        by, starts = _groups(every.rows[chosen])
        return LabelRows(every.rows[chosen][by][starts], max_at(every.scores[chosen][by], starts))

    def _numbers(self, name: str) -> Sequence[int]:
        """The labels of this name."""
        return self._by_name.get(name.casefold(), [])


def _stretches(first: NDArray[np.int64], numbers: Sequence[int]) -> slice | NDArray[np.int64]:
    """The places of groups, one after the other."""
    if len(numbers) == 1:
        return slice(first[numbers[0]], first[numbers[0] + 1])
    stretches = [np.arange(first[number], first[number + 1]) for number in numbers]
    return np.concatenate([np.zeros(0, np.int64), *stretches])


def _groups(keys: NDArray[np.int32]) -> tuple[slice | NDArray[np.int64], NDArray[np.int64]]:
    """An order (k,) that sorts the keys, and where each new key begins in it."""
    ascending = bool((np.diff(keys) > 0).all())
    if ascending:
        return slice(None), np.arange(len(keys))
    by = np.argsort(keys, kind="stable")
    return by, np.flatnonzero(np.diff(keys[by], prepend=-1))


def max_at(values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """The largest value of each group, by where the groups begin."""
    maxima: NDArray[Any] = np.maximum.reduceat(values, starts) if len(starts) else values[:0]
    return maxima


@dataclass(frozen=True, eq=False)
class MeasureTable:
    """All measures: one column of pairs (shot, value), grouped by name."""

    all_names: tuple[MeasureName, ...]  # (l,) sorted
    first: NDArray[np.int64]  # (l + 1,)
    pairs: MeasureShots  # of all measures, one after the other

    def names(self) -> tuple[MeasureName, ...]:
        """Every measure that occurs, sorted."""
        return self.all_names

    def find(self, name: str) -> MeasureShots:
        """The values of one measure by its exact name, in whatever unit; none where unknown."""
        numbers = [number for number, one in enumerate(self.all_names) if one.name == name]
        chosen = _stretches(self.first, numbers)
        shots, values = self.pairs.shots[chosen], self.pairs.values[chosen]
        if len(numbers) > 1:
            by = np.argsort(shots, kind="stable")
            shots, values = shots[by], values[by]
        return MeasureShots(shots, values)
