"""Builds generations from a collection."""

from collections.abc import Callable

from analyzers.error import ShotseekError
from indexer.collection import Collection
from indexer.generations.manifest import GenerationMissing, GenerationUnreadable
from indexer.generations.opening import find_generations, open_generation
from indexer.generations.reading import (
    VectorsUnreadable,
    find_unreadable,
    note_of,
    open_content,
)
from indexer.generations.writing import write_locked

TRIES = 3


def build_generation(
    collection: Collection, on_progress: Callable[[str], None] = lambda stage: None
) -> str:
    """Make all search files anew; gives the generation's name.

    Memory stays bounded: words, labels and vectors are streamed. Where another process replaces
    files of vectors before they are read, building begins again; where files are missing or
    damaged, it begins again without them, and the generation has a note that says so.
    """
    left_out: frozenset[str] = frozenset()
    for _ in range(TRIES - 1):
        before = collection.revision
        try:
            return write_locked(collection.folder, open_content(collection, left_out), on_progress)
        except VectorsUnreadable:
            if collection.revision == before:
                left_out = find_unreadable(collection)
                if left_out:
                    on_progress(note_of(left_out))
        except ShotseekError:
            if collection.revision == before:
                raise
    return write_locked(collection.folder, open_content(collection, left_out), on_progress)


def bring_up_to_date(collection: Collection) -> str:
    """Build a generation, unless the newest is whole and holds what the collection holds now."""
    name = max(find_generations(collection.folder), default=None)
    try:
        newest = open_generation(collection.folder, name)
    except (GenerationMissing, GenerationUnreadable):
        return build_generation(collection)
    spaces = {name: index.space for name, index in newest.spaces.items()}
    made_of = (newest.collection_id, newest.revision, spaces)
    if made_of == (collection.id, collection.revision, collection.spaces):
        return newest.name
    return build_generation(collection)
