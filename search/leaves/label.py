"""Leaf: a class that an analyzer saw, how many at once. Knows no vocabulary."""

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from search.comparison import Comparator, compare
from search.node import Node
from search.outcome import Outcome

if TYPE_CHECKING:
    from search.hits import Why
    from search.view import View


class LabelLeaf(Node):
    """Keeps shots by how many instances of a label they show at once; 0 where none was seen."""

    kind: Literal["label"] = "label"
    name: str = Field(min_length=1, description="VOCABULARY/NAME, or NAME in any vocabulary.")
    op: Comparator = ">="
    count: int = Field(1, ge=0)

    @property
    def filters(self) -> bool:
        """Always."""
        return True

    @property
    def scores(self) -> bool:
        """Never."""
        return False

    def evaluate(self, view: "View") -> Outcome:
        """Compares the largest number of instances with the same start and end."""
        layout, labels = view.layout, view.generation.labels
        if self.name not in labels:
            names = [label.full for label in labels.names()]
            near = difflib.get_close_matches(self.name, names, 1)
            hint = f"; the nearest is {near[0]}" if near else ""
            view.note(f"no shot has the label {self.name}{hint}")
        found = labels.find(self.name)
        counts = np.zeros(len(layout.shots), np.int64)
        counts[found.shots] = found.counts
        mask = layout.spread(compare(counts, self.op, self.count))
        at = layout.nowhere()
        at[labels.rows_of(self.name).rows] = 1
        at[~mask] = 0

        def evidence(row: int) -> dict[str, object]:
            shot = layout.rows.shot[row]
            place = np.flatnonzero(found.shots == shot)
            sure = float(found.scores[place[0]]) if len(place) else None
            asked = f"{self.name} {self.op} {self.count}"
            return {"asked": asked, "count": int(counts[shot]), "confidence": sure}

        return Outcome(self.kind, mask, None, layout.all(), at, evidence)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """None: a filter."""
        return None
