"""Vectors on disk."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.finding import Embedding
from indexer.vectors import embeddings_of, read_vectors, times_inside, write_vectors

KEYFRAMES_MS = np.array([1_000, 3_000, 6_000], np.int64)


def made_embeddings(count: int, dim: int = 5) -> list[tuple[int, Embedding]]:
    """Embeddings of every shape: boxes, tracks with odd names, neither; every third position."""
    rng = np.random.default_rng(count)
    boxes = [None, (0.1, 1 / 3, 0.5, 1.0)]
    tracks = [None, "t1", "\udc80\x00ö", ""]
    return [
        (
            3 * n,
            Embedding(
                10 * n,
                10 * n + 7,
                "toy",
                rng.normal(size=dim).astype(np.float32),
                boxes[n % 2],
                tracks[n % 4],
            ),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 9, 1_000])
def test_embeddings_are_read_back_equal(tmp_path: Path, count: int) -> None:
    placed = made_embeddings(count)
    write_vectors(tmp_path / "v.parquet", placed, KEYFRAMES_MS, "look 1")
    read = embeddings_of("toy", read_vectors(tmp_path / "v.parquet"))

    assert [position for position, _ in read] == [3 * n for n in range(count)]
    for (_, said), (_, found) in zip(placed, read, strict=True):
        assert (found.start_ms, found.end_ms, found.space) == (said.start_ms, said.end_ms, "toy")
        assert (found.box, found.track) == (said.box, said.track)
        assert found.vector.dtype == np.float32
        assert found.vector.tobytes() == said.vector.tobytes()


def test_a_file_gives_arrays_side_by_side(tmp_path: Path) -> None:
    write_vectors(tmp_path / "v.parquet", made_embeddings(4), KEYFRAMES_MS, "look 1")
    file = read_vectors(tmp_path / "v.parquet")

    assert file.vectors.shape == (4, 5)
    assert file.start_ms.tolist() == [0, 10, 20, 30]
    assert np.isnan(file.boxes[::2]).all()
    assert file.boxes[1].tolist() == [0.1, 1 / 3, 0.5, 1.0]
    assert file.tracks == [None, "t1", "\udc80\x00ö", ""]


def test_other_programs_can_read_the_file(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_vectors(tmp_path / "v.parquet", made_embeddings(2), KEYFRAMES_MS, "look 1")
    rows = pq.read_table(tmp_path / "v.parquet").to_pylist()

    assert rows[0]["x0"] is None
    assert rows[1]["y0"] == 1 / 3
    assert rows[1]["track"] == "t1"
    assert rows[1]["vector"] == made_embeddings(2)[1][1].vector.tolist()


def test_equal_vectors_of_two_runs_lie_in_different_files(tmp_path: Path) -> None:
    for name, origin in [("a", "look 1"), ("b", "look 2"), ("c", "look 1")]:
        write_vectors(tmp_path / name, made_embeddings(3), KEYFRAMES_MS, origin)
    first, second, again = ((tmp_path / name).read_bytes() for name in "abc")

    assert first == again
    assert first != second


@pytest.mark.parametrize(
    ("span", "time_ms"),
    [
        ((0, 2_000), 1_000),  # the keyframe inside
        ((1_000, 1_001), 1_000),  # it may begin the span
        ((0, 1_000), 500),  # it does not end it: no keyframe, the middle
        ((0, 8_000), 3_000),  # several: the one nearest to the middle
        ((2_500, 6_001), 3_000),
        ((2_500, 7_000), 6_000),
        ((5_900, 20_000), 6_000),  # the nearest to the middle is the last
        ((100, 200), 150),
        ((7_000, 9_000), 8_000),
    ],
)
def test_a_vector_has_the_time_of_the_keyframe_in_its_span(
    span: tuple[int, int], time_ms: int
) -> None:
    starts, ends = np.array([span[0]]), np.array([span[1]])

    assert times_inside(starts, ends, KEYFRAMES_MS).tolist() == [time_ms]


@given(
    spans=st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 40)), min_size=1, max_size=5),
    keyframes=st.sets(st.integers(-60, 60), max_size=6),
)
def test_the_time_in_a_span_is_that_of_a_plain_search(
    spans: list[tuple[int, int]], keyframes: set[int]
) -> None:
    starts = np.array([start for start, _ in spans])
    ends = np.array([start + length for start, length in spans])
    times = times_inside(starts, ends, np.array(sorted(keyframes), np.int64))

    for start, end, time in zip(starts, ends, times, strict=True):
        middle = start + (end - start) // 2
        inside = [each for each in sorted(keyframes) if start <= each < end]
        assert time == min(inside, key=lambda each: abs(each - middle), default=middle)


def test_reading_and_writing_import_no_pandas(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from analyzers.finding import Embedding\n"
        "from indexer.vectors import read_vectors, write_vectors\n"
        "said = Embedding(0, 9, 'toy', np.ones(3, np.float32), (0, 0, 1, 1), 't')\n"
        "path = Path(sys.argv[1]); write_vectors(path, [(0, said)], np.zeros(0, np.int64), '')\n"
        "read_vectors(path); print('pandas' in sys.modules, 'pyarrow' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "v.parquet")]
    said = subprocess.run(command, capture_output=True, text=True, check=True)

    assert said.stdout == "False True\n"
