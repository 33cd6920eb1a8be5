"""What a caption states, apart from its wording, and how far that holds of another shot.

A `Draft` is filled in by what words a caption, in the same pass, so that words and facts cannot
differ. Knows nothing of wordings.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bench.world.describing import Sight, ThingSight

Facts = tuple[str, ...]


@dataclass(frozen=True)
class CaptionFacts:
    """The attributes that a caption states, those of one person or thing together."""

    frame: Facts  # as "place: beach", "time: night", "shot size: close-up", "sign: BAKERY"
    things: tuple[Facts, ...]  # as ("kind: car", "colour: red", "side: left")
    persons: tuple[Facts, ...]  # as ("woman", "top colour: red", "action: reading")

    @property
    def count(self) -> int:
        """How many facts there are."""
        return len(self.frame) + sum(map(len, self.things)) + sum(map(len, self.persons))


class Draft:
    """The facts of a caption while it is being worded."""

    def __init__(self) -> None:
        """Nothing stated yet."""
        self._frame: list[str] = []
        self._things: dict[tuple[str, ...], list[str]] = {}
        self._persons: dict[str, list[str]] = {}

    def state(self, *facts: str) -> None:
        """These hold of the shot as a whole."""
        self._frame += [fact for fact in facts if fact not in self._frame]

    def state_thing(self, thing: ThingSight, *facts: str) -> None:
        """These hold of this group of things."""
        known = self._things.setdefault(thing.ids, [])
        known += [fact for fact in facts if fact not in known]

    def state_person(self, person: str, *facts: str) -> None:
        """These hold of this person."""
        known = self._persons.setdefault(person, [])
        known += [fact for fact in facts if fact not in known]

    def names_thing(self, thing: ThingSight) -> bool:
        """Whether something was stated of this group of things."""
        return thing.ids in self._things

    def names_person(self, person: str) -> bool:
        """Whether something was stated of this person."""
        return person in self._persons

    @property
    def facts(self) -> CaptionFacts:
        """What has been stated so far."""
        return CaptionFacts(
            tuple(self._frame),
            tuple(map(tuple, self._things.values())),
            tuple(map(tuple, self._persons.values())),
        )


def match_facts(facts: CaptionFacts, sight: Sight) -> float:
    """The share of stated facts that hold of a shot, 0 to 1; 1 if none is stated.

    What is stated of one person or thing is held against the one person or thing of the shot
    that it fits best.
    """
    if not facts.count:
        return 1.0
    things = [thing.attributes for thing in sight.things]
    persons = [person.attributes for person in sight.persons]
    found = len(sight.attributes.intersection(facts.frame))
    found += sum(_fit(stated, things) for stated in facts.things)
    found += sum(_fit(stated, persons) for stated in facts.persons)
    return found / facts.count


def _fit(stated: Sequence[str], known: Sequence[Collection[str]]) -> int:
    return max((sum(fact in attributes for fact in stated) for attributes in known), default=0)
