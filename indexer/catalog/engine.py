"""Connections to the catalog's database, SQLite or PostgreSQL, with the same promises.

`reading` gives one unchanging view of everything, `writing` one transaction that is done wholly or
not at all, and durable when it ends. Knows no tables.
"""

import os
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from indexer.catalog.address import PASSWORD_VARIABLES, driver_arguments, public_text, server_of
from indexer.error import CatalogUnreachable

CONNECT_TIMEOUT_S = 10.0
BUSY_TIMEOUT_MS = 60_000
BUGS = (sa.exc.IntegrityError, sa.exc.DataError, sa.exc.NotSupportedError)
MISFIT = re.compile("no such (column|table)|has no column named")  # as SQLite says it
MISFIT_CODES = ("42703", "42P01")  # as PostgreSQL does: undefined column, undefined table
WRITES = "shotseek_writes"  # an execution option


class Database:
    """One database, and the name that people know it by."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._readers = engine.execution_options(**options)
        self._writers = engine.execution_options(**{WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the database as it was at its first question."""
        with self._said(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are all committed at the end, or none."""
        with self._said(), self._writers.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say in one line that the database is out of reach."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            if isinstance(error, BUGS):
                raise
            if _is_misfit(error.orig):
                raise CatalogUnreachable(
                    f"{self._name}: its tables were made by another version of shotseek "
                    f"({one_line(error.orig)}); use that one, or index anew into another folder"
                ) from error
            raise CatalogUnreachable(f"{self._name}: {one_line(error.orig)}") from error


def one_line(error: BaseException | None) -> str:
    """What the database or the system said, on one line, without the statement."""
    said: object = error.args[0] if error is not None and error.args else error
    if isinstance(error, OSError) and error.strerror:
        said = error.strerror
    if isinstance(said, dict):  # as pg8000 gives it: M is the message
        said = said.get("M", said)
    return " ".join(str(said).split())


def _is_misfit(error: BaseException | None) -> bool:
    """Whether a table or column was not there."""
    said = error.args[0] if error is not None and error.args else None
    if isinstance(said, dict):  # C is PostgreSQL's code
        return said.get("C") in MISFIT_CODES
    return bool(MISFIT.search(str(said)))


def open_sqlite(path: Path) -> Database:
    """Open a file, which is made if it is not there; where it may not be written, for reading."""
    url, prepare = URL.create("sqlite", database=str(path)), _prepare_sqlite
    if not _is_writable(path):
        url, prepare = _reading_url(path), _prepare_reading
    engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, str(path))


def _is_writable(path: Path) -> bool:
    """Whether the file, and beside it what SQLite needs to write, may be written."""
    asked = (path.parent, path) if path.exists() else (path.parent,)
    return all(os.access(each, os.W_OK, effective_ids=True) for each in asked)


def _reading_url(path: Path) -> URL:
    """How to open a file that may not be written.

    SQLite cannot lock it. Beside it lies the log of a writer that is at work (or died): with that
    it is read as ever. Without one the file is complete, and taken as one that does not change.
    """
    log = path.with_name(f"{path.name}-wal")
    how = {"mode": "ro"} if log.exists() else {"immutable": "1"}
    return URL.create("sqlite", database=path.absolute().as_uri(), query={**how, "uri": "true"})


def open_postgresql(url: URL, schema: str) -> Database:
    """Open one schema of a PostgreSQL database; the schema need not be there yet."""

    def connect() -> Any:
        from pg8000 import dbapi

        server = None
        try:
            server = _connect_socket(*server_of(url))
            return dbapi.connect(sock=server, **driver_arguments(url, schema))
        except (OSError, dbapi.Error) as error:
            if server is not None:
                server.close()
            raise CatalogUnreachable(
                f"{name}: {one_line(error)}; is the server up, and are user and password right "
                f"({' or '.join(PASSWORD_VARIABLES)} gives the password)?"
            ) from error

    name = public_text(url)
    engine = sa.create_engine("postgresql+pg8000://", creator=connect, pool_pre_ping=True)
    return Database(engine, name)


def _connect_socket(host: str, port: int) -> socket.socket:
    """A connected socket; only connecting has a time limit, a long question has none."""
    if not host.startswith("/"):
        connected = socket.create_connection((host, port), CONNECT_TIMEOUT_S)
        connected.settimeout(None)
    else:
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connected.connect(f"{host}/.s.PGSQL.{port}")
        except OSError:
            connected.close()
            raise
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return connected


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite keeps per connection.

    `synchronous=FULL`: a commit lies on the disk before replaced files are removed; with NORMAL a
    loss of power could bring back rows that name them. It costs one sync per commit.
    """
    _prepare_reading(connection, _record)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _prepare_reading(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, see `_begin_sqlite`
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA cache_size=-65536")  # KiB


def _begin_sqlite(connection: Connection) -> None:
    """Begin; a writer takes the lock at once, so that it never fails half-way."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
