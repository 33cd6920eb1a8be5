"""Who is what to whom within a cast: families, workplaces, shops, friends, opponents.

A person has several relations, a pair at most one. Knows nothing of films.
"""

from functools import lru_cache

from bench.world.cast import make_cast
from bench.world.dice import Dice
from bench.world.plan import Person, RelationPlan

CHILD = ("boy", "girl")


class _Society:
    """Relations as they are told of; a pair that has one keeps it."""

    def __init__(self) -> None:
        self.told: dict[frozenset[str], RelationPlan] = {}

    def tell(self, a: Person, relation: str, b: Person) -> bool:
        """Whether the two were strangers and different people, and now are related."""
        pair = frozenset((a.id, b.id))
        if len(pair) < 2 or pair in self.told:
            return False
        self.told[pair] = RelationPlan(a.id, relation, b.id)
        return True


@lru_cache(maxsize=16)
def make_society(seed: int, split: str) -> tuple[RelationPlan, ...]:
    """All relations of a split's cast, at least eight pairs of each kind.

    Raises:
        ValueError: there is no such split.
    """
    cast = make_cast(seed, split)
    dice = Dice(seed, split, "society")
    adults = dice.shuffle([person for person in cast if person.look.gender not in CHILD])
    children = dice.shuffle([person for person in cast if person.look.gender in CHILD])
    society = _Society()
    _found_families(society, dice, adults, children)
    _found_workplaces(society, dice, dice.shuffle(adults), children)
    _open_shops(society, dice, adults, children)
    _mingle(society, dice, "opponent", adults, children)
    _mingle(society, dice, "friend", adults, children)
    return tuple(society.told.values())


def _found_families(
    society: _Society, dice: Dice, adults: list[Person], children: list[Person]
) -> None:
    men = [person for person in adults if person.look.gender == "man"]
    women = [person for person in adults if person.look.gender == "woman"]
    couples = [(men[at], women[at]) for at in range(9)]
    couples += [(men[9], men[10]), (women[9], women[10])]
    for a, b in couples:
        society.tell(*_either_way(dice, a, "couple", b))
    for home, (a, b) in enumerate(couples[:6]):
        brood = children[home::6]
        for child in brood:
            society.tell(a, "parent", child)
            society.tell(b, "parent", child)
        for child in brood[1:]:
            society.tell(brood[0], "sibling", child)
    _raise_grown_ups(society, dice, men + women)


def _raise_grown_ups(society: _Society, dice: Dice, adults: list[Person]) -> None:
    """Sisters, brothers and parents of adults: age alone must not tell a relation."""
    elders, young = adults[11:17] + adults[28:], dice.shuffle(adults[:11] + adults[17:28])
    for at in range(5):
        first, second = young[2 * at], young[2 * at + 1]
        if society.tell(first, "sibling", second) and at < 4:
            elder = elders[at]
            society.tell(elder, "parent", first)
            society.tell(elder, "parent", second)
    for _ in range(60):
        if _count(society, "sibling") >= 14:
            return
        society.tell(dice.choose(adults), "sibling", dice.choose(adults))


def _found_workplaces(
    society: _Society, dice: Dice, adults: list[Person], children: list[Person]
) -> None:
    for at in range(0, 30, 5):
        leader, *team = adults[at : at + 5]
        for place, member in enumerate(team):
            society.tell(leader, "leader", member)
            # Not all of a team: the graph would be cliques of one relation.
            society.tell(*_either_way(dice, member, "colleague", team[(place + 1) % len(team)]))
    for pupil in children[:5]:  # a teacher
        society.tell(adults[30], "leader", pupil)


def _open_shops(
    society: _Society, dice: Dice, adults: list[Person], children: list[Person]
) -> None:
    for server in dice.sample(adults, 7):
        for guest in dice.sample(adults, 3) + dice.sample(children, 1):
            society.tell(server, "service", guest)


def _mingle(
    society: _Society, dice: Dice, relation: str, adults: list[Person], children: list[Person]
) -> None:
    while _count(society, relation) < 22:
        among = children if dice.happens(0.2) else adults
        other = adults + children if dice.happens(0.15) else among
        society.tell(dice.choose(among), relation, dice.choose(other))


def _either_way(dice: Dice, a: Person, relation: str, b: Person) -> tuple[Person, str, Person]:
    return (a, relation, b) if dice.happens(0.5) else (b, relation, a)


def _count(society: _Society, relation: str) -> int:
    return sum(each.relation == relation for each in society.told.values())
