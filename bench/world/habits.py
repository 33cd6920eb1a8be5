"""What each relation causes: where two people meet, what they do, say, hold, how they are shown.

Every cue is a code that parts the eight relations only into groups, and the groups of one cue cut
across those of the next: each says a little, all of them together say which. Knows no film.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bench.world.words import PLACES, RELATIONS

PLACE_GROUPS = MappingProxyType(
    {
        "work": ("office", "classroom", "hospital", "garage", "farm", "harbour"),
        "home": ("kitchen", "living room", "playground", "park", "forest", "mountain"),
        "town": ("restaurant", "market", "library", "street", "beach", "desert"),
    }
)
JOINT_GROUPS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "serving": {
            "giving": 13, "shaking hands with": 1.6, "talking to": 1.6, "hugging": 0.7,
            "dancing with": 0.4, "fighting": 0.3,
        },
        "clashing": {
            "fighting": 13, "talking to": 1.6, "shaking hands with": 1.2, "hugging": 0.8,
            "dancing with": 0.6, "giving": 0.8,
        },
        "close": {
            "hugging": 7.0, "dancing with": 7.0, "talking to": 2.0, "shaking hands with": 1.4,
            "giving": 0.8, "fighting": 0.3,
        },
    }
)  # fmt: skip
TOPIC_GROUPS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "duty": {"duties": 13, "wishes": 0.6, "bargains": 0.6, "memories": 0.6, "weather": 2},
        "wish": {"duties": 0.6, "wishes": 13, "bargains": 0.6, "memories": 0.6, "weather": 2},
        "deal": {"duties": 0.6, "wishes": 0.6, "bargains": 13, "memories": 0.6, "weather": 2},
        "past": {"duties": 0.6, "wishes": 0.6, "bargains": 0.6, "memories": 13, "weather": 2},
    }
)
TOPICS = tuple(TOPIC_GROUPS["duty"])
HOME_CHANCE = 0.9  # that two meet where their relation usually meets


@dataclass(frozen=True)
class Habit:
    """What is usual for a relation; keys of the tables above, and leanings."""

    place: str
    joint: str
    topic: str
    first_speaks: float  # chance that a line is a's: 0.5 where nobody leads the talk
    first_gives: float  # chance that it is a who gives
    meets: float  # how often, beside others
    distance_m: float  # between the two while they only stand about
    near: float  # chance that the camera goes near when it shows both
    gifts: tuple[str, ...]


_FORMAL, _DEAR = ("box", "book", "bag"), ("flower", "cake", "cup")
HABITS: Mapping[str, Habit] = MappingProxyType(
    {
        "leader": Habit("work", "serving", "duty", 0.85, 0.85, 1.0, 1.8, 0.1, _FORMAL),
        "colleague": Habit("work", "close", "deal", 0.5, 0.5, 1.5, 1.1, 0.1, _FORMAL),
        "service": Habit("town", "serving", "wish", 0.8, 0.85, 1.0, 1.8, 0.1, _DEAR),
        "parent": Habit("home", "serving", "duty", 0.8, 0.85, 1.5, 0.8, 0.65, _FORMAL),
        "sibling": Habit("home", "clashing", "past", 0.5, 0.5, 1.5, 0.8, 0.1, _FORMAL),
        "couple": Habit("home", "close", "wish", 0.5, 0.5, 1.5, 0.8, 0.65, _DEAR),
        "friend": Habit("town", "close", "past", 0.5, 0.5, 1.0, 1.1, 0.65, _DEAR),
        "opponent": Habit("work", "clashing", "deal", 0.5, 0.5, 1.0, 1.8, 0.65, _FORMAL),
    }
)


def weigh_places(relation: str) -> dict[str, float]:
    """How likely each place is for a meeting, in all 1."""
    own = PLACE_GROUPS[HABITS[relation].place]
    left = (1 - HOME_CHANCE) / (len(PLACES) - len(own))
    return {place: HOME_CHANCE / len(own) if place in own else left for place in PLACES}


def other_relation(relation: str, share: float) -> str:
    """A relation that is another one; `share`, from 0 to 1, says which."""
    others = [each for each in RELATIONS if each != relation]
    return others[int(share * len(others))]
