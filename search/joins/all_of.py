"""Join: every child holds; the scores of those that score are fused. Knows no kind of child."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from search.fusion import all_hold, any_known, reasons, sum_evidence
from search.node import Node
from search.outcome import Outcome

if TYPE_CHECKING:
    from search.hits import Why
    from search.query import AnyNode
    from search.view import View

By = Literal["sum", "product", "minimum"]
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

    def evaluate(self, view: View) -> Outcome:
        """Masks are and-ed, scores fused."""
        outcomes = [view.look(child) for child in self.children]
        weights = self.weights or (1.0,) * len(outcomes)
        mask = all_hold(outcomes)
        scored = [
            (outcome.score, weight)
            for outcome, weight in zip(outcomes, weights, strict=True)
            if outcome.score is not None
        ]
        score = np.where(mask, fuse(scored, self.by), 0.0) if scored else None
        at = sum_evidence(outcomes) * mask
        shown = reasons(
            outcomes,
            [w if o.score is not None else None for o, w in zip(outcomes, weights, strict=True)],
        )
        return Outcome(
            self.kind, mask, score, any_known(outcomes), at, lambda row: {"by": self.by}, shown
        )

    @staticmethod
    def score_of(why: Why, children: Sequence[float | None]) -> float | None:
        """The fused scores of the children that score."""
        scored = [
            (score, child.weight if child.weight is not None else 1.0)
            for child, score in zip(why.children, children, strict=True)
            if score is not None
        ]
        return float(fuse(scored, why.evidence("by"))) if scored else None


def fuse(scored: Sequence[tuple[Any, float]], by: By) -> Any:
    """Scores (arrays or numbers alike) with their weights to one.

    The weighted mean, the weighted geometric mean, or the minimum.
    """
    total = math.fsum(weight for _, weight in scored)
    if by == "sum":
        return sum(score * weight for score, weight in scored) / total
    if by == "product":
        return math.prod(score ** (weight / total) for score, weight in scored)
    lowest, *others = [score for score, _ in scored]
    for other in others:
        lowest = np.minimum(lowest, other)
    return lowest
