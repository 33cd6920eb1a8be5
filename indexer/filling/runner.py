"""Runs analyzers over what the pass gives: in batches that cross video borders, in order of need.

While a pass goes on, analyzers of shots see each batch of shots; when it ends, those of scenes and
of the whole video follow, and those of shots that need them. A clip that makes an analyzer fail
costs that analyzer's run on that video, nothing else. Knows no collection, no threads.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.analyzer import Analyzer, Scope, Wants
from analyzers.clip import Clip, Picture
from analyzers.finding import Finding
from indexer.filling.report import IndexReport
from indexer.filling.work import VideoWork, rate_of
from indexer.records import Shot
from indexer.single_pass import ShotMaterial

BATCH_PICTURES = 32  # at most 1280 px wide: about 90 MB
BATCH_BYTES = 96 << 20  # of frames asked for at a rate


@dataclass(frozen=True)
class ShotTask:
    """One shot of one video, waiting to be looked at."""

    work: VideoWork
    shot: Shot
    material: ShotMaterial


class AnalyzerRunner:
    """Feeds the analyzers of one command; used by one thread."""

    def __init__(self, analyzers: Sequence[Analyzer], report: IndexReport) -> None:
        """Take the analyzers in an order in which each comes after those it needs."""
        self.analyzers = [each for each in analyzers if each.scope is not Scope.COLLECTION]
        self.report = report
        early: set[str] = set()
        for each in self.analyzers:
            shown = each.scope is Scope.SHOT and not each.wants.subtitles
            if shown and set(each.needs) <= early:
                early.add(each.name)
        self.early = [each for each in self.analyzers if each.name in early]
        self.late = [each for each in self.analyzers if each.name not in early]
        self._tasks: list[ShotTask] = []
        self._pictures = 0
        self._bytes = 0

    def kept_for(self, work: VideoWork) -> list[Wants]:
        """What has to be kept of a video until its end, for those that run only then."""
        return [each.wants for each in self.late if each.name in work.job.analyzers]

    def add(self, task: ShotTask) -> None:
        """Take a shot; runs the batch when it is full."""
        self._tasks.append(task)
        self._pictures += len(task.material.keyframes)
        frames = (frame for kept in task.material.frames.values() for frame in kept)
        self._bytes += sum(frame.pixels.nbytes for frame in frames)
        if self._pictures >= BATCH_PICTURES or self._bytes >= BATCH_BYTES:
            self.flush()

    def awaits(self, work: VideoWork) -> bool:
        """Whether a shot of this video waits for its batch."""
        return any(task.work is work for task in self._tasks)

    def flush(self) -> None:
        """Run what waits."""
        tasks, self._tasks = self._tasks, []
        self._pictures = self._bytes = 0
        wanted = any(each.wants.keyframes for each in self.early)
        shown = [_decoded(task) if wanted else () for task in tasks]
        for analyzer in self.early:
            mine = [
                (task, pictures)
                for task, pictures in zip(tasks, shown, strict=True)
                if task.work.still_runs(analyzer)
            ]
            clips = [_clip(task, analyzer, pictures) for task, pictures in mine]
            self._analyze(analyzer, [task.work for task, _ in mine], clips)

    def finish(self, work: VideoWork) -> None:
        """Run what can only be run when the whole video is known."""
        for analyzer in self.late:
            clips = work.clips(analyzer) if work.still_runs(analyzer) else []
            for clip in clips:
                if analyzer.name not in work.failed:
                    self._analyze(analyzer, [work], [clip])

    def _analyze(
        self, analyzer: Analyzer, works: Sequence[VideoWork], clips: Sequence[Clip]
    ) -> None:
        if not clips:
            return
        started = time.perf_counter()
        answers = self._answers(analyzer, works, clips)
        seconds = time.perf_counter() - started
        self.report.analyzer_seconds[analyzer.name] += seconds
        self.report.analyzer_clips[analyzer.name] += len(clips)
        for work, answer in zip(works, answers, strict=True):
            work.seconds[analyzer.name] += seconds / len(clips)
            work.findings.setdefault(analyzer.name, []).extend(answer)

    def _answers(
        self, analyzer: Analyzer, works: Sequence[VideoWork], clips: Sequence[Clip]
    ) -> list[list[Finding]]:
        try:
            return check_answers(analyzer, clips, analyzer.analyze(clips))
        except (
            Exception
        ) as error:  # an analyzer may raise anything; it costs one video, not the night
            if len(clips) == 1:
                works[0].failed.setdefault(analyzer.name, describe(error))
                return [[]]
        return [
            [] if analyzer.name in work.failed else self._answers(analyzer, [work], [clip])[0]
            for work, clip in zip(works, clips, strict=True)
        ]


class BadAnswer(Exception):
    """An analyzer broke its contract."""


def describe(error: Exception) -> str:
    """One line about an exception."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def check_answers(
    analyzer: Analyzer, clips: Sequence[Clip], answers: list[list[Finding]]
) -> list[list[Finding]]:
    """The answers, if they keep the contract of `Analyzer.analyze`.

    Raises:
        BadAnswer: too few or too many, or something is said about a time outside the clip.
    """
    if len(answers) != len(clips):
        raise BadAnswer(f"{analyzer.name} gave {len(answers)} answers to {len(clips)} clips")
    for clip, answer in zip(clips, answers, strict=True):
        for finding in answer:
            if not clip.start_ms <= finding.start_ms < finding.end_ms <= clip.end_ms:
                raise BadAnswer(
                    f"{analyzer.name} said something of {finding.start_ms}-{finding.end_ms} ms "
                    f"about a clip of {clip.start_ms}-{clip.end_ms} ms"
                )
    return answers


def _decoded(task: ShotTask) -> tuple[Picture, ...]:
    return tuple(
        Picture(each.time_ms, each.start_ms, each.end_ms, each.pixels())
        for each in task.material.keyframes
    )


def _clip(task: ShotTask, analyzer: Analyzer, pictures: tuple[Picture, ...]) -> Clip:
    wants, rate, shot = analyzer.wants, rate_of(analyzer.wants), task.shot
    return Clip(
        shot.start_ms,
        shot.end_ms,
        shots=((shot.start_ms, shot.end_ms),),
        keyframes=pictures if wants.keyframes else (),
        frames=task.material.frames[rate] if rate else (),
        sound=task.material.sound[wants.sound_hz] if wants.sound_hz else None,
        container=task.work.container if wants.container else None,
        findings=tuple(task.work.needed_findings(analyzer, shot.start_ms, shot.end_ms)),
    )
