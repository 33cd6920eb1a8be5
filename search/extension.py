"""Fills in what detectors missed, in time: within shots, and from shot to shot of a video.

Double temporal extension, the DTE of Niu, Yang, Liang, Huang and Wang, "Spatio-temporal identity
verification for person-action instance search", MMM 2023. Knows no person, no action, and not what
a score means.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.boxes import INTERPOLATED, NO_TRACK, Boxes, Samples, Whole, find_spans
from search.layout import Floats, Indexes, expand, first_of_each

MOST_MISSED = 10  # samples between two detections that are filled in; the paper names no limit
SAME_OVERLAP = 0.1  # intersection over union above which untracked boxes are taken for one

Links: TypeAlias = tuple[Indexes, Indexes]  # the places of the boxes before and after a gap


@dataclass(frozen=True)
class Spread:
    """How a score spreads to the shots around, a bell curve over the number of shots between.

    `published` adds up what all better neighbours give, which may pass the best of them: six sure
    neighbours lift an empty shot to 1.31. `capped` stops at the best neighbour.
    """

    kind: Literal["capped", "published"] = "capped"
    weight: float = 3.0  # theta
    deviation: float = 5.0  # sigma, in shots
    reach: int = 15  # g, in shots to each side

    def weigh(self, distance: int) -> float:
        """F_dis(d) = theta / (sqrt(2 pi) sigma) exp(-d^2 / (2 sigma^2))."""
        height = self.weight / (np.sqrt(2 * np.pi) * self.deviation)
        return float(height * np.exp(-(distance**2) / (2 * self.deviation**2)))


CAPPED = Spread()


def extend_within_shots(boxes: Boxes, samples: Samples, least: float = -np.inf) -> Boxes:
    """Fill the gaps between detections: box and score go straight from one to the next.

    t = (k - k1) / (k2 - k1), by time, which is the paper's number of the keyframe where keyframes
    are evenly spaced. Nothing is added before the first and after the last, nor in gaps of more
    than `MOST_MISSED` samples. Boxes with a track are joined along it. The others are of one kind
    by what was asked for: only samples without any of them are gaps, and two are joined if each is
    the other's best, by overlap if it is above `SAME_OVERLAP`, else by the distance of centres.

    Args:
        boxes: of one action; or faces, of one person and of others.
        samples: of the collection.
        least: untracked boxes that score less are of others: they join nothing, and nothing is
            filled in where one of them lies. A track is one person's whatever its boxes score.

    Returns:
        All boxes and those between, which `interpolated` marks.
    """
    loose = boxes.track == NO_TRACK
    sure = boxes.score >= least
    filled = _fill(boxes, samples, _link_nearest(boxes, np.flatnonzero(loose & sure), samples))
    filled = filled.take(~_lies_on(filled, boxes.take(loose & ~sure)))
    followed = _fill(boxes, samples, _link_tracks(boxes, np.flatnonzero(~loose), samples))
    return _merge(boxes, followed, filled)


def extend_between_shots(scores: Floats, first_shot: Indexes, spread: Spread = CAPPED) -> Floats:
    """Lift shots by better ones around them in their video; none is lowered.

    s'(l) = s(l) + sum over d from -g to g of F_dis(d) max(s(l + d) - s(l), 0), all by the scores
    that were given, then capped as the spread says.

    Args:
        scores: (s,) of all shots in order of (video, time), 0 where nothing was found, none below.
        first_shot: (v + 1,) where the shots of each video begin; the last is s.
        spread: how far and how much.

    Returns:
        (s,) new scores.
    """
    lifted = scores.copy()
    shots = _find_near(scores, spread.reach)
    video = np.searchsorted(first_shot, shots, side="right") - 1
    first, end, own = first_shot[video], first_shot[video + 1], scores[shots].astype(np.float64)
    total, best = own.copy(), own.copy()
    for distance in range(-spread.reach, spread.reach + 1):
        place = shots + distance
        inside = (place >= first) & (place < end)
        other = np.where(inside, scores[np.where(inside, place, shots)], own)
        total += spread.weigh(distance) * np.maximum(other - own, 0)
        np.maximum(best, other, out=best)
    lifted[shots] = np.minimum(total, best) if spread.kind == "capped" else total
    return lifted


def _find_near(scores: Floats, reach: int) -> Indexes:
    """The shots at most `reach` from one with a score: no other can be lifted."""
    found = np.flatnonzero(scores > 0)
    steps = np.zeros(len(scores) + 1, np.int32)
    np.add.at(steps, np.maximum(found - reach, 0), 1)
    np.add.at(steps, np.minimum(found + reach + 1, len(scores)), -1)
    return np.flatnonzero(np.cumsum(steps[:-1]))


def _fill(boxes: Boxes, samples: Samples, links: Links) -> Boxes:
    """What lies between linked boxes, at every sample between them."""
    before, after = links
    moments = boxes.sample.astype(np.int64)
    owner, sample = expand(moments[before] + 1, moments[after])
    before, after = before[owner], after[owner]
    start, end = (samples.time_ms[moments[each]] for each in (before, after))
    share = ((samples.time_ms[sample] - start) / (end - start)).astype(np.float32)
    box = boxes.box[before] * (1 - share[:, None]) + boxes.box[after] * share[:, None]
    score = boxes.score[before] * (1 - share) + boxes.score[after] * share
    return Boxes(sample, box, score, boxes.track[before], np.full(len(sample), INTERPOLATED))


def _lies_on(filled: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """(n,) at the same sample one of the others overlaps."""
    owner, other = expand(*find_spans(others.sample, filled.sample))
    covered = np.zeros(len(filled), bool)
    covered[owner[_compare(filled.box[owner], others.box[other]) < 0]] = True
    return covered


def _link_tracks(boxes: Boxes, places: Indexes, samples: Samples) -> Links:
    """Boxes of a track before and after samples that have none of it."""
    places = places[np.argsort(boxes.track[places], kind="stable")]
    before, after = places[:-1], places[1:]
    same = boxes.track[before] == boxes.track[after]
    kept = same & _is_gap(boxes.sample[before], boxes.sample[after], samples)
    return before[kept], after[kept]


def _link_nearest(boxes: Boxes, places: Indexes, samples: Samples) -> Links:
    """Boxes before and after samples that have none of these, each the other's best."""
    own = boxes.sample[places]
    seen = own[np.flatnonzero(np.diff(own, prepend=-1))]
    gap = _is_gap(seen[:-1], seen[1:], samples)
    first, middle = find_spans(own, seen[:-1][gap])
    _, end = find_spans(own, seen[1:][gap])
    of_gap, before = expand(first, middle)
    owner, after = expand(middle[of_gap], end[of_gap])
    before, after = places[before[owner]], places[after]
    unlikeness = _compare(boxes.box[before], boxes.box[after])
    best = np.zeros((2, len(before)), bool)
    for side, ends in zip(best, (before, after), strict=True):
        order = np.argsort(ends, kind="stable")
        side[order[first_of_each(ends[order], unlikeness[order])]] = True
    kept = best.all(axis=0)
    return before[kept], after[kept]


def _is_gap(before: Whole, after: Whole, samples: Samples) -> NDArray[np.bool_]:
    """(k,) between two samples lie some, not too many, and all in one shot."""
    missed = after - before - 1
    same = samples.shot[before] == samples.shot[after]
    return np.asarray(same & (missed > 0) & (missed <= MOST_MISSED))


def _compare(one: Floats, other: Floats) -> NDArray[np.float64]:
    """(k,) how unlike boxes (k, 4) are: below 0 where they overlap enough, else their distance."""
    one, other = one.astype(np.float64), other.astype(np.float64)
    sides = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    both = np.maximum(sides, 0).prod(axis=1)
    areas = [(each[:, 2:] - each[:, :2]).prod(axis=1) for each in (one, other)]
    together = areas[0] + areas[1] - both
    overlap = np.divide(both, together, out=np.zeros_like(both), where=together > 0)
    centres = [(each[:, :2] + each[:, 2:]) / 2 for each in (one, other)]
    distance = np.linalg.norm(centres[0] - centres[1], axis=1)
    return np.asarray(np.where(overlap > SAME_OVERLAP, -overlap, distance))


def _merge(*parts: Boxes) -> Boxes:
    together = Boxes(
        np.concatenate([part.sample for part in parts]),
        np.concatenate([part.box for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.track for part in parts]),
        np.concatenate([part.row for part in parts]),
    )
    return together.take(np.argsort(together.sample, kind="stable"))
