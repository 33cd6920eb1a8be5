"""Many rows at once, in the quickest way each database has.

PostgreSQL takes COPY (30,000 rows in 0.2 s, where single INSERTs take 7 s through this driver),
SQLite a prepared statement. Reading asks PostgreSQL for columns as JSON arrays, which spares the
driver one Python object per value. Rows of both ways are equal. Knows no tables.
"""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from indexer.storable import ESCAPE, unpack_text

CHUNK_ROWS = 50_000
ASKED_AT_ONCE = 500  # ids in one question: what every database takes
Row: TypeAlias = tuple[Any, ...]
Column: TypeAlias = "NDArray[Any] | list[str | None]"
COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_rows(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that have all columns in order, texts packed, moments as integers."""
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {quote(table.name)} ({names}) FROM STDIN", rows)
    else:
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"
        connection.exec_driver_sql(statement, list(rows))


def read_chunks(
    connection: Connection,
    columns: Sequence[sa.Column[Any]],
    order_by: Sequence[sa.Column[Any]],
    rows: int = CHUNK_ROWS,
    videos: Sequence[int] | None = None,
) -> Iterator[dict[str, Column]]:
    """Whole columns of one table, ordered, in chunks that each hold whole videos.

    Integers and floats (NaN for NULL) come as arrays (n,), texts as lists. A chunk has about `rows`
    rows, or those of one video. Where `videos` are given, ascending, only their rows are touched.
    """
    video_id = columns[0].table.c.video_id
    plain = [sa.type_coerce(column, _plain(column)).label(column.name) for column in columns]
    for group in _video_groups(connection, video_id, rows, videos):
        whole = videos is None
        chosen = video_id.between(group[0], group[-1]) if whole else video_id.in_(group)
        values = _read_values(connection, sa.select(*plain).where(chosen).order_by(*order_by))
        pairs = zip(columns, values, strict=True)
        yield {column.name: _as_column(column, cells) for column, cells in pairs}


def split_ids(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in portions that one question can hold."""
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield ids[start : start + ASKED_AT_ONCE]


def _video_groups(
    connection: Connection, video_id: sa.Column[Any], rows: int, videos: Sequence[int] | None
) -> Iterator[list[int]]:
    """Neighbouring videos, of all or of some, that together have about so many rows."""
    query = sa.select(video_id, sa.func.count()).group_by(video_id).order_by(video_id)
    if videos is None:
        yield from _groups(connection.execute(query).all(), rows)
        return
    for ids in split_ids(videos):
        yield from _groups(connection.execute(query.where(video_id.in_(ids))).all(), rows)


def _groups(counted: Iterable[Any], rows: int) -> Iterator[list[int]]:
    """(id, rows) pairs to lists of neighbouring ids that together have about so many rows."""
    ids: list[int] = []
    gathered = 0
    for video, count in counted:
        if ids and gathered + count > rows:
            yield ids
            ids, gathered = [], 0
        ids.append(video)
        gathered += count
    if ids:
        yield ids


def join_chunks(
    chunks: Iterator[dict[str, Column]], columns: Sequence[sa.Column[Any]]
) -> dict[str, Column]:
    """One dict of whole columns; empty ones where there are no rows."""
    gathered = list(chunks)
    return {column.name: _join(column, [c[column.name] for c in gathered]) for column in columns}


def _join(column: sa.Column[Any], parts: Sequence[Column]) -> Column:
    if _dtype(column) is None:
        return [text for part in parts for text in part]
    return np.concatenate([_as_column(column, ()), *parts])


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    text = "".join("\t".join(map(_copy_cell, row)) + "\n" for row in rows)
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    cursor.execute(statement, stream=io.BytesIO(text.encode()))
    cursor.close()


def _copy_cell(value: str | float | None) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(COPY_ESCAPES)
    return repr(value)


def _read_values(connection: Connection, statement: sa.Select[Any]) -> Sequence[Sequence[Any]]:
    """The values of a question, column by column, untouched by column types."""
    if connection.dialect.name == "postgresql":
        rows = statement.subquery()  # sorted already, so json_agg keeps the order
        arrays = [sa.cast(sa.func.json_agg(column), sa.Text) for column in rows.c]
        return [json.loads(cells) for cells in connection.execute(sa.select(*arrays)).one()]
    found = connection.execute(statement).cursor.fetchall()
    return list(zip(*found, strict=True))


def _plain(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    dtype = _dtype(column)
    if dtype is None:
        return sa.Text()
    return sa.Double() if dtype is np.float64 else sa.BigInteger()


def _dtype(column: sa.Column[Any]) -> type[np.int64] | type[np.float64] | None:
    """The type of a column as an array; None for texts."""
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    if isinstance(kind, sa.Double):
        return np.float64
    return np.int64 if isinstance(kind, sa.BigInteger) else None


def _as_column(column: sa.Column[Any], cells: Sequence[Any]) -> Column:
    dtype = _dtype(column)
    if dtype is not None:
        return np.array(cells, dtype)
    return [unpack_text(cell) if cell and cell[0] == ESCAPE else cell for cell in cells]
