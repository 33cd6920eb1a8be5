"""Questions for where, when, how many and before or after, and how facts answer them.

Knows nothing of which of them are asked.
"""

from collections.abc import Iterator

from bench.world.questions_facts import Deed, Event, FilmFacts, Interval
from bench.world.questions_form import (
    NOTHING,
    UNCLEAR,
    Form,
    Found,
    Material,
    Terms,
    pick_end,
    prove,
)
from bench.world.questions_words import VERBS, Wording, word_action, word_there
from bench.world.words import PAIR_ACTIONS, PLACES, SEASONS, TIMES

ORDERS = ("first", "last")
PARTS = ("at the beginning", "in the middle", "at the end")


def _choose_place(facts: FilmFacts, terms: Terms) -> tuple[str, ...]:
    return PLACES


def _choose_time(facts: FilmFacts, terms: Terms) -> tuple[str, ...]:
    return TIMES


def _choose_season(facts: FilmFacts, terms: Terms) -> tuple[str, ...]:
    return SEASONS


def _choose_part(facts: FilmFacts, terms: Terms) -> tuple[str, ...]:
    return PARTS


def _list_ordered(material: Material) -> Iterator[Terms]:
    for deed in material.deeds:
        yield from ((deed, order) for order in ORDERS)


def _find_end(facts: FilmFacts, terms: Terms) -> Event | None:
    deed, order = terms[:2]
    assert isinstance(deed, Deed)
    return pick_end(facts.find(deed), str(order))


def _word_time_of(words: Wording, terms: Terms) -> str:
    deed, order = terms[:2]
    assert isinstance(deed, Deed)
    return f"{words.name(deed.actor)} {words.do(deed)} for the {order} time"


# Where


def _word_where(words: Wording, terms: Terms) -> str:
    return f"Where does {_word_time_of(words, terms)}?"


def _answer_where(facts: FilmFacts, terms: Terms) -> Found:
    end = _find_end(facts, terms)
    return Found(end.place, prove(end)) if end else NOTHING


def _list_pairs(material: Material) -> Iterator[Terms]:
    for a, b in material.pairs:
        if a < b:
            yield from ((a, b, order) for order in ORDERS)


def _word_met(words: Wording, terms: Terms) -> str:
    a, b, order = map(str, terms)
    if order == "first":
        return f"Where do {words.name(a)} and {words.name(b)} first meet?"
    return f"Where are {words.name(a)} and {words.name(b)} last seen together?"


def _answer_met(facts: FilmFacts, terms: Terms) -> Found:
    a, b, order = map(str, terms)
    shared = facts.find_shared(a, b)
    if not shared:
        return NOTHING
    end = shared[0 if order == "first" else -1]
    return Found(end.place, ((end.start_ms, end.end_ms),))


# When


def _word_time(words: Wording, terms: Terms) -> str:
    return f"What time of day is it when {_tell_time_of(words, terms)}?"


def _tell_time_of(words: Wording, terms: Terms) -> str:
    deed, order = terms[:2]
    assert isinstance(deed, Deed)
    return f"{words.name(deed.actor)} {words.does(deed)} for the {order} time"


def _answer_time(facts: FilmFacts, terms: Terms) -> Found:
    end = _find_end(facts, terms)
    return Found(end.time, prove(end)) if end and end.time else NOTHING


def _word_season(words: Wording, terms: Terms) -> str:
    return f"In which season does {_word_time_of(words, terms)}?"


def _answer_season(facts: FilmFacts, terms: Terms) -> Found:
    end = _find_end(facts, terms)
    return Found(end.season, prove(end)) if end and end.season else NOTHING


def _word_part(words: Wording, terms: Terms) -> str:
    return f"In which part of the film does {_word_time_of(words, terms)}?"


def _answer_part(facts: FilmFacts, terms: Terms) -> Found:
    end = _find_end(facts, terms)
    if end is None:
        return NOTHING
    share = end.start_ms / facts.length_ms
    if min(abs(share - 1 / 3), abs(share - 2 / 3)) < 0.02:
        return UNCLEAR  # too near to a border for a viewer to tell
    return Found(PARTS[int(3 * share)], prove(end))


# How many


def _list_deeds(material: Material) -> Iterator[Terms]:
    yield from ((deed,) for deed in material.deeds)


def _word_count(words: Wording, terms: Terms) -> str:
    (deed,) = terms
    assert isinstance(deed, Deed)
    return f"How many times does {words.name(deed.actor)} {words.do(deed)}?"


def _answer_count(facts: FilmFacts, terms: Terms) -> Found:
    (deed,) = terms
    assert isinstance(deed, Deed)
    events = facts.find(deed)
    return Found(str(len(events)), prove(*events)) if events else UNCLEAR


def _list_people(material: Material) -> Iterator[Terms]:
    yield from ((person,) for person in material.people)


def _word_places(words: Wording, terms: Terms) -> str:
    return f"In how many different places is {words.name(str(terms[0]))} seen?"


def _answer_places(facts: FilmFacts, terms: Terms) -> Found:
    first_in: dict[str, Interval] = {}
    for seen in facts.presences:
        if seen.person == terms[0]:
            first_in.setdefault(seen.place, (seen.start_ms, seen.end_ms))
    return Found(str(len(first_in)), tuple(first_in.values())) if first_in else NOTHING


def _list_joint(material: Material) -> Iterator[Terms]:
    for actor in material.people:
        yield from ((Deed(actor, action),) for action in PAIR_ACTIONS if action in material.actions)


def _word_partners(words: Wording, terms: Terms) -> str:
    (deed,) = terms
    assert isinstance(deed, Deed)
    return f"How many different people does {words.name(deed.actor)} {_do_bare(deed)}?"


def _do_bare(deed: Deed) -> str:
    return VERBS[deed.action][0].format("").strip()


def _answer_partners(facts: FilmFacts, terms: Terms) -> Found:
    (deed,) = terms
    assert isinstance(deed, Deed)
    events = facts.find(deed)
    if not events or not all(event.deed.partner for event in events):
        return UNCLEAR
    return Found(str(len({event.deed.partner for event in events})), prove(*events))


def _word_company(words: Wording, terms: Terms) -> str:
    return f"How many people are in the picture when {_tell_time_of(words, terms)}?"


def _answer_company(facts: FilmFacts, terms: Terms) -> Found:
    end = _find_end(facts, terms)
    return Found(str(end.company), prove(end)) if end else NOTHING


def _list_two(material: Material) -> Iterator[Terms]:
    for one in material.deeds:
        for other in material.deeds:
            if one.actor == other.actor and one.action != other.action:
                yield (one, other)


def _word_since(words: Wording, terms: Terms) -> str:
    one, other = terms
    assert isinstance(one, Deed)
    assert isinstance(other, Deed)
    name, pronoun = words.name(one.actor), words.pronoun(one.actor)
    return f"How many times does {name} {words.do(one)} after {pronoun} first {words.does(other)}?"


def _answer_since(facts: FilmFacts, terms: Terms) -> Found:
    one, other = terms
    assert isinstance(one, Deed)
    assert isinstance(other, Deed)
    border = pick_end(facts.find(other), "first")
    if border is None:
        return NOTHING
    later = tuple(event for event in facts.find(one) if event.start_ms >= border.end_ms)
    if any(border.start_ms <= event.start_ms < border.end_ms for event in facts.find(one)):
        return UNCLEAR
    return Found(str(len(later)), prove(border, *later))


# Before and after


def _list_beside(material: Material) -> Iterator[Terms]:
    for deed in material.deeds:
        yield from ((deed, side, order) for side in ("before", "after") for order in ORDERS)


def _word_beside(words: Wording, terms: Terms) -> str:
    deed, side, order = terms
    assert isinstance(deed, Deed)
    name, pronoun = words.name(deed.actor), words.pronoun(deed.actor)
    return f"What does {name} do just {side} {pronoun} {words.does(deed)} for the {order} time?"


def _answer_beside(facts: FilmFacts, terms: Terms) -> Found:
    deed, side, order = terms
    assert isinstance(deed, Deed)
    here = pick_end(facts.find(deed), str(order))
    if here is None:
        return NOTHING
    own = [event for event in facts.events if event.deed.actor == deed.actor and event != here]
    if side == "after":
        beside = [event for event in own if event.start_ms >= here.end_ms]
        near = min((event.start_ms for event in beside), default=0)
        beside = [event for event in beside if event.start_ms == near]
    else:
        beside = [event for event in own if event.end_ms <= here.start_ms]
        near = max((event.end_ms for event in beside), default=0)
        beside = [event for event in beside if event.end_ms == near]
    if len({event.deed.action for event in beside}) != 1:
        return UNCLEAR
    return Found(word_action(beside[0].deed.action), prove(here, beside[0]))


def _list_ways(material: Material) -> Iterator[Terms]:
    for person in material.people:
        for place in material.places:
            yield from ((person, place, side) for side in ("before", "after"))


def _word_way(words: Wording, terms: Terms) -> str:
    person, place, side = map(str, terms)
    name, pronoun = words.name(person), words.pronoun(person)
    stay = f"{side} {pronoun} is first seen {word_there(place)}"
    return f"Where is {name} just {stay}?" if side == "before" else f"Where is {name} next {stay}?"


def _answer_way(facts: FilmFacts, terms: Terms) -> Found:
    person, place, side = map(str, terms)
    way = [seen for seen in facts.presences if seen.person == person]
    inside = [at for at, seen in enumerate(way) if seen.place == place]
    if not inside:
        return NOTHING
    at = inside[0]
    if side == "before":
        at -= 1
    else:
        while at < len(way) and way[at].place == place:
            at += 1
    if not 0 <= at < len(way):
        return UNCLEAR
    proof = ((way[inside[0]].start_ms, way[inside[0]].end_ms), (way[at].start_ms, way[at].end_ms))
    return Found(way[at].place, proof)


FORMS = (
    Form("where", "deed", ("actions", "places"), _list_ordered, _word_where, _answer_where,
         _choose_place),
    Form("where", "meeting", ("persons", "places"), _list_pairs, _word_met, _answer_met,
         _choose_place),
    Form("when", "time", ("actions", "times"), _list_ordered, _word_time, _answer_time,
         _choose_time),
    Form("when", "season", ("actions", "seasons"), _list_ordered, _word_season, _answer_season,
         _choose_season),
    Form("when", "part", ("actions", "order"), _list_ordered, _word_part, _answer_part,
         _choose_part),
    Form("how many", "times", ("actions",), _list_deeds, _word_count, _answer_count),
    Form("how many", "places", ("persons", "places"), _list_people, _word_places,
         _answer_places),
    Form("how many", "partners", ("actions",), _list_joint, _word_partners, _answer_partners),
    Form("how many", "company", ("actions", "persons"), _list_ordered, _word_company,
         _answer_company),
    Form("how many", "since", ("actions", "order"), _list_two, _word_since, _answer_since),
    Form("before/after", "deed", ("actions", "order"), _list_beside, _word_beside,
         _answer_beside),
    Form("before/after", "way", ("persons", "places", "order"), _list_ways, _word_way,
         _answer_way, _choose_place),
)  # fmt: skip
