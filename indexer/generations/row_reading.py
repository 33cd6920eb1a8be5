"""Rows of one size, read from a file by position, all in one call; and float16 made wide.

Compiled where `_kernel.c` is, else in Python, where each run of neighbours costs a call, and in
numpy; see `kernel.py`. Knows no format of files, nor what rows are.
"""

import ctypes
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations import kernel

ENDS_EARLY = -1  # as `_kernel_rows.c` says it
WIDEN_AT_ONCE = 1 << 16  # numbers that stay in the cache
HALF_BITS = np.int32(-0x70000001)  # all bits of a float32 but the three highest of its exponent
HALF_SCALE = np.float32(2.0**112)  # between their exponents


def read_rows(file: int, start: int, rows: NDArray[np.integer[Any]], out: NDArray[Any]) -> bool:
    """Fill `out` with some rows of a file; False where the file ends before the last of them.

    Args:
        file: the number of the open file; it may be shared between threads.
        start: where its first row begins, in bytes.
        rows: (k,) ascending, each once.
        out: (k, dim) in C order; its rows are as large as those of the file.

    Raises:
        OSError: the file cannot be read.
    """
    assert out.flags.c_contiguous, "rows are written where they lie"
    if not out.size:
        return True
    row_bytes = out.nbytes // len(out)
    work = kernel.find_loop("shotseek_read_rows")
    if work is None:
        return _read_in_python(file, start, rows, row_bytes, out)
    wanted = np.ascontiguousarray(rows, np.int64)
    sizes = np.array([file, start, row_bytes, len(rows)], np.int64)
    failed = int(work(*kernel.find_addresses(wanted, out, sizes)))
    if failed not in (0, ENDS_EARLY):
        raise OSError(failed, os.strerror(failed))
    return failed == 0


def widen(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Finite numbers (k, dim) as float32, a fresh array: by their bits, which numpy does not do."""
    wide = np.empty(halves.shape, np.float32)
    work = kernel.find_loop("shotseek_widen")
    if work is None or not halves.flags.c_contiguous:
        _widen_in_numpy(halves, wide)
    else:
        work(*kernel.find_addresses(halves, wide), ctypes.c_int64(halves.size))
    return wide


def _read_in_python(
    file: int, start: int, rows: NDArray[np.integer[Any]], row_bytes: int, out: NDArray[Any]
) -> bool:
    """The same, each run of neighbours at once."""
    buffer = out.view(np.uint8).reshape(-1).data
    first = np.flatnonzero(np.diff(rows, prepend=-2) > 1)
    begin = (first * row_bytes).tolist()
    place = (rows[first].astype(np.int64) * row_bytes + start).tolist()
    for begins, ends, offset in zip(begin, [*begin[1:], out.nbytes], place, strict=True):
        while begins < ends:
            count = os.preadv(file, [buffer[begins:ends]], offset)
            if not count:
                return False
            begins, offset = begins + count, offset + count
    return True


def _widen_in_numpy(halves: NDArray[np.float16], wide: NDArray[np.float32]) -> None:
    """The same, four times as fast as numpy's own way."""
    given = np.ascontiguousarray(halves).view(np.int16).reshape(-1)
    numbers = wide.reshape(-1)
    bits = numbers.view(np.int32)
    for first in range(0, len(bits), WIDEN_AT_ONCE):
        some = slice(first, first + WIDEN_AT_ONCE)
        bits[some] = given[some]
        bits[some] <<= 13
        bits[some] &= HALF_BITS
        numbers[some] *= HALF_SCALE
