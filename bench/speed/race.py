"""Times several ways of doing one thing, taking turns, so that a busy moment hits them all.

Figures of two runs are never compared, only those of one. Knows nothing of what is done.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

WARM_UP = 2  # rounds that are not counted


@dataclass(frozen=True)
class Entrant:
    """One way of doing it."""

    name: str
    act: Callable[[], object]
    says: str = ""


@dataclass(frozen=True)
class Timing:
    """How long one entrant took, in ms, over all rounds."""

    name: str
    says: str
    p50_ms: float
    p95_ms: float
    p99_ms: float
    ratio: float  # its p50 over that of the first entrant

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return asdict(self)


def race(entrants: Sequence[Entrant], rounds: int) -> tuple[Timing, ...]:
    """Let all act in turn, `rounds` times each after a warm-up.

    Args:
        entrants: the first is what the others are compared with.
        rounds: at least one.
    """
    taken: list[list[float]] = [[] for _ in entrants]
    for number in range(WARM_UP + rounds):
        for one, entrant in enumerate(entrants):
            began = time.perf_counter()
            entrant.act()
            if number >= WARM_UP:
                taken[one].append((time.perf_counter() - began) * 1000)
    first = float(np.median(taken[0]))
    return tuple(
        _sum_up(entrant, times, first) for entrant, times in zip(entrants, taken, strict=True)
    )


def _sum_up(entrant: Entrant, times: Sequence[float], first_ms: float) -> Timing:
    p50, p95, p99 = (float(np.percentile(times, share)) for share in (50, 95, 99))
    ratio = round(p50 / max(first_ms, 1e-9), 4)
    return Timing(entrant.name, entrant.says, round(p50, 4), round(p95, 4), round(p99, 4), ratio)
