import os
from pathlib import Path

import pytest

from indexer.generations import read_ahead as module
from indexer.generations.read_ahead import BLOCK_BYTES, is_in_memory, read_ahead

SIZE = 3 * BLOCK_BYTES + 17


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of some blocks that is not in memory."""
    monkeypatch.setattr(module, "LEAST_BYTES", SIZE)
    path = tmp_path / "codes"
    with path.open("wb") as file:
        file.write(os.urandom(SIZE))
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if any(in_memory(path)):
        pytest.skip("this file system keeps files in memory")
    return path


def in_memory(path: Path) -> list[bool]:
    with path.open("rb") as file:
        places = (0, BLOCK_BYTES, 2 * BLOCK_BYTES + 99, SIZE - 1)
        return [is_in_memory(file.fileno(), place) for place in places]


def test_a_large_file_is_in_memory_once_its_readers_are_done(on_disk: Path) -> None:
    for reader in read_ahead(on_disk):
        reader.join(60)
    assert all(in_memory(on_disk))


def test_what_lies_in_memory_is_not_read_again(
    on_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk.read_bytes()
    read = []
    preadv = os.preadv
    monkeypatch.setattr(os, "preadv", lambda *args: read.append(args) or preadv(*args))
    for reader in read_ahead(on_disk):
        reader.join(60)
    assert sum(len(args[1][0]) for args in read) <= 4  # a byte of each block


def test_small_and_missing_files_are_left_alone(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.write_bytes(b"x")
    assert read_ahead(small) == read_ahead(tmp_path / "missing") == []
