"""The sequential pass: every frame once, with sound and cues between them.

Knows nothing of random access (`seeking.py`, `decord.py`) and of what is done with the frames.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from analyzers.clip import Container
from indexer.decoders.clock import Clock
from indexer.decoders.picture import Turn, find_turn, read_picture, read_sample
from indexer.decoders.sound import SoundTrack
from indexer.decoders.source import (
    AvContainer,
    AvFrame,
    AvPacket,
    AvStream,
    choose_video,
    describe,
    open_source,
    to_ms,
)
from indexer.decoders.texts import TextTrack
from indexer.media import Part, VideoUnreadable

SHORT_MS = 1000  # a video that ends earlier than its header says by more than this is cut short


class PyAvFrame:
    """One frame; it keeps its decoded planes and makes pixels when asked."""

    __slots__ = ("_frame", "_size", "_turn", "duration_ms", "time_ms")

    def __init__(self, frame: AvFrame, turn: Turn, size: tuple[int, int], time_ms: int) -> None:
        self.time_ms = time_ms
        self.duration_ms = 1
        self._frame = frame
        self._turn = turn
        self._size = size

    def sample(self) -> NDArray[np.uint8]:
        """A small BGR picture (h, w, 3), point-sampled."""
        return read_sample(self._frame, self._turn, self._size)

    def picture(self, longest_px: int) -> NDArray[np.uint8]:
        """The frame as upright RGB (h, w, 3), longer side at most `longest_px`."""
        return read_picture(self._frame, self._turn, longest_px)


class _Track(Protocol):
    """One stream's decoder in the pass."""

    def push(self, packet: AvPacket | None) -> Iterator[Part]:
        """What became ready; None at the end."""

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""


class FrameTrack:
    """The video stream. It runs one frame behind, to know how long each one is shown."""

    def __init__(self, stream: AvStream, turn: Turn, size: tuple[int, int]) -> None:
        self.count = 0
        self._stream = stream
        self._turn = turn
        self._size = size
        self._clock = Clock(stream)
        self._held: PyAvFrame | None = None
        self._last: AvFrame | None = None
        self._undecoded = 0
        self._damaged = 0

    def push(self, packet: AvPacket | None) -> Iterator[PyAvFrame]:
        """The frames that became ready; None at the end."""
        for frame in self._decode(packet):
            self._damaged += frame.is_corrupt
            time_ms = self._clock.stamp(frame)
            if time_ms is None:
                continue
            yield from self._release(time_ms)
            self._held = PyAvFrame(frame, self._turn, self._size, time_ms)
            self._last = frame
        if packet is None and self._held is not None:
            yield from self._release(self._held.time_ms + self._clock.last_duration(self._last))

    def _decode(self, packet: AvPacket | None) -> list[AvFrame]:
        try:
            return list(self._stream.codec_context.decode(packet))
        except av.error.FFmpegError:
            self._undecoded += 1
            return []

    def _release(self, end_ms: int) -> Iterator[PyAvFrame]:
        if self._held is not None:
            self._held.duration_ms = end_ms - self._held.time_ms
            self.count += 1
            yield self._held

    @property
    def end_ms(self) -> int:
        """Where the last frame so far ends."""
        return self._held.time_ms + self._held.duration_ms if self._held else 0

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        found = []
        if self._undecoded:
            found.append(f"{self._undecoded} packet(s) of the video not decoded")
        if self._damaged:
            found.append(f"{self._damaged} frame(s) damaged")
        return found + self._clock.warnings


class PyAvReader:
    """A video opened for sequential passes; each `read` is one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tracks: list[_Track] = []
        self._stopped: list[str] = []
        with open_source(path) as container:
            stream = choose_video(container, path)
            first = first_frame(container, stream, path)
            self._turn = find_turn(first)
            self._size = (first.width, first.height)
            upright = self._turn.size(*self._size)
            self._container = describe(path, container, stream, upright)

    @property
    def container(self) -> Container:
        """What the container says of itself; sizes are upright."""
        return self._container

    @property
    def warnings(self) -> Sequence[str]:
        """What was wrong but survivable in the pass so far."""
        return [line for track in self._tracks for line in track.warnings] + self._stopped

    def read(self, *, sound_hz: Sequence[int] = (), cues: bool = False) -> Iterator[Part]:
        """Everything in one pass: frames in order of time, between them sound and cues."""
        self._stopped = []
        with open_source(self._path) as container:
            stream = choose_video(container, self._path)
            stream.thread_type = "AUTO"
            frames = FrameTrack(stream, self._turn, self._size)
            tracks: dict[int, _Track] = {stream.index: frames}
            tracks |= _sound_tracks(container, stream, tuple(sound_hz))
            tracks |= _text_tracks(container) if cues else {}
            self._tracks = list(tracks.values())
            for packet in self._demux(container, sorted(tracks)):
                yield from tracks[packet.stream_index].push(packet)
            for track in self._tracks:
                yield from track.push(None)
            self._stopped += _cut_short(stream, frames.end_ms)

    def _demux(self, container: AvContainer, numbers: list[int]) -> Iterator[AvPacket]:
        """The packets that hold something; a broken file ends where it breaks."""
        try:
            for packet in container.demux([container.streams[n] for n in numbers]):
                if packet.size:
                    yield packet
        except av.error.FFmpegError as error:
            self._stopped.append(f"reading stopped early: {error.strerror}")

    def __enter__(self) -> "PyAvReader":
        return self

    def __exit__(self, *exc: object) -> None:
        return None


def first_frame(container: AvContainer, stream: AvStream, path: Path) -> AvFrame:
    """The first frame that can be decoded.

    Raises:
        VideoUnreadable: there is none in the whole file.
    """
    stream.thread_type = "NONE"
    failed = 0
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                failed += 1
                continue
            if frames:
                return frames[0]
    except av.error.FFmpegError as error:
        raise VideoUnreadable(f"{path}: no frame can be decoded: {error.strerror}") from error
    raise VideoUnreadable(f"{path}: no frame can be decoded ({failed} damaged packets)")


def _sound_tracks(
    container: AvContainer, video: AvStream, rates_hz: tuple[int, ...]
) -> dict[int, _Track]:
    best = container.streams.best("audio", related=video) if rates_hz else None
    if best is None or best.codec_context is None:
        return {}
    return {best.index: SoundTrack(best, rates_hz)}


def _text_tracks(container: AvContainer) -> dict[int, _Track]:
    return {
        stream.index: TextTrack(stream, number)
        for number, stream in enumerate(container.streams.subtitles)
        if stream.codec_context is not None and stream.codec_context.codec.text_sub
    }


def _cut_short(stream: AvStream, end_ms: int) -> list[str]:
    """A warning where the frames end long before the stream's header says."""
    if not stream.duration:
        return []
    said_ms = to_ms((stream.start_time or 0) + stream.duration, stream)
    if said_ms - end_ms <= SHORT_MS:
        return []
    return [f"ends at {end_ms / 1000:.3f} s, the header says {said_ms / 1000:.3f} s"]
