"""Vectors on disk: one Parquet file for the embeddings of one run in one space.

A vector is kept with the span it speaks of and the time of the keyframe inside that span. Knows no
catalog.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Embedding
from indexer.arrow_columns import (
    matrix_column,
    matrix_of,
    number_column,
    numbers_of,
    read_columns,
    text_column,
    texts_of,
    write_columns,
)

Placed = tuple[int, Embedding]  # position among the findings of its run
BOX_COLUMNS = ("x0", "y0", "x1", "y1")


@dataclass(frozen=True, eq=False)
class VectorFile:
    """The vectors of one run in one space, side by side."""

    positions: NDArray[np.int64]  # (n,) among the findings of the run, ascending
    time_ms: NDArray[np.int64]  # (n,) the keyframe's time, or the middle where there is none
    start_ms: NDArray[np.int64]  # (n,)
    end_ms: NDArray[np.int64]  # (n,) exclusive
    boxes: NDArray[np.float64]  # (n, 4) NaN where the whole picture is meant
    tracks: list[str | None]  # n
    vectors: NDArray[np.float32]  # (n, dim)


def write_vectors(
    path: Path, placed: Sequence[Placed], keyframes_ms: NDArray[np.int64], origin: str
) -> None:
    """Write embeddings of one space; `origin` says which run they are of.

    Args:
        path: the file to write.
        placed: at least one embedding, by position.
        keyframes_ms: (k,) times of the video's keyframes, ascending.
        origin: kept in the file, so that equal vectors of two runs lie in different files.
    """
    embeddings = [embedding for _, embedding in placed]
    starts = np.array([each.start_ms for each in embeddings], np.int64)
    ends = np.array([each.end_ms for each in embeddings], np.int64)
    boxes = np.array([each.box or [np.nan] * 4 for each in embeddings], np.float64)
    vectors = np.stack([np.asarray(each.vector, np.float32) for each in embeddings])
    columns = {
        "position": number_column(np.array([position for position, _ in placed], np.int64)),
        "time_ms": number_column(times_inside(starts, ends, keyframes_ms)),
        "start_ms": number_column(starts),
        "end_ms": number_column(ends),
        **{
            name: number_column(edge, ~np.isnan(edge))
            for name, edge in zip(BOX_COLUMNS, boxes.T, strict=True)
        },
        "track": text_column([each.track for each in embeddings]),
        "vector": matrix_column(vectors),
    }
    write_columns(path, columns, origin, compression="none", use_dictionary=["track"])


def read_vectors(path: Path) -> VectorFile:
    """Read a file that `write_vectors` wrote."""
    table = read_columns(path)
    return VectorFile(
        positions=numbers_of(table["position"]),
        time_ms=numbers_of(table["time_ms"]),
        start_ms=numbers_of(table["start_ms"]),
        end_ms=numbers_of(table["end_ms"]),
        boxes=np.stack([numbers_of(table[name]) for name in BOX_COLUMNS], axis=1),
        tracks=texts_of(table["track"]),
        vectors=matrix_of(table["vector"]),
    )


def read_whole(path: Path) -> NDArray[np.bool_]:
    """Which vectors (n,) of a file are of whole pictures, without box or track; reads no vector."""
    table = read_columns(path, ("x0", "track"))
    whole = np.ones(table.num_rows, bool)
    if table["x0"].null_count < len(whole):
        whole &= np.isnan(numbers_of(table["x0"]))
    if table["track"].null_count < len(whole):
        whole &= np.array([track is None for track in texts_of(table["track"])], bool)
    return whole


def embeddings_of(space: str, file: VectorFile) -> list[Placed]:
    """The embeddings of a file, with their positions."""
    boxes = [None if np.isnan(box[0]) else tuple(box) for box in file.boxes.tolist()]
    facts = zip(
        file.positions.tolist(),
        file.start_ms.tolist(),
        file.end_ms.tolist(),
        file.vectors,
        boxes,
        file.tracks,
        strict=True,
    )
    return [
        (position, Embedding(start, end, space, vector, box, track))
        for position, start, end, vector, box, track in facts
    ]


def times_inside(
    starts: NDArray[np.int64], ends: NDArray[np.int64], keyframes_ms: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each span [start, end) the keyframe inside it that is nearest to its middle.

    Where no keyframe lies inside, the middle itself. All arrays are (n,) but `keyframes_ms`, (k,)
    ascending.
    """
    middles = starts + (ends - starts) // 2
    if not len(keyframes_ms):
        return middles
    after = np.searchsorted(keyframes_ms, middles)
    later = keyframes_ms[np.minimum(after, len(keyframes_ms) - 1)]
    earlier = keyframes_ms[np.maximum(after - 1, 0)]
    nearest = np.where(abs(middles - earlier) <= abs(later - middles), earlier, later)
    other = np.where(nearest == earlier, later, earlier)
    inside = [(starts <= times) & (times < ends) for times in (nearest, other)]
    return np.select(inside, [nearest, other], middles)
