"""Shots in which something was seen, each with its best moment, as what a leaf says of them.

Knows no kind of leaf, no boxes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.layout import Floats, Indexes, Layout, Places, expand, find_places, first_of_each
from search.outcome import Counts, Evidence, Outcome, Score

NEVER = -1  # in place of a time


@dataclass(frozen=True, eq=False)
class Sightings:
    """k shots in which it was seen."""

    shot: Indexes  # (k,) ascending
    score: Floats  # (k,) above 0, at most 1
    time_ms: Indexes  # (k,) the best moment, NEVER where it is of no moment

    def tell(
        self,
        kind: str,
        layout: Layout,
        asked: Evidence,
        evidence: Callable[[Indexes], list[Evidence]],
    ) -> Outcome:
        """It holds where it was seen, by shot; its evidence lies at the row nearest in time.

        Args:
            kind: of the leaf.
            layout: of the generation.
            asked: what is told of every shot.
            evidence: what is told beside that of some of the k.
        """
        holds = np.zeros(layout.s, bool)
        holds[self.shot] = True
        values = np.zeros(layout.s, np.float32)
        values[self.shot] = self.score

        def explain(places: Places) -> list[Evidence]:
            at = find_places(self.shot, places.shots)
            told = iter(evidence(at[at >= 0]))
            return [{**asked, **(next(told) if place >= 0 else {})} for place in at.tolist()]

        def shown(places: Places) -> Counts:
            asked_shots = np.unique(places.shots)
            at = find_places(self.shot, asked_shots)
            at = at[at >= 0]
            at = at[self.time_ms[at] != NEVER]
            rows = find_rows(layout, self.shot[at], self.time_ms[at])
            return np.isin(places.rows, rows).astype(np.uint8)

        return Outcome(kind, holds, Score(values, by_row=False), shown=shown, evidence=explain)


def find_rows(layout: Layout, shots: Indexes, times_ms: Indexes) -> Indexes:
    """(k,) the row of each shot nearest to a time of it, the earliest of equals."""
    owner, rows = expand(layout.shots.first_row[shots], layout.shots.first_row[shots + 1])
    return rows[first_of_each(owner, np.abs(layout.rows.time_ms[rows] - times_ms[owner]))]


def list_boxes(box: Floats) -> list[list[float] | None]:
    """Boxes (k, 4) as plain values, None where none is known."""
    known = ~np.isnan(box[:, 0])
    pairs = zip(box.tolist(), known.tolist(), strict=True)
    return [one if is_known else None for one, is_known in pairs]


def best_of_shots(shot: NDArray[np.integer], score: Floats) -> Indexes:
    """Of m moments the best of each shot, the first of equals; their places by shot."""
    order = np.argsort(shot, kind="stable")
    return order[first_of_each(shot[order].astype(np.int64), -score[order])]
