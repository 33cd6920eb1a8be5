"""What an analyzer says: the closed set of findings.

Every finding has `start_ms` and `end_ms` (exclusive), integer milliseconds of the video. A finding
about a keyframe carries the span that the keyframe stands for. Boxes are `(x0, y0, x1, y1)` as
fractions of width and height. Knows nothing of who made a finding, of ids, or of how findings are
stored.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Box: TypeAlias = tuple[float, float, float, float]


class WordsKind(StrEnum):
    """Where words come from."""

    READ = "read"  # seen in the picture (OCR)
    SAID = "said"  # heard
    SUBTITLE = "subtitle"
    TITLE = "title"
    CAPTION = "caption"  # written by a model about the picture


class EndKind(StrEnum):
    """What the end of a relation is."""

    TRACK = "track"
    PERSON = "person"
    LABEL = "label"
    WORDS = "words"


@dataclass(frozen=True, eq=False)
class Embedding:
    """A unit vector of the whole keyframe, or of a box or track in it."""

    start_ms: int
    end_ms: int
    space: str
    vector: NDArray[np.float32]  # (dim,), unit length
    box: Box | None = None
    track: str | None = None


@dataclass(frozen=True)
class Words:
    """Text that was read, said, captioned, or stands in a subtitle or title.

    Several Words of one kind with the same start and end belong to one picture or utterance, in
    reading order.
    """

    start_ms: int
    end_ms: int
    kind: WordsKind
    text: str
    score: float = 1.0  # [0, 1]
    box: Box | None = None
    language: str | None = None  # BCP 47


@dataclass(frozen=True)
class Label:
    """A class with a score; `vocabulary/name` is its full name, as in `coco/person`."""

    start_ms: int
    end_ms: int
    vocabulary: str
    name: str
    score: float = 1.0  # [0, 1]
    box: Box | None = None
    track: str | None = None


@dataclass(frozen=True)
class Measure:
    """A number with a name and a unit ("" where it has none)."""

    start_ms: int
    end_ms: int
    name: str
    value: float
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Track:
    """One person or thing followed through a shot, as packed arrays side by side."""

    start_ms: int
    end_ms: int
    id: str  # unique among the tracks of one analyzer in one video
    kind: str  # what is followed: "face", "person", "coco/car", ...
    times_ms: NDArray[np.int64]  # (n,) ascending
    boxes: NDArray[np.float32]  # (n, 4)
    scores: NDArray[np.float32]  # (n,)
    landmarks: NDArray[np.float32] | None = None  # (n, points, 2), fractions of width and height


@dataclass(frozen=True)
class End:
    """One end of a relation: a track's id, a person's id, a `vocabulary/name`, or words."""

    kind: EndKind
    value: str


@dataclass(frozen=True)
class Relation:
    """Subject, predicate, object, with a score."""

    start_ms: int
    end_ms: int
    subject: End
    predicate: str
    object: End
    score: float = 1.0  # [0, 1]


Finding: TypeAlias = Embedding | Words | Label | Measure | Track | Relation
