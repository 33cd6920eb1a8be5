"""Lasting changes of the picture inside a shot: dissolves, fades, and cuts that were not found.

Knows nothing of pixels beyond a coarse grid: of two pictures with alike colours at alike places it
cannot tell one from the other. Knows nothing of what moves: something large that comes quickly and
stays for a while is a change too.

The rule. Eight times a second a glimpse is kept: the mean colours of an 8 x 5 grid. Their distance
is the mean absolute difference, of 255. A change lies between two sides of 6 glimpses each with g
glimpses across, 0 <= g <= 8. Let d be the distance of the sides' means. A side's unrest is the
distance from its first glimpse to its last, or twice the mean distance of its glimpses from their
mean, whichever is more; u = (mean unrest of both sides) * (6 + g) / 5 is how far the picture would
have come if it had gone on across as it goes inside the sides: pans and noise have d near u. It is
a change if d >= 12 and d >= 1.5 * (u + 2), and if half of the grid's cells differ by 6 or more:
what is small and comes or goes leaves most of the picture as it was. Where several overlap the one
with the highest d / (u + 2) is taken; between two changes lie at least 6 glimpses. Two changes
between which half of the glimpses or more are black are one.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import cv2
import numpy as np
from numpy.typing import NDArray

STEP_MS = 125
GRID = (8, 5)  # columns, rows
SIDE, ACROSS = 6, 8  # glimpses
LEAST, RATIO, FLOOR = 12.0, 1.5, 2.0
LEAST_MEDIAN = 6.0  # of the cells' distances
SPREADS = 2.0  # mean distances from the mean
BLACK_LEVEL = 40  # of 255: black is a picture with mean + 2 standard deviations below this
ROWS = 40  # of the sample, or up to twice as many: all of them say the same and take longer


@dataclass(frozen=True)
class Change:
    """The picture is another one for good; strictly between the two times it is neither."""

    start_ms: int  # the last glimpse before it
    end_ms: int  # the first one after it

    @property
    def middle_ms(self) -> int:
        """Where one picture gives way to the other, rounded up: after `start_ms`."""
        return (self.start_ms + self.end_ms + 1) // 2


class Glimpses:
    """Takes every frame, in order, and gives the changes of each shot when it ends."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, bytes]] = deque()
        self._due_ms = -(1 << 62)

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> None:
        """Take the next frame's small BGR picture (h, w, 3)."""
        if time_ms < self._due_ms:
            return
        self._due_ms = time_ms - time_ms % STEP_MS + STEP_MS
        some_rows = sample[:: max(1, len(sample) // ROWS)]
        grid = cv2.resize(some_rows, GRID, interpolation=cv2.INTER_AREA)
        self._seen.append((time_ms, grid.tobytes()))

    def take(self, end_ms: int) -> list[Change]:
        """End the shot at this time; its changes in order."""
        mine = list(takewhile(lambda each: each[0] < end_ms, self._seen))
        for _ in mine:
            self._seen.popleft()
        glimpses = np.frombuffer(b"".join(grid for _, grid in mine), np.uint8)
        spans = find_changes(glimpses.reshape(-1, GRID[0] * GRID[1] * 3))
        return [Change(mine[before][0], mine[after][0]) for before, after in spans]


def find_changes(glimpses: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """The changes by the rule above: the last glimpse before each and the first one after it.

    Args:
        glimpses: (n, values), in order of time; three values are a cell.
    """
    if len(glimpses) < 2 * SIDE:
        return []
    score, first, across = _find_possible(glimpses.astype(np.float32))
    starts, ends = first + SIDE, first + SIDE + across
    found = []
    while len(score):
        best = score.argmax()
        start, end = int(starts[best]), int(ends[best])
        found.append((start - 1, end))
        apart = (starts - SIDE >= end) | (ends + SIDE <= start)
        score, starts, ends = score[apart], starts[apart], ends[apart]
    is_black = glimpses.mean(axis=1) + 2 * glimpses.std(axis=1) < BLACK_LEVEL
    return _join_over_black(sorted(found), is_black)


def _join_over_black(
    changes: Sequence[tuple[int, int]], is_black: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """The changes into black and out of it as one."""
    joined: list[tuple[int, int]] = []
    for start, end in changes:
        if joined and is_black[joined[-1][1] : start + 1].mean() >= 0.5:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _find_possible(
    glimpses: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.intp], NDArray[np.intp]]:
    """Every change that is one, each (k,): its score, first glimpse before, how many across."""
    score, first, across = [], [], []
    for gap, difference, unrest in _compare_sides(glimpses):
        distance = difference.mean(axis=1)
        moved = unrest * (SIDE + gap) / (SIDE - 1) + FLOOR
        (at,) = np.nonzero((distance >= LEAST) & (distance >= RATIO * moved))
        cells = difference[at].reshape(len(at), difference.shape[1] // 3, 3).mean(axis=2)
        at = at[np.median(cells, axis=1) >= LEAST_MEDIAN]
        score.append(distance[at] / moved[at])
        first.append(at)
        across.append(np.full(len(at), gap))
    return np.concatenate(score), np.concatenate(first), np.concatenate(across)


def _compare_sides(
    glimpses: NDArray[np.float32],
) -> Iterator[tuple[int, NDArray[np.float32], NDArray[np.float32]]]:
    """For each number across: how the sides' means differ (m, values), their mean unrest (m,)."""
    count = len(glimpses) - SIDE + 1
    parts = [glimpses[late : late + count] for late in range(SIDE)]
    means = np.mean(parts, axis=0)  # (count, values)
    spread = np.mean([_distance(part, means) for part in parts], axis=0)
    unrest = np.maximum(_distance(parts[-1], parts[0]), SPREADS * spread)  # (count,)
    for gap in range(min(ACROSS, count - SIDE - 1) + 1):
        later = SIDE + gap
        yield gap, np.abs(means[later:] - means[:-later]), (unrest[later:] + unrest[:-later]) / 2


def _distance(one: NDArray[np.float32], two: NDArray[np.float32]) -> NDArray[np.float32]:
    distance: NDArray[np.float32] = np.abs(one - two).mean(axis=1)
    return distance
