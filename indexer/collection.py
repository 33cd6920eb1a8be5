"""A collection on disk: the one object through which videos and findings are stored and read.

What is written is on the disk wholly or not at all: files are written aside and synced, then, under
the writer's lock, moved to their places and named by one transaction of the catalog. The lock is
held for one commit only; several processes may fill one collection. Knows no decoding, no
analyzers, no search files.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeGuard, TypeVar

from analyzers.encoder import Space
from analyzers.finding import Finding
from indexer.admission import admit
from indexer.catalog.catalog import Catalog
from indexer.catalog.change import Segmentation
from indexer.catalog.reader import CatalogReader
from indexer.collection_check import Checker
from indexer.collection_file import (
    CollectionFile,
    read_collection_file,
    write_collection_file,
)
from indexer.deposit import put_collection_runs, put_runs, put_video
from indexer.finding_reading import FindingReader
from indexer.lock import writer_lock
from indexer.opening import create_collection, open_collection
from indexer.people.withholding import Withheld
from indexer.records import (
    CollectionResult,
    Failure,
    FileKind,
    FoundVideo,
    Keyframe,
    KeyframePictures,
    Problem,
    Result,
    RunStanding,
    Scene,
    Shot,
    Video,
)
from indexer.run_files import StagedRun, stage_run
from indexer.staging import PICTURES, Staging, dead_folders, install_pictures
from indexer.tombstones import Tombstones
from indexer.vectors import VectorFile, read_vectors
from indexer.video_name import choose_video
from indexer.withdrawal import Withdrawer

Staged = TypeVar("Staged")
Stored = TypeVar("Stored")


class Collection:
    """One collection; a context manager."""

    def __init__(self, folder: Path, content: CollectionFile, catalog: Catalog) -> None:
        """Use `create` or `open_`."""
        self.folder = folder
        self.catalog = catalog
        self._content = content
        self._tombstones = Tombstones(folder, catalog)
        self._findings = FindingReader(folder, catalog)
        self._withdrawer = Withdrawer(folder, catalog, self._writing, self._findings.find)

    @classmethod
    def create(cls, folder: Path, catalog_url: str | None = None) -> "Collection":
        """Open a collection; make it if there is none, or only the beginnings of one.

        Args:
            folder: made if it is not there.
            catalog_url: a PostgreSQL database for the catalog; without it, a file in the folder.

        Raises:
            SettingsError: the folder is a file, or the collection has its catalog elsewhere.
            CollectionTooNew: made by a newer shotseek.
            CatalogUnreachable: the database cannot be opened.
        """
        return cls(folder, *create_collection(folder, catalog_url))

    @classmethod
    def open_(cls, folder: Path) -> "Collection":
        """Open a collection; an older one is brought up to date.

        Raises:
            CollectionMissing: the folder holds none.
            CollectionTooNew: made by a newer shotseek.
            CatalogUnreachable: its database cannot be opened.
        """
        return cls(folder, *open_collection(folder))

    @property
    def id(self) -> str:
        """Tells collections apart, also after they were moved or copied over."""
        return self._content.id

    @property
    def spaces(self) -> dict[str, Space]:
        """The embedding spaces, by name."""
        return dict(self._content.spaces)

    @property
    def revision(self) -> int:
        """A number that grows with every change of what generations are made from."""
        return self.catalog.revision

    @property
    def videos_revision(self) -> int:
        """Like `revision`, but not moved by runs over the whole collection."""
        with self.catalog.reading() as reader:
            return reader.videos_revision

    def add_space(self, space: Space) -> None:
        """Make a space known; embeddings of others are not stored.

        Raises:
            SpaceMismatch: there is a space of that name of another model.
        """
        self._rewrite(lambda content: content.with_space(space))

    def commit_video(
        self,
        found: FoundVideo,
        shots: Sequence[Shot],
        keyframes: Sequence[Keyframe],
        scenes: Sequence[Scene],
        results: Sequence[Result],
        pictures: Iterable[KeyframePictures] = (),
    ) -> Video:
        """Store a video with all that was found in it, wholly or not at all.

        One with the same path is replaced: it keeps its ids. Where the same content with the same
        shots is stored already (another process was quicker), only runs that it lacks are added.
        Pictures are written as they come, before the lock is taken. What tombstones forbid is left
        out, here and of all that is stored.
        """
        self._rewrite(lambda content: content.with_segmenter(found.segmenter.partition("#")[0]))
        segmentation = Segmentation(shots, keyframes, scenes)
        with Staging(self.folder) as staging:

            def stage() -> list[StagedRun]:
                (spans,) = self._tombstones.find([found])
                return self._stage(staging, results, keyframes, Withheld(spans))

            def store(runs: list[StagedRun]) -> Video:
                with self.catalog.changing() as change:
                    deposit = put_video(change, staging, found, segmentation, runs)
                    video = change.get_video(deposit.video.id)
                if deposit.is_new:
                    install_pictures(self.folder, staging.folder, video.uid)
                self._remove_files(deposit.unnamed)
                return video

            staging.write_pictures(pictures)
            return self._commit([found], stage, store)

    def commit_results(
        self, video: Video, results: Sequence[Result], *, side_cars: str | None = None
    ) -> bool:
        """Add runs to a stored video, in the place of what the same analyzers said before.

        False if the video was removed or read anew meanwhile: then nothing is stored.
        `side_cars` is the signature of the subtitle files that were read, where they were.
        """
        keyframes = self.catalog.find_keyframes(video)
        with Staging(self.folder) as staging:

            def stage() -> list[StagedRun]:
                (withheld,) = self._find_withheld([video])
                return self._stage(staging, results, keyframes, withheld)

            def store(runs: list[StagedRun]) -> bool:
                with self.catalog.changing() as change:
                    now = change.find_video("id", video.id)
                    if not _is_same(now, video) or change.find_keyframes(video) != keyframes:
                        return False
                    change.delete_failure(now.path)
                    deposit = put_runs(change, staging, now, runs)
                    if side_cars is not None:
                        change.set_side_cars(now, side_cars)
                self._remove_files(deposit.unnamed)
                return True

            return self._commit([video], stage, store)

    def commit_collection_result(self, result: CollectionResult) -> None:
        """Store what an analyzer said of all videos, in the place of all it said before.

        Videos that were removed or read anew meanwhile are left out.
        """
        spoken = [(video, findings) for video, findings in result.findings if findings]
        videos = [video for video, _ in spoken]
        with Staging(self.folder) as staging:

            def stage() -> list[tuple[Video, StagedRun]]:
                runs = []
                for (video, said), withheld in zip(
                    spoken, self._find_withheld(videos), strict=True
                ):
                    one = Result(result.analyzer, result.version, 0.0, said)
                    keyframes = self.catalog.find_keyframes(video)
                    (run,) = self._stage(staging, [one], keyframes, withheld)
                    runs.append((video, run))
                return runs

            def store(runs: list[tuple[Video, StagedRun]]) -> None:
                with self.catalog.changing() as change:
                    unnamed = put_collection_runs(change, staging, result, runs)
                self._remove_files(unnamed)

            self._commit(videos, stage, store)

    def withdraw(self, video: Video) -> bool:
        """Take out of a stored video what tombstones forbid; whether there was anything."""
        return self._withdrawer.withdraw(video, lambda now: self._tombstones.find([now])[0])

    def mark_stale(self, runs: Sequence[RunStanding], reason: str) -> None:
        """Mark runs to be made anew; what they said stands until then."""
        if runs:
            with self._writing(), self.catalog.changing() as change:
                change.set_stale(runs, reason)

    def move_video(self, video: Video, path: Path) -> None:
        """The video's file lies elsewhere now; nothing happens if that path has a video already."""
        with self._writing(), self.catalog.changing() as change:
            if change.find_video("path", str(path)) is None:
                change.set_place(video, str(path))
                change.delete_failure(str(path))

    def touch_video(self, video: Video, size_bytes: int, mtime_ns: int) -> None:
        """The video's file has another time, but the same content."""
        with self._writing(), self.catalog.changing() as change:
            change.set_stamp(video, size_bytes, mtime_ns)

    def remove_video(self, video: Video) -> None:
        """Remove a video with its findings, vectors, tracks and pictures."""
        with self._writing():
            with self.catalog.changing() as change:
                files = [file.path for _, file in change.find_run_files(video)]
                change.delete_video(video)
                change.delete_failure(video.path)
            self._remove_files(files)
            shutil.rmtree(self.pictures(video), ignore_errors=True)

    def remove_findings(self, analyzer: str) -> None:
        """Remove all that an analyzer said of any video."""
        with self._writing():
            with self.catalog.changing() as change:
                files = [file.path for file in change.find_files_of(analyzer)]
                for run in change.read_runs():
                    if run.analyzer == analyzer:
                        change.delete_run(run.video_id, analyzer)
            self._remove_files(files)

    def record_failure(self, failure: Failure) -> None:
        """Remember that a file could not be indexed, until it is."""
        with self._writing(), self.catalog.changing() as change:
            change.put_failure(failure)

    def find_failures(self) -> list[Failure]:
        """The files that could not be indexed, by path."""
        return self.catalog.find_failures()

    def pictures(self, video: Video) -> Path:
        """The folder of a video's pictures: `TIME_MS.jpg` and `TIME_MS.small.jpg`."""
        return self.folder / PICTURES / video.uid

    def find_video(self, name: str) -> Video:
        """The video that a person names: by file name, path, end of a path, or public id.

        Raises:
            VideoMissing: there is none; the message gives the nearest names.
            AmbiguousVideo: there are several; the message gives their paths.
        """
        with self.catalog.reading() as reader:
            chosen = reader.find_video("id", choose_video(name, reader.find_names()))
            assert chosen is not None  # it is among the names of the same view
            return chosen

    def find_findings(self, video: Video, analyzers: Sequence[str] | None = None) -> list[Finding]:
        """What was found in a video, by all analyzers or some; run by run, as they said it."""
        return self._findings.find(video, analyzers)

    def read_vectors(
        self, space: str, view: CatalogReader | None = None
    ) -> Iterator[tuple[int, VectorFile]]:
        """All vectors of a space: ids of videos, ascending, with one file after the other.

        Args:
            space: its name.
            view: the files that this view of the catalog names, instead of those of now.

        Raises:
            CollectionChanged: a video was replaced or removed since; take a new view.
            CollectionDamaged: a file is missing.
        """
        if view is None:
            with self.catalog.reading() as reader:
                files = reader.find_files(FileKind.VECTORS, space)
        else:
            files = view.find_files(FileKind.VECTORS, space)
        for video_id, file in files:
            with self._findings.said_if_missing([file]):
                vectors = read_vectors(self.folder / file.path)
            yield video_id, vectors

    def check(self, *, full: bool = False) -> list[Problem]:
        """Find what is wrong and mend what can be mended; `full` reads all videos."""
        return Checker(self.folder, self.catalog, self._writing).check(full=full)

    def remove_orphans(self) -> None:
        """Remove files that nothing names, as a process that died may leave them."""
        for _ in Checker(self.folder, self.catalog, self._writing).remove_orphans():
            pass

    def close(self) -> None:
        """Close the catalog."""
        self._tombstones.close()
        self.catalog.close()

    def __enter__(self) -> "Collection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writer's lock; finish first what a process that died has left."""
        with writer_lock(self.folder):
            for folder in dead_folders(self.folder):
                if (folder / PICTURES).exists():
                    with self.catalog.reading() as reader:
                        video = reader.find_video("pictures", folder.name)
                    if video is not None:
                        install_pictures(self.folder, folder, video.uid)
            yield

    def _rewrite(self, change: Callable[[CollectionFile], CollectionFile]) -> None:
        """Change `collection.json`, on top of what others have changed there."""
        if change(self._content) is self._content:
            return
        with writer_lock(self.folder):
            now = read_collection_file(self.folder)
            self._content = change(now)
            if self._content is not now:
                write_collection_file(self.folder, self._content)

    def _commit(
        self,
        videos: Sequence[FoundVideo],
        stage: Callable[[], Staged],
        store: Callable[[Staged], Stored],
    ) -> Stored:
        """Write aside what may be stored of some videos, then store it under the lock.

        Where somebody was forgotten in them between the two, it is written anew.
        """
        while True:
            spans = self._tombstones.find(videos)
            staged = stage()
            with self._writing():
                if self._tombstones.find(videos) == spans:
                    return store(staged)

    def _find_withheld(self, videos: Sequence[Video]) -> list[Withheld]:
        """What may not be added to stored videos."""
        return [
            Withheld(spans, self._withdrawer.find_tracks(video)) if spans else Withheld()
            for video, spans in zip(videos, self._tombstones.find(videos), strict=True)
        ]

    def _stage(
        self,
        staging: Staging,
        results: Sequence[Result],
        keyframes: Sequence[Keyframe],
        withheld: Withheld,
    ) -> list[StagedRun]:
        dims = {space.name: space.dim for space in self._content.spaces.values()}
        admitted = [admit(result, dims) for result in results]
        kept = withheld.leave_out({each.analyzer: each.findings for each in admitted})
        left = [replace(each, findings=kept[each.analyzer]) for each in admitted]
        return [stage_run(staging, each, keyframes) for each in left]

    def _remove_files(self, paths: Iterable[str]) -> None:
        for path in paths:
            (self.folder / path).unlink(missing_ok=True)


def _is_same(now: Video | None, video: Video) -> TypeGuard[Video]:
    """Whether a stored video still has the content that was read."""
    if now is None:
        return False
    names = ("size_bytes", "sample_hash", "segmenter")
    return all(getattr(now, name) == getattr(video, name) for name in names)
