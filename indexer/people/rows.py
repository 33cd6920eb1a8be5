"""Rows of the people store, read and written; each function is one step of a transaction.

Knows neither files nor what searchers may do.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from indexer.people.error import NameTaken, PersonMissing
from indexer.people.naming import can_be_stored, name_key, nearest_names
from indexer.people.person import Anchor, Merge, Person, Place, Span
from indexer.people.tables import BOX, anchors, merges, persons, tombstones


def read_persons(connection: Connection) -> list[Person]:
    """All living persons, named ones first and by name, the others by id."""
    table = persons.c
    order = (table.name_key.is_(None), table.name_key, table.id)
    rows = connection.execute(sa.select(table.id, table.name, table.is_hidden).order_by(*order))
    return [Person(*row) for row in rows]


def get_person(connection: Connection, said: str) -> Person:
    """The living person of this id or name; ids and names that were merged lead there too.

    Raises:
        PersonMissing: there is none.
    """
    if not can_be_stored(said):  # databases refuse such text in words of their own
        raise missing(said, ())
    text, key = said.strip(), name_key(said)
    for condition in (
        persons.c.id == text,
        persons.c.id.in_(sa.select(merges.c.leads_to).where(merges.c.id == text)),
        persons.c.name_key == key,
        persons.c.id == _latest_merge_of(key),
    ):
        query = sa.select(persons.c.id, persons.c.name, persons.c.is_hidden).where(condition)
        row = connection.execute(query).first()
        if row is not None:
            return Person(*row)
    raise missing(said, read_persons(connection))


def missing(said: str, known: Iterable[Person]) -> PersonMissing:
    """The error that nobody is called so."""
    near = nearest_names(said, [each.name for each in known if each.name is not None])
    return PersonMissing(f"no person is called {said!r}{near}")


def _latest_merge_of(key: str) -> sa.ScalarSelect[str]:
    query = sa.select(merges.c.leads_to).where(merges.c.name_key == key)
    return query.order_by(merges.c.merged_at.desc(), merges.c.id).limit(1).scalar_subquery()


def put_person(connection: Connection, person: Person) -> None:
    """Add a person, without a name yet."""
    row = {"id": person.id, "is_hidden": person.is_hidden}
    connection.execute(sa.insert(persons).values(row))


def set_name(connection: Connection, person: Person, name: str | None) -> None:
    """Give a person a name (as `clean_name` made it), or take it away.

    Raises:
        NameTaken: another person has it.
    """
    if name is not None:
        ensure_free(connection, name, person.id)
    key = None if name is None else name_key(name)
    change = sa.update(persons).where(persons.c.id == person.id)
    connection.execute(change.values(name=name, name_key=key))


def ensure_free(connection: Connection, name: str, person: str = "") -> None:
    """See that nobody, but the person of an id, has a name.

    Raises:
        NameTaken: another person has it.
    """
    taken = sa.select(persons.c.name).where(
        persons.c.name_key == name_key(name), persons.c.id != person
    )
    other = connection.scalar(taken)
    if other is not None:
        raise NameTaken(
            f"there is a person named {other} already; choose another name, or merge the two"
        )


def set_hidden(connection: Connection, person: Person, *, is_hidden: bool) -> None:
    """Hide a person, or show it again."""
    change = sa.update(persons).where(persons.c.id == person.id)
    connection.execute(change.values(is_hidden=is_hidden))


def delete_person(connection: Connection, person: Person) -> None:
    """Remove a person with all that was said of it, and what was merged into it."""
    connection.execute(sa.delete(anchors).where(anchors.c.person == person.id))
    connection.execute(sa.delete(merges).where(merges.c.leads_to == person.id))
    connection.execute(sa.delete(persons).where(persons.c.id == person.id))


def read_anchors(connection: Connection, person: Person | None) -> list[Anchor]:
    """What was said of one person or of all, in the order in which it was said."""
    order = (anchors.c.said_at, *anchors.primary_key)
    query = sa.select(anchors).order_by(*order)
    if person is not None:
        query = query.where(anchors.c.person == person.id)
    return [_anchor_of(row) for row in connection.execute(query)]


def put_anchors(connection: Connection, said: Sequence[Anchor]) -> None:
    """Store what was said, in the place of what was said of the same person and place before.

    A place shows one person: a yes there takes away the yes of everybody else.
    """
    latest = {(each.person, each.place): each for each in said}
    for anchor in latest.values():
        table = anchors.c
        other = sa.and_(table.is_yes, sa.true() if anchor.is_yes else sa.false())
        here = (*_at(anchor.place), sa.or_(table.person == anchor.person, other))
        connection.execute(sa.delete(anchors).where(*here))
    if latest:
        connection.execute(sa.insert(anchors), [_row_of(each) for each in latest.values()])


def delete_anchors(connection: Connection, person: Person, places: Iterable[Place]) -> None:
    """Forget what was said of a person at some places."""
    for place in places:
        here = (anchors.c.person == person.id, *_at(place))
        connection.execute(sa.delete(anchors).where(*here))


def read_merges(connection: Connection, person: Person | None) -> list[Merge]:
    """The persons that were merged into one or into any, in the order in which they were."""
    table = merges.c
    columns = (table.id, table.name, table.leads_to, table.merged_at)
    query = sa.select(*columns).order_by(table.merged_at, table.id)
    if person is not None:
        query = query.where(table.leads_to == person.id)
    return [Merge(*row) for row in connection.execute(query)]


def put_merge(connection: Connection, merge: Merge) -> None:
    """Keep that a person is another; what led to the one leads to the other from now on."""
    led = sa.update(merges).where(merges.c.leads_to == merge.id).values(leads_to=merge.into)
    connection.execute(led)
    row = {
        "id": merge.id,
        "name": merge.name,
        "name_key": None if merge.name is None else name_key(merge.name),
        "leads_to": merge.into,
        "merged_at": merge.merged_at,
    }
    connection.execute(sa.insert(merges).values(row))


def read_tombstones(connection: Connection, video: str | None) -> list[Span]:
    """Where nobody is to be known, in one video or in all."""
    query = sa.select(tombstones).order_by(*tombstones.primary_key)
    if video is not None:
        query = query.where(tombstones.c.video == video)
    return [
        Span(row.video, row.start_ms, row.end_ms, _box_of(row)) for row in connection.execute(query)
    ]


def put_tombstones(connection: Connection, spans: Iterable[Span]) -> None:
    """Add spans; those that are there already stay."""
    rows = [
        {"video": span.video, "start_ms": int(span.start_ms), "end_ms": int(span.end_ms)}
        | _box_values(span.box)
        for span in sorted(set(spans) - set(read_tombstones(connection, None)), key=_span_key)
    ]
    if rows:
        connection.execute(sa.insert(tombstones), rows)


def _span_key(span: Span) -> tuple[object, ...]:
    return (span.video, span.start_ms, span.end_ms, span.box)


def _at(place: Place) -> list[sa.ColumnElement[bool]]:
    values = {"video": place.video, "time_ms": int(place.time_ms)} | _box_values(place.box)
    return [anchors.c[name] == value for name, value in values.items()]


def _box_values(box: Sequence[float]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(BOX, box, strict=True)}


def _box_of(row: Row[Any]) -> tuple[float, float, float, float]:
    return (row.x0, row.y0, row.x1, row.y1)


def _anchor_of(row: Row[Any]) -> Anchor:
    place = Place(row.video, row.time_ms, _box_of(row))
    return Anchor(row.person, place, row.is_yes, row.said_at)


def _row_of(anchor: Anchor) -> dict[str, Any]:
    place = anchor.place
    return {
        "person": anchor.person,
        "video": place.video,
        "time_ms": int(place.time_ms),
        **_box_values(place.box),
        "is_yes": anchor.is_yes,
        "said_at": anchor.said_at,
    }
