"""Times several ways of doing one thing, taking turns, so that a busy moment hits them all.

Figures of two runs are never compared, only those of one. Knows nothing of what is done.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

WARM_UP = 2  # rounds that are not counted
FEWEST = 3  # rounds, however slow an entrant is


@dataclass(frozen=True)
class Entrant:
    """One way of doing it."""

    name: str  # what is done
    who: str  # does it
    act: Callable[[int], object]  # with the number of the round, so that no two ask the same


@dataclass(frozen=True)
class Timing:
    """How long one entrant took, in ms."""

    name: str
    who: str
    rounds: int
    best_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


def race(
    entrants: Sequence[Entrant], rounds: int, most_s: float = float("inf")
) -> tuple[Timing, ...]:
    """Let all act in turn, after a warm-up.

    Args:
        entrants: what is timed.
        rounds: how often each acts, at least once.
        most_s: who has spent as much in all does not act again, but for the first three rounds.
    """
    taken: list[list[float]] = [[] for _ in entrants]
    spent = [0.0] * len(entrants)
    for number in range(WARM_UP + rounds):
        for one, entrant in enumerate(entrants):
            if spent[one] > most_s and number >= WARM_UP + FEWEST:
                continue
            began = time.perf_counter()
            entrant.act(number)
            took = time.perf_counter() - began
            spent[one] += took
            if number >= WARM_UP:
                taken[one].append(took * 1000)
    return tuple(sum_up(entrant, ms) for entrant, ms in zip(entrants, taken, strict=True))


def sum_up(entrant: Entrant, ms: Sequence[float]) -> Timing:
    """How long one entrant took, from each of its times."""
    best, *others = (round(float(np.percentile(ms, share)), 3) for share in (0, 50, 95, 99))
    return Timing(entrant.name, entrant.who, len(ms), best, *others)
