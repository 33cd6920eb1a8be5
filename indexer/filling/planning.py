"""Decides what `index` has to do: which videos are new, changed, moved, missing, or lack findings.

Compares files with the catalog: size and time first, then a sampled hash. Opens no video.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from analyzers.analyzer import Analyzer, Scope
from indexer.collection import Collection
from indexer.filling.scanning import FoundFile, is_below
from indexer.fingerprint import FileUnreadable, SideCars, sample_hash
from indexer.records import Video

Content: TypeAlias = tuple[str, int]  # sampled hash and size tell videos apart


class Work(StrEnum):
    """What has to be done with a video."""

    ADD = "added"
    UPDATE = "updated"  # the file has changed, or other shots are asked for: all anew
    EXTEND = "extended"  # only some analyzers have to run


@dataclass(frozen=True)
class Job:
    """One video that has to be read."""

    work: Work
    file: FoundFile
    sample_hash: str
    side_cars: str  # signature
    analyzers: frozenset[str]  # names of those that have to run
    video: Video | None = None  # as stored; None for a new one


@dataclass
class Plan:
    """What to do, and what needs nothing."""

    jobs: list[Job] = field(default_factory=list)
    unchanged: list[Video] = field(default_factory=list)
    moved: list[tuple[Video, Path]] = field(default_factory=list)
    touched: list[tuple[Video, FoundFile]] = field(default_factory=list)  # other time, same bytes
    missing: list[Video] = field(default_factory=list)
    unreadable: list[tuple[FoundFile, str]] = field(default_factory=list)  # with the reason


class Planner:
    """Compares what was found with what is stored."""

    def __init__(
        self,
        collection: Collection,
        analyzers: Sequence[Analyzer],
        name_segmenter: Callable[[Path], str] | None,
    ) -> None:
        """Take the asked analyzers, and what names the asked shot detection for a video.

        `name_segmenter` is None where stored shots are kept, whatever made them.
        """
        self._videos = {video.path: video for video in collection.catalog.find_videos()}
        self._done: dict[int, set[tuple[str, str]]] = {}
        for run in collection.catalog.read_runs():
            if run.state == "done":
                self._done.setdefault(run.video_id, set()).add((run.analyzer, run.version))
        self._analyzers = [each for each in analyzers if each.scope is not Scope.COLLECTION]
        self._names = frozenset(each.name for each in self._analyzers)
        self._name_segmenter = name_segmenter
        self._side_cars = SideCars()

    def plan(self, files: Sequence[FoundFile], named: Sequence[Path]) -> Plan:
        """Plan the work on the files found below the named paths."""
        plan = Plan()
        found = {str(file.path) for file in files}
        gone: dict[Content, list[Video]] = {}
        for path, video in self._videos.items():
            if path not in found and _is_gone(Path(path)):
                gone.setdefault((video.sample_hash, video.size_bytes), []).append(video)
        for file in files:
            try:
                self._place(plan, file, gone)
            except FileUnreadable as error:
                plan.unreadable.append((file, str(error)))
        left = [video for videos in gone.values() for video in videos]
        plan.missing = [video for video in left if is_below(Path(video.path), named)]
        return plan

    def _place(self, plan: Plan, file: FoundFile, gone: dict[Content, list[Video]]) -> None:
        video = self._videos.get(str(file.path))
        same = video and (video.size_bytes, video.mtime_ns) == (file.size_bytes, file.mtime_ns)
        hashed = video.sample_hash if video and same else sample_hash(file.path)
        if video is None:
            candidates = gone.get((hashed, file.size_bytes))
            if candidates:
                video = candidates.pop()
                plan.moved.append((video, file.path))
        signature = self._side_cars.signature(file.path)
        if video is None:
            plan.jobs.append(Job(Work.ADD, file, hashed, signature, self._names))
        elif video.sample_hash != hashed or self._wants_other_shots(file, video):
            plan.jobs.append(Job(Work.UPDATE, file, hashed, signature, self._names, video))
        else:
            self._extend(plan, file, video, signature)

    def _wants_other_shots(self, file: FoundFile, video: Video) -> bool:
        name = self._name_segmenter
        return name is not None and name(file.path) != video.segmenter

    def _extend(self, plan: Plan, file: FoundFile, video: Video, signature: str) -> None:
        if (video.size_bytes, video.mtime_ns) != (file.size_bytes, file.mtime_ns):
            plan.touched.append((video, file))
        done = self._done.get(video.id, set())
        lacking = {each.name for each in self._analyzers if (each.name, each.version) not in done}
        if signature != video.side_cars:
            lacking |= {each.name for each in self._analyzers if each.wants.subtitles}
        if lacking:
            names = frozenset(lacking)
            job = Job(Work.EXTEND, file, video.sample_hash, signature, names, video)
            plan.jobs.append(job)
        elif video.path == str(file.path):  # one that has moved is counted as that
            plan.unchanged.append(video)


def _is_gone(path: Path) -> bool:
    """Whether a file is surely not there; below a folder that cannot be entered nobody knows."""
    try:
        return not path.exists()
    except OSError:
        return False
