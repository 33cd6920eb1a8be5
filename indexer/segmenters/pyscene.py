"""Content and adaptive detection by PySceneDetect; the one door to it.

The library counts frames and knows no clock here: a frame's index goes in, at a nominal rate that
plays no part (its minimal length of a shot is 15 frames), and indices that come back are given the
times we pushed. So frame rates may vary. Needs point-sampled pictures (a stride, no smoothing), on
which it finds the cuts of full frames.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

NOMINAL_RATE = 25.0  # frames per second


class PySceneSegmenter:
    """One of PySceneDetect's detectors with its own default settings."""

    def __init__(self, kind: str) -> None:
        """Make `content` or `adaptive` detection."""
        from scenedetect import FrameTimecode
        from scenedetect.detectors import AdaptiveDetector, ContentDetector

        detectors = {"content": ContentDetector, "adaptive": AdaptiveDetector}
        self._timecode = FrameTimecode
        self._detector: Any = detectors[kind]()
        self._behind = int(self._detector.event_buffer_length)
        self._times: deque[int] = deque(maxlen=self._behind + 1)  # of the frames a cut may name
        self._count = 0
        self._shape: tuple[int, ...] = ()
        self.settled_ms = 0

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        """Take the next frame's sample; a cut is told when the frames after it are known."""
        self._shape = self._shape or sample.shape
        if sample.shape != self._shape:
            sample = _resize(sample, self._shape)
        self._times.append(time_ms)
        self._count += 1
        at = self._timecode(self._count - 1, NOMINAL_RATE)
        cuts = self._map(self._detector.process_frame(at, sample))
        self.settled_ms = self._next_settled(time_ms)
        return cuts

    def _next_settled(self, time_ms: int) -> int:
        """The next frame may name itself or one of the `behind` frames before it."""
        if not self._behind:
            return time_ms + 1
        return self._times[-min(self._behind, len(self._times))]

    def finish(self) -> Sequence[int]:
        """No more frames."""
        if not self._count:
            return ()
        at = self._timecode(self._count - 1, NOMINAL_RATE)
        return self._map(self._detector.post_process(at))

    def _map(self, cuts: Iterable[Any]) -> list[int]:
        """Frame indices to the times that were pushed; the first frame is no cut."""
        indices = sorted({cut.frame_num for cut in cuts})
        return [self._times[index - self._count] for index in indices if index > 0]


def _resize(sample: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A frame of another size, point-sampled to the size of the first."""
    resized: NDArray[np.uint8] = cv2.resize(
        sample, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST
    )
    return resized
