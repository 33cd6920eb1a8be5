"""Which track a finding speaks of, and which moment.

A finding names its track by an id; where two analyzers use one id in a video, the track that begins
first is meant. It has a span and a box: meant is the moment at which the track's box is like it.
Without a track it is that of the keyframe in the span. Knows nothing of what findings say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.layout import Layout
from indexer.generations.track_table import NO_TRACK, PartTracks

MOST_MS = 2**31 - 1  # 24 days
SPAN = 2**33  # more than two such times are apart


@dataclass(frozen=True, eq=False)
class Moments:
    """Where and of what k findings speak."""

    shot: NDArray[np.int64]  # (k,) -1 in a video without shots
    time_ms: NDArray[np.int32]  # (k,)
    track: NDArray[np.int32]  # (k,) or NO_TRACK


class Followed:
    """The tracks of a part that is being written."""

    def __init__(self, layout: Layout, tracks: PartTracks) -> None:
        self._layout = layout
        self._tracks = tracks

    def __len__(self) -> int:
        """How many tracks there are."""
        return len(self._tracks)

    def find_numbers(
        self, video: NDArray[np.integer[Any]], ids: Sequence[str | None]
    ) -> NDArray[np.int32]:
        """The tracks (k,) of these ids in videos (k,) that ascend; NO_TRACK where there is none."""
        numbers = np.full(len(video), NO_TRACK, np.int32)
        if not len(ids) or not len(self._tracks):
            return numbers
        begins = np.flatnonzero(np.diff(video, prepend=-1)).tolist()
        for begin, end in zip(begins, [*begins[1:], len(video)], strict=True):
            named = ids[begin:end]
            if any(id_ is not None for id_ in named):
                known = self._tracks.number_ids(int(video[begin]))
                numbers[begin:end] = [known.get(id_ or "", NO_TRACK) for id_ in named]
        return numbers

    def find_moments(
        self,
        video: NDArray[np.integer[Any]],
        span_ms: tuple[NDArray[np.int64], NDArray[np.int64]],
        box: NDArray[np.float32],
        ids: Sequence[str | None],
    ) -> Moments:
        """Which moment each of k findings means.

        Of the moments of its track in its span that at which the track's box is most like its own,
        and nearest to the middle of the span where several are. Else that of the keyframe in the
        span that is nearest to the middle, or the middle.

        Args:
            video: (k,) ascending.
            span_ms: starts and ends (k,).
            box: (k, 4), NaN for none.
            ids: k, or none at all.
        """
        track = self.find_numbers(video, ids)
        time_ms = self._keyframe_times(video, *span_ms)
        has_track = np.flatnonzero(track != NO_TRACK)
        which, times = self._track_times(
            track[has_track], tuple(each[has_track] for each in span_ms), box[has_track]
        )
        time_ms[has_track[which]] = times
        return Moments(self._layout.shots_at(video, time_ms), narrow_ms(time_ms), track)

    def _keyframe_times(
        self, video: NDArray[Any], start_ms: NDArray[np.int64], end_ms: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        middle = start_ms + (end_ms - start_ms) // 2
        times = middle.copy()
        cut = np.flatnonzero(self._layout.shots_at(video, middle) >= 0)
        near = self._layout.row_ms[self._layout.nearest_rows(video[cut], middle[cut])]
        inside = (start_ms[cut] <= near) & (near < end_ms[cut])
        times[cut[inside]] = near[inside]
        return times

    def _track_times(
        self,
        track: NDArray[np.int32],
        span_ms: tuple[NDArray[np.int64], ...],
        box: NDArray[np.float32],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Of k findings those whose track is seen in their span, and when it is meant."""
        if not len(track):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        start_ms, end_ms = span_ms
        keys, places = self._samples_between(int(track.min()), int(track.max()))
        low = np.searchsorted(keys, _keys(track, start_ms))
        high = np.maximum(np.searchsorted(keys, _keys(track, end_ms)), low)
        which = np.repeat(np.arange(len(track)), high - low)
        before = np.cumsum(high - low) - (high - low)
        place = places[np.arange(len(which)) + (low - before)[which]]
        times = self._tracks.boxes.time_ms[place].astype(np.int64)
        unlike = np.abs(self._tracks.boxes.box[place] - box[which]).sum(axis=1)
        middle = start_ms + (end_ms - start_ms) // 2
        order = np.lexsort((np.abs(times - middle[which]), np.nan_to_num(unlike), which))
        best = order[np.flatnonzero(np.diff(which[order], prepend=-1))]
        return which[best], times[best]

    def _samples_between(
        self, first: int, last: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The boxes of tracks from `first` to `last`: ascending keys, and their places."""
        tracks = self._tracks
        begin = self._layout.first_shot[tracks.video[first]]
        end = self._layout.first_shot[tracks.video[last] + 1]
        groups = []
        for low, high in zip(
            tracks.first_box[:-1].tolist(), tracks.first_box[1:].tolist(), strict=True
        ):
            shot = tracks.boxes.shot[low:high]
            edges = np.searchsorted(shot, np.array((begin, end), np.int32)) + low
            groups.append(np.arange(*edges))
        places = np.concatenate(groups)
        keys = _keys(tracks.boxes.track[places], tracks.boxes.time_ms[places])
        order = np.argsort(keys, kind="stable")
        return keys[order], places[order]


def narrow_ms(time_ms: NDArray[Any]) -> NDArray[np.int32]:
    """Times (k,) in 32 bits; those beyond 24 days become 24 days."""
    return np.asarray(np.clip(time_ms, -MOST_MS, MOST_MS), np.int32)


def _keys(track: NDArray[np.int32], time_ms: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Numbers (k,) that ascend with (track, time)."""
    inside = np.clip(time_ms.astype(np.int64), -MOST_MS, MOST_MS)
    return track.astype(np.int64) * SPAN + inside
