"""Leaf: a named colour that covers a part of the picture. Knows no palette."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from search.node import Node
from search.outcome import Outcome

if TYPE_CHECKING:
    from search.hits import Why
    from search.view import View

VOCABULARY = "colour"


class ColourLeaf(Node):
    """Keeps shots with a keyframe that shows enough of a colour; a row scores its covered area."""

    kind: Literal["colour"] = "colour"
    name: str = Field(
        min_length=1, max_length=200, description="As the analyzer `colours` names it."
    )
    min_area: float = Field(0.05, gt=0, le=1, description="Of the picture, as a fraction.")

    @property
    def filters(self) -> bool:
        """Always."""
        return True

    @property
    def scores(self) -> bool:
        """Always."""
        return True

    def evaluate(self, view: "View") -> Outcome:
        """The mask is the shot's, the score the row's own area."""
        layout, labels = view.layout, view.generation.labels
        full = f"{VOCABULARY}/{self.name}"
        if full not in labels:
            there = [label.name for label in labels.names() if label.vocabulary == VOCABULARY]
            view.note(
                f"no shot has the colour {self.name}; there are: {', '.join(there) or 'none'}"
            )
        found = labels.rows_of(full)
        area = np.zeros(layout.n)
        area[found.rows] = np.clip(found.scores, 0, 1)
        enough = area >= self.min_area
        mask = layout.spread(layout.any_of_shots(enough))

        def evidence(row: int) -> dict[str, object]:
            return {"asked": self.name, "area": float(area[row]), "min_area": self.min_area}

        score = np.where(mask, area, 0.0)
        return Outcome(self.kind, mask, score, layout.all(), enough.astype(np.uint8), evidence)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """The area."""
        return float(why.evidence("area"))
