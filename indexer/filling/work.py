"""One video while it is being analysed: its shots so far, what is kept, what was found.

Makes the clips that analyzers are shown. Knows no collection, no threads, no models.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from analyzers.analyzer import Analyzer, Scope, Wants
from analyzers.clip import Clip, Container, Cue, Picture, SideCar
from analyzers.finding import Finding
from indexer.filling.planning import Job
from indexer.filling.spool import Rate, Spool
from indexer.records import Keyframe, Scene, Shot
from indexer.single_pass import PassSummary, ShotMaterial

SCENE_MS = 30_000  # scenes are whole shots of together about this length


@dataclass
class VideoWork:
    """What is known of a video so far; filled by the pass and by the analyzers."""

    job: Job
    container: Container
    side_cars: tuple[SideCar, ...] = ()
    spool: Spool = field(default_factory=Spool)
    shots: list[Shot] = field(default_factory=list)
    keyframes: list[Keyframe] = field(default_factory=list)
    cues: tuple[Cue, ...] = ()
    summary: PassSummary | None = None
    decoder: str = ""  # which one the pictures came from
    findings: dict[str, list[Finding]] = field(default_factory=dict)  # by analyzer
    failed: dict[str, str] = field(default_factory=dict)  # analyzer -> reason
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __enter__(self) -> "VideoWork":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop what is kept on disk."""
        self.spool.close()

    def add_shot(self, material: ShotMaterial, kept_for: Sequence[Wants]) -> Shot:
        """Take the next shot; keeps on disk what analyzers of longer stretches will want."""
        shot = Shot(len(self.shots), material.start_ms, material.end_ms)
        self.shots.append(shot)
        for keyframe in material.keyframes:
            self.spool.add_keyframe(keyframe)
            span = (keyframe.time_ms, keyframe.start_ms, keyframe.end_ms)
            self.keyframes.append(Keyframe(shot.number, *span, keyframe.sharpness))
        for rate in {rate_of(wants) for wants in kept_for} - {None}:
            if rate is not None:
                self.spool.add_frames(rate, material.frames[rate])
        for hz in {wants.sound_hz for wants in kept_for if wants.sound_hz}:
            self.spool.add_sound(material.sound[hz])
        return shot

    def still_runs(self, analyzer: Analyzer) -> bool:
        """Whether the analyzer has work on this video; one whose needs failed fails here."""
        if analyzer.name not in self.job.analyzers or analyzer.name in self.failed:
            return False
        for needed in analyzer.needs:
            if needed in self.failed:
                self.failed[analyzer.name] = f"it needs {needed}, which failed"
                return False
        return True

    def needed_findings(self, analyzer: Analyzer, start_ms: int, end_ms: int) -> list[Finding]:
        """Findings of the analyzers that this one needs, inside the stretch."""
        return [
            finding
            for needed in analyzer.needs
            for finding in self.findings.get(needed, [])
            if finding.start_ms < end_ms and finding.end_ms > start_ms
        ]

    def clips(self, analyzer: Analyzer) -> list[Clip]:
        """All clips of an analyzer that is run after the pass, its pictures read from the spool."""
        return [self._clip(analyzer, *stretch) for stretch in self._stretches(analyzer.scope)]

    def _stretches(self, scope: Scope) -> list[tuple[int, int]]:
        if scope is Scope.SHOT:
            return [(shot.start_ms, shot.end_ms) for shot in self.shots]
        if scope is Scope.SCENE:
            return [(scene.start_ms, scene.end_ms) for scene in group_scenes(self.shots)]
        return [(self.shots[0].start_ms, self.shots[-1].end_ms)]

    def _clip(self, analyzer: Analyzer, start_ms: int, end_ms: int) -> Clip:
        wants, rate = analyzer.wants, rate_of(analyzer.wants)
        keyframes: Sequence[Picture] = ()
        if wants.keyframes:
            keyframes = self.spool.keyframes().within(start_ms, end_ms)
        return Clip(
            start_ms,
            end_ms,
            shots=tuple(
                (shot.start_ms, shot.end_ms)
                for shot in self.shots
                if start_ms <= shot.start_ms < end_ms
            ),
            keyframes=keyframes,
            frames=self.spool.frames(rate).within(start_ms, end_ms) if rate else (),
            sound=self.spool.sound(wants.sound_hz, start_ms, end_ms) if wants.sound_hz else None,
            container=self.container if wants.container else None,
            cues=cues_within(self.cues, start_ms, end_ms) if wants.subtitles else (),
            side_cars=self.side_cars if wants.subtitles else (),
            findings=tuple(self.needed_findings(analyzer, start_ms, end_ms)),
        )


def rate_of(wants: Wants) -> Rate | None:
    """The key of the frames that an analyzer asks for."""
    return (wants.frames_per_second, wants.frames_px) if wants.frames_per_second else None


def cues_within(cues: Iterable[Cue], start_ms: int, end_ms: int) -> tuple[Cue, ...]:
    """The subtitles that are shown in a stretch."""
    return tuple(cue for cue in cues if cue.start_ms < end_ms and cue.end_ms > start_ms)


def group_scenes(shots: Sequence[Shot]) -> list[Scene]:
    """Groups of whole neighbouring shots, each closed by the shot that brings it to 30 s."""
    bounds = [shots[0].start_ms] if shots else []
    for shot in shots:
        if shot.end_ms - bounds[-1] >= SCENE_MS:
            bounds.append(shot.end_ms)
    if shots and bounds[-1] != shots[-1].end_ms:
        bounds.append(shots[-1].end_ms)
    return [Scene(number, *pair) for number, pair in enumerate(pairwise(bounds))]
