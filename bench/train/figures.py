"""How well an encoder finds, and how its training went, as numbers that are kept.

Knows vectors, not what made them.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Recall:
    """Share of captions whose shot, or one as right, is among the first 1, 10, 100."""

    at_1: float
    at_10: float
    at_100: float
    median_rank: float


@dataclass(frozen=True)
class Judged:
    """What unseen shots say of the weights of a moment."""

    shots: int
    terse: Recall
    novice: Recall
    expert: Recall


@dataclass(frozen=True)
class Point:
    """A moment of a training."""

    step: int
    minutes: float
    loss: float  # mean since the point before
    learning_rate: float
    scale: float  # of cosines, before they become odds
    samples_per_second: float
    judged: Judged


@dataclass(frozen=True)
class Choice:
    """How often the true one of two captions, which differ in one point, is nearer the picture."""

    pairs: int
    right: float  # .5 is chance


@dataclass(frozen=True)
class Choices:
    """By the point in which they differ."""

    colours: Choice  # two colours exchanged
    sides: Choice  # left for right
    counts: Choice  # one or two more or less


@dataclass(frozen=True)
class Ranges:
    """Between which cosines something is told; outside them all counts as nothing, or as sure."""

    text: tuple[float, float]  # of a text and a picture
    picture: tuple[float, float]  # of two pictures


def rank_captions(
    texts: NDArray[np.float32], pictures: NDArray[np.float32], alike: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(n,) the rank, from 1, of the best right picture for each text.

    `texts` and `pictures` are (n, dim) unit vectors in the same order; `alike` (n,) numbers what
    is equally right. Of equal scores the wrong one counts as better.
    """
    scores = texts @ pictures.T  # (text, picture)
    right = alike[:, None] == alike
    best = np.where(right, scores, -np.inf).max(axis=1)
    ranks: NDArray[np.int64] = 1 + ((scores >= best[:, None]) & ~right).sum(axis=1)
    return ranks


def measure_recall(ranks: NDArray[np.int64]) -> Recall:
    """What ranks amount to."""
    at_1, at_10, at_100 = (round(float((ranks <= most).mean()), 4) for most in (1, 10, 100))
    return Recall(at_1, at_10, at_100, float(np.median(ranks)))


def measure_ranges(texts: NDArray[np.float32], pictures: NDArray[np.float32]) -> Ranges:
    """From vectors (n, dim) of captions and of their pictures.

    The lower ends are the medians of chance pairs. The upper ends leave room, since what is cut
    off there can no longer be told apart: the nearest pair and half a tenth, and 1.
    """
    chance, near = np.median(texts @ pictures.T), np.median(pictures @ pictures.T)
    nearest = min(1.0, float((texts @ pictures.T).max()) + 0.05)
    return Ranges((round(float(chance), 3), round(nearest, 3)), (round(float(near), 3), 1.0))


def write_figures(file: Path, points: Sequence[Point], settings: dict[str, object]) -> None:
    """Write the course of a training as JSON, with the settings it was begun with."""
    whole = {"settings": settings, "points": [asdict(point) for point in points]}
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    partial.replace(file)


def format_points(points: Sequence[Point]) -> str:
    """Points as JSON."""
    return json.dumps([asdict(point) for point in points])


def read_points(text: str) -> tuple[Point, ...]:
    """The points that `format_points` wrote."""
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Point, ...]).validate_json(text)
