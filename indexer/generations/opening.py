"""Opens generations and their parts. Touches nothing but their files: no catalog, no models."""

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.error import SettingsError
from analyzers.finding import WordsKind
from indexer.generations.coded_index import CodedIndex
from indexer.generations.codes import FirstPass, wants_first_pass
from indexer.generations.coding import read_coding
from indexer.generations.columns import (
    BoxedLabels,
    LabelName,
    LabelRows,
    LabelShots,
    LabelTable,
    MeasureName,
    MeasureShots,
    MeasureTable,
)
from indexer.generations.crop_table import TrackVectors
from indexer.generations.exact import ExactIndex
from indexer.generations.faiss_index import FaissIndex, has_faiss
from indexer.generations.generation import Generation, RowTable, ShotTable, VideoTable
from indexer.generations.joining import join_parts
from indexer.generations.kernel import has_kernel
from indexer.generations.manifest import (
    NAME,
    PARTS,
    GenerationMissing,
    GenerationUnreadable,
    Manifest,
    PartManifest,
    find_damaged,
    read_manifest,
    read_part_manifest,
)
from indexer.generations.part import Part
from indexer.generations.postings import DocumentTable, Postings
from indexer.generations.space_index import SpaceIndex
from indexer.generations.storage import Arrays, open_arrays
from indexer.generations.strings import unpack_strings
from indexer.generations.track_table import PartTracks, TrackBoxes, no_tracks
from indexer.generations.vector_index import VectorIndex
from indexer.generations.vocabulary import Vocabulary

INDEXES = "indexes"  # the folder in the collection's
COMPLETE = re.compile("[0-9]{8,}-[0-9a-f]+")  # the names of generations
HALF_MADE = ".tmp"  # how they end while a generation is written or removed
WITHOUT_KERNEL = (
    "the compiled loops of shotseek are missing: large spaces are searched more than ten times "
    "slower; install shotseek again where there is a C compiler"
)
TRIES = 5  # a newer generation may push out the one that is being opened
Table = TypeVar("Table")


def open_generation(
    folder: Path,
    name: str | None = None,
    older: Generation | None = None,
    first_pass: FirstPass = "auto",
) -> Generation:
    """Open one generation of a collection's folder, the newest whole one unless it is named.

    Where a newer one is damaged, a note says so.

    Args:
        folder: the collection's.
        name: of the generation.
        older: one whose parts that are open are shared, as they were opened.
        first_pass: whether coded vectors are read in two passes: where there are more than
            `codes.FIRST_PASS_ABOVE` in a part, always, never.

    Raises:
        GenerationMissing: there is none, or none of that name.
        GenerationUnreadable: it is of another format, or damaged; so are all, if none is named.
        SettingsError: a first pass is wanted always, and its files were made before there was one.
    """
    for _ in range(TRIES):
        names = find_generations(folder)
        wanted = names[::-1] if name is None else [each for each in names if each == name]
        if not wanted:
            break
        try:
            return _open_first(folder / INDEXES, wanted, older, first_pass)
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
        damaged = find_damaged(folder / INDEXES, manifest)
    except GenerationUnreadable as error:
        unknown = dict.fromkeys(("revision", "created"))
        return {"name": newest.name, **unknown, "counts": {}, "bytes": 0, "damage": str(error)}
    return {
        "name": manifest.name,
        "revision": manifest.revision,
        "created": manifest.created,
        "counts": dict(manifest.counts),
        "bytes": manifest.bytes,
        "damage": None if damaged is None else _damage(damaged),
    }


def find_damage(folder: Path, name: str) -> str | None:
    """What is wrong with a generation of a collection's folder, with the remedy; None if whole."""
    place = folder / INDEXES / name
    try:
        damaged = find_damaged(folder / INDEXES, read_manifest(place))
    except FileNotFoundError:
        return None  # a newer one has pushed it out
    except GenerationUnreadable as error:
        return str(error)
    is_there = (place / NAME).exists()
    return _damage(damaged) if damaged is not None and is_there else None


def _damage(file: Path) -> str:
    what = "is damaged" if file.exists() else "is missing"
    return f"{file} {what}: run `shotseek rebuild`"


def _open_first(
    indexes: Path, names: Sequence[str], older: Generation | None, first_pass: FirstPass
) -> Generation:
    """The first whole one of these generations, with a note if it is not the first of all."""
    damage: GenerationUnreadable | None = None
    for name in names:
        try:
            generation = _open(indexes, name, older, first_pass)
        except GenerationUnreadable as error:
            damage = damage or error
            continue
        if damage is None:
            return generation
        note = f"{damage}; until then the older search files {name} are used"
        return replace(generation, notes=(note, *generation.notes))
    assert damage is not None  # there are names
    raise damage


def _open(indexes: Path, name: str, older: Generation | None, first_pass: FirstPass) -> Generation:
    """Open one; raises FileNotFoundError where a newer one has pushed it out meanwhile."""
    manifest = read_manifest(indexes / name)
    damaged = find_damaged(indexes, manifest)
    if damaged is not None:
        if not (indexes / name / NAME).exists():
            raise FileNotFoundError(indexes / name)
        raise GenerationUnreadable(_damage(damaged))
    opened = {part.manifest.name: part for part in older.parts} if older else {}
    parts = [
        opened.get(used.name) or open_part(indexes, used.name, first_pass)
        for used in manifest.parts
    ]
    try:
        return finish(manifest, parts)
    except (ValueError, LookupError) as error:
        raise GenerationUnreadable(
            f"{indexes / name} is damaged: run `shotseek rebuild`"
        ) from error


def open_part(indexes: Path, name: str, first_pass: FirstPass = "auto") -> Part:
    """Open one part.

    Raises GenerationUnreadable where it is damaged, FileNotFoundError where it is not there.
    """
    folder = indexes / PARTS / name
    manifest = read_part_manifest(folder)
    try:
        return read_part(manifest, open_arrays(folder, manifest.files), first_pass)
    except (ValueError, LookupError) as error:
        raise GenerationUnreadable(f"{folder} is damaged: run `shotseek rebuild`") from error


def finish(manifest: Manifest, parts: Sequence[Part]) -> Generation:
    """The generation that a manifest describes, from its parts in order."""
    generation = join_parts(manifest, parts)
    is_slow = not has_kernel() and any(not each.is_exact for each in generation.spaces.values())
    return replace(generation, notes=(*generation.notes, WITHOUT_KERNEL)) if is_slow else generation


def read_part(manifest: PartManifest, arrays: Arrays, first_pass: FirstPass = "auto") -> Part:
    """A part over arrays that are there already."""
    rows = _table(RowTable, arrays, "rows")
    spaces = {
        space.name: SpaceIndex(
            space,
            read_vectors(space, arrays, first_pass),
            arrays[f"space.{space.name}.row"],
            len(rows),
        )
        for space in manifest.spaces
    }
    return Part(
        manifest,
        _table(VideoTable, arrays, "videos", **_video_texts(arrays)),
        arrays["videos.revision"],
        _table(ShotTable, arrays, "shots"),
        rows,
        spaces,
        _read_postings(manifest, arrays),
        _read_labels(arrays),
        _read_measures(arrays),
        _read_tracks(arrays),
        {
            space.name: _read_crops(space, arrays, first_pass)
            for space in manifest.spaces
            if f"crops.{space.name}.shot" in arrays
        },
    )


def _table(make: Callable[..., Table], arrays: Arrays, prefix: str, **more: Any) -> Table:
    """A table whose fields are arrays named `<prefix>.<field>`, or are given."""
    names = {field.name for field in fields(make)} - more.keys()  # type: ignore[arg-type]
    return make(**{name: arrays[f"{prefix}.{name}"] for name in names}, **more)


def _video_texts(arrays: Arrays) -> dict[str, tuple[str, ...]]:
    return {name: _texts(arrays, f"videos.{name}") for name in ("uid", "name", "path")}


def _texts(arrays: Arrays, name: str) -> tuple[str, ...]:
    return unpack_strings(arrays[f"{name}.data"], arrays[f"{name}.first"])


def read_vectors(
    space: Space, arrays: Arrays, first_pass: FirstPass, group: str = "space"
) -> VectorIndex:
    """The vectors of one space of a part, of pictures or of `crops`; see `open_generation`."""
    prefix = f"{group}.{space.name}"
    coding = read_coding(arrays, prefix)
    if coding is not None:
        codes = arrays[f"{prefix}.codes"]
        halves = arrays.open_rows(f"{prefix}.halves")
        nibbles = f"{prefix}.nibbles"
        if first_pass == "always" and nibbles not in arrays:
            raise SettingsError(
                f"first_pass: the search files of space {space.name} were made without: run "
                "`shotseek rebuild`"
            )
        if wants_first_pass(len(codes), first_pass) and nibbles in arrays:
            arrays.read_ahead(nibbles)
            return CodedIndex(coding, codes, halves, arrays[nibbles])
        arrays.read_ahead(f"{prefix}.codes")
        return CodedIndex(coding, codes, halves)
    vectors = arrays[f"{prefix}.vectors"]
    return FaissIndex(vectors) if has_faiss() else ExactIndex(vectors)


def _read_postings(manifest: PartManifest, arrays: Arrays) -> Postings:
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
        *_read_boxes(arrays),
    )


def _read_boxes(arrays: Arrays) -> tuple[NDArray[np.int64], BoxedLabels] | tuple[()]:
    """The boxes of labels, where there are any."""
    if "labels.boxes.first" not in arrays:
        return ()
    return arrays["labels.boxes.first"], _table(BoxedLabels, arrays, "labels.boxes")


def _read_tracks(arrays: Arrays) -> PartTracks:
    if "tracks.video" not in arrays:
        return no_tracks()
    return _table(
        PartTracks,
        arrays,
        "tracks",
        kinds=_texts(arrays, "tracks.kinds.name"),
        clusters=_texts(arrays, "tracks.clusters.name"),
        id_data=arrays["tracks.id.data"],
        id_first=arrays["tracks.id.first"],
        first_box=arrays["tracks.boxes.first"],
        boxes=_table(TrackBoxes, arrays, "tracks.boxes"),
    )


def _read_crops(space: Space, arrays: Arrays, first_pass: FirstPass) -> TrackVectors:
    index = read_vectors(space, arrays, first_pass, "crops")
    return _table(TrackVectors, arrays, f"crops.{space.name}", space=space, index=index)


def _read_measures(arrays: Arrays) -> MeasureTable:
    first = arrays["measures.first"]
    texts = (_texts(arrays, "measures.name"), _texts(arrays, "measures.unit"))
    names = zip(*texts, np.diff(first).tolist(), strict=True)
    return MeasureTable(
        tuple(MeasureName(*name) for name in names), first, _table(MeasureShots, arrays, "measures")
    )
