"""Who is meant by a name or by the id of a cluster, and which face tracks show that person.

What searchers said is read when somebody is asked for, and mapped to tracks anew whenever it has
changed: naming somebody needs no new search files. Knows no query, no vectors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from indexer.people.error import PersonMissing
from indexer.people.person import Anchor, Person
from indexer.people.resolving import NO_CLUSTER, NOBODY, PersonMapping, assign_persons
from search.layout import Indexes
from search.meeting import find_meant_faces

if TYPE_CHECKING:
    from indexer.generations.generation import Generation
    from indexer.people.people import People


class Said(Protocol):
    """What searchers said of persons."""

    @property
    def revision(self) -> int:
        """Another one whenever anything changed."""

    def get_person(self, person: str) -> Person:
        """The person of an id or name; raises PersonMissing."""

    def find_anchors(self, person: str | None = None) -> list[Anchor]:
        """What was said of all, or of one."""


@dataclass(frozen=True, eq=False)
class KnownPerson:
    """A person, or a cluster that nobody spoke of, as numbers of face tracks, ascending."""

    id: str
    said: Indexes  # (k,) on which somebody said it is
    sure: Indexes  # (m,) on which it is, by that and by clusters
    others: Indexes  # (o,) on which it is not: denied, or somebody else's


@dataclass(frozen=True, eq=False)
class _Resolved:
    """What one revision of the people store says of the tracks of a generation."""

    revision: int
    anchors: Sequence[Anchor]
    meant: Indexes  # the track that each anchor means
    by_clusters: PersonMapping
    by_word: PersonMapping  # what was said alone

    def find_denied(self, person: str) -> Indexes:
        """The tracks of which somebody said that they are not the person's, in any order."""
        said = [anchor.person == person and not anchor.is_yes for anchor in self.anchors]
        denied: Indexes = self.meant[np.array(said, bool) & (self.meant != NOBODY)]
        return denied


class OpenPeople:
    """Opens what was said of the persons of a collection when it is first asked for.

    Args:
        folder: the collection's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._turn = folder, Lock()
        self._people: People | None = None

    def __call__(self) -> "People":
        """The open store; raises as `open_people` does."""
        from indexer.people.people import open_people

        with self._turn:
            if self._people is None:
                self._people = open_people(self._folder)
            return self._people

    def close(self) -> None:
        """Let go of it; who asks again opens it again."""
        with self._turn:
            if self._people is not None:
                self._people.close()
            self._people = None


class Persons:
    """The persons of one generation; safe to share between threads.

    Args:
        generation: has the tracks.
        open_people: gives what searchers said; None: nobody said anything.
    """

    def __init__(
        self, generation: "Generation", open_people: Callable[[], Said] | None = None
    ) -> None:
        self._generation, self._open_people = generation, open_people
        self._turn = Lock()
        self._resolved: _Resolved | None = None

    def find(self, name: str) -> KnownPerson:
        """The person of that name or id, else the cluster of that id.

        Raises:
            PersonMissing: there is neither.
        """
        people = None if self._open_people is None else self._open_people()
        try:
            if people is None:
                raise PersonMissing(f"no person is called {name!r}")
            person = people.get_person(name)
        except PersonMissing as error:
            if name in self._generation.tracks.clusters():
                return self._find_cluster(name, people)
            raise PersonMissing(
                f"{error}; `shotseek persons` lists who is there; or ask with pictures of the face"
            ) from error
        return self._find_person(person.id, people)

    def _find_person(self, id: str, people: Said) -> KnownPerson:
        resolved = self._look(people)
        sure = resolved.by_clusters.find_tracks(id)
        is_other = resolved.by_clusters.tracks != NOBODY
        is_other[resolved.find_denied(id)] = True
        is_other[sure] = False
        said = np.intersect1d(resolved.by_word.find_tracks(id), sure)
        return KnownPerson(id, said, sure, np.flatnonzero(is_other))

    def _find_cluster(self, id: str, people: Said | None) -> KnownPerson:
        """What of a cluster is nobody's; the whole of one that is somebody's by now."""
        tracks = self._generation.tracks
        whole = np.flatnonzero(tracks.cluster == tracks.clusters().index(id))
        none = np.zeros(0, np.int64)
        if people is None:
            return KnownPerson(id, none, whole, none)
        is_owned = self._look(people).by_clusters.tracks != NOBODY
        free = whole[~is_owned[whole]]
        sure = free if len(free) else whole
        is_owned[sure] = False
        return KnownPerson(id, none, sure, np.flatnonzero(is_owned))

    def _look(self, people: Said) -> _Resolved:
        """Who is on which track by the newest that was said."""
        with self._turn:
            revision = people.revision  # before the anchors: what comes between is read twice
            if self._resolved is None or self._resolved.revision != revision:
                self._resolved = _resolve(revision, people.find_anchors(), self._generation)
            return self._resolved


def _resolve(revision: int, anchors: Sequence[Anchor], generation: "Generation") -> _Resolved:
    meant, clusters = find_meant_faces(anchors, generation), generation.tracks.cluster
    alone = np.full(len(clusters), NO_CLUSTER, np.int32)
    return _Resolved(
        revision,
        anchors,
        meant,
        assign_persons(anchors, meant, clusters),
        assign_persons(anchors, meant, alone),
    )
