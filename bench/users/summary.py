"""What many simulated tasks say together, each figure with its interval; and two engines compared.

Knows nothing of how the outcomes came about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.evaluate.intervals import Interval, bound, bound_difference, median_of_rows
from bench.users.tasks import AdHocOutcome, KnownItemOutcome


@dataclass(frozen=True)
class KnownItemSummary:
    """Known items: means but where it says median."""

    n: int
    found: Interval  # share
    interactions: Interval  # median until found; infinite where most were not found
    seconds: Interval  # median until found, likewise
    wrong: Interval
    score: Interval

    def to_json(self) -> dict[str, Any]:
        """One object; an infinite median is null."""
        return {
            "n": self.n,
            "found": self.found.to_json(),
            "median_interactions": self.interactions.to_json(),
            "median_seconds": self.seconds.to_json(),
            "wrong": self.wrong.to_json(),
            "score": self.score.to_json(),
        }


@dataclass(frozen=True)
class AdHocSummary:
    """Ad-hoc tasks: means."""

    n: int
    right: Interval
    recall: Interval
    wrong: Interval
    score: Interval

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {
            "n": self.n,
            "right": self.right.to_json(),
            "recall": self.recall.to_json(),
            "wrong": self.wrong.to_json(),
            "score": self.score.to_json(),
        }


def summarise_known_items(
    outcomes: Sequence[KnownItemOutcome], *, seed: int = 0
) -> KnownItemSummary:
    """Sum up at least one outcome."""
    missed = np.array([not it.found for it in outcomes])
    interactions = np.where(missed, np.inf, [it.interactions for it in outcomes])
    seconds = np.where(missed, np.inf, [it.seconds for it in outcomes])
    return KnownItemSummary(
        len(outcomes),
        bound(~missed, seed=seed),
        bound(interactions, median_of_rows, seed=seed),
        bound(seconds, median_of_rows, seed=seed),
        bound([it.wrong for it in outcomes], seed=seed),
        bound([it.score for it in outcomes], seed=seed),
    )


def summarise_ad_hoc(outcomes: Sequence[AdHocOutcome], *, seed: int = 0) -> AdHocSummary:
    """Sum up at least one outcome."""
    return AdHocSummary(
        len(outcomes),
        bound([it.right for it in outcomes], seed=seed),
        bound([it.recall for it in outcomes], seed=seed),
        bound([it.wrong for it in outcomes], seed=seed),
        bound([it.score for it in outcomes], seed=seed),
    )


def compare_scores(
    ours: Sequence[KnownItemOutcome | AdHocOutcome],
    theirs: Sequence[KnownItemOutcome | AdHocOutcome],
    *,
    seed: int = 0,
) -> Interval:
    """The mean score with our engine less that with theirs, on the same tasks.

    Raises:
        ValueError: they are not the same tasks in the same order.
    """
    if [it.task for it in ours] != [it.task for it in theirs]:
        raise ValueError("the two did other tasks, or in another order")
    return bound_difference([it.score for it in ours], [it.score for it in theirs], seed=seed)
