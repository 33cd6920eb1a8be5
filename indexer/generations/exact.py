"""Vectors in plain numpy: every inner product, then a sort. The oracle, and always there."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FEW_QUERIES = 3  # up to here one product after the other is faster than all at once


class ExactIndex:
    """Holds the vectors where they are, mapped or in memory; needs no library."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        """(m, dim), in memory or mapped."""
        self._vectors = vectors

    def __len__(self) -> int:
        return len(self._vectors)

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to vectors (k, dim)."""
        vectors: NDArray[np.float32] = self._vectors[ids]
        return vectors

    def scores(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m) inner products."""
        return inner_products(queries, self._vectors)

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k; see VectorIndex."""
        scores = self.scores(queries)
        if within is not None:
            scores[:, ~within] = -np.inf
        ids = np.full((len(queries), k), -1, np.int64)
        best = np.full((len(queries), k), -np.inf, np.float32)
        found = min(k, len(self) if within is None else int(within.sum()))
        order = np.argsort(-scores, axis=1, kind="stable")[:, :found]
        ids[:, :found] = order
        best[:, :found] = np.take_along_axis(scores, order, axis=1)
        return ids, best


def inner_products(
    queries: NDArray[np.float32], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(q, dim) and (m, dim) to (q, m); reads the vectors where they are."""
    if len(queries) > FEW_QUERIES:
        return queries @ vectors.T
    scores = np.empty((len(queries), len(vectors)), np.float32)
    for query, out in zip(queries, scores, strict=True):
        np.dot(vectors, query, out=out)
    return scores
