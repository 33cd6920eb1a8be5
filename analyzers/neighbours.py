"""Pairs of vectors that are alike, found among many: exactly among some, by cells among millions.

Pure arrays: knows nothing of what the vectors are of.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Integers = NDArray[np.int64]

EXACT = 100_000_000  # products; more are looked for by cells
_CELL = 2048  # vectors in a cell, on average
_LISTED = 4  # cells in which a vector is found; it looks in the nearest alone
_PASSES = 3  # of the search for the cells' centres
_BLOCK_BYTES = 64 << 20  # of cosines in memory at a time


def find_alike(vectors: Vectors, asked: Integers, k: int, least: float) -> Integers:
    """Up to k others for each vector asked for: the largest products that are at least `least`.

    Up to `EXACT` products all are computed. Beyond that vectors are put into cells of about 2,048,
    each into its 4 nearest; one looks in its nearest cell, so that some are missed.

    Args:
        vectors: (n, dim), at most of unit length.
        asked: (q,) whose others are looked for, ascending.
        k: at least 1.
        least: what a product must reach.

    Returns:
        (2, pairs), the lower number first, each pair once, ascending.
    """
    if not len(asked) or len(vectors) < 2:
        return np.zeros((2, 0), np.int64)
    found = [
        _search(vectors, rows, columns, k, least)
        for rows, columns in _parts(vectors, asked)
        if len(rows)
    ]
    first, second = np.concatenate(found, axis=1)
    return unpack_pairs(np.unique(pack_pairs(first, second, len(vectors))), len(vectors))


def pack_pairs(first: Integers, second: Integers, count: int) -> Integers:
    """Pairs of numbers below `count`, in either order, as one integer each."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    packed: Integers = low * np.int64(count) + high
    return packed


def unpack_pairs(packed: Integers, count: int) -> Integers:
    """The pairs again: (2, pairs), the lower number first."""
    return np.stack(np.divmod(packed, np.int64(count)))


def _parts(vectors: Vectors, asked: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Who looks among whom: every one asked for once."""
    if len(asked) * len(vectors) <= EXACT or len(vectors) <= 2 * _CELL:
        yield asked, np.arange(len(vectors))
        return
    cells = _nearest_cells(vectors, _find_centres(vectors))
    home = cells[asked, 0]
    askers = asked[np.argsort(home, kind="stable")]
    vector, order = cells.size // len(cells), np.argsort(cells.ravel(), kind="stable")
    count = int(cells.max()) + 1
    bounds = np.searchsorted(cells.ravel()[order], np.arange(count + 1))
    homes = np.searchsorted(np.sort(home), np.arange(count + 1))
    for cell in range(count):
        listed = np.sort(order[bounds[cell] : bounds[cell + 1]] // vector)
        yield askers[homes[cell] : homes[cell + 1]], listed


def _find_centres(vectors: Vectors) -> Vectors:
    """Centres of cells (cells, dim), unit; from vectors spread evenly, moved some times."""
    count = -(-len(vectors) // _CELL)
    sample = vectors[:: max(1, len(vectors) // (count * 64))]
    centres = sample[np.linspace(0, len(sample) - 1, count).astype(np.int64)]
    for _ in range(_PASSES):
        nearest = _nearest_cells(sample, centres, listed=1)[:, 0]
        order = np.argsort(nearest, kind="stable")
        used, begins = np.unique(nearest[order], return_index=True)
        moved = centres.copy()
        moved[used] = np.add.reduceat(sample[order], begins, axis=0)
        centres = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)
    return centres


def _nearest_cells(vectors: Vectors, centres: Vectors, listed: int = _LISTED) -> Integers:
    """The nearest cells of each vector, the best first: (n, listed)."""
    listed = min(listed, len(centres))
    nearest = np.empty((len(vectors), listed), np.int64)
    step = max(1, _BLOCK_BYTES // (4 * len(centres)))
    for start in range(0, len(vectors), step):
        products = vectors[start : start + step] @ centres.T
        for place in range(listed):
            best = products.argmax(axis=1)
            nearest[start : start + step, place] = best
            products[np.arange(len(best)), best] = -np.inf
    return nearest


def _search(vectors: Vectors, rows: Integers, columns: Integers, k: int, least: float) -> Integers:
    """For each of the rows its best k of the columns: (2, pairs) of numbers of vectors."""
    listed = vectors if len(columns) == len(vectors) else vectors[columns]
    step = max(1, _BLOCK_BYTES // (4 * len(columns)))
    found = []
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        products = vectors[block] @ listed.T
        own = np.searchsorted(columns, block)
        own[own == len(columns)] = 0
        is_listed = columns[own] == block
        products[np.flatnonzero(is_listed), own[is_listed]] = -np.inf
        row, column = _best(products, k, least)
        found.append(np.stack((block[row], columns[column])))
    return np.concatenate(found, axis=1)


def _best(products: Vectors, k: int, least: float) -> tuple[Integers, Integers]:
    """Rows and columns of the k largest of each row, of those that reach the least."""
    passes = products >= least
    many = passes.sum(axis=1) > k
    row, column = np.nonzero(passes & ~many[:, None])
    crowded = np.flatnonzero(many)
    if not len(crowded):
        return row, column
    top = np.argpartition(products[crowded], -k, axis=1)[:, -k:]
    return np.append(row, np.repeat(crowded, k)), np.append(column, top.ravel())
