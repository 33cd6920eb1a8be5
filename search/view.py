"""What the nodes of a query see while it is answered. Knows no kind of node."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range
from indexer.generations.generation import Generation
from indexer.generations.space_index import SpaceIndex
from search.error import QueryTooSlow
from search.layout import Floats, Layout

if TYPE_CHECKING:
    from search.node import Node
    from search.outcome import Outcome
    from search.people_source import PeopleSource
    from search.vector_leaf import VectorLeaf


@dataclass(frozen=True, eq=False)
class Cosines:
    """How like the rows are to what one leaf asks for, in one space."""

    index: SpaceIndex
    vectors: NDArray[np.float32]  # (q, dim) what is asked for; the best counts
    range: Range  # maps these cosines to [0, 1]
    values: Floats  # (n,) the best of each row, or an estimate of it; NaN where it has no vector
    known: NDArray[np.bool_] | None  # (n,) whether a row has a vector; None: all have
    error: float = 0.0  # how far a value may be from the cosine itself; 0: not at all
    remark: str | None = None  # what people should know of what was asked

    @property
    def space(self) -> str:
        """The space's name."""
        return self.index.space.name

    @property
    def score_error(self) -> float:
        """How far a score may be off."""
        return self.error / (self.range.high - self.range.low)


@dataclass(frozen=True, eq=False)
class View:
    """One generation, its layout, and what was computed for the whole query beforehand."""

    generation: Generation
    layout: Layout
    cosines: Mapping["VectorLeaf", Cosines]
    notes: list[str] = field(default_factory=list)  # what people should know; nodes add to it
    ends: float | None = None  # by time.monotonic: no node is looked at later
    said: dict["Node", "Outcome"] = field(default_factory=dict)  # by what was looked at already
    people: "PeopleSource | None" = None  # knows who is who; None: nobody asks

    @property
    def is_exact(self) -> bool:
        """Whether no cosine is an estimate."""
        return not any(found.error for found in self.cosines.values())

    def look(self, node: "Node") -> "Outcome":
        """What a node says of every shot and row.

        Raises:
            QueryTooSlow: the time that the query may take is over.
        """
        check_time(self.ends)
        if node not in self.said:
            self.said[node] = node.evaluate(self)
        return self.said[node]

    def get_people(self) -> "PeopleSource":
        """What knows who is who.

        Raises:
            LookupError: the view was made without.
        """
        if self.people is None:
            raise LookupError("this view knows no people: make it with a PeopleSource")
        return self.people

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
