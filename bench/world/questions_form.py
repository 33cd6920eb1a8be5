"""What a form of question is, and what questions on a film may be about.

Knows no single form.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from bench.world.questions_facts import Deed, Event, FilmFacts, Interval
from bench.world.questions_words import Wording
from bench.world.words import PAIR_ACTIONS

Terms: TypeAlias = tuple[Deed | str, ...]
NAMED_THINGS = frozenset({"holding", "carrying", "drinking from"})  # their things differ


@dataclass(frozen=True)
class Found:
    """An answer computed from facts; unclear if the facts hold several."""

    answer: str | None
    evidence: tuple[Interval, ...] = ()
    is_clear: bool = True


NOTHING, UNCLEAR = Found(None), Found(None, is_clear=False)


@dataclass(frozen=True)
class Form:
    """A way of asking: which terms it may ask about, how it is worded, how it is answered.

    `choices`, where the set of answers is closed, gives all of them.
    """

    kind: str
    name: str
    uses: tuple[str, ...]
    list_terms: Callable[["Material"], Iterable[Terms]]
    word: Callable[[Wording, Terms], str]
    answer: Callable[[FilmFacts, Terms], Found]
    choices: Callable[[FilmFacts, Terms], tuple[str, ...]] = lambda facts, terms: ()


class Material:
    """What questions on a film may name: what is in it, and what is nearly in it."""

    def __init__(self, facts: FilmFacts) -> None:
        """From all facts of a film."""
        self.facts = facts
        present = {seen.person for seen in facts.presences}
        self.people = tuple(person for person, _ in facts.names if person in present)
        self.places = tuple(dict.fromkeys(seen.place for seen in facts.presences))

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """Deeds that were seen, and as many likely ones that were not."""
        done = tuple(dict.fromkeys(filter(None, map(simplify, self.facts.events))))
        return (*done, *self._list_undone(done))

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Two different people, either way."""
        return tuple((a, b) for a in self.people for b in self.people if a != b)

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """What is done in the film."""
        return tuple(dict.fromkeys(event.deed.action for event in self.facts.events))

    def _list_undone(self, done: tuple[Deed, ...]) -> tuple[Deed, ...]:
        likely = dict.fromkeys(
            Deed(actor, deed.action, deed.partner, deed.thing)
            for deed in done
            for actor in self.people
            if actor != deed.partner
        )
        return tuple(deed for deed in likely if deed not in done)


def simplify(event: Event) -> Deed | None:
    """The deed as questions name it; None if too little of it is known to be named."""
    deed = event.deed
    if deed.action in PAIR_ACTIONS:
        return Deed(deed.actor, deed.action, deed.partner) if deed.partner else None
    if deed.action in NAMED_THINGS:
        return deed if deed.thing else None
    return Deed(deed.actor, deed.action)


def pick_end(events: tuple[Event, ...], order: str) -> Event | None:
    """The first or the last; None if there is none, or if two begin together."""
    if not events:
        return None
    by_start = sorted(events, key=lambda event: event.start_ms)
    return by_start[0] if order == "first" else by_start[-1]


def prove(*timed: Event) -> tuple[Interval, ...]:
    """Where these are seen, each interval once."""
    return tuple(dict.fromkeys((event.start_ms, event.end_ms) for event in timed))


def find_most(counts: dict[str, int]) -> str | None:
    """The one with the highest count; None if several share it."""
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
