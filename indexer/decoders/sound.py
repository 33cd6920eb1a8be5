"""The sound of a video as mono float32 at asked rates, with its true times.

Knows nothing of frames and cues.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from analyzers.clip import Sound
from indexer.decoders.source import AvFrame, AvPacket, AvStream

JUMP_S = Fraction(1, 20)  # a time stamp off by more begins a new stretch
STRETCH_S = Fraction(1, 2)  # sound is handed on in pieces of about this length

AvResampler: TypeAlias = Any


class SoundTrack:
    """One sound stream, decoded once for all rates; what is broken is counted and left out."""

    def __init__(self, stream: AvStream, rates_hz: tuple[int, ...]) -> None:
        self.end_s = Fraction(0)  # where the sound so far ends
        self._stream = stream
        self._rates = [_Rate(hz) for hz in dict.fromkeys(rates_hz)]
        self._shape: tuple[str, str, int] | None = None
        self._damaged = 0

    def push(self, packet: AvPacket | None) -> Iterator[Sound]:
        """The sound that became ready; None at the end."""
        try:
            for frame in self._stream.codec_context.decode(packet):
                yield from self._take(frame)
            if packet is None:
                yield from self._close()
        except (av.error.FFmpegError, ValueError):
            self._damaged += 1
            self._shape = None

    def _take(self, frame: AvFrame) -> Iterator[Sound]:
        start = self.end_s if frame.pts is None else frame.pts * Fraction(frame.time_base)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape or abs(start - self.end_s) > JUMP_S:
            yield from self._close()
            for rate in self._rates:
                rate.open_(start)
            self._shape = shape
            self.end_s = start
        self.end_s += Fraction(frame.samples, frame.sample_rate)
        for rate in self._rates:
            yield from rate.push(frame)

    def _close(self) -> Iterator[Sound]:
        for rate in self._rates:
            yield from rate.close()

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        return [f"{self._damaged} packet(s) of sound not decoded"] if self._damaged else []


class _Rate:
    """The stretches of one sample rate. They never overlap: what comes twice is cut off."""

    def __init__(self, hz: int) -> None:
        self._hz = hz
        self._resampler: AvResampler | None = None
        self._waiting: list[NDArray[np.float32]] = []
        self._next = 0  # the number of the first waiting sample, counted from time 0
        self._end: int | None = None  # the number after the last sample handed on

    def open_(self, start: Fraction) -> None:
        """A stretch begins."""
        self._resampler = av.AudioResampler(format="flt", layout="mono", rate=self._hz)
        self._next = round(start * self._hz)

    def push(self, frame: AvFrame) -> Iterator[Sound]:
        """One more frame of the stretch."""
        self._resample(frame)
        if sum(map(len, self._waiting)) >= STRETCH_S * self._hz:
            yield from self._hand_on()

    def close(self) -> Iterator[Sound]:
        """The stretch ends."""
        if self._resampler is not None:
            self._resample(None)
        self._resampler = None
        yield from self._hand_on()

    def _resample(self, frame: AvFrame | None) -> None:
        resampler, self._resampler = self._resampler, None  # a broken one is not used again
        if resampler is not None:
            self._waiting += [_samples(part) for part in resampler.resample(frame)]
            self._resampler = resampler

    def _hand_on(self) -> Iterator[Sound]:
        if not self._waiting:
            return
        samples = np.concatenate(self._waiting)
        self._waiting = []
        start, self._next = self._next, self._next + len(samples)
        if self._end is not None:
            samples = samples[max(0, self._end - start) :]
        if len(samples):
            self._end = self._next
            start_ms = round(Fraction(1000 * (self._next - len(samples)), self._hz))
            yield Sound(start_ms, self._hz, samples)


def _samples(frame: AvFrame) -> NDArray[np.float32]:
    samples: NDArray[np.float32] = frame.to_ndarray()[0].clip(-1, 1)
    return samples
