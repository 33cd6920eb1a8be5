"""Leaf: who is seen, by name, by cluster, or by pictures of the face. Knows no model, no tracks."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from analyzers.encoder import Range
from search.layout import Indexes
from search.leaves.image import LARGEST
from search.node import Node
from search.outcome import Evidence, Outcome
from search.sightings import Sightings, best_of_shots, list_boxes
from search.vector_leaf import calibrate

if TYPE_CHECKING:
    from search.hits import Why
    from search.people_source import LikeFaces
    from search.view import View

MOST_PICTURES = 16
LEAST = 0.4  # cosine: face networks are between 0.35 and 0.45 where as many are lost as mixed up


def _check_base64(value: str) -> str:
    base64.b64decode(value, validate=True)  # binascii.Error is a ValueError
    return value


Picture = Annotated[str, StringConstraints(max_length=LARGEST), AfterValidator(_check_base64)]
Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]
PictureId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{1,64}$")]


class PersonLeaf(Node):
    """Keeps shots that show a person, and scores them by how like the person the best face is."""

    kind: Literal["person"] = "person"
    name: Stripped = Field(
        "", max_length=200, description="The person's name or id, or the id of a cluster."
    )
    pictures: tuple[Picture, ...] = Field(
        (),
        max_length=MOST_PICTURES,
        description="Instead: picture files in base64; the largest face of each is an example.",
    )
    ids: tuple[PictureId, ...] = Field(
        (), max_length=MOST_PICTURES, description="Also: pictures handed to the API before."
    )
    least: float = Field(
        LEAST, ge=-1, le=1, description="Cosine from which a face may be the person's."
    )
    space: str | None = Field(
        None, max_length=200, description="The space of faces; by default the first."
    )

    @staticmethod
    def encode(files: Sequence[bytes]) -> tuple[str, ...]:
        """The bytes of picture files as `pictures` has them."""
        return tuple(base64.b64encode(data).decode("ascii") for data in files)

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if bool(self.name) == bool(self.pictures or self.ids):
            raise ValueError("a person is given by a name or by pictures of the face, one of both")
        if len(self.pictures) + len(self.ids) > MOST_PICTURES:
            raise ValueError(f"at most {MOST_PICTURES} pictures show a person")
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
        """The name, or how many pictures."""
        count = len(self.pictures) + len(self.ids)
        return self.name or ("a face" if count == 1 else f"{count} faces")

    def find_faces(self, view: "View", least: float | None = None) -> "LikeFaces":
        """The face tracks that may be the person's.

        Args:
            view: of the whole generation.
            least: another bound than the leaf's own.
        """
        least = self.least if least is None else least
        people = view.get_people()
        if self.name:
            return people.find_like(self.name, self.space, least)
        files = [base64.b64decode(picture) for picture in self.pictures]
        files += [people.picture(id) for id in self.ids]
        named = [(f"picture {number}", file) for number, file in enumerate(files, 1)]
        return people.find_pictured(named, self.space, least, view.note)

    def evaluate(self, view: "View") -> Outcome:
        """It holds where a face passes; the score is that of the shot's best."""
        faces = self.find_faces(view)
        vectors, tracks = faces.vectors, view.generation.tracks
        shot, score = vectors.shot[faces.place], faces.score
        seen = np.flatnonzero((shot >= 0) & (score > 0))
        best = seen[best_of_shots(shot[seen], score[seen])]
        place = faces.place[best]
        bounds = [faces.range.low, faces.range.high]
        same: Evidence = {
            "asked": self.asked, "person": faces.person, "range": bounds, "least": self.least
        }  # fmt: skip

        def evidence(some: Indexes) -> list[Evidence]:
            at = place[some]
            columns = zip(
                faces.cosine[best[some]].tolist(),
                faces.sure[best[some]].tolist(),
                list_boxes(vectors.box[at]),
                vectors.time_ms[at].tolist(),
                tracks.ids(vectors.track[at]),
                strict=True,
            )
            names = ("cosine", "sure", "box", "time_ms", "track")
            return [dict(zip(names, column, strict=True)) for column in columns]

        times_ms = vectors.time_ms[place].astype(np.int64)
        sightings = Sightings(shot[best].astype(np.int64), score[best], times_ms)
        return sightings.tell(self.kind, view.layout, same, evidence)

    @staticmethod
    def score_of(why: "Why", children: Sequence[float | None]) -> float | None:
        """The calibrated cosine; of a face that is sure at least that of `least`."""
        cosine, (low, high) = why.evidence("cosine"), why.evidence("range")
        if why.evidence("sure"):
            cosine = max(cosine, why.evidence("least"))
        return float(calibrate(np.array([cosine], np.float32), Range(low, high))[0])
