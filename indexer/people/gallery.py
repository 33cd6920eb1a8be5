"""Persons with their faces: the door for the server and the command line to who is seen where.

Joins what is stored of faces with what searchers said. Persons are named by id or name, and what
is nobody's yet by the id of its cluster. Knows no HTTP, no screen, no vectors.

`tests/indexer/test_gallery.py` is the contract.
"""

from collections.abc import Callable, Sequence

from analyzers.finding import Box
from indexer.collection import Collection
from indexer.people.error import AmbiguousFace, FaceMissing, NothingLeft, PersonMissing
from indexer.people.export import PersonExport, read_export
from indexer.people.faces import Face, FaceReader
from indexer.people.forgetting import Forgotten, forget, forgetting_alone
from indexer.people.naming import clean_name, name_key
from indexer.people.people import People
from indexer.people.person import Appearance, Entry, Person, Place, Seen
from indexer.people.view import View, appearance_of, worth

ANCHORS = 16  # said of a cluster that becomes a person, so that it is found again if it falls apart


class Gallery:
    """Persons and faces of one collection; may be asked from several threads."""

    def __init__(self, collection: Collection, people: People) -> None:
        """Take both open; changes need a people store that was opened for writing."""
        self._collection = collection
        self._people = people
        self._reader = FaceReader(collection)
        self._seen: tuple[tuple[int, int], View] | None = None

    def find_entries(self) -> list[Entry]:
        """Named persons by name, other persons, then clusters that are nobody's, largest first."""
        view = self._view()
        persons = [view.entry_of(each) for each in view.persons]
        clusters = [view.cluster_entry(number) for number in view.find_free()]
        return persons + sorted(clusters, key=lambda each: (-each.tracks, each.id))

    def get_entry(self, who: str) -> Entry:
        """One person, or one cluster that is nobody's.

        Raises:
            PersonMissing: there is neither of that name.
        """
        view = self._view()
        found = self._find(who, view)
        return view.entry_of(found) if isinstance(found, Person) else view.cluster_entry(found)

    def find_appearances(self, who: str) -> list[Appearance]:
        """Where somebody is seen, in the order of videos and time.

        Raises:
            PersonMissing: there is nobody of that name.
        """
        view = self._view()
        return [appearance_of(face) for face in view.faces_of(self._find(who, view))]

    def find_at(self, video: str, time_ms: int, box: Box | None = None) -> Appearance:
        """The face that is seen in a video (its name or id) at a time, in a box if one is given.

        Raises:
            VideoMissing: there is no such video.
            AmbiguousVideo: there are several.
            FaceMissing: no face is known there.
            AmbiguousFace: several are, and no box tells them apart.
        """
        found = self._collection.find_video(video)
        faces = self._view().find_at(found.uid, time_ms, box)
        if not faces:
            raise FaceMissing(
                f"no face is known in {found.name} at {time_ms} ms; `persons show` lists where "
                "faces are, and `index --analyzers +faces,+persons` looks for them"
            )
        if len(faces) > 1:
            boxes = "; ".join(_box_text(face) for face in faces)
            raise AmbiguousFace(
                f"{len(faces)} faces are seen in {found.name} at {time_ms} ms; add the box of one: "
                f"{boxes}"
            )
        return appearance_of(faces[0])

    def find_within(self, video: str, start_ms: int, end_ms: int) -> list[Seen]:
        """The faces in a stretch of a video (its id), the end exclusive, and whose they are."""
        return self._view().find_within(video, start_ms, end_ms)

    def name(self, who: str | Place, name: str | None) -> Person:
        """Name a person, a cluster, or the face at a place; None takes a name away.

        A cluster or a place is added to the person of that name, if there is one. Naming the face
        at a place of a person without a name names that person.

        Raises:
            PersonMissing: there is nobody of that name.
            FaceMissing: no face is known at that place.
            NameTaken: a person is to be given the name of another.
            NameRefused: it cannot be a name.
        """
        view = self._view()
        found = self._find_face(who, view) if isinstance(who, Place) else self._find(who, view)
        if isinstance(found, Face):
            owner = view.owner_of(found)
            if owner is not None and (owner.name is None or name is None):
                found = owner
        if isinstance(found, Person):
            return self._people.name_person(found.id, name)
        faces = [found] if isinstance(found, Face) else view.faces_of(found)
        return self._add(_places_of(faces), name, view)

    def merge(self, whos: Sequence[str], into: str) -> Person:
        """Make one person of several; clusters become persons first.

        Raises:
            PersonMissing: there is nobody of one of the names; then nothing is merged.
        """
        view = self._view()
        found = [self._find(who, view) for who in (*whos, into)]
        *others, target = [self._person_of(each, view).id for each in found]
        return self._people.merge(others, target)

    def split(self, who: str, places: Sequence[Place], name: str | None = None) -> Person:
        """Make a new person of the faces at some places of another; gives the new one.

        Raises:
            PersonMissing: there is nobody of that name.
            FaceMissing: no face of that person is known at one of the places.
            NothingLeft: the person is seen nowhere else.
            NameTaken: another person has the new name.
            NameRefused: it cannot be a name.
        """
        view = self._view()
        whole = self._find(who, view)
        faces = view.faces_of(whole)
        parted = [_pick(view, faces, place) for place in places]
        rest = [face for face in faces if all(face is not each for each in parted)]
        if not rest:
            raise NothingLeft(f"nothing would be left of {who}; rename it instead")
        wanted = None if name is None else clean_name(name)
        if wanted is not None:
            self._people.ensure_free(wanted)  # before a cluster becomes a person
        person = self._person_of(whole, view)
        self._people.say_yes(person.id, _places_of(_pin(rest, parted), most=None))
        return self._people.split(person.id, _places_of(parted, most=None), wanted)

    def hide(self, who: str) -> Person:
        """Keep a person or a cluster out of sight.

        Raises:
            PersonMissing: there is nobody of that name.
        """
        view = self._view()
        return self._people.hide(self._person_of(self._find(who, view), view).id)

    def unhide(self, who: str) -> Person:
        """Show a person again.

        Raises:
            PersonMissing: there is nobody of that name.
        """
        view = self._view()
        return self._people.unhide(self._person_of(self._find(who, view), view).id)

    def forget(self, who: str, tell: Callable[[str], None] = lambda stage: None) -> Forgotten:
        """Remove all that is stored of a person or a cluster; see `forgetting.py`.

        Ends first what was begun and broken off; where that is all there is to do, whoever is
        named is not asked for any more.

        Raises:
            PersonMissing: there is nobody of that name, and nothing was broken off.
            CollectionBusy: another process writes for too long.
            CollectionDamaged: a file of the collection is missing.
        """
        with forgetting_alone(self._collection.folder):
            return self._forget(who, tell)

    def _forget(self, who: str, tell: Callable[[str], None]) -> Forgotten:
        broken_off = self._people.find_buried()
        ended = [forget(self._collection, self._people, each, (), tell) for each in broken_off]
        view = self._view()
        try:
            found = self._find(who, view)
        except PersonMissing:
            if not ended:
                raise
            return ended[-1]
        person = self._person_of(found, view)
        return forget(self._collection, self._people, person, view.faces_of(found), tell)

    def export(self, who: str) -> PersonExport:
        """Everything that is stored of a person or a cluster.

        Raises:
            PersonMissing: there is nobody of that name.
        """
        view = self._view()
        found = self._find(who, view)
        record = self._people.export(found.id) if isinstance(found, Person) else None
        return read_export(self._collection, record, view.faces_of(found))

    def _view(self) -> View:
        state = (self._collection.revision, self._people.revision)
        if self._seen is None or self._seen[0] != state:
            self._seen = (state, self._look())
        return self._seen[1]

    def _look(self) -> View:
        people = self._people
        said = (people.find_persons(), people.find_anchors(), people.find_tombstones())
        return View(self._reader.read(), *said)

    def _find(self, who: str, view: View) -> Person | int:
        """A person, or the number of a cluster of which something is nobody's."""
        try:
            return self._people.get_person(who)
        except PersonMissing:
            number = view.find_cluster(who.strip())
            if number is None:
                raise
            return number

    def _find_face(self, place: Place, view: View) -> Face:
        found = view.find_at(place.video, place.time_ms, place.box)
        if not found:
            raise FaceMissing(f"no face is known in {place.video} at {place.time_ms} ms there")
        return found[0]

    def _person_of(self, found: Person | int, view: View) -> Person:
        """The person itself, or a new one made of a cluster."""
        if isinstance(found, Person):
            return found
        return self._people.create_person(_places_of(view.faces_of(found)))

    def _add(self, places: Sequence[Place], name: str | None, view: View) -> Person:
        """Add places to the person of a name, or make one."""
        same = [
            each
            for each in view.persons
            if name is not None and each.name is not None and name_key(each.name) == name_key(name)
        ]
        if not same:
            return self._people.create_person(places, name)
        self._people.say_yes(same[0].id, places)
        return same[0]


def _pick(view: View, faces: Sequence[Face], place: Place) -> Face:
    """The one of some faces that is meant by a place."""
    here = view.find_at(place.video, place.time_ms, place.box)
    for face in faces:
        if here and face is here[0]:
            return face
    raise FaceMissing(
        f"no face of that person is known in {place.video} at {place.time_ms} ms there; "
        "`persons show` lists them"
    )


def _pin(rest: Sequence[Face], parted: Sequence[Face]) -> list[Face]:
    """Faces to be said again of a person that is split, so that clusters stay with it.

    A cluster goes to whom most faces in it were said to be.
    """
    pinned: list[Face] = []
    for cluster in {face.cluster for face in parted}:
        count = sum(face.cluster == cluster for face in parted)
        mine = sorted((face for face in rest if face.cluster == cluster), key=worth)
        pinned.extend(mine[: count + 1])
    return pinned or sorted(rest, key=worth)[:1]


def _places_of(faces: Sequence[Face], most: int | None = ANCHORS) -> list[Place]:
    """Where some faces are seen best, the best faces first, of as many videos as there are."""
    turns: dict[int, int] = {}
    order: list[tuple[int, tuple[float, float], int]] = []
    ranked = sorted(faces, key=worth)
    for at, face in enumerate(ranked):
        turns[face.video.id] = turns.get(face.video.id, 0) + 1
        order.append((turns[face.video.id], worth(face), at))
    return [ranked[at].place for _, _, at in sorted(order)[:most]]


def _box_text(face: Face) -> str:
    return ",".join(f"{edge:.3f}" for edge in face.place.box)
