"""How well actions are told of people: average precision of each, and how sure is sure enough.

Knows scores and truths, not what gave them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.train.people.judging import measure_ranking
from bench.world.words import ACTIONS

LEAST_OFTEN = 5  # an action that is done more rarely is not judged


@dataclass(frozen=True)
class ActionFigures:
    """Of people who do something."""

    people: int
    each: Mapping[str, tuple[int, float]]  # how often it is done, average precision
    by_chance: float  # the mean average precision of a chance order
    surest_right: float  # share of people whose surest action they do
    score: float  # from which on an action is believed
    precision: float  # of what is believed, over all actions
    recall: float

    @property
    def mean_ap(self) -> float:
        """The mean average precision of the actions that are judged; 0 if none is."""
        return float(np.mean([ap for _, ap in self.each.values()] or [0.0]))


def measure_actions(
    scores: NDArray[np.floating], done: NDArray[np.bool_], score: float | None = None
) -> ActionFigures:
    """Figures of scores and truths (people, actions).

    Args:
        scores: how sure each action is, in the order of `ACTIONS`.
        done: whether it is done.
        score: from which on an action is believed; None: where precision and recall are best
            together (the largest F1).
    """
    often = np.flatnonzero(done.sum(axis=0) >= LEAST_OFTEN).tolist()
    each = {
        ACTIONS[one]: (
            int(done[:, one].sum()),
            measure_ranking(scores[:, one], done[:, one]),
        )
        for one in often
    }
    least = _find_best(scores.ravel(), done.ravel()) if score is None else score
    said = scores >= least
    right = int((said & done).sum())
    first = done[np.arange(len(done)), scores.argmax(axis=1)]
    return ActionFigures(
        people=len(done),
        each=each,
        by_chance=float(done[:, often].mean()) if often else 0.0,
        surest_right=float(first.mean()),
        score=least,
        precision=right / max(int(said.sum()), 1),
        recall=right / max(int(done.sum()), 1),
    )


def _find_best(scores: NDArray[np.floating], done: NDArray[np.bool_]) -> float:
    """The score with the largest F1."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(done[order])
    f1 = 2 * right / (np.arange(1, len(right) + 1) + max(int(done.sum()), 1))
    return float(scores[order][f1.argmax()])
