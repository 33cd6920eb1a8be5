"""What leaves that compare vectors share: cosines of one space, mapped to [0, 1] by its range.

Knows no space and no encoder; how a leaf comes to its vectors is its own affair.
"""

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from math import isnan
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analyzers.encoder import Range, Space
from search.layout import Floats, Places
from search.node import Node
from search.outcome import Evidence, Outcome, Score

if TYPE_CHECKING:
    from search.hits import Why
    from search.vector_source import VectorSource
    from search.view import View


PIECE_ROWS = 1 << 16  # that are looked at together


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
        """Every shot holds; the score is the calibrated cosine, 0 where the row has no vector."""
        found = view.cosines[self]
        if found.remark:
            view.note(found.remark)
        known = found.known
        cosines = found.values if known is None else np.where(known, found.values, -np.inf)
        bounds = [found.range.low, found.range.high]

        def evidence(places: Places) -> list[Evidence]:
            asked = {**self.asked(), "space": found.space}
            shown = found.values[places.rows].tolist()
            if known is not None:
                shown = [None if isnan(cosine) else cosine for cosine in shown]
            return [{**asked, "cosine": cosine, "range": bounds} for cosine in shown]

        return Outcome(
            self.kind,
            score=Score(cosines, by_row=True, rises=partial(calibrate, to=found.range)),
            known=None if known is None else lambda places: known[places.rows],
            shown=lambda places: (
                np.ones(len(places), np.uint8)
                if known is None
                else known[places.rows].astype(np.uint8)
            ),
            evidence=evidence,
        )

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """The calibrated cosine."""
        if not why.known:
            return 0.0
        low, high = why.evidence("range")
        return float(calibrate(np.array([why.evidence("cosine")], np.float32), Range(low, high))[0])


def calibrate(cosines: Floats, to: Range) -> Floats:
    """Cosines to [0, 1], a fresh array; NaN stays."""
    score = cosines - np.float32(to.low)
    score *= np.float32(1 / (to.high - to.low))
    return np.clip(score, 0, 1, out=score)


def is_above(cosines: Floats, low: float) -> bool:
    """Whether any of the cosines (n,) is above a bound; looks only as far as it has to."""
    pieces = range(0, len(cosines), PIECE_ROWS)
    return any((cosines[at : at + PIECE_ROWS] > np.float32(low)).any() for at in pieces)
