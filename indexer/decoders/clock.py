"""The times of frames: true, in ms, strictly ascending.

The rule. A frame's time is its presentation time stamp times the stream's time base, rounded to
ms; nothing is subtracted, so a late start stays late. A frame without a time stamp follows the one
before it by that one's duration. Of two neighbours that are not in order one is dropped: of two
with the same time the second; else the first, which had run ahead, if the second is later than all
frames before these two; else the second. Guessed and dropped frames are counted and become
warnings. A frame is shown until the next one; the last as long as it says itself, else as long as
the one before. Knows nothing of pixels.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from indexer.decoders.source import AvFrame, AvStream, to_ms

USUAL_RATE = 25  # frames per second, where a file says nothing
HELD = 2


@dataclass(frozen=True, eq=False)
class TimedFrame:
    """A decoded frame with its time."""

    time_ms: int
    duration_ms: int  # >= 1
    frame: AvFrame


class Clock:
    """Gives one stream's frames their times, in the order in which they are decoded.

    It holds two frames back: one until it knows when the next is shown, and that one until it is
    known not to have run ahead.
    """

    def __init__(self, stream: AvStream) -> None:
        self._stream = stream
        rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
        self._step = 1 / (Fraction(rate) * stream.time_base)  # ticks
        self._next = Fraction(0)  # ticks; where a frame without a time stamp belongs
        self._held: list[tuple[int, AvFrame]] = []  # times ascend
        self._gap_ms = 0
        self._dropped = 0
        self._guessed = 0

    def push(self, frame: AvFrame) -> TimedFrame | None:
        """Take the next frame; give an earlier one, if it became certain."""
        timed = (self._time(frame), frame)
        if self._held and timed[0] <= self._held[-1][0]:
            self._dropped += 1
            before_ms = self._held[-2][0] if len(self._held) > 1 else -math.inf
            if before_ms < timed[0] < self._held[-1][0]:
                self._held[-1] = timed
            return None
        self._held.append(timed)
        return self._give() if len(self._held) > HELD else None

    def finish(self) -> Iterator[TimedFrame]:
        """No more frames: give those still held."""
        while self._held:
            yield self._give()

    def _give(self) -> TimedFrame:
        time_ms, frame = self._held.pop(0)
        if self._held:
            self._gap_ms = self._held[0][0] - time_ms
            duration_ms = self._gap_ms
        else:
            own_ms = to_ms(frame.duration or 0, self._stream)
            usual_ms = to_ms(round(self._step), self._stream)
            duration_ms = max(1, own_ms or self._gap_ms or usual_ms)
        return TimedFrame(time_ms, duration_ms, frame)

    def _time(self, frame: AvFrame) -> int:
        ticks = frame.pts
        if ticks is None:
            self._guessed += 1
            ticks = self._next
        self._next = ticks + (frame.duration or self._step)
        return to_ms(round(ticks), self._stream)

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        found = []
        if self._dropped:
            found.append(f"{self._dropped} frame(s) dropped: their times are out of order")
        if self._guessed:
            found.append(f"{self._guessed} frame(s) without a time: placed by the frame rate")
        return found
