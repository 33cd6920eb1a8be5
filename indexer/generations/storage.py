"""Where the arrays of a generation are kept: files of a folder, or memory.

Arrays have names such as `shots.start_ms`. In a folder each is a `.npy` file of that name. When
read, a large one is mapped, or read by position: where few rows are needed it then takes no memory.
Small ones are copied into memory, since every mapping keeps a file open. All stay readable after
the file is removed. Knows nothing of what the arrays mean.
"""

import io
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.durable import sync_file
from indexer.generations.manifest import GenerationUnreadable
from indexer.generations.read_ahead import read_ahead
from indexer.generations.row_reading import read_rows

MAPPED_ABOVE_BYTES = 1 << 20
SCRATCH_IN_MEMORY_BYTES = 16 << 20  # each
VERSIONS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}  # of `.npy`


class Rows(Protocol):
    """The rows of a matrix, read by position; safe to share between threads."""

    @property
    def shape(self) -> tuple[int, int]:
        """(m, dim)."""

    def read(self, ids: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """(k,) positions, in any order, to the rows (k, dim), a fresh array."""


class Arrays(Protocol):
    """The arrays of one generation, by name."""

    def __contains__(self, name: object) -> bool: ...

    def __getitem__(self, name: str) -> NDArray[Any]: ...

    def read_ahead(self, name: str) -> None:
        """Bring an array that is about to be read as a whole into memory, beside other work."""

    def open_rows(self, name: str) -> Rows:
        """The array of that name, to be read by position."""


class RowStream(Protocol):
    """Takes the rows of one array in order; a context manager."""

    def __enter__(self) -> "RowStream": ...

    def __exit__(self, *exc: object) -> None: ...

    def append(self, rows: NDArray[Any]) -> None:
        """Keep the next rows (k, dim), as numbers of the array's type."""


class ArrayWriter(Protocol):
    """Takes the arrays of one generation, each name once."""

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Keep an array."""

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array that is filled in place, before the next is asked for or after."""

    def stream(self, name: str, shape: tuple[int, int], dtype: DTypeLike) -> RowStream:
        """An array (m, dim) that is written row after row, all m of them."""

    def open_rows(self, name: str) -> Rows:
        """An array that was written, to be read by position."""

    def open_scratch(self) -> IO[bytes]:
        """A temporary file for what is not yet an array; closed with the writer at the latest."""


class MemoryArrays(dict[str, NDArray[Any]]):
    """Arrays in memory."""

    def read_ahead(self, name: str) -> None:
        """It is there."""

    def open_rows(self, name: str) -> Rows:
        """The array itself."""
        return MemoryRows(self[name])


class MemoryRows:
    """The rows of a matrix in memory."""

    def __init__(self, matrix: NDArray[Any]) -> None:
        """(m, dim)."""
        self._matrix = matrix

    @property
    def shape(self) -> tuple[int, int]:
        """(m, dim)."""
        return len(self._matrix), self._matrix.shape[1]

    def read(self, ids: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """(k,) positions to the rows (k, dim)."""
        rows: NDArray[Any] = self._matrix[ids]
        return rows


class MemoryWriter:
    """Keeps arrays in memory."""

    def __init__(self) -> None:
        self.arrays = MemoryArrays()

    def write(self, name: str, array: NDArray[Any]) -> None:
        """Keep the array itself."""
        self.arrays[name] = array

    def create(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """A new array of zeros."""
        self.arrays[name] = np.zeros(shape, dtype)
        return self.arrays[name]

    def stream(self, name: str, shape: tuple[int, int], dtype: DTypeLike) -> RowStream:
        """A new array, filled from its start."""
        return _MemoryStream(self.create(name, shape, dtype))

    def open_rows(self, name: str) -> Rows:
        """The array itself."""
        return self.arrays.open_rows(name)

    def open_scratch(self) -> IO[bytes]:
        """Memory too."""
        return io.BytesIO()


class _MemoryStream:
    def __init__(self, matrix: NDArray[Any]) -> None:
        self._matrix = matrix
        self._filled = 0

    def __enter__(self) -> "_MemoryStream":
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def append(self, rows: NDArray[Any]) -> None:
        end = self._filled + len(rows)
        self._matrix[self._filled : end] = rows
        self._filled = end


class FileRows:
    """The rows of a `.npy` file; what is asked for together is read together."""

    def __init__(self, path: Path) -> None:
        """Opens the file, which may then be removed.

        Raises ValueError where it holds no matrix in C order, FileNotFoundError.
        """
        with path.open("rb") as file:
            read_header = VERSIONS.get(np.lib.format.read_magic(file))
            shape, by_columns, dtype = read_header(file) if read_header else ((), True, None)
            if by_columns or len(shape) != 2:
                raise ValueError(f"{path} holds no matrix in C order")
            self.shape: tuple[int, int] = shape
            self._dtype = dtype
            self._start = file.tell()
            self._file = os.dup(file.fileno())
        self._path = path
        weakref.finalize(self, os.close, self._file)

    def read(self, ids: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """(k,) positions, in any order, to the rows (k, dim).

        Raises IndexError where a position lies outside, GenerationUnreadable where the file was cut
        short since it was opened.
        """
        ascends = bool((ids[1:] > ids[:-1]).all())
        wanted, place = (ids, None) if ascends else np.unique(ids, return_inverse=True)
        if len(wanted) and not 0 <= wanted[0] <= wanted[-1] < self.shape[0]:
            raise IndexError(f"no row {wanted[0]} or {wanted[-1]} of {self.shape[0]}")
        rows = np.empty((len(wanted), self.shape[1]), self._dtype)
        if not read_rows(self._file, self._start, wanted, rows):
            raise GenerationUnreadable(f"{self._path} ends too early: run `shotseek rebuild`")
        return rows if place is None else rows[place]


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

    def stream(self, name: str, shape: tuple[int, int], dtype: DTypeLike) -> RowStream:
        """A file that grows; nothing of it is mapped."""
        return _FileStream(self._folder / f"{name}.npy", shape, np.dtype(dtype))

    def open_rows(self, name: str) -> Rows:
        """The file of that array."""
        return FileRows(self._folder / f"{name}.npy")

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


class _FileStream:
    def __init__(self, path: Path, shape: tuple[int, int], dtype: np.dtype[Any]) -> None:
        self._file = path.open("wb")
        self._dtype = dtype
        descr = np.lib.format.dtype_to_descr(dtype)
        header = {"descr": descr, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)

    def __enter__(self) -> "_FileStream":
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def append(self, rows: NDArray[Any]) -> None:
        self._file.write(np.ascontiguousarray(rows, self._dtype).data)


class FolderArrays(Mapping[str, NDArray[Any]]):
    """The arrays in some files of a folder, opened when they are asked for; read-only."""

    def __init__(self, folder: Path, files: Iterable[str]) -> None:
        self._paths = {file.removesuffix(".npy"): folder / file for file in files}

    def __getitem__(self, name: str) -> NDArray[Any]:
        path = self._paths[name]
        is_mapped = path.stat().st_size > MAPPED_ABOVE_BYTES
        # A plain array over the mapping, since slices of `np.memmap` are slow.
        array = np.asarray(np.load(path, mmap_mode="r" if is_mapped else None, allow_pickle=False))
        array.flags.writeable = False
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def read_ahead(self, name: str) -> None:
        """Begin to read its file where it is large."""
        read_ahead(self._paths[name])

    def open_rows(self, name: str) -> Rows:
        """The array of that name, to be read by position."""
        return FileRows(self._paths[name])


def open_arrays(folder: Path, files: Iterable[str]) -> FolderArrays:
    """The arrays in these files of a folder, by name."""
    return FolderArrays(folder, files)
