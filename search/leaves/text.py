"""Leaf: what the picture shows, in words. Knows no model; the space's encoder reads the text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from analyzers.encoder import Range, Space
from search.outcome import Outcome
from search.vector_leaf import VectorLeaf, is_above

if TYPE_CHECKING:
    from search.vector_source import VectorSource
    from search.view import View


class TextLeaf(VectorLeaf):
    """Scores rows by how well the text describes their pictures."""

    kind: Literal["text"] = "text"
    text: str = Field(max_length=2000)

    @field_validator("text")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(
                'an empty text finds nothing: say what the picture shows ("a red car")'
            )
        return value

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

    def remark(self, space: str, source: "VectorSource") -> str | None:
        """Names the words that the space's model was never trained on."""
        unknown = source.unknown_words(space, self.text)
        if not unknown:
            return None
        words = ", ".join(f'"{word}"' for word in unknown)
        return f"the model of the space {space} never saw {words}: it guesses from parts of words"

    def evaluate(self, view: "View") -> Outcome:
        """As of all vectors; a text that is like nothing at all is told."""
        said = super().evaluate(view)
        found = view.cosines[self]
        speaks = found.known is None or found.known.any()
        if speaks and not is_above(found.values, found.range.low):
            view.note(
                f'every picture scores 0 for "{self.text}": none shows anything of it, or the '
                f"space {found.space} does not know these words"
            )
        return said

    def asked(self) -> dict[str, object]:
        """The text."""
        return {"asked": self.text}
