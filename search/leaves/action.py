"""Leaf: what somebody does, as an analyzer named it, or in words of one's own.

Knows no list of actions and no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StringConstraints, model_validator

from analyzers.encoder import Range
from search.boxes import find_spans
from search.crop_cosines import MOST_EXACT, find_best_cosines
from search.error import QueryInvalid
from search.layout import Floats, Indexes, expand
from search.nearest import find_nearest
from search.node import Node
from search.outcome import Evidence, Outcome
from search.sightings import NEVER, Sightings, best_of_shots, list_boxes
from search.vector_leaf import calibrate

if TYPE_CHECKING:
    from indexer.generations.columns import BoxedLabels
    from indexer.generations.crop_table import TrackVectors
    from indexer.generations.track_table import TrackTable
    from search.hits import Why
    from search.view import View

NO_TRACK = -1
Whole = NDArray[np.integer[Any]]
Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]


@dataclass(frozen=True, eq=False)
class Doing:
    """The boxes of people who may do it, ascending by shot and time."""

    table: "BoxedLabels | TrackVectors"
    place: Indexes  # (k,) in the table
    score: Floats  # (k,) in [0, 1]
    value: Floats  # (k,) the confidence, or the cosine
    asked: Evidence  # what tells how values become scores

    def tell(self, some: Indexes, tracks: "TrackTable") -> list[Evidence]:
        """Box, track and value of some of the k."""
        at, table = self.place[some], self.table
        columns = zip(
            list_boxes(table.box[at]),
            list_tracks(tracks, table.track[at]),
            table.time_ms[at].tolist(),
            self.value[some].tolist(),
            strict=True,
        )
        name = "cosine" if "range" in self.asked else "confidence"
        names = ("box", "track", "time_ms", name)
        return [dict(zip(names, column, strict=True)) for column in columns]


class ActionLeaf(Node):
    """Keeps shots in which somebody does it, and scores them by how surely."""

    kind: Literal["action"] = "action"
    name: Stripped = Field(
        "", max_length=200, description="VOCABULARY/NAME of a listed action, or NAME in any."
    )
    text: Stripped = Field(
        "", max_length=2000, description="Instead: what the picture of the person shows, in words."
    )
    space: str | None = Field(
        None, max_length=200, description="The space that the text is compared in."
    )

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if bool(self.name) == bool(self.text):
            raise ValueError("an action is given by its name or by a text, one of both")
        return self

    @property
    def filters(self) -> bool:
        """Always."""
        return True

    @property
    def scores(self) -> bool:
        """Always."""
        return True

    @property
    def asked(self) -> str:
        """The name or the text."""
        return self.name or self.text

    def find_boxes(self, view: "View", shots: Whole | None = None) -> Doing:
        """Who does it and how surely, in some shots (ascending, each once) or in all."""
        if self.text:
            return self._score_people(view, shots)
        self._check_name(view)
        table = view.generation.boxed_labels(self.name)
        place = _places_in(table.shot, shots)
        sure = np.clip(table.score[place], 0, 1).astype(np.float32)
        return Doing(table, place, sure, sure, {})

    def evaluate(self, view: "View") -> Outcome:
        """It holds where somebody does it at all; what is said of whole shots counts too."""
        doing, tracks = self.find_boxes(view), view.generation.tracks
        shot = doing.table.shot[doing.place]
        seen = np.flatnonzero((shot >= 0) & (doing.score > 0))
        best = seen[best_of_shots(shot[seen], doing.score[seen])]
        shots, scores = shot[best].astype(np.int64), doing.score[best]
        times_ms = doing.table.time_ms[doing.place[best]].astype(np.int64)
        whole_shots, whole_scores = self._said_of_shots(view, shots)
        sightings = Sightings(
            np.concatenate([shots, whole_shots]),
            np.concatenate([scores, whole_scores]),
            np.concatenate([times_ms, np.full(len(whole_shots), NEVER)]),
        )
        order = np.argsort(sightings.shot, kind="stable")

        def evidence(some: Indexes) -> list[Evidence]:
            at = order[some]
            boxed = iter(doing.tell(best[at[at < len(best)]], tracks))
            nothing = {"box": None, "track": None, "time_ms": None}
            return [
                next(boxed)
                if place < len(best)
                else {**nothing, "confidence": float(sightings.score[place])}
                for place in at.tolist()
            ]

        ordered = Sightings(sightings.shot[order], sightings.score[order], sightings.time_ms[order])
        asked: Evidence = {"asked": self.asked, **doing.asked}
        return ordered.tell(self.kind, view.layout, asked, evidence)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """The confidence, or the calibrated cosine."""
        evidence = why.model_extra or {}
        if "range" not in evidence:
            return float(evidence["confidence"])
        low, high = evidence["range"]
        return float(calibrate(np.array([evidence["cosine"]], np.float32), Range(low, high))[0])

    def _score_people(self, view: "View", shots: Whole | None) -> Doing:
        """Pictures of people beside the text: of few every cosine is read, none is an estimate."""
        people = view.get_people()
        vectors = people.people_vectors(self.space)
        asked = people.encode(self.text, vectors, view.note)
        place = _places_in(vectors.shot, shots)
        if shots is None or len(place) > MOST_EXACT:
            cosines = find_best_cosines(vectors, asked)[place]
        else:
            cosines = np.round(vectors.rescore(asked, place)[0], 6)
        to = vectors.space.text_range
        told: Evidence = {"range": [to.low, to.high], "space": vectors.space.name}
        return Doing(vectors, place, calibrate(cosines, to), cosines, told)

    def _said_of_shots(self, view: "View", boxed: Indexes) -> tuple[Indexes, Floats]:
        """Other shots of which it is said as a whole, and how surely."""
        if self.text:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        found = view.generation.labels.find(self.name)
        scores = np.clip(found.scores, 0, 1).astype(np.float32)
        whole = (scores > 0) & ~np.isin(found.shots, boxed)
        return found.shots[whole].astype(np.int64), scores[whole]

    def _check_name(self, view: "View") -> None:
        labels = view.generation.labels
        if self.name not in labels:
            near = find_nearest(self.name, [label.full for label in labels.names()], cutoff=0.3)
            hint = f"; the nearest is {near}" if near else ""
            raise QueryInvalid(
                f"action: nothing here is labelled {self.name}{hint}; or ask in words of your own, "
                "by `text`"
            )


def list_tracks(tracks: "TrackTable", numbers: Whole) -> list[str | None]:
    """The ids of tracks, None for none."""
    known = numbers >= 0
    ids = iter(tracks.ids(numbers[known]))
    return [next(ids) if one else None for one in known.tolist()]


def _places_in(values: Whole, shots: Whole | None) -> Indexes:
    """The places of ascending shots that are among some (ascending, each once), or all places."""
    if shots is None:
        return np.arange(len(values))
    return expand(*find_spans(values, shots))[1]
