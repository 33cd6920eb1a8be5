"""Whether browsers play a video's file as it is, by its first video stream.

The narrow common ground of Chromium, Firefox and Safari: MP4 with H.264 in 8 bit 4:2:0, VP9 or
AV1, WebM with VP8, VP9 or AV1, and sound that goes with these. Knows nothing of clips.
"""

from pathlib import Path
from typing import Any, TypeAlias

MP4_NAMES = frozenset({"mp4", "mov", "m4a", "3gp", "3g2", "mj2"})  # one demuxer reads them all
PICTURES = {
    "mp4": frozenset({"h264", "vp9", "av1"}),
    "webm": frozenset({"vp8", "vp9", "av1"}),
}
SOUNDS = {
    "mp4": frozenset({"aac", "mp3", "opus"}),
    "webm": frozenset({"opus", "vorbis"}),
}
H264_PROFILES = frozenset({"Baseline", "Constrained Baseline", "Main", "High"})
PLAIN = frozenset({"yuv420p", "yuvj420p"})
SMALLEST_PX = 16
DOCTYPE = b"\x42\x82"  # of a Matroska header (RFC 8794, 11.2.5); it is "webm" in a WebM
HEADER_BYTES = 256
LATE_MS = 100  # of a file whose pictures start later, players count the time differently

AvContainer: TypeAlias = Any
AvStream: TypeAlias = Any


def looks_playable(name: str, format: str, codec: str) -> bool:
    """Guess from what the catalog knows, without opening the file.

    Args:
        name: the file's name.
        format: of the container, as `analyzers.clip.Container` has it.
        codec: of the first video stream.
    """
    if format in MP4_NAMES:
        return codec in PICTURES["mp4"]
    webm = format in ("webm", "matroska") and name.lower().endswith(".webm")
    return webm and codec in PICTURES["webm"]


def is_playable(path: Path) -> bool:
    """Open the file and see; False also for one that cannot be read."""
    import av

    from search.clips.error import ClipUnavailable
    from search.clips.source import choose_video, open_container

    try:
        with open_container(path) as container:
            kind = _find_kind(path, container)
            video = choose_video(container)
            return (
                kind is not None
                and video is not None
                and video is container.streams.video[0]
                and _plays_pictures(kind, video)
                and _begins_at_once(video)
                and all(_plays_sound(kind, stream) for stream in container.streams.audio)
            )
    except (ClipUnavailable, av.error.FFmpegError, OSError):
        return False


def _find_kind(path: Path, container: AvContainer) -> str | None:
    names = container.format.name.split(",")
    if "mp4" in names:
        return "mp4"
    return "webm" if "webm" in names and _is_webm(path) and container.duration else None


def _is_webm(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    at = header.find(DOCTYPE)
    # The length stands in one byte, its highest bit set.
    return at >= 0 and header[at + 3 : at + 3 + (header[at + 2] & 0x7F)].rstrip(b"\0") == b"webm"


def _plays_pictures(kind: str, stream: AvStream) -> bool:
    context = stream.codec_context
    codec = context.codec.canonical_name
    return (
        codec in PICTURES[kind]
        and context.pix_fmt in PLAIN
        and (codec != "h264" or context.profile in H264_PROFILES)
        and min(context.width, context.height) >= SMALLEST_PX
    )


def _begins_at_once(stream: AvStream) -> bool:
    return bool((stream.start_time or 0) * stream.time_base * 1000 <= LATE_MS)


def _plays_sound(kind: str, stream: AvStream) -> bool:
    context = stream.codec_context
    return context is not None and context.codec.canonical_name in SOUNDS[kind]
