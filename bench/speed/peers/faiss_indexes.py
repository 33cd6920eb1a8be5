"""FAISS without anything of ours: exact floats, 8 bits with their own scale, a graph."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.speed.peers.peer import Size

TRAINING_ROWS = 100_000
NEIGHBOURS, EF_BUILD = 16, 40  # of the graph
EF_SEARCH = 2000  # at least twice what is asked for


class FaissPeer:
    """One index of the factory's."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._waiting: list[NDArray[np.float32]] = []  # until it is trained

    def add(self, first: int, vectors: NDArray[np.float32]) -> None:
        """As they come; the first ones wait until there are enough to train on."""
        if self._index.is_trained:
            self._index.add(vectors)
            return
        self._waiting.append(vectors)
        if sum(map(len, self._waiting)) >= TRAINING_ROWS:
            self._train()

    def finish(self) -> None:
        """Train now where there were few."""
        if not self._index.is_trained:
            self._train()

    def _train(self) -> None:
        vectors, self._waiting = np.concatenate(self._waiting), []
        self._index.train(vectors)
        self._index.add(vectors)

    def top(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """FAISS pads with -1, which is left out."""
        found: NDArray[np.int64] = self._index.search(query[None], k)[1][0]
        return found[found >= 0]

    def server_bytes(self) -> int:
        """None: it lives in this process."""
        return 0

    def close(self) -> None:
        """Free the vectors."""
        self._index.reset()


def make_flat(size: Size) -> FaissPeer:
    """Every inner product in float32."""
    import faiss

    return FaissPeer(faiss.IndexFlatIP(size.dim))


def make_sq8(size: Size) -> FaissPeer:
    """Eight bits for each number, scaled for each dimension."""
    import faiss

    kind = faiss.ScalarQuantizer.QT_8bit
    return FaissPeer(faiss.IndexScalarQuantizer(size.dim, kind, faiss.METRIC_INNER_PRODUCT))


def make_hnsw(size: Size) -> FaissPeer:
    """A graph of neighbours."""
    import faiss

    index = faiss.IndexHNSWFlat(size.dim, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = EF_BUILD, EF_SEARCH
    return FaissPeer(index)
