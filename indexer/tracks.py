"""Dense tracks on disk: one Parquet file for the tracks of one run, one row per track.

Knows no catalog.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analyzers.finding import Track
from indexer.arrow_columns import (
    list_column,
    lists_of,
    number_column,
    numbers_of,
    read_columns,
    text_column,
    texts_of,
    write_columns,
)

Placed = tuple[int, Track]  # position among the findings of its run
NO_LANDMARKS = -1


def write_tracks(path: Path, placed: Sequence[Placed], origin: str) -> None:
    """Write the tracks of one run; `origin` says which run they are of.

    Boxes and landmarks lie flat: four numbers per time, and two per point and time.
    """
    tracks = [track for _, track in placed]
    marks = [track.landmarks for track in tracks]
    points = [NO_LANDMARKS if each is None else each.shape[1] for each in marks]
    flat_marks = [np.zeros(0) if each is None else each for each in marks]
    columns = {
        "position": number_column(np.array([position for position, _ in placed], np.int64)),
        "id": text_column([track.id for track in tracks]),
        "kind": text_column([track.kind for track in tracks]),
        "start_ms": number_column(np.array([track.start_ms for track in tracks], np.int64)),
        "end_ms": number_column(np.array([track.end_ms for track in tracks], np.int64)),
        "times_ms": list_column([np.asarray(track.times_ms, np.int64) for track in tracks]),
        "boxes": list_column([np.asarray(track.boxes, np.float32) for track in tracks]),
        "scores": list_column([np.asarray(track.scores, np.float32) for track in tracks]),
        "points": number_column(np.array(points, np.int32)),
        "landmarks": list_column([np.asarray(each, np.float32) for each in flat_marks]),
    }
    write_columns(path, columns, origin, compression="zstd")


def read_tracks(path: Path) -> list[Placed]:
    """The tracks of a file that `write_tracks` wrote, with their positions."""
    table = read_columns(path)
    lists = (lists_of(table[name]) for name in ("times_ms", "boxes", "scores", "landmarks"))
    numbers = (numbers_of(table[name]).tolist() for name in ("position", "start_ms", "end_ms"))
    texts = (texts_of(table[name]) for name in ("id", "kind"))
    points = numbers_of(table["points"]).tolist()
    return [
        (
            position,
            Track(
                start_ms=start_ms,
                end_ms=end_ms,
                id=id_ or "",
                kind=kind or "",
                times_ms=times,
                boxes=boxes.reshape(-1, 4),
                scores=scores,
                landmarks=None if count < 0 else marks.reshape(len(times), count, 2),
            ),
        )
        for position, start_ms, end_ms, id_, kind, count, times, boxes, scores, marks in zip(
            *numbers, *texts, points, *lists, strict=True
        )
    ]
