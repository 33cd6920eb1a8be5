"""What there is in the made world, by name: places, things, looks, actions, relations, sounds.

A name here is the name in truth, captions and questions. Knows nothing of how things are drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

OUTDOORS = (
    "beach", "forest", "street", "park", "mountain", "farm", "harbour", "playground", "desert",
    "market",
)  # fmt: skip
INDOORS = (
    "office",
    "kitchen",
    "living room",
    "classroom",
    "restaurant",
    "library",
    "hospital",
    "garage",
)
PLACES = OUTDOORS + INDOORS
SEASONS = ("spring", "summer", "autumn", "winter")
TIMES = ("night", "twilight", "sunrise", "sunset", "daylight")

# The eleven basic colour terms, as RGB in full light.
COLOURS = MappingProxyType(
    {
        "black": (32, 32, 36),
        "white": (246, 246, 242),
        "grey": (138, 140, 144),
        "red": (214, 36, 40),
        "orange": (244, 132, 26),
        "yellow": (250, 214, 44),
        "green": (44, 152, 62),
        "blue": (40, 94, 214),
        "purple": (132, 52, 184),
        "pink": (246, 142, 186),
        "brown": (128, 78, 38),
    }
)
SIZES = MappingProxyType({"small": 0.68, "medium": 1.0, "large": 1.45})  # times the usual size


@dataclass(frozen=True)
class Kind:
    """A class of things: its group, its usual height and width in metres, where it may be."""

    name: str
    group: str  # vehicle, animal, furniture, held, fixture, plant, other
    height_m: float
    width_m: float
    where: str = "ground"  # ground, sky, wall, water
    indoors: bool = True
    outdoors: bool = True
    moves: bool = False  # may drive, walk or fly about

    @property
    def is_vehicle(self) -> bool:
        """Whether it counts as a vehicle."""
        return self.group == "vehicle"


_OUT: Mapping[str, Any] = MappingProxyType({"indoors": False})
_IN: Mapping[str, Any] = MappingProxyType({"outdoors": False})


def _list_large_kinds() -> tuple[Kind, ...]:
    return (
        Kind("car", "vehicle", 1.25, 3.0, moves=True, **_OUT),
        Kind("bus", "vehicle", 2.3, 5.4, moves=True, **_OUT),
        Kind("truck", "vehicle", 2.1, 4.4, moves=True, **_OUT),
        Kind("bicycle", "vehicle", 1.0, 1.6, **_OUT),
        Kind("motorcycle", "vehicle", 1.05, 1.9, moves=True, **_OUT),
        Kind("boat", "vehicle", 2.2, 2.8, "water", moves=True, **_OUT),
        Kind("airplane", "vehicle", 0.9, 3.0, "sky", moves=True, **_OUT),
        Kind("tractor", "vehicle", 1.8, 2.5, moves=True, **_OUT),
        Kind("dog", "animal", 0.6, 0.9, moves=True),
        Kind("cat", "animal", 0.42, 0.6),
        Kind("horse", "animal", 1.7, 2.1, moves=True, **_OUT),
        Kind("cow", "animal", 1.3, 2.0, **_OUT),
        Kind("sheep", "animal", 0.8, 1.1, **_OUT),
        Kind("bird", "animal", 0.4, 0.6, "sky", moves=True, **_OUT),
        Kind("duck", "animal", 0.42, 0.52, moves=True, **_OUT),
        Kind("rabbit", "animal", 0.45, 0.42),
        Kind("butterfly", "animal", 0.34, 0.42, "sky", moves=True, **_OUT),
        Kind("chair", "furniture", 0.95, 0.52, **_IN),
        Kind("table", "furniture", 0.76, 1.5, **_IN),
        Kind("sofa", "furniture", 0.9, 2.0, **_IN),
        Kind("lamp", "furniture", 1.5, 0.5, **_IN),
        Kind("bookshelf", "furniture", 1.8, 1.2, **_IN),
        Kind("television", "furniture", 0.85, 1.2, **_IN),
        Kind("bed", "furniture", 0.7, 2.1, **_IN),
    )


def _list_other_kinds() -> tuple[Kind, ...]:
    return (
        Kind("ball", "held", 0.32, 0.32, moves=True),
        Kind("bag", "held", 0.46, 0.42),
        Kind("umbrella", "held", 1.0, 1.1),
        Kind("book", "held", 0.32, 0.4),
        Kind("glass", "held", 0.28, 0.17),
        Kind("cup", "held", 0.24, 0.28),
        Kind("phone", "held", 0.28, 0.16),
        Kind("guitar", "held", 0.46, 1.05),
        Kind("camera", "held", 0.24, 0.34),
        Kind("flower", "held", 0.5, 0.26),
        Kind("balloon", "held", 1.05, 0.42),
        Kind("box", "held", 0.46, 0.56),
        Kind("suitcase", "held", 0.62, 0.58),
        Kind("door", "fixture", 2.1, 1.0, "wall"),
        Kind("clock", "fixture", 0.5, 0.5, "wall", **_IN),
        Kind("painting", "fixture", 0.7, 0.9, "wall", **_IN),
        Kind("tree", "plant", 3.4, 2.2, **_OUT),
        Kind("bush", "plant", 0.85, 1.2, **_OUT),
        Kind("flowerpot", "plant", 0.7, 0.42),
        Kind("tent", "other", 1.6, 2.4, **_OUT),
        Kind("bench", "other", 0.85, 1.6, **_OUT),
        Kind("mailbox", "other", 1.15, 0.5, **_OUT),
        Kind("fountain", "other", 1.4, 1.8, **_OUT),
        Kind("street lamp", "other", 3.2, 0.6, **_OUT),
        Kind("robot", "other", 1.2, 0.75),
        Kind("cake", "other", 0.42, 0.5, **_IN),
        Kind("ladder", "other", 2.2, 0.7),
        Kind("snowman", "other", 1.4, 0.85, **_OUT),
    )


KINDS = MappingProxyType({kind.name: kind for kind in (*_list_large_kinds(), *_list_other_kinds())})

GENDERS = ("man", "woman", "boy", "girl")
SKINS = ("pale", "light", "tan", "olive", "brown", "dark")
FACES = ("round", "oval", "square", "long")
HAIR_STYLES = ("bald", "short", "curly", "long", "ponytail", "bun", "bob", "spiky")
HAIR_COLOURS = ("black", "brown", "blond", "red", "grey", "white")
EYES = ("brown", "blue", "green", "grey")
GLASSES = ("none", "round", "square", "dark")
BEARDS = ("none", "moustache", "full")
HATS = ("none", "cap", "brimmed", "beanie")
TOPS = ("shirt", "coat", "jumper", "dress", "suit")
BOTTOMS = ("trousers", "skirt", "shorts")  # a dress has none of them: "dress"
VIEWS = ("front", "left", "right", "back")  # right: a profile that looks to the right of the frame

SOLO_ACTIONS = ("standing", "walking", "running", "waving", "sitting down", "jumping", "dancing")
# What is done with a thing, and the things it is done with.
THING_ACTIONS = MappingProxyType(
    {
        "holding": ("glass", "cup", "flower", "umbrella", "balloon", "ball", "book"),
        "carrying": ("bag", "suitcase", "box"),
        "throwing": ("ball",),
        "kicking": ("ball",),
        "opening": ("door",),
        "reading": ("book",),
        "calling with": ("phone",),
        "photographing with": ("camera",),
        "playing": ("guitar",),
        "drinking from": ("glass", "cup"),
    }
)
PAIR_ACTIONS = (
    "hugging",
    "shaking hands with",
    "fighting",
    "dancing with",
    "talking to",
    "giving",
)  # fmt: skip   "giving": a thing to the partner, of GIFTS
GIFTS = ("box", "flower", "book", "bag", "cake", "cup")
ACTIONS = SOLO_ACTIONS + tuple(THING_ACTIONS) + PAIR_ACTIONS

# Ordered pairs (a, b): a leads b; a serves b; a is b's parent. The others hold both ways.
RELATIONS = (
    "leader", "colleague", "service", "parent", "sibling", "couple", "friend", "opponent",
)  # fmt: skip
ONE_WAY = frozenset({"leader", "service", "parent"})

SOUNDS = ("music", "engine", "wind", "birdsong", "bell", "crowd", "silence")
TRANSITIONS = ("cut", "dissolve", "fade", "flash")
MOVES = ("still", "pan left", "pan right", "zoom in", "zoom out", "shake")
FLAWS = ("dark", "noisy", "blurred")

# Nine, by how much of the main person is seen; without a person by the height of the view.
SHOT_SIZES = (
    "extreme close-up", "close-up", "medium close-up", "tight medium shot", "medium shot",
    "medium full shot", "full shot", "long shot", "extreme long shot",
)  # fmt: skip
