"""Vectors as one byte per number: all scores at the speed of memory, the best ones exactly.

The codes are read from end to end for every query, or half of that where a first pass goes ahead
(`codes.py`); the vectors themselves lie beside them as float16 and are read by position, few at a
time. FAISS finds the candidates for `top` in the same codes, unless a first pass finds them faster.
Knows nothing of how a coding is learned.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.codes import Codes, Estimates, TwoPasses
from indexer.generations.coding import Coding
from indexer.generations.exact import fill_up
from indexer.generations.faiss_index import (
    GPU_MOST,
    has_faiss,
    search_codes,
    search_halves_on_gpu,
)
from indexer.generations.row_reading import widen
from indexer.generations.storage import Rows
from indexer.generations.vector_index import Span

SPARE = 0.5  # of k: how many more are looked at closely than are asked for
LEAST_SPARE = 100  # ... and at least
CLOSE_AT_ONCE = 1 << 13  # vectors in memory while they are scored exactly


class CodedIndex:
    """Codes in memory or mapped, vectors on the disk; FAISS loads at the first `top`."""

    is_exact = False

    def __init__(
        self,
        coding: Coding,
        codes: NDArray[np.uint8],
        halves: Rows,
        nibbles: NDArray[np.uint8] | None = None,
        device: str = "cpu",
    ) -> None:
        """An index over codes and vectors that lie elsewhere.

        Args:
            coding: of the codes.
            codes: (m, dim) in C order.
            halves: the vectors (m, dim), float16.
            nibbles: of the codes, where a first pass over them is wanted.
            device: `cpu`, or `cuda` with FAISS for GPUs.
        """
        self._coding = coding
        self._count = len(codes)
        self._halves = halves
        whole = Codes(coding, codes)
        self._estimates: Estimates = whole if nibbles is None else TwoPasses(whole, nibbles)
        self._faiss = search_codes(codes) if nibbles is None and has_faiss() else None
        self._gpu = None if device == "cpu" else search_halves_on_gpu(halves)

    def find_estimated(self) -> list[Span]:
        """All."""
        return [(0, len(self))] if len(self) else []

    def __len__(self) -> int:
        return self._count

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to vectors (k, dim), as precise as float16."""
        return widen(self._halves.read(ids))

    def scores(
        self,
        queries: NDArray[np.float32],
        out: NDArray[np.float32] | None = None,
        span: Span | None = None,
    ) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m) estimates of the inner products."""
        first, end = span or (0, len(self))
        scores = np.empty((len(queries), end - first), np.float32) if out is None else out
        self._estimates.estimate(queries, (first, end), scores)
        return scores

    def rescore(
        self, queries: NDArray[np.float32], ids: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """(q, dim) queries and (k,) ids to (q, k) inner products with the float16 vectors.

        One by one, as `Coding.turn` does it, and for the same reason.
        """
        scores = np.empty((len(queries), len(ids)), np.float32)
        for first in range(0, len(ids), CLOSE_AT_ONCE):
            some = slice(first, first + CLOSE_AT_ONCE)
            scores[:, some] = np.vecdot(queries[:, None], self.get_vectors(ids[some]))
        return scores

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k of those that seem best; see VectorIndex."""
        found = min(k, len(self) if within is None else int(within.sum()))
        ids = np.full((len(queries), found), -1, np.int64)
        scores = np.full((len(queries), found), -np.inf, np.float32)
        if found:
            many = min(len(self), max(int(k * (1 + SPARE)), k + LEAST_SPARE))
            for number, candidates in enumerate(self._find_candidates(queries, many, within)):
                candidates = np.sort(candidates[candidates >= 0])
                exact = self.rescore(queries[number : number + 1], candidates)[0]
                best = np.argsort(-exact, kind="stable")[:found]
                ids[number], scores[number] = candidates[best], exact[best]
        return fill_up(ids, scores, k)

    def _find_candidates(
        self, queries: NDArray[np.float32], many: int, within: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """(q, many) ids of what seems best, in any order; -1 where there are fewer."""
        if self._gpu is not None and within is None and many <= GPU_MOST:
            return self._gpu.search(queries, many, None)[0]
        if self._faiss is not None:
            return self._faiss.search(self._coding.prepare_bytes(queries)[0], many, within)[0]
        scores = self.scores(queries)
        if within is not None:
            scores[:, ~within] = -np.inf
        best = np.argpartition(-scores, many - 1, axis=1)[:, :many]
        return np.where(np.isinf(np.take_along_axis(scores, best, axis=1)), -1, best)
