"""Opens generations. Touches nothing but their files: no catalog, no videos, no models."""

from pathlib import Path
from typing import Any

import numpy as np

from analyzers.encoder import Space
from analyzers.finding import WordsKind
from indexer.generations.columns import (
    LabelName,
    LabelRows,
    LabelShots,
    LabelTable,
    MeasureName,
    MeasureShots,
    MeasureTable,
)
from indexer.generations.exact import ExactIndex
from indexer.generations.faiss_index import FaissIndex, has_faiss
from indexer.generations.generation import Generation, RowTable, ShotTable, VideoTable
from indexer.generations.manifest import (
    NAME,
    GenerationMissing,
    GenerationUnreadable,
    Manifest,
    read_manifest,
)
from indexer.generations.postings import DocumentTable, Postings
from indexer.generations.space_index import SpaceIndex
from indexer.generations.storage import Arrays, open_arrays
from indexer.generations.strings import unpack_strings
from indexer.generations.vocabulary import Vocabulary

INDEXES = "indexes"  # the folder in the collection's
HALF_MADE = ".tmp"  # how the name of a generation ends while it is written
TRIES = 5  # a newer generation may push out the one that is being opened


def open_generation(folder: Path, name: str | None = None) -> Generation:
    """Open one generation of a collection's folder, the newest unless it is named.

    Raises:
        GenerationMissing: there is none, or none of that name.
        GenerationUnreadable: it is of another format, or damaged.
    """
    for _ in range(TRIES):
        names = find_generations(folder)
        wanted = name or (names[-1] if names else None)
        if wanted not in names:
            break
        try:
            return _open(folder / INDEXES / wanted)
        except FileNotFoundError:
            continue
    what = f"generation {name}" if name else "search files"
    raise GenerationMissing(f"{folder} holds no {what}: run `shotseek rebuild`")


def find_generations(folder: Path) -> list[str]:
    """The names of the complete generations of a collection's folder, oldest first."""
    manifests = (folder / INDEXES).glob(f"*/{NAME}")
    return sorted(path.parent.name for path in manifests if path.parent.suffix != HALF_MADE)


def describe_generation(folder: Path) -> dict[str, Any] | None:
    """What the newest generation of a collection's folder says of itself; None without one."""
    names = find_generations(folder)
    if not names:
        return None
    manifest = read_manifest(folder / INDEXES / names[-1])
    return {
        "name": manifest.name,
        "revision": manifest.revision,
        "created": manifest.created,
        "counts": dict(manifest.counts),
        "bytes": sum(manifest.files.values()),
    }


def _open(folder: Path) -> Generation:
    manifest = read_manifest(folder)
    for file, size in manifest.files.items():
        if (folder / file).stat().st_size != size:
            raise GenerationUnreadable(f"{folder / file} is damaged: run `shotseek rebuild`")
    return read_generation(manifest, open_arrays(folder))


def read_generation(manifest: Manifest, arrays: Arrays) -> Generation:
    """A generation over arrays that are there already."""
    notes = () if has_faiss() else ("FAISS is not installed: vectors are searched by numpy",)
    rows = _table(RowTable, arrays, "rows")
    return Generation(
        manifest.name,
        manifest.revision,
        manifest.collection_id,
        _table(VideoTable, arrays, "videos", texts=("uid", "name", "path")),
        _table(ShotTable, arrays, "shots"),
        rows,
        {space.name: _read_space(space, arrays, len(rows)) for space in manifest.spaces},
        _read_postings(manifest, arrays),
        _read_labels(arrays),
        _read_measures(arrays),
        notes,
    )
