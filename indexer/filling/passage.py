"""Reads one video for the indexer and tells what comes of it, event by event.

A new or changed video is read in one pass. A stored one that lacks findings is read only as far as
the lacking analyzers ask: nothing, subtitles, keyframes by random access, or a pass over frames and
sound along the stored shots. Knows no analyzers, no catalog, no threads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analyzers.clip import Container
from analyzers.error import ShotseekError
from indexer.filling.planning import Job
from indexer.keyframes import LARGE_PX, KeyframeMaterial, encode_large
from indexer.media import open_fetcher, open_video
from indexer.records import Keyframe, Shot
from indexer.segmenter import Segmenter
from indexer.single_pass import Asks, PassSummary, ShotMaterial, read_video


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
            yield from _events(job, _extend(job, asks, stored))
        else:
            with open_video(job.file.path) as reader:
                yield Opened(job, reader.container)
                stage = "decode"
                everything = replace(asks, keyframes=True)  # a collection has them anyway
                segmenter = make_segmenter(job.file.path)
                yield from _events(job, read_video(reader, segmenter, everything))
    except (ShotseekError, OSError) as error:
        yield Failed(job, stage, " ".join(str(error).split()))
    except Exception as error:  # a bug that one odd file brings to light must not end the night
        yield Failed(job, stage, f"{type(error).__name__}: {error}")


def _events(job: Job, parts: Iterator[ShotMaterial | PassSummary]) -> Iterator[Event]:
    for part in parts:
        yield Ended(job, part) if isinstance(part, PassSummary) else ShotRead(job, part)


def _extend(job: Job, asks: Asks, stored: StoredShots) -> Iterator[ShotMaterial | PassSummary]:
    """Only what is asked for, along the stored shots."""
    summary = PassSummary.empty()
    pictures = _fetched(job, stored) if asks.keyframes else None
    if asks.rates or asks.sound_hz:
        with open_video(job.file.path) as reader:
            segmenter = _StoredCuts([shot.start_ms for shot in stored.shots])
            for part in read_video(reader, segmenter, replace(asks, keyframes=False)):
                if isinstance(part, PassSummary):
                    summary = part
                else:
                    yield replace(part, keyframes=next(pictures) if pictures else ())
    else:
        for shot in stored.shots:
            keyframes = next(pictures) if pictures else ()
            yield ShotMaterial(shot.start_ms, shot.end_ms, keyframes, {}, {})
        if asks.cues:
            with open_video(job.file.path) as reader:
                summary = replace(summary, cues=tuple(reader.read_cues()))
    yield summary


def _fetched(job: Job, stored: StoredShots) -> Iterator[tuple[KeyframeMaterial, ...]]:
    """The keyframes of each stored shot, read by random access."""
    times = [keyframe.time_ms for keyframe in stored.keyframes]
    with open_fetcher(job.file.path) as fetcher:
        frames = fetcher.fetch(times, LARGE_PX)
        by_shot: dict[int, list[Keyframe]] = {}
        for keyframe in stored.keyframes:
            by_shot.setdefault(keyframe.shot, []).append(keyframe)
        for shot in stored.shots:
            yield tuple(
                KeyframeMaterial(
                    each.time_ms,
                    each.start_ms,
                    each.end_ms,
                    each.sharpness,
                    encode_large(next(frames).pixels),
                    b"",
                )
                for each in by_shot.get(shot.number, [])
            )


class _StoredCuts:
    """A segmenter that repeats the shots of a collection."""

    settled_ms = 1 << 62  # every cut is known from the beginning

    def __init__(self, starts_ms: Sequence[int]) -> None:
        self._starts = frozenset(starts_ms[1:])

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        return (time_ms,) if time_ms in self._starts else ()

    def finish(self) -> Sequence[int]:
        return ()
