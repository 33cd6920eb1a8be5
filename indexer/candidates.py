"""The frames of the open shot that may become keyframes, thinned out while cuts are still unknown.

Knows nothing of how cuts are found, of analyzers, of sound.

At most one candidate stands for each half second of a shot: the sharpest that is not black. Cuts
come late, though, and a shot whose beginning is not known yet must not lose its only candidate. So
frames wait: the last few one by one, older ones in cells of at most 4 frames, of which the best is
kept, until their shot is certain (`settled_ms`) or they are 128 frames old. This needs of a
segmenter (`test_segmenter_contract.py`): a cut that is told more than `FRESH` frames late parts
shots of at least 8 frames (two cells hold at least one whole one), and one that is told more than
`LATE` frames late parts shots of at least 2 s.

Pictures stay as they were decoded while they weigh little, and are coded as JPEG in a thread when
they weigh more: the oldest first, each once.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.changes import Glimpses
from indexer.keyframes import (
    LARGE_PX,
    Choice,
    KeyframeMaterial,
    choose_keyframes,
    encode_large,
    encode_small,
    measure,
)
from indexer.media import Frame
from indexer.shelf import Shelf, Shelved

FRESH = 4  # frames that wait one by one
CELL_FRAMES = 4
CELL_MS = 250
LATE = 128  # frames
BIN_MS = 500
RAW_BYTES = 96 << 20  # of decoded frames that wait, at 3 bytes per pixel (really 1.5, or 3)
CODING_AHEAD = 3  # pictures that may wait for the coding thread


class FrameCandidate:
    """One frame that may become a keyframe: decoded, or coded already, or given up."""

    __slots__ = ("frame", "is_black", "is_closed", "jpeg", "sharpness", "time_ms")

    def __init__(self, frame: Frame, sample: NDArray[np.uint8]) -> None:
        self.time_ms = frame.time_ms
        self.sharpness, self.is_black = measure(sample)
        self.frame: Frame | None = frame
        self.jpeg: Future[Shelved] | None = None
        self.is_closed = False  # no later frame takes its place

    def give_up(self) -> None:
        """Let go of the pixels."""
        self.frame = self.jpeg = None

    def better(self, other: "FrameCandidate") -> "FrameCandidate":
        """The better of the two; the other, later one is given up on a tie."""
        wins = (other.is_black, -other.sharpness) < (self.is_black, -self.sharpness)
        best, worst = (other, self) if wins else (self, other)
        worst.give_up()
        return best


@dataclass
class _Cell:
    """A few neighbouring frames that have one candidate."""

    start_ms: int
    frames: int
    best: FrameCandidate


class Coder:
    """Codes pictures in one thread; a context manager."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="jpeg")
        self._waiting: deque[Future[Shelved]] = deque()

    def __enter__(self) -> "Coder":
        return self

    def __exit__(self, *exc: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def code_large(self, frame: Frame, shelf: Shelf) -> Future[Shelved]:
        """The frame's large picture, put on the shelf; waits where too many are under way."""
        while len(self._waiting) >= CODING_AHEAD:
            self._waiting.popleft().result()
        self._waiting.append(self._threads.submit(_code_large, frame, shelf))
        return self._waiting[-1]

    def code_small(self, large: Future[Shelved], shelf: Shelf) -> Future[Shelved]:
        """The small picture of one that was given to code before."""
        return self._threads.submit(_code_small, large, shelf)


def _code_large(frame: Frame, shelf: Shelf) -> Shelved:
    return shelf.put(np.frombuffer(encode_large(frame.picture(LARGE_PX)), np.uint8))


def _code_small(large: Future[Shelved], shelf: Shelf) -> Shelved:
    return shelf.put(np.frombuffer(encode_small(large.result().array()), np.uint8))


@dataclass(frozen=True, eq=False)
class ChosenKeyframe:
    """A keyframe whose pictures may still be under way."""

    choice: Choice
    time_ms: int
    sharpness: float
    large: Future[Shelved]
    small: Future[Shelved]

    @property
    def is_coded(self) -> bool:
        """Whether both pictures are there."""
        return self.small.done()

    def material(self) -> KeyframeMaterial:
        """Waits for the pictures."""
        return KeyframeMaterial(
            self.time_ms,
            self.choice.start_ms,
            self.choice.end_ms,
            self.sharpness,
            self.large.result().array(),
            self.small.result().array(),
        )


class Candidates:
    """Takes every frame, in order, and gives the keyframes of each shot when it ends."""

    def __init__(self, coder: Coder, width: int, height: int) -> None:
        """Take the size of the frames, in px."""
        self._coder = coder
        self._shelf = Shelf()
        self._glimpses = Glimpses()
        self._fresh: deque[FrameCandidate] = deque()
        self._cells: deque[_Cell] = deque()
        self._in_cells = 0  # frames
        self._bins: list[FrameCandidate] = []
        self._bin = (0, 0)  # the last one: start of its shot, number
        self._start_ms = 0
        self._raw: deque[FrameCandidate] = deque()  # closed ones, decoded
        self._room = max(0, RAW_BYTES // (3 * width * height) - FRESH)  # decoded frames

    def push(self, frame: Frame, sample: NDArray[np.uint8], settled_ms: int) -> None:
        """Take the next frame.

        Args:
            frame: its pixels are asked for only if they are needed.
            sample: the frame's small BGR picture (h, w, 3).
            settled_ms: no cut before this time will be told any more.
        """
        if not self._fresh and not self._bins and not self._cells:
            self._start_ms = frame.time_ms
        self._glimpses.push(frame.time_ms, sample)
        self._fresh.append(FrameCandidate(frame, sample))
        if len(self._fresh) > FRESH:
            oldest = self._fresh.popleft()
            if oldest.time_ms < settled_ms and not self._cells:
                self._to_bin(oldest)
            else:
                self._to_cell(oldest)
        while self._cells and (self._cells[0].best.time_ms < settled_ms or self._in_cells > LATE):
            self._empty_cell()

    def take(self, end_ms: int) -> list[ChosenKeyframe]:
        """End the shot at this time and choose its keyframes.

        Raises:
            RuntimeError: no frame was pushed for the shot, or the cut was told too late.
        """
        while self._cells and self._cells[0].best.time_ms < end_ms:
            self._empty_cell()
        while self._fresh and self._fresh[0].time_ms < end_ms:
            self._to_bin(self._fresh.popleft())
        mine = [each for each in self._bins if each.time_ms < end_ms]
        if not mine:
            raise RuntimeError(f"the shot {self._start_ms}-{end_ms} ms has no frame left")
        changes = self._glimpses.take(end_ms)
        chosen = [
            self._code(mine[choice.index], choice)
            for choice in choose_keyframes(mine, self._start_ms, end_ms, changes)
        ]
        for each in mine:
            each.give_up()
        self._bins = self._bins[len(mine) :]
        self._start_ms = end_ms
        self._shelf = Shelf()
        return chosen

    def _to_cell(self, candidate: FrameCandidate) -> None:
        last = self._cells[-1] if self._cells else None
        self._in_cells += 1
        if last and last.frames < CELL_FRAMES and candidate.time_ms - last.start_ms < CELL_MS:
            last.frames += 1
            last.best = last.best.better(candidate)
            return
        self._cells.append(_Cell(candidate.time_ms, 1, candidate))
        if last:
            self._close(last.best)

    def _empty_cell(self) -> None:
        cell = self._cells.popleft()
        self._in_cells -= cell.frames
        self._to_bin(cell.best)

    def _to_bin(self, candidate: FrameCandidate) -> None:
        where = self._start_ms, (candidate.time_ms - self._start_ms) // BIN_MS
        if self._bins and where == self._bin:
            self._bins[-1] = self._bins[-1].better(candidate)
            return
        if self._bins:
            self._close(self._bins[-1])
        self._bins.append(candidate)
        self._bin = where

    def _close(self, candidate: FrameCandidate) -> None:
        """Its cell or half second is over; code what weighs too much."""
        if candidate.frame is None or candidate.is_closed:
            return
        candidate.is_closed = True
        self._raw.append(candidate)
        if len(self._raw) > self._room:
            self._raw = deque(each for each in self._raw if each.frame is not None)
        while len(self._raw) > self._room:
            self._start_coding(self._raw.popleft())

    def _start_coding(self, candidate: FrameCandidate) -> Future[Shelved]:
        if candidate.jpeg is None:
            assert candidate.frame is not None
            candidate.jpeg = self._coder.code_large(candidate.frame, self._shelf)
            candidate.frame = None
        return candidate.jpeg

    def _code(self, candidate: FrameCandidate, choice: Choice) -> ChosenKeyframe:
        large = self._start_coding(candidate)
        small = self._coder.code_small(large, self._shelf)
        return ChosenKeyframe(choice, candidate.time_ms, candidate.sharpness, large, small)
