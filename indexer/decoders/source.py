"""Opens a file with PyAV and chooses its video stream, or says in one line why it cannot be read.

Knows nothing of frames, sound or cues: see the modules beside it.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.stream import Disposition

from analyzers.clip import Container
from indexer.media import VideoUnreadable

# PyAV is typed differently from release to release, so the type checker does not look into it.
AvContainer: TypeAlias = Any
AvStream: TypeAlias = Any
AvFrame: TypeAlias = Any
AvPacket: TypeAlias = Any
AvDecoder: TypeAlias = Any

PAINTED_TEXT = frozenset({"tty", "bin", "xbin", "adf", "idf"})  # libav draws its letters
ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
UNPRINTABLE = re.compile(r"\s*[\x00-\x1f\x7f]+\s*")


@contextmanager
def open_source(path: Path) -> Iterator[AvContainer]:
    """The file as PyAV's container, closed at the end.

    Raises:
        VideoUnreadable: no such file, a folder, empty, or not a container that libav knows.
    """
    _refuse_non_files(path)
    try:
        container = av.open(os.path.abspath(path), metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        raise VideoUnreadable(
            f"{printable(path)}: not readable as a video: {_reason(error)}"
        ) from error
    with container:
        if container.format.name in PAINTED_TEXT:
            raise VideoUnreadable(f"{printable(path)}: text, not a video")
        if container.format.name.startswith("image2") or container.format.name.endswith("_pipe"):
            raise VideoUnreadable(f"{printable(path)}: a still picture, not a video")
        yield container


def printable(path: Path | str) -> str:
    """The path as one line of text, also where its name is not text."""
    return UNPRINTABLE.sub(" ", os.fsencode(path).decode(errors="replace"))


def _refuse_non_files(path: Path) -> None:
    try:
        status = path.stat()
    except OSError as error:
        raise VideoUnreadable(f"{printable(path)}: cannot be opened: {_reason(error)}") from error
    if stat.S_ISDIR(status.st_mode):
        raise VideoUnreadable(f"{printable(path)}: a folder, not a video")
    if not stat.S_ISREG(status.st_mode):
        raise VideoUnreadable(f"{printable(path)}: not a regular file")
    if not status.st_size:
        raise VideoUnreadable(f"{printable(path)}: the file is empty (0 bytes)")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def choose_video(container: AvContainer, path: Path) -> AvStream:
    """The first video stream, as PyAV counts them; a cover picture is no video.

    Raises:
        VideoUnreadable: there is none, or no decoder for it.
    """
    streams = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not streams:
        kind = "only a cover picture" if container.streams.video else "no video stream"
        raise VideoUnreadable(f"{printable(path)}: {kind} in it, nothing to index")
    chosen = next((each for each in streams if each.codec_context is not None), None)
    if chosen is None:
        raise VideoUnreadable(f"{printable(path)}: no decoder for its video stream")
    return chosen


def _is_cover(stream: AvStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def open_decoder(stream: AvStream, first: AvPacket | None, *, threaded: bool = True) -> AvDecoder:
    """The decoder for the stream, by its first packet that holds something.

    It is libav's own; libvpx for VP8 and VP9 with alpha, which the own ones leave out.
    """
    decoder = stream.codec_context
    better = ALPHA_DECODERS.get(decoder.codec.canonical_name, "")
    alpha = first is not None and first.has_sidedata("matroska_block_additional")
    if alpha and better in av.codec.codecs_available:
        decoder = av.CodecContext.create(better, "r")
    if not decoder.is_open:
        decoder.thread_type = "AUTO" if threaded else "NONE"
    return decoder


def first_frame(container: AvContainer, stream: AvStream, path: Path) -> AvFrame:
    """The first frame that can be decoded.

    Raises:
        VideoUnreadable: there is none in the whole file.
    """
    decoder: AvDecoder | None = None
    failed = 0
    try:
        for packet in container.demux(stream):
            decoder = decoder or open_decoder(stream, packet, threaded=False)
            try:
                frames = decoder.decode(packet if packet.size else None)
            except av.error.FFmpegError:
                failed += 1
                continue
            if frames:
                return frames[0]
    except av.error.FFmpegError as error:
        raise VideoUnreadable(
            f"{printable(path)}: no frame can be decoded: {_reason(error)}"
        ) from error
    raise VideoUnreadable(f"{printable(path)}: no frame can be decoded ({failed} damaged packets)")


def to_ms(ticks: int, stream: AvStream) -> int:
    """A time in the stream's ticks as ms, rounded half up."""
    base = stream.time_base
    return int((2000 * ticks * base.numerator + base.denominator) // (2 * base.denominator))


def describe(
    path: Path, container: AvContainer, stream: AvStream, size: tuple[int, int]
) -> Container:
    """What the container says of itself; `size` is the upright (width, height)."""
    duration = container.duration
    return Container(
        name=printable(path.name),
        format=_format_name(path, container),
        codec=stream.codec_context.codec.canonical_name,
        width=size[0],
        height=size[1],
        fps=float(stream.average_rate or stream.guessed_rate or 0),
        duration_ms=round(duration / 1000) if duration else scan_duration(path),
        size_bytes=path.stat().st_size,
        bit_rate=container.bit_rate or 0,
        tags=_tags(container, stream),
    )


def _format_name(path: Path, container: AvContainer) -> str:
    """Of a demuxer's several names the one the file carries, else the first."""
    names = str(container.format.name).split(",")
    suffix = path.suffix.lower().lstrip(".")
    return suffix if suffix in names else names[0]


def _tags(container: AvContainer, stream: AvStream) -> tuple[tuple[str, str], ...]:
    """Metadata of the container, then of the stream, without what cannot be printed."""
    pairs: dict[tuple[str, str], None] = {}
    for source in (container.metadata, stream.metadata):
        for key, value in source.items():
            text = UNPRINTABLE.sub(" ", value).strip()
            if text:
                pairs[key.lower(), text] = None
    return tuple(pairs)


def scan_duration(path: Path) -> int:
    """For a header without a duration: where the last packet ends, in ms; nothing is decoded."""
    end = 0
    with open_source(path) as container:
        stream = choose_video(container, path)
        start: int | None = None
        for packet in container.demux(stream):
            if packet.pts is not None:
                start = packet.pts if start is None else min(start, packet.pts)
                end = max(end, packet.pts + (packet.duration or 0))
        return to_ms(end - (start or 0), stream)
