"""Which of the numbers of several parts count, and which numbers they have in the whole.

A part numbers its videos, shots, rows, documents and vectors by itself. In the whole the parts
follow each other, and what is dead is left out: each part contributes stretches, in order. Knows
nothing of what the numbers stand for.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Stretches:
    """The numbers of one part that count: k stretches of `total` numbers."""

    start: NDArray[np.int64]  # (k,) ascending; a stretch may be empty
    end: NDArray[np.int64]  # (k,)
    first: NDArray[np.int64]  # (k,) the number that each start has in the whole
    total: int  # how many numbers the part has, dead ones counted

    def __len__(self) -> int:
        return int((self.end - self.start).sum())

    @property
    def shift(self) -> NDArray[np.int64]:
        """(k,) what is added to the numbers of each stretch."""
        return self.first - self.start

    @cached_property
    def keeps_all(self) -> bool:
        """Whether every number of the part counts."""
        return len(self) == self.total

    def place(self, ascending: Numbers) -> tuple[slice | NDArray[np.int64], NDArray[np.int32]]:
        """Ascending numbers (j,) of the part: which of them count, and theirs in the whole."""
        if self.keeps_all:
            kept = ascending if not self._offset else ascending + np.int32(self._offset)
            return slice(None), np.asarray(kept, np.int32)
        low, high = self.find_members(ascending)
        stretch = np.repeat(np.arange(len(low)), high - low)
        before = np.cumsum(high - low) - (high - low)
        which = np.arange(len(stretch)) + (low - before)[stretch]
        return which, (ascending[which] + self.shift[stretch]).astype(np.int32)

    def find_members(self, ascending: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the numbers of each stretch begin (k,) and end (k,) among ascending ones (j,)."""
        edges = (self.start.astype(ascending.dtype), self.end.astype(ascending.dtype))
        low, high = (np.searchsorted(ascending, each) for each in edges)  # else all are converted
        return low, high

    def move(self, numbers: Numbers) -> NDArray[np.int32]:
        """Numbers (j,) of the part in any order, all of which count, to theirs in the whole.

        Those below 0 name nothing, and stay.
        """
        if self.keeps_all and not self._offset:
            return np.asarray(numbers, np.int32)
        stretch = np.maximum(np.searchsorted(self.start, numbers, "right") - 1, 0)
        shift = self.shift.astype(np.int32)[stretch]
        return np.where(numbers < 0, numbers, numbers + shift).astype(np.int32, copy=False)

    def pick(self, values: NDArray[Any]) -> NDArray[Any]:
        """(total, ...) values of the part to those that count; a view where all do."""
        if self.keeps_all:
            return values
        pairs = zip(self.start.tolist(), self.end.tolist(), strict=True)
        return np.concatenate([values[:0], *(values[a:b] for a, b in pairs)])

    def find_runs(self, first: int, end: int) -> list[tuple[int, int]]:
        """The numbers of the whole from `first` to `end` as neighbours in the part.

        There is at least one, and all of them lie in this part.
        """
        low = np.maximum(first - self.shift, self.start)
        high = np.minimum(end - self.shift, self.end)
        full = np.flatnonzero(low < high)
        low, high = low[full], high[full]
        apart = low[1:] > high[:-1]
        low, high = low[np.append(True, apart)], high[np.append(apart, True)]
        return list(zip(low.tolist(), high.tolist(), strict=True))

    @property
    def _offset(self) -> int:
        return int(self.first[0]) if len(self.first) else 0


@dataclass(frozen=True, eq=False)
class Numbering:
    """One kind of numbers over all parts; numbers of the whole are dense."""

    parts: tuple[Stretches, ...]  # p, at least one

    @cached_property
    def bound(self) -> NDArray[np.int64]:
        """(p + 1,) where the numbers of each part begin in the whole."""
        return np.concatenate(([0], np.cumsum([len(part) for part in self.parts])))

    def __len__(self) -> int:
        return int(self.bound[-1])

    def split(self, numbers: Numbers) -> Iterator["Found"]:
        """Numbers (j,) of the whole, in any order, by part."""
        for part, which in self._by_part(numbers):
            stretches, asked = self.parts[part], numbers[which]
            if len(stretches.start) == 1:
                one = np.zeros(len(asked), np.int64)
                yield Found(part, which, asked - stretches.shift[0], one)
                continue
            full = np.flatnonzero(stretches.end > stretches.start)  # an empty one holds nothing
            stretch = full[np.searchsorted(stretches.first[full], asked, "right") - 1]
            yield Found(part, which, asked - stretches.shift[stretch], stretch)

    def find(self, number: int) -> tuple[int, int]:
        """The part that a number of the whole belongs to, and its number there."""
        part = bisect_right(self._bounds, number) - 1
        stretches = self.parts[part]
        stretch = int(np.searchsorted(stretches.first, number, "right")) - 1
        return part, number - int(stretches.first[stretch]) + int(stretches.start[stretch])

    def gather(
        self, numbers: Numbers, read: Callable[["Found"], NDArray[Any]], empty: NDArray[Any]
    ) -> NDArray[Any]:
        """Values (j, ...) of numbers (j,) of the whole, read part by part.

        `empty` (0, ...) tells their type and shape.
        """
        values = np.empty((len(numbers), *empty.shape[1:]), empty.dtype)
        for found in self.split(numbers):
            values[found.which] = read(found)
        return values

    @cached_property
    def _bounds(self) -> list[int]:
        bounds: list[int] = self.bound.tolist()
        return bounds

    def _by_part(self, numbers: Numbers) -> Iterator[tuple[int, slice | NDArray[np.int64]]]:
        """Parts, and which of the numbers belong to them."""
        if len(numbers) == 0:
            return
        if bool((numbers[1:] >= numbers[:-1]).all()):
            cuts = np.searchsorted(numbers, self.bound).tolist()
            for part, (low, high) in enumerate(pairwise(cuts)):
                if high > low:
                    yield part, slice(low, high)
            return
        part_of = np.searchsorted(self.bound, numbers, "right") - 1
        for part in range(len(self.parts)):
            which = np.flatnonzero(part_of == part)
            if len(which):
                yield part, which


@dataclass(frozen=True, eq=False)
class Found:
    """Some numbers of the whole that belong to one part."""

    part: int
    which: slice | NDArray[np.int64]  # of the numbers asked for
    numbers: NDArray[np.int64]  # (j,) in the part
    stretch: NDArray[np.int64]  # (j,) of the part


def make_numbering(
    starts: Sequence[NDArray[np.int64]], ends: Sequence[NDArray[np.int64]], totals: Sequence[int]
) -> Numbering:
    """Numberings of parts one after the other, by where the living stretches begin and end."""
    parts = []
    before = 0
    for start, end, total in zip(starts, ends, totals, strict=True):
        size = end - start
        parts.append(Stretches(start, end, before + np.cumsum(size) - size, total))
        before += int(size.sum())
    return Numbering(tuple(parts))


def number_all(count: int) -> Numbering:
    """The numbers of one part, all of which count."""
    return make_numbering([np.zeros(1, np.int64)], [np.array([count])], [count])
