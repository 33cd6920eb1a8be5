"""The tables of the people store. A change here needs a new `SCHEMA`, and a way to it.

No vectors, no pictures. A tombstone names nobody.
"""

from typing import Any

import sqlalchemy as sa

from indexer.catalog.tables import NAMING, Moment

SCHEMA = 1
BOX = ("x0", "y0", "x1", "y1")  # fractions of width and height
NAMES = (("persons", "name"), ("persons", "name_key"), ("merges", "name"), ("merges", "name_key"))

metadata = sa.MetaData(naming_convention=NAMING)


def _needed(name: str, kind: type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _box() -> list[sa.Column[Any]]:
    return [_needed(name, sa.Double) for name in BOX]


def _person(name: str) -> sa.Column[Any]:
    """The id of a living person; the row goes when the person goes."""
    return sa.Column(name, sa.ForeignKey("persons.id", ondelete="CASCADE"), nullable=False)


facts = sa.Table(  # schema; revision; to_purge: not 0 while traces of removed rows are in the file
    "facts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    _needed("value", sa.BigInteger),
)
persons = sa.Table(
    "persons",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("name_key", sa.Text, unique=True),
    _needed("is_hidden", sa.Boolean),
)
anchors = sa.Table(
    "anchors",
    metadata,
    _person("person"),
    _needed("video", sa.Text),  # its public id
    _needed("time_ms", sa.BigInteger),
    *_box(),
    _needed("is_yes", sa.Boolean),
    _needed("said_at", Moment),
    sa.PrimaryKeyConstraint("person", "video", "time_ms", *BOX),
    sa.Index(None, "video", "time_ms"),
)
merges = sa.Table(
    "merges",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("name_key", sa.Text, index=True),
    _person("leads_to"),
    _needed("merged_at", Moment),
    sa.Index(None, "leads_to"),
)
tombstones = sa.Table(
    "tombstones",
    metadata,
    _needed("video", sa.Text),
    _needed("start_ms", sa.BigInteger),
    _needed("end_ms", sa.BigInteger),
    *_box(),
    sa.PrimaryKeyConstraint("video", "start_ms", "end_ms", *BOX),
)

PERSONAL = (persons, anchors, merges)  # in the order in which rows can be added
