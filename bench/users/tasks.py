"""What a simulated user is asked to find, and what became of it.

Knows nothing of how one searches.
"""

from dataclasses import dataclass

from bench.evaluate.hits import Goal


@dataclass(frozen=True)
class KnownItem:
    """One target that the user has seen or read of.

    `captions` say it from vague to exact, as terse, novice, expert: each query adds facts.
    """

    id: str
    goal: Goal
    captions: tuple[str, ...]
    least_ms: int = 1  # that a hit shares with the goal


@dataclass(frozen=True)
class AdHoc:
    """Everything that fits a text; `captions` say the same in several ways, tried in turn."""

    id: str
    goals: tuple[Goal, ...]
    captions: tuple[str, ...]
    least_ms: int = 1  # that a hit shares with a goal

    @property
    def videos(self) -> frozenset[str]:
        """Where there is something to find."""
        return frozenset().union(*(goal.videos for goal in self.goals))


@dataclass(frozen=True)
class KnownItemOutcome:
    """How a user fared with a known item."""

    task: str
    found: bool
    interactions: int  # queries, pages turned, videos opened, submissions
    seconds: float  # until found, or all the time there was
    queries: int
    wrong: int  # submissions
    score: float  # of the evaluation server, 0 to 1000


@dataclass(frozen=True)
class AdHocOutcome:
    """How a user fared with an ad-hoc task."""

    task: str
    right: int  # distinct
    wrong: int
    interactions: int
    queries: int
    recall: float  # share of all right ones
    score: float  # of the evaluation server, as if all that truth knows had been found by the teams
