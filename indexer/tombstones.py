"""Where nobody may be known, as the one who stores findings is told: by video and by content.

A video is removed and added again, moved, copied: its public id may be another then, what it holds
is the same. So tombstones stand under both the id and the content. Knows no findings.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from indexer.catalog.catalog import Catalog
from indexer.deposit import content_uid
from indexer.people.people import People, open_people
from indexer.people.person import Span
from indexer.records import FoundVideo, Video

Spans: TypeAlias = tuple[Span, ...]


class Tombstones:
    """The tombstones of one collection, read anew whenever they are asked for."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        """Opens nothing yet."""
        self._folder = folder
        self._catalog = catalog
        self._people: People | None = None

    def find(self, videos: Sequence[FoundVideo]) -> list[Spans]:
        """Those that each of some videos, stored or not yet, has to obey; in a fixed order.

        Raises:
            CollectionTooNew: the store was made by a newer shotseek.
            CatalogUnreachable: its database cannot be opened.
        """
        if self._people is None:
            self._people = open_people(self._folder)
        if len(videos) == 1:
            names = self._names_of(videos[0])
            return [tuple(span for name in names for span in self._people.find_tombstones(name))]
        buried: dict[str, list[Span]] = {}
        for span in self._people.find_tombstones():
            buried.setdefault(span.video, []).append(span)
        return [
            tuple(span for name in self._names_of(video) for span in buried.get(name, ()))
            for video in (videos if buried else ())
        ] or [()] * len(videos)

    def close(self) -> None:
        """Close the store."""
        if self._people is not None:
            self._people.close()

    def _names_of(self, found: FoundVideo) -> tuple[str, ...]:
        if isinstance(found, Video):
            return names_of(found)
        with self._catalog.reading() as reader:
            old = reader.find_video("path", found.path)
        content = content_uid(found.sample_hash)
        return (content,) if old is None else tuple(dict.fromkeys((old.uid, content)))


def names_of(video: Video) -> tuple[str, ...]:
    """The ids under which the tombstones of a video stand: its own and that of its content."""
    return tuple(dict.fromkeys((video.uid, content_uid(video.sample_hash))))
