"""The truth of a film: everything that is seen, done, said and heard in it, and when.

Beside each film `NAME.mp4` lies `NAME.truth.json`, a `Truth` as JSON. Times are ms of the film,
boxes are (x0, y0, x1, y1) as fractions of width and height, five a second. Words are those of
`words.py`. Knows nothing of how it was found.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from bench.world.plan import Clothes, CuePlan, Person, RelationPlan, ScenePlan, SoundPlan

VERSION = 1
BOX_STEP_MS = 200
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Track:
    """Where something is, five times a second, cut to the frame; left out while it is not seen."""

    times_ms: tuple[int, ...]
    boxes: tuple[Box, ...]
    visible: tuple[float, ...]  # share of its whole box that is in the frame and not covered


@dataclass(frozen=True)
class SeenThing:
    """A thing of which something is seen in a shot."""

    id: str
    kind: str
    group: str
    is_vehicle: bool
    colour: str
    size: str
    motion: str  # "still", "left", "right" on the stage, "held"
    held_by: str | None
    track: Track


@dataclass(frozen=True)
class SeenPerson:
    """A member of the cast of whom something is seen in a shot."""

    person: str
    view: str
    shot_size: str  # how much of this person is seen
    is_main: bool
    face_visible: bool  # front or profile, >= 16 px wide, for >= 0.4 s
    track: Track
    face: Track


@dataclass(frozen=True)
class DoneAction:
    """A person does something in a shot, and it is seen."""

    action: str
    phrase: str  # as "carrying a bag", "hugging"
    actor: str
    thing: str | None
    partner: str | None
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Triplet:
    """Subject, predicate, object of the scene graph; ends are persons', things' ids, or words."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True)
class Captions:
    """What three searchers would type for a shot; no names of the cast."""

    terse: str
    novice: str
    expert: str


@dataclass(frozen=True)
class Written:
    """Words that can be read in a shot."""

    text: str
    kind: str  # sign, caption, title
    box: Box | None


@dataclass(frozen=True)
class ShotTruth:
    """One shot. It begins in the middle of the transition that leads into it."""

    id: str
    start_ms: int
    end_ms: int
    scene: str | None  # None: the title
    transition: str
    transition_ms: int
    place: str
    season: str | None
    time: str | None
    shot_size: str
    move: str
    tempo: float
    is_split: bool
    is_title: bool
    flaws: tuple[str, ...]
    colours: tuple[str, ...]  # of things and clothes that are seen, largest first
    things: tuple[SeenThing, ...]
    persons: tuple[SeenPerson, ...]
    actions: tuple[DoneAction, ...]
    triplets: tuple[Triplet, ...]
    written: tuple[Written, ...]
    captions: Captions | None
    duplicates: tuple[str, ...]  # other shots, as "video/shot", that are as right


@dataclass(frozen=True)
class Question:
    """A question on the film, its answer and the intervals that prove it."""

    id: str
    kind: str  # who, what, where, when, how many, before/after, yes/no
    text: str
    answer: str | None  # None: the film does not say
    choices: tuple[str, ...]  # the right one among them; empty where the set is open
    evidence: tuple[tuple[int, int], ...]
    facts: tuple[str, ...] = ()  # what was computed on, as "actions", "relations"


@dataclass(frozen=True)
class Truth:
    """A film."""

    version: int
    id: str
    split: str
    title: str
    width: int
    height: int
    fps: int
    length_ms: int
    cast: tuple[Person, ...]
    clothes: tuple[tuple[str, Clothes], ...]
    relations: tuple[RelationPlan, ...]
    scenes: tuple[ScenePlan, ...]
    shots: tuple[ShotTruth, ...]
    cues: tuple[CuePlan, ...]
    sounds: tuple[SoundPlan, ...]
    questions: tuple[Question, ...] = ()
    misleading: tuple[str, ...] = field(default=())


def read_truth(path: Path) -> Truth:
    """The truth beside a film.

    Raises:
        OSError: the file cannot be read.
        pydantic.ValidationError: it is no truth of this version.
    """
    truth: Truth = _adapter().validate_json(path.read_bytes())
    return truth


def format_truth(truth: Truth) -> bytes:
    """The truth as JSON, the same bytes for the same truth."""
    text: bytes = _adapter().dump_json(truth)
    return text + b"\n"


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Truth)
