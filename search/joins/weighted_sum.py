"""Join: a sum of children, some of which may count against. Knows no kind of child."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from search.fusion import any_holds, any_known, join_scores, reasons, sum_shown, worth, worth_of
from search.node import Node
from search.outcome import Outcome, Score

if TYPE_CHECKING:
    from search.hits import Why
    from search.query import AnyNode
    from search.view import View

Weight = Annotated[float, Field(ge=-1e9, le=1e9)]
LEAST = 1e-9  # of the largest weight's magnitude


class WeightedSum(Node):
    """Scores the sum of weight times score, divided by the sum of the weights' magnitudes.

    Clipped to [0, 1]. A filter counts 1 where it holds; a child that does not hold counts 0; the
    sum holds where any child does.
    """

    kind: Literal["weighted_sum"] = "weighted_sum"
    children: tuple[AnyNode, ...] = Field(min_length=1, max_length=64)
    weights: tuple[Weight, ...] = Field(description="One for each child; negative counts against.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.weights) != len(self.children):
            raise ValueError(f"{len(self.children)} children, but {len(self.weights)} weights")
        if max(map(abs, self.weights)) < LEAST:
            raise ValueError("weights: at least one must not be 0")
        return self

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
        """Always."""
        return True

    def evaluate(self, view: View) -> Outcome:
        """It holds where any child does."""
        outcomes = [view.look(child) for child in self.children]
        magnitude = _magnitude(self.weights)
        parts = []
        for outcome, weight in zip(outcomes, self.weights, strict=True):
            one = worth(outcome, view.layout)
            parts.append(Score(one.values * (weight / magnitude), one.by_row))
        score = join_scores(parts, np.add, view.layout)
        np.clip(score.values, 0, 1, out=score.values)
        return Outcome(
            self.kind,
            any_holds([one.holds for one in outcomes]),
            score,
            any_known(outcomes),
            sum_shown(outcomes),
            children=reasons(outcomes, self.weights),
        )

    @staticmethod
    def score_of(why: Why, children: Sequence[float | None]) -> float | None:
        """The sum over the children that hold."""
        weights = [child.weight or 0.0 for child in why.children]
        pairs = zip(why.children, children, strict=True)
        total = math.fsum(w * worth_of(*pair) for w, pair in zip(weights, pairs, strict=True))
        return min(max(total / _magnitude(weights), 0.0), 1.0)


def _magnitude(weights: Sequence[float]) -> float:
    return math.fsum(abs(weight) for weight in weights)
