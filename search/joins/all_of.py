"""Join: every child holds; the scores of those that score are fused. Knows no kind of child."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from search.fusion import all_hold, any_known, join_scores, reasons, sum_shown
from search.layout import Layout
from search.node import Node
from search.outcome import Outcome, Score

if TYPE_CHECKING:
    from search.hits import Why
    from search.query import AnyNode
    from search.view import View

By = Literal["sum", "product", "minimum"]
FAINT = 1e-6  # less counts as 0 in a product: roots would make much of what is only rounding
Weight = Annotated[float, Field(ge=1e-9, le=1e9)]


class AllOf(Node):
    """Holds where all children hold; scores by those children that score, a filter if none does."""

    kind: Literal["all_of"] = "all_of"
    children: tuple[AnyNode, ...] = Field(min_length=1, max_length=64)
    weights: tuple[Weight, ...] | None = Field(
        None, description="One for each child; a filter's counts nothing. By default all alike."
    )
    by: By = "sum"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.weights is not None and len(self.weights) != len(self.children):
            raise ValueError(f"{len(self.children)} children, but {len(self.weights)} weights")
        if self.weights is not None and self.by == "minimum":
            raise ValueError("weights mean nothing with by=minimum: leave them out")
        return self

    @property
    def parts(self) -> tuple[Node, ...]:
        """The children."""
        return self.children

    @property
    def filters(self) -> bool:
        """If any child does."""
        return any(child.filters for child in self.children)

    @property
    def scores(self) -> bool:
        """If any child does."""
        return any(child.scores for child in self.children)

    def error(self, of_leaf: Callable[[Node], float]) -> float:
        """That of the worst child; a root is steep near 0, so that of a product is unbounded."""
        worst = super().error(of_leaf)
        return math.inf if worst and self.by == "product" else worst

    def evaluate(self, view: View) -> Outcome:
        """It holds where all children do; scores are fused."""
        outcomes = [view.look(child) for child in self.children]
        weights = self.weights or (1.0,) * len(outcomes)
        pairs = list(zip(outcomes, weights, strict=True))
        holds = all_hold([outcome.holds for outcome in outcomes])
        scored = [(one.score, weight) for one, weight in pairs if one.score is not None]
        return Outcome(
            self.kind,
            holds,
            _fuse_arrays(scored, self.by, view.layout) if scored else None,
            any_known(outcomes),
            sum_shown(outcomes, holds),
            lambda places: [{"by": self.by} for _ in range(len(places))],
            reasons(outcomes, [weight if one.score is not None else None for one, weight in pairs]),
        )

    @staticmethod
    def score_of(why: Why, children: Sequence[float | None]) -> float | None:
        """The fused scores of the children that score."""
        scored = [
            (score, child.weight if child.weight is not None else 1.0)
            for child, score in zip(why.children, children, strict=True)
            if score is not None
        ]
        return fuse(scored, why.evidence("by")) if scored else None


def fuse(scored: Sequence[tuple[float, float]], by: By) -> float:
    """Scores with their weights to one.

    The weighted mean, the weighted geometric mean, or the minimum.
    """
    total = math.fsum(weight for _, weight in scored)
    if by == "sum":
        return sum(score * weight for score, weight in scored) / total
    if by == "product":
        if any(score < FAINT for score, _ in scored):
            return 0.0
        return math.prod(math.pow(score, weight / total) for score, weight in scored)
    return min(score for score, _ in scored)


def _fuse_arrays(scored: Sequence[tuple[Score, float]], by: By, layout: Layout) -> Score:
    """The same for whole arrays."""
    if len(scored) == 1:
        return scored[0][0]
    total = math.fsum(weight for _, weight in scored)
    if by == "sum":
        parts = [Score(one.values * (weight / total), one.by_row) for one, weight in scored]
        score = join_scores(parts, np.add, layout)
        np.minimum(score.values, 1, out=score.values)  # rounding may leave a little more
        return score
    if by == "product":
        parts = []
        for one, weight in scored:
            clear = one.values * (one.values >= FAINT)
            parts.append(Score(np.power(clear, weight / total, out=clear), one.by_row))
        return join_scores(parts, np.multiply, layout)
    return join_scores([one for one, _ in scored], np.minimum, layout)
