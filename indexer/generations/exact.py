"""Vectors in plain numpy: every inner product, then a sort. The oracle, and always there."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.vector_index import Span

FEW_QUERIES = 3  # up to here one product after the other is faster than all at once


class ExactIndex:
    """Holds the vectors where they are, mapped or in memory; needs no library."""

    is_exact = True

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        """(m, dim), in memory or mapped."""
        self._vectors = vectors

    def find_estimated(self) -> list[Span]:
        """None."""
        return []

    def __len__(self) -> int:
        return len(self._vectors)

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to vectors (k, dim)."""
        vectors: NDArray[np.float32] = self._vectors[ids]
        return vectors

    def scores(
        self,
        queries: NDArray[np.float32],
        out: NDArray[np.float32] | None = None,
        span: Span | None = None,
    ) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m) inner products."""
        vectors = self._vectors if span is None else self._vectors[slice(*span)]
        return inner_products(queries, vectors, out)

    def rescore(
        self, queries: NDArray[np.float32], ids: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """(q, dim) queries and (k,) ids to (q, k) inner products."""
        return inner_products(queries, self.get_vectors(ids))

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k; see VectorIndex."""
        scores = self.scores(queries)
        if within is not None:
            scores[:, ~within] = -np.inf
        found = min(k, len(self) if within is None else int(within.sum()))
        ids = np.argsort(-scores, axis=1, kind="stable")[:, :found]
        return fill_up(ids, np.take_along_axis(scores, ids, axis=1), k)


def inner_products(
    queries: NDArray[np.float32],
    vectors: NDArray[np.float32],
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """(q, dim) and (m, dim) to (q, m); reads the vectors where they are."""
    scores = np.empty((len(queries), len(vectors)), np.float32) if out is None else out
    if len(queries) > FEW_QUERIES:
        return np.matmul(queries, vectors.T, out=scores)
    for query, each in zip(queries, scores, strict=True):
        np.dot(vectors, query, out=each)
    return scores


def fill_up(
    ids: NDArray[np.int64], scores: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Results (q, j) filled up to (q, k) with -1 and -inf."""
    spare = ((0, 0), (0, k - ids.shape[1]))
    return (
        np.pad(ids, spare, constant_values=-1),
        np.pad(scores, spare, constant_values=-np.inf),
    )
