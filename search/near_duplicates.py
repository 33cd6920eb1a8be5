"""Finds pictures that look nearly the same as one listed before them. Knows no hits, no spaces.

In order of the list: a picture is folded under the first one that stays and is as like as is
asked; else it stays itself. What is folded folds nothing, so that no chain of small changes
leads from one picture to quite another.

From which cosine on two pictures look the same is the space's matter. In that of the made world's
encoder it is .99: of shots of other films 1 pair in 100,000 reaches it, while at .95 (7 in 10,000)
it is the same place with other people. CLIP gives unlike photographs .46 to .87 (two cats): above
that is .95.
"""

import numpy as np
from numpy.typing import NDArray

from search.layout import Floats, Indexes

AT_ONCE = 512  # pictures beside all that stay: bounds the memory
# What OpenBLAS multiplies at once: (64, 128) by (128, 32) is the most that it does not share out
# to threads. Those wait for each other, long where other work holds the cores.
LEFT, RIGHT, DEPTH = 64, 32, 128
SLACK = 1e-6  # by which cosines of equal pictures may differ, whatever the order of summation


def fold(vectors: Floats, least: float, known: Indexes | None = None) -> Indexes:
    """The place (n,) of what each picture is folded under, its own where it stays.

    Beside the vectors it needs as much memory again, and 2.5 kB for each picture.

    Args:
        vectors: (n, dim) in order, unit ones, or zeros where there is none: those always stay.
        least: the cosine from which on two look the same, > 0.
        known: (m,) what was found for the first m of them before; None: nothing.
    """
    under, first = np.arange(len(vectors)), 0
    if known is not None:
        first = len(known)
        under[:first] = known
    stays = np.flatnonzero(under[:first] == np.arange(first))
    kept = np.empty_like(vectors)  # those that stay, side by side
    kept[: len(stays)] = vectors[stays]
    for start in range(first, len(vectors), AT_ONCE):
        fresh, count = vectors[start : start + AT_ONCE], len(stays)
        kept[count : count + len(fresh)] = fresh  # so that one product serves both
        alike = _find_alike(fresh, kept[: count + len(fresh)], least - SLACK)
        folded = alike[:, :count].any(axis=1)
        if folded.any():
            under[start + np.flatnonzero(folded)] = stays[alike[folded, :count].argmax(axis=1)]
        rest = np.flatnonzero(~folded)
        among = _fold_among(alike[np.ix_(rest, count + rest)])
        under[start + rest] = start + rest[among]
        more = start + rest[among == np.arange(len(rest))]
        kept[count : count + len(more)] = vectors[more]
        stays = np.append(stays, more)
    return under


def as_units(vectors: Floats) -> Floats:
    """(n, dim) vectors as unit ones, zeros as they are: what was float16 is off by a thousandth."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    norms[norms == 0] = 1
    units: Floats = vectors / norms
    return units


def _find_alike(left: Floats, right: Floats, least: float) -> NDArray[np.bool_]:
    """(a, dim) and (b, dim) to (a, b): whether their inner product is that or more.

    In one thread, in small pieces, about as fast as one large product in one thread.
    """
    rows, columns = _cut(left, LEFT)[:, None], _cut(right, RIGHT)[None]
    cosines = np.zeros((len(rows), columns.shape[1], LEFT, RIGHT), np.float32)
    for start in range(0, left.shape[1], DEPTH):
        some = slice(start, start + DEPTH)
        cosines += rows[..., some] @ columns[..., some].swapaxes(2, 3)
    alike = (cosines >= least).swapaxes(1, 2)
    return alike.reshape(len(rows) * LEFT, -1)[: len(left), : len(right)]


def _cut(vectors: Floats, size: int) -> Floats:
    """(n, dim) vectors in pieces (m, size, dim), the last filled up with zeros."""
    full = np.zeros((-(-len(vectors) // size) * size, vectors.shape[1]), np.float32)
    full[: len(vectors)] = vectors
    return full.reshape(-1, size, vectors.shape[1])


def _fold_among(alike: NDArray[np.bool_]) -> Indexes:
    """The place (k,) of what each is folded under, where (k, k) tells which look the same.

    Decided in rounds, each of all that waits for nothing: as many as the longest chain of those
    that look like the next has links.
    """
    before, after = np.nonzero(np.triu(alike, 1))
    gone = np.zeros(len(alike), bool)
    first, second = before, after  # of the pairs in which neither is decided
    while len(first):
        waits = np.zeros(len(alike), bool)
        waits[second] = True
        gone[second[~waits[first]]] = True  # nothing before the first of them folds that
        left = waits[first] & ~gone[first] & ~gone[second]
        first, second = first[left], second[left]
    under = np.arange(len(alike))
    stays = ~gone[before]
    np.minimum.at(under, after[stays], before[stays])
    return under
