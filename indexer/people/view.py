"""Faces and persons as they stand at one moment: whose each face is, and what is nobody's.

Pure of files and databases: what was read is handed in.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Box
from indexer.people.faces import Face, Faces, join_faces
from indexer.people.person import Anchor, Appearance, Entry, Person, Seen, Span
from indexer.people.resolving import NOBODY, find_forgotten, resolve_persons
from indexer.people.tracks import LEAST_OVERLAP, Integers
from indexer.tombstones import names_of

_NONE = np.zeros(0, np.int64)


class View:
    """Faces and persons as they stood at one moment; whoever is buried is not among them."""

    def __init__(
        self,
        faces: Faces,
        persons: Sequence[Person],
        anchors: Sequence[Anchor],
        tombstones: Sequence[Span],
    ) -> None:
        self.persons = persons
        self._known = _without_buried(faces, tombstones)
        self._mapping = resolve_persons(anchors, self._known.clusters)

    @cached_property
    def _by_id(self) -> dict[str, Person]:
        return {each.id: each for each in self.persons}

    @cached_property
    def _free(self) -> Integers:
        """The cluster of each face that is nobody's, -1 for the others."""
        return np.where(self._mapping.tracks == NOBODY, self._known.clusters.numbers, NOBODY)

    @cached_property
    def _of_clusters(self) -> dict[int, Integers]:
        """Positions of the faces of each cluster that are nobody's."""
        return _group(self._free)

    @cached_property
    def _of_persons(self) -> dict[str, Integers]:
        """Positions of the faces of each person, by its id."""
        groups = _group(self._mapping.tracks)
        return {self._mapping.persons[number]: found for number, found in groups.items()}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each cluster by its id."""
        return {cluster: number for number, cluster in enumerate(self._known.cluster_ids)}

    @cached_property
    def _places(self) -> dict[int, int]:
        """The position of each face by its identity."""
        return {id(face): place for place, face in enumerate(self._known.faces)}

    def find_free(self) -> list[int]:
        """The clusters of which something is nobody's, ascending."""
        return list(self._of_clusters)

    def find_cluster(self, cluster: str) -> int | None:
        """The number of a cluster of which something is nobody's."""
        number = self._numbers.get(cluster, NOBODY)
        return number if number in self._of_clusters else None

    def faces_of(self, who: Person | int) -> list[Face]:
        """Of a person, or those of a cluster that are nobody's."""
        if isinstance(who, Person):
            found = self._of_persons.get(who.id, _NONE)
        else:
            found = self._of_clusters.get(who, _NONE)
        return [self._known.faces[each] for each in found.tolist()]

    def owner_of(self, face: Face) -> Person | None:
        """The person that a face is of."""
        owner = int(self._mapping.tracks[self._places[id(face)]])
        return None if owner == NOBODY else self._by_id.get(self._mapping.persons[owner])

    def find_at(self, uid: str, time_ms: int, box: Box | None) -> list[Face]:
        """The faces at a moment, or that which fits a box best."""
        tracks = self._known.clusters.tracks
        moment = np.array([time_ms], np.int64)
        _, found = tracks.find_pairs([uid], moment, moment + 1)
        if box is not None and len(found):
            at = np.full(len(found), time_ms)
            wanted = np.tile(np.array(box, np.float64), (len(found), 1))
            overlap = tracks.overlap(found, at, at + 1, wanted)
            found = found[[overlap.argmax()]] if overlap.max() >= LEAST_OVERLAP else found[:0]
        return [self._known.faces[each] for each in np.sort(found).tolist()]

    def find_within(self, uid: str, start_ms: int, end_ms: int) -> list[Seen]:
        """The faces in a stretch of a video, and whose they are."""
        stretch = np.array([start_ms], np.int64), np.array([end_ms], np.int64)
        _, found = self._known.clusters.tracks.find_pairs([uid], *stretch)
        return [self._see(at) for at in np.sort(found).tolist()]

    def _see(self, at: int) -> Seen:
        face, owner = self._known.faces[at], int(self._mapping.tracks[at])
        person = None if owner == NOBODY else self._by_id.get(self._mapping.persons[owner])
        if person is None:
            return Seen(appearance_of(face), face.cluster, None, is_person=False, is_hidden=False)
        return Seen(appearance_of(face), person.id, person.name, True, person.is_hidden)

    def entry_of(self, person: Person) -> Entry:
        """A person with what is seen of it."""
        return _entry(person.id, self.faces_of(person), person)

    def cluster_entry(self, number: int) -> Entry:
        """A cluster with what of it is nobody's."""
        return _entry(self._known.cluster_ids[number], self.faces_of(number), None)


def appearance_of(face: Face) -> Appearance:
    """What people are told of a face."""
    place, track = face.place, face.track
    return Appearance(
        place.video,
        face.video.name,
        track.id,
        track.start_ms,
        track.end_ms,
        place.time_ms,
        place.box,
        face.quality,
    )


def _entry(id_: str, faces: Sequence[Face], person: Person | None) -> Entry:
    best = min(faces, key=worth, default=None)
    return Entry(
        id=id_,
        name=None if person is None else person.name,
        is_hidden=person is not None and person.is_hidden,
        is_person=person is not None,
        tracks=len(faces),
        videos=len({face.video.id for face in faces}),
        best=None if best is None else appearance_of(best),
    )


def _group(numbers: NDArray[np.integer]) -> dict[int, Integers]:
    """The positions at which each number stands, both ascending; NOBODY is none."""
    order = np.argsort(numbers, kind="stable")
    known, starts = np.unique(numbers[order], return_index=True)
    groups = dict(zip(known.tolist(), np.split(order, starts)[1:], strict=True))
    groups.pop(NOBODY, None)
    return groups


def _without_buried(faces: Faces, spans: Sequence[Span]) -> Faces:
    """Those that lie under no tombstone; what lies there is being removed."""
    uids: dict[str, list[str]] = {}
    for video in {face.video.id: face.video for face in faces.faces}.values():
        for name in names_of(video):
            uids.setdefault(name, []).append(video.uid)
    here = [
        Span(uid, span.start_ms, span.end_ms, span.box)
        for span in spans
        for uid in uids.get(span.video, ())
    ]
    if not here:
        return faces
    gone = find_forgotten(here, faces.clusters.tracks)
    return join_faces(
        [face for face, is_gone in zip(faces.faces, gone, strict=True) if not is_gone]
    )


def worth(face: Face) -> tuple[float, float]:
    """A key that puts faces that are seen well first."""
    x0, y0, x1, y1 = face.place.box
    return (-(face.quality or 0.0), -(x1 - x0) * (y1 - y0))
