"""Join: at least one child holds; the best score counts. Knows no kind of child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from search.fusion import any_holds, any_known, join_scores, reasons, sum_shown, worth, worth_of
from search.node import Node
from search.outcome import Outcome

if TYPE_CHECKING:
    from search.hits import Why
    from search.query import AnyNode
    from search.view import View


class AnyOf(Node):
    """Holds where a child holds; scores the maximum, a filter among children that score being 1."""

    kind: Literal["any_of"] = "any_of"
    children: tuple[AnyNode, ...] = Field(min_length=1, max_length=64)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The children."""
        return self.children

    @property
    def filters(self) -> bool:
        """If all children do."""
        return all(child.filters for child in self.children)

    @property
    def scores(self) -> bool:
        """If any child does."""
        return any(child.scores for child in self.children)

    def evaluate(self, view: View) -> Outcome:
        """It holds where any child does; a child that does not hold at a shot counts nothing."""
        outcomes = [view.look(child) for child in self.children]
        score = None
        if self.scores:
            parts = [worth(one, view.layout) for one in outcomes]
            score = join_scores(parts, np.maximum, view.layout)
        return Outcome(
            self.kind,
            any_holds([one.holds for one in outcomes]),
            score,
            any_known(outcomes),
            sum_shown(outcomes),
            children=reasons(outcomes),
        )

    @staticmethod
    def score_of(why: Why, children: Sequence[float | None]) -> float | None:
        """The maximum over the children that hold."""
        if all(score is None for score in children):
            return None
        return max(worth_of(*pair) for pair in zip(why.children, children, strict=True))
