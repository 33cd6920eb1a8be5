"""Writes the videos that tests, the demo and the benchmarks are made of.

PyAV's encoders do it. Knows nothing of collections, nor of what the pictures show.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import av
import numpy as np
from av.subtitles.subtitle import SubtitleSet
from numpy.typing import NDArray

from analyzers.clip import Cue, Sound

CLOCK = Fraction(1, 60_000)  # seconds in one tick of the pictures' clock; mpeg4 takes no finer
CHUNK = 1024  # samples in one frame of sound
FAST = MappingProxyType({"preset": "veryfast", "crf": "18"})
ASS_HEADER = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
    "Style: Default,Arial,16\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)

# PyAV is typed differently from release to release, so the type checker does not look into it.
AvContainer: TypeAlias = Any
AvStream: TypeAlias = Any
AvFrame: TypeAlias = Any


@dataclass(frozen=True)
class Coding:
    """How a made video is coded; the container follows from the file's suffix."""

    fps: int | Fraction = 25
    codec: str = "libx264"
    pixels: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=lambda: FAST)
    rotation: int = 0  # degrees counter-clockwise that a player turns the picture by
    tags: Mapping[str, str] = field(default_factory=dict)
    sound_codec: str = "aac"
    muxing: Mapping[str, str] = field(default_factory=dict)  # options of the container's writer


def write_video(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    coding: Coding | None = None,
    *,
    times_ms: Iterable[int] | None = None,
    sound: Sound | None = None,
    cues: Sequence[Cue] = (),
) -> Path:
    """Write frames, and if given sound and subtitles, as one file; returns its path.

    Args:
        path: where; an older file is overwritten.
        frames: RGB (h, w, 3) or RGBA (h, w, 4), all of one size, taken one by one.
        coding: codecs, rate and options; x264 at 25 frames per second by default.
        times_ms: a presentation time for each frame; even steps from 0 by default.
        sound: mono sound; it becomes the one sound stream.
        cues: subtitles; each `Cue.stream` becomes a stream.
    """
    coding, rows = coding or Coding(), iter(frames)
    first = next(rows)
    with av.open(str(path), "w", options=dict(coding.muxing)) as container:
        container.metadata.update(coding.tags)
        video = _add_video(container, coding, first)
        voice: AvStream = _add_sound(container, coding, sound) if sound else None
        texts = _add_texts(container, path, cues)
        container.start_encoding()
        for cue in sorted(cues, key=lambda cue: cue.start_ms):
            container.mux(_encode_cue(texts[cue.stream], cue))
        chunks = _split(sound) if sound else iter(())
        ticks = _ticks(coding, times_ms)
        for tick, row in zip(ticks, chain([first], rows), strict=False):
            container.mux(video.encode(_picture(row, tick)))
            for chunk in _until(chunks, float(tick * CLOCK)):
                container.mux(voice.encode(chunk))
        for chunk in chunks:
            container.mux(voice.encode(chunk))
        for stream in filter(None, (video, voice)):
            container.mux(stream.encode(None))
    return path


def grey_steps(count: int, width: int = 64, height: int = 48) -> list[NDArray[np.uint8]]:
    """Small frames that can be told apart: grey rises from one to the next, dark at top left."""
    frames = []
    for number in range(count):
        frame = np.full((height, width, 3), 40 + number * 200 // count, np.uint8)
        frame[: height // 2, : width // 2] //= 2
        frames.append(frame)
    return frames


def _add_video(container: AvContainer, coding: Coding, first: NDArray[np.uint8]) -> AvStream:
    stream = container.add_stream(coding.codec, rate=coding.fps, options=dict(coding.options))
    stream.height, stream.width = first.shape[:2]
    stream.pix_fmt = coding.pixels
    stream.codec_context.time_base = CLOCK
    if coding.rotation:
        stream.set_display_rotation(coding.rotation)
    return stream


def _add_sound(container: AvContainer, coding: Coding, sound: Sound) -> AvStream:
    stream = container.add_stream(coding.sound_codec, rate=sound.hz)
    stream.layout = "mono"
    return stream


def _add_texts(container: AvContainer, path: Path, cues: Sequence[Cue]) -> dict[int, AvStream]:
    codec = {".mp4": "mov_text", ".mov": "mov_text", ".webm": "webvtt"}.get(path.suffix, "srt")
    streams: dict[int, AvStream] = {}
    for cue in sorted(cues, key=lambda cue: cue.stream):
        if cue.stream not in streams:
            stream = container.add_stream(codec)
            stream.codec_context.subtitle_header = ASS_HEADER.encode()
            stream.time_base = Fraction(1, 1000)
            if cue.language:
                stream.metadata["language"] = cue.language
            streams[cue.stream] = stream
    return streams


def _encode_cue(stream: AvStream, cue: Cue) -> Any:
    text = f"0,0,Default,,0,0,0,,{cue.text}".replace("\n", "\\N")
    length = cue.end_ms - cue.start_ms
    packet = stream.codec_context.encode_subtitle(
        SubtitleSet.create(text=text.encode(), start=0, end=length, pts=cue.start_ms)
    )
    packet.stream = stream
    packet.time_base = Fraction(1, 1000)
    packet.pts = packet.dts = cue.start_ms
    packet.duration = length
    return packet


def _ticks(coding: Coding, times_ms: Iterable[int] | None) -> Iterator[int]:
    if times_ms is None:
        step = Fraction(1) / coding.fps / CLOCK
        return (round(number * step) for number in count())
    return (round(Fraction(time_ms, 1000) / CLOCK) for time_ms in times_ms)


def _picture(row: NDArray[np.uint8], tick: int) -> AvFrame:
    layout = "rgba" if row.shape[2] == 4 else "rgb24"
    picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(row), format=layout)
    picture.pts, picture.time_base = tick, CLOCK
    return picture


def _split(sound: Sound) -> Iterator[AvFrame]:
    """The sound in frames, each with its time."""
    first = round(Fraction(sound.start_ms, 1000) * sound.hz)
    for start in range(0, len(sound.samples), CHUNK):
        samples = np.ascontiguousarray(sound.samples[None, start : start + CHUNK])
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate, frame.time_base = sound.hz, Fraction(1, sound.hz)
        frame.pts = first + start
        yield frame


def _until(chunks: Iterator[AvFrame], second: float) -> Iterator[AvFrame]:
    """As many of the next chunks as bring the sound up to this time."""
    for chunk in chunks:
        yield chunk
        if chunk.time >= second:
            return
