"""Cosines of what is asked with vectors of parts of pictures: faces, people.

They are estimates where there are many vectors; those that matter are then taken anew. Knows no
query, no model.
"""

from typing import TYPE_CHECKING

import numpy as np

from search.cosines import AT_ONCE, DECIMALS, DEVIATIONS, PROBES
from search.layout import Floats
from search.ranking import find_best

if TYPE_CHECKING:
    from indexer.generations.crop_table import TrackVectors

MOST_EXACT = 20_000  # vectors, the best, whose cosines are read from the disk


def find_best_cosines(vectors: "TrackVectors", asked: Floats, least: float = -1.0) -> Floats:
    """The best cosine of every vector with any that is asked, rounded.

    Those that seem to be at least `least`, and may be, are no estimates; of very many the best.

    Args:
        vectors: v of them.
        asked: (q, dim) unit vectors, q >= 1.
        least: below it the cosine does not matter.

    Returns:
        (v,).
    """
    best = np.full(len(vectors.track), -np.inf, np.float32)
    for start in range(0, len(asked), AT_ONCE):
        for scores in vectors.scores(asked[start : start + AT_ONCE]):
            np.maximum(best, scores, out=best)
    if not vectors.is_exact and len(best):
        slack = _measure_error(vectors, asked, best)
        near = np.sort(find_best(best, MOST_EXACT, least - slack))
        best[near] = vectors.rescore(asked, near).max(axis=0)
    return np.round(best, DECIMALS, out=best)


def _measure_error(vectors: "TrackVectors", asked: Floats, best: Floats) -> float:
    """How far an estimate may be off, by a few of them."""
    places = np.unique(np.linspace(0, len(best) - 1, PROBES).astype(np.int64))
    off: Floats = vectors.rescore(asked, places).max(axis=0) - best[places]
    return DEVIATIONS * float(np.sqrt(np.mean(off * off))) + float(10**-DECIMALS)
