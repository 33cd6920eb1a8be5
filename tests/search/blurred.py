"""A vector index that only estimates, each score a little off, and knows the truth when asked."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worlds import World

from indexer.generations.vector_index import Span, VectorIndex


@dataclass(frozen=True)
class BlurredIndex:
    """Equal vectors are off alike, as equal codes are."""

    exact: VectorIndex
    off: float
    is_exact: bool = False

    def find_estimated(self) -> list[Span]:
        return [(0, len(self))] if len(self) else []

    def __len__(self) -> int:
        return len(self.exact)

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        return self.exact.get_vectors(ids)

    def scores(
        self,
        queries: NDArray[np.float32],
        out: NDArray[np.float32] | None = None,
        span: Span | None = None,
    ) -> NDArray[np.float32]:
        scores = self.exact.scores(queries, out, span)
        vectors = self.get_vectors(np.arange(*(span or (0, len(self)))))
        scores += self.off * np.sign(np.sin(1e4 * vectors.sum(axis=1) + 0.5))
        return scores

    def rescore(
        self, queries: NDArray[np.float32], ids: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        return self.exact.rescore(queries, ids)

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return self.exact.top(queries, k, within)


def blur(world: World, off: float) -> World:
    """The same collection, in which every cosine is first off by that much."""
    spaces = {
        name: replace(index, index=BlurredIndex(index.index, off))
        for name, index in world.generation.spaces.items()
    }
    return replace(world, generation=replace(world.generation, spaces=spaces))
