"""Opens what a collection's folder has to search in; where it has nothing, says what is lacking."""

from pathlib import Path

from indexer.collection_file import read_collection_file
from indexer.generations.codes import FirstPass
from indexer.generations.generation import Generation
from indexer.generations.manifest import GenerationMissing
from indexer.generations.opening import open_generation


def open_newest(
    folder: Path, older: Generation | None = None, first_pass: FirstPass = "auto"
) -> Generation:
    """The newest generation of a collection, opened as `open_generation` says.

    Raises:
        CollectionMissing: the folder holds no collection.
        GenerationMissing: it does, but nothing was built to search in yet.
    """
    try:
        return open_generation(folder, older=older, first_pass=first_pass)
    except GenerationMissing as error:
        read_collection_file(folder)
        raise GenerationMissing(
            f"{folder}: no search files yet; if `shotseek index` was interrupted, run it again, "
            f"else: shotseek rebuild --collection {folder}"
        ) from error
