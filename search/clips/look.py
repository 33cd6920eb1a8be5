"""A first look at a span: what its pictures are, and whether it can be heard.

Knows nothing of what is written.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import av

from search.clips.source import AvFrame, AvPacket, AvStream, Source, open_decoder, packet_ms
from search.clips.span import Span


@dataclass(frozen=True, eq=False)
class Look:
    """What a first look at the span found."""

    frame: AvFrame  # one of the span, or shortly before it
    sounding: bool  # some sound of the span can be decoded


def look_at(source: Source, span: Span, check: Callable[[], None]) -> Look | None:
    """Decode until one frame is there, and one piece of the span's sound, if there is any.

    Args:
        source: opened near the span's start.
        span: the stretch.
        check: called for every packet; raises to give up.

    Returns:
        None if no frame can be decoded.
    """
    first = _FirstFrame(source.video)
    heard = False
    for packet in source.packets:
        check()
        if packet.stream_index == source.video.index:
            first.push(packet)
            over = (packet_ms(packet, source.video) or 0) >= span.end_ms
        else:
            time_ms = packet_ms(packet, source.sound) or 0
            over = time_ms >= span.end_ms
            if not heard and time_ms >= span.start_ms:
                heard = _sounds(source.sound, packet)
        if first.frame is not None and (heard or over or source.sound is None):
            break
    else:
        first.push(None)
    return None if first.frame is None else Look(first.frame, heard)


class _FirstFrame:
    """Decodes until there is one frame."""

    def __init__(self, stream: AvStream) -> None:
        self.frame: AvFrame = None
        self._stream = stream
        self._decoder: AvFrame = None

    def push(self, packet: AvPacket | None) -> None:
        """Decode one more packet, if need be; None at the end."""
        if self.frame is None:
            self._decoder = self._decoder or open_decoder(self._stream, packet, 1)
            with suppress(av.error.FFmpegError):
                self.frame = next(iter(self._decoder.decode(packet)), None)


def _sounds(stream: AvStream, packet: AvPacket) -> bool:
    """Whether a packet gives any sound."""
    try:
        return bool(stream.codec_context.decode(packet))
    except (av.error.FFmpegError, ValueError):
        return False
