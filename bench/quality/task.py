"""A search task: what is asked, and which stretches of which videos are right.

Knows no dataset, no engine and no metric.
"""

from dataclasses import dataclass, field

from bench.evaluate.hits import Goal
from search.query import Query

# A hit is right if it shares this much with a goal (or all of it, if that is shorter): a border
# found half a dissolve away makes no neighbour right.
LEAST_MS = 500


@dataclass(frozen=True)
class Task:
    """One query and all that is right for it; videos are named by their file without suffix."""

    id: str
    kind: str  # as "tkis/expert", "vkis", "temporal/then", "avs"
    query: Query
    goals: tuple[Goal, ...]  # known item: one, with the target's duplicates; ad-hoc: every one
    text: str = field(default="", compare=False)  # for people


@dataclass(frozen=True)
class Ranked:
    """What an engine gave for a task: for each hit, in order, whether it is right.

    Of hits that meet the same goal only the first is right.
    """

    task: Task
    right: tuple[bool, ...]

    @property
    def first(self) -> float:
        """The rank of the first right hit, from 1; `inf` if there was none."""
        return float(self.right.index(True) + 1) if True in self.right else float("inf")
