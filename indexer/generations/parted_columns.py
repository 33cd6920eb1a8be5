"""The labels and measures of several parts as one table; what is dead is left out.

A name is looked up in each part, the numbers of its shots are moved to where they stand in the
whole. Nothing is copied before it is asked for.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.columns import (
    BoxedLabels,
    LabelName,
    LabelRows,
    LabelShots,
    LabelTable,
    MeasureName,
    MeasureShots,
    MeasureTable,
    number_names,
)
from indexer.generations.stretches import Numbering, Stretches

COUNTED_AT_ONCE = 1 << 22


class PartedLabels:
    """What `LabelTable` answers, over the tables of several parts."""

    def __init__(
        self, tables: Sequence[LabelTable], shots: Numbering, rows: Numbering, tracks: Numbering
    ) -> None:
        self._tables = tuple(tables)
        self._shots, self._rows, self._tracks = shots, rows, tracks

    def names(self) -> tuple[LabelName, ...]:
        """Every label that occurs, sorted by vocabulary and name, and in how many living shots."""
        return self._known[0]

    def __contains__(self, name: str) -> bool:
        """Whether `vocabulary/name`, or the bare name in any vocabulary, occurs; case ignored."""
        return name.casefold() in self._by_name

    def find(self, name: str) -> LabelShots:
        """The shots of a label; see `LabelTable`."""
        found = []
        for part, table in enumerate(self._tables):
            held = table.shots_at(self._numbers(name, part))
            which, shots = self._shots.parts[part].place(held.shots)
            found.append((shots, held.counts[which], held.scores[which]))
        return LabelShots(*join_columns(found))

    def rows_of(self, name: str) -> LabelRows:
        """The keyframes of a label without a box; see `LabelTable`."""
        found = []
        for part, table in enumerate(self._tables):
            held = table.rows_at(self._numbers(name, part))
            which, rows = self._rows.parts[part].place(held.rows)
            found.append((rows, held.scores[which]))
        return LabelRows(*join_columns(found))

    def boxes_of(self, name: str) -> BoxedLabels:
        """Where the label was given with a box; see `LabelTable`."""
        found = []
        for part, table in enumerate(self._tables):
            held = table.boxes_at(self._numbers(name, part))
            which, shots = self._shots.parts[part].place(held.shot)
            track = self._tracks.parts[part].move(held.track[which])
            found.append((shots, held.time_ms[which], held.box[which], held.score[which], track))
        return BoxedLabels(*join_columns(found))

    def count_between(self, first: int, end: int) -> NDArray[np.int64]:
        """(l,) in how many of the shots `first` to `end`, exclusive, each label occurs."""
        counts = np.zeros(len(self.names()), np.int64)
        for found in self._shots.split(np.arange(first, end)):
            low, high = found.numbers[0], found.numbers[-1] + 1  # of one video: neighbours
            inside = self._tables[found.part].count_between(int(low), int(high))
            known = self._known[1][found.part]
            counts[known >= 0] += inside[known[known >= 0]]
        return counts

    def _numbers(self, name: str, part: int) -> list[int]:
        """The labels of this name in one part."""
        chosen = self._known[1][part][self._by_name.get(name.casefold(), [])]
        return [int(number) for number in chosen if number >= 0]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        return number_names(self.names())

    @cached_property
    def _known(self) -> tuple[tuple[LabelName, ...], list[NDArray[np.int64]]]:
        """The labels that occur, and the number (l,) of each in every part, -1 where it has none.

        A label that no living shot has any more is left out.
        """
        counts: dict[tuple[str, str], int] = {}
        for table, living in zip(self._tables, self._shots.parts, strict=True):
            held = _count_living(table.shots.shots, table.first_shot, living)
            for label, count in zip(table.names(), held.tolist(), strict=True):
                if count or living.keeps_all:
                    key = (label.vocabulary, label.name)
                    counts[key] = counts.get(key, 0) + count
        keys = sorted(counts)
        numbers = [
            _places_of(keys, [(label.vocabulary, label.name) for label in table.names()])
            for table in self._tables
        ]
        return tuple(LabelName(*key, counts[key]) for key in keys), numbers


class PartedMeasures:
    """What `MeasureTable` answers, over the tables of several parts."""

    def __init__(self, tables: Sequence[MeasureTable], shots: Numbering) -> None:
        self._tables = tuple(tables)
        self._shots = shots

    def names(self) -> tuple[MeasureName, ...]:
        """Every measure that occurs, sorted, and how many values living shots have."""
        return self._names

    def find(self, name: str) -> MeasureShots:
        """The values of one measure; see `MeasureTable`."""
        found = []
        for table, living in zip(self._tables, self._shots.parts, strict=True):
            held = table.find(name)
            which, shots = living.place(held.shots)
            found.append((shots, held.values[which]))
        return MeasureShots(*join_columns(found))

    @cached_property
    def _names(self) -> tuple[MeasureName, ...]:
        counts: dict[tuple[str, str], int] = {}
        for table, living in zip(self._tables, self._shots.parts, strict=True):
            held = _count_living(table.pairs.shots, table.first, living)
            for measure, count in zip(table.names(), held.tolist(), strict=True):
                if count or living.keeps_all:
                    key = (measure.name, measure.unit)
                    counts[key] = counts.get(key, 0) + count
        return tuple(MeasureName(*key, counts[key]) for key in sorted(counts))


def join_columns(found: Sequence[tuple[NDArray[Any], ...]]) -> list[NDArray[Any]]:
    """Columns part by part to whole columns; those of one part as they are."""
    full = [columns for columns in found if len(columns[0])] or [found[0]]
    if len(full) == 1:
        return list(full[0])
    return [np.concatenate(column) for column in zip(*full, strict=True)]


def _places_of(wanted: Sequence[Any], held: Sequence[Any]) -> NDArray[np.int64]:
    """(w,) where each wanted value stands among those held, -1 where it does not."""
    places = {value: place for place, value in enumerate(held)}
    return np.array([places.get(value, -1) for value in wanted], np.int64)


def _count_living(
    shots: NDArray[np.int32], first: NDArray[np.int64], living: Stretches
) -> NDArray[np.int64]:
    """(g,) how many numbers of each group count; groups begin at `first` (g + 1,)."""
    if living.keeps_all:
        return np.diff(first)
    alive = np.zeros(living.total, bool)
    for start, end in zip(living.start.tolist(), living.end.tolist(), strict=True):
        alive[start:end] = True
    counted = np.zeros(len(first) - 1, np.int64)
    for start in range(0, len(shots), COUNTED_AT_ONCE):
        found = start + np.flatnonzero(alive[shots[start : start + COUNTED_AT_ONCE]])
        group = np.searchsorted(first, found, "right") - 1
        counted += np.bincount(group, minlength=len(counted))
    return counted
