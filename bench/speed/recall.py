"""How much of the true best is found: against the exact scores that were kept when rows were made.

Ours lists shots, each by its best keyframe; peers list keyframes. Each is compared with its own
kind of truth. That of two texts in sequence is worked out plainly here, not by the engine's code.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.speed.asking import ask, leaf
from bench.speed.collection import JUDGED, TRUTH, Plan
from search.engine import SearchEngine
from search.hits import Hit
from search.joins.then import WITHIN_SHOTS, Then
from search.query import AnyNode


class Truth:
    """The exact scores (JUDGED, n) of the judged queries."""

    def __init__(self, collection: Path, plan: Plan) -> None:
        self._scores = np.load(collection / TRUTH, mmap_mode="r")
        self._plan = plan

    def recall_ours(self, engine: SearchEngine, k: int) -> float:
        """The mean share of the k true best shots among the k shots that the engine lists."""
        best = (self._best_of_shots(number) for number in range(JUDGED))
        return _mean_share(_lister(engine, leaf, k), (_first(scores, k) for scores in best))

    def recall_then(self, engine: SearchEngine, k: int) -> float:
        """The same of each judged text, followed by the next one in the next four shots."""
        video = self._plan.shape.videos_of_shots()
        best = [self._best_of_shots(number) for number in range(JUDGED)]
        chains = (fuse_plainly(one, other, video, WITHIN_SHOTS) for one, other in pairwise(best))

        def two(number: int) -> Then:
            return Then(stages=(leaf(number), leaf(number + 1)))

        true = ((scores, _first(scores, k)) for scores in chains)
        followed = (places[scores[places] >= 0] for scores, places in true)
        return _mean_share(_lister(engine, two, k), followed)

    def _best_of_shots(self, number: int) -> NDArray[np.float32]:
        """(s,) the calibrated score of each shot's best keyframe."""
        cosines = np.maximum.reduceat(self._scores[number], self._plan.shape.first_row[:-1])
        to = self._plan.space.text_range
        return np.clip((cosines - to.low) / (to.high - to.low), 0, 1)

    def recall_rows(
        self, top: Callable[[NDArray[np.float32], int], NDArray[np.int64]], k: int, most: int
    ) -> float:
        """The mean share of the k true best keyframes among the k that are found."""
        queries = self._plan.queries(JUDGED)
        true = [_first(self._scores[one], k) for one in range(most)]
        return _mean_share(lambda number: top(queries[number], k), true)


def fuse_plainly(
    first: NDArray[np.float32], second: NDArray[np.float32], video: NDArray[np.int64], within: int
) -> NDArray[np.float32]:
    """(s,) 1 - (1 - a) (1 - b), with b the best `second` of the next shots of the video; or -1.

    Args:
        first: (s,) scores of the first stage, in [0, 1].
        second: (s,) scores of the second.
        video: (s,) of each shot, ascending.
        within: how many shots ahead the second may lie.
    """
    best = np.full(len(first), -1, np.float32)
    for ahead in range(1, within + 1):
        same = video[ahead:] == video[:-ahead]
        chain = 1 - (1 - first[:-ahead]) * (1 - second[ahead:])
        best[:-ahead] = np.maximum(best[:-ahead], np.where(same, chain, np.float32(-1)))
    return best


def _lister(
    engine: SearchEngine, make: Callable[[int], AnyNode], k: int
) -> Callable[[int], NDArray[np.int64]]:
    """Gives the numbers of the k shots that the engine lists for the so many-th query."""
    numbers = {uid: number for number, uid in enumerate(engine.generation.videos.uid)}

    def find(number: int) -> NDArray[np.int64]:
        hits = ask(engine, make(number), k, by_video=False).hits
        return _number_shots(engine, numbers, hits)

    return find


def _number_shots(
    engine: SearchEngine, numbers: dict[str, int], hits: Sequence[Hit]
) -> NDArray[np.int64]:
    """The numbers (k,) of the shots of hits, by their videos and starts."""
    first, start = engine.generation.videos.first_shot, engine.generation.shots.start_ms
    shots = np.empty(len(hits), np.int64)
    for place, hit in enumerate(hits):
        own = slice(*first[numbers[hit.video_id] :][:2].tolist())
        shots[place] = own.start + np.searchsorted(start[own], hit.start_ms)
    return shots


def _first(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The places of the k largest."""
    k = min(k, len(scores))
    places: NDArray[np.int64] = np.argpartition(scores, len(scores) - k)[len(scores) - k :]
    return places


def _mean_share(
    find: Callable[[int], NDArray[np.int64]], true: Iterable[NDArray[np.int64]]
) -> float:
    shares = [np.isin(best, find(number)).mean() for number, best in enumerate(true)]
    return round(float(np.mean(shares)), 4)
