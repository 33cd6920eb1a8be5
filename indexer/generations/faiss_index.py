"""Vectors in FAISS, the one door to it: searches the mapped vectors where they are, without a copy.

FAISS from 1.11 on can search memory that it does not own; older ones are given a copy (4 bytes per
number). On a GPU it holds its own copy there.
"""

from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.exact import ExactIndex

GPU_MOST = 2048  # results that FAISS can select on a GPU


def has_faiss() -> bool:
    """Whether FAISS is installed; does not load it."""
    return find_spec("faiss") is not None


class FaissIndex:
    """An `IndexFlatIP` over vectors that lie elsewhere; FAISS loads at the first `top`."""

    def __init__(self, vectors: NDArray[np.float32], device: str = "cpu") -> None:
        """(m, dim) in C order, in memory or mapped; device `cpu`, or `cuda` with FAISS for GPUs."""
        self._exact = ExactIndex(vectors)
        self._vectors = vectors
        self._on_gpu = device != "cpu"
        self._index: Any = None
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._vectors)

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to vectors (k, dim)."""
        return self._exact.get_vectors(ids)

    def scores(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m) inner products: numpy's, as FAISS gives only the best."""
        return self._exact.scores(queries)

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k; see VectorIndex. On a GPU, a choice or a large k is left to numpy."""
        most = min(k, len(self))
        if most == 0 or (self._on_gpu and (within is not None or most > GPU_MOST)):
            return self._exact.top(queries, k, within)
        faiss = _load()
        options = {}
        if within is not None:
            chosen = faiss.IDSelectorBitmap(np.packbits(within, bitorder="little"))
            options["params"] = faiss.SearchParameters(sel=chosen)
        index = self._open(faiss)
        scores, ids = index.search(np.ascontiguousarray(queries, np.float32), most, **options)
        return _pad(ids, np.where(ids < 0, -np.inf, scores), k)

    def _open(self, faiss: Any) -> Any:
        """The index, made once."""
        with self._lock:
            if self._index is None:
                make = _copy_to_gpu if self._on_gpu else _view
                self._index = make(faiss, self._vectors)
            return self._index


def _load() -> Any:
    """FAISS; untyped, since its stubs know only what C++ takes."""
    import faiss

    library: Any = faiss
    return library


def _pad(
    ids: NDArray[np.int64], scores: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Results (q, j) in the promised order, filled up to (q, k)."""
    order = np.lexsort((ids, -scores), axis=1)
    spare = ((0, 0), (0, k - ids.shape[1]))
    return (
        np.pad(np.take_along_axis(ids, order, axis=1), spare, constant_values=-1),
        np.pad(np.take_along_axis(scores, order, axis=1), spare, constant_values=-np.inf),
    )


def _view(faiss: Any, vectors: NDArray[np.float32]) -> Any:
    """An index over the vectors where they are; FAISS's reader of mapped files works likewise.

    `create_view` asks for an owner to keep alive, and Python cannot make one; that of a tiny index
    read from memory serves. The vectors are kept alive by the caller.
    """
    index = faiss.IndexFlatIP(vectors.shape[1])
    if not hasattr(faiss, "ZeroCopyIOReader"):
        index.add(vectors)
        return index
    tiny = faiss.serialize_index(faiss.IndexFlatIP(1))
    owner = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(tiny), tiny.size)).codes.owner
    data = faiss.swig_ptr(vectors.reshape(-1).view(np.uint8))
    index.codes = faiss.MaybeOwnedVectorUInt8.create_view(data, vectors.nbytes, owner)
    index.ntotal = len(vectors)
    return index


def _copy_to_gpu(faiss: Any, vectors: NDArray[np.float32]) -> Any:
    index = faiss.GpuIndexFlatIP(faiss.StandardGpuResources(), vectors.shape[1])
    index.add(vectors)
    return index
