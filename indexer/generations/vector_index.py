"""The interface of search by vector: inner products of queries with all vectors of one space.

Implementations: `exact.py` (numpy, the oracle) and `faiss_index.py`.
`tests/indexer/test_vector_index_contract.py` is the specification. Knows nothing of rows, shots,
what a vector shows.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class VectorIndex(Protocol):
    """m vectors of one space, read-only; safe to share between threads."""

    def __len__(self) -> int:
        """How many vectors: m."""

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to the vectors (k, dim) themselves, a fresh array."""

    def scores(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m) inner products, a fresh array."""

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k of the vectors, or of those where `within` (m,) is true.

        Gives ids (q, k) and scores (q, k), best first, the smaller id first where scores are
        equal; where fewer than k exist, the rest is -1 and -inf. Which of several equals is left
        out at the k-th place is open.
        """
