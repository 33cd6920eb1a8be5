"""The catalog of one collection, in SQLite or PostgreSQL: opened, asked, changed.

`tests/indexer/test_catalog.py` is the contract that both databases keep. In PostgreSQL a collection
has a schema of its own, `shotseek_<collection id>`, so one database can hold several. Knows no
Parquet, no pictures, no lock between processes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from indexer.catalog.address import with_password
from indexer.catalog.bulk import CHUNK_ROWS
from indexer.catalog.change import CatalogChange
from indexer.catalog.engine import Database, open_postgresql, open_sqlite
from indexer.catalog.glance import CATALOG_FILE
from indexer.catalog.reader import CatalogReader
from indexer.catalog.schema import is_current, read_version, upgrade
from indexer.error import CatalogUnreachable
from indexer.records import (
    CollectionRun,
    Counts,
    Failure,
    Keyframe,
    Run,
    RunStanding,
    Scene,
    Shot,
    Video,
)


class Catalog:
    """The rows of one collection; may be asked from several threads."""

    def __init__(self, database: Database, place: Path | str) -> None:
        """Use `at`; the place is a file, or a schema in PostgreSQL."""
        self._database = database
        self._place = place

    @classmethod
    def at(cls, folder: Path, collection_id: str, url: URL | None) -> "Catalog":
        """The catalog of a collection; connects only when it is asked something."""
        if url is None:
            return cls(open_sqlite(folder / CATALOG_FILE), folder / CATALOG_FILE)
        schema = f"shotseek_{collection_id}"
        return cls(open_postgresql(with_password(url), schema), schema)

    def is_current(self) -> bool:
        """Whether the tables are those of this version of shotseek.

        Raises:
            CollectionTooNew: they are of a newer one.
            CatalogUnreachable: there are none, or the database cannot be reached.
        """
        is_there = isinstance(self._place, str) or self._place.is_file()
        version = read_version(self._database) if is_there else None
        if version is None:
            raise CatalogUnreachable(
                f"{self._place}: no catalog there; restore it from a backup, or index anew into "
                "another folder"
            )
        return is_current(version, str(self._place))

    def upgrade(self) -> None:
        """Make the tables, or bring them up to date; to be called under the writer's lock.

        Raises:
            CollectionTooNew: they are of a newer version of shotseek.
        """
        if not is_current(read_version(self._database), str(self._place)):
            upgrade(self._database, self._place if isinstance(self._place, str) else None)

    @contextmanager
    def reading(self) -> Iterator[CatalogReader]:
        """One unchanging view, for questions whose answers have to fit together."""
        with self._database.reading() as connection:
            yield CatalogReader(connection)

    @contextmanager
    def changing(self) -> Iterator[CatalogChange]:
        """One transaction: committed and durable at the end, or nothing of it was done."""
        with self._database.writing() as connection:
            yield CatalogChange(connection)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    @property
    def revision(self) -> int:
        """A number that grows with every change of what generations are made from."""
        with self.reading() as reader:
            return reader.revision

    def counts(self) -> Counts:
        """How many videos, shots and keyframes there are."""
        with self.reading() as reader:
            return reader.counts()

    def find_videos(self) -> list[Video]:
        """All videos, by id."""
        with self.reading() as reader:
            return reader.find_videos()

    def find_shots(self, video: Video) -> list[Shot]:
        """The shots of a video, by number."""
        with self.reading() as reader:
            return reader.find_shots(video)

    def find_keyframes(self, video: Video) -> list[Keyframe]:
        """The keyframes of a video, by time."""
        with self.reading() as reader:
            return reader.find_keyframes(video)

    def find_scenes(self, video: Video) -> list[Scene]:
        """The scenes of a video, by number."""
        with self.reading() as reader:
            return reader.find_scenes(video)

    def find_runs(self, video: Video) -> list[Run]:
        """The runs on a video with their files, in the order in which they came."""
        with self.reading() as reader:
            return reader.find_runs(video)

    def read_runs(self) -> list[RunStanding]:
        """What stands of every analyzer for every video, by video, in one question."""
        with self.reading() as reader:
            return reader.read_runs()

    def find_collection_runs(self) -> list[CollectionRun]:
        """The runs over the whole collection, by analyzer."""
        with self.reading() as reader:
            return reader.find_collection_runs()

    def find_failures(self) -> list[Failure]:
        """The videos that could not be indexed, by path."""
        with self.reading() as reader:
            return reader.find_failures()

    def read_columns(self, table: str, columns: Sequence[str]) -> dict[str, Any]:
        """Whole columns of one table side by side, ordered by video and the rest of its key.

        Integers as int64 (n,), floats as float64 (n,) with NaN for none, texts as lists.
        """
        with self.reading() as reader:
            return reader.read_columns(table, columns)

    def read_chunks(
        self, table: str, columns: Sequence[str], rows: int = CHUNK_ROWS
    ) -> Iterator[dict[str, Any]]:
        """The same in parts that each hold whole videos: about `rows` rows, or one video's."""
        with self.reading() as reader:
            yield from reader.read_chunks(table, columns, rows)
