"""The interface of search by vector: inner products of queries with all vectors of one space.

Implementations: `exact.py` (numpy, the oracle) and `faiss_index.py` over float32, `coded_index.py`
over one byte per number. Search asks for all scores, never for `top`: that is for those who use an
index by itself. FAISS answers it, where it is installed, on a GPU if that is asked for.
`tests/indexer/test_vector_index_contract.py` is the specification. Knows nothing of rows, shots,
what a vector shows.
"""

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Span: TypeAlias = tuple[int, int]  # the vectors from the first up to, not including, the second


class VectorIndex(Protocol):
    """m vectors of one space, read-only; safe to share between threads."""

    @property
    def is_exact(self) -> bool:
        """Whether `scores` are the inner products themselves, not estimates of them."""

    def find_estimated(self) -> list[Span]:
        """The vectors whose `scores` are estimates: stretches, ascending, each of one coding."""

    def __len__(self) -> int:
        """How many vectors: m."""

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to the vectors (k, dim) themselves, a fresh array."""

    def scores(
        self,
        queries: NDArray[np.float32],
        out: NDArray[np.float32] | None = None,
        span: Span | None = None,
    ) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m) inner products, or estimates of them.

        Where a span is given, of its vectors alone. They come in `out` where it is given, each row
        of it contiguous; else in a fresh array.
        """

    def rescore(
        self, queries: NDArray[np.float32], ids: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """(q, dim) queries and (k,) ids to (q, k) inner products of the vectors themselves."""

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k of the vectors, or of those where `within` (m,) is true.

        Gives ids (q, k) and inner products (q, k), best first, the smaller id first where they are
        equal; where fewer than k exist, the rest is -1 and -inf. Which of several equals is left
        out at the k-th place is open. Where `scores` are estimates, so is the choice of the k.
        """
