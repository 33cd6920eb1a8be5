"""Leaf: a named colour that covers a part of the picture. Knows no palette."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from search.layout import Places
from search.node import Node
from search.outcome import Evidence, Outcome, Score

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
        """It holds for whole shots; the score is the row's own area."""
        layout, labels = view.layout, view.generation.labels
        full = f"{VOCABULARY}/{self.name}"
        if full not in labels:
            there = [label.name for label in labels.names() if label.vocabulary == VOCABULARY]
            view.note(
                f"no shot has the colour {self.name}; there are: {', '.join(there) or 'none'}"
            )
        found = labels.rows_of(full)
        least = np.float32(self.min_area)
        area = np.zeros(layout.n, np.float32)
        area[found.rows] = np.clip(found.scores, 0, 1)
        holds = np.zeros(layout.s, bool)
        holds[layout.rows.shot[found.rows[found.scores >= least]]] = True

        def evidence(places: Places) -> list[Evidence]:
            same = {"asked": self.name, "min_area": self.min_area}
            return [{**same, "area": one} for one in area[places.rows].tolist()]

        return Outcome(
            self.kind,
            holds,
            Score(area, by_row=True),
            shown=lambda places: (area[places.rows] >= least).astype(np.uint8),
            evidence=evidence,
        )

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """The area."""
        return float(why.evidence("area"))
