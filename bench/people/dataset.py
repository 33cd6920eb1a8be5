"""The true boxes of films as columns, and topics to look for in them. Knows no detector."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bench.people.grid import MOST_ALIKE, TOPICS_OF_FAMILY
from bench.world.dice import Dice
from bench.world.truth import BOX_STEP_MS, Box, SeenPerson, ShotTruth, Truth
from bench.world.words import ACTIONS, PAIR_ACTIONS, SOLO_ACTIONS, THING_ACTIONS
from search.boxes import Samples
from search.layout import Floats, Indexes

# What everybody does who does nothing is no topic.
FAMILIES = MappingProxyType(
    {"alone": SOLO_ACTIONS[1:], "with a thing": tuple(THING_ACTIONS), "with another": PAIR_ACTIONS}
)


@dataclass(frozen=True, eq=False)
class TrueBoxes:
    """Boxes of one kind; what they are of lasts for at most one shot."""

    owner: Indexes  # (n,) ascending, numbers from 0: which person's face, which act
    sample: Indexes  # (n,) ascending within an owner
    box: Floats  # (n, 4)
    meaning: Indexes  # (owners,) the number of the person, or of the action


@dataclass(frozen=True, eq=False)
class TruePeople:
    """Who is seen where in films and does what; shots are numbered over all films."""

    samples: Samples
    first_shot: Indexes  # (films + 1,)
    persons: tuple[str, ...]
    faces: TrueBoxes
    bodies: TrueBoxes
    acts: TrueBoxes  # boxes of the acting person's body
    done: frozenset[tuple[int, int, int]]  # (person, action, shot): it is truly done there


@dataclass(frozen=True)
class Topic:
    """A person does an action."""

    person: int
    action: int
    shots: tuple[int, ...]  # in which it is so

    @property
    def family(self) -> str:
        """Whether it is done alone, with a thing or with another."""
        return next(name for name, some in FAMILIES.items() if ACTIONS[self.action] in some)


def read_people(films: Sequence[Truth]) -> TruePeople:
    """All faces, bodies and acts of films, five times a second."""
    persons = tuple(sorted({seen.person for shot in _shots(films) for seen in shot.persons}))
    numbers = {person: number for number, person in enumerate(persons)}
    faces, bodies, acts, done, times = _Columns(), _Columns(), _Columns(), set(), []
    for number, shot in enumerate(_shots(films)):
        times.append(np.arange(shot.start_ms, max(shot.end_ms, shot.start_ms + 1), BOX_STEP_MS))
        for seen in shot.persons:
            faces.add(number, numbers[seen.person], seen.face.times_ms, seen.face.boxes)
            bodies.add(number, numbers[seen.person], seen.track.times_ms, seen.track.boxes)
        for act in shot.actions:
            action = ACTIONS.index(act.action)
            done.add((numbers[act.actor], action, number))
            for seen in (each for each in shot.persons if each.person == act.actor):
                acts.add(number, action, *_cut(seen, act.start_ms, act.end_ms))
    samples = Samples(
        np.repeat(np.arange(len(times)), [len(each) for each in times]), np.concatenate(times)
    )
    first_shot = np.cumsum([0, *(len(film.shots) for film in films)])
    return TruePeople(
        samples, first_shot, persons, faces.pack(samples), bodies.pack(samples),
        acts.pack(samples), frozenset(done),
    )  # fmt: skip


def choose_topics(people: TruePeople, least_relevant: int, seed: int) -> tuple[Topic, ...]:
    """Topics by chance: as many of each family, few alike, each with enough right shots."""
    shots: dict[tuple[int, int], list[int]] = {}
    for person, action, shot in sorted(people.done):
        shots.setdefault((person, action), []).append(shot)
    enough = [pair for pair, some in shots.items() if len(some) >= least_relevant]
    chosen: list[Topic] = []
    of_person: Counter[int] = Counter()
    of_action: Counter[int] = Counter()
    for family in FAMILIES.values():
        wanted = [pair for pair in enough if ACTIONS[pair[1]] in family]
        most = len(chosen) + TOPICS_OF_FAMILY
        for person, action in Dice("person-action topics", seed, *family).shuffle(wanted):
            alike = max(of_person[person], of_action[action])
            if alike < MOST_ALIKE and len(chosen) < most:
                chosen.append(Topic(person, action, tuple(shots[person, action])))
                of_person[person] += 1
                of_action[action] += 1
    return tuple(chosen)


class _Columns:
    """Gathers the boxes of one kind."""

    def __init__(self) -> None:
        self._owners: list[tuple[int, int, int]] = []  # shot, meaning, boxes
        self._times: list[int] = []
        self._boxes: list[Box] = []

    def add(self, shot: int, meaning: int, times_ms: Iterable[int], boxes: Iterable[Box]) -> None:
        """The boxes of one owner; without any it is none."""
        before = len(self._times)
        self._times.extend(times_ms)
        self._boxes.extend(boxes)
        if len(self._times) > before:
            self._owners.append((shot, meaning, len(self._times) - before))

    def pack(self, samples: Samples) -> TrueBoxes:
        """As columns; boxes at no sample are left out."""
        shot, meaning, count = np.array(self._owners, np.int64).reshape(-1, 3).T
        owner = np.repeat(np.arange(len(count)), count)
        sample = samples.find(np.repeat(shot, count), np.array(self._times, np.int64))
        box = np.array(self._boxes, np.float32).reshape(-1, 4)
        kept = sample >= 0
        return TrueBoxes(owner[kept], sample[kept], box[kept], meaning)


def _shots(films: Iterable[Truth]) -> Iterable[ShotTruth]:
    return (shot for film in films for shot in film.shots)


def _cut(seen: SeenPerson, start_ms: int, end_ms: int) -> tuple[list[int], list[Box]]:
    """A person's body while an act lasts."""
    pairs = zip(seen.track.times_ms, seen.track.boxes, strict=True)
    kept = [(time, box) for time, box in pairs if start_ms <= time < end_ms]
    return [time for time, _ in kept], [box for _, box in kept]
