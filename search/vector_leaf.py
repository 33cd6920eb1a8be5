"""What leaves that compare vectors share: cosines of one space, mapped to [0, 1] by its range.

Knows no space and no encoder; how a leaf comes to its vectors is its own affair.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analyzers.encoder import Range, Space
from search.node import Node
from search.outcome import Outcome

if TYPE_CHECKING:
    from search.hits import Why
    from search.vector_source import VectorSource
    from search.view import View


class VectorLeaf(Node):
    """A leaf that scores every row by its likeness to one or more vectors of a space."""

    space: str | None = Field(
        None, max_length=200, description="The embedding space; by default the search's."
    )

    @property
    def filters(self) -> bool:
        """Never: every row is more or less like it."""
        return False

    @property
    def scores(self) -> bool:
        """Always."""
        return True

    @classmethod
    @abstractmethod
    def needs_encoder(cls) -> bool:
        """Whether the space's model has to be at hand."""

    @classmethod
    @abstractmethod
    def find_vectors(
        cls, leaves: Sequence[Self], space: str, source: "VectorSource"
    ) -> list[NDArray[np.float32]]:
        """What the leaves of this kind ask for in one space: (q, dim) unit vectors for each.

        Where a leaf has several vectors, the best counts.
        """

    @classmethod
    @abstractmethod
    def range_in(cls, space: Space) -> Range:
        """How cosines of this kind of leaf map to [0, 1]."""

    @abstractmethod
    def asked(self) -> dict[str, object]:
        """What was asked for, in the words of the leaf, for `why`."""

    def remark(self, space: str, source: "VectorSource") -> str | None:
        """What people should know of what was asked, if anything."""
        return None

    def evaluate(self, view: "View") -> Outcome:
        """Every row holds; the score is the calibrated cosine, 0 where the row has no vector."""
        found = view.cosines[self]
        if found.remark:
            view.note(found.remark)
        known = ~np.isnan(found.values)
        score = np.where(known, calibrate(found.values, found.range), 0.0)

        def evidence(row: int) -> dict[str, object]:
            cosine = float(found.values[row]) if known[row] else None
            bounds = [found.range.low, found.range.high]
            return {**self.asked(), "space": found.space, "cosine": cosine, "range": bounds}

        mask = view.layout.all()
        return Outcome(self.kind, mask, score, known, known.astype(np.uint8), evidence)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """The calibrated cosine."""
        if not why.known:
            return 0.0
        low, high = why.evidence("range")
        return float(calibrate(np.array(why.evidence("cosine")), Range(low, high)))


def calibrate(cosines: NDArray[np.float64], to: Range) -> NDArray[np.float64]:
    """Cosines to [0, 1]; NaN stays."""
    return np.clip((cosines - to.low) / (to.high - to.low), 0.0, 1.0)
