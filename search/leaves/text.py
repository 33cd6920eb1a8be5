"""Leaf: what the picture shows, in words. Knows no model; the space's encoder reads the text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analyzers.encoder import Range, Space
from search.vector_leaf import VectorLeaf

if TYPE_CHECKING:
    from search.vector_source import VectorSource


class TextLeaf(VectorLeaf):
    """Scores rows by how well the text describes their pictures."""

    kind: Literal["text"] = "text"
    text: str = Field(min_length=1, max_length=2000, pattern=r"\S")

    @classmethod
    def needs_encoder(cls) -> bool:
        """Yes, for the text."""
        return True

    @classmethod
    def find_vectors(
        cls, leaves: Sequence[Self], space: str, source: "VectorSource"
    ) -> list[NDArray[np.float32]]:
        """All texts in one batch."""
        vectors = source.of_texts(space, [leaf.text for leaf in leaves])
        return [vector[None] for vector in vectors]

    @classmethod
    def range_in(cls, space: Space) -> Range:
        """That of texts beside pictures."""
        return space.text_range

    def asked(self) -> dict[str, object]:
        """The text."""
        return {"asked": self.text}
