"""Our engine over the made collection, as the product would open it, but with ready vectors.

Texts are named by number and encoded by looking up: what is timed is the search, not a model.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.error import SettingsError
from bench.speed.collection import Plan
from search.engine import SearchEngine
from search.hits import SearchResult
from search.leaves.text import TextLeaf
from search.options import SearchOptions
from search.query import AnyNode, Query


class ReadyEncoder:
    """An encoder of texts that are numbers, each with a vector that was drawn for it."""

    def __init__(self, space: Space, vectors: NDArray[np.float32]) -> None:
        self.space = space
        self._vectors = vectors  # (q, dim)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of these numbers (n, dim), from the first again after the last."""
        return self._vectors[[int(text) % len(self._vectors) for text in texts]]

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Refused: vectors were drawn for texts only.

        Raises:
            SettingsError: always.
        """
        raise SettingsError("the vectors of this bench are those of texts: ask for no picture")


def open_engine(collection: Path, plan: Plan, queries: int) -> SearchEngine:
    """The engine over a kept collection, with vectors for so many texts."""
    encoder = ReadyEncoder(plan.space, plan.queries(queries))
    return SearchEngine(collection, {plan.space.name: encoder})


def leaf(number: int) -> TextLeaf:
    """The text of that number."""
    return TextLeaf(text=str(number))


def ask(engine: SearchEngine, root: AnyNode, k: int, *, by_video: bool) -> SearchResult:
    """The first k hits, each with what is known of it."""
    options = SearchOptions(k=k, group="video" if by_video else "none")
    return engine.search(Query(root=root), options)
