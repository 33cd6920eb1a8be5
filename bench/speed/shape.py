"""How a collection of V3C's shape is cut: into videos, shots, keyframes.

V3C1 and V3C2 hold 17,235 videos of 2,300 hours; with a keyframe every 3.3 s in shots of 9.2 s they
make 2.5 million rows in 0.9 million shots. Smaller ones have videos in proportion. Knows no times
and no vectors.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

V3C_VIDEOS = 17_235
V3C_KEYFRAMES = 2_500_000
V3C_SHOTS = 900_000
VIDEO_SPREAD = 0.9  # of the logarithm of a video's number of shots
SHOT_SPREAD = 0.9  # of the logarithm of a shot's number of keyframes
PART_SHOTS = 20_000


@dataclass(frozen=True, eq=False)
class Shape:
    """Shots of each video and rows of each shot, in order."""

    first_shot: NDArray[np.int64]  # (v + 1,) shots of video i: first_shot[i] to first_shot[i + 1]
    first_row: NDArray[np.int64]  # (s + 1,) rows of shot i: first_row[i] to first_row[i + 1]

    @property
    def videos(self) -> int:
        """How many."""
        return len(self.first_shot) - 1

    @property
    def shots(self) -> int:
        """How many."""
        return len(self.first_row) - 1

    @property
    def rows(self) -> int:
        """How many keyframes."""
        return int(self.first_row[-1])

    def shots_of_rows(self) -> NDArray[np.int64]:
        """The shot of each row: (n,)."""
        return np.repeat(np.arange(self.shots), np.diff(self.first_row))

    def videos_of_shots(self) -> NDArray[np.int64]:
        """The video of each shot: (s,)."""
        return np.repeat(np.arange(self.videos), np.diff(self.first_shot))

    def parts(self) -> Iterator[slice]:
        """Runs of about 20,000 shots, of whole videos."""
        borders, first = self.first_shot, 0
        while first < self.shots:
            video = int(np.searchsorted(borders, first + PART_SHOTS))
            end = int(borders[min(video, self.videos)])
            yield slice(first, end)
            first = end


def draw_shape(count: int, seed: int) -> Shape:
    """Cut `count` rows into shots and those into videos, each with log-normal lengths.

    Args:
        count: how many rows, at least one.
        seed: the same seed gives the same shape.
    """
    chance = np.random.default_rng([seed, 1])
    shots = max(1, round(count * V3C_SHOTS / V3C_KEYFRAMES))
    videos = min(shots, max(1, round(count * V3C_VIDEOS / V3C_KEYFRAMES)))
    return Shape(
        _divide(shots, chance.lognormal(0, VIDEO_SPREAD, videos)),
        _divide(count, chance.lognormal(0, SHOT_SPREAD, shots)),
    )


def _divide(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Borders (k + 1,) of k parts of `total` things: one each, the rest by weight."""
    shares = np.cumsum(weights) / weights.sum()
    rest = np.rint(shares * (total - len(weights))).astype(np.int64)
    return np.concatenate([[0], rest + np.arange(1, len(weights) + 1)])
