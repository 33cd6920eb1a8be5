"""Searches degraded truth for topics, in several ways, and judges the lists by average precision.

Knows no film and no table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.evaluate.ranking import average_precision
from bench.people.dataset import Topic, TruePeople
from bench.people.degrading import Detected, degrade
from bench.people.grid import DEPTH, LEAST_FACE, Cell
from search.boxes import Boxes, Samples
from search.extension import Spread, extend_between_shots
from search.layout import Floats, Indexes
from search.verification import Verification, verify

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """One way of searching."""

    name: str
    checks_identity: bool = False  # ICV
    fills_gaps: bool = False  # the first step of DTE, within shots
    spread: Spread | None = None  # the second, between shots; None: not done


CAPPED, PUBLISHED = Spread(), Spread("published")
BASE = Way("Base")
ICV = Way("Base+ICV", checks_identity=True)
WAYS = (
    BASE,
    Way("Base+DTE", fills_gaps=True, spread=CAPPED),
    ICV,
    Way("Base+DTE+ICV", checks_identity=True, fills_gaps=True, spread=CAPPED),
    Way("Base+DTE, published", fills_gaps=True, spread=PUBLISHED),
    Way("Base+DTE+ICV, published", checks_identity=True, fills_gaps=True, spread=PUBLISHED),
    Way("Base+DTE, within shots alone", fills_gaps=True),
    Way("Base+DTE, between shots alone", spread=CAPPED),
    Way("Base+DTE+ICV, within shots alone", checks_identity=True, fills_gaps=True),
    Way("Base+DTE+ICV, between shots alone", checks_identity=True, spread=CAPPED),
)


def evaluate(
    people: TruePeople,
    topics: Sequence[Topic],
    grid: Sequence[Cell],
    seeds: Sequence[int],
    tell: Callable[[str], None] = lambda line: None,
) -> Scores:
    """The average precision of every topic, by every way.

    Args:
        people: the truth.
        topics: what is looked for.
        grid: how the truth is made worse.
        seeds: each makes every cell anew.
        tell: hears how far it is.

    Returns:
        (cells, seeds, ways, topics) from 0 to 1.
    """
    scores = np.zeros((len(grid), len(seeds), len(WAYS), len(topics)))
    for row, cell in enumerate(grid):
        for column, seed in enumerate(seeds):
            detected = degrade(people, cell, (seed, row))
            for number, topic in enumerate(topics):
                scores[row, column, :, number] = judge_topic(people, detected, topic)
        tell(f"  {row + 1} of {len(grid)}: {cell}")
    return scores


def judge_topic(people: TruePeople, detected: Detected, topic: Topic) -> list[float]:
    """The average precision of one topic by each way."""
    faces = detected.find_faces(topic.person)
    actions = detected.find_actions(topic.action)
    right = np.zeros(int(people.first_shot[-1]), bool)
    right[list(topic.shots)] = True
    precisions = []
    for way in WAYS:
        own, final = score_shots(faces, actions, people.samples, people.first_shot, way)
        listed = list_shots(own, final, right)
        precisions.append(average_precision(right[listed], len(topic.shots)))
    return precisions


def score_shots(
    faces: Boxes, actions: Boxes, samples: Samples, first_shot: Indexes, way: Way
) -> tuple[Floats, Floats]:
    """The score of each shot by what is seen in it, and the one it is ranked by; both (s,)."""
    how = Verification(
        least_face=LEAST_FACE, checks_identity=way.checks_identity, fills_gaps=way.fills_gaps
    )
    best = verify(faces, actions, samples, how)
    own = np.zeros(int(first_shot[-1]), np.float32)
    own[best.shot] = best.score
    return own, own if way.spread is None else extend_between_shots(own, first_shot, way.spread)


def list_shots(own: Floats, final: Floats, right: NDArray[np.bool_]) -> Indexes:
    """The best shots; of equals those with the better score of their own, then wrong ones."""
    found = np.flatnonzero(final > 0)
    order = np.lexsort((right[found], -own[found], -final[found]))
    return found[order[:DEPTH]]
