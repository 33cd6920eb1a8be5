"""All cosines that a query needs, in as few passes over the vectors as can be.

Knows no single kind of leaf.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from search.node import Node
from search.vector_leaf import VectorLeaf
from search.vector_source import VectorSource
from search.view import Cosines, check_time

AT_ONCE = 8  # queries that are scored in one pass: bounds the memory to 8 x n x 4 bytes
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
        values = _best_cosines([vectors for _, vectors in pairs], index.row_scores)
        for (leaf, _), best in zip(pairs, values, strict=True):
            remark = leaf.remark(name, source)
            found[leaf] = Cosines(name, leaf.range_in(index.space), best, remark)
    return found


def _best_cosines(
    asked: Sequence[NDArray[np.float32]],
    row_scores: Callable[[NDArray[np.float32]], NDArray[np.float32]],
) -> Iterator[NDArray[np.float64]]:
    """For each (q, dim) group of vectors the best cosine of every row (n,)."""
    vectors = np.concatenate(asked)
    owner = np.repeat(np.arange(len(asked)), [len(group) for group in asked])
    best: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(vectors), AT_ONCE):
        scores = row_scores(vectors[start : start + AT_ONCE])
        for number, row in zip(owner[start : start + AT_ONCE].tolist(), scores, strict=True):
            best[number] = np.maximum(best[number], row) if number in best else row
    for number in range(len(asked)):
        yield best[number].astype(np.float64).round(DECIMALS)
