"""Join: what its child is not. Knows no kind of child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from search.fusion import reasons
from search.node import Node
from search.outcome import Outcome, Score

if TYPE_CHECKING:
    from search.hits import Why
    from search.query import AnyNode
    from search.view import View


class Not(Node):
    """The complement of what filters; of what only scores, one minus the score.

    Where a score is unknown its negation is unknown as well, and scores 0.
    """

    kind: Literal["not"] = "not"
    child: AnyNode

    @property
    def parts(self) -> tuple[Node, ...]:
        """The one child."""
        return (self.child,)

    @property
    def filters(self) -> bool:
        """If the child does."""
        return self.child.filters

    @property
    def scores(self) -> bool:
        """If the child only scores."""
        return not self.child.filters

    def evaluate(self, view: View) -> Outcome:
        """Nothing is evidence of an absence, so no row is better than another."""
        inner, layout = view.look(self.child), view.layout
        shown = reasons([inner])
        if self.child.filters or inner.score is None:
            holds = np.zeros(layout.s, bool) if inner.holds is None else ~inner.holds
            return Outcome(self.kind, holds, None, inner.known, children=shown)
        score = 1 - inner.score.of_rows(layout)
        if inner.known is not None:
            score *= inner.known(layout.all_places())
        return Outcome(
            self.kind, inner.holds, Score(score, by_row=True), inner.known, children=shown
        )

    @staticmethod
    def score_of(why: Why, children: Sequence[float | None]) -> float | None:
        """One minus the child's score; None where that filters."""
        if why.score is None or children[0] is None:
            return None
        return 1.0 - children[0] if why.known else 0.0
