"""Where the arrays of a generation are kept: files of a folder, or memory.

Arrays have names such as `shots.start_ms`. In a folder each is a `.npy` file of that name, mapped
into memory when read: its pages are the system's cache, and stay readable after the file is
removed. Knows nothing of what the arrays mean.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

Arrays: TypeAlias = Mapping[str, NDArray[Any]]


class ArrayWriter(Protocol):
    """Takes the arrays of one generation, each name once."""

    @property
    def scratch(self) -> Path | None:
        """A folder for temporary files; None = the system's."""

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Keep an array."""

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array that is filled in place, before the next is asked for or after."""


class MemoryWriter:
    """Keeps arrays in memory."""

    def __init__(self) -> None:
        self.arrays: dict[str, NDArray[Any]] = {}

    @property
    def scratch(self) -> Path | None:
        """None: temporary files stay in memory while they are small."""
        return None

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Keep the array itself."""
        self.arrays[name] = array

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """A new array of zeros."""
        self.arrays[name] = np.zeros(shape, dtype)
        return self.arrays[name]


class FolderWriter:
    """Keeps each array as a file `<name>.npy` of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def scratch(self) -> Path:
        """The folder itself: what is large belongs on the collection's disk."""
        return self._folder

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Write the file."""
        np.save(self._folder / f"{name}.npy", array, allow_pickle=False)

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """A file of that size, mapped into memory."""
        path = self._folder / f"{name}.npy"
        return np.lib.format.open_memmap(path, mode="w+", dtype=np.dtype(dtype), shape=shape)

    def sync(self) -> dict[str, int]:
        """Force everything to the disk; gives the size of each file by its name."""
        sizes = {}
        for path in sorted(self._folder.glob("*.npy")):
            sync_path(path)
            sizes[path.name] = path.stat().st_size
        return sizes


def sync_path(path: Path) -> None:
    """Force one file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_arrays(folder: Path) -> dict[str, NDArray[Any]]:
    """All arrays of a folder by name, mapped into memory and read-only."""
    return {path.stem: _open_array(path) for path in folder.glob("*.npy")}


def _open_array(path: Path) -> NDArray[Any]:
    """One array; a plain one over the mapping, since slices of `np.memmap` are slow."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
