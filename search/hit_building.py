"""Builds the hits of one page from columns. Knows no query, no order."""

from collections.abc import Sequence

import numpy as np

from search.close_look import CloseLook
from search.hits import Hit, Why, assemble_hit
from search.layout import Indexes
from search.node import Node
from search.settling import Settling
from search.view import View


def build_hits(
    settling: Settling,
    shots: Indexes,
    first_rank: int,
    view: View,
    root: Node,
    names: Sequence[str],
) -> tuple[Hit, ...]:
    """The hits of some shots in their order.

    Args:
        settling: knows their scores, and has looked at those whose scores are no estimates.
        shots: (k,).
        first_rank: of the first.
        view: of the first look, at everything.
        root: the query.
        names: of all videos, by number.
    """
    layout = view.layout
    rows, reasons = _explain(settling, shots, view, root)
    video = layout.shots.video[shots].tolist()
    estimated = settling.look_of[shots] < 0 if not view.is_exact else np.zeros(len(shots), bool)
    columns = zip(
        range(first_rank, first_rank + len(shots)),
        [(names[number], layout.videos.uid[number]) for number in video],
        layout.shot_ids(shots),
        layout.shots.start_ms[shots].tolist(),
        layout.shots.end_ms[shots].tolist(),
        layout.rows.time_ms[rows].tolist(),
        settling.scores[shots].tolist(),
        reasons,
        estimated.tolist(),
        strict=True,
    )
    return tuple(
        assemble_hit(
            {
                "rank": rank,
                "video": name,
                "video_id": uid,
                "shot": shot,
                "start_ms": start_ms,
                "end_ms": end_ms,
                "time_ms": time_ms,
                "score": score,
                "why": why,
                "estimated": guessed,
            }
        )
        for rank, (name, uid), shot, start_ms, end_ms, time_ms, score, why, guessed in columns
    )


def _explain(
    settling: Settling, shots: Indexes, view: View, root: Node
) -> tuple[Indexes, list[Why]]:
    """The best row of each shot, and the reasons there, from the look that was taken at it."""
    rows = np.zeros(len(shots), np.int64)
    reasons: dict[int, Why] = {}
    look_of = settling.look_of[shots]
    for number in np.unique(look_of).tolist():
        places = np.flatnonzero(look_of == number)
        some = shots[places]
        look = (
            settling.looks[number]
            if number >= 0
            else CloseLook(view, root, np.sort(some), exact=False)
        )
        rows[places], told = look.explain(some)
        reasons.update(zip(places.tolist(), told, strict=True))
    return rows, [reasons[place] for place in range(len(shots))]
