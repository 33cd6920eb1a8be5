"""Leaf: a person does an action, which is more than that both are in the picture.

Scores as `search/verification.py` and `search/extension.py` say. Knows no model, no tracks.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from search.acting import (
    Acting,
    Found,
    extend,
    find_acting,
    find_around,
    find_faces,
    is_interpolated,
)
from search.boxes import INTERPOLATED, Boxes
from search.extension import Spread
from search.layout import Indexes
from search.leaves.action import ActionLeaf, list_tracks
from search.leaves.person import PersonLeaf
from search.node import Node
from search.outcome import Evidence, Outcome
from search.sightings import NEVER, Sightings
from search.vector_leaf import calibrate
from search.verification import Verification, fuse

if TYPE_CHECKING:
    from indexer.generations.track_table import TrackTable
    from search.hits import Why
    from search.people_source import LikeFaces
    from search.view import View

ROUNDING = 1e-6  # of scores that are filled in between equal ones


class PersonActionLeaf(Node):
    """Keeps shots in which the person does it, or which lie near such shots, and scores them."""

    kind: Literal["person_action"] = "person_action"
    person: PersonLeaf = Field(description="Who; `least` is the gate.")
    action: ActionLeaf = Field(description="What the person does.")
    identity: bool = Field(
        True, description="Count a pair as far as the acting person's box covers the face (ICV)."
    )
    gaps: bool = Field(
        True, description="Fill in what detectors missed between two moments of a shot (DTE)."
    )
    extension: Literal["capped", "published", "off"] = Field(
        "capped",
        description="Lift shots by better ones near them in the video (DTE): at most to the best "
        "of them, or as published, which may pass it.",
    )
    fusion: Literal["threshold", "weighted"] = Field(
        "threshold",
        description="The action alone counts, of whoever passes the gate; or face and action.",
    )
    face_share: float = Field(0.5, ge=0, le=1, description="Of the face, in `weighted`.")

    @property
    def filters(self) -> bool:
        """Always."""
        return True

    @property
    def scores(self) -> bool:
        """Always."""
        return True

    def evaluate(self, view: "View") -> Outcome:
        """It holds where the extended score is above 0; that of `published` is scaled to [0, 1]."""
        acting, tracks = self._find(view), view.generation.tracks
        first_shot = view.layout.videos.first_shot
        spread = _spread_of(self.extension)
        score = acting.final if spread is None else acting.final / np.float32(_most(spread))
        shots = np.flatnonzero(score > 0)
        pair = np.full(view.layout.s, NEVER)
        pair[acting.pairs.shot] = np.arange(len(acting.pairs))
        at = pair[shots]  # (k,) NEVER in shots that only lie near
        times_ms = np.full(len(shots), NEVER)
        times_ms[at >= 0] = acting.samples.time_ms[acting.pairs.sample[at[at >= 0]]]
        told: Evidence = {
            "asked": f"{self.person.asked}: {self.action.asked}",
            **self.model_dump(include={"identity", "gaps", "extension", "fusion", "face_share"}),
            "least": self.person.least,
        }

        def evidence(some: Indexes) -> list[Evidence]:
            pairs = iter(_tell_pairs(acting, at[some][at[some] >= 0], tracks))
            seen = [next(pairs) if one >= 0 else dict(_NO_PAIR) for one in at[some].tolist()]
            return [
                {**one, "around": _look_around(acting, shot, first_shot, spread)}
                for one, shot in zip(seen, shots[some].tolist(), strict=True)
            ]

        sightings = Sightings(shots, score[shots], times_ms)
        return sightings.tell(self.kind, view.layout, told, evidence)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """From the pair's cover and scores, and the better shots around."""
        spread, own = _spread_of(why.evidence("extension")), 0.0
        if why.evidence("cover") is not None:
            how = Verification(
                why.evidence("fusion"),
                0.0,
                why.evidence("face_share"),
                checks_identity=why.evidence("identity"),
            )
            names = ("cover", "face_score", "action_score")
            pair = np.array([[why.evidence(name)] for name in names], np.float32)
            own = float(fuse(pair[0], pair[1], pair[2], how)[0])
        if spread is None:
            return own
        around = [(far, score) for far, score in why.evidence("around")]
        return extend(own, around, spread) / _most(spread)

    def _find(self, view: "View") -> Acting:
        gated = self.fusion == "threshold"
        faces = self.person.find_faces(view, None if gated else -1.0)
        tracks, layout = view.generation.tracks, view.layout
        number = faces.vectors.track[faces.place]
        boxes = tracks.boxes_of("face")
        shots = tracks.shot[number]
        found = find_faces(boxes, number, shots, faces.score, len(tracks))
        doing = self.action.find_boxes(view, np.unique(shots))
        how = Verification(self.fusion, _gate(faces), self.face_share, self.identity, self.gaps)
        actions = Found(doing.table, doing.place, doing.score).with_boxes()
        rows = layout.rows
        return find_acting(
            found, actions, (rows.shot, rows.time_ms), layout.videos.first_shot, how,
            _spread_of(self.extension),
        )  # fmt: skip


_NO_PAIR: Evidence = {
    "time_ms": None,
    "cover": None,
    **{
        f"{of}_{what}": None
        for of in ("face", "action")
        for what in ("box", "score", "interpolated", "track")
    },
}


def _spread_of(extension: str) -> Spread | None:
    if extension == "off":
        return None
    return Spread("published" if extension == "published" else "capped")


def _most(spread: Spread) -> float:
    """The largest score that shots around can lift one to, if theirs are at most 1."""
    if spread.kind == "capped":
        return 1.0
    return max(1.0, 2 * sum(spread.weigh(far) for far in range(1, spread.reach + 1)))


def _gate(faces: "LikeFaces") -> float:
    """`least` as a score."""
    least = calibrate(np.array([faces.least], np.float32), faces.range)
    return float(least[0]) - ROUNDING


def _tell_pairs(acting: Acting, some: Indexes, tracks: "TrackTable") -> list[Evidence]:
    """The faces and actions of some best pairs."""
    pairs = acting.pairs
    columns = [acting.samples.time_ms[pairs.sample[some]].tolist(), pairs.cover[some].tolist()]
    told = [dict(zip(("time_ms", "cover"), one, strict=True)) for one in zip(*columns, strict=True)]
    for name, boxes, place, found in (
        ("face", pairs.faces, pairs.face[some], acting.faces),
        ("action", pairs.actions, pairs.action[some], acting.actions),
    ):
        for one, more in zip(told, _tell_boxes(name, boxes, place, found, tracks), strict=True):
            one.update(more)
    return told


def _tell_boxes(
    name: str, boxes: Boxes, place: Indexes, found: Found, tracks: "TrackTable"
) -> list[Evidence]:
    """Some boxes; of those that were filled in the track is not told."""
    row = boxes.row[place]
    track = np.full(len(row), INTERPOLATED)
    track[row >= 0] = found.table.track[found.place[row[row >= 0]]]
    columns = zip(
        boxes.box[place].tolist(),
        boxes.score[place].tolist(),
        is_interpolated(boxes, place),
        list_tracks(tracks, track),
        strict=True,
    )
    names = [f"{name}_{what}" for what in ("box", "score", "interpolated", "track")]
    return [dict(zip(names, column, strict=True)) for column in columns]


def _look_around(
    acting: Acting, shot: int, first_shot: Indexes, spread: Spread | None
) -> list[tuple[int, float]]:
    if spread is None:
        return []
    return find_around(acting.own, shot, first_shot, spread)
