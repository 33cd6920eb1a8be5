"""The frames of the chosen video stream, decoded in order.

Knows nothing of sound and cues.
"""

from collections.abc import Iterator

import av
import numpy as np
from numpy.typing import NDArray

from indexer.decoders.clock import Clock, TimedFrame
from indexer.decoders.picture import PictureMaker
from indexer.decoders.source import AvDecoder, AvFrame, AvPacket, AvStream, open_decoder, to_ms


class PyAvFrame:
    """One frame; it keeps its decoded planes and makes pixels when asked."""

    __slots__ = ("_frame", "_pictures", "duration_ms", "time_ms")

    def __init__(self, timed: TimedFrame, pictures: PictureMaker) -> None:
        self.time_ms = timed.time_ms
        self.duration_ms = timed.duration_ms
        self._frame = timed.frame
        self._pictures = pictures

    def sample(self) -> NDArray[np.uint8]:
        """A small BGR picture (h, w, 3), point-sampled."""
        return self._pictures.sample(self._frame)

    def picture(self, longest_px: int) -> NDArray[np.uint8]:
        """The frame as upright RGB (h, w, 3), longer side at most `longest_px`."""
        return self._pictures.picture(self._frame, longest_px)


class FrameTrack:
    """The video stream in the pass; what cannot be decoded is counted and left out."""

    def __init__(self, stream: AvStream, pictures: PictureMaker) -> None:
        self.end_ms = 0  # where the last frame given ends
        self._stream = stream
        self._pictures = pictures
        self._clock = Clock(stream)
        self._decoder: AvDecoder | None = None
        self._last_packet_ms = 0
        self._last_frame_ms = 0
        self._undecoded = 0
        self._damaged = 0
        self._ended = False

    def push(self, packet: AvPacket | None) -> Iterator[PyAvFrame]:
        """The frames that became ready; None at the end."""
        for frame in self._decode(packet):
            self._damaged += frame.is_corrupt
            timed = self._clock.push(frame)
            if timed is not None:
                yield self._give(timed)
        if packet is None:
            self._ended = True
            for timed in self._clock.finish():
                yield self._give(timed)

    def _decode(self, packet: AvPacket | None) -> list[AvFrame]:
        if packet is not None and packet.pts is not None and not packet.is_discard:
            self._last_packet_ms = max(self._last_packet_ms, to_ms(packet.pts, self._stream))
        if self._decoder is None:
            self._decoder = open_decoder(self._stream, packet)
        try:
            return list(self._decoder.decode(packet))
        except av.error.FFmpegError:
            self._undecoded += 1
            return []

    def _give(self, timed: TimedFrame) -> PyAvFrame:
        self._last_frame_ms = timed.time_ms
        self.end_ms = timed.time_ms + timed.duration_ms
        return PyAvFrame(timed, self._pictures)

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        found = []
        if self._undecoded:
            found.append(f"{self._undecoded} packet(s) of the video not decoded")
        if self._damaged:
            found.append(f"{self._damaged} frame(s) damaged")
        if self._ended and self._last_frame_ms < self._last_packet_ms:
            last_s = self._last_packet_ms / 1000
            found.append(f"no frame from {self.end_ms / 1000:.3f} s to {last_s:.3f} s decoded")
        return found + self._clock.warnings
