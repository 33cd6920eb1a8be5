"""Leaf: a class that an analyzer saw, how many at once. Knows no vocabulary but that of colours."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from search.boxes import find_spans
from search.comparison import Comparator, compare
from search.layout import Places, expand, find_places, first_of_each
from search.leaves.colour import VOCABULARY as COLOURS
from search.nearest import find_nearest
from search.node import Node
from search.outcome import Counts, Evidence, Outcome

if TYPE_CHECKING:
    from indexer.generations.generation import Generation
    from search.hits import Why
    from search.view import View


class LabelLeaf(Node):
    """Keeps shots by how many instances of a label they show at once; 0 where none was seen."""

    kind: Literal["label"] = "label"
    name: str = Field(
        min_length=1, max_length=200, description="VOCABULARY/NAME, or NAME in any vocabulary."
    )
    op: Comparator = ">="
    count: int = Field(1, ge=0, le=10**9)

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
        layout, generation = view.layout, view.generation
        labels = generation.labels
        self._note(view)
        found = labels.find(self.name)
        counts = np.zeros(layout.s, np.int32)
        counts[found.shots] = found.counts
        holds = compare(counts, self.op, self.count)

        def shown(places: Places) -> Counts:
            here = find_places(labels.rows_of(self.name).rows, places.rows) >= 0
            return (here & holds[places.shots]).astype(np.uint8)

        def evidence(places: Places) -> list[Evidence]:
            asked = f"{self.name} {self.op} {self.count}"
            at = find_places(found.shots, places.shots)
            sure = [float(found.scores[place]) if place >= 0 else None for place in at.tolist()]
            columns = zip(
                counts[places.shots].tolist(),
                sure,
                self._find_boxes(generation, places),
                strict=True,
            )
            return [
                {"asked": asked, "count": count, "confidence": one, **box}
                for count, one, box in columns
            ]

        return Outcome(self.kind, holds, shown=shown, evidence=evidence)

    def _find_boxes(self, generation: "Generation", places: Places) -> list[Evidence]:
        """Where and when the surest instance with a box is seen in each shot; {} without one."""
        boxed = generation.boxed_labels(self.name)
        shots = np.unique(places.shots)
        owner, seen = expand(*find_spans(boxed.shot, shots))
        best = seen[first_of_each(owner, -boxed.score[seen])]
        at = find_places(boxed.shot[best].astype(np.int64), places.shots)
        boxes, times_ms = boxed.box[best].tolist(), boxed.time_ms[best].tolist()
        return [
            {"box": boxes[one], "time_ms": times_ms[one]} if one >= 0 else {} for one in at.tolist()
        ]

    def _note(self, view: "View") -> None:
        """Say what people may not expect: a name that never occurs, what is counted of colours."""
        labels = view.generation.labels
        if self.name not in labels:
            near = find_nearest(self.name, [label.full for label in labels.names()], cutoff=0.6)
            hint = f"; the nearest is {near}" if near else ""
            view.note(f"no shot has the label {self.name}{hint}")
        vocabulary, _, colour = self.name.casefold().rpartition("/")
        if vocabulary == COLOURS and not self._asks_presence:
            view.note(
                f"{self.name} counts the picture and its cells that have the colour, up to 10; "
                f"for shots that show it: colour={colour}"
            )

    @property
    def _asks_presence(self) -> bool:
        """Whether one instance or many make no difference."""
        many = compare(np.array([1, self.count + 1, max(self.count, 1)]), self.op, self.count)
        return bool(many.all() or not many.any())

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """None: a filter."""
        return None
