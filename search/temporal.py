"""Windows of following shots, and the best chains of shots through them.

Kernels over the s shots of a generation, which lie in order of (video, time); no loop over shots.
Knows no query, and nothing of rows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from indexer.generations.generation import ShotTable, VideoTable

Indexes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]
Fusion = Literal["distance", "similarity", "harmonic"]


@dataclass(frozen=True, eq=False)
class Windows:
    """For every shot the half-open span of shots that may follow it; never itself."""

    first: Indexes  # (s,)
    end: Indexes  # (s,) >= first; equal where none may


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of a chain, for every shot as its match."""

    holds: Mask  # (s,)
    score: Scores | None  # (s,) in [0, 1]; None: a filter, which weighs nothing


@dataclass(frozen=True, eq=False)
class Chains:
    """The best chain from every shot on."""

    windows: Windows
    holds: tuple[Mask, ...]  # of each stage (s,): the shot matches, and the later stages follow
    worth: tuple[Scores, ...]  # of each stage (s,): of the chain from here on; larger is better


def windows_by_shots(videos: VideoTable, shots: ShotTable, within: int) -> Windows:
    """The next `within` shots of the same video."""
    first = np.arange(1, len(shots) + 1)
    last = videos.first_shot[shots.video + 1]
    return Windows(first, np.minimum(first + within, last))


def windows_by_ms(videos: VideoTable, shots: ShotTable, within_ms: int) -> Windows:
    """The later shots of the same video that start at most `within_ms` after the shot's end."""
    first = np.arange(1, len(shots) + 1)
    video = shots.video.astype(np.int64)
    span = int(shots.end_ms.max(initial=0)) + within_ms + 1  # more than any time asked for
    starts = video * span + shots.start_ms
    end = np.searchsorted(starts, video * span + shots.end_ms + within_ms, side="right")
    last = videos.first_shot[video + 1]
    return Windows(first, np.maximum(np.minimum(end, last), first))


def window_max(values: Scores, windows: Windows) -> Scores:
    """(s,) the largest value in each shot's window, -inf where that is empty.

    A sparse table (Bender and Farach-Colton, The LCA Problem Revisited, 2000), one level at a time:
    two overlapping spans of 2^level values cover every window of that length to twice it.
    """
    size = windows.end - windows.first
    best = np.full(len(values), -np.inf)
    level = values
    for power in range(int(size.max(initial=0)).bit_length()):
        width = 1 << power
        here = np.flatnonzero((size >= width) & (size < 2 * width))
        best[here] = np.maximum(level[windows.first[here]], level[windows.end[here] - width])
        level = np.maximum(level[:-width], level[width:])  # (s - 2 * width + 1,)
    return best


def window_any(mask: Mask, windows: Windows) -> Mask:
    """(s,) whether anything in each shot's window is true."""
    before = np.concatenate([[0], np.cumsum(mask)])
    return before[windows.end] > before[windows.first]


def link(stages: Sequence[Stage], windows: Windows, fusion: Fusion) -> Chains:
    """The best chains, from the last stage back to the first (dynamic programming)."""
    holds, worth = stages[-1].holds, _own_worth(stages[-1], fusion)
    all_holds, all_worth = [holds], [worth]
    for stage in reversed(stages[:-1]):
        follows = window_any(holds, windows)
        best = window_max(np.where(holds, worth, -np.inf), windows)
        holds = stage.holds & follows
        worth = _join(_own_worth(stage, fusion), np.where(follows, best, -1.0), fusion)
        all_holds.append(holds)
        all_worth.append(worth)
    return Chains(windows, tuple(all_holds[::-1]), tuple(all_worth[::-1]))


def score_chains(chains: Chains, stages: Sequence[Stage], fusion: Fusion) -> Scores | None:
    """(s,) the score in [0, 1] of the best chain from each shot, 0 where none; None: all filter."""
    scoring = sum(stage.score is not None for stage in stages)
    if not scoring:
        return None
    worth = chains.worth[0]
    if fusion == "distance":
        score = 1.0 + worth
    elif fusion == "similarity":
        score = worth
    else:
        score = scoring / -np.where(chains.holds[0], worth, -1.0)
    return np.where(chains.holds[0], score, 0.0)


def follow(chains: Chains, shot: int) -> list[int]:
    """The shots of the best chain from one shot on, the earliest of equals, itself first."""
    chain = [shot]
    for holds, worth in zip(chains.holds[1:], chains.worth[1:], strict=True):
        first, end = chains.windows.first[chain[-1]], chains.windows.end[chain[-1]]
        may = first + np.flatnonzero(holds[first:end])
        chain.append(int(may[np.argmax(worth[may])]))
    return chain


def fuse(scores: Sequence[float], fusion: Fusion) -> float:
    """The score of one chain from the scores of its stages that score."""
    if fusion == "distance":
        return 1.0 - math.prod(1.0 - score for score in scores)
    if fusion == "similarity":
        return math.prod(scores)
    return len(scores) / math.fsum(1.0 / score for score in scores) if all(scores) else 0.0


def _own_worth(stage: Stage, fusion: Fusion) -> Scores:
    """What a stage adds to a chain, larger is better.

    Distance: s - 1, so that a chain is worth minus the product of its distances. Similarity: s.
    Harmonic: -1 / s. A stage that only filters adds what changes nothing.
    """
    if stage.score is None:
        neutral = {"distance": -1.0, "similarity": 1.0, "harmonic": 0.0}[fusion]
        return np.full(len(stage.holds), neutral)
    if fusion == "distance":
        return stage.score - 1.0
    if fusion == "similarity":
        return stage.score
    with np.errstate(divide="ignore"):  # a score of 0 makes the whole chain worth -inf: score 0
        return -1.0 / stage.score


def _join(own: Scores, rest: Scores, fusion: Fusion) -> Scores:
    """A stage and the best chain after it."""
    if fusion == "distance":
        return -(own * rest)
    return own * rest if fusion == "similarity" else own + rest
