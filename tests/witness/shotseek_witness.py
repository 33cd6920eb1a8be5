"""Analyzers of a package outside the project: every scope, every want, every kind of finding.

What they say is arithmetic on what they were shown, so that a test can tell whether that was right.
"""

from collections.abc import Sequence

import numpy as np

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip
from analyzers.finding import (
    Embedding,
    End,
    EndKind,
    Finding,
    Label,
    Measure,
    Relation,
    Track,
    Words,
    WordsKind,
)

SPACE = "witness-boxes"
BOX = (0.25, 0.25, 0.75, 0.75)


class Witness:
    """Sees frames at 5 per second and hears 16 kHz; says all six kinds of findings of a shot."""

    name, version, scope, needs = "witness", "1", Scope.SHOT, ()
    wants = Wants(frames_per_second=5, frames_px=64, sound_hz=16_000)

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        return [self._look(clip) for clip in clips]

    def _look(self, clip: Clip) -> list[Finding]:
        assert clip.sound is not None
        span = (clip.start_ms, clip.end_ms)
        times = np.array([frame.time_ms for frame in clip.frames], np.int64)
        means = np.array([frame.pixels.mean() / 255 for frame in clip.frames], np.float32)
        vector = np.array([1, *span, len(times)], np.float32)
        track = Track(
            *span,
            id=f"t{clip.start_ms}",
            kind="light",
            times_ms=times,
            boxes=np.tile(np.array(BOX, np.float32), (len(times), 1)),
            scores=means,
            landmarks=np.zeros((len(times), 2, 2), np.float32),
        )
        loud = float(np.sqrt(np.mean(clip.sound.samples**2))) if len(clip.sound.samples) else 0.0
        return [
            Embedding(*span, SPACE, vector / np.linalg.norm(vector), box=BOX, track=track.id),
            Words(*span, WordsKind.CAPTION, f"witnessed {len(times)} frames", 0.5, BOX, "en"),
            Label(*span, "witness", "seen", 0.75, BOX, track.id),
            Measure(*span, "frames_shown", float(len(times)), ""),
            Measure(*span, "sound_samples", float(len(clip.sound.samples)), ""),
            Measure(*span, "loudness", loud, "1"),
            track,
            Relation(
                *span, End(EndKind.TRACK, track.id), "is like", End(EndKind.LABEL, "witness/seen")
            ),
        ]


class Echo:
    """Needs what the witness said; counts it by kind."""

    name, version, scope, needs, wants = "witness-echo", "1", Scope.SHOT, ("witness",), Wants()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        return [[_count(clip, "echoed")] for clip in clips]


class Scenes:
    """Counts the shots of each scene."""

    name, version, scope, needs, wants = "witness-scenes", "1", Scope.SCENE, (), Wants()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        return [
            [Measure(clip.start_ms, clip.end_ms, "shots_in_scene", float(len(clip.shots)))]
            for clip in clips
        ]


class WholeVideo:
    """Sees all keyframes, frames and sound of a video together."""

    name, version, scope, needs = "witness-video", "1", Scope.VIDEO, ("witness",)
    wants = Wants(keyframes=True, frames_per_second=2, frames_px=32, sound_hz=8_000, container=True)

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        return [self._look(clip) for clip in clips]

    def _look(self, clip: Clip) -> list[Finding]:
        assert clip.sound is not None
        assert clip.container is not None
        span = (clip.start_ms, clip.end_ms)
        light = [float(picture.pixels.mean()) for picture in clip.keyframes]
        return [
            _count(clip, "witnessed_in_video"),
            Measure(*span, "keyframes_shown", float(len(light))),
            Measure(*span, "light", sum(light) / len(light)),
            Measure(*span, "video_frames_shown", float(len(list(clip.frames)))),
            Measure(*span, "video_sound_samples", float(len(clip.sound.samples))),
            Words(*span, WordsKind.TITLE, f"witnessed {clip.container.name}"),
        ]


class WholeCollection:
    """Says of each video which place it takes by length among all."""

    name, version, scope, wants = "witness-collection", "1", Scope.COLLECTION, Wants()
    needs = ("witness",)

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        lengths = [clip.end_ms - clip.start_ms for clip in clips]
        places = np.argsort(np.argsort(-np.array(lengths), kind="stable"))
        return [
            [
                Measure(clip.start_ms, clip.end_ms, "place_by_length", float(place + 1)),
                _count(clip, "witnessed_for_collection"),
            ]
            for clip, place in zip(clips, places, strict=True)
        ]


def _count(clip: Clip, name: str) -> Measure:
    return Measure(clip.start_ms, clip.end_ms, name, float(len(clip.findings)))
