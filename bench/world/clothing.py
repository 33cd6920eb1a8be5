"""What people wear in one film. Knows no faces but tells men from women and children."""

from dataclasses import replace

from bench.world.dice import Dice
from bench.world.plan import Clothes, Person
from bench.world.words import COLOURS

TOPS = {
    "man": {"shirt": 3, "coat": 2, "jumper": 2, "suit": 2},
    "woman": {"shirt": 2, "coat": 2, "jumper": 2, "dress": 3, "suit": 1},
    "boy": {"shirt": 3, "coat": 1, "jumper": 3},
    "girl": {"shirt": 2, "coat": 1, "jumper": 2, "dress": 3},
}
BOTTOMS = {
    "man": {"trousers": 5, "shorts": 1},
    "woman": {"trousers": 3, "skirt": 3},
    "boy": {"trousers": 2, "shorts": 3},
    "girl": {"trousers": 2, "skirt": 2, "shorts": 1},
}


def dress_company(
    dice: Dice, people: tuple[Person, ...], *, is_alike: bool
) -> tuple[tuple[str, Clothes], ...]:
    """Clothes by person; all different, unless two are to be alike."""
    worn: dict[str, Clothes] = {}
    for person in people:
        clothes = _choose(dice, person.look.gender)
        while clothes in worn.values():
            clothes = _choose(dice, person.look.gender)
        worn[person.id] = clothes
    if is_alike:
        first, second = _find_alike(dice, people)
        worn[second.id] = replace(worn[first.id])
    return tuple(worn.items())


def _find_alike(dice: Dice, people: tuple[Person, ...]) -> tuple[Person, Person]:
    """Two who are taken for each other the more easily: of one gender if there are such."""
    mixed = dice.shuffle(people)
    pairs = [(a, b) for a in mixed for b in mixed if a.id < b.id]
    same = [(a, b) for a, b in pairs if a.look.gender == b.look.gender]
    return (same or pairs)[0]


def _choose(dice: Dice, gender: str) -> Clothes:
    top = dice.weigh(TOPS[gender])
    colour, below = (dice.choose(tuple(COLOURS)) for _ in range(2))
    if top == "dress":
        return Clothes(top, colour, "dress", colour)
    if top == "suit":
        return Clothes(top, colour, "trousers", colour)
    return Clothes(top, colour, dice.weigh(BOTTOMS[gender]), below)
