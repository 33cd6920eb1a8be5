"""Which face track of a generation is meant by what somebody said of a place in a video.

Only the boxes of tracks that are seen at a moment that was spoken of are looked at: a few of
millions. Knows no clusters, no names.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.people.person import Anchor
from indexer.people.resolving import NOBODY, find_meant
from indexer.people.tracks import Tracks
from search.boxes import find_borders
from search.layout import Indexes, expand

if TYPE_CHECKING:
    from indexer.generations.generation import Generation
    from indexer.generations.track_table import TrackTable

FACE = "face"  # the kind of tracks that show who somebody is


def find_meant_faces(anchors: Sequence[Anchor], generation: "Generation") -> Indexes:
    """The face track that each of k anchors means: (k,) its number, NOBODY for none."""
    moments: dict[str, list[int]] = {}
    for anchor in anchors:
        moments.setdefault(anchor.place.video, []).append(anchor.place.time_ms)
    known = [
        (number, moments[uid]) for number, uid in enumerate(generation.videos.uid) if uid in moments
    ]
    numbers = _find_seen(known, generation.tracks)
    if not len(numbers):
        return np.full(len(anchors), NOBODY)
    meant = find_meant(anchors, _read_tracks(numbers, generation))
    return np.where(meant == NOBODY, NOBODY, numbers[meant])


def _find_seen(moments: Sequence[tuple[int, list[int]]], table: "TrackTable") -> Indexes:
    """The face tracks that are seen at some moment of some videos (ascending): their numbers."""
    videos = np.array([video for video, _ in moments], np.int64)
    of_video, numbers = _expand_spans(table.video, videos, videos + 1)
    if not len(numbers):
        return numbers
    start_ms, end_ms = (each[numbers].astype(np.int64) for each in (table.start_ms, table.end_ms))
    first, last = int(start_ms.min()) - 1, int(end_ms.max())  # moments beyond count as these
    step = last - first + 1
    times = np.concatenate([np.clip(np.array(each), first, last) for _, each in moments])
    at = np.repeat(np.arange(len(moments)), [len(each) for _, each in moments]) * step
    at = np.sort(at + times - first)
    begin, end = (of_video * step + each - first for each in (start_ms, end_ms))
    seen = np.searchsorted(at, begin) < np.searchsorted(at, end)
    return numbers[seen & np.isin(table.kind_numbers[numbers], _kind_numbers(table.kinds()))]


def _read_tracks(numbers: Indexes, generation: "Generation") -> Tracks:
    """Some face tracks (ascending) with their boxes."""
    table, boxes = generation.tracks, generation.tracks.boxes_of(FACE)
    first_shot, videos = generation.videos.first_shot, np.unique(table.video[numbers])
    _, places = _expand_spans(boxes.shot, first_shot[videos], first_shot[videos + 1])
    wanted = np.zeros(len(table), np.bool_)
    wanted[numbers] = True
    track = boxes.track[places]
    is_wanted = wanted[track]
    places, track = places[is_wanted], track[is_wanted]
    order = np.argsort(track, kind="stable")
    offsets = np.append(np.searchsorted(track[order], numbers.astype(track.dtype)), len(order))
    return Tracks(
        uids=tuple(generation.videos.uid[video] for video in videos.tolist()),
        videos=np.searchsorted(videos, table.video[numbers]),
        start_ms=table.start_ms[numbers].astype(np.int64),
        end_ms=table.end_ms[numbers].astype(np.int64),
        offsets=offsets,
        times_ms=boxes.time_ms[places[order]].astype(np.int64),
        boxes=boxes.box[places[order]],
    )


def _kind_numbers(kinds: Sequence[str]) -> list[int]:
    return [kinds.index(FACE)] if FACE in kinds else []


def _expand_spans(
    values: NDArray[np.int32], first: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[Indexes, Indexes]:
    """The places of ascending values in [first, end), span by span, and the span of each."""
    return expand(find_borders(values, first), find_borders(values, end))
