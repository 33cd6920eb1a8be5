"""How well transitions between shots were found: one-to-one matches within a tolerance.

The rule. A transition is an interval in time: a cut has no length, a dissolve has. One found and
one true transition can be matched if the gap between them is at most the tolerance (it is 0 where
they overlap), each with one other at most, so that as many as possible are matched. So a cut counts
if it is at most the tolerance away, a gradual one if it is overlapped or as near. This is the rule
of the published figures of TransNetV2 (Souček and Lokoč, 2020) and AutoShot (Zhu et al., 2023),
there with 2 frames. The unit is whatever both sides share: frames or milliseconds. Counts of videos
are summed before they are divided: micro-averaged. Knows nothing of how transitions were found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

UNMATCHED = -1


@dataclass(frozen=True)
class Counts:
    """Transitions that were matched, found where there is none, and missed."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Those of both."""
        return Counts(
            self.right + other.right, self.false + other.false, self.missed + other.missed
        )

    @property
    def precision(self) -> float:
        """Of those found, the share that is right; 0 if none was found."""
        return self.right / max(self.right + self.false, 1)

    @property
    def recall(self) -> float:
        """Of the true ones, the share that was found; 0 if there is none."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """2 right / (2 right + false + missed)."""
        return 2 * self.right / max(2 * self.right + self.false + self.missed, 1)

    def to_json(self) -> dict[str, Any]:
        """Precision, recall and F1, with the number of true ones."""
        return {
            "n": self.right + self.missed,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


@dataclass(frozen=True)
class ShotFigures:
    """Counts of cuts, of gradual transitions, and of all."""

    cuts: Counts = Counts()
    gradual: Counts = Counts()
    all: Counts = Counts()

    def __add__(self, other: "ShotFigures") -> "ShotFigures":
        """Those of both."""
        return ShotFigures(
            self.cuts + other.cuts, self.gradual + other.gradual, self.all + other.all
        )

    def to_json(self) -> dict[str, Any]:
        """One object for each kind."""
        return {name: getattr(self, name).to_json() for name in ("cuts", "gradual", "all")}


def match_transitions(found: ArrayLike, true: ArrayLike, tolerance: float) -> Ints:
    """The true transition matched with each found one, or `UNMATCHED`; as many pairs as possible.

    Both sides in order, the earliest that can be matched are: exact where no transition of a side
    lies within another of that side, as on a film's time line.

    Args:
        found: (n, 2) start and end.
        true: (m, 2) start and end, in the same unit.
        tolerance: the widest gap between the two of a pair, in that unit.

    Returns:
        (n,) numbers of true transitions.

    Raises:
        ValueError: an end lies before its start, or the shape is another.
    """
    ours, theirs = _read(found), _read(true)
    our_order, true_order = _sort(ours), _sort(theirs)
    pairs = np.full(len(ours), UNMATCHED, dtype=np.int64)
    i = j = 0
    while i < len(ours) and j < len(theirs):
        start, end = ours[our_order[i]]
        true_start, true_end = theirs[true_order[j]]
        if end + tolerance < true_start:
            i += 1
        elif true_end + tolerance < start:
            j += 1
        else:
            pairs[our_order[i]] = true_order[j]
            i, j = i + 1, j + 1
    return pairs


def count_transitions(
    found: ArrayLike,
    true: ArrayLike,
    tolerance: float,
    *,
    longest_cut: float = 0.0,
    tells_kinds: bool = False,
) -> ShotFigures:
    """The counts of one video; add those of several, then read precision, recall and F1.

    A pair, and what was missed, is counted with the kind of the true transition. What was found in
    vain is counted with both kinds, unless the detector tells them: then with its own.

    Args:
        found: (n, 2) start and end.
        true: (m, 2) start and end, in the same unit.
        tolerance: the widest gap between the two of a pair.
        longest_cut: a longer transition is gradual.
        tells_kinds: what was found has the length it had; false: only moments are found.

    Raises:
        ValueError: an end lies before its start, or the shape is another.
    """
    pairs = match_transitions(found, true, tolerance)
    ours, theirs = _read(found), _read(true)
    is_matched = np.isin(np.arange(len(theirs)), pairs)
    is_gradual = theirs[:, 1] - theirs[:, 0] > longest_cut
    vain = ours[pairs == UNMATCHED]
    looks_gradual = vain[:, 1] - vain[:, 0] > longest_cut
    by_kind = int((~looks_gradual).sum()), int(looks_gradual.sum())
    false = by_kind if tells_kinds else (len(vain), len(vain))

    def count(kind: NDArray[np.bool_], in_vain: int) -> Counts:
        return Counts(int((is_matched & kind).sum()), in_vain, int((~is_matched & kind).sum()))

    return ShotFigures(
        count(~is_gradual, false[0]),
        count(is_gradual, false[1]),
        count(np.ones(len(theirs), dtype=bool), len(vain)),
    )


def count_videos(
    videos: Iterable[tuple[ArrayLike, ArrayLike]],
    tolerance: float,
    *,
    longest_cut: float = 0.0,
    tells_kinds: bool = False,
) -> ShotFigures:
    """The counts of several videos, each (found, true), summed."""
    counts = (
        count_transitions(found, true, tolerance, longest_cut=longest_cut, tells_kinds=tells_kinds)
        for found, true in videos
    )
    return sum(counts, ShotFigures())


def score_to_shots(scores: ArrayLike, threshold: float) -> Ints:
    """The shots between the runs of frames whose score is above the threshold.

    As TransNetV2's `predictions_to_scenes` does: a shot ends with the first frame of a run, the
    next begins behind its last; a run at the video's very beginning or end parts nothing.

    Args:
        scores: (frames,) of being part of a transition.
        threshold: of being one.

    Returns:
        (shots, 2) first and last frame; one shot of all frames if every score is above.
    """
    values = np.asarray(scores)
    above = np.concatenate(([True], values > threshold, [True]))
    steps = np.diff(above.astype(np.int8))
    starts, behind = np.flatnonzero(steps == -1), np.flatnonzero(steps == 1)
    if not len(starts):
        return np.array([[0, len(values) - 1]], dtype=np.int64)
    return np.stack((starts, np.minimum(behind, len(values) - 1)), axis=1)


def find_transitions(shots: ArrayLike) -> Floats:
    """The transitions between shots given by their first and last frame.

    A cut lies midway between two frames; a gradual one reaches from behind the last frame of a shot
    to before the first of the next, and frames of no shot lie within it.

    Args:
        shots: (shots, 2) numbers of frames, both included, in order.

    Returns:
        (shots - 1, 2) start and end in frames; a cut has no length.
    """
    spans = np.asarray(shots, dtype=np.float64).reshape(-1, 2)
    ends, starts = spans[:-1, 1] + 0.5, spans[1:, 0] - 0.5
    # A shot that ends with its transition's first frame may share it with the next.
    return np.stack((np.minimum(ends, starts), np.maximum(ends, starts)), axis=1)


def centre_transitions(starts_ms: Sequence[float], lengths_ms: Sequence[float]) -> Floats:
    """The transitions of shots that begin in the middle of the one that leads into them.

    Args:
        starts_ms: (shots,) in order; the first has no transition.
        lengths_ms: (shots,) of the transition into each; 0: a cut.

    Returns:
        (shots - 1, 2) start and end.
    """
    middles, lengths = np.asarray(starts_ms, np.float64)[1:], np.asarray(lengths_ms, np.float64)[1:]
    return np.stack((middles - lengths / 2, middles + lengths / 2), axis=1)


def _read(transitions: ArrayLike) -> Floats:
    values = np.asarray(transitions, dtype=np.float64)
    if not values.size:
        return np.zeros((0, 2))
    if values.ndim != 2 or values.shape[1] != 2:
        raise ValueError(f"transitions are (n, 2): start and end; these are {values.shape}")
    if (values[:, 1] < values[:, 0]).any():
        raise ValueError("a transition ends before it starts")
    return values


def _sort(transitions: Floats) -> Ints:
    return np.asarray(np.lexsort((transitions[:, 1], transitions[:, 0])), dtype=np.int64)
