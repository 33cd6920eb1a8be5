"""The best moment of a shot: the row that stands for it. Knows no kind of node."""

import numpy as np

from search.layout import Indexes, Layout
from search.outcome import Outcome, Scores


def shot_scores(outcome: Outcome, layout: Layout) -> Scores | None:
    """(s,) the best score among the rows of each shot that hold, 0 where none does."""
    return None if outcome.score is None else layout.best_of_shots(outcome.score)


def best_row(outcome: Outcome, layout: Layout, shot: int) -> int:
    """The row of a shot with the highest (score, evidence) among those that hold, the earliest.

    The shot has at least one such row.
    """
    rows = layout.rows_of_shot(shot)
    rows = rows[outcome.mask[rows]]
    score = np.zeros(len(rows)) if outcome.score is None else outcome.score[rows]
    return int(rows[np.lexsort((rows, -outcome.at[rows].astype(int), -score))[0]])


def best_rows(outcome: Outcome, layout: Layout) -> Indexes:
    """The same for all shots that have a row that holds, ascending."""
    rows = np.flatnonzero(outcome.mask)
    for values in (outcome.score, outcome.at.astype(np.float64)):
        if values is not None and len(rows):
            best = layout.best_of_shots(np.where(_only(rows, layout.n), values, -1.0))
            rows = rows[values[rows] == best[layout.rows.shot[rows]]]
    shots = layout.rows.shot[rows]
    return rows[np.flatnonzero(np.diff(shots, prepend=-1))]


def _only(rows: Indexes, n: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) True at these rows."""
    mask = np.zeros(n, bool)
    mask[rows] = True
    return mask
