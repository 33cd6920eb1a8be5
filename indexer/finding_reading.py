"""Reads what was found in a video, from the catalog and from files that writers may replace.

Knows no lock, and writes nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from analyzers.finding import Finding
from indexer.catalog.catalog import Catalog
from indexer.error import CollectionChanged, CollectionDamaged
from indexer.records import StoredFile, Video
from indexer.run_files import read_run_files

READ_AGAIN = 5  # times, where another process replaces what is being read


class FindingReader:
    """Reads the findings of one collection."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder = folder
        self._catalog = catalog

    def find(self, video: Video, analyzers: Sequence[str] | None = None) -> list[Finding]:
        """What was found in a video, by all analyzers or some; run by run, as they said it."""
        for _ in range(READ_AGAIN):
            try:
                return self._find(video, analyzers)
            except CollectionChanged:
                continue
        return self._find(video, analyzers)

    @contextmanager
    def said_if_missing(self, files: Sequence[StoredFile]) -> Iterator[None]:
        """Tell a file that was replaced from one that is lost.

        Raises:
            CollectionChanged: one of these files was replaced or removed meanwhile.
            CollectionDamaged: one of them is missing.
        """
        try:
            yield
        except FileNotFoundError as error:
            with self._catalog.reading() as reader:
                named = {file.path for _, file in reader.find_files()}
            lost = [f.path for f in files if not (self._folder / f.path).exists()]
            if any(path in named for path in lost):
                raise CollectionDamaged(
                    f"{self._folder}: {', '.join(lost)} is missing; run `shotseek check`, then "
                    "`shotseek index`"
                ) from error
            raise CollectionChanged(
                f"{self._folder}: another process has changed it meanwhile; run the command again"
            ) from error

    def _find(self, video: Video, analyzers: Sequence[str] | None) -> list[Finding]:
        with self._catalog.reading() as reader:
            run_ids = reader.find_run_ids(video, analyzers)
            placed = reader.find_placed(video, run_ids)
            files = [file for file in reader.find_run_files(video) if file[0] in placed]
        with self.said_if_missing([file for _, file in files]):
            for run_id, file in files:
                placed[run_id].extend(read_run_files(self._folder, [file]))
        return [
            finding
            for run_id in run_ids
            for _, finding in sorted(placed[run_id], key=lambda each: each[0])
        ]
