"""All cosines that a query needs, in as few passes over the vectors as can be.

Knows no single kind of leaf.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search.layout import Floats, Indexes
from search.node import Node
from search.vector_leaf import VectorLeaf
from search.vector_source import VectorSource
from search.view import Cosines, check_time

AT_ONCE = 8  # vectors that are scored in one pass; the cosines of every leaf are kept: n x 4 bytes
PROBES = 100  # rows of a part that tell how far the estimates of a leaf are off there
DEVIATIONS = 6.0  # standard ones, that no estimate among millions is off
DECIMALS = 6  # of a cosine: equal vectors score equal, whatever the order of summation


def walk(root: Node) -> Iterator[Node]:
    """A node and all nodes below it."""
    yield root
    for part in root.parts:
        yield from walk(part)


def find_cosines(
    leaves: Iterable[VectorLeaf],
    space: str | None,
    source: VectorSource,
    ends: float | None = None,
) -> dict[VectorLeaf, Cosines]:
    """The cosines of every leaf with every row.

    Args:
        leaves: those of the query; equal leaves are computed once.
        space: for leaves that name none.
        source: gives their vectors, and the rows.
        ends: by time.monotonic; looked at before every few leaves.

    Raises:
        QueryTooSlow: that moment has passed.
    """
    groups: dict[tuple[type[VectorLeaf], str], list[VectorLeaf]] = {}
    for leaf in dict.fromkeys(leaves):
        name = space if leaf.space is None else leaf.space
        assert name is not None, "a space is chosen where a leaf needs one"
        groups.setdefault((type(leaf), source.space(name).space.name), []).append(leaf)
    asked: dict[str, list[tuple[VectorLeaf, NDArray[np.float32]]]] = {}
    for (kind, name), members in groups.items():
        for start in range(0, len(members), AT_ONCE):
            check_time(ends)
            some = members[start : start + AT_ONCE]
            vectors = kind.find_vectors(some, name, source)
            asked.setdefault(name, []).extend(zip(some, vectors, strict=True))
    found: dict[VectorLeaf, Cosines] = {}
    for name, pairs in asked.items():
        index = source.space(name)
        known = None if index.known.all() else index.known
        values = _best_cosines([vectors for _, vectors in pairs], index.row_scores)
        for (leaf, asked_for), best in zip(pairs, values, strict=True):
            remark, to = leaf.remark(name, source), leaf.range_in(index.space)
            found[leaf] = _finish(Cosines(index, asked_for, to, best, known, remark=remark))
    return found


def rescore(found: Cosines, rows: Indexes) -> Floats:
    """(r,) the cosines of some rows themselves, rounded; NaN where a row has no vector.

    Args:
        found: of one leaf.
        rows: (r,) ascending.
    """
    best: Floats = found.index.rescore_rows(found.vectors, rows).max(axis=0)
    return np.round(best, DECIMALS, out=best)


def _finish(found: Cosines) -> Cosines:
    """Cosines are rounded; of estimates a few rows of every part tell how far they are off.

    What holds for the worst part is taken to hold for all.
    """
    if found.index.is_exact:
        np.round(found.values, DECIMALS, out=found.values)
        return found
    probes = [_choose_probes(found.known, *span) for span in found.index.estimated]
    rows = np.concatenate([np.zeros(0, np.int64), *probes])
    if not len(rows):
        return found
    off = np.square(rescore(found, rows) - found.values[rows])
    parts = np.split(off, np.cumsum([len(some) for some in probes])[:-1])
    worst = max(float(np.mean(part)) for part in parts if len(part))
    return replace(found, error=DEVIATIONS * worst**0.5 + 10**-DECIMALS)


def _choose_probes(known: NDArray[np.bool_] | None, first: int, end: int) -> Indexes:
    """Some of the rows of a stretch that have a vector, ascending, at even distances."""
    rows = np.linspace(first, end - 1, min(PROBES, end - first)).astype(np.int64)
    if known is None:
        return rows
    holders = first + np.flatnonzero(known[first:end])
    return np.unique(holders[(rows - first) * len(holders) // (end - first)])


def _best_cosines(
    asked: Sequence[NDArray[np.float32]],
    row_scores: Callable[[NDArray[np.float32]], NDArray[np.float32]],
) -> Iterator[Floats]:
    """For each (q, dim) group of vectors the best cosine of every row (n,), a fresh array."""
    vectors = np.concatenate(asked)
    owner = np.repeat(np.arange(len(asked)), [len(group) for group in asked])
    best: dict[int, Floats] = {}
    for start in range(0, len(vectors), AT_ONCE):
        scores = row_scores(vectors[start : start + AT_ONCE])
        for number, row in zip(owner[start : start + AT_ONCE].tolist(), scores, strict=True):
            best[number] = np.maximum(best[number], row, out=row) if number in best else row
    for number in range(len(asked)):
        yield best[number]
