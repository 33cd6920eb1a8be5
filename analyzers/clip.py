"""What an analyzer is shown.

Knows nothing of decoders, of collections, of where pictures come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Finding


@dataclass(frozen=True, eq=False)
class Picture:
    """One frame of the video, upright, with the span of time it stands for."""

    time_ms: int
    start_ms: int  # the span [start_ms, end_ms) holds time_ms; those of a shot partition it
    end_ms: int
    pixels: NDArray[np.uint8]  # (height, width, 3) RGB


@dataclass(frozen=True, eq=False)
class Sound:
    """A stretch of mono sound; empty samples where the video has none."""

    start_ms: int
    hz: int
    samples: NDArray[np.float32]  # (n,) in [-1, 1]


@dataclass(frozen=True)
class Cue:
    """One subtitle as a stream of the container holds it."""

    start_ms: int
    end_ms: int
    text: str
    language: str | None = None
    stream: int = 0  # which subtitle stream, in the container's order


@dataclass(frozen=True)
class SideCar:
    """The text of a file that lies beside the video (`film.srt`, `film.en.vtt`)."""

    name: str
    text: str


@dataclass(frozen=True)
class Container:
    """What the container and its video stream say of themselves."""

    name: str  # the file's name
    format: str
    codec: str
    width: int  # px, upright
    height: int  # px, upright
    fps: float  # frames per second, on average
    duration_ms: int
    size_bytes: int
    bit_rate: int  # bits per second, 0 where unknown
    tags: tuple[tuple[str, str], ...] = ()  # container and stream metadata, keys in lower case


@dataclass(frozen=True, eq=False)
class Clip:
    """A stretch of one video with what the analyzer asked for in its `Wants`.

    All else is empty or None. Pictures of a long stretch are decoded one by one as they are looked
    at, so iterate rather than collect.

    The stretch is a shot, a scene or the whole video, by the analyzer's scope. `shots` are the
    bounds of the shots inside it. For the scope `collection` there is one clip for each video, all
    in one call.
    """

    start_ms: int
    end_ms: int
    shots: tuple[tuple[int, int], ...] = ()
    keyframes: Sequence[Picture] = ()
    frames: Sequence[Picture] = ()
    sound: Sound | None = None
    container: Container | None = None
    cues: tuple[Cue, ...] = ()
    side_cars: tuple[SideCar, ...] = ()
    findings: tuple[Finding, ...] = ()  # of the analyzers it needs, inside the stretch
    former: tuple[Finding, ...] = ()  # what it said itself, of these same findings
