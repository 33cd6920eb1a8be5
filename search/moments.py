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


def best_rows(outcome: Outcome, layout: Layout, best: Scores | None) -> Indexes:
    """The same for all shots that have a row that holds, ascending.

    `best` is what `shot_scores` gave for the outcome.
    """
    may = outcome.mask
    if outcome.score is not None and best is not None:
        may = may & (outcome.score == layout.spread(best))
    evidence = np.where(may, outcome.at + 1.0, 0.0)  # above 0 where a row may be chosen
    rows = np.flatnonzero(may & (evidence == layout.spread(layout.best_of_shots(evidence))))
    return rows[np.flatnonzero(np.diff(layout.rows.shot[rows], prepend=-1))]
