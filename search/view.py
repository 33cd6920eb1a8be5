"""What the nodes of a query see while it is answered. Knows no kind of node."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range
from indexer.generations.generation import Generation
from search.error import QueryTooSlow
from search.layout import Layout

if TYPE_CHECKING:
    from search.node import Node
    from search.outcome import Outcome
    from search.vector_leaf import VectorLeaf


@dataclass(frozen=True, eq=False)
class Cosines:
    """How like the rows are to what one leaf asks for, in one space."""

    space: str
    range: Range  # maps these cosines to [0, 1]
    values: NDArray[np.float64]  # (n,) the best of each row, NaN where it has no vector
    remark: str | None = None  # what people should know of what was asked


@dataclass(frozen=True, eq=False)
class View:
    """One generation, its layout, and what was computed for the whole query beforehand."""

    generation: Generation
    layout: Layout
    cosines: Mapping["VectorLeaf", Cosines]
    notes: list[str] = field(default_factory=list)  # what people should know; nodes add to it
    ends: float | None = None  # by time.monotonic: no node is looked at later

    def look(self, node: "Node") -> "Outcome":
        """What a node says of every row.

        Raises:
            QueryTooSlow: the time that the query may take is over.
        """
        check_time(self.ends)
        return node.evaluate(self)

    def note(self, text: str) -> None:
        """Tell people something, once."""
        if text not in self.notes:
            self.notes.append(text)


def check_time(ends: float | None) -> None:
    """Raise QueryTooSlow where that moment, by time.monotonic, has passed."""
    if ends is not None and time.monotonic() > ends:
        raise QueryTooSlow(
            "the query took longer than is allowed here: ask for less, such as fewer leaves"
        )
