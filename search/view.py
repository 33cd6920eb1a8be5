"""What the nodes of a query see while it is answered. Knows no kind of node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range
from indexer.generations.generation import Generation
from search.layout import Layout

if TYPE_CHECKING:
    from search.vector_leaf import VectorLeaf


@dataclass(frozen=True, eq=False)
class Cosines:
    """How like the rows are to what one leaf asks for, in one space."""

    space: str
    range: Range  # maps these cosines to [0, 1]
    values: NDArray[np.float64]  # (n,) the best of each row, NaN where it has no vector


@dataclass(frozen=True, eq=False)
class View:
    """One generation, its layout, and what was computed for the whole query beforehand."""

    generation: Generation
    layout: Layout
    cosines: Mapping["VectorLeaf", Cosines]
    notes: list[str] = field(default_factory=list)  # what people should know; nodes add to it

    def note(self, text: str) -> None:
        """Tell people something, once."""
        if text not in self.notes:
            self.notes.append(text)
