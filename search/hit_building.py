"""Builds the hits of one page from columns. Knows no query, no order."""

from collections.abc import Sequence

import numpy as np

from search.close_look import CloseLook
from search.hits import Hit, Why, assemble_hits
from search.layout import Indexes
from search.node import Node
from search.paging import Page
from search.settling import Settling
from search.view import View


def build_hits(
    settling: Settling, page: Page, view: View, root: Node, names: Sequence[str]
) -> tuple[Hit, ...]:
    """The hits of a page in their order.

    Args:
        settling: knows their scores, and has looked at those whose scores are no estimates.
        page: which shots they are.
        view: of the first look, at everything.
        root: the query.
        names: of all videos, by number.
    """
    layout, shots = view.layout, page.shots
    rows, reasons = _explain(settling, shots, view, root)
    video = layout.shots.video[shots].tolist()
    estimated = settling.look_of[shots] < 0 if not view.is_exact else np.zeros(len(shots), bool)
    columns = zip(
        range(page.first_rank, page.first_rank + len(shots)),
        video,
        layout.shot_ids(shots),
        layout.shots.start_ms[shots].tolist(),
        layout.shots.end_ms[shots].tolist(),
        layout.rows.time_ms[rows].tolist(),
        settling.scores[shots].tolist(),
        reasons,
        estimated.tolist(),
        page.similar.tolist(),
        strict=True,
    )
    uids = layout.videos.uid
    return assemble_hits(
        {
            "rank": rank,
            "video": names[number],
            "video_id": uids[number],
            "shot": shot,
            "start_ms": start_ms,
            "end_ms": end_ms,
            "time_ms": time_ms,
            "score": score,
            "why": why,
            "estimated": is_estimated,
            "similar": similar,
        }
        for (
            rank, number, shot, start_ms, end_ms, time_ms, score, why, is_estimated, similar
        ) in columns
    )  # fmt: skip


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
