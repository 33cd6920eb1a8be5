"""Columns whose length is known only at the end, and columns regrouped by a key.

Both keep what they were given in scratch files, so that memory stays bounded.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.generations.storage import ArrayWriter

CHUNK_BYTES = 64 << 20


class GrowingColumn:
    """A flat array of one type that grows at its end, then is written."""

    def __init__(self, dtype: DTypeLike, writer: ArrayWriter) -> None:
        self._dtype = np.dtype(dtype)
        self._writer = writer
        self._file = writer.open_scratch()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def push(self, values: NDArray[Any]) -> None:
        """Add values at the end."""
        self._file.write(np.ascontiguousarray(values, self._dtype).tobytes())
        self._length += len(values)

    def read(self) -> Iterator[NDArray[Any]]:
        """Everything from the beginning, in chunks."""
        self._file.seek(0)
        size = max(1, CHUNK_BYTES // self._dtype.itemsize) * self._dtype.itemsize
        while chunk := self._file.read(size):
            yield np.frombuffer(chunk, self._dtype)

    def write(self, name: str, dtype: DTypeLike | None = None) -> NDArray[Any]:
        """Write everything as the array `name`, of another type if given; close; give the array."""
        array = self._writer.create(name, (self._length,), dtype or self._dtype)
        start = 0
        for chunk in self.read():
            array[start : start + len(chunk)] = chunk
            start += len(chunk)
        self.close()
        return array

    def close(self) -> None:
        """Forget everything."""
        self._file.close()


class Grouper:
    """Records of a key and some values, regrouped by key; inside a group they keep their order.

    A counting sort in chunks: each record is written to the disk twice and read once.
    """

    def __init__(self, types: Mapping[str, DTypeLike], writer: ArrayWriter) -> None:
        self._types = types
        record = np.dtype([("key", np.int32), *((name, t) for name, t in types.items())])
        self._records = GrowingColumn(record, writer)
        self._writer = writer
        self._record = record
        self._counts = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._records)

    def push(self, keys: NDArray[np.integer[Any]], values: Sequence[NDArray[Any]]) -> None:
        """Add records: keys (k,) >= 0, and one array (k,) for each of the types.

        Of a type that is an array itself, such as `("f4", 4)`, one array (k, 4).
        """
        records = np.empty(len(keys), self._record)
        records["key"] = keys
        for name, column in zip(self._types, values, strict=True):
            records[name] = column
        self._records.push(records)
        counts = np.bincount(keys, minlength=len(self._counts))
        counts[: len(self._counts)] += self._counts
        self._counts = counts

    def write(
        self,
        prefix: str,
        order: NDArray[np.integer[Any]],
        types: Mapping[str, DTypeLike] | None = None,
    ) -> dict[str, NDArray[Any]]:
        """Write `<prefix>.first` (g + 1,) and `<prefix>.<name>` (k,) for each of the types.

        `order` (g,) lists the keys of the groups as they shall follow each other; `types` are for
        the written arrays, where others than those given before. Gives the arrays by `first` and
        the names of the types.
        """
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        counts = np.zeros(len(order), np.int64)
        counts[: len(self._counts)] = self._counts
        first = np.concatenate(([0], np.cumsum(counts[order])))
        self._writer.write(f"{prefix}.first", first)
        columns = {
            name: self._create(f"{prefix}.{name}", np.dtype(dtype))
            for name, dtype in (types or self._types).items()
        }
        free = first[:-1].copy()  # where the next record of each group goes
        for records in self._records.read():
            groups, sort = _sort(place[records["key"]])
            starts = np.flatnonzero(np.diff(groups, prepend=-1))
            sizes, present = np.diff(starts, append=len(groups)), groups[starts]
            target = np.arange(len(groups)) + np.repeat(free[present] - starts, sizes)
            for name, column in columns.items():
                column[target] = records[name][sort]
            free[present] += sizes
        self._records.close()
        return {"first": first, **columns}

    def close(self) -> None:
        """Forget everything."""
        self._records.close()

    def _create(self, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
        return self._writer.create(name, (len(self._records), *dtype.shape), dtype.base)


def _sort(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keys (k,) >= 0 in order, and the stable order (k,) that sorts them.

    Sorts numbers made of key and place: far faster than a stable sort of the keys.
    """
    bits = len(keys).bit_length()
    both = np.sort((keys << bits) | np.arange(len(keys)))
    return both >> bits, both & ((1 << bits) - 1)
