"""How much of the true best is found: against the exact scores that were kept when rows were made.

Ours lists shots, each by its best keyframe; peers list keyframes. Each is compared with its own
kind of truth.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.speed.asking import ask, leaf
from bench.speed.collection import JUDGED, TRUTH, Plan
from search.engine import SearchEngine
from search.hits import Hit


class Truth:
    """The exact scores (JUDGED, n) of the judged queries."""

    def __init__(self, collection: Path, plan: Plan) -> None:
        self._scores = np.load(collection / TRUTH, mmap_mode="r")
        self._plan = plan

    def recall_ours(self, engine: SearchEngine, k: int) -> float:
        """The mean share of the k true best shots among the k shots that the engine lists."""
        first = self._plan.shape.first_row[:-1]
        keys = _keys_of_shots(engine)

        def find(number: int) -> NDArray[np.int64]:
            hits = ask(engine, leaf(number), k, by_video=False).hits
            return np.array([keys[_key(hit)] for hit in hits], np.int64)

        best = (np.maximum.reduceat(self._scores[one], first) for one in range(JUDGED))
        return _mean_share(find, [_first(scores, k) for scores in best])

    def recall_rows(
        self, top: Callable[[NDArray[np.float32], int], NDArray[np.int64]], k: int, most: int
    ) -> float:
        """The mean share of the k true best keyframes among the k that are found."""
        queries = self._plan.queries(JUDGED)
        true = [_first(self._scores[one], k) for one in range(most)]
        return _mean_share(lambda number: top(queries[number], k), true)


def _first(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The places of the k largest."""
    k = min(k, len(scores))
    places: NDArray[np.int64] = np.argpartition(scores, len(scores) - k)[len(scores) - k :]
    return places


def _mean_share(find: Callable[[int], NDArray[np.int64]], true: list[NDArray[np.int64]]) -> float:
    shares = [np.isin(best, find(number)).mean() for number, best in enumerate(true)]
    return round(float(np.mean(shares)), 4)


def _keys_of_shots(engine: SearchEngine) -> dict[tuple[str, int], int]:
    """The number of each shot by its video's id and its start."""
    shots, uid = engine.generation.shots, engine.generation.videos.uid
    pairs = zip(shots.video.tolist(), shots.start_ms.tolist(), strict=True)
    return {(uid[video], start): number for number, (video, start) in enumerate(pairs)}


def _key(hit: Hit) -> tuple[str, int]:
    return hit.video_id, hit.start_ms
