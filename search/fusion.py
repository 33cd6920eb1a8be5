"""What joins share: the masks, evidence and reasons of several children. Knows no kind of node."""

from collections.abc import Callable, Sequence

import numpy as np

from search.hits import Why
from search.outcome import Counts, Mask, Outcome, Scores


def all_hold(outcomes: Sequence[Outcome]) -> Mask:
    """(n,) where every child holds."""
    holds: Mask = np.logical_and.reduce([outcome.mask for outcome in outcomes])
    return holds


def any_holds(outcomes: Sequence[Outcome]) -> Mask:
    """(n,) where at least one child holds."""
    holds: Mask = np.logical_or.reduce([outcome.mask for outcome in outcomes])
    return holds


def any_known(outcomes: Sequence[Outcome]) -> Mask:
    """(n,) where at least one child has something to say, and holds."""
    holds: Mask = np.logical_or.reduce([outcome.known & outcome.mask for outcome in outcomes])
    return holds


def sum_evidence(outcomes: Sequence[Outcome]) -> Counts:
    """(n,) how many leaves below have their evidence right at the row; a query has at most 64."""
    total = np.zeros_like(outcomes[0].at)
    for outcome in outcomes:
        total += outcome.at
    return total


def worth(outcome: Outcome) -> Scores:
    """(n,) what a child counts where a sum or maximum is taken: a filter 1 where it holds."""
    return outcome.mask.astype(np.float64) if outcome.score is None else outcome.score


def worth_of(why: Why, score: float | None) -> float:
    """The same at one row, from the reason and the score computed from it."""
    return (1.0 if score is None else score) if why.match else 0.0


def reasons(
    outcomes: Sequence[Outcome], weights: Sequence[float | None] | None = None
) -> Callable[[int], list[Why]]:
    """What explains the children at a row, with their weights where they have some."""
    heavy = weights or [None] * len(outcomes)
    return lambda row: [
        outcome.explain(row, weight=weight) for outcome, weight in zip(outcomes, heavy, strict=True)
    ]
