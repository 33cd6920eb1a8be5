"""Windows of following shots, and the best chains of shots through them.

Kernels over the s shots of a generation, which lie in order of (video, time); no loop over shots.
Knows no query, and nothing of rows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indexer.generations.generation import ShotTable, VideoTable
from indexer.generations.kernel import best_following
from search.layout import Floats, Indexes, expand, first_of_each
from search.outcome import Mask, mask_out

Fusion = Literal["distance", "similarity", "harmonic"]
NOWHERE = 1e38  # what is taken off where a stage does not hold
NEVER = 1e30  # 1 / score of a score of 0: chains through it score 0
LEAST = {"distance": -1.0, "similarity": 0.0, "harmonic": -100 * NEVER}  # worth of any chain


@dataclass(frozen=True)
class WithinShots:
    """The next so many shots of the same video."""

    count: int

    def ends(self, videos: VideoTable, shots: ShotTable) -> Indexes:
        """(s,) where each shot's window ends."""
        ends = np.arange(self.count + 1, self.count + 1 + len(shots))
        return np.minimum(ends, videos.first_shot[1:][shots.video], out=ends)


@dataclass(frozen=True)
class WithinMs:
    """The later shots of the same video that start at most so long after the shot's end."""

    ms: int

    def ends(self, videos: VideoTable, shots: ShotTable) -> Indexes:
        """(s,) where each shot's window ends."""
        video = shots.video.astype(np.int64)
        span = int(shots.end_ms.max(initial=0)) + self.ms + 1  # more than any time asked for
        starts = video * span + shots.start_ms
        ends = np.searchsorted(starts, video * span + shots.end_ms + self.ms, side="right")
        # Shots may overlap, so that a shot's end lies after the next one's; ends never fall.
        ends = np.minimum(np.maximum.accumulate(ends), videos.first_shot[1:][video])
        return np.maximum(ends, np.arange(1, len(shots) + 1))


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of a chain, for every shot as its match."""

    holds: Mask | None  # (s,) None: everywhere
    score: Floats | None  # (s,) in [0, 1]; None: a filter, which weighs nothing


@dataclass(frozen=True, eq=False)
class Chains:
    """The best chain from every shot on."""

    ends: Indexes  # (s,) of the windows: the shots i + 1 to ends[i] - 1 may follow shot i
    holds: tuple[Mask | None, ...]  # of each stage (s,): the shot matches, and the later follow
    worth: tuple[Floats, ...]  # of each stage (s,): of the chain from here on; larger is better


def link(stages: Sequence[Stage], ends: Indexes, fusion: Fusion) -> Chains:
    """The best chains, from the last stage back to the first (dynamic programming)."""
    holds, worth = stages[-1].holds, _own_worth(stages[-1], len(ends), fusion)
    all_holds, all_worth = [holds], [worth]
    for stage in reversed(stages[:-1]):
        may = worth if holds is None else mask_out(worth.copy(), holds, NOWHERE)
        best = best_following(may, ends)
        follows = best > -NOWHERE / 2
        holds = follows if stage.holds is None else stage.holds & follows
        np.maximum(best, LEAST[fusion], out=best)
        worth = _join(_own_worth(stage, len(ends), fusion), best, fusion)
        all_holds.append(holds)
        all_worth.append(worth)
    return Chains(ends, tuple(all_holds[::-1]), tuple(all_worth[::-1]))


def score_chains(chains: Chains, stages: Sequence[Stage], fusion: Fusion) -> Floats | None:
    """(s,) the score in [0, 1] of the best chain from each shot; None: all filter."""
    scoring = sum(stage.score is not None for stage in stages)
    if not scoring:
        return None
    if fusion == "distance":
        return 1 + chains.worth[0]
    if fusion == "similarity":
        return chains.worth[0]
    score = np.float32(-scoring) / chains.worth[0]
    score *= score > 1 / NEVER**0.5  # a stage of score 0 makes the whole chain score 0
    return score


def follow(chains: Chains, shots: Indexes) -> list[Indexes]:
    """The shots of the best chain from each of some shots (k,) on, stage by stage.

    The earliest of equals; the first stage is `shots` itself. Chains begin at all of them.
    """
    chosen = [shots]
    for holds, worth in zip(chains.holds[1:], chains.worth[1:], strict=True):
        owner, may = expand(chosen[-1] + 1, chains.ends[chosen[-1]])
        value = worth[may]
        if holds is not None:
            value = np.where(holds[may], value, -np.inf)
        chosen.append(may[first_of_each(owner, -value)])
    return chosen


def find_next(chains: Chains, shots: Indexes, stage: int, slack: float) -> Indexes:
    """The shots, ascending, that may come next in the best chains from some shots (k,) on.

    Args:
        chains: as far as they are known.
        shots: where the stage before lies.
        stage: the next one's number, from 1.
        slack: how much less than the best a chain may seem worth.
    """
    owner, may = expand(shots + 1, chains.ends[shots])
    holds, worth = chains.holds[stage], chains.worth[stage]
    if holds is not None:
        kept = holds[may]
        owner, may = owner[kept], may[kept]
    value = worth[may]
    best = value[first_of_each(owner, -value)]  # of each shot, as every one is followed by some
    return np.unique(may[value >= np.repeat(best, np.bincount(owner)) - slack])


def fuse(scores: Sequence[float], fusion: Fusion) -> float:
    """The score of one chain from the scores of its stages that score."""
    if fusion == "distance":
        return 1.0 - math.prod(1.0 - score for score in scores)
    if fusion == "similarity":
        return math.prod(scores)
    return len(scores) / math.fsum(1.0 / score for score in scores) if all(scores) else 0.0


def _own_worth(stage: Stage, size: int, fusion: Fusion) -> Floats:
    """What a stage adds to a chain, larger is better. Fresh, but for similarity.

    Distance: s - 1, so that a chain is worth minus the product of its distances. Similarity: s.
    Harmonic: -1 / s. A stage that only filters adds what changes nothing.
    """
    if stage.score is None:
        neutral = {"distance": -1.0, "similarity": 1.0, "harmonic": 0.0}[fusion]
        return np.full(size, neutral, np.float32)
    if fusion == "distance":
        return stage.score - 1
    if fusion == "similarity":
        return stage.score
    return -np.reciprocal(np.maximum(stage.score, np.float32(1 / NEVER)))


def _join(own: Floats, rest: Floats, fusion: Fusion) -> Floats:
    """A stage and the best chain after it; the array of the latter is used for the result."""
    if fusion == "harmonic":
        return np.add(own, rest, out=rest)
    joined = np.multiply(own, rest, out=rest)
    return np.negative(joined, out=joined) if fusion == "distance" else joined
