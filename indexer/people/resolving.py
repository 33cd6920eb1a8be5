"""Who is on which track: anchors mapped to clusters, and tombstones to tracks.

Pure functions of what searchers said and of one clustering; the numbers of clusters mean nothing
but which tracks are together. So names, merges and splits outlive every new clustering.
Knows no database, no vectors, no names.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.people.person import Anchor, Span
from indexer.people.tracks import LEAST_OVERLAP, Flags, Integers, Tracks

NOBODY = -1
NO_CLUSTER = -1


@dataclass(frozen=True, eq=False)
class TrackClusters:
    """n tracks with the number of the cluster of each."""

    tracks: Tracks
    numbers: NDArray[np.integer]  # (n,) counted from 0, -1 for a track that is in no cluster


@dataclass(frozen=True, eq=False)
class PersonMapping:
    """Which person each track shows."""

    persons: tuple[str, ...]  # (p,) ids of the persons that were spoken of, ascending
    tracks: NDArray[np.int32]  # (n,) position in `persons`, -1 for nobody
    contested: NDArray[np.int64]  # numbers of clusters that several persons claim alike, ascending
    astray: NDArray[np.int64]  # positions of the anchors that mean no track, ascending

    def find_tracks(self, person: str) -> Integers:
        """The positions of the tracks of a person, ascending; none where nothing was said."""
        if person not in self.persons:
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.tracks == self.persons.index(person))


def resolve_persons(anchors: Sequence[Anchor], clusters: TrackClusters) -> PersonMapping:
    """Say which person each track shows.

    An anchor means the track that holds its time and overlaps its box most, by 0.3 at least (of
    several alike the first). What was said last of a track and a person stands, "no" before "yes"
    at the same moment. A track that is said to be of several persons is of the one said last, of
    nobody where they were said at once. These tracks go to their persons. The rest of a cluster
    goes to the person with most such tracks in it; to nobody if two have as many, then the cluster
    is named in `contested`. A "no" keeps a track out of a person, whatever its cluster.
    """
    return assign_persons(anchors, find_meant(anchors, clusters.tracks), clusters.numbers)


def assign_persons(
    anchors: Sequence[Anchor], meant: Integers, numbers: NDArray[np.integer]
) -> PersonMapping:
    """The same, where it is known which track each of k anchors means (k,), NOBODY for none.

    Args:
        anchors: k of them.
        meant: (k,) what `find_meant` says.
        numbers: (n,) the cluster of each track, counted from 0, or NO_CLUSTER.
    """
    persons = tuple(sorted({anchor.person for anchor in anchors}))
    said = _latest(anchors, meant, persons)
    hit, owner = _owners(said)
    tracks, contested = _majority(hit, owner, numbers)
    tracks[hit] = owner
    denied_track, denied_person = said[:2, said[2] == 0]
    is_denied = tracks[denied_track] == denied_person
    tracks[denied_track[is_denied]] = NOBODY
    return PersonMapping(persons, tracks, contested, np.flatnonzero(meant == NOBODY))


def find_forgotten(spans: Sequence[Span], tracks: Tracks) -> Flags:
    """Which of n tracks lie under a tombstone, and may not be kept: (n,).

    Those that share time with one and overlap its box by 0.3 at least at some moment of it. Better
    one too many than one too few: somebody who passes through the box goes too.
    """
    forgotten = np.zeros(len(tracks.videos), np.bool_)
    start_ms, end_ms = (
        np.array([getattr(span, name) for span in spans], np.int64)
        for name in ("start_ms", "end_ms")
    )
    boxes = np.array([span.box for span in spans], np.float64).reshape(-1, 4)
    which, found = tracks.find_pairs([span.video for span in spans], start_ms, end_ms)
    overlap = tracks.overlap(found, start_ms[which], end_ms[which], boxes[which])
    forgotten[found[overlap >= LEAST_OVERLAP]] = True
    return forgotten


def find_meant(anchors: Sequence[Anchor], tracks: Tracks) -> Integers:
    """The track that each of k anchors means: (k,), NOBODY for none."""
    met = np.full(len(anchors), NOBODY, np.int64)
    places = [anchor.place for anchor in anchors]
    times_ms = np.array([place.time_ms for place in places], np.int64)
    boxes = np.array([place.box for place in places], np.float64).reshape(-1, 4)
    which, found = tracks.find_pairs([place.video for place in places], times_ms, times_ms + 1)
    overlap = tracks.overlap(found, times_ms[which], times_ms[which] + 1, boxes[which])
    order = np.lexsort((-found, overlap))  # the best of each anchor is written last
    order = order[overlap[order] >= LEAST_OVERLAP]
    met[which[order]] = found[order]
    return met


def _latest(anchors: Sequence[Anchor], met: Integers, persons: tuple[str, ...]) -> Integers:
    """What stands of each track and person: (4, s) track, person, 1 for yes, moment (a rank)."""
    position = {person: number for number, person in enumerate(persons)}
    moments = {at: rank for rank, at in enumerate(sorted({each.said_at for each in anchors}))}
    said = np.array(
        [
            (track, position[each.person], each.is_yes, moments[each.said_at])
            for track, each in zip(met.tolist(), anchors, strict=True)
            if track != NOBODY
        ],
        np.int64,
    ).reshape(-1, 4)
    said = said[np.lexsort((-said[:, 2], said[:, 3], said[:, 1], said[:, 0]))]
    return said[_is_last(said[:, :2])].T


def _owners(said: Integers) -> tuple[Integers, Integers]:
    """The tracks that somebody was said to be on, ascending, and the person of each."""
    yes = said[:, said[2] == 1]
    track, person, _, moment = yes[:, np.lexsort((yes[3], yes[0]))]
    last = _is_last(track[:, None])
    twin = np.zeros(len(track), np.bool_)  # as late as the one before, of the same track
    twin[1:] = (track[1:] == track[:-1]) & (moment[1:] == moment[:-1])
    return track[last], np.where(twin[last], NOBODY, person[last])


def _majority(
    hit: Integers, owner: Integers, numbers: NDArray[np.integer]
) -> tuple[NDArray[np.int32], Integers]:
    """The person that the cluster of each track goes to (n,), and the contested clusters."""
    tracks = np.full(len(numbers), NOBODY, np.int32)
    counts = (owner != NOBODY) & (numbers[hit] != NO_CLUSTER)
    if not counts.any():  # also where there are no tracks
        return tracks, np.zeros(0, np.int64)
    pairs, votes = np.unique(
        np.stack((numbers[hit[counts]], owner[counts])), axis=1, return_counts=True
    )
    order = np.lexsort((votes, pairs[0]))
    claimed, person, votes = pairs[0][order], pairs[1][order], votes[order]
    last = _is_last(claimed[:, None])
    twin = np.zeros(len(claimed), np.bool_)
    twin[1:] = (claimed[1:] == claimed[:-1]) & (votes[1:] == votes[:-1])
    of_cluster = np.full(int(numbers.max()) + 2, NOBODY, np.int32)  # the last one: of NO_CLUSTER
    of_cluster[claimed[last]] = np.where(twin[last], NOBODY, person[last])
    np.take(of_cluster, numbers, out=tracks, mode="wrap")
    return tracks, claimed[last & twin].astype(np.int64)


def _is_last(keys: Integers) -> Flags:
    """Which of sorted rows (k, columns) is the last of its like."""
    last = np.ones(len(keys), np.bool_)
    last[:-1] = (keys[1:] != keys[:-1]).any(axis=1)
    return last
