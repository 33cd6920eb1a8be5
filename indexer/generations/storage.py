"""Where the arrays of a generation are kept: files of a folder, or memory.

Arrays have names such as `shots.start_ms`. In a folder each is a `.npy` file of that name, mapped
into memory when read: its pages are the system's cache, and stay readable after the file is
removed. Knows nothing of what the arrays mean.
"""

import io
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.durable import sync_file

SCRATCH_IN_MEMORY_BYTES = 16 << 20  # each
Arrays: TypeAlias = Mapping[str, NDArray[Any]]


class ArrayWriter(Protocol):
    """Takes the arrays of one generation, each name once."""

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Keep an array."""

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array that is filled in place, before the next is asked for or after."""

    def open_scratch(self) -> IO[bytes]:
        """A temporary file for what is not yet an array; closed with the writer at the latest."""


class MemoryWriter:
    """Keeps arrays in memory."""

    def __init__(self) -> None:
        self.arrays: dict[str, NDArray[Any]] = {}

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Keep the array itself."""
        self.arrays[name] = array

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """A new array of zeros."""
        self.arrays[name] = np.zeros(shape, dtype)
        return self.arrays[name]

    def open_scratch(self) -> IO[bytes]:
        """Memory too."""
        return io.BytesIO()


class FolderWriter:
    """Keeps each array as a file `<name>.npy` of a folder; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scratch = ExitStack()

    def __enter__(self) -> "FolderWriter":
        return self

    def __exit__(self, *exc: object) -> None:
        self._scratch.close()

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Write the file."""
        np.save(self._folder / f"{name}.npy", array, allow_pickle=False)

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """A file of that size, mapped into memory."""
        path = self._folder / f"{name}.npy"
        return np.lib.format.open_memmap(path, mode="w+", dtype=np.dtype(dtype), shape=shape)

    def open_scratch(self) -> IO[bytes]:
        """Memory while it is small, then a nameless file in the folder."""
        file = SpooledTemporaryFile[bytes](SCRATCH_IN_MEMORY_BYTES, dir=str(self._folder))
        return cast(IO[bytes], self._scratch.enter_context(file))

    def sync(self) -> dict[str, int]:
        """Force everything to the disk; gives the size of each file by its name."""
        sizes = {}
        for path in sorted(self._folder.glob("*.npy")):
            sync_file(path)
            sizes[path.name] = path.stat().st_size
        return sizes


def open_arrays(folder: Path, files: Iterable[str]) -> dict[str, NDArray[Any]]:
    """The arrays in these files of a folder by name, mapped into memory and read-only."""
    return {file.removesuffix(".npy"): _open_array(folder / file) for file in files}


def _open_array(path: Path) -> NDArray[Any]:
    """One array; a plain one over the mapping, since slices of `np.memmap` are slow."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
