"""The times of frames: true, in ms, strictly ascending.

The rule. A frame's time is its presentation time stamp times the stream's time base, rounded to
ms; nothing is subtracted, so a late start stays late. A frame without a time stamp follows the one
before it by that one's duration. A frame whose time is not later than that of the frame before
(doubled or unordered time stamps) is dropped. Both are counted and become warnings. A frame is
shown until the next one; the last as long as it says itself, else as long as the one before.
"""

from fractions import Fraction

from indexer.decoders.source import AvFrame, AvStream, to_ms

USUAL_RATE = 25  # frames per second, where a file says nothing


class Clock:
    """Gives one stream's frames their times, in the order in which they are decoded."""

    def __init__(self, stream: AvStream) -> None:
        self.dropped = 0
        self.guessed = 0
        rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
        self._stream = stream
        self._step = 1 / (Fraction(rate) * stream.time_base)  # ticks
        self._next = Fraction(0)  # ticks; where a frame without a time stamp belongs
        self._last_ms: int | None = None
        self._gap_ms = 0

    def stamp(self, frame: AvFrame) -> int | None:
        """The frame's time in ms, or None where it must be dropped."""
        ticks = frame.pts
        if ticks is None:
            self.guessed += 1
            ticks = self._next
        time_ms = to_ms(round(ticks), self._stream)
        if self._last_ms is not None and time_ms <= self._last_ms:
            self.dropped += 1
            return None
        self._next = ticks + (frame.duration or self._step)
        if self._last_ms is not None:
            self._gap_ms = time_ms - self._last_ms
        self._last_ms = time_ms
        return time_ms

    def last_duration(self, frame: AvFrame) -> int:
        """How long the last frame is shown, in ms, >= 1."""
        own = to_ms(frame.duration or 0, self._stream)
        return max(1, own or self._gap_ms or to_ms(round(self._step), self._stream))

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        found = []
        if self.dropped:
            found.append(f"{self.dropped} frame(s) dropped: not later than the frame before")
        if self.guessed:
            found.append(f"{self.guessed} frame(s) without a time: placed by the frame rate")
        return found
