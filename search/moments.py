"""The best moment of a shot: the row that stands for it. Knows no kind of node."""

import numpy as np

from search.layout import Floats, Indexes, Layout, Places, first_of_each
from search.outcome import Outcome, mask_out

NO_HIT = -1.0  # scores are in [0, 1]


def shot_scores(outcome: Outcome, layout: Layout) -> Floats:
    """(s,) the score of each shot, of a pure filter 1; below 0 where it does not hold. Fresh."""
    if outcome.score is None:
        best = np.ones(layout.s, np.float32)
    elif outcome.score.by_row:
        best = outcome.score.of_shots(layout)
    else:
        best = outcome.score.values.copy()
    return best if outcome.holds is None else mask_out(best, outcome.holds, 2.0)


def best_rows(outcome: Outcome, layout: Layout, shots: Indexes) -> Places:
    """The row of each shot (k,) with the highest (score, evidence), the earliest of equals."""
    owner, places = layout.places_in(shots)
    keys: list[Floats | Indexes] = []
    if outcome.score is not None:
        keys.append(-outcome.score.find(places))
    keys.append(-outcome.find_shown(places).astype(np.int64))
    best = first_of_each(owner, *keys)
    return Places(places.rows[best], places.shots[best])
