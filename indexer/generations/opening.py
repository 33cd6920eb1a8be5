"""Opens generations. Touches nothing but their files: no catalog, no videos, no models."""

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

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
    find_damaged,
    read_manifest,
)
from indexer.generations.postings import DocumentTable, Postings
from indexer.generations.space_index import SpaceIndex
from indexer.generations.storage import Arrays, open_arrays
from indexer.generations.strings import unpack_strings
from indexer.generations.vocabulary import Vocabulary

INDEXES = "indexes"  # the folder in the collection's
COMPLETE = re.compile("[0-9]{8,}-[0-9a-f]+")  # the names of generations
HALF_MADE = ".tmp"  # how they end while a generation is written or removed
TRIES = 5  # a newer generation may push out the one that is being opened
Table = TypeVar("Table")


def open_generation(folder: Path, name: str | None = None) -> Generation:
    """Open one generation of a collection's folder, the newest whole one unless it is named.

    Where a newer one is damaged, a note says so.

    Raises:
        GenerationMissing: there is none, or none of that name.
        GenerationUnreadable: it is of another format, or damaged; so are all, if none is named.
    """
    for _ in range(TRIES):
        names = find_generations(folder)
        wanted = names[::-1] if name is None else [each for each in names if each == name]
        if not wanted:
            break
        try:
            return _open_first(folder / INDEXES, wanted)
        except FileNotFoundError:
            continue
    what = f"generation {name}" if name else "search files"
    raise GenerationMissing(f"{folder} holds no {what}: run `shotseek rebuild`")


def find_generations(folder: Path) -> list[str]:
    """The names of the complete generations of a collection's folder, oldest first."""
    manifests = (folder / INDEXES).glob(f"*/{NAME}")
    return sorted(path.parent.name for path in manifests if COMPLETE.fullmatch(path.parent.name))


def describe_generation(folder: Path) -> dict[str, Any] | None:
    """What the newest generation of a collection's folder says of itself; None without one."""
    names = find_generations(folder)
    if not names:
        return None
    newest = folder / INDEXES / names[-1]
    try:
        manifest = read_manifest(newest)
    except GenerationUnreadable as error:
        unknown = dict.fromkeys(("revision", "created"))
        return {"name": newest.name, **unknown, "counts": {}, "bytes": 0, "damage": str(error)}
    damaged = find_damaged(newest, manifest)
    return {
        "name": manifest.name,
        "revision": manifest.revision,
        "created": manifest.created,
        "counts": dict(manifest.counts),
        "bytes": sum(manifest.files.values()),
        "damage": None if damaged is None else _damage(damaged),
    }


def find_damage(folder: Path, name: str) -> str | None:
    """What is wrong with a generation of a collection's folder, with the remedy; None if whole."""
    place = folder / INDEXES / name
    try:
        damaged = find_damaged(place, read_manifest(place))
    except FileNotFoundError:
        return None  # a newer one has pushed it out
    except GenerationUnreadable as error:
        return str(error)
    is_there = (place / NAME).exists()
    return _damage(damaged) if damaged is not None and is_there else None


def _damage(file: Path) -> str:
    what = "is damaged" if file.exists() else "is missing"
    return f"{file} {what}: run `shotseek rebuild`"


def _open_first(indexes: Path, names: Sequence[str]) -> Generation:
    """The first whole one of these generations, with a note if it is not the first of all."""
    damage: GenerationUnreadable | None = None
    for name in names:
        try:
            generation = _open(indexes / name)
        except GenerationUnreadable as error:
            damage = damage or error
            continue
        if damage is None:
            return generation
        note = f"{damage}; until then the older search files {name} are used"
        return replace(generation, notes=(note, *generation.notes))
    assert damage is not None  # there are names
    raise damage


def _open(folder: Path) -> Generation:
    """Open one; raises FileNotFoundError where a newer one has pushed it out meanwhile."""
    manifest = read_manifest(folder)
    damaged = find_damaged(folder, manifest)
    if damaged is not None:
        if not (folder / NAME).exists():
            raise FileNotFoundError(folder)
        raise GenerationUnreadable(_damage(damaged))
    try:
        return read_generation(manifest, open_arrays(folder, manifest.files))
    except (ValueError, LookupError) as error:
        raise GenerationUnreadable(f"{folder} is damaged: run `shotseek rebuild`") from error


def read_generation(manifest: Manifest, arrays: Arrays) -> Generation:
    """A generation over arrays that are there already."""
    slow = () if has_faiss() else ("FAISS is not installed: vectors are searched by numpy",)
    rows = _table(RowTable, arrays, "rows")
    return Generation(
        manifest.name,
        manifest.revision,
        manifest.collection_id,
        _table(VideoTable, arrays, "videos", **_video_texts(arrays)),
        _table(ShotTable, arrays, "shots"),
        rows,
        {space.name: _read_space(space, arrays, len(rows)) for space in manifest.spaces},
        _read_postings(manifest, arrays),
        _read_labels(arrays),
        _read_measures(arrays),
        (*manifest.notes, *slow),
    )


def _table(make: Callable[..., Table], arrays: Arrays, prefix: str, **more: Any) -> Table:
    """A table whose fields are arrays named `<prefix>.<field>`, or are given."""
    names = {field.name for field in fields(make)} - more.keys()  # type: ignore[arg-type]
    return make(**{name: arrays[f"{prefix}.{name}"] for name in names}, **more)


def _video_texts(arrays: Arrays) -> dict[str, tuple[str, ...]]:
    return {name: _texts(arrays, f"videos.{name}") for name in ("uid", "name", "path")}


def _texts(arrays: Arrays, name: str) -> tuple[str, ...]:
    return unpack_strings(arrays[f"{name}.data"], arrays[f"{name}.first"])


def _read_space(space: Space, arrays: Arrays, rows: int) -> SpaceIndex:
    vectors, row = arrays[f"space.{space.name}.vectors"], arrays[f"space.{space.name}.row"]
    return SpaceIndex(space, FaissIndex(vectors) if has_faiss() else ExactIndex(vectors), row, rows)


def _read_postings(manifest: Manifest, arrays: Arrays) -> Postings:
    kinds = tuple(WordsKind(kind) for kind in manifest.kinds)
    return _table(
        Postings,
        arrays,
        "postings",
        documents=_table(DocumentTable, arrays, "documents", kinds=kinds),
        vocabulary=_table(Vocabulary, arrays, "vocabulary"),
    )


def _read_labels(arrays: Arrays) -> LabelTable:
    first = arrays["labels.shots.first"]
    names = zip(
        _texts(arrays, "labels.vocabulary"),
        _texts(arrays, "labels.name"),
        np.diff(first).tolist(),
        strict=True,
    )
    return LabelTable(
        tuple(LabelName(*name) for name in names),
        first,
        _table(LabelShots, arrays, "labels.shots"),
        arrays["labels.rows.first"],
        _table(LabelRows, arrays, "labels.rows"),
    )


def _read_measures(arrays: Arrays) -> MeasureTable:
    first = arrays["measures.first"]
    texts = (_texts(arrays, "measures.name"), _texts(arrays, "measures.unit"))
    names = zip(*texts, np.diff(first).tolist(), strict=True)
    return MeasureTable(
        tuple(MeasureName(*name) for name in names), first, _table(MeasureShots, arrays, "measures")
    )
