"""Where a person does an action: faces and people who act, joined in each shot, then between shots.

The steps of section 7.3 of `verification`'s source on the columns of one generation: only shots
with both are looked at. Knows no names, no models, no query.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from search.boxes import INTERPOLATED, NO_TRACK, Boxes, Samples, Whole, find_spans, sort_boxes
from search.extension import Spread, extend_between_shots, extend_within_shots
from search.layout import Floats, Indexes, expand
from search.verification import BestPairs, Verification, verify

if TYPE_CHECKING:
    from indexer.generations.columns import BoxedLabels
    from indexer.generations.crop_table import TrackVectors
    from indexer.generations.track_table import TrackBoxes


@dataclass(frozen=True, eq=False)
class Found:
    """Boxes of a table that were found, ascending by (shot, time)."""

    table: "TrackBoxes | BoxedLabels | TrackVectors"
    place: Indexes  # (k,) in the table
    score: Floats  # (k,)

    @property
    def shot(self) -> Whole:
        """(k,)."""
        return self.table.shot[self.place]

    def take(self, kept: NDArray[Any]) -> "Found":
        """Some of them; the places ascend."""
        return Found(self.table, self.place[kept], self.score[kept])

    def with_boxes(self) -> "Found":
        """Those of which a box is known."""
        return self.take(~np.isnan(self.table.box[self.place, 0]))

    def pack(self, samples: Samples) -> Boxes:
        """As boxes, whose rows are numbers of these."""
        table, at = self.table, self.place
        sample = samples.find(self.shot, table.time_ms[at])
        return sort_boxes(sample, table.box[at], self.score, table.track[at])


@dataclass(frozen=True, eq=False)
class Acting:
    """Where it was found, and what each shot is worth by itself and by those around it."""

    pairs: BestPairs
    samples: Samples
    faces: Found  # that the rows of the pairs' faces number
    actions: Found
    own: Floats  # (s,) by what is seen in the shot
    final: Floats  # (s,) lifted by shots around


def find_faces(table: "TrackBoxes", track: Whole, shots: Whole, score: Floats, count: int) -> Found:
    """The boxes of some face tracks, and those of all other faces in their shots, at -1.

    Args:
        table: the boxes of all faces.
        track: (k,) numbers of the tracks.
        shots: (k,) in which they are.
        score: (k,) how like the person they are.
        count: of all tracks.
    """
    worth = np.full(count, np.float32(-1))
    worth[track] = score
    place = expand(*find_spans(table.shot, np.unique(shots)))[1]
    return Found(table, place, worth[table.track[place]])


def find_acting(
    faces: Found,
    actions: Found,
    keyframes: tuple[Whole, Whole],
    first_shot: Indexes,
    how: Verification,
    spread: Spread | None,
) -> Acting:
    """Join faces and actions by verification, then extend between shots.

    Args:
        faces: those of the person, and others (below 0), which tell only that somebody looked.
        actions: who does it, in the same shots.
        keyframes: shot and time of all keyframes, ascending.
        first_shot: (v + 1,) where the shots of each video begin.
        how: `least_face` is on the scale of the faces' scores.
        spread: between shots; None: not at all.
    """
    sure = faces.shot[faces.score >= 0]
    both = np.intersect1d(sure, actions.shot).astype(np.int64)
    faces = faces.take(_is_in(faces.shot, both))
    actions = actions.take(_is_in(actions.shot, both))
    samples = _find_samples(faces, actions, keyframes, both)
    faces = faces.take(faces.score >= 0)
    packed = [faces.pack(samples), actions.pack(samples)]
    if how.fills_gaps:
        packed[1] = _join(packed[1], samples)
        if how.fusion == "threshold":  # else it is not known whose face a track is
            packed[0] = _join(packed[0], samples)
    pairs = verify(packed[0], packed[1], samples, how)
    own = np.zeros(int(first_shot[-1]), np.float32)
    own[pairs.shot] = pairs.score
    final = own if spread is None else extend_between_shots(own, first_shot, spread)
    return Acting(pairs, samples, faces, actions, own, final)


def find_around(
    own: Floats, shot: int, first_shot: Indexes, spread: Spread
) -> list[tuple[int, float]]:
    """The better shots within reach of one in its video: how far off, and their own score."""
    video = int(np.searchsorted(first_shot, shot, side="right")) - 1
    first = max(int(first_shot[video]), shot - spread.reach)
    end = min(int(first_shot[video + 1]), shot + spread.reach + 1)
    better = np.flatnonzero(own[first:end] > own[shot]) + first
    return list(zip((better - shot).tolist(), own[better].tolist(), strict=True))


def extend(own: float, around: list[tuple[int, float]], spread: Spread) -> float:
    """What `extend_between_shots` gives one shot with these better ones around it."""
    total = own + sum(spread.weigh(far) * (score - own) for far, score in around)
    best = max([own, *(score for _, score in around)])
    return min(total, best) if spread.kind == "capped" else total


def _join(boxes: Boxes, samples: Samples) -> Boxes:
    """Gaps filled along each track; then all are one person's, or of one action, for the rest."""
    filled = extend_within_shots(boxes, samples)
    return replace(filled, track=np.full(len(filled), NO_TRACK))


def _find_samples(
    faces: Found, actions: Found, keyframes: tuple[Whole, Whole], shots: Indexes
) -> Samples:
    """Every moment of these shots at which anything was looked for."""
    rows = expand(*find_spans(keyframes[0], shots))[1]
    shot = np.concatenate([keyframes[0][rows], faces.shot, actions.shot]).astype(np.int64)
    time_ms = np.concatenate(
        [keyframes[1][rows], *(each.table.time_ms[each.place] for each in (faces, actions))]
    ).astype(np.int64)
    if not len(shot):
        return Samples(shot, time_ms)
    least = int(time_ms.min())
    span = int(time_ms.max()) - least + 1
    keys = np.unique(shot * span + (time_ms - least))
    return Samples(keys // span, keys % span + least)


def _is_in(shots: Whole, wanted: Indexes) -> NDArray[np.bool_]:
    """(k,) whether ascending shots are among wanted ones (ascending, each once)."""
    places = np.minimum(np.searchsorted(wanted, shots), max(len(wanted) - 1, 0))
    return wanted[places] == shots if len(wanted) else np.zeros(len(shots), bool)


def is_interpolated(boxes: Boxes, place: Indexes) -> list[bool]:
    """Whether some of the boxes were filled in."""
    return [row == INTERPOLATED for row in boxes.row[place].tolist()]
