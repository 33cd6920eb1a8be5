"""Puts the parts of a generation together.

One part without dead videos is the generation as it lies. Otherwise the tables of videos, shots and
rows are copied into memory without the dead (40 bytes for a row with its shot), and everything else
stays where it is and is asked part by part.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from indexer.generations.crop_table import TrackVectors, join_vectors, no_vectors
from indexer.generations.exact import ExactIndex
from indexer.generations.generation import Generation, RowTable, ShotTable, VideoTable
from indexer.generations.manifest import Manifest
from indexer.generations.part import Part
from indexer.generations.parted_columns import PartedLabels, PartedMeasures
from indexer.generations.parted_index import PartedIndex
from indexer.generations.parted_words import PartedWords
from indexer.generations.space_index import SpaceIndex
from indexer.generations.stretches import Numbering, make_numbering, number_all
from indexer.generations.track_table import TrackTable


@dataclass(frozen=True, eq=False)
class Numberings:
    """What counts of every part, by kind."""

    videos: Numbering
    shots: Numbering
    rows: Numbering
    documents: Numbering
    tracks: Numbering
    vectors: Mapping[str, Numbering]  # by space
    crops: Mapping[str, Numbering]  # by space


def join_parts(manifest: Manifest, parts: Sequence[Part]) -> Generation:
    """The generation that a manifest describes, from its parts in order."""
    dead = [used.dead for used in manifest.parts]
    whole = len(parts) == 1 and not dead[0]
    tables = _take(manifest, parts[0]) if whole else _join(manifest, parts, dead)
    return Generation(
        name=manifest.name,
        revision=manifest.revision,
        collection_id=manifest.collection_id,
        parts=tuple(parts),
        notes=manifest.notes,
        **tables,
    )


def number_parts(
    parts: Sequence[Part], dead: Sequence[Sequence[int]], spaces: Sequence[Space]
) -> Numberings:
    """What counts where these videos (insertion numbers, by part) are dead."""
    living = [_living(part, numbers) for part, numbers in zip(parts, dead, strict=True)]

    def number(first: Callable[[Part, NDArray[np.int64]], NDArray[Any]]) -> Numbering:
        """Number what begins so for each video (k,) of a part; one past the last ends it."""
        pairs = list(zip(parts, living, strict=True))
        return make_numbering(
            [first(part, start) for part, (start, _) in pairs],
            [first(part, end) for part, (_, end) in pairs],
            [int(first(part, np.array([len(part.videos)]))[0]) for part in parts],
        )

    return Numberings(
        number(_itself),
        number(_first_shot),
        number(_first_row),
        number(_first_document),
        number(_first_track),
        {space.name: number(partial(_first_vector, space)) for space in spaces},
        {space.name: number(partial(_first_crop, space)) for space in spaces},
    )


def _living(part: Part, dead: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the stretches of living videos begin and end."""
    alive = np.isin(part.videos.id, dead, invert=True)
    edges = np.flatnonzero(np.diff(alive.astype(np.int8), prepend=0, append=0))
    return edges[::2], edges[1::2]


def _itself(_: Part, video: NDArray[np.int64]) -> NDArray[np.int64]:
    return video


def _first_shot(part: Part, video: NDArray[np.int64]) -> NDArray[np.int64]:
    shots: NDArray[np.int64] = part.videos.first_shot[video]
    return shots


def _first_row(part: Part, video: NDArray[np.int64]) -> NDArray[np.int64]:
    rows: NDArray[np.int64] = part.shots.first_row[part.videos.first_shot[video]]
    return rows


def _first_document(part: Part, video: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(part.words.documents.video, video)


def _first_track(part: Part, video: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(part.tracks.video, video.astype(np.int32))


def _first_crop(space: Space, part: Part, video: NDArray[np.int64]) -> NDArray[np.int64]:
    first_shot = _first_shot(part, video).astype(np.int32)
    return np.searchsorted(_crops_of(part, space).shot, first_shot)


def _first_vector(space: Space, part: Part, video: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(_space_of(part, space).row, _first_row(part, video))


def _take(manifest: Manifest, part: Part) -> dict[str, Any]:
    """The tables of one part."""
    return {
        "videos": part.videos,
        "shots": part.shots,
        "rows": part.rows,
        "words": part.words,
        "labels": part.labels,
        "measures": part.measures,
        "tracks": TrackTable(
            [part.tracks],
            *(number_all(len(each)) for each in (part.videos, part.shots, part.tracks)),
        ),
        **_vectors(manifest.spaces, partial(_space_of, part), partial(_crops_of, part)),
    }


def _join(
    manifest: Manifest, parts: Sequence[Part], dead: Sequence[Sequence[int]]
) -> dict[str, Any]:
    """The tables of several parts, without the dead."""
    numberings = number_parts(parts, dead, manifest.spaces)
    videos = _join_videos(parts, numberings)
    shots = _join_shots(parts, numberings, videos)
    return {
        "videos": videos,
        "shots": shots,
        "rows": _join_rows(parts, numberings, shots),
        "words": PartedWords(
            [part.words for part in parts],
            numberings.documents,
            {
                "video": numberings.videos,
                "first_shot": numberings.shots,
                "last_shot": numberings.shots,
                "first_row": numberings.rows,
                "end_row": numberings.rows,
            },
        ),
        "labels": PartedLabels(
            [part.labels for part in parts], numberings.shots, numberings.rows, numberings.tracks
        ),
        "measures": PartedMeasures([part.measures for part in parts], numberings.shots),
        "tracks": TrackTable(
            [part.tracks for part in parts], numberings.videos, numberings.shots, numberings.tracks
        ),
        **_vectors(
            manifest.spaces,
            partial(_join_space, parts, numberings),
            partial(_join_crops, parts, numberings),
        ),
    }


def _join_videos(parts: Sequence[Part], numberings: Numberings) -> VideoTable:
    tables = [part.videos for part in parts]
    columns: dict[str, Any] = {
        name: _picked(numberings.videos, [getattr(table, name) for table in tables])
        for name in ("id", "duration_ms", "width", "height", "date_ms", "size_bytes")
    }
    columns |= {
        name: tuple(
            text
            for table, living in zip(tables, numberings.videos.parts, strict=True)
            for start, end in zip(living.start.tolist(), living.end.tolist(), strict=True)
            for text in getattr(table, name)[start:end]
        )
        for name in ("uid", "name", "path")
    }
    sizes = [np.diff(table.first_shot) for table in tables]
    return VideoTable(**columns, first_shot=_beginnings(numberings.videos, sizes))


def _join_shots(parts: Sequence[Part], numberings: Numberings, videos: VideoTable) -> ShotTable:
    tables = [part.shots for part in parts]
    columns = {
        name: _picked(numberings.shots, [getattr(table, name) for table in tables])
        for name in ("number", "start_ms", "end_ms")
    }
    sizes = [np.diff(table.first_row) for table in tables]
    return ShotTable(
        video=np.repeat(np.arange(len(videos), dtype=np.int32), np.diff(videos.first_shot)),
        first_row=_beginnings(numberings.shots, sizes),
        **columns,
    )


def _join_rows(parts: Sequence[Part], numberings: Numberings, shots: ShotTable) -> RowTable:
    sizes = np.diff(shots.first_row)
    return RowTable(
        video=np.repeat(shots.video, sizes),
        shot=np.repeat(np.arange(len(shots), dtype=np.int32), sizes),
        time_ms=_picked(numberings.rows, [part.rows.time_ms for part in parts]),
    )


def _join_space(parts: Sequence[Part], numberings: Numberings, space: Space) -> SpaceIndex:
    spaces = [_space_of(part, space) for part in parts]
    row = [
        living.place(one.row)[1] for one, living in zip(spaces, numberings.rows.parts, strict=True)
    ]
    index = PartedIndex([one.index for one in spaces], numberings.vectors[space.name], space.dim)
    return SpaceIndex(space, index, np.concatenate(row), len(numberings.rows))


def _join_crops(parts: Sequence[Part], numberings: Numberings, space: Space) -> TrackVectors:
    crops = [_crops_of(part, space) for part in parts]
    return join_vectors(
        space, crops, numberings.shots, numberings.tracks, numberings.crops[space.name]
    )


def _vectors(
    spaces: Sequence[Space],
    space_of: Callable[[Space], SpaceIndex],
    crops_of: Callable[[Space], TrackVectors],
) -> dict[str, Any]:
    """The vectors of pictures without spaces that have those of boxes and tracks only."""
    crops = {space.name: crops_of(space) for space in spaces}
    whole = {space.name: space_of(space) for space in spaces}
    kept = {name: one for name, one in whole.items() if len(one.row) or not len(crops[name])}
    return {"spaces": kept, "crops": crops}


def _crops_of(part: Part, space: Space) -> TrackVectors:
    return part.crops.get(space.name) or no_vectors(space)


def _space_of(part: Part, space: Space) -> SpaceIndex:
    """The space in one part; an empty one where none of its videos has vectors in it."""
    found = part.spaces.get(space.name)
    if found is not None:
        return found
    none = ExactIndex(np.zeros((0, space.dim), np.float32))
    return SpaceIndex(space, none, np.zeros(0, np.int32), len(part.rows))


def _picked(numbering: Numbering, columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The living values of one column, part after part."""
    pairs = zip(numbering.parts, columns, strict=True)
    joined = np.concatenate([living.pick(column) for living, column in pairs])
    joined.flags.writeable = False
    return joined


def _beginnings(numbering: Numbering, sizes: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Where groups begin whose sizes are given part by part: (g + 1,)."""
    return np.concatenate(([0], np.cumsum(_picked(numbering, sizes))))
