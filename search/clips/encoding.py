"""Encodes a span anew: H.264 and AAC in an MP4, for what browsers cannot play as it is.

The times of frames are kept, to the millisecond, also where they are uneven. Knows nothing of
when encoding is needed.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from search.clips.frames import USUAL_RATE, SpanFrames
from search.clips.look import Look
from search.clips.picture import PIXELS, PictureMaker
from search.clips.sound import SpanSound
from search.clips.source import AvContainer, AvFrame, AvPacket, Source, packet_ms
from search.clips.span import Limits, Span

TICK = Fraction(1, 1000)  # seconds
PATIENCE_MS = 2000  # sound that lies further behind its pictures in the file is not waited for
X264 = {"preset": "veryfast", "crf": "23", "bf": "0", "g": "60"}
MP4 = {"movflags": "+faststart"}


def encode_span(
    source: Source, look: Look, span: Span, target: Path, limits: Limits, check: Callable[[], None]
) -> bool:
    """Write a span of an open video; False: nothing of it can be shown.

    Args:
        source: opened near the span's start.
        look: what was found in the span.
        span: what to write.
        target: the file, replaced.
        limits: size and threads.
        check: called for every packet; raises to give up.
    """
    frames = SpanFrames(source.video, span, limits.threads)
    shape = float(source.video.sample_aspect_ratio or 1)
    maker = PictureMaker(look.frame, shape, limits.longest_px)
    with av.open(str(target), "w", format="mp4", options=MP4) as container:
        pictures = _Pictures(container, maker, look.frame, limits.threads)
        sound = SpanSound(container, source.sound, span) if look.sounding else None
        for packet in source.packets:
            check()
            if packet.stream_index == source.video.index:
                pictures.write(frames.push(packet))
            elif sound is not None:
                sound.push(packet)
            if frames.done and _is_over(packet, source, span, look.sounding):
                break
        pictures.write(frames.push(None))
        if pictures.begun:
            if sound is not None:
                sound.finish(frames.end_ms)
            pictures.finish(frames.end_ms)
    return pictures.begun


def _is_over(packet: AvPacket, source: Source, span: Span, sounding: bool) -> bool:
    """Whether the file holds nothing more of the span after this packet."""
    if not sounding:
        return True
    is_video = packet.stream_index == source.video.index
    time_ms = packet_ms(packet, source.video if is_video else source.sound)
    return time_ms is not None and time_ms >= span.end_ms + (PATIENCE_MS if is_video else 0)


class _Pictures:
    """The clip's pictures."""

    begun = False

    def __init__(
        self, container: AvContainer, maker: PictureMaker, first: AvFrame, threads: int
    ) -> None:
        self._container = container
        self._maker = maker
        self._held: AvPacket = None  # the last packet so far: how long it is shown is not known
        self._stream: Any = container.add_stream("libx264", rate=USUAL_RATE, options=dict(X264))
        context = self._stream.codec_context
        context.width, context.height = maker.size
        context.pix_fmt = PIXELS
        context.time_base = TICK
        context.thread_count = threads
        picture = maker.make(first)
        for name in ("color_range", "colorspace", "color_primaries", "color_trc"):
            setattr(context, name, getattr(picture, name))

    def write(self, frames: Iterable[tuple[int, AvFrame]]) -> None:
        """Encode frames, each with its time in the clip in ms."""
        for time_ms, frame in frames:
            self.begun = True
            picture = self._maker.make(frame)
            picture.pts, picture.time_base = time_ms, TICK
            self._mux(self._stream.encode(picture))

    def _mux(self, packets: list[AvPacket]) -> None:
        for packet in packets:
            if self._held is not None:
                self._container.mux(self._held)
            self._held = packet

    def finish(self, end_ms: int) -> None:
        """Write the rest; the last picture is shown until a time of the clip."""
        self._mux(self._stream.encode(None))
        last, base = self._held, self._held.time_base
        last.duration = max(1, round(Fraction(end_ms, 1000) / base) - last.pts)
        self._container.mux(last)
