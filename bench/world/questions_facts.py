"""What is known of a film when questions on it are answered: events, presences, lines, relations.

An event is something a person is seen doing; it goes on while less than `GAP_MS` passes without
it. Standing is no event. Knows nothing of questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from bench.world.describing import ActSight, Sight, find_acts, see_shot
from bench.world.noticing import find_half
from bench.world.plan import CuePlan, RelationPlan
from bench.world.truth import ShotTruth, Truth

GAP_MS = 5000
Interval: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Deed:
    """What may be done: by whom, what, to whom, with what; empty where there is none."""

    actor: str
    action: str
    partner: str = ""
    thing: str = ""


@dataclass(frozen=True)
class Event:
    """A deed that was seen, over one shot or several; the rest is as at its beginning."""

    deed: Deed
    colour: str  # of the thing
    start_ms: int
    end_ms: int
    place: str
    season: str | None
    time: str | None
    company: int  # how many people are seen in its first picture


@dataclass(frozen=True)
class Presence:
    """A person is seen in a shot."""

    person: str
    start_ms: int
    end_ms: int
    place: str
    half: int = 0  # of a split picture: who is in the other one is not together with this person


@dataclass(frozen=True)
class Reading:
    """Words that can be read in a shot."""

    text: str
    place: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class FilmFacts:
    """All that answers are computed on; each by time."""

    length_ms: int
    names: tuple[tuple[str, str], ...]  # by the person's id
    genders: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    presences: tuple[Presence, ...]
    readings: tuple[Reading, ...]
    cues: tuple[CuePlan, ...]
    relations: tuple[RelationPlan, ...]

    def find(self, deed: Deed) -> tuple[Event, ...]:
        """The events that are this deed; an empty partner or thing stands for any."""
        return tuple(event for event in self.events if _is_such(event.deed, deed))

    def find_shared(self, one: str, other: str) -> tuple[Presence, ...]:
        """The pictures in which both are seen."""
        there = {(seen.start_ms, seen.half) for seen in self.presences if seen.person == other}
        return tuple(
            seen for seen in self.presences
            if seen.person == one and (seen.start_ms, seen.half) in there
        )  # fmt: skip

    def find_relation(self, one: str, other: str) -> str | None:
        """What they are to each other, either way."""
        pair = {one, other}
        return next((told.relation for told in self.relations if {told.a, told.b} == pair), None)


Timed = TypeVar("Timed", Event, Presence, Reading, CuePlan)


def gather_facts(truth: Truth) -> FilmFacts:
    """The facts of a film: what is large enough to be seen, what is said, who is what to whom."""
    sights = [see_shot(truth, shot) for shot in truth.shots if not shot.is_title]
    return FilmFacts(
        truth.length_ms,
        tuple((person.id, person.name) for person in truth.cast),
        tuple((person.id, person.look.gender) for person in truth.cast),
        _join_events([event for sight in sights for event in _list_events(sight)]),
        tuple(
            _make_presence(sight.shot, person.person, person.half)
            for sight in sights
            for person in sight.persons
        ),
        tuple(reading for sight in sights for reading in _list_readings(sight)),
        truth.cues,
        truth.relations,
    )


def add_glimpses(facts: FilmFacts, truth: Truth) -> FilmFacts:
    """The facts of a film with all persons and deeds of which the least bit is seen."""
    shots = [shot for shot in truth.shots if not shot.is_title]
    return replace(
        facts,
        events=_join_events([event for shot in shots for event in _list_glimpsed(shot)]),
        presences=tuple(
            _make_presence(shot, seen.person, find_half(seen.track.boxes, shot))
            for shot in shots
            for seen in shot.persons
        ),
    )


def keep_shot(facts: FilmFacts, shot: ShotTruth) -> FilmFacts:
    """Only what is seen and said in one shot; relations are seen in none."""
    return replace(
        facts,
        events=tuple(_overlapping(facts.events, shot)),
        presences=tuple(_overlapping(facts.presences, shot)),
        readings=tuple(_overlapping(facts.readings, shot)),
        cues=tuple(_overlapping(facts.cues, shot)),
        relations=(),
    )


def keep_words(facts: FilmFacts) -> FilmFacts:
    """Only what is said."""
    return replace(facts, events=(), presences=(), readings=(), relations=())


def _overlapping(timed: Iterable[Timed], shot: ShotTruth) -> list[Timed]:
    return [each for each in timed if each.start_ms < shot.end_ms and each.end_ms > shot.start_ms]


def _is_such(done: Deed, wanted: Deed) -> bool:
    return (
        done.actor == wanted.actor
        and done.action == wanted.action
        and wanted.partner in ("", done.partner)
        and wanted.thing in ("", done.thing)
    )


def _list_events(sight: Sight) -> list[Event]:
    halves = {person.person: person.half for person in sight.persons}
    return [
        _make_event(sight.shot, person.person, act, halves)
        for person in sight.persons
        for act in person.acts
        if act.action != "standing"
    ]


def _list_glimpsed(shot: ShotTruth) -> list[Event]:
    halves = {seen.person: find_half(seen.track.boxes, shot) for seen in shot.persons}
    kinds = {thing.id: (thing.kind, thing.colour) for thing in shot.things}
    return [
        _make_event(shot, actor, act, halves)
        for actor in halves
        for act in find_acts(shot, actor, kinds, {*halves})
        if act.action != "standing"
    ]


def _make_presence(shot: ShotTruth, person: str, half: int) -> Presence:
    return Presence(person, shot.start_ms, shot.end_ms, shot.place, half)


def _make_event(shot: ShotTruth, actor: str, act: ActSight, halves: Mapping[str, int]) -> Event:
    return Event(
        Deed(actor, act.action, act.partner or "", act.thing or ""),
        act.colour or "",
        act.start_ms,
        act.end_ms,
        shot.place,
        shot.season,
        shot.time,
        sum(half == halves[actor] for half in halves.values()),
    )


def _join_events(events: Sequence[Event]) -> tuple[Event, ...]:
    joined: list[Event] = []
    last_of: dict[tuple[Deed, str], int] = {}
    for event in sorted(events, key=lambda event: (event.start_ms, event.deed.actor)):
        at = last_of.get((event.deed, event.colour))
        if at is not None and event.start_ms - joined[at].end_ms < GAP_MS:
            joined[at] = replace(joined[at], end_ms=max(joined[at].end_ms, event.end_ms))
            continue
        last_of[event.deed, event.colour] = len(joined)
        joined.append(event)
    return tuple(joined)


def _list_readings(sight: Sight) -> list[Reading]:
    shot = sight.shot
    return [Reading(text, shot.place, shot.start_ms, shot.end_ms) for text in sight.signs]
