"""What a running server knows of persons, opened when it is first asked for. Knows no HTTP."""

from threading import Lock
from typing import TYPE_CHECKING

from indexer.collection import Collection

if TYPE_CHECKING:
    from indexer.people.gallery import Gallery
    from indexer.people.people import People


class PersonsDoor:
    """The gallery of one collection; safe to share between threads."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._people: People | None = None
        self._gallery: Gallery | None = None
        self._turn = Lock()

    def gallery(self) -> "Gallery":
        """The gallery, open for writing.

        Raises:
            ShotseekError: what is known of persons cannot be opened.
        """
        from indexer.people.gallery import Gallery
        from indexer.people.people import open_people

        with self._turn:
            if self._gallery is None:
                self._people = open_people(self._collection.folder, writing=True)
                self._gallery = Gallery(self._collection, self._people)
            return self._gallery

    def close(self) -> None:
        """Let go of it."""
        with self._turn:
            if self._people is not None:
                self._people.close()
            self._people = self._gallery = None
