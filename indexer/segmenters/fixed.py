"""Windows of equal length, for videos that nobody edited. Does not look at pictures."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class FixedSegmenter:
    """A new shot at the first frame at or after each multiple of the length."""

    def __init__(self, seconds: float) -> None:
        """Cut into windows of this length, counted from the first frame."""
        self._length_ms = seconds * 1000
        self._first_ms = 0
        self._window = 0  # the number of the one that is open
        self.settled_ms = 0

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        """Take the next frame's time."""
        if not self._window:
            self._first_ms = time_ms
            self._begin(1)
            return ()
        if time_ms < self.settled_ms:
            return ()
        self._begin(int((time_ms - self._first_ms) / self._length_ms) + 1)
        return (time_ms,)

    def _begin(self, window: int) -> None:
        self._window = window
        self.settled_ms = round(self._first_ms + window * self._length_ms)

    def finish(self) -> Sequence[int]:
        """Nothing is left to say."""
        return ()
