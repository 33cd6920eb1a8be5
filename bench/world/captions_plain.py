"""Captions of two to five words, and of one plain sentence.

Knows nothing of exhaustive ones.
"""

from types import MappingProxyType

from bench.world.describing import ActSight, PersonSight, Sight, ThingSight
from bench.world.dice import Dice
from bench.world.phrases import (
    TOGETHER_WORDS,
    add_article,
    join_words,
    list_details,
    make_plural,
    word_act,
    word_detail,
    word_gender,
    word_motion,
    word_person,
    word_thing,
)
from bench.world.stated import Draft
from bench.world.whereabouts import (
    PLACE_WORDS,
    SEASON_ADJECTIVES,
    word_place,
    word_shot_size,
    word_when,
)

ATTEMPTS = 12
TIME_NOUNS = MappingProxyType(
    {
        "night": ("night",),
        "twilight": ("dusk", "twilight"),
        "sunrise": ("sunrise", "dawn"),
        "sunset": ("sunset",),
    }
)
TERSE_ACTS = MappingProxyType(
    {
        "shaking hands with": "shaking hands",
        "talking to": "talking",
        "dancing with": "dancing with someone",
        "calling with": "phoning",
        "photographing with": "taking photo",
        "drinking from": "drinking",
        "playing": "playing {}",
        "giving": "giving {}",
    }
)
PARTNER_LAST = frozenset({"hugging", "fighting", "dancing with"})


def word_terse(sight: Sight, dice: Dice) -> tuple[str, Draft]:
    """Two to five words, as "red car snowy street", with what they state."""
    for attempt in range(ATTEMPTS):
        draft = Draft()
        throw = dice.split(attempt)
        parts = [_name_main(sight, throw, draft), _name_where(sight, throw, draft)]
        text = " ".join(part for part in parts if part)
        if 2 <= len(text.split()) <= 5:
            return text, draft
    return _word_least(sight, dice)


def _word_least(sight: Sight, dice: Dice) -> tuple[str, Draft]:
    """Who, and where or how near: one word and three at most, or a place's two and three."""
    draft = Draft()
    words = [word_gender(sight.persons[0], dice, draft)] if sight.persons else []
    if sight.place:
        words.append(_name_place(sight.place, dice, draft))
    if len(words) < 2:  # who and where are enough
        words.append(word_shot_size(sight, dice, draft))
    return " ".join(words), draft


def find_main_act(person: PersonSight) -> ActSight | None:
    """What a person does longest; standing only if it does nothing else."""
    return max(
        person.acts,
        key=lambda act: (act.action != "standing", act.end_ms - act.start_ms),
        default=None,
    )


def _name_main(sight: Sight, dice: Dice, draft: Draft) -> str:
    free = [thing for thing in sight.things if thing.held_by is None][:3]
    if sight.persons and not (free and dice.happens(0.3)):
        return _name_person(sight, dice, draft)
    if free:
        thing = dice.choose(free[:2])
        details = ["count"] + (["colour"] if dice.happens(0.8) else [])
        details += ["size"] if dice.happens(0.25) else []
        return word_thing(thing, dice, draft, details, bare=True)
    if sight.shot.persons or sight.shot.things:
        return ""
    draft.state("persons: 0")
    return "empty"


def _name_person(sight: Sight, dice: Dice, draft: Draft) -> str:
    person = dice.choose(sight.persons[:2])
    act = find_main_act(person)
    partner = _find_partner(sight, act)
    if act and partner and act.action in TOGETHER_WORDS and dice.happens(0.5):
        for one in (person, partner):
            draft.state_person(one.person, "partner", f"action: {act.action}")
        pair = _name_pair(person, partner, dice, draft)
        return f"{pair} {TOGETHER_WORDS[act.action][0]}"
    words = word_gender(person, dice, draft)
    details = list_details(person)
    if details and dice.happens(0.55):
        detail = word_detail(person, dice.choose(details), dice, draft)
        detail = detail.removeprefix("an ").removeprefix("a ")
        words = f"bald {words}" if detail == "bald" else f"{words} {detail}"
    if act is None or (act.action == "standing" and dice.happens(0.8)):
        return words
    doing = _name_act(person, act, draft)
    if partner and partner.shows_gender and act.action in PARTNER_LAST:
        draft.state_person(person.person, "partner", f"partner: {partner.look.gender}")
        draft.state_person(partner.person, partner.look.gender)
        doing = f"{doing.removesuffix(' someone')} {partner.look.gender}"
    return f"{words} {doing}"


def _name_pair(one: PersonSight, other: PersonSight, dice: Dice, draft: Draft) -> str:
    genders = [person.look.gender for person in (one, other)]
    if not (one.shows_gender and other.shows_gender) or dice.happens(0.3):
        return "two people"
    draft.state_person(one.person, genders[0])
    draft.state_person(other.person, genders[1])
    if genders[0] == genders[1]:
        return f"two {make_plural(genders[0])}"
    return f"{genders[0]} and {genders[1]}"


def _name_act(person: PersonSight, act: ActSight, draft: Draft) -> str:
    draft.state_person(person.person, f"action: {act.action}")
    words = TERSE_ACTS.get(act.action)
    if words is None:
        words = f"{act.action} {{}}" if act.thing else act.action
    if "{}" not in words or act.thing is None:
        return words.replace(" {}", "")
    draft.state_person(person.person, f"with: {act.thing}")
    return words.format(act.thing)


def _find_partner(sight: Sight, act: ActSight | None) -> PersonSight | None:
    if act is None:
        return None
    found = [person for person in sight.persons if person.person == act.partner]
    return found[0] if found else None


def _name_where(sight: Sight, dice: Dice, draft: Draft) -> str:
    words = []
    if sight.place and dice.happens(0.9):
        noun = _name_place(sight.place, dice, draft)
        if sight.season and dice.happens(0.45):
            draft.state(f"season: {sight.season}")
            words.append(dice.choose(SEASON_ADJECTIVES.get(sight.season, (sight.season,))))
        words.append(noun)
    time = sight.shot.time
    if time and time in TIME_NOUNS and dice.happens(0.5):
        draft.state(f"time: {time}")
        words.append(dice.choose(TIME_NOUNS[time]))
    return " ".join(words)


def _name_place(place: str, dice: Dice, draft: Draft) -> str:
    draft.state(f"place: {place}")
    return dice.choose(PLACE_WORDS[place])[1].removeprefix("the ")


def word_novice(sight: Sight, dice: Dice, draft: Draft) -> str:
    """A plain sentence with one to three facts, some of them vague."""
    free = [thing for thing in sight.things if thing.held_by is None][:3]
    if sight.persons and not (free and dice.happens(0.2)):
        main = _tell_person(sight, dice, draft)
    elif free:
        main = _tell_things(free, dice, draft)
    elif sight.shot.persons or sight.shot.things or sight.place is None:
        main = f"this is {add_article(word_shot_size(sight, dice, draft))}"
    else:
        draft.state("persons: 0")
        main = "nobody is"
    where = word_place(sight, dice, draft) if main == "nobody is" or dice.happens(0.75) else ""
    when = word_when(sight, dice, draft, season=dice.happens(0.4)) if dice.happens(0.4) else ""
    return " ".join(filter(None, (main, where, when)))


def _tell_person(sight: Sight, dice: Dice, draft: Draft) -> str:
    person = dice.choose(sight.persons[:2])
    act = find_main_act(person)
    partner = _find_partner(sight, act)
    if act and partner and act.action in TOGETHER_WORDS and dice.happens(0.5):
        for one in (person, partner):
            draft.state_person(one.person, "partner", f"action: {act.action}")
        pair = _tell_pair(person, partner, dice, draft)
        return f"{pair} are {dice.choose(TOGETHER_WORDS[act.action])}"
    details = list_details(person)
    told = dice.sample(details, 1) if details and dice.happens(0.45) else []
    text = word_person(person, dice, draft, told, vague=dice.happens(0.25))
    if act is None:
        return f"there is {text}"
    other = word_person(partner, dice, draft, ()) if partner else None
    if partner and other:
        other = other.replace("a ", "another ", 1) if other in text else other
    return f"{text} is {word_act(person, act, dice, draft, other)}"


def _tell_pair(one: PersonSight, other: PersonSight, dice: Dice, draft: Draft) -> str:
    words = _name_pair(one, other, dice, draft)
    if " and " not in words:
        return words
    return join_words([add_article(word) for word in words.split(" and ")])


def _tell_things(things: list[ThingSight], dice: Dice, draft: Draft) -> str:
    told = things[: dice.whole(1, 2)]
    vague = dice.happens(0.2)
    words = []
    for thing in told:
        details = ["count"] + (["colour"] if dice.happens(0.7) else [])
        details += ["size"] if dice.happens(0.2) else []
        words.append(word_thing(thing, dice, draft, [*details, "group"] if vague else details))
    first = told[0]
    verb = "are" if len(first.ids) > 1 else "is"
    if len(told) == 1 and first.motion in ("left", "right"):
        draft.state_thing(first, "moves")
        return f"{words[0]} {verb} {word_motion(first)}"
    return f"there {verb} {join_words(words)}"
