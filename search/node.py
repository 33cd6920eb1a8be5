"""What every part of a query is: a frozen, tagged model that can be evaluated and explained.

Knows no kind by name; `search/query.py` lists them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

if TYPE_CHECKING:
    from search.hits import Why
    from search.layout import Indexes
    from search.outcome import Outcome
    from search.view import View


LONGEST_NAME = 4096  # characters: names may be paths


def _check_name(text: str) -> str:
    if not text:
        raise ValueError("an empty name names nothing")
    if len(text) > LONGEST_NAME:
        raise ValueError(f"a name has at most {LONGEST_NAME} characters")
    return text


# Not min_length: with it pydantic refuses lone surrogates, as names that are no UTF-8 have them.
Name = Annotated[str, AfterValidator(_check_name)]


class Node(BaseModel, ABC):
    """A leaf or a join of a query tree.

    Every kind declares `kind: Literal["..."]` with its name as the default; the tag tells a node's
    model when a tree is read from JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: str

    @property
    @abstractmethod
    def filters(self) -> bool:
        """Whether it can be false for a row."""

    @property
    @abstractmethod
    def scores(self) -> bool:
        """Whether it gives a score; a node that does not is a pure filter."""

    @property
    def parts(self) -> tuple["Node", ...]:
        """The nodes right below it; () for a leaf."""
        return ()

    @property
    def parts_by_row(self) -> tuple["Node", ...]:
        """Those of its parts whose scores it takes row by row, not shot by shot."""
        return self.parts

    def error(self, of_leaf: Callable[["Node"], float]) -> float:
        """How far its score may be off where those of leaves are; infinite where nobody knows."""
        return max(part.error(of_leaf) for part in self.parts) if self.parts else of_leaf(self)

    def reach(
        self, view: "View", shots: "Indexes", of_leaf: Callable[["Node"], float]
    ) -> Iterator[tuple["Node", "Indexes"]]:
        """The nodes below that other shots are asked of, and those shots, ascending.

        Args:
            view: of a first look, at everything.
            shots: (k,) at which this node is asked, ascending.
            of_leaf: how far the scores of a leaf may be off there: what cannot count is left out.
        """
        for part in self.parts:
            yield from part.reach(view, shots, of_leaf)

    @abstractmethod
    def evaluate(self, view: "View") -> "Outcome":
        """Say of every shot and row of a generation whether the node holds, and how well."""

    @staticmethod
    @abstractmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """The score again, from the evidence in `why` and the scores of its children.

        None for a pure filter. Called only where the node holds.
        """
