"""Queries that wait for each other have their vectors compared in one pass over memory.

A pass takes all cores, and as long as memory takes to be read; four queries in one take about half
as long again as one alone. Who asks while a pass goes on waits for its end; the next pass takes
those that have come meanwhile. Alone, a query waits for nothing. Knows no queries, only vectors.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.generations.generation import Generation
from indexer.generations.space_index import SpaceIndex

TOGETHER = 4  # vectors: more gain little, and hold the memory of all until the last is done with
Vectors = NDArray[np.float32]  # (q, dim)
Scores = NDArray[np.float32]  # (q, n)


@dataclass(eq=False)
class _Asked:
    """What one thread waits for."""

    queries: Vectors
    scores: Scores | None = None
    error: Exception | None = None


class SharedPass:
    """Lets threads that ask at the same time share passes.

    Args:
        score: (q, dim) vectors to (q, n) scores, a fresh array; one thread at a time calls it.
    """

    def __init__(self, score: Callable[[Vectors], Scores]) -> None:
        self._score = score
        self._waiting: deque[_Asked] = deque()
        self._turn = Lock()

    def score(self, queries: Vectors) -> Scores:
        """What `score` gives for these alone; raises what it raises."""
        asked = _Asked(queries)
        self._waiting.append(asked)
        while asked.scores is None:
            with self._turn:
                if asked.scores is None and asked.error is None:
                    self._answer(self._take())
            if asked.error is not None:
                raise asked.error
        return asked.scores

    def _take(self) -> list[_Asked]:
        """Those that have waited longest, at least one; only who has the turn takes any."""
        taken = [self._waiting.popleft()]
        count = len(taken[0].queries)
        while self._waiting and count + len(self._waiting[0].queries) <= TOGETHER:
            taken.append(self._waiting.popleft())
            count += len(taken[-1].queries)
        return taken

    def _answer(self, taken: list[_Asked]) -> None:
        try:
            scores = self._score(np.concatenate([each.queries for each in taken]))
        except Exception as error:
            for each in taken:
                each.error = error
            return
        ends = np.cumsum([len(each.queries) for each in taken])
        for each, own in zip(taken, np.split(scores, ends[:-1]), strict=True):
            each.scores = own


@dataclass(frozen=True, eq=False)
class SharedSpace(SpaceIndex):
    """A space that many threads ask at once."""

    shared: SharedPass = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nobody waiting."""
        object.__setattr__(self, "shared", SharedPass(super().row_scores))

    def row_scores(self, queries: Vectors) -> Scores:
        """As of the plain space; of vectors without codes the last digits may differ."""
        return self.shared.score(queries)


def share_passes(generation: Generation) -> Generation:
    """The same generation for many threads that ask at once."""
    names = [each.name for each in fields(SpaceIndex)]
    spaces = {
        name: SharedSpace(*(getattr(index, each) for each in names))
        for name, index in generation.spaces.items()
    }
    return replace(generation, spaces=spaces)
