"""The times of frames: true, in ms, strictly ascending.

The rule. A frame's time is its presentation time stamp times the stream's time base, rounded to
ms; nothing is subtracted, so a late start stays late. A frame without a time stamp follows the one
before it by that one's duration. Of two frames that are not in order, one is dropped: the later
decoded one if it is not later than a frame already given out or has the same time as the one
before it, else the one before it, which had run ahead. Guessed and dropped frames are counted and
become warnings. A frame is shown until the next one; the last as long as it says itself, else as
long as the one before. Knows nothing of pixels.
"""

from dataclasses import dataclass
from fractions import Fraction

from indexer.decoders.source import AvFrame, AvStream, to_ms

USUAL_RATE = 25  # frames per second, where a file says nothing


@dataclass(frozen=True, eq=False)
class TimedFrame:
    """A decoded frame with its time."""

    time_ms: int
    duration_ms: int  # >= 1
    frame: AvFrame


class Clock:
    """Gives one stream's frames their times, in the order in which they are decoded.

    It holds the last frame back until it knows when the next one is shown.
    """

    def __init__(self, stream: AvStream) -> None:
        self._stream = stream
        rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
        self._step = 1 / (Fraction(rate) * stream.time_base)  # ticks
        self._next = Fraction(0)  # ticks; where a frame without a time stamp belongs
        self._held: tuple[int, AvFrame] | None = None
        self._given_ms: int | None = None
        self._gap_ms = 0
        self._dropped = 0
        self._guessed = 0

    def push(self, frame: AvFrame) -> TimedFrame | None:
        """Take the next frame; give the one before it, if it became certain."""
        time_ms = self._time(frame)
        before = self._held
        if before is None:
            self._held = (time_ms, frame)
            return None
        if time_ms <= before[0]:
            self._dropped += 1
            ran_ahead = time_ms < before[0]
            if ran_ahead and (self._given_ms is None or time_ms > self._given_ms):
                self._held = (time_ms, frame)
            return None
        self._held = (time_ms, frame)
        return self._give(before, time_ms - before[0])

    def finish(self) -> TimedFrame | None:
        """No more frames: give the last one."""
        if self._held is None:
            return None
        last, self._held = self._held, None
        own_ms = to_ms(last[1].duration or 0, self._stream)
        usual_ms = to_ms(round(self._step), self._stream)
        return self._give(last, max(1, own_ms or self._gap_ms or usual_ms))

    def _time(self, frame: AvFrame) -> int:
        ticks = frame.pts
        if ticks is None:
            self._guessed += 1
            ticks = self._next
        self._next = ticks + (frame.duration or self._step)
        return to_ms(round(ticks), self._stream)

    def _give(self, timed: tuple[int, AvFrame], duration_ms: int) -> TimedFrame:
        self._given_ms, self._gap_ms = timed[0], duration_ms
        return TimedFrame(timed[0], duration_ms, timed[1])

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        found = []
        if self._dropped:
            found.append(f"{self._dropped} frame(s) dropped: their times are out of order")
        if self._guessed:
            found.append(f"{self._guessed} frame(s) without a time: placed by the frame rate")
        return found
