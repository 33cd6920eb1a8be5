"""The cast of a split: who there is and how they look. Knows no clothes, no stories.

A look belongs to one split by what is seen of it, whatever the seed, so that no two splits share
a face; within a split some people look alike.
"""

from dataclasses import replace
from functools import lru_cache

from bench.world.dice import Dice
from bench.world.names import SPLITS, names_of
from bench.world.plan import Look, Person
from bench.world.words import (
    BEARDS,
    COLOURS,
    FACES,
    GENDERS,
    GLASSES,
    HAIR_COLOURS,
    HAIR_STYLES,
    HATS,
    SKINS,
)

PEOPLE, CHILDREN, TWINS = 44, 9, 6  # of a split; twins: pairs that look alike
EYE_WEIGHTS = {"brown": 5.0, "blue": 3.0, "green": 1.5, "grey": 1.0}
HAIR_WEIGHTS: dict[str, dict[str, float]] = {
    "man": {"short": 5, "curly": 2, "bald": 2, "spiky": 2, "long": 1, "ponytail": 0.5},
    "woman": {"long": 4, "bob": 3, "ponytail": 3, "bun": 3, "curly": 3, "short": 1.5},
    "boy": {"short": 4, "spiky": 4, "curly": 3, "bob": 1},
    "girl": {"ponytail": 4, "long": 3, "bob": 3, "bun": 2, "curly": 2},
}
HEIGHTS_M = {"man": (1.66, 1.9), "woman": (1.55, 1.76), "boy": (1.0, 1.35), "girl": (1.0, 1.33)}
_WORDS = (
    ("gender", GENDERS), ("skin", SKINS), ("face", FACES), ("hair", HAIR_STYLES),
    ("hair_colour", HAIR_COLOURS), ("glasses", GLASSES), ("beard", BEARDS), ("hat", HATS),
    ("hat_colour", tuple(COLOURS)),
)  # fmt: skip


@lru_cache(maxsize=16)
def make_cast(seed: int, split: str) -> tuple[Person, ...]:
    """The 44 people of a split, the nine children last; the same for the same seed.

    Raises:
        ValueError: there is no such split.
    """
    dice = Dice(seed, split, "cast")
    males, females = (dice.shuffle(names) for names in names_of(split))
    looks: list[Look] = []
    people: list[Person] = []
    for at in range(PEOPLE):
        gender = _gender(at)
        name = (males if gender in ("man", "boy") else females).pop()
        looks.append(_find_look(dice.split(at), split, gender, looks))
        people.append(Person(f"{split}-p{at:02}", name, looks[-1]))
    return tuple(people)


def seen_of(look: Look) -> tuple[str, ...]:
    """What tells this look from others in a picture; hidden and tiny features left out."""
    shown = look
    if look.hat == "none":
        shown = replace(shown, hat_colour="")
    if look.hair == "bald" and look.beard == "none":
        shown = replace(shown, hair_colour="")
    return tuple(str(getattr(shown, name)) for name, _ in _WORDS)


def split_of(look: Look) -> str:
    """The one split whose cast may look so."""
    words = zip(seen_of(look), _WORDS, strict=True)
    total = sum(choices.index(word) for word, (_, choices) in words if word)
    return SPLITS[total % len(SPLITS)]


def _gender(at: int) -> str:
    if at >= PEOPLE - CHILDREN:
        return ("boy", "girl")[at % 2]
    return ("man", "woman")[at % 2]


def _find_look(dice: Dice, split: str, gender: str, others: list[Look]) -> Look:
    models = [look for look in others if look.gender == gender]
    twin_of = dice.choose(models) if models and dice.happens(TWINS * 1.3 / PEOPLE) else None
    taken = {seen_of(look) for look in others}
    while True:
        look = _vary(dice, twin_of) if twin_of else _draw_look(dice, gender)
        if split_of(look) == split and seen_of(look) not in taken:
            return look


def _draw_look(dice: Dice, gender: str) -> Look:
    is_child = gender in ("boy", "girl")
    colours = HAIR_COLOURS[:4] if is_child else HAIR_COLOURS
    hat = "none" if dice.happens(0.7) else dice.choose(HATS[1:])
    beard = "none" if gender != "man" or dice.happens(0.55) else dice.choose(BEARDS[1:])
    return Look(
        gender=gender,
        skin=dice.choose(SKINS),
        face=dice.choose(FACES),
        hair=dice.weigh(HAIR_WEIGHTS[gender]),
        hair_colour=dice.choose(colours),
        eyes=dice.weigh(EYE_WEIGHTS),
        glasses="none" if dice.happens(0.65) else dice.choose(GLASSES[1:]),
        beard=beard,
        hat=hat,
        hat_colour=dice.choose(tuple(COLOURS)),
        height_m=round(dice.between(*HEIGHTS_M[gender]), 2),
    )


def _vary(dice: Dice, look: Look) -> Look:
    """The look of somebody who is easily taken for another: one or two features differ."""
    other = _draw_look(dice, look.gender)
    features = ["skin", "face", "hair", "hair_colour", "glasses", "beard"]
    if look.hat != "none":
        features.append("hat_colour")
    changed = dice.sample(features, dice.whole(1, 2))
    taken = {name: getattr(other, name) for name in changed}
    return replace(look, eyes=other.eyes, height_m=other.height_m, **taken)
