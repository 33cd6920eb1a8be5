"""The database of the people store: made at the first write, asked, changed, swept clean.

`people.sqlite` in the collection's folder; where the catalog is in PostgreSQL, a schema of its own
in the same database. Nothing there means that nobody said anything yet. Readers never wait; writers
wait for each other, in all processes, and never for an indexing run.

Knows nothing of persons, and cannot reach what lies outside the database: backups, copies, blocks
that the file system or a disk has set aside, the log of a PostgreSQL server until it is recycled.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from analyzers.error import SettingsError
from indexer.catalog.address import parse_address, with_password
from indexer.catalog.engine import BUSY_TIMEOUT_MS, Database, open_postgresql, open_sqlite
from indexer.collection_file import read_collection_file
from indexer.error import CollectionBusy, CollectionTooNew
from indexer.lock import writer_lock
from indexer.people.tables import NAMES, PERSONAL, SCHEMA, facts, metadata

PEOPLE_FILE = "people.sqlite"
REVISION, VERSION, TO_PURGE = "revision", "schema", "to_purge"


class Store:
    """One people store; may be asked from several threads."""

    def __init__(self, folder: Path, *, is_writing: bool, wait_ms: int = BUSY_TIMEOUT_MS) -> None:
        """Look where the store of this collection lies; nothing is opened yet.

        Raises:
            CollectionMissing: the folder holds no collection.
        """
        content = read_collection_file(folder)
        self._folder = folder
        self._path = folder / PEOPLE_FILE
        self._url = None if content.catalog is None else parse_address(content.catalog)
        self._schema = f"shotseek_{content.id}_people"
        self._name = str(self._path) if self._url is None else self._schema
        self._is_writing = is_writing
        self._wait_ms = wait_ms
        self._database: Database | None = None
        self._is_current = False
        self._opening = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A connection with one unchanging view; None where there is no store yet.

        Raises:
            CollectionTooNew: the store was made by a newer shotseek.
            CatalogUnreachable: its database cannot be opened.
        """
        if not self._is_there():
            yield None
            return
        with self._open().reading() as connection:
            if self._url is not None:  # before the view is taken: see `_purge_schema`
                connection.exec_driver_sql("LOCK TABLE facts IN ACCESS SHARE MODE")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are all done at the end, or none; one at a time.

        Raises:
            SettingsError: the store was opened for reading, or may not be written to.
            CollectionTooNew: the store was made by a newer shotseek.
            CatalogUnreachable: its database cannot be opened.
        """
        if not self._is_writing:
            raise SettingsError(f"{self._name}: was opened for reading; open it for writing")
        if not self._is_current:
            self._create()
        with self._open().writing() as connection:
            if self._url is None:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            # First of all: in PostgreSQL this row is what writers wait for.
            connection.execute(_set(REVISION, facts.c.value + 1))
            yield connection

    def purge(self) -> None:
        """Rewrite the database without what removed rows left in it, if there is anything.

        Raises:
            CollectionBusy: readers held on to the old content for too long; the next opening for
                writing tries again.
        """
        with self.reading() as connection:
            marks = 0 if connection is None else read_fact(connection, TO_PURGE)
        if not marks:
            return
        if self._url is not None:
            self._purge_schema()
            return
        self._purge_file()
        with self.writing() as connection:  # what was removed since the file was rewritten stays
            is_clean = facts.c.value == marks
            connection.execute(_set(TO_PURGE, sa.literal(0)).where(is_clean))

    def close(self) -> None:
        """Close all connections."""
        if self._database is not None:
            self._database.close()

    def _open(self) -> Database:
        with self._opening:
            if self._database is None:
                self._database = self._connect(self._url)
            return self._database

    def _connect(self, url: URL | None) -> Database:
        if url is None:
            return open_sqlite(self._path)
        return open_postgresql(with_password(url), self._schema)

    def _is_there(self) -> bool:
        """Whether there is anything to read."""
        if self._url is None and not self._path.is_file():
            return False
        if self._is_current:
            return True
        with self._open().reading() as connection:
            return self._is_made(connection)

    def _is_made(self, connection: Connection) -> bool:
        """Whether there are tables that can be read."""
        if not self._is_current:
            if not sa.inspect(connection).has_table(facts.name):
                return False
            version = read_fact(connection, VERSION)
            if version > SCHEMA:
                raise CollectionTooNew(
                    f"{self._name}: has version {version}, this shotseek knows {SCHEMA}; use a "
                    "newer shotseek"
                )
            self._is_current = True
        return True

    def _create(self) -> None:
        """Make the tables, unless they are there; the lock keeps two processes from doing it."""
        with writer_lock(self._folder), self._open().writing() as connection:
            if self._is_made(connection):
                return
            if self._url is not None:
                connection.execute(sa.schema.CreateSchema(self._schema, if_not_exists=True))
            metadata.create_all(connection)
            if self._url is not None:
                for table, column in NAMES:  # statistics would hold copies of names
                    line = f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0"
                    connection.exec_driver_sql(line)
            first = {VERSION: SCHEMA, REVISION: 0, TO_PURGE: 0}
            rows = [{"key": key, "value": value} for key, value in first.items()]
            connection.execute(sa.insert(facts), rows)
        self._is_current = True

    def _purge_file(self) -> None:
        """Rewrite the file, and empty the log beside it, which holds older pages.

        Removed rows are overwritten already; rewriting takes the copies too that are left where
        pages were split or joined, and those of a program that does not overwrite.
        """
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout={self._wait_ms}")
            try:
                connection.execute("VACUUM")
                is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError as error:
                raise CollectionBusy(self._unpurged(str(error))) from error
        if is_busy:
            raise CollectionBusy(self._unpurged("somebody is reading"))

    def _purge_schema(self) -> None:
        """Empty the tables, which gives them new files, and fill them again.

        Who takes an older view afterwards would see them empty: so readers lock `facts` before they
        take theirs, and this waits for them. It locks before it changes anything, or two writers
        could wait for each other.
        """
        with self._open().writing() as connection:
            connection.exec_driver_sql("LOCK TABLE facts IN ACCESS EXCLUSIVE MODE")
            kept = [(table, connection.execute(sa.select(table)).all()) for table in PERSONAL]
            names = ", ".join(table.name for table in PERSONAL)
            connection.exec_driver_sql(f"TRUNCATE {names}")
            for table, rows in kept:
                if rows:
                    connection.execute(sa.insert(table), [row._asdict() for row in rows])
            connection.execute(_set(TO_PURGE, sa.literal(0)))

    def _unpurged(self, why: str) -> str:
        return (
            f"{self._path}: what was forgotten is gone from all answers, but traces of it are in "
            f"the file still ({why}); they go when it is opened for writing next"
        )


def read_fact(connection: Connection, key: str) -> int:
    """One of the counters; 0 where it is not there."""
    return connection.scalar(sa.select(facts.c.value).where(facts.c.key == key)) or 0


def mark_for_purge(connection: Connection) -> None:
    """Remember, with the change itself, that what it removes has to leave the file too."""
    connection.execute(_set(TO_PURGE, facts.c.value + 1))


def _set(key: str, value: sa.ColumnElement[int]) -> sa.Update:
    return sa.update(facts).where(facts.c.key == key).values(value=value)
