"""What joins share: where several children hold, their scores, evidence and reasons.

Scores that are the same for a whole shot are joined first, and spread to rows only where others
differ from row to row. Knows no kind of node.
"""

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from search.hits import Why
from search.layout import Floats, Layout, Places
from search.outcome import Counts, Mask, Outcome, Score

Join = Callable[[Floats, Floats], Floats]


def all_hold(masks: Sequence[Mask | None]) -> Mask | None:
    """(s,) where all are true; None: everywhere."""
    some = [mask for mask in masks if mask is not None]
    return reduce(np.logical_and, some) if some else None


def any_holds(masks: Sequence[Mask | None]) -> Mask | None:
    """(s,) where at least one is true; None: everywhere."""
    some = [mask for mask in masks if mask is not None]
    return reduce(np.logical_or, some) if len(some) == len(masks) else None


def any_known(outcomes: Sequence[Outcome]) -> Callable[[Places], Mask] | None:
    """Where at least one child has something to say, and holds; None: everywhere."""
    if any(one.known is None and one.holds is None for one in outcomes):
        return None
    return lambda places: np.logical_or.reduce(
        [one.find_known(places) & one.find_holds(places) for one in outcomes]
    )


def sum_shown(
    outcomes: Sequence[Outcome], holds: Mask | None = None
) -> Callable[[Places], Counts] | None:
    """How many leaves below have their evidence right at a row where the join holds.

    A query has at most 64 leaves.
    """
    some = [one for one in outcomes if one.shown is not None]
    if not some:
        return None

    def count(places: Places) -> Counts:
        total = np.zeros(len(places), np.uint8)
        for one in some:
            total += one.find_shown(places)
        return total if holds is None else total * holds[places.shots]

    return count


def join_scores(parts: Sequence[Score], join: Join, layout: Layout) -> Score:
    """Scores to one by a join that takes them in any order; gives a fresh array."""
    by_shot = [part.values for part in parts if not part.by_row]
    by_row = [part.values for part in parts if part.by_row]
    if not by_row:
        return Score(_fresh(by_shot, join), by_row=False)
    if by_shot:
        by_row.append(layout.spread(reduce(join, by_shot)))
    return Score(_fresh(by_row, join), by_row=True)


def _fresh(values: Sequence[Floats], join: Join) -> Floats:
    return reduce(join, values) if len(values) > 1 else values[0].copy()


def worth(outcome: Outcome, layout: Layout) -> Score:
    """What a child counts where a sum or maximum is taken: a filter 1 where it holds, else 0."""
    if outcome.holds is None:
        return outcome.score or Score(np.ones(layout.s, np.float32), by_row=False)
    holds = outcome.holds.astype(np.float32)
    if outcome.score is None:
        return Score(holds, by_row=False)
    if outcome.score.by_row:
        holds = layout.spread(holds)
    return Score(outcome.score.values * holds, outcome.score.by_row)


def worth_of(why: Why, score: float | None) -> float:
    """The same at one row, from the reason and the score computed from it."""
    return (1.0 if score is None else score) if why.match else 0.0


def reasons(
    outcomes: Sequence[Outcome], weights: Sequence[float | None] | None = None
) -> Callable[[Places], Sequence[tuple[Why, ...]]]:
    """What explains the children at some rows, with their weights where they have some."""
    heavy = weights or [None] * len(outcomes)
    return lambda places: list(
        zip(
            *(
                one.explain(places, weight=weight)
                for one, weight in zip(outcomes, heavy, strict=True)
            ),
            strict=True,
        )
    )
