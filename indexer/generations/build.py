"""Builds generations from a collection."""

from collections.abc import Callable

from analyzers.error import ShotseekError
from indexer.collection import Collection
from indexer.generations.manifest import GenerationMissing, GenerationUnreadable
from indexer.generations.opening import open_generation
from indexer.generations.reading import open_content
from indexer.generations.writing import write_locked

TRIES = 3


def build_generation(
    collection: Collection, on_progress: Callable[[str], None] = lambda stage: None
) -> str:
    """Make all search files anew; gives the generation's name.

    Memory stays bounded: words, labels and vectors are streamed. Where another process replaces
    files of vectors before they are read, building begins again.
    """
    for _ in range(TRIES - 1):
        before = collection.revision
        try:
            return write_locked(collection.folder, open_content(collection), on_progress)
        except (ShotseekError, FileNotFoundError):
            if collection.revision == before:
                raise
    return write_locked(collection.folder, open_content(collection), on_progress)


def bring_up_to_date(collection: Collection) -> str:
    """Build a generation, unless the newest is whole and holds what the collection holds now."""
    try:
        newest = open_generation(collection.folder)
    except (GenerationMissing, GenerationUnreadable):
        return build_generation(collection)
    spaces = {name: index.space for name, index in newest.spaces.items()}
    made_of = (newest.collection_id, newest.revision, spaces)
    if made_of == (collection.id, collection.revision, collection.spaces):
        return newest.name
    return build_generation(collection)
