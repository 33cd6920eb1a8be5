"""Opens a video shortly before a time, with its first video stream and the sound that fits it.

Times are those of the index: a time stamp times the stream's time base, nothing subtracted. Knows
nothing of what is made of the packets.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.stream import Disposition

from search.clips.error import ClipUnavailable

# PyAV is typed differently from release to release, so the type checker does not look into it.
AvContainer: TypeAlias = Any
AvStream: TypeAlias = Any
AvFrame: TypeAlias = Any
AvPacket: TypeAlias = Any
AvDecoder: TypeAlias = Any

NEAR_MS = 2000  # what begins earlier is decoded from the start of the file
BACK_MS = (0, 2000, 15_000)  # how far before the time a seek aims, until one lands early enough
ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}  # libav's own leave transparency out
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, eq=False)
class Source:
    """An open video and its packets, from a keyframe not later than the asked time."""

    container: AvContainer
    video: AvStream
    sound: AvStream  # None: no sound, or none that can be decoded
    packets: Iterator[AvPacket]


@contextmanager
def open_near(path: Path, time_ms: int) -> Iterator[Source]:
    """The video from a keyframe not later than a time, or from its start where none is found.

    Raises:
        ClipUnavailable: no such file, or no video that can be decoded in it.
    """
    for back_ms in BACK_MS if time_ms >= NEAR_MS else ():
        with open_container(path) as container:
            video, sound = _choose(container, path)
            packets = _sought(container, (video, sound), time_ms - back_ms, time_ms)
            if packets is not None:
                yield Source(container, video, sound, packets)
                return
    with open_container(path) as container:
        video, sound = _choose(container, path)
        yield Source(container, video, sound, _filled(container, (video, sound)))


@contextmanager
def open_container(path: Path) -> Iterator[AvContainer]:
    """The file as PyAV's container, closed at the end.

    Raises:
        ClipUnavailable: no regular file, or not a container that libav knows.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ClipUnavailable(f"{printable(path)}: not a regular file")
        container = av.open(os.path.abspath(path), metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ClipUnavailable(f"{printable(path)}: cannot be read: {reason}") from error
    with container:
        yield container


def choose_video(container: AvContainer) -> AvStream | None:
    """The first video stream with a decoder, as the index chooses; a cover picture is no video."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None:
            return stream
    return None


def open_decoder(stream: AvStream, first: AvPacket | None, threads: int) -> AvDecoder:
    """The decoder for a video stream, by its first packet: libvpx where there is transparency."""
    decoder = stream.codec_context
    better = ALPHA_DECODERS.get(decoder.codec.canonical_name, "")
    alpha = first is not None and first.has_sidedata("matroska_block_additional")
    if alpha and better in av.codec.codecs_available:
        decoder = av.CodecContext.create(better, "r")
    if not decoder.is_open:
        decoder.thread_type = "AUTO"
        decoder.thread_count = threads
    return decoder


def to_ms(ticks: int, stream: AvStream) -> int:
    """A time in the stream's ticks as ms, rounded half up."""
    base = stream.time_base
    return int((2000 * ticks * base.numerator + base.denominator) // (2 * base.denominator))


def packet_ms(packet: AvPacket, stream: AvStream) -> int | None:
    """When a packet is decoded, else shown, in ms; None: it does not say."""
    ticks = packet.pts if packet.dts is None else packet.dts
    return None if ticks is None else to_ms(ticks, stream)


def printable(path: Path) -> str:
    """The file's name as one line of text; its folder stays out of what clients read."""
    return UNPRINTABLE.sub(" ", os.fsencode(path.name).decode(errors="replace"))


def _choose(container: AvContainer, path: Path) -> tuple[AvStream, AvStream]:
    video = choose_video(container)
    if video is None:
        raise ClipUnavailable(f"{printable(path)}: no video in it that can be decoded")
    sound = container.streams.best("audio", related=video)
    return video, sound if sound is not None and sound.codec_context is not None else None


Streams: TypeAlias = tuple[AvStream, AvStream]


def _sought(
    container: AvContainer, streams: Streams, aim_ms: int, latest_ms: int
) -> Iterator[AvPacket] | None:
    """The packets from a keyframe on; None: sought in vain, or too late, or without times."""
    video = streams[0]
    ticks = int(max(0, aim_ms) / (1000 * video.time_base))
    try:
        container.seek(ticks, stream=video, backward=True)
    except av.error.FFmpegError:
        return None
    packets = _filled(container, streams)
    before = []  # sound that lies before the keyframe in the file
    for packet in packets:
        if packet.stream_index != video.index:
            before.append(packet)
        elif packet.is_keyframe:
            late = packet.pts is None or to_ms(packet.pts, video) > latest_ms
            return None if late else chain(before, [packet], packets)
    return None


def _filled(container: AvContainer, streams: Streams) -> Iterator[AvPacket]:
    """The packets that hold something, as far as the file can be read."""
    try:
        for packet in container.demux([stream for stream in streams if stream is not None]):
            if packet.size:
                yield packet
    except av.error.FFmpegError:
        return
