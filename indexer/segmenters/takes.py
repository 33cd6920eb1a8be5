"""Cuts long takes into windows, on top of any shot detection. Does not look at pictures.

The rule. While 30 s or more of a take are left, a window of 20 s is cut off. What is left when the
take ends is halved if it is longer than 20 s. So a window of a take that was cut is at least 10 s
and at most 20 s long, give or take a frame. A window begins at the first frame at or after its
time. It is a rule about the cuts alone: it does not matter how late they are told.
"""

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.segmenter import Segmenter

WINDOW_MS = 20_000
ENOUGH_MS = 30_000


class TakeSegmenter:
    """Passes on another segmenter's cuts and adds those that part its long takes."""

    def __init__(self, inner: Segmenter) -> None:
        """Cut the takes that `inner` leaves."""
        self._inner = inner
        self._times: deque[int] = deque()  # of the open window's frames, and those after it
        self._step_ms = 1
        self.settled_ms = 0

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        """Take the next frame; a window is cut off when its take is known to be long enough."""
        if self._times:
            self._step_ms = time_ms - self._times[-1]
        self._times.append(time_ms)
        cuts: list[int] = []
        for cut_ms in self._inner.push(time_ms, sample):
            cuts += self._end_take(cut_ms)
        certain_ms = min(self._inner.settled_ms, time_ms)
        cuts += self._cut_windows(certain_ms)
        start_ms = self._times[0]
        halves_ms = max(WINDOW_MS // 2, (certain_ms - start_ms) // 2)
        self.settled_ms = min(self._inner.settled_ms, start_ms + halves_ms)
        return cuts

    def finish(self) -> Sequence[int]:
        """The last take is over one frame after the last frame."""
        cuts: list[int] = []
        for cut_ms in self._inner.finish():
            cuts += self._end_take(cut_ms)
        if self._times:
            cuts += self._windows(self._times[-1] + self._step_ms)
        return cuts

    def _end_take(self, cut_ms: int) -> Iterator[int]:
        yield from self._windows(cut_ms)
        self._begin(cut_ms)
        yield cut_ms

    def _windows(self, end_ms: int) -> Iterator[int]:
        """The cuts in a take that ends here."""
        yield from self._cut_windows(end_ms)
        left_ms = end_ms - self._times[0]
        if left_ms > WINDOW_MS:
            yield from self._cut(left_ms // 2, end_ms)

    def _cut_windows(self, certain_ms: int) -> Iterator[int]:
        """The cuts in a take that reaches at least to this time."""
        while certain_ms - self._times[0] >= ENOUGH_MS:
            start_ms = self._times[0]
            yield from self._cut(WINDOW_MS, certain_ms)
            if self._times[0] == start_ms:
                return

    def _cut(self, length_ms: int, end_ms: int) -> Iterator[int]:
        """End the window after this length, if there is a frame between there and the end."""
        after_ms = self._times[0] + length_ms
        found = next((time_ms for time_ms in self._times if time_ms >= after_ms), end_ms)
        if found < end_ms:
            self._begin(found)
            yield found

    def _begin(self, time_ms: int) -> None:
        while self._times[0] < time_ms:
            self._times.popleft()
