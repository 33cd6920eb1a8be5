"""Things of a scene: what stands about, what lies beside people, what passes by.

Kinds fit the place; colours fall evenly. Knows nothing of cameras and of what people do.
"""

from dataclasses import replace

from bench.world.dice import Dice
from bench.world.plan import ActorPlan, Look, ThingPlan, depth
from bench.world.words import COLOURS, KINDS, OUTDOORS, THING_ACTIONS

SIZE_WEIGHTS = {"small": 1.0, "medium": 1.6, "large": 1.0}
DOOR_Y = 6.6
TYPICAL = {
    "beach": ("boat", "umbrella", "ball", "dog", "bird", "tent", "bag"),
    "forest": ("tree", "bush", "tent", "rabbit", "bird", "butterfly", "tractor"),
    "street": ("car", "bus", "truck", "bicycle", "motorcycle", "street lamp", "mailbox", "door"),
    "park": ("tree", "bench", "fountain", "duck", "bicycle", "dog", "butterfly", "balloon"),
    "mountain": ("tent", "sheep", "bird", "snowman", "airplane", "tree", "ladder"),
    "farm": ("tractor", "cow", "sheep", "horse", "duck", "truck", "door", "ladder"),
    "harbour": ("boat", "box", "suitcase", "truck", "bird", "bench", "door"),
    "playground": ("ball", "balloon", "bicycle", "bench", "robot", "tree", "snowman"),
    "desert": ("truck", "motorcycle", "tent", "airplane", "horse", "bird", "bag"),
    "market": ("box", "flowerpot", "bag", "truck", "balloon", "flower", "door"),
    "office": ("table", "chair", "phone", "lamp", "clock", "box", "bookshelf", "door"),
    "kitchen": ("table", "chair", "cup", "glass", "cake", "clock", "cat", "flowerpot"),
    "living room": ("sofa", "television", "lamp", "painting", "guitar", "cat", "table", "dog"),
    "classroom": ("table", "chair", "book", "clock", "bookshelf", "bag", "robot"),
    "restaurant": ("table", "chair", "glass", "cup", "cake", "flower", "painting", "lamp"),
    "library": ("bookshelf", "book", "table", "lamp", "clock", "painting", "ladder"),
    "hospital": ("bed", "clock", "flower", "door", "chair", "painting", "suitcase"),
    "garage": ("box", "ladder", "robot", "bag", "door", "ball", "suitcase"),
}
DOOR_PLACES = frozenset(place for place, kinds in TYPICAL.items() if "door" in kinds) | {
    "kitchen", "living room", "classroom", "restaurant", "library",
}  # fmt: skip
WATER_PLACES = frozenset({"beach", "harbour"})
LYING = tuple(
    dict.fromkeys(kind for kinds in THING_ACTIONS.values() for kind in kinds if kind != "door")
)
COVERS = {True: ("bush", "mailbox", "bench", "snowman", "flowerpot", "robot"),
          False: ("bookshelf", "table", "sofa", "robot", "box", "lamp")}  # fmt: skip
SPEEDS_MPS = {"vehicle": (1.5, 4.5), "animal": (0.4, 1.5), "held": (0.8, 2.0)}


def kinds_at(place: str) -> tuple[str, ...]:
    """The kinds of things that may be at a place."""
    outside = place in OUTDOORS
    return tuple(
        kind.name
        for kind in KINDS.values()
        if (kind.outdoors if outside else kind.indoors)
        and (kind.where != "water" or place in WATER_PLACES)
        and (kind.where != "sky" or outside)
        and (kind.name != "door" or place in DOOR_PLACES)
    )


def furnish(dice: Dice, place: str, prefix: str) -> tuple[ThingPlan, ...]:
    """What stands all over a scene's stage, 0 to 20 things, none in front of all the others."""
    low, high = dice.weigh({(0, 1): 1.0, (3, 7): 3.0, (8, 13): 3.6, (14, 20): 2.4})
    things: list[ThingPlan] = []
    for at in range(dice.whole(low, high)):
        thing = _try_places(dice, place, f"{prefix}-t{at}", things)
        if thing:
            things.append(thing)
    return tuple(things)


def draw_thing_plan(dice: Dice, kind: str, place: str, name: str) -> ThingPlan:
    """A thing of this kind of any colour and size, standing, hanging or flying where such do."""
    x, y = round(dice.between(0.8, 19.2), 2), round(_height_of_foot(dice, kind, place), 2)
    facing = dice.choose(("left", "right"))
    colour, size = dice.choose(tuple(COLOURS)), dice.weigh(SIZE_WEIGHTS)
    return ThingPlan(name, kind, colour, size, x, y, facing)


def drop_beside(dice: Dice, actor: ActorPlan, place: str, name: str) -> ThingPlan:
    """A thing that could be used but lies unused at somebody's feet."""
    thing = draw_thing_plan(dice, dice.choose(LYING), place, name)
    side = dice.choose((-1, 1)) * dice.between(0.42, 0.65) * depth(actor.y)
    return replace(thing, x=_on_stage(actor.x + side), y=round(min(10.9, actor.y + 0.03), 2))


def hide_behind(dice: Dice, actor: ActorPlan, place: str, name: str) -> ThingPlan:
    """A thing that stands in front of somebody and hides a good part."""
    kind = dice.choose(COVERS[place in OUTDOORS])
    thing = replace(draw_thing_plan(dice, kind, place, name), size=dice.choose(("medium", "large")))
    aside = dice.between(-0.25, 0.25) * thing.width_m
    return replace(thing, x=_on_stage(actor.x + aside), y=round(min(11.1, actor.y + 0.3), 2))


def set_moving(dice: Dice, thing: ThingPlan, middle: float, seconds: float) -> ThingPlan:
    """The thing on a way that passes `middle` half through the shot, or as it was."""
    kind = KINDS[thing.kind]
    if not kind.moves or thing.held_by or not dice.happens(0.5):
        return thing
    speed = dice.between(*SPEEDS_MPS[kind.group]) * (depth(thing.y) if kind.where != "sky" else 1)
    speed *= 1 if thing.facing == "right" else -1
    start = middle + dice.between(-0.8, 0.8) - speed * seconds / 2
    return replace(thing, x=round(min(max(start, -3.0), 23.0), 2), speed=round(speed, 2))


def box_of_thing(thing: ThingPlan) -> tuple[float, float, float, float]:
    """Where it is at the shot's start: (x0, y0, x1, y1) in metres."""
    half = thing.width_m / 2
    return thing.x - half, thing.y - thing.height_m, thing.x + half, thing.y


def box_of_actor(actor: ActorPlan, look: Look) -> tuple[float, float, float, float]:
    """About where somebody stands at the shot's start: (x0, y0, x1, y1) in metres."""
    high = look.height_m * depth(actor.y)
    return actor.x - 0.16 * high, actor.y - high, actor.x + 0.16 * high, actor.y


def hidden_share(box: tuple[float, float, float, float], thing: ThingPlan) -> float:
    """The share of a box that lies under a thing's box."""
    x0, y0, x1, y1 = box_of_thing(thing)
    wide = min(x1, box[2]) - max(x0, box[0])
    high = min(y1, box[3]) - max(y0, box[1])
    return max(0.0, wide) * max(0.0, high) / ((box[2] - box[0]) * (box[3] - box[1]))


def _choose_kind(dice: Dice, place: str) -> str:
    fitting = kinds_at(place)
    typical = tuple(kind for kind in TYPICAL[place] if kind in fitting)
    return dice.choose(typical if dice.happens(0.5) else fitting)


def _try_places(dice: Dice, place: str, name: str, others: list[ThingPlan]) -> ThingPlan | None:
    """A thing of the place that covers no other; None if it is too crowded for it."""
    kind = _choose_kind(dice, place)
    for _ in range(6):
        thing = draw_thing_plan(dice, kind, place, name)
        if all(hidden_share(box_of_thing(other), thing) < 0.3 for other in others) and all(
            hidden_share(box_of_thing(thing), other) < 0.3 for other in others
        ):
            return thing
    return None


def _height_of_foot(dice: Dice, kind: str, place: str) -> float:
    where = KINDS[kind].where
    if kind == "door":
        return DOOR_Y
    if where == "wall":
        return dice.between(4.2, 6.0)
    if where == "sky":
        return dice.between(1.6, 4.5)
    if where == "water":
        return dice.between(6.6, 7.1)
    nearest = 7.5 if place in WATER_PLACES else 6.75  # the water reaches down to there
    if KINDS[kind].height_m > 1.1 or KINDS[kind].width_m > 1.4:
        return dice.between(nearest, nearest + 0.7)  # in front it would hide the people
    return dice.between(max(7.1, nearest), 8.9 if dice.happens(0.75) else 10.8)


def _on_stage(x: float) -> float:
    return round(min(max(x, 0.4), 19.6), 2)
