"""The one door to what searchers said of persons, for the server and the command line alike.

A person is an id, perhaps a name, and anchors: places where somebody said that it is this person,
or is not. Which tracks belong to it follows from those (`resolving.py`), so that names, merges and
splits outlive every clustering. Wherever a person is asked for, its id or its name may be given,
also those of persons that were merged into it. Knows no tracks, no vectors, no pictures.

`tests/indexer/test_people.py` is the contract that SQLite and PostgreSQL keep.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from indexer.error import CollectionBusy
from indexer.people import rows
from indexer.people.error import NothingLeft
from indexer.people.naming import clean_name, create_id
from indexer.people.person import Anchor, Merge, Person, PersonRecord, Place, Span
from indexer.people.store import REVISION, Store, mark_for_purge, read_fact

logger = logging.getLogger(__name__)


class People:
    """The persons of one collection; a context manager; may be asked from several threads."""

    def __init__(self, store: Store) -> None:
        """Use `open_people`."""
        self._store = store

    @property
    def revision(self) -> int:
        """A number that grows with every change; 0 where nobody said anything yet."""
        with self._store.reading() as connection:
            return 0 if connection is None else read_fact(connection, REVISION)

    def find_persons(self) -> list[Person]:
        """All persons, hidden ones too: named ones first and by name, the others by id."""
        with self._store.reading() as connection:
            return [] if connection is None else rows.read_persons(connection)

    def get_person(self, person: str) -> Person:
        """The person of an id or name.

        Raises:
            PersonMissing: there is none; the message gives the nearest names.
        """
        with self._store.reading() as connection:
            if connection is None:
                raise rows.missing(person, ())
            return rows.get_person(connection, person)

    def find_anchors(self, person: str | None = None) -> list[Anchor]:
        """What was said of one person or of all, in the order in which it was said.

        Raises:
            PersonMissing: there is no such person.
        """
        if person is not None:
            return list(self.export(person).anchors)
        with self._store.reading() as connection:
            return [] if connection is None else rows.read_anchors(connection, None)

    def find_merges(self) -> list[Merge]:
        """The persons that were merged into others, in the order in which they were."""
        with self._store.reading() as connection:
            return [] if connection is None else rows.read_merges(connection, None)

    def find_tombstones(self, video: str | None = None) -> list[Span]:
        """Where nobody is to be known any more, in one video (its public id) or in all."""
        with self._store.reading() as connection:
            return [] if connection is None else rows.read_tombstones(connection, video)

    def export(self, person: str) -> PersonRecord:
        """Everything that is stored of a person.

        Raises:
            PersonMissing: there is no such person.
        """
        with self._store.reading() as connection:
            if connection is None:
                raise rows.missing(person, ())
            found = rows.get_person(connection, person)
            said = tuple(rows.read_anchors(connection, found))
            return PersonRecord(found, said, tuple(rows.read_merges(connection, found)))

    def ensure_free(self, name: str) -> None:
        """See that nobody has a name.

        Raises:
            NameTaken: somebody has.
            NameRefused: it cannot be a name.
        """
        wanted = clean_name(name)
        with self._store.reading() as connection:
            if connection is not None:
                rows.ensure_free(connection, wanted)

    def create_person(self, places: Sequence[Place], name: str | None = None) -> Person:
        """Make a person of places where it is seen.

        Raises:
            NameTaken: another person has that name.
            NameRefused: it cannot be a name.
        """
        wanted = None if name is None else clean_name(name)
        with self._store.writing() as connection:
            return _create(connection, places, wanted)

    def name_person(self, person: str, name: str | None) -> Person:
        """Give a person its first name, another, or none any more.

        Raises:
            PersonMissing: there is no such person.
            NameTaken: another person has that name.
            NameRefused: it cannot be a name.
        """
        wanted = None if name is None else clean_name(name)
        with self._store.writing() as connection:
            found = rows.get_person(connection, person)
            rows.set_name(connection, found, wanted)
            return replace(found, name=wanted)

    def hide(self, person: str) -> Person:
        """Keep a person out of sight.

        Raises:
            PersonMissing: there is no such person.
        """
        return self._set_hidden(person, is_hidden=True)

    def unhide(self, person: str) -> Person:
        """Show a person again.

        Raises:
            PersonMissing: there is no such person.
        """
        return self._set_hidden(person, is_hidden=False)

    def say_yes(self, person: str, places: Sequence[Place]) -> None:
        """At these places is this person; whoever was said to be there is not.

        Raises:
            PersonMissing: there is no such person.
        """
        self._say(person, places, is_yes=True)

    def say_no(self, person: str, places: Sequence[Place]) -> None:
        """At these places is not this person.

        Raises:
            PersonMissing: there is no such person.
        """
        self._say(person, places, is_yes=False)

    def take_back(self, person: str, places: Sequence[Place]) -> None:
        """Unsay what was said of a person at these places; elsewhere nothing changes.

        Raises:
            PersonMissing: there is no such person.
        """
        with self._store.writing() as connection:
            found = rows.get_person(connection, person)
            rows.delete_anchors(connection, found, places)

    def merge(self, persons: Sequence[str], into: str) -> Person:
        """Make one person of several; the ids and names of all lead to it from now on.

        It keeps its name, or takes that of the first that has one. Of what was said of the same
        place the latest stands. Merging again what is merged already changes nothing.

        Raises:
            PersonMissing: one of them is not there; then nothing is merged.
        """
        with self._store.writing() as connection:
            target = rows.get_person(connection, into)
            found = [rows.get_person(connection, person) for person in persons]
            now = datetime.now(UTC)
            for other in {each.id: each for each in found if each.id != target.id}.values():
                target = _merge(connection, other, target, now)
            return target

    def split(self, person: str, places: Sequence[Place], name: str | None = None) -> Person:
        """Make a new person of places where another was seen, and say whom.

        The places need not be anchors yet.

        Raises:
            PersonMissing: there is no such person.
            NothingLeft: the person is said to be at no other place.
            NameTaken: another person has that name.
            NameRefused: it cannot be a name.
        """
        wanted = None if name is None else clean_name(name)
        with self._store.writing() as connection:
            found = rows.get_person(connection, person)
            seen = {each.place for each in rows.read_anchors(connection, found) if each.is_yes}
            if seen <= set(places):
                raise NothingLeft(
                    f"nothing would be left of {found.name or found.id}; say first where else the "
                    "person is seen, or rename it"
                )
            rows.delete_anchors(connection, found, places)
            return _create(connection, places, wanted)

    def bury(self, person: str, spans: Sequence[Span] = ()) -> list[Span]:
        """Begin to forget a person: it is hidden, and the tombstones that `forget` makes stand.

        So nothing of it is stored anew while what is stored is removed; `forget` ends it.

        Raises:
            PersonMissing: there is no such person.
        """
        with self._store.writing() as connection:
            found = rows.get_person(connection, person)
            rows.set_hidden(connection, found, is_hidden=True)
            return _bury(connection, found, spans)

    def find_buried(self) -> list[Person]:
        """The persons whose forgetting was begun and not ended: all that was said is buried."""
        with self._store.reading() as connection:
            if connection is None:
                return []
            buried = set(rows.read_tombstones(connection, None))
            said: dict[str, list[bool]] = {}
            for anchor in rows.read_anchors(connection, None) if buried else ():
                if anchor.is_yes:
                    said.setdefault(anchor.person, []).append(_moment(anchor.place) in buried)
            gone = {person for person, are_buried in said.items() if all(are_buried)}
            return [each for each in rows.read_persons(connection) if each.id in gone]

    def forget(self, person: str, spans: Sequence[Span] = ()) -> list[Span]:
        """Remove all that is stored of a person, and forbid that it is known again.

        In one transaction: names, anchors and merges go, tombstones come, which name nobody: the
        spans that are given (those of its tracks), and one millisecond at each place where somebody
        said that it is this person. Then the database is rewritten, so that removed rows leave no
        trace in it.

        Returns:
            The tombstones.

        Raises:
            PersonMissing: there is no such person.
            CollectionBusy: the person is forgotten, but readers kept the database from being
                rewritten; the next opening for writing does it.
        """
        with self._store.writing() as connection:
            found = rows.get_person(connection, person)
            buried = _bury(connection, found, spans)
            rows.delete_person(connection, found)
            mark_for_purge(connection)
        self._store.purge()
        return buried

    def close(self) -> None:
        """Close all connections."""
        self._store.close()

    def __enter__(self) -> "People":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set_hidden(self, person: str, *, is_hidden: bool) -> Person:
        with self._store.writing() as connection:
            found = rows.get_person(connection, person)
            rows.set_hidden(connection, found, is_hidden=is_hidden)
            return replace(found, is_hidden=is_hidden)

    def _say(self, person: str, places: Sequence[Place], *, is_yes: bool) -> None:
        with self._store.writing() as connection:
            found = rows.get_person(connection, person)
            rows.put_anchors(connection, _anchors(found, places, is_yes=is_yes))


def open_people(folder: Path, *, writing: bool = False) -> People:
    """Open what was said of the persons of a collection; the database is made at the first write.

    Raises:
        CollectionMissing: the folder holds no collection.
        CollectionTooNew: the store was made by a newer shotseek.
        CatalogUnreachable: its database cannot be opened.
    """
    store = Store(folder, is_writing=writing)
    try:
        if writing:
            store.purge()  # what a process that died had to remove
    except CollectionBusy as error:
        logger.warning("%s", error)
    except BaseException:
        store.close()
        raise
    return People(store)


def _create(connection: Connection, places: Sequence[Place], name: str | None) -> Person:
    person = Person(create_id())
    rows.put_person(connection, person)
    rows.set_name(connection, person, name)
    rows.put_anchors(connection, _anchors(person, places, is_yes=True))
    return replace(person, name=name)


def _bury(connection: Connection, person: Person, spans: Sequence[Span]) -> list[Span]:
    """Add tombstones: those given, and one where somebody said that it is this person."""
    said = rows.read_anchors(connection, person)
    marked = [_moment(each.place) for each in said if each.is_yes]
    buried = list(dict.fromkeys([*spans, *marked]))
    rows.put_tombstones(connection, buried)
    return buried


def _moment(at: Place) -> Span:
    return Span(at.video, at.time_ms, at.time_ms + 1, at.box)


def _merge(connection: Connection, other: Person, target: Person, now: datetime) -> Person:
    said = [*rows.read_anchors(connection, other), *rows.read_anchors(connection, target)]
    said.sort(key=lambda each: each.said_at)
    rows.put_merge(connection, Merge(other.id, other.name, target.id, now))
    rows.delete_person(connection, other)
    rows.put_anchors(connection, [replace(each, person=target.id) for each in said])
    if target.name is None and other.name is not None:
        rows.set_name(connection, target, other.name)
        target = replace(target, name=other.name)
    return target


def _anchors(person: Person, places: Sequence[Place], *, is_yes: bool) -> list[Anchor]:
    now = datetime.now(UTC)
    return [Anchor(person.id, place, is_yes, now) for place in places]
