"""Persons and things in pictures, followed through a shot: `coco/person`, `coco/dog`.

Knows nothing of who a person is, nor of which classes there are: names are the detector's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Picture
from analyzers.detector import Detections, Detector
from analyzers.detectors import make_detector
from analyzers.finding import Box, Finding, Label, Track
from analyzers.profiles import DETECTOR
from analyzers.tracking import link_tracks

FRAMES_PX = 960  # longer side of frames at a rate; keyframes come as large as they are kept
BATCH = 32  # pictures held at once


@dataclass(frozen=True, eq=False)
class _Sample:
    """What is seen in one picture of a clip; the picture itself is let go."""

    time_ms: int
    start_ms: int
    end_ms: int
    seen: Detections


class ObjectsAnalyzer:
    """For each thing in a shot a Track, then for each picture of it a Label with box and track.

    Labels have the span of their picture, so those of one picture can be counted. Tracks hold one
    class each and are followed by overlap alone; their span is from the first to the last picture.

    Args:
        detector: finds them.
        frames_per_second: how often to look; None for the keyframes.
    """

    name = "objects"
    scope = Scope.SHOT
    needs: tuple[str, ...] = ()
    slow_on = frozenset({"cpu", "cuda"})  # wants weights of its own: only where it is asked for

    def __init__(self, detector: Detector, *, frames_per_second: float | None = None) -> None:
        self._detector = detector
        self.wants = Wants(keyframes=True)
        if frames_per_second is not None:
            self.wants = Wants(frames_per_second=frames_per_second, frames_px=FRAMES_PX)

    @property
    def version(self) -> str:
        """Names the model and the rate; reads the weights, so it may raise `ModelUnavailable`."""
        rate = self.wants.frames_per_second
        return f"1 {self._detector.name}" + ("" if rate is None else f" {rate:g}/s")

    def ensure_available(self) -> None:
        """Make sure that the weights are here.

        Raises:
            ModelUnavailable: they cannot be had or cannot be used.
            LibraryMissing: what runs them is not installed.
        """
        self._detector.ensure_available()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Find and follow what is in each clip; pictures of all clips are looked at together."""
        samples: list[list[_Sample]] = [[] for _ in clips]
        shown = ((n, one) for n, clip in enumerate(clips) for one in self._pictures(clip))
        while batch := list(islice(shown, BATCH)):
            found = self._detector.detect([picture.pixels for _, picture in batch])
            for (number, picture), seen in zip(batch, found, strict=True):
                span = (picture.start_ms, picture.end_ms)
                samples[number].append(_Sample(picture.time_ms, *span, seen))
        return [list(self._tell(clip)) for clip in samples]

    def _pictures(self, clip: Clip) -> Sequence[Picture]:
        return clip.keyframes if self.wants.frames_per_second is None else clip.frames

    def _tell(self, samples: Sequence[_Sample]) -> Iterator[Finding]:
        """The findings of one clip, class by class."""
        if not samples:
            return
        classes = np.unique(np.concatenate([one.seen.classes for one in samples]))
        for number in classes.tolist():
            yield from _follow(samples, number, self._detector.names[number])


def make_objects(
    *, device: str = "cpu", detector: str = DETECTOR, object_fps: float | None = None
) -> ObjectsAnalyzer:
    """The analyzer with the detector of a spec, see `detectors`.

    Raises:
        SettingsError: it names none.
    """
    return ObjectsAnalyzer(make_detector(detector, device), frames_per_second=object_fps)


def _follow(samples: Sequence[_Sample], number: int, kind: str) -> Iterator[Finding]:
    """The tracks of one class in a clip, each with the labels of its pictures."""
    rows = [np.flatnonzero(one.seen.classes == number) for one in samples]
    boxes = [one.seen.boxes[row] for one, row in zip(samples, rows, strict=True)]
    tracks = link_tracks([one.time_ms for one in samples], boxes)
    track = np.concatenate(tracks)
    at = np.repeat(np.arange(len(samples)), [len(row) for row in rows])
    box = np.concatenate(boxes)
    score = np.concatenate([one.seen.scores[row] for one, row in zip(samples, rows, strict=True)])
    times_ms = np.array([one.time_ms for one in samples], np.int64)
    vocabulary, _, name = kind.partition("/")
    for each in range(track.max() + 1):
        held = np.flatnonzero(track == each)
        first, last = samples[at[held[0]]], samples[at[held[-1]]]
        id_ = f"{kind}-{first.start_ms}-{each}"
        yield Track(
            first.start_ms, last.end_ms, id_, kind, times_ms[at[held]], box[held], score[held]
        )
        for row in held.tolist():
            one = samples[at[row]]
            found = (vocabulary, name, float(score[row]), _box(box[row]), id_)
            yield Label(one.start_ms, one.end_ms, *found)


def _box(box: NDArray[np.float32]) -> Box:
    x0, y0, x1, y1 = box.tolist()
    return (x0, y0, x1, y1)
