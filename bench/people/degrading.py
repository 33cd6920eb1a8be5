"""What bad detectors would have said of true boxes. Knows no topic and no search."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bench.people.dataset import TrueBoxes, TruePeople
from bench.people.grid import (
    FALSE_ACTION,
    FALSE_ON_PERSON,
    FALSE_SAMPLES,
    FALSE_SIDES,
    OTHER_PERSON,
    RUN_SAMPLES,
    SAME_PERSON,
    TRUE_ACTION,
    WHOLE_SHOT,
    Cell,
    ScoreModel,
)
from bench.world.words import ACTIONS
from search.boxes import Boxes, find_spans, sort_boxes
from search.layout import Floats, Indexes, expand

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Detected:
    """The boxes that detectors gave for films."""

    faces: TrueBoxes  # `meaning` is NOBODY for what is no face
    actions: TrueBoxes
    action_score: Floats  # (n,)
    seed: tuple[int, ...]

    def find_faces(self, person: int) -> Boxes:
        """All faces with their likeness to a person, the same each time."""
        chance = np.random.default_rng((*self.seed, person))
        same = self.faces.meaning == person
        scores = np.where(
            same[self.faces.owner],
            _draw_scores(self.faces, SAME_PERSON, chance),
            _draw_scores(self.faces, OTHER_PERSON, chance),
        )
        return sort_boxes(self.faces.sample, self.faces.box, scores)

    def find_actions(self, action: int) -> Boxes:
        """The boxes of one action."""
        own = (self.actions.meaning == action)[self.actions.owner]
        columns = (self.actions.sample, self.actions.box, self.action_score)
        return sort_boxes(*(column[own] for column in columns))


def degrade(people: TruePeople, cell: Cell, seed: tuple[int, ...]) -> Detected:
    """Take away, move, confuse and add boxes, by chance.

    Args:
        people: the truth.
        cell: how much.
        seed: the same seed gives the same boxes.
    """
    chance = np.random.default_rng(seed)
    faces = _make_worse(people.faces, cell, chance)
    acts = _make_worse(people.acts, cell, chance)
    false_faces = _draw_false(people, cell, 0.0, chance)
    false_faces.meaning[:] = NOBODY
    false_acts = _draw_false(people, cell, FALSE_ON_PERSON, chance)
    confused = chance.random(len(acts.meaning)) < cell.confused
    taken_for = (acts.meaning + chance.integers(1, len(ACTIONS), len(confused))) % len(ACTIONS)
    twins = _replace_meaning(acts, np.where(confused, taken_for, acts.meaning))
    untold = acts.owner[confused[acts.owner]]  # what they truly are is told with less certainty
    hidden = TrueBoxes(
        np.searchsorted(np.flatnonzero(confused), untold),
        acts.sample[confused[acts.owner]], acts.box[confused[acts.owner]], acts.meaning[confused],
    )  # fmt: skip
    sure = _draw_scores(twins, TRUE_ACTION, chance)
    unsure = _join(hidden, false_acts)
    scores = np.concatenate((sure, _draw_scores(unsure, FALSE_ACTION, chance)))
    return Detected(_join(faces, false_faces), _join(twins, unsure), np.clip(scores, 0.01, 1), seed)


def _replace_meaning(boxes: TrueBoxes, meaning: Indexes) -> TrueBoxes:
    return TrueBoxes(boxes.owner, boxes.sample, boxes.box, meaning)


def _make_worse(boxes: TrueBoxes, cell: Cell, chance: Generator) -> TrueBoxes:
    """Boxes that are missed left out, the others moved."""
    kept = ~_draw_missed(boxes, cell.missed, chance)
    box = boxes.box[kept]
    sides = np.tile(box[:, 2:] - box[:, :2], 2)
    moved = box + chance.normal(0, cell.box_noise, box.shape).astype(np.float32) * sides
    low, high = np.minimum(moved[:, :2], moved[:, 2:]), np.maximum(moved[:, :2], moved[:, 2:])
    whole = np.clip(np.hstack((low, high)), 0, 1)
    return TrueBoxes(boxes.owner[kept], boxes.sample[kept], whole, boxes.meaning)


def _draw_missed(boxes: TrueBoxes, missed: float, chance: Generator) -> np.ndarray:
    """(n,) which are missed: some for the whole shot, others in runs; together the share asked."""
    owners = len(boxes.meaning)
    whole = missed * WHOLE_SHOT
    in_runs = (missed - whole) / (1 - whole)
    phase = chance.integers(RUN_SAMPLES, size=owners)
    run = (boxes.sample + phase[boxes.owner]) // RUN_SAMPLES
    begins = (np.diff(boxes.owner, prepend=-1) != 0) | (np.diff(run, prepend=-1) != 0)
    number = np.cumsum(begins) - 1
    run_missed = chance.random(int(begins.sum())) < in_runs
    return np.asarray((chance.random(owners) < whole)[boxes.owner] | run_missed[number])


def _draw_scores(boxes: TrueBoxes, model: ScoreModel, chance: Generator) -> Floats:
    mean = chance.normal(model.mean, model.track_deviation, len(boxes.meaning))
    noise = chance.normal(0, model.sample_deviation, len(boxes.owner))
    return (mean[boxes.owner] + noise).astype(np.float32)


def _draw_false(people: TruePeople, cell: Cell, on_person: float, chance: Generator) -> TrueBoxes:
    """Boxes that stand still for a while, some of them on a person; actions by chance."""
    shots = int(people.first_shot[-1])
    shot = np.repeat(np.arange(shots), chance.poisson(cell.false_alarms, shots))
    first, end = find_spans(people.samples.shot, shot)
    first = first + (chance.random(len(shot)) * (end - first)).astype(np.int64)
    sides = chance.uniform(*FALSE_SIDES, (len(shot), 2))
    corner = chance.random((len(shot), 2)) * (1 - sides)
    box = np.hstack((corner, corner + sides)).astype(np.float32)
    order = np.argsort(people.bodies.sample, kind="stable")
    here, last = find_spans(people.bodies.sample[order], first)
    hit = (chance.random(len(shot)) < on_person) & (last > here)
    body = here + (chance.random(len(shot)) * (last - here)).astype(np.int64)
    box[hit] = people.bodies.box[order[body[hit]]]
    owner, sample = expand(first, np.minimum(first + FALSE_SAMPLES, end))
    return TrueBoxes(owner, sample, box[owner], chance.integers(len(ACTIONS), size=len(shot)))


def _join(one: TrueBoxes, other: TrueBoxes) -> TrueBoxes:
    return TrueBoxes(
        np.concatenate((one.owner, other.owner + len(one.meaning))),
        np.concatenate((one.sample, other.sample)),
        np.concatenate((one.box, other.box)),
        np.concatenate((one.meaning, other.meaning)),
    )
