"""Follows persons and things through a shot: boxes that belong together get one number.

Overlap says who is who while samples are close in time, appearance where they lie seconds apart;
between the two their weights change over smoothly. Each sample is matched with the tracks so far,
best pair first (greedy, one to one). Pure arrays: knows nothing of pictures, models or findings; it
predicts no movement, and two who look alike and cross between two samples may change places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Gates:
    """What two samples of one track have in common; cosines are on the scale of the vectors."""

    min_overlap: float = 0.3  # IoU that is enough
    still_ms: int = 5000  # how long overlap is believed where no vector is
    close_ms: int = (
        1000  # the same beside vectors; so long a short way is enough, a long one no way
    )
    short_way: float = 0.75  # in widths and heights of the box, as all ways
    half_ms: int = 500  # after which overlap counts half of what it did
    min_cosine: float = 0.45  # that is enough where the way is possible
    boxes_per_second: float = 4.0  # and one more: the longest way
    other_cosine: float = 0.0  # below it nothing overlaps well enough: another one
    min_trust: float = 0.4  # below it a vector says nothing, and overlap alone decides
    max_gap_ms: int = 30_000  # since a track was last seen


@dataclass(frozen=True, eq=False)
class Looks:
    """What the boxes of one sample look like."""

    vectors: NDArray[np.floating]  # (n, dim) unit
    trust: NDArray[np.floating]  # (n,) in [0, 1], how far each vector is to be believed


@dataclass(eq=False)
class _Tracks:
    """The tracks so far, as arrays side by side."""

    boxes: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))
    seen_ms: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    sums: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))  # trust * vector
    trust: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # of its best vector

    def add(self, time_ms: int, boxes: NDArray[np.float64], looks: Looks) -> NDArray[np.int64]:
        """Begin tracks; their numbers."""
        first = len(self.boxes)
        sums = looks.trust[:, None] * looks.vectors
        self.boxes = np.concatenate([self.boxes, boxes])
        self.seen_ms = np.append(self.seen_ms, np.full(len(boxes), time_ms))
        self.sums = np.concatenate([self.sums.reshape(first, sums.shape[1]), sums])
        self.trust = np.append(self.trust, looks.trust)
        return np.arange(first, len(self.boxes))

    def update(
        self, at: NDArray[np.int64], time_ms: int, boxes: NDArray[np.float64], looks: Looks
    ) -> None:
        """Go on with tracks."""
        self.boxes[at], self.seen_ms[at] = boxes, time_ms
        self.sums[at] += looks.trust[:, None] * looks.vectors
        self.trust[at] = np.maximum(self.trust[at], looks.trust)


def link_tracks(
    times_ms: Sequence[int],
    boxes: Sequence[NDArray[np.floating]],
    looks: Sequence[Looks] | None = None,
    gates: Gates | None = None,
) -> list[NDArray[np.int64]]:
    """The number of the track of each box, counted from 0 in the order in which tracks begin.

    Args:
        times_ms: of the samples, ascending.
        boxes: of each sample, (n, 4).
        looks: of the boxes of each sample; None to follow by overlap alone.
        gates: the values of `Gates` if None.

    Returns:
        For each sample (n,); no two boxes of a sample share a number.
    """
    chosen, tracks = gates or Gates(), _Tracks()
    numbers = []
    for index, (time_ms, found) in enumerate(zip(times_ms, boxes, strict=True)):
        here = np.asarray(found, np.float64).reshape(-1, 4)
        look = looks[index] if looks is not None else _look_alike(len(here))
        numbers.append(_follow(tracks, time_ms, here, look, chosen))
    return numbers


def _look_alike(count: int) -> Looks:
    return Looks(np.empty((count, 0)), np.zeros(count))


def _follow(
    tracks: _Tracks, time_ms: int, boxes: NDArray[np.float64], looks: Looks, gates: Gates
) -> NDArray[np.int64]:
    """Match one sample with the tracks and bring them up to date."""
    numbers = np.full(len(boxes), -1, np.int64)
    if not len(boxes):
        return numbers
    if len(tracks.boxes):
        active = np.flatnonzero(time_ms - tracks.seen_ms <= gates.max_gap_ms)
        at, box = match_best(_compare(tracks, active, time_ms, boxes, looks, gates))
        numbers[box] = active[at]
        tracks.update(active[at], time_ms, boxes[box], Looks(looks.vectors[box], looks.trust[box]))
    new = numbers < 0
    begun = Looks(looks.vectors[new], looks.trust[new])
    numbers[new] = tracks.add(time_ms, boxes[new], begun)
    return numbers


def _compare(
    tracks: _Tracks,
    active: NDArray[np.int64],
    time_ms: int,
    boxes: NDArray[np.float64],
    looks: Looks,
    gates: Gates,
) -> NDArray[np.float64]:
    """How well tracks and boxes fit, (active, n); -inf where a gate is shut."""
    sums = tracks.sums[active]
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    cosine = sums / lengths @ np.asarray(looks.vectors, np.float64).T
    trusted = np.minimum.outer(tracks.trust[active], looks.trust) >= gates.min_trust
    gap_ms = (time_ms - tracks.seen_ms[active])[:, None]
    close = gap_ms <= gates.close_ms
    overlap = overlap_boxes(tracks.boxes[active], boxes)
    way = _measure_way(tracks.boxes[active], boxes)
    here = (overlap >= gates.min_overlap) | (close & (way <= gates.short_way))
    known = np.where(trusted, close & (cosine >= gates.other_cosine), gap_ms <= gates.still_ms)
    stays = here & known
    possible = ~close | (way <= 1 + gates.boxes_per_second * gap_ms / 1000)
    comes = trusted & possible & (cosine >= gates.min_cosine)
    weight = np.where(trusted, 0.5 ** (gap_ms / gates.half_ms), 1.0)
    place = np.maximum(overlap, gates.min_overlap * (1 - way))  # falls on where overlap ends
    return np.where(stays | comes, weight * place + (1 - weight) * cosine, -np.inf)


def match_best(fitness: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of a row and a column, the best first, each row and column at most once.

    Args:
        fitness: (rows, columns); -inf never pairs. Of equals the first row, then column, wins.
    """
    rows, columns = np.nonzero(fitness > -np.inf)
    order = np.argsort(-fitness[rows, columns], kind="stable")
    free_row = np.ones(fitness.shape[0], bool)
    free_column = np.ones(fitness.shape[1], bool)
    pairs = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if free_row[row] and free_column[column]:
            free_row[row] = free_column[column] = False
            pairs.append((row, column))
    taken = np.array(pairs, np.int64).reshape(-1, 2)
    return taken[:, 0], taken[:, 1]


def _measure_way(some: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the middles of boxes (n, 4) and (m, 4) lie apart, in sizes of the former, (n, m)."""
    middles = [(boxes[:, :2] + boxes[:, 2:]) / 2 for boxes in (some, others)]
    size = np.maximum(some[:, 2:] - some[:, :2], 1e-9)
    ways = np.abs(middles[1][None, :] - middles[0][:, None]) / size[:, None]
    return np.asarray(ways.max(axis=2), np.float64)


def overlap_boxes(some: NDArray[np.floating], others: NDArray[np.floating]) -> NDArray[np.float64]:
    """Intersection over union of boxes (n, 4) with boxes (m, 4), (n, m)."""
    low = np.maximum(some[:, None, :2], others[None, :, :2])
    high = np.minimum(some[:, None, 2:], others[None, :, 2:])
    common: NDArray[np.float64] = np.maximum(high - low, 0.0).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (some, others)]
    union = areas[0][:, None] + areas[1][None, :] - common
    shares: NDArray[np.float64] = np.zeros_like(common)
    np.divide(common, union, out=shares, where=union > 0)
    return shares
