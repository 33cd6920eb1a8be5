"""What happens in a film before it is drawn: frozen data that pictures and truth are made from.

Lengths are metres on a stage, `STAGE_WIDTH` x `STAGE_HEIGHT`; x grows to the right, y downwards.
The ground begins at `HORIZON` (where a wall stands indoors) and comes nearer down to
`STAGE_HEIGHT`; what stands further up is further away and smaller (`depth`). Times are ms; in a
shot they count from its start. Knows nothing of pixels.
"""

from dataclasses import dataclass

from bench.world.words import KINDS, SIZES

STAGE_WIDTH, STAGE_HEIGHT, HORIZON = 20.0, 11.25, 6.4
WIDTH, HEIGHT, FPS = 320, 180, 25  # of a finished frame
FRAME_MS = 1000 // FPS


def depth(y: float) -> float:
    """How large something looks whose foot stands at `y`, 1 at the front of the stage."""
    return 0.8 + 0.2 * min(1.0, max(0.0, (y - HORIZON) / (STAGE_HEIGHT - HORIZON)))


@dataclass(frozen=True)
class Look:
    """What stays of a person; the words are those of `words.py`."""

    gender: str
    skin: str
    face: str
    hair: str
    hair_colour: str
    eyes: str
    glasses: str
    beard: str
    hat: str
    hat_colour: str  # a colour's name, whatever the hat
    height_m: float  # adults 1.55 to 1.9, children 1.0 to 1.35


@dataclass(frozen=True)
class Person:
    """A member of the cast."""

    id: str
    name: str
    look: Look


@dataclass(frozen=True)
class Clothes:
    """What a person wears in one video."""

    top: str
    top_colour: str
    bottom: str  # "dress" if the top is a dress
    bottom_colour: str


@dataclass(frozen=True)
class Setting:
    """Where and when; `variant` moves houses, hills and furniture of the background about."""

    place: str
    season: str | None  # None indoors
    time: str | None  # None indoors: lit by lamps
    variant: int


@dataclass(frozen=True)
class ThingPlan:
    """A thing in a shot. A held thing's place is found from its holder's hands."""

    id: str
    kind: str
    colour: str
    size: str
    x: float  # its middle, at the shot's start
    y: float  # its foot; of what flies or hangs, its lower edge
    facing: str = "right"  # or "left"
    speed: float = 0.0  # metres per second to the right
    held_by: str | None = None  # the id of the person that holds or uses it

    @property
    def width_m(self) -> float:
        """Its width on the stage."""
        return KINDS[self.kind].width_m * self._scale

    @property
    def height_m(self) -> float:
        """Its height on the stage."""
        return KINDS[self.kind].height_m * self._scale

    @property
    def _scale(self) -> float:
        grows = KINDS[self.kind].where in ("ground", "water")
        return SIZES[self.size] * (depth(self.y) if grows else 1.0)


@dataclass(frozen=True)
class Act:
    """Something a person does during a part of a shot; in fast motion, times as it is lived."""

    action: str  # one of ACTIONS
    start_ms: int
    end_ms: int
    thing: str | None = None  # a ThingPlan's id
    partner: str | None = None  # a person's id
    phase: float = 0.0  # 0 to 1: where in its cycle it begins, so that not all move alike


@dataclass(frozen=True)
class ActorPlan:
    """A person in a shot. Between its acts it stands."""

    person: str
    x: float  # between the feet, at the shot's start
    y: float
    view: str
    acts: tuple[Act, ...]
    speed: float = 0.0  # metres per second to the right, while it walks or runs


@dataclass(frozen=True)
class Window:
    """What the camera sees: the middle of the view and its height; the width is 16/9 of that."""

    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Camera:
    """From which view to which it goes, evenly over the shot; `shake` is a share of the height."""

    start: Window
    end: Window
    move: str = "still"
    shake: float = 0.0


@dataclass(frozen=True)
class Sign:
    """Words on a board that stands on the stage, or a caption that lies over the picture."""

    text: str
    kind: str  # "sign" or "caption"
    x: float = 0.0  # its middle; of a caption nothing counts but the text
    y: float = 0.0
    height: float = 0.4  # of its letters


@dataclass(frozen=True)
class Picture:
    """What one camera sees: a whole shot, or a half of a split one."""

    setting: Setting
    things: tuple[ThingPlan, ...]
    actors: tuple[ActorPlan, ...]
    camera: Camera
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True)
class Transition:
    """How the film comes from the shot before; it lasts `ms`, half before the border, half after.

    "fade" goes to black and comes back; "flash" is white. A cut lasts 0 ms.
    """

    kind: str = "cut"
    ms: int = 0


@dataclass(frozen=True)
class ShotPlan:
    """One shot: from `start_ms` to `end_ms` of its film, multiples of `FRAME_MS`."""

    id: str
    start_ms: int
    end_ms: int
    pictures: tuple[Picture, ...]  # one, or two side by side
    transition: Transition
    tempo: float = 1.0  # 2 or 3: fast motion
    flaws: tuple[str, ...] = ()
    repeats: str | None = None  # the id of an earlier shot of which this is a near-duplicate
    is_title: bool = False


@dataclass(frozen=True)
class CuePlan:
    """A line of dialogue, in ms of the film."""

    start_ms: int
    end_ms: int
    speaker: str
    listener: str
    text: str
    topic: str


@dataclass(frozen=True)
class SoundPlan:
    """What is heard, in ms of the film."""

    start_ms: int
    end_ms: int
    kind: str


@dataclass(frozen=True)
class ScenePlan:
    """Shots that belong together: one place, one company, about 30 s."""

    id: str
    start_ms: int
    end_ms: int
    setting: Setting
    people: tuple[str, ...]


@dataclass(frozen=True)
class RelationPlan:
    """What `a` is to `b`: a leads b, serves b, is b's parent; the others hold both ways."""

    a: str
    relation: str
    b: str


@dataclass(frozen=True)
class VideoPlan:
    """A whole film."""

    id: str  # also its file's name
    split: str  # train, validation or test
    title: str
    cast: tuple[Person, ...]
    clothes: tuple[tuple[str, Clothes], ...]  # by the person's id
    relations: tuple[RelationPlan, ...]
    scenes: tuple[ScenePlan, ...]
    shots: tuple[ShotPlan, ...]
    cues: tuple[CuePlan, ...]
    sounds: tuple[SoundPlan, ...]
    misleading: tuple[str, ...] = ()  # which cues mislead here: "clothes", "words", "place"

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.shots[-1].end_ms
