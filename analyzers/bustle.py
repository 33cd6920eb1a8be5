"""How busy a picture is, and how near its main person: rules on boxes.

After Bailer and Fassold, "People@Places and ToDY" (MMM 2023): their classes of bustle as a cascade
of which the first that fits holds, and their classes of shot size. Where they use a body's joints,
a figure of eight heads stands here. Pure functions: knows no pictures, no models.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.floating]  # (n, 4) x0, y0, x1, y1, fractions

FEW, MANY = 3, 11  # persons and vehicles
LITTLE, SOME, MUCH = 0.10, 0.20, 0.30  # share of the picture that they cover
HEADS = 8.0  # a standing figure's height in heads
FACE_OF_HEAD = 0.8  # height of a face's box in heads
EDGE = 0.98  # a box that reaches so far down is cut by the picture
# How much of a standing figure is seen, from the top of the head: up to there the class holds.
SEEN = (0.22, 0.33, 0.45, 0.62, 0.87)
HALF, THIRD = 1 / 2, 1 / 3  # of the picture's height, that a whole figure takes


class Bustle(StrEnum):
    """How busy a picture is, in order."""

    UNPOPULATED = "unpopulated"
    FEW_PEOPLE = "few people"
    FEW_VEHICLES = "few vehicles"
    FEW_LARGE = "few large"
    MEDIUM = "medium"
    POPULATED = "populated"


SHOT_SIZES = (
    "extreme close-up", "close-up", "medium close-up", "tight medium shot", "medium shot",
    "medium full shot", "full shot", "long shot", "extreme long shot",
)  # fmt: skip


def tell_bustle(persons: Boxes, vehicles: Boxes) -> Bustle:
    """How busy a picture with these persons (p, 4) and vehicles (v, 4) is.

    One small person beside one small vehicle are "few large", as in the paper's table.
    """
    people, cars = len(persons), len(vehicles)
    if not people + cars:
        return Bustle.UNPOPULATED
    area = measure_covered(np.concatenate((persons, vehicles)))
    cascade = (
        (people < FEW and not cars and area < LITTLE, Bustle.FEW_PEOPLE),
        (cars < FEW and not people and area < SOME, Bustle.FEW_VEHICLES),
        (people + cars < FEW, Bustle.FEW_LARGE),
        (people + cars < MANY and area < MUCH, Bustle.MEDIUM),
    )
    return next((bustle for holds, bustle in cascade if holds), Bustle.POPULATED)


def measure_covered(boxes: Boxes) -> float:
    """The share of the picture inside any of the boxes (n, 4): 0 to 1."""
    if not len(boxes):
        return 0.0
    cut = boxes.clip(0, 1).astype(np.float64)
    x, y = np.unique(cut[:, [0, 2]]), np.unique(cut[:, [1, 3]])
    x_inside = (cut[:, :1] <= x[:-1]) & (x[1:] <= cut[:, 2:3])  # (n, columns)
    y_inside = (cut[:, 1:2] <= y[:-1]) & (y[1:] <= cut[:, 3:])
    held = y_inside.T.astype(np.float32) @ x_inside.astype(np.float32) > 0
    return float(np.diff(y) @ held @ np.diff(x))


def tell_shot_size(persons: Boxes, faces: Boxes) -> str | None:
    """How near the main person is seen: of the class of the tallest; None where nothing tells.

    Args:
        persons: (p, 4), may be empty where only a face is seen.
        faces: (f, 4), surest first.
    """
    person = persons[_heights(persons).argmax()] if len(persons) else None
    face = _find_face(person, faces)
    if face is not None:
        return _tell_by_face(face, person)
    if person is None or person[3] >= EDGE:
        return None
    return _tell_whole(float(person[3] - person[1]))


def _find_face(person: Boxes | None, faces: Boxes) -> Boxes | None:
    """The face that lies most in the person's box; without a person the tallest."""
    if not len(faces):
        return None
    if person is None:
        largest: Boxes = faces[_heights(faces).argmax()]
        return largest
    low, high = np.maximum(faces[:, :2], person[:2]), np.minimum(faces[:, 2:], person[2:])
    shared = (high - low).clip(0).prod(axis=1)
    best = int(shared.argmax())
    whole = (faces[best, 2:] - faces[best, :2]).prod()
    return faces[best] if shared[best] > whole / 2 else None


def _tell_by_face(face: Boxes, person: Boxes | None) -> str:
    head = float(face[3] - face[1]) / FACE_OF_HEAD
    if head > 1:
        return SHOT_SIZES[0]
    bottom = 1.0 if person is None else float(person[3])
    top = float(face[3]) - head if person is None else min(float(person[1]), float(face[1]))
    if bottom < EDGE:
        return _tell_whole(bottom - top)
    seen = (bottom - top) / (head * HEADS)
    place = int(np.searchsorted(SEEN, seen, side="right"))
    return SHOT_SIZES[1 + place] if place < len(SEEN) else _tell_whole(bottom - top)


def _tell_whole(height: float) -> str:
    """Of a person who is seen from head to feet, in picture heights."""
    far: Sequence[float] = (HALF, THIRD)
    return SHOT_SIZES[6 + sum(height < each for each in far)]


def _heights(boxes: Boxes) -> NDArray[np.float64]:
    return np.asarray(boxes[:, 3] - boxes[:, 1], np.float64)
