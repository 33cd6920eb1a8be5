"""The sequential pass: every frame once, with sound and cues between them.

Knows nothing of random access (`seeking.py`, `decord.py`) and of what is done with the frames.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import av

from analyzers.clip import Container, Cue
from indexer.decoders.frames import FrameTrack
from indexer.decoders.picture import PictureMaker
from indexer.decoders.sound import SoundTrack
from indexer.decoders.source import (
    AvContainer,
    AvPacket,
    AvStream,
    choose_video,
    describe,
    first_frame,
    open_source,
)
from indexer.decoders.texts import TextTrack
from indexer.media import Part

SHORT_MS = 1000  # a video that ends earlier than its header says by more than this is cut short
DURATION_TAG = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")  # of a Matroska track


class _Track(Protocol):
    """One stream's decoder in the pass."""

    def push(self, packet: AvPacket | None) -> Iterator[Part]:
        """What became ready; None at the end."""

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""


class PyAvReader:
    """A video opened for sequential passes; each `read` is one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tracks: list[_Track] = []
        self._endings: list[str] = []  # warnings about how the file ends
        with open_source(path) as container:
            stream = choose_video(container, path)
            self._pictures = PictureMaker(first_frame(container, stream, path))
            self._container = describe(path, container, stream, self._pictures.size)

    @property
    def container(self) -> Container:
        """What the container says of itself; sizes are upright."""
        return self._container

    @property
    def warnings(self) -> Sequence[str]:
        """What was wrong but survivable in the pass so far."""
        return [line for track in self._tracks for line in track.warnings] + self._endings

    def read(self, *, sound_hz: Sequence[int] = (), cues: bool = False) -> Iterator[Part]:
        """Everything in one pass: frames in order of time, between them sound and cues."""
        self._endings = []
        with open_source(self._path) as container:
            stream = choose_video(container, self._path)
            frames = FrameTrack(stream, self._pictures)
            tracks: dict[int, _Track] = {stream.index: frames}
            tracks |= _sound_tracks(container, stream, tuple(sound_hz))
            tracks |= _text_tracks(container) if cues else {}
            self._tracks = list(tracks.values())
            for packet in self._demux(container, sorted(tracks)):
                yield from tracks[packet.stream_index].push(packet)
            for track in self._tracks:
                yield from track.push(None)
            self._endings += _cut_short(container, stream, frames.end_ms)
            self._endings += _sound_short(self._tracks, frames.end_ms)

    def read_cues(self) -> Iterator[Cue]:
        """The cues of all subtitle streams alone; no picture is decoded."""
        self._endings = []
        with open_source(self._path) as container:
            tracks = _text_tracks(container)
            self._tracks = list(tracks.values())
            for packet in self._demux(container, sorted(tracks)):
                yield from tracks[packet.stream_index].push(packet)
            for track in tracks.values():
                yield from track.push(None)

    def _demux(self, container: AvContainer, numbers: list[int]) -> Iterator[AvPacket]:
        """The packets that hold something; a broken file ends where it breaks."""
        if not numbers:  # to PyAV that would mean all streams
            return
        try:
            for packet in container.demux([container.streams[number] for number in numbers]):
                if packet.size:
                    yield packet
        except av.error.FFmpegError as error:
            self._endings.append(f"reading stopped early: {error.strerror}")

    def __enter__(self) -> "PyAvReader":
        return self

    def __exit__(self, *exc: object) -> None:
        return None


def _sound_tracks(
    container: AvContainer, video: AvStream, rates_hz: tuple[int, ...]
) -> dict[int, _Track]:
    best = container.streams.best("audio", related=video) if rates_hz else None
    if best is None or best.codec_context is None:
        return {}
    return {best.index: SoundTrack(best, rates_hz)}


def _text_tracks(container: AvContainer) -> dict[int, TextTrack]:
    return {
        stream.index: TextTrack(stream, number)
        for number, stream in enumerate(container.streams.subtitles)
        if stream.codec_context is not None and stream.codec_context.codec.text_sub
    }


def _cut_short(container: AvContainer, stream: AvStream, end_ms: int) -> list[str]:
    """A warning where the file ends before what its header announces."""
    said_ms = _said_end(container, stream)
    if said_ms - end_ms > SHORT_MS:
        return [f"ends at {end_ms / 1000:.3f} s, its header says {said_ms / 1000:.3f} s"]
    entries = stream.index_entries
    last = entries[len(entries) - 1] if len(entries) else None
    if last is not None and last.size and last.pos + last.size > container.size:
        return ["the file is cut short: its index goes on after its end"]
    return []


def _sound_short(tracks: Sequence[_Track], end_ms: int) -> list[str]:
    """A warning where the sound ends long before the pictures."""
    ends_ms = [1000 * track.end_s for track in tracks if isinstance(track, SoundTrack)]
    return [
        f"the sound ends at {float(sound_ms) / 1000:.3f} s, the pictures at {end_ms / 1000:.3f} s"
        for sound_ms in ends_ms
        if end_ms - sound_ms > SHORT_MS
    ]


def _said_end(container: AvContainer, stream: AvStream) -> float:
    """Where the header says that the stream ends, in ms; 0 where it does not say it of this one."""
    found = DURATION_TAG.fullmatch(stream.metadata.get("DURATION", ""))
    if found:
        hours, minutes, seconds = found.groups()
        return 1000 * (3600 * int(hours) + 60 * int(minutes) + float(seconds))
    if len(container.streams) == 1 and container.duration:
        return float((container.start_time or 0) + container.duration) / 1000
    return 0
