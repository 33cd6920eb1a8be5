"""The inner loops of a first pass: over codes of four bits, and over chosen rows of codes.

Compiled where `_kernel.c` is, else in numpy; see `kernel.py`. Knows nothing of vectors.
"""

import numpy as np
from numpy.typing import NDArray

from indexer.generations import kernel

BLOCK_ROWS = 8192  # that numpy widens at once


def inner_products_of_nibbles(
    nibbles: NDArray[np.uint8],
    queries: NDArray[np.int8],
    factor: NDArray[np.float32],
    offset: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Like `kernel.inner_products`, for whole numbers from 0 to 15.

    Args:
        nibbles: (m, dim / 2); byte d of a row holds number d in its lower, number d + dim / 2 in
            its upper four bits.
        queries: (q, dim), -127 to 127.
        factor: (q,).
        offset: (q,).
        out: (q, m), each row of it contiguous; a stretch of columns of a larger array will do.
    """
    assert out.shape == (len(queries), len(nibbles)), "a column for each row"
    work = kernel.find_loop("shotseek_inner_products_of_nibbles")
    if work is not None and nibbles.flags.c_contiguous:
        sizes = kernel.describe_sizes(len(nibbles), queries.shape[1], out)
        whole = np.ascontiguousarray(queries)
        factor, offset = kernel.as_floats(factor), kernel.as_floats(offset)
        work(*kernel.find_addresses(nibbles, whole, factor, offset, out, sizes))
        return
    wide = queries.astype(np.int16)
    for start in range(0, len(nibbles), BLOCK_ROWS):
        some = slice(start, start + BLOCK_ROWS)
        both = np.concatenate((nibbles[some] & 15, nibbles[some] >> 4), axis=1)
        kernel.inner_products(both, wide, factor, offset, out[:, some])


def inner_products_at(
    codes: NDArray[np.uint8],
    rows: NDArray[np.int64],
    queries: NDArray[np.int16],
    factor: NDArray[np.float32],
    offset: NDArray[np.float32],
) -> NDArray[np.float32]:
    """What `kernel.inner_products` gives for some rows (k,) of the codes: (q, k).

    Fastest where the rows ascend.
    """
    out = np.empty((len(queries), len(rows)), np.float32)
    assert not len(rows) or 0 <= rows.min() <= rows.max() < len(codes), "rows of the codes"
    work = kernel.find_loop("shotseek_inner_products_at")
    if work is not None and codes.flags.c_contiguous:
        given = (codes, np.ascontiguousarray(rows, np.int64), np.ascontiguousarray(queries))
        sizes = kernel.describe_sizes(len(rows), codes.shape[1], out)
        factor, offset = kernel.as_floats(factor), kernel.as_floats(offset)
        work(*kernel.find_addresses(*given, factor, offset, out, sizes))
        return out
    for start in range(0, len(rows), BLOCK_ROWS):
        some = slice(start, start + BLOCK_ROWS)
        kernel.inner_products(codes[rows[some]], queries, factor, offset, out[:, some])
    return out
