"""Which hits are right: a hit overlaps a goal, or a true duplicate of it.

Times are milliseconds; an interval holds its start and not its end. Knows nothing of engines and of
where truth comes from.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

WRONG = -1  # the goal of a hit that has none


@dataclass(frozen=True)
class Span:
    """A piece of a video; one without length is a moment."""

    video: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Hit(Span):
    """What an engine shows: a span and its score, higher is better."""

    score: float = 0.0


@dataclass(frozen=True)
class Goal:
    """One thing to find: the span that was asked for, and the true duplicates that are as right."""

    spans: tuple[Span, ...]

    @property
    def videos(self) -> frozenset[str]:
        """Where it can be found."""
        return frozenset(span.video for span in self.spans)


def overlap_ms(one: Span, other: Span) -> int:
    """How long two spans of a video run together; a moment inside the other counts as 1."""
    if one.video != other.video:
        return 0
    return min(_end(one), _end(other)) - max(one.start_ms, other.start_ms)


def find_goals(hits: Sequence[Span], goals: Sequence[Goal], least_ms: int = 1) -> Ints:
    """The goal that each hit meets, by its number, or `WRONG`.

    A hit meets the goal with which it has the longest overlap, the earlier of equals. Shots that an
    engine finds itself reach a frame or two into their neighbours: `least_ms` forgives that.

    Returns:
        (hits,) numbers of goals.
    """
    places = _find_places(goals)
    return np.array([_find_goal(hit, places, least_ms) for hit in hits], dtype=np.int64)


def mark_right(hits: Sequence[Span], goals: Sequence[Goal], least_ms: int = 1) -> Bools:
    """True for each hit that meets a goal which no hit before it met: no goal counts twice.

    Returns:
        (hits,) truths.
    """
    met = find_goals(hits, goals, least_ms)
    right = np.zeros(len(met), dtype=bool)
    right[np.unique(met, return_index=True)[1]] = True
    right[met == WRONG] = False
    return right


def _end(span: Span) -> int:
    return max(span.end_ms, span.start_ms + 1)


def _find_places(goals: Iterable[Goal]) -> dict[str, list[tuple[int, Span]]]:
    places: dict[str, list[tuple[int, Span]]] = defaultdict(list)
    for number, goal in enumerate(goals):
        for span in goal.spans:
            places[span.video].append((number, span))
    return places


def _find_goal(hit: Span, places: dict[str, list[tuple[int, Span]]], least_ms: int) -> int:
    best, longest = WRONG, 0
    for number, span in places.get(hit.video, ()):
        shared = overlap_ms(hit, span)
        # A span shorter than the least asks for no more than itself.
        needed = min(least_ms, _end(hit) - hit.start_ms, _end(span) - span.start_ms)
        if shared >= needed and shared > longest:
            best, longest = number, shared
    return best
