"""Tracks of a whole collection as arrays side by side, and which of them a box in a video means.

A box means the tracks that overlap it most at its time. Times between two boxes of a track take the
nearer one. Knows neither persons nor where tracks come from.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_OVERLAP = 0.3  # intersection over union


@dataclass(frozen=True, eq=False)
class Tracks:
    """n tracks of v videos, with m boxes in all; every track has at least one box."""

    uids: tuple[str, ...]  # (v,) public ids of the videos, each once
    videos: NDArray[np.integer]  # (n,) position in `uids`
    start_ms: Integers  # (n,)
    end_ms: Integers  # (n,) exclusive
    offsets: Integers  # (n + 1,) where the boxes of each track begin; the last is m
    times_ms: Integers  # (m,) of the boxes, ascending within a track
    boxes: NDArray[np.floating]  # (m, 4) x0, y0, x1, y1

    @cached_property
    def _order(self) -> Integers:
        """By video and start."""
        return np.lexsort((self.start_ms, self.videos))

    @cached_property
    def _first_ms(self) -> int:
        return int(min(self.start_ms.min(), self.times_ms.min()))

    @cached_property
    def _stride(self) -> int:
        """More than any two times of tracks are apart, so that (number, time) is one integer."""
        last = max(self.end_ms.max(), self.times_ms.max())
        return int(last) - self._first_ms + 2

    @cached_property
    def _starts(self) -> Integers:
        """Video and start as one integer, ascending."""
        videos, starts = self.videos[self._order], self.start_ms[self._order]
        return self._join(videos.astype(np.int64), starts)

    @cached_property
    def _samples(self) -> Integers:
        """Track and time of each box as one integer, ascending."""
        owners = np.repeat(np.arange(len(self.videos)), np.diff(self.offsets))
        return self._join(owners, self.times_ms)

    def _join(self, numbers: Integers, times_ms: Integers) -> Integers:
        inside = np.clip(times_ms - self._first_ms, 0, self._stride - 1)
        return numbers * self._stride + inside

    def find_pairs(self, uids: list[str], start_ms: Integers, end_ms: Integers) -> Integers:
        """Which of k stretches of videos share time with which tracks: (2, pairs), by stretch."""
        if not len(self.videos):
            return np.zeros((2, 0), np.int64)
        position = {uid: number for number, uid in enumerate(self.uids)}
        videos = np.array([position.get(uid, -1) for uid in uids], np.int64)
        longest = int((self.end_ms - self.start_ms).max())
        low = np.searchsorted(self._starts, self._join(videos, start_ms - longest))
        high = np.searchsorted(self._starts, self._join(videos, end_ms))
        stretches, places = expand(low, np.where(videos < 0, low, high))
        found = self._order[places]
        shares = (self.start_ms[found] < end_ms[stretches]) & (
            self.end_ms[found] > start_ms[stretches]
        )
        return np.stack((stretches[shares], found[shares]))

    def overlap(
        self, found: Integers, start_ms: Integers, end_ms: Integers, boxes: Floats
    ) -> Floats:
        """How much p tracks overlap p boxes, at best, in p stretches: (p,) in [0, 1].

        Where a track has no box in the stretch, that which is nearest to its start counts.
        """
        if not len(found):
            return np.zeros(0)
        low = np.searchsorted(self._samples, self._join(found, start_ms))
        high = np.searchsorted(self._samples, self._join(found, end_ms))
        low = np.where(high > low, low, self._nearest(found, start_ms, low))
        high = np.maximum(high, low + 1)
        pairs, samples = expand(low, high)
        each = intersection_over_union(self.boxes[samples], boxes[pairs])
        begins = np.concatenate(([0], np.cumsum(high - low)[:-1]))
        best: Floats = np.maximum.reduceat(each, begins)
        return best

    def _nearest(self, found: Integers, times_ms: Integers, above: Integers) -> Integers:
        """The box of each track that is nearest in time, `above` being the first that is later."""
        first, last = self.offsets[found], self.offsets[found + 1] - 1
        after, before = np.clip(above, first, last), np.clip(above - 1, first, last)
        is_after = abs(self.times_ms[after] - times_ms) < abs(self.times_ms[before] - times_ms)
        return np.where(is_after, after, before)


def expand(low: Integers, high: Integers) -> tuple[Integers, Integers]:
    """All numbers of k ranges in a row, and before them which range each is of."""
    counts = np.maximum(high - low, 0)
    owners = np.repeat(np.arange(len(low)), counts)
    begins = np.cumsum(counts) - counts
    return owners, np.arange(len(owners)) - begins[owners] + low[owners]


def intersection_over_union(one: NDArray[np.floating], other: NDArray[np.floating]) -> Floats:
    """Of p pairs of boxes (p, 4): (p,) in [0, 1]; 0 where both are empty."""
    sides = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    shared = np.prod(np.maximum(sides, 0.0), axis=1, dtype=np.float64)
    areas = [np.prod(each[:, 2:] - each[:, :2], axis=1, dtype=np.float64) for each in (one, other)]
    whole = areas[0] + areas[1] - shared
    result: Floats = np.divide(shared, whole, out=np.zeros_like(shared), where=whole > 0)
    return result
