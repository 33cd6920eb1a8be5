"""Reads one video for the indexer and tells what comes of it, event by event.

A new or changed video is read in one pass. A stored one that lacks findings is read only as far as
the lacking analyzers ask: nothing, subtitles, keyframes by random access, or a pass over frames and
sound along the stored shots. Knows no analyzers, no catalog, no threads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from analyzers.clip import Container, Cue
from analyzers.error import ShotseekError
from indexer.filling.planning import Job
from indexer.keyframes import LARGE_PX, KeyframeMaterial, encode_large
from indexer.media import FetchedFrame, FrameFetcher, open_fetcher, open_video
from indexer.records import Keyframe, Shot
from indexer.segmenter import Segmenter
from indexer.segmenters.given import GivenSegmenter
from indexer.single_pass import Asks, PassSummary, ShotMaterial, read_video

SEQUENTIAL = "pyav"  # the decoder of every pass


@dataclass(frozen=True)
class Opened:
    """The video could be opened."""

    job: Job
    container: Container


@dataclass(frozen=True)
class ShotRead:
    """The next shot, with all that was asked for."""

    job: Job
    material: ShotMaterial


@dataclass(frozen=True)
class Ended:
    """The video was read to its end."""

    job: Job
    summary: PassSummary
    decoder: str  # which one the pictures came from


@dataclass(frozen=True)
class Failed:
    """The video cannot be read, or not to its end."""

    job: Job
    stage: str
    reason: str


Event: TypeAlias = Opened | ShotRead | Ended | Failed


@dataclass(frozen=True)
class StoredShots:
    """The shots and keyframes of a video as they are in the collection."""

    shots: Sequence[Shot]
    keyframes: Sequence[Keyframe]


def read_job(
    job: Job,
    asks: Asks,
    make_segmenter: Callable[[Path], Segmenter],
    stored: StoredShots | None,
) -> Iterator[Event]:
    """Read one video; the last event is `Ended` or `Failed`.

    Args:
        job: which video.
        asks: what the analyzers that have to run want to be shown.
        make_segmenter: makes the shot detection for a pass over a new or changed video.
        stored: shots and keyframes to keep to; None for a new or changed video.
    """
    stage = "open"
    try:
        if job.video is not None and stored is not None:
            yield Opened(job, job.video.container)
            stage = "decode"
            yield from _extend(job, asks, stored)
        else:
            with open_video(job.file.path) as reader:
                yield Opened(job, reader.container)
                stage = "shots"
                everything = replace(asks, keyframes=True)  # a collection has them anyway
                segmenter = make_segmenter(job.file.path)
                stage = "decode"
                parts = read_video(reader, segmenter, everything)
                yield from _events(job, parts, lambda: SEQUENTIAL)
    except (ShotseekError, OSError) as error:
        reason = str(error).removeprefix(f"{job.file.path}: ")  # the path stands beside it
        yield Failed(job, stage, " ".join(reason.split()))
    except Exception as error:  # a bug that one odd file brings to light must not end the night
        yield Failed(job, stage, f"{type(error).__name__}: {error}")


def _events(
    job: Job, parts: Iterator[ShotMaterial | PassSummary], decoder: Callable[[], str]
) -> Iterator[Event]:
    for part in parts:
        if isinstance(part, PassSummary):
            yield Ended(job, part, decoder())
        else:
            yield ShotRead(job, part)


def _extend(job: Job, asks: Asks, stored: StoredShots) -> Iterator[Event]:
    """Only what is asked for, along the stored shots."""
    if not asks.keyframes:
        yield from _events(job, _along(job, asks, stored), lambda: SEQUENTIAL)
        return
    with open_fetcher(job.file.path) as fetcher:
        parts = _with_keyframes(job, asks, stored, fetcher)
        yield from _events(job, parts, lambda: fetcher.decoder)  # damage may change it on the way


def _with_keyframes(
    job: Job, asks: Asks, stored: StoredShots, fetcher: FrameFetcher
) -> Iterator[ShotMaterial | PassSummary]:
    """The same with the stored keyframes, read by random access."""
    times = [keyframe.time_ms for keyframe in stored.keyframes]
    fetched = zip(stored.keyframes, fetcher.fetch(times, LARGE_PX), strict=True)
    by_shot = groupby(fetched, lambda pair: pair[0].shot)
    for part in _along(job, replace(asks, keyframes=False), stored):
        if isinstance(part, PassSummary):
            yield replace(part, frames=part.frames + fetcher.frames_decoded)
        else:
            _, pairs = next(by_shot)
            yield replace(part, keyframes=tuple(_material(*pair) for pair in pairs))


def _material(keyframe: Keyframe, frame: FetchedFrame) -> KeyframeMaterial:
    span = (keyframe.time_ms, keyframe.start_ms, keyframe.end_ms)
    return KeyframeMaterial(*span, keyframe.sharpness, encode_large(frame.pixels), b"")


def _along(job: Job, asks: Asks, stored: StoredShots) -> Iterator[ShotMaterial | PassSummary]:
    """The stored shots, with frames and sound where they are asked for."""
    if asks.rates or asks.sound_hz:
        with open_video(job.file.path) as reader:
            cuts = GivenSegmenter([shot.start_ms for shot in stored.shots])
            yield from read_video(reader, cuts, asks)
        return
    for shot in stored.shots:
        yield ShotMaterial(shot.start_ms, shot.end_ms, (), {}, {})
    cues: tuple[Cue, ...] = ()
    if asks.cues:
        with open_video(job.file.path) as reader:
            cues = tuple(reader.read_cues())
    yield replace(PassSummary.empty(), cues=cues)
