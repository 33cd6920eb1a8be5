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
    """One sound stream, decoded once for all rates."""

    def __init__(self, stream: AvStream, rates_hz: tuple[int, ...]) -> None:
        self.damaged = 0
        self.end_s = Fraction(0)
        self._stream = stream
        self._rates = [_Rate(hz) for hz in rates_hz]
        self._shape: tuple[object, ...] | None = None

    def push(self, packet: AvPacket | None) -> Iterator[Sound]:
        """The sound that became ready; None at the end."""
        for frame in self._decode(packet):
            yield from self._take(frame)
        if packet is None:
            yield from self._close()

    def _decode(self, packet: AvPacket | None) -> list[AvFrame]:
        try:
            return list(self._stream.codec_context.decode(packet))
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            return []

    def _take(self, frame: AvFrame) -> Iterator[Sound]:
        start = self.end_s
        if frame.pts is not None:
            start = frame.pts * Fraction(frame.time_base)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape or abs(start - self.end_s) > JUMP_S:
            yield from self._close()
            self._open(frame, start)
            self._shape = shape
        self.end_s += Fraction(frame.samples, frame.sample_rate)
        for rate in self._rates:
            yield from rate.push(frame)

    def _open(self, frame: AvFrame, start: Fraction) -> None:
        self.end_s = start
        for rate in self._rates:
            rate.open_(start)

    def _close(self) -> Iterator[Sound]:
        for rate in self._rates:
            yield from rate.close()

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        return [f"{self.damaged} packet(s) of sound not decoded"] if self.damaged else []


class _Rate:
    """The stretches of one sample rate. They never overlap: what comes twice is cut off."""

    def __init__(self, hz: int) -> None:
        self._hz = hz
        self._resampler: AvResampler | None = None
        self._waiting: list[NDArray[np.float32]] = []
        self._next = 0  # the next sample's number, counted from time 0
        self._end = 0  # the first sample's number that was not handed on yet

    def open_(self, start: Fraction) -> None:
        """A stretch begins."""
        self._resampler = av.AudioResampler(format="flt", layout="mono", rate=self._hz)
        self._next = round(start * self._hz)
        self._end = max(self._end, self._next) if self._waiting or self._end else self._next

    def push(self, frame: AvFrame) -> Iterator[Sound]:
        """One more frame of the stretch."""
        assert self._resampler is not None
        self._waiting += [_samples(part) for part in self._resampler.resample(frame)]
        if sum(map(len, self._waiting)) >= STRETCH_S * self._hz:
            yield from self._hand_on()

    def close(self) -> Iterator[Sound]:
        """The stretch ends."""
        if self._resampler is not None:
            self._waiting += [_samples(part) for part in self._resampler.resample(None)]
            self._resampler = None
            yield from self._hand_on()

    def _hand_on(self) -> Iterator[Sound]:
        if not self._waiting:
            return
        samples = np.concatenate(self._waiting)
        self._waiting = []
        start, self._next = self._next, self._next + len(samples)
        samples = samples[max(0, self._end - start) :]
        if len(samples):
            start_ms = round(Fraction(1000 * (self._next - len(samples)), self._hz))
            self._end = self._next
            yield Sound(start_ms, self._hz, samples)


def _samples(frame: AvFrame) -> NDArray[np.float32]:
    samples: NDArray[np.float32] = frame.to_ndarray()[0].clip(-1, 1)
    return samples
