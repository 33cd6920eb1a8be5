"""Who has to do with which thing: boxes of persons and things of one picture, by where they are.

Knows no pixels; what is done with the thing is not told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Box, Label

VOCABULARY = "interaction"
GROWN = 0.25  # how far a person reaches beyond the box, times its width and height
LEAST_INSIDE = 0.5  # of the thing, within reach
LARGEST = 1.0  # of a thing, times the person's area: others are what the person is in or behind
MOST_THINGS = 3  # of one person in one picture, the surest


@dataclass(frozen=True)
class Interaction:
    """A person with a thing within reach."""

    person: Label
    thing: Label
    score: float
    union: Box  # of both


def find_interactions(persons: Sequence[Label], things: Sequence[Label]) -> Iterator[Interaction]:
    """The things within reach of each person of one picture, the surest first.

    The score is the share of the thing that is within reach, times the lower of both scores.

    Args:
        persons: with boxes.
        things: with boxes.
    """
    if not things:
        return
    boxes = np.array([each.box for each in things], np.float64)
    for person in persons:
        body = np.array(person.box, np.float64)
        reach = body + np.tile(body[2:] - body[:2], 2) * (-GROWN, -GROWN, GROWN, GROWN)
        inside = _area(_intersect(boxes, reach)) / np.maximum(_area(boxes), 1e-9)
        small = _area(boxes) <= LARGEST * _area(body[None])
        sure = np.minimum([each.score for each in things], person.score)
        scores = np.where((inside >= LEAST_INSIDE) & small, inside * sure, 0)
        for at in np.argsort(-scores, kind="stable")[:MOST_THINGS].tolist():
            if scores[at] > 0:
                union = np.concatenate(
                    [np.minimum(body[:2], boxes[at, :2]), np.maximum(body[2:], boxes[at, 2:])]
                )
                x0, y0, x1, y1 = union.tolist()
                yield Interaction(person, things[at], float(scores[at]), (x0, y0, x1, y1))


def _intersect(boxes: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    return np.concatenate([low, np.maximum(high, low)], axis=1)


def _area(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    area: NDArray[np.float64] = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return area
