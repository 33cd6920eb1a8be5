"""What stands where on the stage at a moment, and what part of it the camera sees.

The film's pictures and its truth both come from here, so that they cannot disagree. Seconds
are those of the stage: in fast motion they pass faster than the film's. Knows nothing of pixels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import pi, sin
from typing import TypeAlias

from bench.world.figure import Figure, place_held, pose_figure
from bench.world.plan import (
    FRAME_MS,
    HEIGHT,
    STAGE_HEIGHT,
    STAGE_WIDTH,
    WIDTH,
    ActorPlan,
    Camera,
    Look,
    Picture,
    ThingPlan,
    Window,
)
from bench.world.words import KINDS

DRAWING_MS = 2 * FRAME_MS  # animation on twos: every second frame is a new drawing
BOB_M, BOBS_PER_SECOND = 0.12, 0.5  # how far and how often what flies goes up and down

StageBox: TypeAlias = tuple[float, float, float, float]  # x0, y0, x1, y1 in metres
_Place: TypeAlias = tuple[int, float, int, int]  # sorts far to near: layer, foot, whose, held


@dataclass(frozen=True)
class StagedThing:
    """A thing where it is now; `second` is the clock of its wheels and wings."""

    plan: ThingPlan
    box: StageBox
    second: float = 0.0

    @property
    def id(self) -> str:
        """The thing's id."""
        return self.plan.id


@dataclass(frozen=True)
class StagedPerson:
    """A person as it stands and moves now."""

    plan: ActorPlan
    figure: Figure

    @property
    def id(self) -> str:
        """The person's id."""
        return self.plan.person

    @property
    def box(self) -> StageBox:
        """Around all that is drawn of it."""
        return self.figure.box


Piece: TypeAlias = StagedThing | StagedPerson


@dataclass(frozen=True)
class Staged:
    """A picture at a moment: its things and persons, the far ones first."""

    pieces: tuple[Piece, ...]


def stage_at(picture: Picture, looks: Mapping[str, Look], second: float) -> Staged:
    """Where everything in a picture is at a second of the stage, far to near.

    Raises:
        KeyError: a person in the picture has no look.
    """
    placed: list[tuple[_Place, Piece]] = []
    holders: dict[str, tuple[StagedPerson, _Place]] = {}
    for number, actor in enumerate(picture.actors):
        person = StagedPerson(actor, pose_figure(actor, looks[actor.person], second, picture))
        place = (1, actor.y, number, 1)
        holders[actor.person] = person, place
        placed.append((place, person))
    for number, thing in enumerate(picture.things):
        holder = holders.get(thing.held_by or "")
        placed.append(
            _place_held(thing, *holder, looks, second)
            if holder
            else _place_free(thing, second, -1 - number)
        )
    return Staged(tuple(piece for _, piece in sorted(placed, key=lambda pair: pair[0])))


def view_at(camera: Camera, share: float, second: float = 0.0) -> Window:
    """What the camera sees at a share (0 to 1) of its shot, kept on the stage.

    `second` of the film is the clock of its shake. While it does not zoom it moves by whole px.
    """
    start, end = camera.start, camera.end
    height = start.height + (end.height - start.height) * share
    reach = camera.shake * height
    left = start.x + (end.x - start.x) * share + reach * _waver(second, 0.3)
    top = start.y + (end.y - start.y) * share + reach * _waver(second, 1.9)
    left, top = left - height * WIDTH / HEIGHT / 2, top - height / 2
    if start.height == end.height:
        left, top = (round(edge * HEIGHT / height) * height / HEIGHT for edge in (left, top))
    left = min(max(left, 0.0), STAGE_WIDTH - height * WIDTH / HEIGHT)
    top = min(max(top, 0.0), STAGE_HEIGHT - height)
    return Window(left + height * WIDTH / HEIGHT / 2, top + height / 2, height)


def corner_of(view: Window) -> tuple[float, float]:
    """The upper left corner of a view."""
    return view.x - view.height * WIDTH / HEIGHT / 2, view.y - view.height / 2


def drawn_ms(ms: int) -> int:
    """When the drawing was made that is seen at this time of a shot."""
    return max(0, ms) // DRAWING_MS * DRAWING_MS


def is_flying(thing: ThingPlan) -> bool:
    """Whether it hangs in the air by itself."""
    return KINDS[thing.kind].where == "sky" and thing.held_by is None


def _place_free(thing: ThingPlan, second: float, number: int) -> tuple[_Place, StagedThing]:
    is_live = thing.speed != 0 or is_flying(thing)
    layer = 0 if KINDS[thing.kind].where in ("sky", "wall") else 1
    staged = StagedThing(thing, _find_box(thing, second), second if is_live else 0.0)
    return (layer, thing.y, number, 0), staged


def _place_held(
    thing: ThingPlan, holder: StagedPerson, place: _Place, looks: Mapping[str, Look], second: float
) -> tuple[_Place, StagedThing]:
    """In the hands: before the holder, or on the far side of the holder."""
    box = place_held(thing, holder.plan, looks[holder.id], holder.figure, second)
    if box is None or KINDS[thing.kind].where == "wall":
        where, staged = _place_free(thing, second, -1)
        return where, replace(staged, box=box or staged.box)
    layer, foot, number, _ = place
    is_hidden = holder.figure.hold_behind
    return (layer, foot, number, 0 if is_hidden else 2), StagedThing(thing, box)


def _find_box(thing: ThingPlan, second: float) -> StageBox:
    x, y = thing.x + thing.speed * second, thing.y
    if is_flying(thing):
        y += BOB_M * sin(2 * pi * (BOBS_PER_SECOND * second + thing.x))
    half = thing.width_m / 2
    return x - half, y - thing.height_m, x + half, y


def _waver(second: float, phase: float) -> float:
    """An unsteady hand: from -1 to 1."""
    slow, quick = sin(2 * pi * 1.7 * second + phase), sin(2 * pi * 3.9 * second + 2 * phase)
    return 0.6 * slow + 0.4 * quick
