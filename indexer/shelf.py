"""Holds the bytes of an open shot: in memory up to a bound, beyond it in a nameless file.

Knows nothing of what the bytes mean. The file lies where Python puts temporary files (`TMPDIR`); it
is gone as soon as nothing on the shelf is used any more, however the process ends.
"""

import mmap
import tempfile
import threading
import weakref
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

MEMORY_BYTES = 24 << 20
ALIGNMENT = 64  # bytes


class Shelved:
    """One array on a shelf."""

    __slots__ = ("_array", "_dtype", "_file", "_offset", "_shape")

    def __init__(self, array: NDArray[Any], file: "_File | None" = None) -> None:
        self._shape, self._dtype = array.shape, array.dtype
        self._file = file
        self._offset = file.append([array]) if file else 0
        self._array = None if file else array

    def array(self) -> NDArray[Any]:
        """What was put there; where it lies in the file, its pages are read when touched."""
        if self._array is not None:
            return self._array
        assert self._file is not None
        return self._file.view(self._offset, self._dtype, self._shape)


class Shelf:
    """Takes arrays from any thread; what it holds lives as long as it is referred to."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        """Keep at most so many bytes in memory."""
        self._room = memory_bytes
        self._file: _File | None = None
        self._lock = threading.Lock()

    def put(self, array: NDArray[Any]) -> Shelved:
        """Keep an array. It is not copied while there is room, so it must not change any more."""
        with self._lock:
            return Shelved(array, self._place(array.nbytes))

    def join(self, parts: Iterable[NDArray[Any]], dtype: DTypeLike) -> NDArray[Any]:
        """The parts one after the other, as one array.

        Args:
            parts: one-dimensional arrays of this type.
            dtype: theirs.
        """
        kept, size = [], 0
        rest = iter(parts)
        for part in rest:
            kept.append(part)
            size += part.nbytes
            if size > self._room:
                break
        else:
            return np.concatenate([np.zeros(0, dtype), *kept])
        with self._lock:
            file = self._place(size)
            assert file is not None
            offset = file.append(chain(kept, rest))
            count = (file.size - offset) // np.dtype(dtype).itemsize
            return file.view(offset, np.dtype(dtype), (count,))

    def _place(self, size: int) -> "_File | None":
        if size <= self._room:
            self._room -= size
            return None
        if self._file is None:
            self._file = _File()
        return self._file


class _File:
    """A temporary file without a name, written at its end and read through memory maps."""

    def __init__(self) -> None:
        self.size = 0
        self._file = tempfile.TemporaryFile(prefix="shotseek-", buffering=0)  # noqa: SIM115 - views outlive a block
        self._map: mmap.mmap | None = None
        weakref.finalize(self, self._file.close)

    def append(self, parts: Iterable[NDArray[Any]]) -> int:
        """Write the parts one after the other; returns where the first begins."""
        self._write(np.zeros(-self.size % ALIGNMENT, np.uint8))
        offset = self.size
        for part in parts:
            self._write(np.ascontiguousarray(part).reshape(-1).view(np.uint8))
        return offset

    def view(self, offset: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        """Read-only; holds the map, not the file."""
        count = int(np.prod(shape))
        end = offset + count * dtype.itemsize
        if self._map is None or len(self._map) < end:
            self._map = mmap.mmap(self._file.fileno(), self.size, access=mmap.ACCESS_READ)
        return np.frombuffer(self._map, dtype, count, offset).reshape(shape)

    def _write(self, data: NDArray[np.uint8]) -> None:
        while len(data):
            written = self._file.write(data.data)
            data = data[written:]
            self.size += written
