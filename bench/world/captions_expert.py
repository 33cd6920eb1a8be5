"""Exhaustive captions of fifteen to forty words.

Persons with looks, clothes and acts, things with colours, sizes and sides, the place, the framing
and the camera, until the words are used up. Knows nothing of other searchers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bench.world.describing import SYMMETRIC, ActSight, PersonSight, Sight, ThingSight
from bench.world.dice import Dice
from bench.world.phrases import (
    join_words,
    list_details,
    word_act,
    word_motion,
    word_person,
    word_side,
    word_thing,
)
from bench.world.stated import Draft
from bench.world.whereabouts import word_move, word_setting, word_shot_size

LEAST_WORDS, MOST_WORDS = 15, 40
Pen: TypeAlias = tuple[Dice, Draft]
UNDESCRIBED = 0.4  # chance that of one among several only the gender is said


@dataclass(frozen=True)
class _Level:
    """How much is told."""

    details: int  # of all persons together
    persons: int
    things: int
    asides: float  # chance that a side or a view is told


# Less and less, till it fits. Few details: people are clothed alike for a whole film, and clothes
# must not find a shot.
FULLEST = _Level(6, 3, 4, 1.0)  # where there is little to tell
LEVELS = (
    _Level(3, 3, 4, 0.85),
    _Level(3, 3, 3, 0.8),
    _Level(2, 3, 2, 0.7),
    _Level(1, 3, 2, 0.5),
    _Level(1, 3, 1, 0.4),
    _Level(1, 3, 0, 0.3),
    _Level(1, 3, 0, 0.0),
    _Level(0, 3, 0, 0.0),
    _Level(0, 2, 0, 0.0),
    _Level(0, 1, 0, 0.0),
)


def word_expert(sight: Sight, dice: Dice) -> tuple[str, Draft]:
    """Everything that forty words can tell of a shot, with what they state."""
    text, draft = _write(sight, dice, LEVELS[0])
    if len(text.split()) < LEAST_WORDS:
        return _write(sight, dice, FULLEST)
    for level in LEVELS[1:]:
        if len(text.split()) <= MOST_WORDS:
            break
        text, draft = _write(sight, dice, level)
    return text, draft


def _write(sight: Sight, dice: Dice, level: _Level) -> tuple[str, Draft]:
    draft = Draft()
    return _compose(sight, (dice.split("words"), draft), level), draft


def _compose(sight: Sight, pen: Pen, level: _Level) -> str:
    dice, draft = pen
    size = word_shot_size(sight, dice, draft)
    setting = word_setting(sight, dice, draft)
    people = _list_people(sight, pen, level)
    things = _list_things(sight, pen, level)
    content = _join_clauses(people, things)
    if content and not people[1:] and (not setting or dice.happens(0.4)):
        text = f"{size} of {content}{f', {setting}' if setting else ''}."
    else:
        text = f"{f'{size} {setting}'.rstrip()}{f': {content}' if content else ''}."
    extras = [_tell_sign(sight, draft), _tell_special(sight, draft), word_move(sight, dice, draft)]
    words = " ".join([text[0].upper() + text[1:], *filter(None, extras)])
    if not sight.shot.persons and len(words.split()) < LEAST_WORDS:
        draft.state("persons: 0")
        words += " Nobody is to be seen."
    return words


def _join_clauses(people: list[str], things: list[str]) -> str:
    clauses = list(people)
    if things:
        clauses.append(join_words(things))
    if len(clauses) == 2:
        return f"{clauses[0]}, with {clauses[1]}" if things else f"{clauses[0]}; {clauses[1]}"
    return "; ".join(clauses)


def _list_people(sight: Sight, pen: Pen, level: _Level) -> list[str]:
    draft = pen[1]
    shown = sight.persons[: level.persons]
    each = replace(level, details=_share_out(level.details, len(shown)))
    clauses = []
    for person in shown:
        if not draft.names_person(person.person):  # not yet told as somebody's partner
            clauses.append(_tell_person(person, shown, pen, each))
    if 0 < len(sight.persons) == len(sight.shot.persons) <= level.persons:
        draft.state(f"persons: {len(sight.persons)}")
    return clauses


def _share_out(details: int, persons: int) -> int:
    return max(min(details, 1), details // max(1, persons))


def _tell_person(person: PersonSight, shown: Sequence[PersonSight], pen: Pen, level: _Level) -> str:
    dice, draft = pen
    text = word_person(person, dice, draft, _pick_details(person, dice, level.details))
    acts = [_tell_act(person, act, shown, pen, level) for act in _pick_acts(person)]
    asides = []
    if person.side and dice.happens(level.asides):
        draft.state_person(person.person, f"side: {person.side}")
        asides.append(word_side(person.side, dice))
    if person.view != "front" and dice.happens(level.asides):
        is_back = person.view == "back"
        draft.state_person(person.person, "view: back" if is_back else "view: profile")
        asides.append("seen from behind" if is_back else "in profile")
    if asides:
        text += f", {', '.join(asides)}" + ("," if acts else "")
    return f"{text} {' and '.join(acts)}".rstrip()


def _tell_act(
    person: PersonSight, act: ActSight, shown: Sequence[PersonSight], pen: Pen, level: _Level
) -> str:
    dice, draft = pen
    partner = next((other for other in shown if other.person == act.partner), None)
    if partner is None:
        return word_act(person, act, dice, draft)
    told = draft.names_person(partner.person)
    picked = () if told else _pick_details(partner, dice, min(2, level.details))
    words = word_person(partner, dice, draft, picked)
    if told:
        words = f"the {words.split(' ', 1)[1]}"
    draft.state_person(person.person, "partner")
    if act.action in SYMMETRIC:
        draft.state_person(partner.person, "partner", f"action: {act.action}")
    return word_act(person, act, dice, draft, words)


def _pick_details(person: PersonSight, dice: Dice, count: int) -> list[str]:
    if count == 1 and dice.happens(UNDESCRIBED):
        return []
    known = list_details(person)
    chosen = set(dice.sample(known, count))
    return [detail for detail in known if detail in chosen]


def _pick_acts(person: PersonSight) -> list[ActSight]:
    acts = [act for act in person.acts if act.action != "standing"] or list(person.acts)
    return acts[:2]


def _list_things(sight: Sight, pen: Pen, level: _Level) -> list[str]:
    free = [thing for thing in sight.things if thing.held_by is None]
    return [_tell_thing(thing, pen, level) for thing in free[: level.things]]


def _tell_thing(thing: ThingSight, pen: Pen, level: _Level) -> str:
    dice, draft = pen
    text = word_thing(thing, dice, draft, ("colour", "size", "count"))
    if thing.motion in ("left", "right") and dice.happens(level.asides):
        draft.state_thing(thing, "moves")
        text += f" {word_motion(thing)}"
    if thing.side and dice.happens(level.asides):
        draft.state_thing(thing, f"side: {thing.side}")
        text += f" {word_side(thing.side, dice)}"
    return text


def _tell_sign(sight: Sight, draft: Draft) -> str:
    if not sight.signs:
        return ""
    draft.state(f"sign: {sight.signs[0]}")
    return f"The words '{sight.signs[0]}' can be read."


def _tell_special(sight: Sight, draft: Draft) -> str:
    if sight.shot.is_split:
        draft.state("split")
        return "The picture is split in two."
    if sight.shot.tempo > 1:
        draft.state("fast motion")
        return "Everything moves in fast motion."
    return ""
