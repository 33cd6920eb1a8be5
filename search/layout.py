"""Arithmetic between the rows, shots and videos of one generation. Knows no query."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.generations.generation import Generation

Indexes = NDArray[np.int64]
Value = TypeVar("Value", bound=np.generic)
EARLY_MS = 2000  # so long before its first shot a video is taken to show that shot already


def expand(first: Indexes, end: Indexes) -> tuple[Indexes, Indexes]:
    """All positions of half-open spans, one after the other, and the span each belongs to.

    Args:
        first: (k,) where the spans begin.
        end: (k,) where they end; a span that ends before it begins is empty.

    Returns:
        Two arrays of the spans' total length: the number of the span, and the position.
    """
    sizes = np.maximum(end - first, 0)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    before = np.cumsum(sizes) - sizes
    return owner, np.arange(len(owner)) + np.repeat(first - before, sizes)


class Layout:
    """Where rows, shots and videos of one generation lie; made once, shared by all queries."""

    def __init__(self, generation: Generation) -> None:
        self.videos, self.shots, self.rows = (
            generation.videos,
            generation.shots,
            generation.rows,
        )
        self.n = len(self.rows)
        latest = int(self.shots.end_ms.max(initial=0))
        self._video_ms = latest + 1  # more than any time inside a video
        self._row_keys = self.rows.video.astype(np.int64) * self._video_ms + self.rows.time_ms

    def none(self) -> NDArray[np.bool_]:
        """(n,) all False."""
        return np.zeros(self.n, bool)

    def all(self) -> NDArray[np.bool_]:
        """(n,) all True."""
        return np.ones(self.n, bool)

    def nowhere(self) -> NDArray[np.uint8]:
        """(n,) all 0: no evidence at any row."""
        return np.zeros(self.n, np.uint8)

    def spread(self, values: NDArray[Value]) -> NDArray[Value]:
        """Values of shots (s,) to their rows (n,)."""
        return values[self.rows.shot]

    def any_of_shots(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n,) to (s,): whether any row of the shot is true."""
        found = np.zeros(len(self.shots), bool)
        found[self.rows.shot[mask]] = True  # far faster than logical_or.reduceat
        return found

    def best_of_shots(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) to (s,): the largest value among the rows of the shot."""
        return np.maximum.reduceat(values, self.shots.first_row[:-1])

    def row_spans(
        self, video: NDArray[np.int32], start_ms: Indexes, end_ms: Indexes
    ) -> tuple[Indexes, Indexes]:
        """(k,) stretches of videos to the half-open spans of rows whose time lies in them."""
        base = video.astype(np.int64) * self._video_ms
        starts = base + np.clip(start_ms, 0, self._video_ms - 1)
        ends = base + np.clip(end_ms, 0, self._video_ms - 1)
        return np.searchsorted(self._row_keys, starts), np.searchsorted(self._row_keys, ends)

    def shot_at(self, video: int, time_ms: int) -> int | None:
        """The shot of a video that is shown at a time; None where the video does not run.

        Shortly before the first shot begins, that is the first.
        """
        runs = self.span_of(video)
        if runs is None or not runs[0] - EARLY_MS <= time_ms < runs[1]:
            return None
        first, end = self.videos.first_shot[video], self.videos.first_shot[video + 1]
        after = np.searchsorted(self.shots.start_ms[first:end], time_ms, side="right")
        return int(first + max(after - 1, 0))

    def span_of(self, video: int) -> tuple[int, int] | None:
        """When a video begins and ends (exclusive), in ms; None without shots."""
        first, end = self.videos.first_shot[video], self.videos.first_shot[video + 1]
        if first == end:
            return None
        return int(self.shots.start_ms[first]), int(self.shots.end_ms[end - 1])

    def rows_of_shot(self, shot: int) -> Indexes:
        """The rows of one shot, in order of time."""
        return np.arange(self.shots.first_row[shot], self.shots.first_row[shot + 1])

    def shot_id(self, shot: int) -> str:
        """The public name of a shot: `VIDEO_ID@START_MS`."""
        return f"{self.videos.uid[self.shots.video[shot]]}@{self.shots.start_ms[shot]}"
