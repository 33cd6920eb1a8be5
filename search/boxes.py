"""Boxes in videos as packed columns, in order of shot and time.

Sized for ten million boxes: all work is on sorted arrays, none is a loop over rows. Knows no query,
no detector, and neither who nor what is in a box.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.layout import Floats, Indexes, expand

Whole: TypeAlias = NDArray[np.integer[Any]]
NO_TRACK = -1
INTERPOLATED = -1


@dataclass(frozen=True, eq=False)
class Samples:
    """The moments at which detectors looked, ascending by (shot, time), each once.

    Shots are numbered over the collection, so that no shot is of two videos.
    """

    shot: Whole  # (m,)
    time_ms: Whole  # (m,)

    def __len__(self) -> int:
        return len(self.shot)

    def find(self, shot: Whole, time_ms: Whole) -> Indexes:
        """The samples (n,) of these moments, -1 where nobody looked."""
        if not len(self):
            return np.full(len(shot), -1)
        times = (self.time_ms, time_ms)
        least = min(int(each.min(initial=0)) for each in times)
        span = max(int(each.max(initial=0)) for each in times) - least + 1
        keys = self.shot.astype(np.int64) * span + self.time_ms - least
        wanted = shot.astype(np.int64) * span + time_ms - least
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[places] == wanted, places, -1)


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes of one kind that was asked for, ascending by sample."""

    sample: Whole  # (n,) its number among the samples
    box: Floats  # (n, 4) x0, y0, x1, y1, fractions of width and height
    score: Floats  # (n,) how surely it is the person or the action that is asked for
    track: Whole  # (n,) numbered over the collection, NO_TRACK where nothing follows it
    row: Whole  # (n,) its number in the caller's table, INTERPOLATED where it was not detected

    def __len__(self) -> int:
        return len(self.sample)

    @property
    def interpolated(self) -> NDArray[np.bool_]:
        """(n,) it was not detected, but filled in between two that were."""
        return np.asarray(self.row < 0)

    def take(self, places: Indexes | NDArray[np.bool_]) -> "Boxes":
        """Some of them; the places ascend."""
        return Boxes(
            self.sample[places], self.box[places], self.score[places], self.track[places],
            self.row[places],
        )  # fmt: skip


def sort_boxes(sample: Whole, box: Floats, score: Floats, track: Whole | None = None) -> Boxes:
    """Columns in any order as boxes, each with its place in them as its row.

    Args:
        sample: (n,) numbers of samples.
        box: (n, 4).
        score: (n,).
        track: (n,); None: nothing is followed.
    """
    order = np.argsort(sample, kind="stable")
    tracks = np.full(len(sample), NO_TRACK) if track is None else track[order]
    return Boxes(sample[order], box[order], score[order], tracks, order)


def keep_shots(boxes: Boxes, samples: Samples, shots: Whole) -> Boxes:
    """The boxes in some shots, without looking at the others.

    Args:
        boxes: all.
        samples: of the collection.
        shots: (k,) ascending, each once.
    """
    first, end = find_spans(samples.shot, shots)
    begin, stop = find_borders(boxes.sample, first), find_borders(boxes.sample, end)
    return boxes.take(expand(begin, stop)[1])


def find_spans(values: Whole, wanted: Whole) -> tuple[Indexes, Indexes]:
    """Where each wanted value (k,) begins and ends among ascending values; both (k,)."""
    return find_borders(values, wanted), find_borders(values, wanted, side_right=True)


def find_borders(values: Whole, wanted: Whole, *, side_right: bool = False) -> Indexes:
    """`searchsorted` in the type of the values, which would be copied whole for another."""
    asked: Whole = wanted.astype(values.dtype, copy=False)
    places = values.searchsorted(asked, side="right" if side_right else "left")
    return places.astype(np.int64, copy=False)
