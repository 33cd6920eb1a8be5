"""The inner loops over all rows: compiled where a C compiler was at hand, else in numpy.

`_kernel.c` is built with the package; where it could not be built, does not load, or is from before
there was such a loop, the same functions work in numpy, those over codes ten to twenty times
slower. Both give the same values. Memory is read once for all queries; the interpreter's lock is
free meanwhile. Knows nothing of vectors, rows, shots.
"""

import ctypes
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.cores import count_cores

MOST_QUERY_SUM = (2**31 - 1) // 255  # of the magnitudes of one query: sums stay in 32 bits
MOST_QUERY_NUMBER = 127 * 256 + 127  # the magnitude of one: it is read as two bytes with a sign
BLOCK_ROWS = 256  # that numpy widens at once: they stay in the cache


def has_kernel() -> bool:
    """Whether the loop over all codes is compiled."""
    return find_loop("shotseek_inner_products") is not None


def find_loop(name: str) -> Any:
    """A compiled loop; None without the library, or in one that was built before there was such."""
    return getattr(_load(), name, None)


def count_threads() -> int:
    """How many threads work on one query: one for each core that this process may use."""
    return count_cores()


def inner_products(
    codes: NDArray[np.uint8],
    queries: NDArray[np.int16],
    factor: NDArray[np.float32],
    offset: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Fill `out` with `factor * (queries @ codes.T) + offset`, sums in whole numbers.

    Args:
        codes: (m, dim) in C order, in memory or mapped.
        queries: (q, dim), magnitudes up to MOST_QUERY_NUMBER; those of each sum to at most
            MOST_QUERY_SUM.
        factor: (q,).
        offset: (q,).
        out: (q, m), each row of it contiguous; a stretch of columns of a larger array will do.
    """
    work = find_loop("shotseek_inner_products")
    assert out.shape == (len(queries), len(codes)), "a column for each row of codes"
    if work is None or not codes.flags.c_contiguous:
        _inner_products_in_numpy(codes, queries, factor, offset, out)
        return
    if not out.size:
        return
    whole, factor, offset = np.ascontiguousarray(queries), as_floats(factor), as_floats(offset)
    sizes = describe_sizes(len(codes), codes.shape[1], out)
    work(*find_addresses(codes, whole, factor, offset, out, sizes))


def best_of_spans(values: NDArray[np.float32], first: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n,) to (s,): the largest value of each span `first[i]` to `first[i + 1]`.

    No span is empty, and together they cover all values in order. No value is NaN: which one would
    then be the largest is open.
    """
    work = find_loop("shotseek_best_of_spans")
    if work is None:
        best: NDArray[np.float32] = (
            np.maximum.reduceat(values, first[:-1]) if len(values) else values
        )
        return best
    best = np.empty(len(first) - 1, np.float32)
    values, first = as_floats(values), np.ascontiguousarray(first, np.int64)
    sizes = ctypes.c_int64(len(best)), ctypes.c_int64(count_threads())
    work(*find_addresses(values, first, best), *sizes)
    return best


def best_following(values: NDArray[np.float32], end: NDArray[np.int64]) -> NDArray[np.float32]:
    """(s,) the largest of `values[i + 1 : end[i]]` for each i, -inf where there is none.

    `end` never falls; no value is NaN.
    """
    work = find_loop("shotseek_best_following")
    if work is None:
        return _best_following_in_numpy(values, end)
    best = np.empty(len(values), np.float32)
    values, end = as_floats(values), np.ascontiguousarray(end, np.int64)
    work(*find_addresses(values, end, best), ctypes.c_int64(len(values)))
    return best


def describe_sizes(rows: int, dim: int, out: NDArray[np.float32]) -> NDArray[np.int64]:
    """What a loop that fills `out` (q, rows) is told of its arrays."""
    assert out.shape[1] < 2 or out.strides[1] == out.itemsize, "rows of the output are contiguous"
    stride = out.strides[0] // out.itemsize
    return np.array([rows, dim, len(out), stride, count_threads()], np.int64)


def find_addresses(*arrays: NDArray[Any]) -> list[ctypes.c_void_p]:
    """Where they lie: the caller holds each by a name of its own until the loop is over."""
    return [ctypes.c_void_p(array.ctypes.data) for array in arrays]


def as_floats(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same as a loop reads them: float32, one after the other."""
    return np.ascontiguousarray(values, np.float32)


def _inner_products_in_numpy(
    codes: NDArray[np.uint8],
    queries: NDArray[np.int16],
    factor: NDArray[np.float32],
    offset: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """In float64, which holds the sums exactly, as fast products of whole numbers do not exist."""
    wide = queries.astype(np.float64).T
    for start in range(0, len(codes), BLOCK_ROWS):
        sums = codes[start : start + BLOCK_ROWS].astype(np.float64) @ wide  # (block, q)
        out[:, start : start + BLOCK_ROWS] = (
            sums.T.astype(np.float32) * factor[:, None] + offset[:, None]
        )


def _best_following_in_numpy(
    values: NDArray[np.float32], end: NDArray[np.int64]
) -> NDArray[np.float32]:
    """A sparse table (Bender and Farach-Colton, The LCA Problem Revisited, 2000), level by level.

    Two overlapping spans of 2^level values cover every window of that length to twice it.
    """
    first = np.arange(1, len(values) + 1)
    size = end - first
    best = np.full(len(values), -np.inf, np.float32)
    level = values
    for power in range(int(size.max(initial=0)).bit_length()):
        width = 1 << power
        here = np.flatnonzero((size >= width) & (size < 2 * width))
        best[here] = np.maximum(level[first[here]], level[end[here] - width])
        level = np.maximum(level[:-width], level[width:])
    return best


@cache
def _load() -> Any:
    """The compiled library; None without it."""
    found = find_spec("indexer.generations._kernel")
    if found is None or found.origin is None:
        return None
    try:
        return ctypes.CDLL(found.origin)
    except OSError:
        return None
