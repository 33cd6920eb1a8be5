"""Every score of one query: our index beside numpy and beside reading the same bytes once.

Made on random unit vectors: the time does not depend on what they show.
"""

import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bench.origin import Origin, find_origin
from bench.speed.race import Entrant, Timing, race

DIM = 512


@dataclass(frozen=True)
class SpeedFigures:
    """Times of one run."""

    rows: int
    dim: int
    rounds: int
    contests: Mapping[str, tuple[Timing, ...]]  # the first of each is what others are compared with
    peak_mb: float  # of the whole process, as the system counted it
    origin: Origin

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench speed --json` prints it."""
        contests = {
            name: [timing.to_json() for timing in timings]
            for name, timings in self.contests.items()
        }
        figures = asdict(self)
        del figures["origin"]
        return {"bench": "speed", **self.origin.to_json(), **figures, "contests": contests}


def measure_speed(rows: int, rounds: int, tell: Callable[[str], None]) -> SpeedFigures:
    """Time all scores and the best 1,000 of one query over `rows` vectors.

    Args:
        rows: how many vectors; 512 dimensions, float32.
        rounds: how often each way is timed.
        tell: hears what is being done.
    """
    from indexer.generations.exact import ExactIndex
    from indexer.generations.faiss_index import FaissIndex

    origin = find_origin()
    tell(f"{rows} random vectors of {DIM} dimensions")
    chance = np.random.default_rng(0)
    vectors = chance.standard_normal((rows, DIM), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    query = vectors[:1].copy()
    exact = ExactIndex(vectors)
    ours = FaissIndex(vectors)
    contests = {
        "every score of a query": race(
            [
                Entrant("ours", lambda: ours.scores(query), "as generations keep vectors"),
                Entrant("numpy", lambda: vectors @ query[0], "one float32 matrix product"),
                Entrant("the limit", vectors.max, "reading the same bytes once"),
            ],
            rounds,
        ),
        "the best 1,000 of a query": race(
            [
                Entrant("ours", lambda: ours.top(query, 1000), "as generations keep vectors"),
                Entrant("numpy", lambda: exact.top(query, 1000), "all scores, then sorted"),
            ],
            rounds,
        ),
    }
    return SpeedFigures(rows, DIM, rounds, contests, _peak_mb(), origin)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
