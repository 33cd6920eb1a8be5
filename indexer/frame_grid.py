"""The frames that analyzers ask for at a rate, kept until the shot they belong to is known.

Knows nothing of cuts, of keyframes, of who asked.
"""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analyzers.clip import Picture
from indexer.media import Frame
from indexer.shelf import Shelf, Shelved

Rate: TypeAlias = tuple[float, int]  # frames per second, longer side in px


class FrameGrid:
    """Takes every frame, keeps the first one at or after each tick k / rate of the video's time.

    The ticks are rounded to ms, as the times of frames are. A frame that is the first one after
    several ticks is kept once. Each kept frame stands for the time until the next one of its shot.
    """

    def __init__(self, rates: Sequence[Rate]) -> None:
        """Keep frames at each of these rates and sizes."""
        self._due = dict.fromkeys(rates, -(1 << 62))
        self._earliest = min(self._due.values(), default=1 << 62)
        self._kept: dict[Rate, deque[tuple[int, Shelved]]] = {rate: deque() for rate in rates}
        self._shelf = Shelf()

    def push(self, frame: Frame) -> None:
        """Take the next frame; its pixels are made only if it is kept."""
        time_ms = frame.time_ms
        if time_ms < self._earliest:
            return
        scaled: dict[int, Shelved] = {}
        for rate, due in self._due.items():
            if time_ms < due:
                continue
            px = rate[1]
            if px not in scaled:
                scaled[px] = self._shelf.put(frame.picture(px))
            self._kept[rate].append((time_ms, scaled[px]))
            self._due[rate] = _next_tick(time_ms, rate[0])
        self._earliest = min(self._due.values())

    def take(self, start_ms: int, end_ms: int) -> dict[Rate, tuple[Picture, ...]]:
        """The frames of the shot that ends here, under each rate; a short shot may have none."""
        self._shelf = Shelf()
        return {rate: _pictures(kept, start_ms, end_ms) for rate, kept in self._kept.items()}


def _next_tick(time_ms: int, rate: float) -> int:
    """The first tick after this time, in ms."""
    tick = int(time_ms * rate / 1000)
    while round(tick * 1000 / rate) <= time_ms:
        tick += 1
    return round(tick * 1000 / rate)


def _pictures(kept: deque[tuple[int, Shelved]], start_ms: int, end_ms: int) -> tuple[Picture, ...]:
    mine: list[tuple[int, NDArray[np.uint8]]] = []
    while kept and kept[0][0] < end_ms:
        time_ms, shelved = kept.popleft()
        mine.append((time_ms, shelved.array()))
    edges = [start_ms, *(time_ms for time_ms, _ in mine[1:]), end_ms]
    return tuple(
        Picture(time_ms, *span, pixels)
        for (time_ms, pixels), span in zip(mine, pairwise(edges), strict=False)
    )
