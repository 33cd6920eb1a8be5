"""The sound of a span as AAC in stereo, in step with the pictures.

Gaps become silence; what is broken is left out. Knows nothing of pictures.
"""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from search.clips.source import AvContainer, AvFrame, AvPacket, AvStream
from search.clips.span import Span

HZ = 48_000
CHUNK = 1024  # samples in a frame of AAC
JUMP = HZ // 20  # samples; a time stamp off by more begins a new stretch


class SpanSound:
    """Decodes one sound stream and writes what is heard in the span."""

    def __init__(self, target: AvContainer, stream: AvStream, span: Span) -> None:
        self._stream = stream
        self._start = Fraction(span.start_ms, 1000)
        self._most = (span.end_ms - span.start_ms) * HZ // 1000  # samples
        self._target = target
        self._encoder = target.add_stream("aac", rate=HZ, layout="stereo")
        self._resampler: AvFrame = None
        self._shape: tuple[str, str, int] | None = None
        self._next = 0  # the number of the sample that comes next, 0 being the start of the clip
        self._written = 0
        self._waiting = np.zeros((2, 0), np.float32)

    def push(self, packet: AvPacket) -> None:
        """Write what one more packet holds."""
        try:
            for frame in self._stream.codec_context.decode(packet):
                for samples in self._convert(frame):
                    self._place(samples)
        except (av.error.FFmpegError, ValueError):
            self._resampler = None

    def finish(self, end_ms: int) -> None:
        """Write the rest, up to where the pictures end."""
        room = max(0, end_ms * HZ // 1000 - self._written)
        self._waiting = self._waiting[:, :room]
        self._encode(whole=True)
        self._target.mux(self._encoder.encode(None))

    def _convert(self, frame: AvFrame) -> Iterator[NDArray[np.float32]]:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or shape != self._shape:
            self._resampler = av.AudioResampler(format="fltp", layout="stereo", rate=HZ)
            self._shape = shape
        if frame.pts is not None:
            at = round((frame.pts * Fraction(frame.time_base) - self._start) * HZ)
            if abs(at - self._next) > JUMP or not self._written + self._waiting.shape[1]:
                self._next = at
        for part in self._resampler.resample(frame):
            yield part.to_ndarray()

    def _place(self, samples: NDArray[np.float32]) -> None:
        """Put samples where they belong: after silence, or without what comes twice or outside."""
        first, self._next = self._next, self._next + samples.shape[1]
        filled = self._written + self._waiting.shape[1]
        samples = samples[:, max(0, filled - first) : max(0, self._most - first)]
        if samples.shape[1]:
            silence = np.zeros((2, max(0, first - filled)), np.float32)
            self._waiting = np.concatenate([self._waiting, silence, samples], axis=1)
            self._encode()

    def _encode(self, *, whole: bool = False) -> None:
        while self._waiting.shape[1] >= (1 if whole else CHUNK):
            chunk = np.ascontiguousarray(self._waiting[:, :CHUNK].clip(-1, 1))
            self._waiting = self._waiting[:, CHUNK:]
            frame = av.AudioFrame.from_ndarray(chunk, format="fltp", layout="stereo")
            frame.sample_rate, frame.time_base = HZ, Fraction(1, HZ)
            frame.pts = self._written
            self._written += chunk.shape[1]
            self._target.mux(self._encoder.encode(frame))
