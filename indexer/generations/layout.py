"""Times to shots and rows: which shots an interval overlaps, which keyframe a time belongs to.

All questions are asked for many videos at once: (video, ms) becomes one ascending number, so that
one binary search over the whole collection answers.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.content import ContentBroken, KeyframeColumns, ShotColumns

HALF = 1 << 40  # ms; times beyond are clipped (35 years)
MOST_VIDEOS = 1 << 22  # of one part; with more, the keys would not fit in 64 bits


class Layout:
    """The shots and rows of a generation, side by side and in order."""

    def __init__(self, shots: ShotColumns, keyframes: KeyframeColumns, videos: int) -> None:
        """A shot without a keyframe gets one row, at its start.

        Raises ContentBroken where there are more than MOST_VIDEOS.
        """
        if videos > MOST_VIDEOS:
            raise ContentBroken(f"{videos:,} videos: search files hold {MOST_VIDEOS:,} at most")
        self.shot_start = _keys(shots.video, shots.start_ms)  # (s,)
        self.shot_end = _keys(shots.video, shots.end_ms)  # (s,)
        self.first_shot = np.searchsorted(shots.video, np.arange(videos + 1))  # (v + 1,)
        cut = np.diff(self.first_shot)[keyframes.video] > 0  # what has no shots has no rows
        row = np.sort(_keys(keyframes.video[cut], keyframes.time_ms[cut]))
        bare = self._shots_without(row)
        self.row = np.sort(np.concatenate((row, self.shot_start[bare])))  # (n,)
        self.row_video = (self.row // (2 * HALF)).astype(np.int32)  # (n,)
        self.row_ms = self.row % (2 * HALF) - HALF  # (n,)
        self.row_shot = self._shot_of(self.row).astype(np.int32)  # (n,) ascending
        self.first_row = np.searchsorted(self.row_shot, np.arange(len(self.shot_start) + 1))

    def _shots_without(self, row: NDArray[np.int64]) -> NDArray[np.int64]:
        """The shots that none of these rows lies in."""
        return np.setdiff1d(np.arange(len(self.shot_start)), self._shot_of(row))

    def _shot_of(self, key: NDArray[np.int64]) -> NDArray[np.int64]:
        """(k,) times to the shots that hold them: the last that begins before, else the first."""
        video = key // (2 * HALF)
        shot = np.searchsorted(self.shot_start, key, "right") - 1
        return np.clip(shot, self.first_shot[video], self.first_shot[video + 1] - 1)

    def shots_at(self, video: NDArray[Any], time_ms: NDArray[Any]) -> NDArray[np.int64]:
        """(k,) moments to the shots (k,) that hold them, -1 in a video without shots.

        Of a moment between two shots it is the earlier, of one before the first it is the first.
        """
        is_cut = self.first_shot[video + 1] > self.first_shot[video]
        return np.where(is_cut, self._shot_of(_keys(video, time_ms)), -1)

    def overlapping(
        self, video: NDArray[Any], start_ms: NDArray[Any], end_ms: NDArray[Any]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(k,) intervals to the first and last shot (k,) that each overlaps.

        The last is smaller than the first where an interval overlaps none. An empty interval is
        taken as the moment at its start.
        """
        start, end = _interval(video, start_ms, end_ms)
        first = np.searchsorted(self.shot_end, start, "right")
        return first, np.searchsorted(self.shot_start, end, "left") - 1

    def rows_inside(
        self, video: NDArray[Any], start_ms: NDArray[Any], end_ms: NDArray[Any]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(k,) intervals to the rows from first (k,) up to, not including, last (k,)."""
        start, end = _interval(video, start_ms, end_ms)
        return np.searchsorted(self.row, start), np.searchsorted(self.row, end)

    def nearest_rows(self, video: NDArray[Any], time_ms: NDArray[Any]) -> NDArray[np.int64]:
        """(k,) times to rows (k,): the nearest in the shot of that time, the earlier of two."""
        key = _keys(video, time_ms)
        shot = self._shot_of(key)
        low, high = self.first_row[shot], self.first_row[shot + 1] - 1
        later = np.searchsorted(self.row, key)
        before, after = np.clip(later - 1, low, high), np.clip(later, low, high)
        return np.where(abs(key - self.row[before]) <= abs(self.row[after] - key), before, after)


def _interval(
    video: NDArray[Any], start_ms: NDArray[Any], end_ms: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return _keys(video, start_ms), _keys(video, np.maximum(end_ms, start_ms + 1))


def _keys(video: NDArray[Any], time_ms: NDArray[Any]) -> NDArray[np.int64]:
    """Numbers that ascend with (video, time), for videos below MOST_VIDEOS."""
    clipped: NDArray[np.int64] = np.clip(time_ms, -HALF, HALF - 1).astype(np.int64)
    return video.astype(np.int64) * (2 * HALF) + clipped + HALF
