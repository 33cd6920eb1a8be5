"""The frames of a span, decoded, with their times in the clip.

A frame without a time follows the one before; of two that are not in order one is dropped, as the
index drops it: the first, which had run ahead, if the second is later than all before these two,
else the second. Knows nothing of pixels and sound.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

import av

from search.clips.source import AvDecoder, AvFrame, AvPacket, AvStream, open_decoder, to_ms
from search.clips.span import Span

USUAL_RATE = 25  # frames per second, where a file says nothing


class _Clock:
    """Gives frames ascending times; it holds one back until it is known not to have run ahead."""

    def __init__(self, stream: AvStream) -> None:
        self._stream = stream
        rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
        self._step = 1 / (Fraction(rate) * stream.time_base)  # ticks
        self._next = Fraction(0)  # ticks; where a frame without a time belongs
        self._held: tuple[int, AvFrame] | None = None
        self._given_ms = -math.inf

    def push(self, frame: AvFrame) -> Iterator[tuple[int, AvFrame]]:
        """Take the next frame; give the one before it, if it became certain."""
        ticks = self._next if frame.pts is None else frame.pts
        self._next = ticks + (frame.duration or self._step)
        timed = (to_ms(round(ticks), self._stream), frame)
        if self._held is None or timed[0] > self._held[0]:
            yield from self.finish()
            self._held = timed
        elif self._given_ms < timed[0] < self._held[0]:
            self._held = timed

    def finish(self) -> Iterator[tuple[int, AvFrame]]:
        """Give the frame still held."""
        if self._held is not None:
            self._given_ms = self._held[0]
            yield self._held
        self._held = None

    def length_ms(self, frame: AvFrame) -> int:
        """How long a frame is shown that none follows."""
        return max(1, to_ms(round(frame.duration or self._step), self._stream))


class SpanFrames:
    """The frames shown in a span: the one that is on at its start, and those that follow."""

    def __init__(self, stream: AvStream, span: Span, threads: int) -> None:
        self.done = False  # nothing more is shown in the span
        self.end_ms = span.end_ms - span.start_ms  # in the clip; earlier where the video ends
        self._stream = stream
        self._span = span
        self._threads = threads
        self._clock = _Clock(stream)
        self._decoder: AvDecoder | None = None
        self._before: AvFrame | None = None  # shown at the start, unless one more comes before it
        self._last: tuple[int, AvFrame] | None = None
        self._begun = False

    def push(self, packet: AvPacket | None) -> Iterator[tuple[int, AvFrame]]:
        """The frames that became ready, with their times in the clip in ms; None at the end."""
        for frame in () if self.done else self._decode(packet):
            for time_ms, shown in self._clock.push(frame):
                yield from self._select(time_ms, shown)
        if packet is None:
            for time_ms, shown in self._clock.finish():
                yield from self._select(time_ms, shown)
            yield from self._finish()

    def _decode(self, packet: AvPacket | None) -> Iterator[AvFrame]:
        self._decoder = self._decoder or open_decoder(self._stream, packet, self._threads)
        with suppress(av.error.FFmpegError):
            yield from self._decoder.decode(packet)

    def _select(self, time_ms: int, frame: AvFrame) -> Iterator[tuple[int, AvFrame]]:
        if self.done:
            return
        self._last = (time_ms, frame)
        if time_ms <= self._span.start_ms:
            self._before = frame
            return
        yield from self._begin()
        self.done = time_ms >= self._span.end_ms
        if not self.done:
            # A picture from the start on: what comes first is shown a little early.
            yield (time_ms - self._span.start_ms if self._begun else 0), frame
            self._begun = True

    def _begin(self) -> Iterator[tuple[int, AvFrame]]:
        if self._before is not None:
            yield 0, self._before
            self._begun = True
        self._before = None

    def _finish(self) -> Iterator[tuple[int, AvFrame]]:
        """The video ended, maybe before the span did."""
        if self.done or self._last is None:
            return
        last_ms, frame = self._last
        ends_ms = last_ms + self._clock.length_ms(frame) - self._span.start_ms
        if ends_ms > 0:
            yield from self._begin()
        self.end_ms = min(self.end_ms, ends_ms)
        self.done = True
