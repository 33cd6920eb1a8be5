"""Labels and measures of all shots, as columns: for each name, the shots (or rows) it holds for.

A finding holds for every shot that its interval overlaps. Shots and rows are indexes into the
tables of the generation. What one name holds for is a stretch of a mapped column, given as it lies
there. Labels with a box also have the moment and the place. Knows nothing of who said it, nor of
the intervals themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.spans import find_members


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


@dataclass(frozen=True, eq=False)
class BoxedLabels:
    """Where a label was given with a box, ascending by (shot, time)."""

    shot: NDArray[np.int32]  # (n,)
    time_ms: NDArray[np.int32]  # (n,) of the track's box that is meant, else of the keyframe
    box: NDArray[np.float32]  # (n, 4) x0, y0, x1, y1, fractions of width and height
    score: NDArray[np.float32]  # (n,)
    track: NDArray[np.int32]  # (n,) -1 where nothing is followed

    def __len__(self) -> int:
        return len(self.shot)

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """All of them, in the order of the fields."""
        return self.shot, self.time_ms, self.box, self.score, self.track


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
    """All labels: columns grouped by label, of shots, of rows, and of boxes where there are any."""

    all_names: tuple[LabelName, ...]  # (l,) sorted
    first_shot: NDArray[np.int64]  # (l + 1,)
    shots: LabelShots  # of all labels, one after the other
    first_row: NDArray[np.int64]  # (l + 1,)
    rows: LabelRows  # of all labels, one after the other
    first_box: NDArray[np.int64] | None = None  # (l + 1,)
    boxes: BoxedLabels | None = None  # of all labels, one after the other

    def names(self) -> tuple[LabelName, ...]:
        """Every label that occurs, sorted by vocabulary and name."""
        return self.all_names

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        return number_names(self.all_names)

    def __contains__(self, name: str) -> bool:
        """Whether `vocabulary/name`, or the bare name in any vocabulary, occurs; case ignored."""
        return name.casefold() in self._by_name

    def find(self, name: str) -> LabelShots:
        """The shots of `vocabulary/name`, or of a bare name in any vocabulary; case ignored.

        Where several labels answer, a shot takes the largest count and score among them.
        """
        return self.shots_at(self._by_name.get(name.casefold(), []))

    def rows_of(self, name: str) -> LabelRows:
        """The keyframes for which the label was given without a box; names as in `find`."""
        return self.rows_at(self._by_name.get(name.casefold(), []))

    def boxes_of(self, name: str) -> BoxedLabels:
        """Where the label was given with a box; names as in `find`."""
        return self.boxes_at(self._by_name.get(name.casefold(), []))

    def boxes_at(self, numbers: Sequence[int]) -> BoxedLabels:
        """The boxes of the labels of these numbers; those of one label as they lie."""
        if self.first_box is None or self.boxes is None:
            return no_boxes()
        members = find_members(self.first_box, np.array(numbers, np.int64))
        held = BoxedLabels(*(column[members] for column in self.boxes.columns))
        if len(numbers) < 2:
            return held
        by = np.lexsort((held.time_ms, held.shot))
        return BoxedLabels(*(column[by] for column in held.columns))

    def shots_at(self, numbers: Sequence[int]) -> LabelShots:
        """The shots of the labels of these numbers, taken together as in `find`."""
        every = self.shots
        shots, (counts, scores) = _merge(
            self.first_shot, numbers, every.shots, [every.counts, every.scores]
        )
        return LabelShots(shots, counts, scores)

    def rows_at(self, numbers: Sequence[int]) -> LabelRows:
        """The rows of the labels of these numbers, taken together."""
        rows, (scores,) = _merge(self.first_row, numbers, self.rows.rows, [self.rows.scores])
        return LabelRows(rows, scores)

    def count_between(self, first_shot: int, end_shot: int) -> NDArray[np.int64]:
        """(l,) in how many shots from first_shot up to, not including, end_shot each label is."""
        stretches = (self.shots.shots, self.first_shot)
        return _place_in(*stretches, end_shot) - _place_in(*stretches, first_shot)


def no_boxes() -> BoxedLabels:
    """Of a label that was given without."""
    none, empty = np.zeros(0, np.int32), np.zeros(0, np.float32)
    return BoxedLabels(none, none, empty.reshape(0, 4), empty, none)


def number_names(labels: Sequence[LabelName]) -> dict[str, list[int]]:
    """Case-folded `vocabulary/name` and bare name to label numbers; the full name wins."""
    bare: dict[str, list[int]] = {}
    full: dict[str, list[int]] = {}
    for number, label in enumerate(labels):
        bare.setdefault(label.name.casefold(), []).append(number)
        full.setdefault(label.full.casefold(), []).append(number)
    return bare | full


def _merge(
    first: NDArray[np.int64],
    groups: Sequence[int],
    keys: NDArray[np.int32],
    values: Sequence[NDArray[Any]],
) -> tuple[NDArray[np.int32], list[NDArray[Any]]]:
    """The keys of some groups, ascending, each once, and the largest of their values, none below 0.

    Inside one group keys ascend, each once: what is asked of one group is not even copied. Several
    are put together in tables of all keys.
    """
    chosen = [slice(int(first[group]), int(first[group + 1])) for group in groups]
    if len(chosen) == 1:
        return keys[chosen[0]], [column[chosen[0]] for column in values]
    size = max((int(keys[part][-1]) + 1 for part in chosen if part.start < part.stop), default=0)
    held = np.zeros(size, bool)
    for part in chosen:
        held[keys[part]] = True
    union = np.flatnonzero(held).astype(np.int32)
    return union, [_best_of_each(keys, column, chosen, size)[union] for column in values]


def _best_of_each(
    keys: NDArray[np.int32], values: NDArray[Any], parts: Sequence[slice], size: int
) -> NDArray[Any]:
    """(size,) the largest value of each key in some parts of a column; 0 where it is in none."""
    best = np.zeros(size, values.dtype)
    for part in parts:
        np.maximum.at(best, keys[part], values[part])
    return best


def _place_in(
    values: NDArray[np.int32], first: NDArray[np.int64], wanted: int
) -> NDArray[np.int64]:
    """(g,) the place of the first value of each group that is not smaller; each group ascends."""
    low, high = first[:-1].copy(), first[1:].copy()
    for _ in range(int(np.diff(first).max(initial=0)).bit_length()):
        middle = (low + high) // 2
        is_low = low < high
        is_low[is_low] = values[middle[is_low]] < wanted
        low, high = np.where(is_low, middle + 1, low), np.where(is_low, high, middle)
    return low


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
        return self.pairs_at(numbers)

    def pairs_at(self, numbers: Sequence[int]) -> MeasureShots:
        """The values of the measures of these numbers, by shot."""
        members = find_members(self.first, np.array(numbers, np.int64))
        shots, values = self.pairs.shots[members], self.pairs.values[members]
        if len(numbers) > 1:
            by = np.argsort(shots, kind="stable")
            shots, values = shots[by], values[by]
        return MeasureShots(shots, values)
