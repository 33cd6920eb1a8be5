"""Fills a collection: reads videos once, runs analyzers over them, commits each when it is whole.

Decoding runs ahead in threads, models run in the calling thread, and batches cross video borders so
that neither waits long for the other. A killed run leaves every committed video whole; the next run
goes on with the rest. Knows no command line.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analyzers.analyzer import Analyzer
from analyzers.clip import Container
from analyzers.registry import ensure_available
from indexer.collection import Collection
from indexer.facets.labelling import label_videos
from indexer.facets.store import read_facets
from indexer.filling.committing import commit_work, note_outcome, record_unreadable
from indexer.filling.passage import Ended, Event, Failed, Opened, ShotRead, StoredShots, read_job
from indexer.filling.planning import Job, Plan, Planner, Work
from indexer.filling.readahead import ReadAhead
from indexer.filling.report import IndexReport, Note
from indexer.filling.runner import AnalyzerRunner, ShotTask
from indexer.filling.scanning import FoundFile
from indexer.filling.side_cars import read_side_cars
from indexer.filling.spaces import announce_spaces
from indexer.filling.whole_collection import run_collection_analyzers
from indexer.filling.work import VideoWork
from indexer.generations.build import bring_up_to_date
from indexer.generations.following import Follower
from indexer.segmenter import Segmenter
from indexer.single_pass import Asks

COUNTED_AS = {Work.ADD: "added", Work.UPDATE: "updated", Work.EXTEND: "updated"}


class Watcher(Protocol):
    """Is told how the work goes on; a progress bar, or nothing."""

    def planned(self, jobs: Sequence[Job]) -> None:
        """The work is known."""

    def reading(self, job: Job, time_ms: int, end_ms: int) -> None:
        """A video was read up to a time."""

    def done(self, job: Job) -> None:
        """A video is committed, or has failed."""

    def building(self, what: str) -> None:
        """Something is being done for the whole collection."""


@dataclass(frozen=True)
class Options:
    """How videos are read; made from the settings."""

    make_segmenter: Callable[[Path], Segmenter]
    name_segmenter: Callable[[Path], str]  # what is recorded for a video's shots
    resegment: bool = False  # make shots anew where stored ones came from another segmenter
    workers: int = 1  # videos decoded at once


class Indexer:
    """One run of `index` over one collection."""

    def __init__(
        self,
        collection: Collection,
        analyzers: Sequence[Analyzer],
        options: Options,
        watcher: Watcher,
    ) -> None:
        """Take analyzers in an order in which each comes after those it needs."""
        self.collection = collection
        self.analyzers = analyzers
        self.options = options
        self.watcher = watcher
        self.report = IndexReport(str(collection.folder))
        self._runner = AnalyzerRunner(analyzers, self.report)
        self._versions = {each.name: each.version for each in self._runner.analyzers}
        self._works: dict[Path, VideoWork] = {}
        self._ended: list[VideoWork] = []

    def run(self, files: Sequence[FoundFile], named: Sequence[Path]) -> IndexReport:
        """Index the files found below the named paths; what fails is in the report."""
        started = time.perf_counter()
        self.report.found = len(files)
        jobs = self._plan(files, named)
        self._prepare(jobs)
        self.watcher.planned(jobs)
        if jobs:
            with Follower(self.collection):  # what is committed is found while others are read
                self._read(jobs)
        self.watcher.building("findings about the whole collection")
        run_collection_analyzers(self.collection, self.analyzers, self.report)
        self._label()
        self.watcher.building("search files")
        bring_up_to_date(self.collection)
        counts = self.collection.catalog.counts()
        self.report.shots, self.report.keyframes = counts.shots, counts.keyframes
        self.report.total_seconds = time.perf_counter() - started
        return self.report

    def _label(self) -> None:
        """Give new videos the labels of the facets that were added to the collection."""
        facets = read_facets(self.collection.folder)
        done = label_videos(self.collection, facets)
        self.report.failures += [Note(path, "facet", reason) for path, reason in done.failures]
        for facet in facets if done.videos else ():
            self.report.analyzer_clips[facet.analyzer] += done.videos
            self.report.analyzer_seconds[facet.analyzer] += done.seconds / len(facets)

    def _plan(self, files: Sequence[FoundFile], named: Sequence[Path]) -> list[Job]:
        name = self.options.name_segmenter if self.options.resegment else None
        plan: Plan = Planner(self.collection, self.analyzers, name).plan(files, named)
        for unreadable, reason in plan.unreadable:
            self._note_failure(unreadable, "open", reason)
        for video, path in plan.moved:
            self.collection.move_video(video, path)
        for video, file in plan.touched:
            self.collection.touch_video(video, file.size_bytes, file.mtime_ns)
        self.report.videos["unchanged"] = len(plan.unchanged)
        self.report.videos["moved"] = len(plan.moved)
        self.report.videos["missing"] = len(plan.missing)
        return plan.jobs

    def _prepare(self, jobs: Sequence[Job]) -> None:
        """Nothing is read before all models that will be asked are known to be here."""
        asked = {name for job in jobs for name in job.analyzers}
        runs = [each for each in self.analyzers if each.name in asked]
        ensure_available(runs)
        announce_spaces(self.collection, runs)

    def _read(self, jobs: Sequence[Job]) -> None:
        try:
            with ReadAhead(jobs, self._events, self.options.workers) as events:
                while (event := events.next()) is not None:
                    self._take(event)
                    if self._ended and events.idle:
                        self._runner.flush()
                    self._commit_ended()
                self._runner.flush()
                self._commit_ended()
                self.report.waiting_seconds = events.waited_seconds
        finally:
            for work in [*self._works.values(), *self._ended]:
                work.close()

    def _events(self, job: Job) -> Iterator[Event]:
        """What one reading thread does."""
        asks = Asks.of(each.wants for each in self._runner.analyzers if each.name in job.analyzers)
        stored = None
        if job.work is Work.EXTEND and job.video is not None:
            catalog = self.collection.catalog
            stored = StoredShots(catalog.find_shots(job.video), catalog.find_keyframes(job.video))
        return read_job(job, asks, self.options.make_segmenter, stored)

    def _take(self, event: Event) -> None:
        match event:
            case Opened(job, container):
                self._works[job.file.path] = self._begin(job, container)
            case ShotRead(job, material):
                work = self._works[job.file.path]
                shot = work.add_shot(material, self._runner.kept_for(work))
                self._runner.add(ShotTask(work, shot, material))
                self.watcher.reading(job, material.end_ms, work.container.duration_ms)
            case Ended(job, summary, decoder):
                work = self._works.pop(job.file.path)
                work.summary, work.cues, work.decoder = summary, summary.cues, decoder
                self._count_reading(work)
                self._ended.append(work)
            case Failed(job, stage, reason):
                self._fail(job, stage, reason)

    def _begin(self, job: Job, container: Container) -> VideoWork:
        side_cars = read_side_cars(job.file.path) if job.side_cars else ()
        work = VideoWork(job, container, side_cars=side_cars)
        needed = {name for each in self._runner.analyzers for name in each.needs}
        if job.video is not None and job.work is Work.EXTEND:
            for name in needed - job.analyzers:
                found = self.collection.find_findings(job.video, [name])
                work.findings[name] = list(found)
        return work

    def _count_reading(self, work: VideoWork) -> None:
        if work.summary is not None:
            self.report.frames += work.summary.frames
            self.report.decode_seconds += work.summary.decode_seconds
            self.report.shots_seconds += work.summary.shots_seconds

    def _commit_ended(self) -> None:
        """Commit the videos that were read to their end and of which no shot waits for a batch.

        Where readers are always ahead of the models, full batches are what brings videos here.
        """
        for work in [each for each in self._ended if not self._runner.awaits(each)]:
            self._ended = [each for each in self._ended if each is not work]
            with work:
                self._commit(work)

    def _commit(self, work: VideoWork) -> None:
        job = work.job
        self._runner.finish(work)
        try:
            segmenter = self.options.name_segmenter(job.file.path)
            commit_work(self.collection, work, self._versions, segmenter)
        except OSError as error:
            self._fail(job, "store", str(error))
            return
        note_outcome(self.report, work)
        self.report.videos[COUNTED_AS[job.work]] += 1
        self.watcher.done(job)

    def _fail(self, job: Job, stage: str, reason: str) -> None:
        work = self._works.pop(job.file.path, None)
        if work is not None:
            work.close()
        self._note_failure(job.file, stage, reason)
        self.watcher.done(job)

    def _note_failure(self, file: FoundFile, stage: str, reason: str) -> None:
        record_unreadable(self.collection, file, stage, reason)
        self.report.videos["failed"] += 1
        self.report.failures.append(Note(str(file.path), stage, reason))
