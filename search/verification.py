"""Finds the shots in which a person does an action, and checks that it is that person.

Identity consistency verification, the ICV of Niu, Yang, Liang, Huang and Wang, "Spatio-temporal
identity verification for person-action instance search", MMM 2023: a face and an action in one
picture count as far as the action's box covers the face. Geometry alone: of two who hug, each
one's face lies in the other's box. Knows no person by name, no model, no collection.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from search.boxes import Boxes, Samples, find_spans, keep_shots
from search.extension import extend_within_shots
from search.layout import Floats, Indexes, expand, first_of_each


@dataclass(frozen=True)
class Verification:
    """How a face and an action are judged together.

    `threshold`: who is not sure to be the person does not count, and the action alone is weighed.
    `weighted`: face and action are mixed.
    """

    fusion: Literal["threshold", "weighted"] = "threshold"
    least_face: float = 0.4  # delta; the paper leaves it to validation
    face_share: float = 0.5  # alpha, of `weighted`
    checks_identity: bool = True  # off: wherever both are in the picture, c = 1
    fills_gaps: bool = True  # of faces and actions, within their shots


@dataclass(frozen=True, eq=False)
class BestPairs:
    """The shots that score above 0, ascending, each with its best moment.

    The best moment is that of the best pair; of equals the earliest, then that of the first rows.
    """

    shot: Indexes  # (k,)
    score: Floats  # (k,)
    cover: Floats  # (k,) c of the pair; as measured, also where identity is not checked
    face: Indexes  # (k,) its place in `faces`
    action: Indexes  # (k,) its place in `actions`
    faces: Boxes  # that may be the person's, interpolated ones among them
    actions: Boxes

    def __len__(self) -> int:
        return len(self.shot)

    @property
    def sample(self) -> Indexes:
        """(k,) the best moment of each shot."""
        return np.asarray(self.faces.sample[self.face], np.int64)


def find_cover(faces: Floats, bodies: Floats) -> Floats:
    """How much of each face lies in a body: c = area of both / area of the face, 0 if it has none.

    Args:
        faces: (k, 4).
        bodies: (k, 4).

    Returns:
        (k,) from 0 to 1.
    """
    sides = np.minimum(faces[:, 2:], bodies[:, 2:]) - np.maximum(faces[:, :2], bodies[:, :2])
    both = np.maximum(sides, 0).prod(axis=1)
    area = np.maximum(faces[:, 2:] - faces[:, :2], 0).prod(axis=1)
    return np.asarray(np.divide(both, area, out=np.zeros_like(both), where=area > 0))


def fuse(cover: Floats, face: Floats, action: Floats, how: Verification) -> Floats:
    """The scores of pairs (k,): c F_delta(face) action, or c (alpha face + (1 - alpha) action)."""
    factor = cover if how.checks_identity else np.ones_like(cover)
    if how.fusion == "threshold":
        return np.asarray(factor * np.where(face >= how.least_face, action, np.float32(0)))
    share = np.float32(how.face_share)
    return np.asarray(factor * (share * face + (1 - share) * action))


def verify(faces: Boxes, actions: Boxes, samples: Samples, how: Verification) -> BestPairs:
    """The best pair of a face and an action of every shot that has one.

    Gaps are filled before the threshold is applied, as in the paper: a face that was seen and is
    not sure to be the person stays so. Only shots with both are looked at.

    Args:
        faces: all faces; scores tell how like the person they are.
        actions: the boxes of the people who do it; scores tell how surely.
        samples: of the collection.
        how: see there.
    """
    least = how.least_face if how.fusion == "threshold" else -np.inf
    actions = keep_shots(actions, samples, _find_shots(faces.take(faces.score >= least), samples))
    faces = keep_shots(faces, samples, _find_shots(actions, samples))
    if how.fills_gaps:
        faces = extend_within_shots(faces, samples, least)
        actions = extend_within_shots(actions, samples)
    faces = faces.take(faces.score >= least)
    face, action = expand(*find_spans(actions.sample, faces.sample))
    cover = find_cover(faces.box[face], actions.box[action])
    score = fuse(cover, faces.score[face], actions.score[action], how)
    counts = np.flatnonzero(score > 0)
    shot = samples.shot[faces.sample[face[counts]]].astype(np.int64)
    best = first_of_each(shot, -score[counts])
    chosen = counts[best]
    return BestPairs(
        shot[best], score[chosen], cover[chosen], face[chosen], action[chosen], faces, actions
    )


def _find_shots(boxes: Boxes, samples: Samples) -> Indexes:
    shots = samples.shot[boxes.sample]
    return np.asarray(shots[np.flatnonzero(np.diff(shots, prepend=-1))], np.int64)
