"""Content and adaptive detection as PySceneDetect does it, with its default settings.

The rules and the score are those of release 0.7 (`ContentDetector` with its flash filter, and
`AdaptiveDetector`), to the last bit; a test compares them with the library on pictures and on
scores of every kind. The library reckons with copies of each picture in numbers of 32 bits and with
objects for times, which took longer than all else we do with a frame. It counts frames and knows no
clock: its shortest shot is 15 frames, whatever their rate, which may vary.

Needs point-sampled pictures (a stride, no smoothing), on which the cuts of full frames are found.
"""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

SHORTEST = 15  # frames from cut to cut
CONTENT_SCORE = 27.0  # from which a frame is a cut
ADAPTIVE_SCORE = 15.0  # below which none is
ADAPTIVE_RATIO = 3.0  # of the score to the mean of its neighbours'
NEIGHBOURS = 2  # on each side
STILL, MOST_RATIO = 1e-5, 255.0  # a mean below the first is none, and a ratio then the second


class PySceneSegmenter:
    """Cuts where one of PySceneDetect's rules finds them."""

    def __init__(self, kind: str) -> None:
        """Make `content` or `adaptive` detection."""
        rules: dict[str, type[Rule]] = {"content": ContentRule, "adaptive": AdaptiveRule}
        self._rule = rules[kind]()
        self._score = FrameScore()
        self._times: deque[int] = deque(maxlen=self._rule.behind + 1)  # of frames a cut may name
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
        cut = self._rule.push(self._score.push(sample))
        # The next frame may name itself or one of the `behind` frames before it.
        self.settled_ms = self._times[-min(self._rule.behind, len(self._times))]
        return () if cut is None else (self._times[cut - self._count],)

    def finish(self) -> Sequence[int]:
        """Nothing is left to say: a cut needs the frames after it."""
        return ()


class FrameScore:
    """How much a picture differs from the one before: `ContentDetector`'s score.

    It is the mean, over hue, saturation and value, of the mean distance of pixels.
    """

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None  # (h, w, 3) HSV

    def push(self, bgr: NDArray[np.uint8]) -> float:
        """Take the next picture (h, w, 3), of the size of those before; the first scores 0."""
        hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV)
        before, self._before = self._before, hsv
        if before is None:
            return 0.0
        pixels = hsv.shape[0] * hsv.shape[1]
        hue, saturation, value, _ = cv2.sumElems(cv2.absdiff(hsv, before))
        return float((hue / pixels + saturation / pixels + value / pixels) / 3.0)


class Rule(Protocol):
    """Turns the scores of frames into cuts."""

    behind: int  # how many frames late a cut may be told

    def __init__(self) -> None: ...

    def push(self, score: float) -> int | None:
        """Take the next frame's score; the number of the frame that is now known to be a cut."""


class AdaptiveRule:
    """A frame is a cut whose score stands out from its neighbours' scores."""

    behind = NEIGHBOURS

    def __init__(self) -> None:
        self._scores: deque[float] = deque(maxlen=2 * NEIGHBOURS + 1)
        self._count = 0
        self._last_cut = 0

    def push(self, score: float) -> int | None:
        """Take the next frame's score; judges the frame `NEIGHBOURS` before it."""
        self._scores.append(score)
        self._count += 1
        if self._count < 2 * NEIGHBOURS + 1:
            return None
        *before, middle, after, last = self._scores
        at = self._count - 1 - NEIGHBOURS
        mean = (sum(before) + after + last) / (2 * NEIGHBOURS)
        ratio = MOST_RATIO if mean < STILL else min(middle / mean, MOST_RATIO)
        stands_out = ratio >= ADAPTIVE_RATIO and middle >= ADAPTIVE_SCORE
        if not stands_out or at - self._last_cut < SHORTEST:
            return None
        self._last_cut = at
        return at


class ContentRule:
    """A frame is a cut whose score is high; of several that are too near the last one is kept.

    The first such frames of a video are let go, as long as they lie too near to its beginning or to
    each other.
    """

    behind = SHORTEST

    def __init__(self) -> None:
        self._count = 0
        self._last_high = 0  # the last frame with a high score
        self._has_cut = False
        self._first_merged: int | None = None  # where high scores too near a cut began

    def push(self, score: float) -> int | None:
        """Take the next frame's score; merged ones are told when `SHORTEST` low ones followed."""
        at, self._count = self._count, self._count + 1
        is_high = score >= CONTENT_SCORE
        is_far = at - self._last_high >= SHORTEST
        if is_high:
            self._last_high = at
        if self._first_merged is not None:
            return None if is_high or not is_far else self._end_merging(self._first_merged)
        if is_high and is_far:
            self._has_cut = True
            return at
        if is_high and self._has_cut:
            self._first_merged = at
        return None

    def _end_merging(self, first: int) -> int | None:
        if self._last_high - first < SHORTEST:
            return None
        self._first_merged = None
        return self._last_high


def _resize(sample: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A frame of another size, point-sampled to the size of the first."""
    resized: NDArray[np.uint8] = cv2.resize(
        sample, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST
    )
    return resized
