"""Questions for who, what and yes or no, and how they are answered from facts.

Knows nothing of which of them are asked.
"""

from collections import Counter
from collections.abc import Iterator

from bench.world.plan import CuePlan
from bench.world.questions_facts import Deed, FilmFacts
from bench.world.questions_form import (
    NAMED_THINGS,
    NOTHING,
    UNCLEAR,
    Form,
    Found,
    Material,
    Terms,
    find_most,
    pick_end,
    prove,
)
from bench.world.questions_words import (
    RELATION_WORDS,
    VERBS,
    Wording,
    own,
    word_action,
    word_there,
)
from bench.world.words import COLOURS, ONE_WAY, PAIR_ACTIONS, TIMES

ORDERS = ("first", "last")
YES_NO = ("yes", "no")
WITH_COLOUR = ("holding", "carrying")


def _choose_yes(facts: FilmFacts, terms: Terms) -> tuple[str, ...]:
    return YES_NO


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _name_of(facts: FilmFacts, person: str) -> str:
    return dict(facts.names)[person]


# Who


def _list_partners(material: Material) -> Iterator[Terms]:
    for actor in material.people:
        for action in PAIR_ACTIONS:
            if action in material.actions:
                yield from ((Deed(actor, action), order) for order in ORDERS)


def _word_partner(words: Wording, terms: Terms) -> str:
    deed, order = terms
    assert isinstance(deed, Deed)
    verb = VERBS[deed.action][0].format("").strip()
    if " to" in verb or verb.endswith("with"):
        return f"Who is the {order} person that {words.name(deed.actor)} {_third(deed)}?"
    return f"Who does {words.name(deed.actor)} {verb} {order}?"


def _third(deed: Deed) -> str:
    return VERBS[deed.action][1].format("").strip()


def _answer_partner(facts: FilmFacts, terms: Terms) -> Found:
    deed, order = terms
    assert isinstance(deed, Deed)
    events = facts.find(deed)
    end = pick_end(events, str(order))
    if end is None:
        return NOTHING
    rivals = [event for event in events if event.start_ms == end.start_ms]
    if len(rivals) > 1 or not end.deed.partner:
        return UNCLEAR
    return Found(_name_of(facts, end.deed.partner), prove(end))


def _list_firsts(material: Material) -> Iterator[Terms]:
    for deed in dict.fromkeys(Deed("", deed.action, "", deed.thing) for deed in material.deeds):
        if deed.action not in PAIR_ACTIONS:
            yield from ((deed, order) for order in ORDERS)


def _word_first(words: Wording, terms: Terms) -> str:
    deed, order = terms
    assert isinstance(deed, Deed)
    return f"Who is the {order} person to {words.do(deed)}?"


def _answer_first(facts: FilmFacts, terms: Terms) -> Found:
    deed, order = terms
    assert isinstance(deed, Deed)
    events = tuple(
        event for event in facts.events
        if event.deed.action == deed.action and deed.thing in ("", event.deed.thing)
    )  # fmt: skip
    end = pick_end(events, str(order))
    if end is None:
        return NOTHING
    actors = {event.deed.actor for event in events if event.start_ms == end.start_ms}
    if len(actors) > 1:
        return UNCLEAR
    return Found(_name_of(facts, end.deed.actor), prove(end))


def _list_meetings(material: Material) -> Iterator[Terms]:
    yield from ((person,) for person in material.people)


def _word_meeting(words: Wording, terms: Terms) -> str:
    return f"Who is seen together with {words.name(str(terms[0]))} most often?"


def _answer_meeting(facts: FilmFacts, terms: Terms) -> Found:
    person = str(terms[0])
    counts = {
        other: len(facts.find_shared(person, other)) for other, _ in facts.names if other != person
    }
    most = find_most(counts)
    if not any(counts.values()):
        return NOTHING
    if most is None:
        return UNCLEAR
    shared = facts.find_shared(person, most)
    return Found(_name_of(facts, most), tuple((seen.start_ms, seen.end_ms) for seen in shared))


def _list_said(material: Material) -> Iterator[Terms]:
    for cue in material.facts.cues:
        yield (cue.text, "")
        yield from ((cue.text, place) for place in material.places)


def _find_said(facts: FilmFacts, terms: Terms) -> tuple[CuePlan, ...]:
    text, place = terms
    heard = tuple(cue for cue in facts.cues if cue.text == text)
    if not place:
        return heard
    spans = [(seen.start_ms, seen.end_ms) for seen in facts.presences if seen.place == place]
    return tuple(
        cue for cue in heard
        if any(start < cue.end_ms and end > cue.start_ms for start, end in spans)
    )  # fmt: skip


def _word_said(words: Wording, terms: Terms) -> str:
    text, place = terms
    return f"Who says “{text}”{f' {word_there(str(place))}' if place else ''}?"


def _answer_said(facts: FilmFacts, terms: Terms) -> Found:
    cues = _find_said(facts, terms)
    speakers = {cue.speaker for cue in cues}
    if len(speakers) > 1:
        return UNCLEAR
    if not cues:
        return NOTHING
    proof = tuple((cue.start_ms, cue.end_ms) for cue in cues)
    return Found(_name_of(facts, cues[0].speaker), proof)


# What


def _list_used(material: Material) -> Iterator[Terms]:
    actions = sorted(NAMED_THINGS.intersection(material.actions) - {"drinking from"})
    actions += ["giving"] if "giving" in material.actions else []
    for actor in material.people:
        for action in actions:
            yield from ((Deed(actor, action), order) for order in ORDERS)


def _word_used(words: Wording, terms: Terms) -> str:
    deed, order = terms
    assert isinstance(deed, Deed)
    verb = "give away" if deed.action == "giving" else VERBS[deed.action][0].format("").strip()
    return f"What does {words.name(deed.actor)} {verb} {order}?"


def _answer_used(facts: FilmFacts, terms: Terms) -> Found:
    deed, order = terms
    assert isinstance(deed, Deed)
    events = facts.find(deed)
    end = pick_end(events, str(order))
    if end is None:
        return NOTHING
    kinds = {event.deed.thing for event in events if event.start_ms == end.start_ms}
    if len(kinds) > 1 or not end.deed.thing:
        return UNCLEAR
    return Found(end.deed.thing, prove(end))


def _list_coloured(material: Material) -> Iterator[Terms]:
    for deed in material.deeds:
        if deed.action in WITH_COLOUR:
            yield from ((deed, order) for order in ORDERS)


def _word_coloured(words: Wording, terms: Terms) -> str:
    deed, order = terms
    assert isinstance(deed, Deed)
    return f"What colour is the {order} {deed.thing} that {words.name(deed.actor)} {_third(deed)}?"


def _answer_coloured(facts: FilmFacts, terms: Terms) -> Found:
    deed, order = terms
    assert isinstance(deed, Deed)
    end = pick_end(facts.find(deed), str(order))
    return Found(end.colour, prove(end)) if end else NOTHING


def _choose_colour(facts: FilmFacts, terms: Terms) -> tuple[str, ...]:
    return tuple(COLOURS)


def _list_doers(material: Material) -> Iterator[Terms]:
    yield from ((person,) for person in material.people)


def _word_most(words: Wording, terms: Terms) -> str:
    return f"What does {words.name(str(terms[0]))} do most often?"


def _answer_most(facts: FilmFacts, terms: Terms) -> Found:
    events = [event for event in facts.events if event.deed.actor == terms[0]]
    counts = Counter(event.deed.action for event in events)
    most = find_most(counts)
    if not counts:
        return NOTHING
    if most is None:
        return UNCLEAR
    return Found(word_action(most), prove(*(e for e in events if e.deed.action == most)))


# Yes or no


def _list_kin(material: Material) -> Iterator[Terms]:
    told = sorted({relation.relation for relation in material.facts.relations} & {*RELATION_WORDS})
    for a, b in material.pairs:
        if material.facts.find_shared(a, b):
            yield from ((a, relation, b) for relation in told)


def _word_kin(words: Wording, terms: Terms) -> str:
    a, relation, b = map(str, terms)
    return f"Is {words.name(a)} {own(words.name(b))} {words.relation(a, relation)}?"


def _answer_kin(facts: FilmFacts, terms: Terms) -> Found:
    a, relation, b = map(str, terms)
    known = facts.find_relation(a, b)
    if known is None:
        return NOTHING  # of strangers the film tells nothing
    holds = known == relation
    if relation in ONE_WAY:
        holds = any((one.a, one.relation, one.b) == (a, relation, b) for one in facts.relations)
    shared = facts.find_shared(a, b)
    return Found(_yes(holds), tuple((seen.start_ms, seen.end_ms) for seen in shared))


def _list_more(material: Material) -> Iterator[Terms]:
    for a, b in material.pairs:
        yield from ((a, b, action) for action in material.actions if action not in NAMED_THINGS)


def _word_more(words: Wording, terms: Terms) -> str:
    a, b, action = map(str, terms)
    verb = words.do(Deed(a, action))
    return f"Does {words.name(a)} {verb} more often than {words.name(b)} does?"


def _answer_more(facts: FilmFacts, terms: Terms) -> Found:
    a, b, action = map(str, terms)
    ours, theirs = facts.find(Deed(a, action)), facts.find(Deed(b, action))
    if len(ours) == len(theirs):
        return UNCLEAR
    return Found(_yes(len(ours) > len(theirs)), prove(*ours, *theirs))


def _list_timed(material: Material) -> Iterator[Terms]:
    for deed in material.deeds:
        yield from ((deed, order, time) for time in TIMES for order in ORDERS)


def _word_timed(words: Wording, terms: Terms) -> str:
    deed, order, time = terms
    assert isinstance(deed, Deed)
    named = "day" if time == "daylight" else time
    when = f"{words.name(deed.actor)} {words.does(deed)}"
    return f"Is it {named} {f'when {when} for the {order} time'}?"


def _answer_timed(facts: FilmFacts, terms: Terms) -> Found:
    deed, order, time = terms
    assert isinstance(deed, Deed)
    end = pick_end(facts.find(deed), str(order))
    if end is None or end.time is None:
        return NOTHING  # indoors no time of day is seen
    return Found(_yes(end.time == time), prove(end))


def _list_before(material: Material) -> Iterator[Terms]:
    for one in material.deeds:
        for other in material.deeds:
            if one.actor == other.actor and one != other:
                yield (one, other)


def _word_before(words: Wording, terms: Terms) -> str:
    one, other = terms
    assert isinstance(one, Deed)
    assert isinstance(other, Deed)
    name, pronoun = words.name(one.actor), words.pronoun(one.actor)
    return f"Does {name} {words.do(one)} before {pronoun} first {words.does(other)}?"


def _answer_before(facts: FilmFacts, terms: Terms) -> Found:
    one, other = terms
    assert isinstance(one, Deed)
    assert isinstance(other, Deed)
    first, second = pick_end(facts.find(one), "first"), pick_end(facts.find(other), "first")
    if first is None or second is None:
        return NOTHING
    if first.start_ms == second.start_ms:
        return UNCLEAR
    return Found(_yes(first.start_ms < second.start_ms), prove(first, second))


FORMS = (
    Form("who", "partner", ("actions",), _list_partners, _word_partner, _answer_partner),
    Form("who", "first to do", ("actions",), _list_firsts, _word_first, _answer_first),
    Form("who", "company", ("persons",), _list_meetings, _word_meeting, _answer_meeting),
    Form("who", "says", ("words",), _list_said, _word_said, _answer_said),
    Form("what", "thing", ("actions", "things"), _list_used, _word_used, _answer_used),
    Form("what", "colour", ("actions", "things"), _list_coloured, _word_coloured,
         _answer_coloured, _choose_colour),
    Form("what", "mostly", ("actions",), _list_doers, _word_most, _answer_most),
    Form("yes/no", "relation", ("relations",), _list_kin, _word_kin, _answer_kin, _choose_yes),
    Form("yes/no", "more often", ("actions",), _list_more, _word_more, _answer_more, _choose_yes),
    Form("yes/no", "time", ("actions", "times"), _list_timed, _word_timed, _answer_timed,
         _choose_yes),
    Form("yes/no", "before", ("actions", "order"), _list_before, _word_before, _answer_before,
         _choose_yes),
)  # fmt: skip
