"""Arrays that are written row after row and read by position."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.generations import kernel
from indexer.generations.manifest import GenerationUnreadable
from indexer.generations.row_reading import read_rows, widen
from indexer.generations.storage import (
    ArrayWriter,
    FileRows,
    FolderWriter,
    MemoryRows,
    MemoryWriter,
    Rows,
    open_arrays,
)

FILES = Path("/proc/self/fd")
MATRIX = np.arange(60, dtype=np.float16).reshape(20, 3)


@pytest.fixture(params=["compiled", "plain"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by the compiled loop, or by what serves where there is none."""
    if request.param == "plain":
        monkeypatch.setattr(kernel, "_load", lambda: None)
    elif kernel.find_loop("shotseek_read_rows") is None:
        pytest.skip("the package was built without its compiled loops")


@pytest.fixture(params=["memory", "file"])
def rows(request: pytest.FixtureRequest, tmp_path: Path, way: None) -> Rows:
    if request.param == "memory":
        return MemoryRows(MATRIX)
    np.save(tmp_path / "m.npy", MATRIX)
    return FileRows(tmp_path / "m.npy")


@pytest.mark.parametrize(
    "ids", [[], [0], [19], [3, 4, 5], [5, 3, 4], [7, 7, 0, 19, 7], list(range(20))]
)
def test_rows_come_in_the_order_asked_for(rows: Rows, ids: list[int]) -> None:
    read = rows.read(np.array(ids, np.int64))
    assert read.dtype == np.float16
    assert read.shape == (len(ids), 3)
    assert read.tolist() == MATRIX[ids].tolist()
    assert rows.shape == (20, 3)


@given(ids=st.lists(st.integers(0, 19), max_size=30))
@settings(max_examples=50, deadline=None)
def test_files_give_what_memory_gives(
    tmp_path_factory: pytest.TempPathFactory, ids: list[int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "matrix.npy"
    np.save(path, MATRIX)
    wanted = np.array(ids, np.int32)
    assert (FileRows(path).read(wanted) == MemoryRows(MATRIX).read(wanted)).all()


def test_rows_that_are_not_there_are_refused(rows: Rows) -> None:
    with pytest.raises(IndexError):
        rows.read(np.array([20]))


def test_what_was_read_can_be_changed(rows: Rows) -> None:
    rows.read(np.array([1]))[:] = 99
    assert rows.read(np.array([1])).tolist() == [[3, 4, 5]]


def test_a_removed_file_is_still_read(tmp_path: Path) -> None:
    np.save(tmp_path / "m.npy", MATRIX)
    rows = FileRows(tmp_path / "m.npy")
    (tmp_path / "m.npy").unlink()
    assert rows.read(np.array([2])).tolist() == [[6, 7, 8]]


def test_neighbours_are_read_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "m.npy", MATRIX)
    rows, sizes, read = FileRows(tmp_path / "m.npy"), [], os.preadv
    monkeypatch.setattr(kernel, "_load", lambda: None)
    monkeypatch.setattr(os, "preadv", lambda *what: sizes.append(read(*what)) or sizes[-1])
    rows.read(np.array([9, 1, 2, 3, 4, 9]))
    assert sizes == [4 * 6, 6]


@given(
    ids=st.sets(st.integers(0, 2999), max_size=300),
    dim=st.integers(0, 9),
    dtype=st.sampled_from([np.uint8, np.float16, np.float64]),
    start=st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_compiled_reading_gives_the_bytes_of_the_plain_one(
    tmp_path_factory: pytest.TempPathFactory, ids: set[int], dim: int, dtype: type, start: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "rows"
    matrix = np.random.default_rng(dim).integers(0, 99, (3000, dim)).astype(dtype)
    file.write_bytes(b"?" * start + matrix.tobytes())
    wanted = np.array(sorted(ids), np.int64)
    with file.open("rb") as opened:
        read = np.empty((len(wanted), dim), dtype)
        assert read_rows(opened.fileno(), start, wanted, read)
        plain = np.empty_like(read)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernel, "_load", lambda: None)
            assert read_rows(opened.fileno(), start, wanted, plain)
    assert (read == plain).all()
    assert (read == matrix[wanted]).all()


def test_rows_that_left_memory_come_from_the_disk(tmp_path: Path) -> None:
    matrix = np.random.default_rng(0).random((5000, 300))
    np.save(tmp_path / "m.npy", matrix)
    rows, wanted = FileRows(tmp_path / "m.npy"), np.arange(0, 5000, 3)
    with (tmp_path / "m.npy").open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    assert (rows.read(wanted) == matrix[wanted]).all()


@pytest.mark.usefixtures("way")
def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    out = np.empty((1, 3), np.float16)
    with (tmp_path / "m").open("wb") as file, pytest.raises(OSError, match="Bad file descriptor"):
        read_rows(file.fileno(), 0, np.array([0]), out)


def test_half_numbers_become_wide_as_numpy_says() -> None:
    bits = np.arange(1 << 16, dtype=np.uint16)
    finite = bits[(bits & 0x7C00) != 0x7C00].view(np.float16)
    for halves in (finite, finite[::3], finite[:0], finite[5:].reshape(-1, 3)):
        expected = halves.astype(np.float32)
        assert (widen(halves).view(np.uint32) == expected.view(np.uint32)).all()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernel, "_load", lambda: None)
            assert (widen(halves).view(np.uint32) == expected.view(np.uint32)).all()


def test_no_matrix_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "flat.npy", np.arange(3))
    np.save(tmp_path / "columns.npy", np.asfortranarray(MATRIX))
    for name in ("flat.npy", "columns.npy"):
        with pytest.raises(ValueError, match="no matrix"):
            FileRows(tmp_path / name)


@pytest.mark.usefixtures("way")
def test_a_file_that_was_cut_is_found_when_it_is_read(tmp_path: Path) -> None:
    np.save(tmp_path / "m.npy", MATRIX)
    with (tmp_path / "m.npy").open("r+b") as file:
        file.truncate(200)
    rows = FileRows(tmp_path / "m.npy")
    assert rows.read(np.array([0])).tolist() == [[0, 1, 2]]
    with pytest.raises(
        GenerationUnreadable, match=r"m\.npy ends too early: run `shotseek rebuild`"
    ):
        rows.read(np.array([19]))


@pytest.mark.parametrize("kind", ["memory", "folder"])
def test_a_stream_of_rows_makes_an_array(tmp_path: Path, kind: str) -> None:
    writer: ArrayWriter = MemoryWriter() if kind == "memory" else FolderWriter(tmp_path)
    with writer.stream("m", MATRIX.shape, np.float16) as stream:
        stream.append(MATRIX[:7].astype(np.float32))
        stream.append(MATRIX[7:7])
        stream.append(MATRIX[7:][:, ::-1][:, ::-1])
    assert writer.open_rows("m").read(np.arange(20)).tolist() == MATRIX.tolist()
    if kind == "folder":
        assert open_arrays(tmp_path, ["m.npy"])["m"].tolist() == MATRIX.tolist()


@pytest.mark.skipif(not FILES.exists(), reason="counts what the system lists there")
def test_only_large_arrays_keep_a_file_open(tmp_path: Path) -> None:
    arrays = {f"small{n}": np.arange(n) for n in range(30)} | {"large": np.zeros(1 << 17)}
    writer = FolderWriter(tmp_path)
    for name, array in arrays.items():
        writer.write(name, array)
    folder = open_arrays(tmp_path, [f"{name}.npy" for name in arrays])
    opened = {name: folder[name] for name in folder}
    held = [file.resolve().name for file in FILES.iterdir() if tmp_path in file.resolve().parents]
    assert held == ["large.npy"]
    for name, array in arrays.items():
        (tmp_path / f"{name}.npy").unlink()
        assert opened[name].tolist() == array.tolist()
        assert not opened[name].flags.writeable
        assert type(opened[name]) is np.ndarray


def test_a_folder_opens_only_what_is_asked_for(tmp_path: Path) -> None:
    np.save(tmp_path / "m.npy", MATRIX)
    arrays = open_arrays(tmp_path, ["m.npy", "missing.npy"])
    assert list(arrays) == ["m", "missing"]
    assert len(arrays) == 2
    assert arrays.open_rows("m").shape == (20, 3)
    with pytest.raises(FileNotFoundError):
        arrays["missing"]
    with pytest.raises(KeyError):
        arrays["other"]
