"""Which scenes a film has: who meets whom, where, when, and by whose habits they behave.

A meeting follows the habits of its relation; about one in seven is an exception and follows those
of another. Knows no shots.
"""

from dataclasses import dataclass

from bench.world.dice import Dice
from bench.world.habits import HABITS, other_relation, weigh_places
from bench.world.plan import Person, RelationPlan, Setting
from bench.world.words import OUTDOORS, RELATIONS, SEASONS, TIMES

EXCEPTION = 0.15
TIME_WEIGHTS = {"daylight": 4.5, "night": 1.6, "twilight": 1.3, "sunrise": 1.3, "sunset": 1.3}
Society = tuple[RelationPlan, ...]


@dataclass(frozen=True)
class Meeting:
    """Two related people in one scene, and the relations after which they do and say things."""

    relation: RelationPlan
    acts_like: str
    talks_like: str

    @property
    def pair(self) -> tuple[str, str]:
        """The two, in the order of their relation."""
        return self.relation.a, self.relation.b


@dataclass(frozen=True)
class Scene:
    """A scene before its shots: a place, a company, its meetings."""

    setting: Setting
    people: tuple[str, ...]
    meetings: tuple[Meeting, ...]


def choose_company(dice: Dice, cast: tuple[Person, ...], society: Society) -> tuple[Person, ...]:
    """Four to seven people; each of them is related to another, few pairs are strangers."""
    wanted = RELATIONS[int(dice.share() * len(RELATIONS))]
    first = dice.choose([each for each in society if each.relation == wanted])
    chosen = [first.a, first.b]
    for _ in range(dice.weigh({2: 4.5, 3: 4.0, 4: 1.5, 5: 0.6})):
        chosen.append(_next_member(dice, chosen, society))
    return tuple(person for person in cast if person.id in chosen)


def relations_among(people: tuple[str, ...], society: Society) -> Society:
    """The relations both of whose people are among these."""
    return tuple(each for each in society if each.a in people and each.b in people)


def plan_scenes(
    dice: Dice, relations: Society, count: int, misleading: tuple[str, ...]
) -> tuple[Scene, ...]:
    """So many scenes, neighbours differing in place or company, that all relations share."""
    met = {each: 0.0 for each in relations}
    borrowed = _borrow(dice.split("borrowed"), relations, misleading)
    season = dice.choose(SEASONS)
    scenes: list[Scene] = []
    for at in range(count):
        throw = dice.split("scene", at)
        people = _gather(throw, met, relations)
        avoided = scenes[-1].setting.place if scenes else ""
        there = relations_among(people, relations)
        habits = {each: _habits_of(throw, each, borrowed, misleading) for each in there}
        place = _find_place(throw, habits, avoided)
        meetings = tuple(Meeting(each, acts, talks) for each, (_, acts, talks) in habits.items())
        scenes.append(Scene(_set(throw, place, season), people, meetings))
        for each in there:
            met[each] += 1
    return tuple(scenes)


def _next_member(dice: Dice, chosen: list[str], society: Society) -> str:
    ties: dict[str, list[float]] = {}
    for each in society:
        if (each.a in chosen) != (each.b in chosen):
            other = each.b if each.a in chosen else each.a
            # Rare relations weigh more, so that films hold all eight about as often.
            ties.setdefault(other, []).append(_rarity(each.relation, society))
    # Few ties each, so that there is time for each of them in the film.
    return dice.weigh({other: sum(rare) / len(rare) ** 2 for other, rare in ties.items()})


def _rarity(relation: str, society: Society) -> float:
    return 20 / sum(each.relation == relation for each in society)


def _borrow(dice: Dice, relations: Society, misleading: tuple[str, ...]) -> dict[str, str]:
    """Of a film whose words or places mislead: after whom each relation's cues are drawn."""
    kinds = dict.fromkeys(each.relation for each in relations)
    return {kind: other_relation(kind, dice.share()) for kind in kinds if misleading}


def _habits_of(
    dice: Dice, each: RelationPlan, borrowed: dict[str, str], misleading: tuple[str, ...]
) -> tuple[str, str, str]:
    """After which relations this meeting finds its place, its acts and its words."""
    habits = dict.fromkeys(("place", "acts", "words"), each.relation)
    if dice.happens(EXCEPTION):
        other = other_relation(each.relation, dice.share())
        habits |= dict.fromkeys(dice.sample(tuple(habits), dice.weigh({1: 2.0, 2: 1.0})), other)
    habits |= {cue: borrowed[each.relation] for cue in misleading if cue in habits}
    return habits["place"], habits["acts"], habits["words"]


def _gather(dice: Dice, met: dict[RelationPlan, float], relations: Society) -> tuple[str, ...]:
    """A pair that has met little, and with luck one or two more who fit to where it meets."""
    need = {each: _need(each, times) for each, times in met.items()}
    first = dice.weigh(need)
    people = [first.a, first.b]
    for _ in range(dice.weigh({0: 1.5, 1: 4.5, 2: 4.0})):
        options = _joining(people, relations, need, HABITS[first.relation].place)
        if options:
            people.append(dice.weigh(options))
    return tuple(people)


def _need(each: RelationPlan, times: float) -> float:
    habit = HABITS[each.relation]
    return float(habit.meets * 0.13**times)


def _joining(
    people: list[str], relations: Society, need: dict[RelationPlan, float], place: str
) -> dict[str, float]:
    weights: dict[str, float] = {}
    for each in relations:
        if (each.a in people) != (each.b in people):
            other = each.b if each.a in people else each.a
            there = relations_among((*people, other), relations)
            if len(there) <= 3:
                fits = 8.0 if HABITS[each.relation].place == place else 1.0
                weights[other] = weights.get(other, 0.0) + fits * need[each]
    return weights


def _find_place(dice: Dice, habits: dict[RelationPlan, tuple[str, str, str]], avoided: str) -> str:
    """A place that suits all meetings as well as may be, not that of the scene before."""
    each = [weigh_places(place) for place, _, _ in habits.values()]
    weights = {place: sum(table[place] for table in each) for place in each[0] if place != avoided}
    return dice.weigh(weights)


def _set(dice: Dice, place: str, season: str) -> Setting:
    variant = dice.whole(0, 999)
    if place not in OUTDOORS:
        return Setting(place, None, None, variant)
    here = season if dice.happens(0.6) else dice.choose(SEASONS)
    return Setting(place, here, dice.weigh({time: TIME_WEIGHTS[time] for time in TIMES}), variant)
