"""Dense tracks on disk: one Parquet file for the tracks of one run, one row per track.

With `vectors.py` the one door to pyarrow's Parquet. Knows no catalog.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from analyzers.finding import Track
from indexer.storable import pack_text, unpack_text

Placed = tuple[int, Track]  # position among the findings of its run


def write_tracks(path: Path, placed: Sequence[Placed], origin: str) -> None:
    """Write the tracks of one run; `origin` says which run they are of.

    Boxes and landmarks lie flat: four numbers per time, and two per point and time.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    tracks = [track for _, track in placed]
    marks = [track.landmarks for track in tracks]
    columns = {
        "position": pa.array([position for position, _ in placed], pa.int64()),
        "id": pa.array([pack_text(track.id) for track in tracks], pa.string()),
        "kind": pa.array([pack_text(track.kind) for track in tracks], pa.string()),
        "start_ms": pa.array([int(track.start_ms) for track in tracks], pa.int64()),
        "end_ms": pa.array([int(track.end_ms) for track in tracks], pa.int64()),
        "times_ms": _flat_lists([track.times_ms for track in tracks], np.int64),
        "boxes": _flat_lists([track.boxes for track in tracks], np.float32),
        "scores": _flat_lists([track.scores for track in tracks], np.float32),
        "points": pa.array([None if m is None else m.shape[1] for m in marks], pa.int32()),
        "landmarks": _flat_lists([np.zeros(0) if m is None else m for m in marks], np.float32),
    }
    table = pa.table(columns).replace_schema_metadata({"origin": origin.encode()})
    pq.write_table(table, path, compression="zstd")


def read_tracks(path: Path) -> list[Placed]:
    """The tracks of a file that `write_tracks` wrote, with their positions."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, memory_map=False).combine_chunks()
    arrays = {name: _lists(table[name]) for name in ("times_ms", "boxes", "scores", "landmarks")}
    plain = [table[name].to_pylist() for name in ("position", "id", "kind", "start_ms", "end_ms")]
    placed: list[Placed] = []
    for row, (position, id_, kind, start_ms, end_ms) in enumerate(zip(*plain, strict=True)):
        points = table["points"][row].as_py()
        times_ms, landmarks = arrays["times_ms"][row], None
        if points is not None:
            landmarks = arrays["landmarks"][row].reshape(len(times_ms), points, 2)
        track = Track(
            start_ms=start_ms,
            end_ms=end_ms,
            id=unpack_text(id_),
            kind=unpack_text(kind),
            times_ms=times_ms,
            boxes=arrays["boxes"][row].reshape(-1, 4),
            scores=arrays["scores"][row],
            landmarks=landmarks,
        )
        placed.append((position, track))
    return placed


def _flat_lists(arrays: Sequence[NDArray[Any]], dtype: DTypeLike) -> Any:
    """An Arrow list array of the arrays' values, each flat."""
    import pyarrow as pa

    flat = [np.asarray(array, dtype).ravel() for array in arrays]
    offsets = np.cumsum([0, *(len(values) for values in flat)])
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.array(np.concatenate([np.zeros(0, dtype), *flat]))
    )


def _lists(column: Any) -> list[NDArray[Any]]:
    """The values of a list column, one flat array per row."""
    whole = column.combine_chunks()
    flat, offsets = whole.values.to_numpy(), whole.offsets.to_numpy()
    return [flat[start:end] for start, end in pairwise(offsets)]
