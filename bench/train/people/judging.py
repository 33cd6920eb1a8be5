"""How well boxes are found: average precision, and recall at a wanted precision.

Everingham et al., "The Pascal Visual Object Classes Challenge", 2010, over all points of the curve.
Knows boxes, not what found them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.tracking import overlap_boxes

LEAST_OVERLAP = 0.5
WANTED = 0.9  # precision


@dataclass(frozen=True, eq=False)
class Judged:
    """One class in one picture."""

    found: NDArray[np.float32]  # (n, 4)
    scores: NDArray[np.float32]  # (n,)
    true: NDArray[np.float32]  # (m, 4)
    counts: NDArray[np.bool_]  # (m,) the others need not be found, and are not wrong if they are


@dataclass(frozen=True)
class Curve:
    """What a class amounts to over all pictures."""

    true: int
    ap50: float
    recall: float  # the most at a precision of WANTED
    score: float  # from which on that is so


def measure_curve(pictures: Sequence[Judged]) -> Curve:
    """Each true box is found once, by the surest box that is nearest to it."""
    marks = [_match(one) for one in pictures]
    scores = np.concatenate([score for score, _ in marks])
    right = np.concatenate([hit for _, hit in marks])
    true = int(sum(one.counts.sum() for one in pictures))
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order] == 1)
    precision = hits / np.maximum(np.arange(1, len(hits) + 1), 1)
    recall = hits / max(true, 1)
    highest = np.maximum.accumulate(precision[::-1])[::-1]
    ap50 = float((np.diff(recall, prepend=0.0) * highest).sum())
    good = np.flatnonzero(precision >= WANTED)
    if not len(good):
        return Curve(true, round(ap50, 4), 0.0, 1.0)
    last = good[-1]
    return Curve(true, round(ap50, 4), round(float(recall[last]), 4), float(scores[order][last]))


def _match(one: Judged) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Scores, and 1 for right, 0 for wrong; boxes on what does not count are left out."""
    overlaps = overlap_boxes(one.found, one.true)  # (n, m)
    mark = np.zeros(len(one.found), np.int64)
    free = np.ones(len(one.true), bool)
    for row in np.argsort(-one.scores, kind="stable"):
        near = np.where(free, overlaps[row], 0.0)
        best = int(near.argmax()) if len(near) else -1
        if best >= 0 and near[best] >= LEAST_OVERLAP:
            free[best] = False
            mark[row] = 1 if one.counts[best] else -1
    kept = mark >= 0
    return one.scores[kept], mark[kept]


def measure_ranking(scores: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Average precision of a ranking; `right` (n,) has at least one true."""
    hits = right[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())
