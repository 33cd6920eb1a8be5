"""Copies a span's packets into an MP4, where that gives exactly the span.

That is so if the span starts at a keyframe, and no frame of it is decoded after one beyond its
end. What was copied is decoded once: damage that players stumble over would be copied too. Knows
nothing of pixels.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av

from search.clips.look import Look
from search.clips.picture import find_turn
from search.clips.source import AvPacket, AvStream, Source, packet_ms, to_ms
from search.clips.span import Span

COPIED_SOUND = frozenset({"aac", "mp3"})
COPIED_PROFILES = frozenset({"Baseline", "Constrained Baseline", "Main", "High"})
COPIED_PIXELS = frozenset({"yuv420p", "yuvj420p"})
COPIED_PX = range(16, 4097)
COPIED_CONTAINERS = ("mov", "matroska")  # the first of the demuxer's names
AVCC = b"\x01"  # how the headers of H.264 begin where they are stored as MP4 stores them
MP4 = {"movflags": "+faststart"}


class _NotExact(Exception):
    """The packets do not give exactly the span."""


def can_copy(source: Source, look: Look) -> bool:
    """Whether browsers play these streams, so that packets may be copied at all.

    Args:
        source: the open video.
        look: what was found in the span.
    """
    context = source.video.codec_context
    sound = source.sound.codec_context.codec.canonical_name if look.sounding else ""
    return (
        context.codec.canonical_name == "h264"
        and context.profile in COPIED_PROFILES
        and context.pix_fmt in COPIED_PIXELS
        and bytes(context.extradata or b"").startswith(AVCC)
        and source.container.format.name.split(",")[0] in COPIED_CONTAINERS
        and context.width in COPIED_PX
        and context.height in COPIED_PX
        and (source.video.sample_aspect_ratio or 1) == 1
        and not any(find_turn(look.frame))
        and (not sound or sound in COPIED_SOUND)
    )


def copy_span(
    source: Source, look: Look, span: Span, target: Path, check: Callable[[], None]
) -> bool:
    """Copy a span of an open video; False: that is not exact, the target is of no use.

    Args:
        source: opened near the span's start.
        look: what was found in the span.
        span: what to copy.
        target: the file, replaced.
        check: called for every packet; raises to give up.
    """
    copied = 0
    try:
        with av.open(str(target), "w", format="mp4", options=MP4) as container:
            streams = {source.video.index: container.add_stream_from_template(source.video)}
            if look.sounding:
                index = source.sound.index
                streams[index] = container.add_stream_from_template(source.sound)
            for packet in _SpanPackets(source, span).select(check):
                if packet.stream_index in streams:
                    copied += packet.stream_index == source.video.index
                    packet.stream = streams[packet.stream_index]
                    container.mux(packet)
    except (_NotExact, av.error.FFmpegError, ValueError):
        return False
    return copied > 0 and _is_whole(target, copied, check)


class _SpanPackets:
    """The packets of a span, with their times in the clip."""

    def __init__(self, source: Source, span: Span) -> None:
        self._source = source
        self._span = span
        self._key: int | None = None  # ticks; the keyframe at the span's start
        self._passed = False  # a frame beyond the span's end came

    def select(self, check: Callable[[], None]) -> Iterator[AvPacket]:
        """Packets to write.

        Raises:
            _NotExact: they would show more, or less, than the span.
        """
        sound: list[AvPacket] = []  # until the keyframe came
        for packet in self._source.packets:
            check()
            if packet.stream_index != self._source.video.index:
                chosen = self._choose_sound(packet)
                sound += [packet] if chosen and self._key is None else []
                chosen = chosen and self._key is not None
            else:
                chosen = self._choose_frame(packet)
                if self._is_over(packet):
                    break
            if self._key is not None:
                yield from sound
                sound = []
            if chosen:
                yield packet
        if self._key is None:
            raise _NotExact

    def _choose_frame(self, packet: AvPacket) -> bool:
        if packet.pts is None or packet.dts is None or packet.is_discard or packet.is_corrupt:
            raise _NotExact
        time_ms = to_ms(packet.pts, self._source.video)
        if self._key is None:
            if packet.is_keyframe and time_ms == self._span.start_ms:
                self._key = packet.pts
            elif to_ms(packet.dts, self._source.video) > self._span.start_ms:
                raise _NotExact
        if self._key is None or packet.pts < self._key:
            return False
        if time_ms >= self._span.end_ms:
            self._passed = True
            return False
        if self._passed:
            raise _NotExact
        packet.pts, packet.dts = packet.pts - self._key, packet.dts - self._key
        return True

    def _choose_sound(self, packet: AvPacket) -> bool:
        stream: AvStream = self._source.sound
        if packet.pts is None:
            raise _NotExact
        if not self._span.start_ms <= to_ms(packet.pts, stream) < self._span.end_ms:
            return False
        start = round(Fraction(self._span.start_ms, 1000) / stream.time_base)
        packet.pts = max(0, packet.pts - start)
        packet.dts = packet.pts
        return True

    def _is_over(self, packet: AvPacket) -> bool:
        """Whether no packet of the span follows, nor sound that lies a little behind."""
        time_ms = packet_ms(packet, self._source.video)
        late_ms = 0 if self._source.sound is None else 2000
        return self._passed and time_ms is not None and time_ms >= self._span.end_ms + late_ms


def _is_whole(path: Path, frames: int, check: Callable[[], None]) -> bool:
    """Whether every packet of a clip is decoded, without damage, to as many frames as it has."""
    decoded = 0
    try:
        with av.open(str(path)) as container:
            for stream in container.streams.video:
                stream.thread_type, stream.codec_context.thread_count = "AUTO", 2
            for packet in container.demux():
                check()
                for frame in packet.decode():
                    if isinstance(frame, av.VideoFrame):
                        decoded += 1
                        if frame.is_corrupt:
                            return False
    except (av.error.FFmpegError, ValueError):
        return False
    return decoded == frames
