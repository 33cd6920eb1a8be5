"""Vectors in FAISS, the one door to it: searches vectors or codes where they are, without a copy.

FAISS from 1.11 on can search memory that it does not own; older ones are given a copy. On a GPU it
holds its own copy there.
"""

from collections.abc import Callable
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.exact import ExactIndex, fill_up
from indexer.generations.storage import Rows
from indexer.generations.vector_index import Span

GPU_MOST = 2048  # results that FAISS can select on a GPU
BLOCK_ROWS = 1 << 16  # copied to a GPU at once


def has_faiss() -> bool:
    """Whether FAISS is installed; does not load it."""
    return find_spec("faiss") is not None


class FaissSearch:
    """An index of FAISS's that is made at the first search; safe to share between threads."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        """`make` is given the library."""
        self._make = make
        self._index: Any = None
        self._lock = Lock()

    def search(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ids and scores (q, k) in any order of equals; -1 and -inf where there are fewer."""
        faiss = load_faiss()
        options = {}
        if within is not None:
            chosen = faiss.IDSelectorBitmap(np.packbits(within, bitorder="little"))
            options["params"] = faiss.SearchParameters(sel=chosen)
        index = self.open(faiss)
        scores, ids = index.search(np.ascontiguousarray(queries, np.float32), k, **options)
        return ids, np.where(ids < 0, -np.inf, scores)

    def open(self, faiss: Any) -> Any:
        """The index, made once."""
        with self._lock:
            if self._index is None:
                self._index = self._make(faiss)
            return self._index


class FaissIndex:
    """An `IndexFlatIP` over vectors that lie elsewhere; FAISS loads at the first `top`."""

    is_exact = True

    def __init__(self, vectors: NDArray[np.float32], device: str = "cpu") -> None:
        """(m, dim) in C order, in memory or mapped; device `cpu`, or `cuda` with FAISS for GPUs."""
        self._exact = ExactIndex(vectors)
        self._on_gpu = device != "cpu"
        make = _copy_to_gpu if self._on_gpu else _view_vectors
        self._faiss = FaissSearch(lambda faiss: make(faiss, vectors))

    def find_estimated(self) -> list[Span]:
        """None."""
        return []

    def __len__(self) -> int:
        return len(self._exact)

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to vectors (k, dim)."""
        return self._exact.get_vectors(ids)

    def scores(
        self,
        queries: NDArray[np.float32],
        out: NDArray[np.float32] | None = None,
        span: Span | None = None,
    ) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m) inner products: numpy's, as FAISS gives only the best."""
        return self._exact.scores(queries, out, span)

    def rescore(
        self, queries: NDArray[np.float32], ids: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """(q, dim) queries and (k,) ids to (q, k) inner products."""
        return self._exact.rescore(queries, ids)

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k; see VectorIndex. On a GPU, a choice or a large k is left to numpy."""
        most = min(k, len(self))
        if most == 0 or (self._on_gpu and (within is not None or most > GPU_MOST)):
            return self._exact.top(queries, k, within)
        ids, scores = self._faiss.search(queries, most, within)
        order = np.lexsort((ids, -scores), axis=1)
        ids = np.take_along_axis(ids, order, axis=1)
        return fill_up(ids, np.take_along_axis(scores, order, axis=1), k)


def search_codes(codes: NDArray[np.uint8]) -> FaissSearch:
    """Inner products with codes (m, dim) - 128, in memory or mapped."""
    return FaissSearch(lambda faiss: _view_codes(faiss, codes))


def search_halves_on_gpu(halves: Rows) -> FaissSearch:
    """Inner products with float16 vectors (m, dim), copied to the GPU."""
    return FaissSearch(lambda faiss: _copy_halves_to_gpu(faiss, halves))


def load_faiss() -> Any:
    """FAISS; untyped, since its stubs know only what C++ takes."""
    import faiss

    library: Any = faiss
    return library


def _view_vectors(faiss: Any, vectors: NDArray[np.float32]) -> Any:
    index = faiss.IndexFlatIP(vectors.shape[1])
    if not hasattr(faiss, "ZeroCopyIOReader"):
        index.add(vectors)
        return index
    return _view(faiss, index, vectors)


def _view_codes(faiss: Any, codes: NDArray[np.uint8]) -> Any:
    kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
    index = faiss.IndexScalarQuantizer(codes.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    if not hasattr(faiss, "ZeroCopyIOReader"):
        index.add_sa_codes(codes)
        return index
    return _view(faiss, index, codes)


def _view(faiss: Any, index: Any, rows: NDArray[Any]) -> Any:
    """The index over the rows where they are; FAISS's reader of mapped files works likewise.

    `create_view` asks for an owner to keep alive, and Python cannot make one; that of a tiny index
    read from memory serves. The rows are kept alive by the caller.
    """
    assert rows.flags.c_contiguous, "FAISS would look at a copy that is gone"
    tiny = faiss.serialize_index(faiss.IndexFlatIP(1))
    owner = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(tiny), tiny.size)).codes.owner
    data = faiss.swig_ptr(rows.reshape(-1).view(np.uint8))
    index.codes = faiss.MaybeOwnedVectorUInt8.create_view(data, rows.nbytes, owner)
    index.ntotal = len(rows)
    return index


def _copy_to_gpu(faiss: Any, vectors: NDArray[np.float32]) -> Any:
    index = faiss.GpuIndexFlatIP(faiss.StandardGpuResources(), vectors.shape[1])
    index.add(vectors)
    return index


def _copy_halves_to_gpu(faiss: Any, halves: Rows) -> Any:
    count, dim = halves.shape
    config = faiss.GpuIndexFlatConfig()
    config.useFloat16 = True
    index = faiss.GpuIndexFlatIP(faiss.StandardGpuResources(), dim, config)
    for first in range(0, count, BLOCK_ROWS):
        ids = np.arange(first, min(first + BLOCK_ROWS, count))
        index.add(halves.read(ids).astype(np.float32))
    return index
