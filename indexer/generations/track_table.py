"""Who and what was followed: the boxes of each kind in order of time, and their tracks.

Tracks are numbered in order of (video, shot, start). Shots and videos are indexes into the tables
of the generation. Columns lie as they are read where a generation has one part and nothing in it is
dead; else they are put together when they are first asked for, and kept: 32 bytes for a box. Knows
nothing of detectors, persons, queries.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.parted_columns import join_columns
from indexer.generations.stretches import Numbering, Stretches
from indexer.generations.strings import unpack_string, unpack_strings

NO_TRACK = -1
NO_CLUSTER = -1


@dataclass(frozen=True, eq=False)
class TrackBoxes:
    """Boxes of one kind, ascending by (shot, time)."""

    shot: NDArray[np.int32]  # (n,)
    time_ms: NDArray[np.int32]  # (n,) beyond 24 days: 24 days
    box: NDArray[np.float32]  # (n, 4) x0, y0, x1, y1, fractions of width and height
    score: NDArray[np.float32]  # (n,) the detector's
    track: NDArray[np.int32]  # (n,)

    def __len__(self) -> int:
        return len(self.shot)

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """All of them, in the order of the fields."""
        return self.shot, self.time_ms, self.box, self.score, self.track


@dataclass(frozen=True, eq=False)
class PartTracks:
    """The tracks of one part, with its own numbers of videos, shots, tracks."""

    kinds: tuple[str, ...]  # sorted
    clusters: tuple[str, ...]  # sorted
    video: NDArray[np.int32]  # (t,) ascending
    shot: NDArray[np.int32]  # (t,) ascending: that of the first box
    start_ms: NDArray[np.int32]  # (t,)
    end_ms: NDArray[np.int32]  # (t,)
    kind: NDArray[np.int32]  # (t,) index into the kinds
    cluster: NDArray[np.int32]  # (t,) index into the clusters, or NO_CLUSTER
    id_data: NDArray[np.uint8]
    id_first: NDArray[np.int64]  # (t + 1,)
    first_box: NDArray[np.int64]  # (k + 1,) where the boxes of each kind begin
    boxes: TrackBoxes  # of all kinds, one after the other

    def __len__(self) -> int:
        return len(self.video)

    def boxes_of(self, kind: str) -> TrackBoxes:
        """The boxes of one kind, as they lie; none where it is unknown."""
        known = kind in self.kinds
        number = self.kinds.index(kind) if known else 0
        group = slice(*self.first_box[number : number + 2].tolist()) if known else slice(0, 0)
        return TrackBoxes(*(column[group] for column in self.boxes.columns))

    def number_ids(self, video: int) -> dict[str, int]:
        """The tracks of one video by their ids; where two have one id, the first number."""
        first, end = np.searchsorted(self.video, np.array((video, video + 1), np.int32)).tolist()
        ids = unpack_strings(self.id_data, self.id_first[first : end + 1])
        return dict(zip(reversed(ids), range(end - 1, first - 1, -1), strict=True))

    def get_id(self, number: int) -> str:
        """The id of one track."""
        return unpack_string(self.id_data, self.id_first, number)


class TrackTable:
    """The living tracks of all parts; safe to share between threads."""

    def __init__(
        self, parts: Sequence[PartTracks], videos: Numbering, shots: Numbering, tracks: Numbering
    ) -> None:
        self._parts = tuple(parts)
        self._videos, self._shots, self._tracks = videos, shots, tracks
        self._boxes: dict[str, TrackBoxes] = {}

    def __len__(self) -> int:
        """How many tracks: t."""
        return len(self._tracks)

    def kinds(self) -> tuple[str, ...]:
        """What is followed, sorted."""
        return self._kinds[0]

    @property
    def kind_numbers(self) -> NDArray[np.int32]:
        """(t,) the kind of each track: an index into `kinds()`."""
        return self._kinds[1]

    def clusters(self) -> tuple[str, ...]:
        """The ids of the clusters that tracks are in, sorted."""
        return self._clusters[0]

    @property
    def cluster(self) -> NDArray[np.int32]:
        """(t,) the cluster of each track: an index into `clusters()`, or NO_CLUSTER."""
        return self._clusters[1]

    @cached_property
    def video(self) -> NDArray[np.int32]:
        """(t,) the video of each track, ascending."""
        return self._moved("video", self._videos)

    @cached_property
    def shot(self) -> NDArray[np.int32]:
        """(t,) the shot in which each track begins, ascending."""
        return self._moved("shot", self._shots)

    @cached_property
    def start_ms(self) -> NDArray[np.int32]:
        """(t,) when each begins."""
        return _joined(self._picked("start_ms"))

    @cached_property
    def end_ms(self) -> NDArray[np.int32]:
        """(t,) when each ends, exclusive."""
        return _joined(self._picked("end_ms"))

    def of_kind(self, kind: str) -> NDArray[np.int64]:
        """(k,) the tracks of one kind, ascending; none where it is unknown."""
        if kind not in self.kinds():
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.kind_numbers == self.kinds().index(kind))

    def boxes_of(self, kind: str) -> TrackBoxes:
        """The boxes of one kind; none where it is unknown."""
        kept = self._boxes.get(kind)
        if kept is None:
            kept = self._boxes[kind] = self._join_boxes(kind)
        return kept

    def by_track(self, kind: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The boxes of one kind track by track.

        Returns:
            (k,) the tracks, ascending; (k + 1,) where the boxes of each begin; (n,) their places in
            `boxes_of(kind)`, times ascending inside a track.
        """
        numbers, track = self.of_kind(kind), self.boxes_of(kind).track
        places = np.argsort(track, kind="stable")
        offsets = np.append(np.searchsorted(track[places], numbers.astype(np.int32)), len(track))
        return numbers, offsets, places

    def ids(self, numbers: NDArray[np.integer[Any]]) -> list[str]:
        """(k,) numbers of tracks to their ids: unique in a video, not beyond."""
        texts = [""] * len(numbers)
        everywhere = np.arange(len(numbers))
        for found in self._tracks.split(numbers):
            part = self._parts[found.part]
            places = everywhere[found.which].tolist()
            for place, number in zip(places, found.numbers.tolist(), strict=True):
                texts[place] = part.get_id(number)
        return texts

    def numbers(self, video: int, ids: Sequence[str]) -> NDArray[np.int64]:
        """The tracks (k,) of one video by their ids; NO_TRACK where it has none such."""
        part, own = self._videos.find(video)
        known = self._parts[part].number_ids(own)
        found = np.array([known.get(id_, NO_TRACK) for id_ in ids], np.int64)
        return self._tracks.parts[part].move(found).astype(np.int64)

    @cached_property
    def _kinds(self) -> tuple[tuple[str, ...], NDArray[np.int32]]:
        return _merge_names([part.kinds for part in self._parts], self._picked("kind"))

    @cached_property
    def _clusters(self) -> tuple[tuple[str, ...], NDArray[np.int32]]:
        return _merge_names([part.clusters for part in self._parts], self._picked("cluster"))

    def _join_boxes(self, kind: str) -> TrackBoxes:
        pairs = zip(self._parts, self._shots.parts, self._tracks.parts, strict=True)
        living = (_cut(part.boxes_of(kind), shots, own) for part, shots, own in pairs)
        pieces = [piece for part in living for piece in part]
        if not pieces:
            return no_tracks().boxes
        columns = join_columns([piece.boxes.columns for piece in pieces])
        shift = np.array([(each.shot_shift, each.track_shift) for each in pieces], np.int32)
        if shift.any():
            moved = np.repeat(shift, [len(piece.boxes) for piece in pieces], axis=0)
            columns[0], columns[4] = columns[0] + moved[:, 0], columns[4] + moved[:, 1]
        return TrackBoxes(*columns)

    def _moved(self, name: str, numbering: Numbering) -> NDArray[np.int32]:
        """A column of numbers of videos or shots."""
        pairs = zip(numbering.parts, self._picked(name), strict=True)
        return _joined([living.move(column) for living, column in pairs])

    def _picked(self, name: str) -> list[NDArray[np.int32]]:
        """A column of the living tracks, part by part."""
        pairs = zip(self._tracks.parts, self._parts, strict=True)
        return [living.pick(getattr(part, name)) for living, part in pairs]


def no_tracks() -> PartTracks:
    """Of a part in which nothing was followed."""
    none, first = np.zeros(0, np.int32), np.zeros(1, np.int64)
    empty = np.zeros(0, np.float32)
    boxes = TrackBoxes(none, none, empty.reshape(0, 4), empty, none)
    return PartTracks(
        (), (), none, none, none, none, none, none, np.zeros(0, np.uint8), first, first, boxes
    )


@dataclass(frozen=True, eq=False)
class _Piece:
    """Boxes of neighbouring videos, and what is added to their numbers."""

    boxes: TrackBoxes
    shot_shift: int
    track_shift: int


def _cut(held: TrackBoxes, shots: Stretches, tracks: Stretches) -> Iterator[_Piece]:
    """The living boxes of one part; its stretches of shots and of tracks are of the same videos."""
    edges = (each.tolist() for each in shots.find_members(held.shot))
    shifts = (each.shift.tolist() for each in (shots, tracks))
    for low, high, *shift in zip(*edges, *shifts, strict=True):
        if high > low:
            yield _Piece(TrackBoxes(*(each[low:high] for each in held.columns)), *shift)


def _joined(columns: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    (whole,) = join_columns([(column,) for column in columns])
    return whole


def _merge_names(
    names: Sequence[Sequence[str]], numbers: Sequence[NDArray[np.int32]]
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The names of several parts that occur, sorted, and columns of their numbers as one.

    A number below 0 names nothing, and stays.
    """
    occurring: set[str] = set()
    for known, column in zip(names, numbers, strict=True):
        counts = np.bincount(column[column >= 0], minlength=len(known))
        occurring.update(name for name, count in zip(known, counts.tolist(), strict=True) if count)
    merged = tuple(sorted(occurring))
    place = {name: number for number, name in enumerate(merged)}
    places = [np.array([*(place.get(name, -1) for name in each), -1], np.int32) for each in names]
    return merged, _joined([each[column] for each, column in zip(places, numbers, strict=True)])
