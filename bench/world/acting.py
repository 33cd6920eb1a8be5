"""What the people of a scene do from shot to shot: alone, with a thing, with each other.

What somebody does goes on over several shots. Knows no cameras.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bench.world.dice import Dice
from bench.world.habits import HABITS, JOINT_GROUPS
from bench.world.plan import FRAME_MS, Act, ActorPlan, Look, ThingPlan, depth
from bench.world.props import DOOR_PLACES, DOOR_Y, draw_thing_plan, kinds_at
from bench.world.scenes import Meeting, Scene
from bench.world.words import GIFTS, THING_ACTIONS

ALONE_WEIGHTS = {
    "standing": 1.2, "walking": 1.5, "running": 1.0, "waving": 1.0, "sitting down": 1.0,
    "jumping": 0.9, "dancing": 0.9, "holding": 1.3, "carrying": 1.3, "throwing": 0.9,
    "kicking": 0.9, "opening": 1.6, "reading": 1.0, "calling with": 0.9,
    "photographing with": 0.9, "playing": 0.9, "drinking from": 1.1,
}  # fmt: skip
GAPS_M = {
    "hugging": 0.34,
    "dancing with": 0.55,
    "shaking hands with": 0.9,
    "fighting": 0.9,
    "giving": 0.9,
}  # fmt: skip   between the feet of two adults; for talking, what is usual for the two
SPEEDS_MPS = {"walking": (0.7, 1.25), "running": (2.0, 3.2)}
VIEW_WEIGHTS = {"front": 5.5, "left": 2.2, "right": 2.2, "back": 1.6}
SIDEWAYS = frozenset({"walking", "running", "throwing", "kicking", "opening"})
WHOLE_SHOT = frozenset({"walking", "running", "standing"})


@dataclass(frozen=True)
class Doing:
    """What somebody does, alone or with a partner; `prop` is the thing it is done with."""

    action: str
    prop: ThingPlan | None = None
    partner: str | None = None
    is_first: bool = True  # of a pair: who gives, who speaks


class Rehearsal:
    """What everybody in a scene is at, remembered from shot to shot of it."""

    def __init__(self, dice: Dice, scene: Scene, prefix: str) -> None:
        """Nobody does anything yet; names of things begin with the prefix."""
        self._dice, self._scene, self._prefix = dice, scene, prefix
        self._alone: dict[str, tuple[Doing, int]] = {}
        self._joint: dict[tuple[str, str], tuple[Doing, int]] = {}
        self._props = 0

    def alone(self, person: str) -> Doing:
        """What somebody does for itself, often what it did when last seen."""
        doing, left = self._alone.get(person, (None, 0))
        if doing is None or left == 0:
            doing, left = self._begin_alone(), self._dice.whole(1, 4)
        self._alone[person] = (doing, left - 1)
        return doing

    def together(self, meeting: Meeting) -> tuple[Doing, Doing]:
        """What the two of a meeting do with each other, of `a` and of `b`."""
        doing, left = self._joint.get(meeting.pair, (None, 0))
        if doing is None or left == 0:
            doing, left = self._begin_joint(meeting), self._dice.whole(1, 2)
        self._joint[meeting.pair] = (doing, left - 1)
        a, b = meeting.pair
        if doing.action != "giving":
            return replace(doing, partner=b), replace(doing, partner=a)
        taker = Doing("standing", is_first=not doing.is_first)
        giver = replace(doing, partner=b if doing.is_first else a)
        return (giver, taker) if doing.is_first else (taker, giver)

    def _begin_alone(self) -> Doing:
        weights = dict(ALONE_WEIGHTS)
        if self._scene.setting.place not in DOOR_PLACES:
            del weights["opening"]
        action = self._dice.weigh(weights)
        kinds = THING_ACTIONS.get(action)
        return Doing(action, self._make_prop(self._dice.choose(kinds)) if kinds else None)

    def _begin_joint(self, meeting: Meeting) -> Doing:
        habit = HABITS[meeting.acts_like]
        action = self._dice.weigh(JOINT_GROUPS[habit.joint])
        if action != "giving":
            return Doing(action)
        fitting = kinds_at(self._scene.setting.place)
        gifts = habit.gifts if self._dice.happens(0.8) else GIFTS
        gift = self._dice.choose([kind for kind in gifts if kind in fitting])
        first = self._dice.happens(habit.first_gives)
        return Doing(action, self._make_prop(gift), is_first=first)

    def _make_prop(self, kind: str) -> ThingPlan:
        self._props += 1
        place = self._scene.setting.place
        return draw_thing_plan(self._dice, kind, place, f"{self._prefix}-h{self._props}")


def place_alone(
    dice: Dice, person: str, doing: Doing, at: tuple[float, float], length_ms: int
) -> ActorPlan:
    """Somebody at a point of the ground who does something for itself, if need be walking."""
    x, y = at
    view = dice.weigh(VIEW_WEIGHTS)
    if doing.action in SIDEWAYS and view in ("front", "back"):
        view = dice.choose(("left", "right"))
    if doing.action == "opening":
        y = 7.4
    acts = _time_acts(dice, doing, length_ms)
    actor = ActorPlan(person, x, y, view, acts)
    return _send(dice, actor, length_ms) if doing.action in SPEEDS_MPS else actor


def place_together(
    dice: Dice, pair: tuple[str, str], doings: tuple[Doing, Doing], at: tuple[float, float],
    distance_m: float, length_ms: int,
) -> tuple[ActorPlan, ActorPlan]:  # fmt: skip
    """Two people face to face around a point, as far from each other as their act wants."""
    x, y = at
    action = next((each.action for each in doings if each.partner), "talking to")
    half = GAPS_M.get(action, distance_m) * depth(y) / 2
    way = dice.choose((-1, 1))  # whether a stands left of b
    views = ("right", "left") if way > 0 else ("left", "right")
    if action == "talking to" and dice.happens(0.3):
        views = dice.choose((("front", views[1]), (views[0], "back"), ("front", "front")))
    acts = _time_acts(dice, doings[0] if doings[0].partner else doings[1], length_ms)
    made = []
    for side, person, doing, view in zip((-way, way), pair, doings, views, strict=True):
        own: tuple[Act, ...] = (Act("standing", 0, length_ms),)
        if doing.partner:
            own = tuple(replace(act, partner=doing.partner) for act in acts if act.action == action)
        made.append(ActorPlan(person, round(x + side * half, 3), y, view, own))
    return made[0], made[1]


def hand_over(actor: ActorPlan, doing: Doing) -> ThingPlan | None:
    """The thing in somebody's hands, or the door it opens."""
    if doing.prop is None:
        return None
    if doing.prop.kind != "door":
        x, y = actor.x, round(actor.y, 2)
        return replace(doing.prop, x=round(x, 2), y=y, held_by=actor.person, facing=_facing(actor))
    aside = 0.6 if actor.view == "right" else -0.6
    return replace(doing.prop, x=round(actor.x + aside, 2), y=DOOR_Y, held_by=actor.person)


def height_of(actor: ActorPlan, looks: Mapping[str, Look]) -> float:
    """How tall somebody looks, in metres of the stage."""
    return looks[actor.person].height_m * depth(actor.y)


def path_of(actor: ActorPlan) -> float:
    """How far to the right somebody goes in the shot, in metres."""
    moving = [act for act in actor.acts if act.action in SPEEDS_MPS]
    return actor.speed * sum(act.end_ms - act.start_ms for act in moving) / 1000


def _facing(actor: ActorPlan) -> str:
    return "left" if actor.view == "left" else "right"


def _send(dice: Dice, actor: ActorPlan, length_ms: int) -> ActorPlan:
    """Walking or running the way it looks, from a point from which that stays on the stage."""
    action = actor.acts[0].action
    speed = dice.between(*SPEEDS_MPS[action]) * depth(actor.y)
    speed = min(speed, 12_000 / length_ms) * (1 if actor.view == "right" else -1)
    path = speed * length_ms / 1000
    start = min(max(actor.x - path / 2, 1.2 - min(0.0, path)), 18.8 - max(0.0, path))
    return replace(actor, x=round(start, 3), speed=round(speed, 3))


def _time_acts(dice: Dice, doing: Doing, length_ms: int) -> tuple[Act, ...]:
    """When in the shot it is done: mostly all the time, else from some moment or up to one."""
    thing = doing.prop.id if doing.prop else None
    phase = round(dice.share(), 2)
    whole = Act(doing.action, 0, length_ms, thing, doing.partner, phase)
    if doing.action in WHOLE_SHOT or length_ms < 2_000 or dice.happens(0.68):
        return (whole,)
    border = round(length_ms * dice.between(0.2, 0.4) / FRAME_MS) * FRAME_MS
    if dice.happens(0.7):
        return Act("standing", 0, border), replace(whole, start_ms=border)
    return replace(whole, end_ms=length_ms - border), Act("standing", length_ms - border, length_ms)
