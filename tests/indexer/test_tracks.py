"""Dense tracks on disk."""

from pathlib import Path

import numpy as np
import pytest

from analyzers.finding import Track
from indexer.tracks import read_tracks, write_tracks


def made_track(number: int, count: int, points: int | None) -> Track:
    """A track of so many samples."""
    rng = np.random.default_rng(number)
    return Track(
        start_ms=number,
        end_ms=number + 1_000,
        id=f"t\udc80{number}",
        kind="coco/person\x00",
        times_ms=np.arange(count, dtype=np.int64) * 200,
        boxes=rng.random((count, 4), np.float32),
        scores=rng.random(count, np.float32),
        landmarks=None if points is None else rng.random((count, points, 2), np.float32),
    )


@pytest.mark.parametrize(
    "shapes",
    [
        [(3, None)],
        [(0, None)],
        [(0, 5), (2, 0)],
        [(4, 5), (0, None), (1, 17), (1_000, None), (2, 5)],
    ],
)
def test_tracks_are_read_back_equal(tmp_path: Path, shapes: list[tuple[int, int | None]]) -> None:
    placed = [(7 * n, made_track(n, *shape)) for n, shape in enumerate(shapes)]
    write_tracks(tmp_path / "t.parquet", placed, "follow 1")
    read = read_tracks(tmp_path / "t.parquet")

    assert [position for position, _ in read] == [position for position, _ in placed]
    for (_, said), (_, found) in zip(placed, read, strict=True):
        for name in ("start_ms", "end_ms", "id", "kind"):
            assert getattr(found, name) == getattr(said, name)
        for name in ("times_ms", "boxes", "scores", "landmarks"):
            one, other = getattr(said, name), getattr(found, name)
            assert (one is None) == (other is None)
            if one is not None:
                assert (one.dtype, one.shape) == (other.dtype, other.shape)
                assert one.tobytes() == other.tobytes()


def test_other_programs_can_read_the_file(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_tracks(tmp_path / "t.parquet", [(0, made_track(1, 2, None))], "follow 1")
    row = pq.read_table(tmp_path / "t.parquet").to_pylist()[0]

    assert row["times_ms"] == [0, 200]
    assert len(row["boxes"]) == 8
    assert row["points"] == -1
