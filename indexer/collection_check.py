"""Looks whether a collection is whole, and mends what can be mended.

Orphans are removed, runs whose files are lost or damaged are marked to be made anew, videos whose
content is another are marked to be read anew: `index` does both. Decodes nothing.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from indexer.catalog.catalog import Catalog
from indexer.durable import TEMPORARY
from indexer.fingerprint import FileUnreadable, full_hash, sample_hash
from indexer.records import FileKind, Problem, ProblemKind, StoredFile, Video
from indexer.staging import PICTURES, file_sha256

NEVER_NS = 0  # a time that no file has: makes `index` look into it


class Checker:
    """Checks one collection; `writing` is its writer's lock."""

    def __init__(
        self, folder: Path, catalog: Catalog, writing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._folder = folder
        self._catalog = catalog
        self._writing = writing

    def check(self, *, full: bool) -> list[Problem]:
        """What is wrong; `full` reads every video and compares its full hash."""
        problems = [*self._remove_orphans(), *self._check_files(), *self._check_pictures()]
        for video in self._catalog.find_videos():
            problems.extend(self._check_video(video, full=full))
        self._forget_vanished_failures()
        return problems

    def _remove_orphans(self) -> Iterator[Problem]:
        """Under the lock nobody moves files to their places, so what is not named is an orphan."""
        with self._writing():
            with self._catalog.reading() as reader:
                named = {file.path for _, file in reader.find_files()}
                pictured = set(reader.find_pictured())
            for kind in FileKind:
                for path in sorted((self._folder / kind).rglob("*")):
                    if path.is_file() and self._relative(path) not in named:
                        path.unlink()
                        yield self._orphan(path)
            for path in sorted((self._folder / PICTURES).glob("*")):
                if path.name not in pictured:
                    _remove(path)
                    yield self._orphan(path)
            for path in sorted(self._folder.glob(TEMPORARY)):
                path.unlink()
                yield self._orphan(path)

    def _orphan(self, path: Path) -> Problem:
        return Problem(ProblemKind.ORPHAN, self._relative(path), "nothing names it: removed")

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _check_files(self) -> Iterator[Problem]:
        with self._catalog.reading() as reader:
            files = [file for _, file in reader.find_files()]
        for file in files:
            if self._fault(file) is None:
                continue
            with self._writing():
                problem = self._give_up(file)
            if problem is not None:
                yield problem

    def _fault(self, file: StoredFile) -> ProblemKind | None:
        path = self._folder / file.path
        if not path.is_file():
            return ProblemKind.FILE_MISSING
        return None if file_sha256(path) == file.sha256 else ProblemKind.FILE_DAMAGED

    def _give_up(self, file: StoredFile) -> Problem | None:
        """Mark the run of a bad file to be made anew, if the file is still named and still bad."""
        with self._catalog.changing() as change:
            fault = self._fault(file)
            if fault is None or file not in [named for _, named in change.find_files()]:
                return None
            change.delete_file(file.path, f"{file.path} was {fault.split()[1]}")
        (self._folder / file.path).unlink(missing_ok=True)
        return Problem(fault, file.path, "`shotseek index` makes it anew")

    def _check_pictures(self) -> Iterator[Problem]:
        with self._catalog.reading() as reader:
            pictured = reader.find_pictured()
        for uid, path in pictured.items():
            if not (self._folder / PICTURES / uid).is_dir():
                lost = f"{PICTURES}/{uid}"
                remedy = f"to have them back, remove {path} and index it again"
                yield Problem(ProblemKind.PICTURES_MISSING, lost, remedy)

    def _check_video(self, video: Video, *, full: bool) -> Iterator[Problem]:
        try:
            changed, hashed = _compare(video, full=full)
        except (OSError, FileUnreadable):
            detail = "`shotseek remove` it, or index the folder where it is now"
            yield Problem(ProblemKind.VIDEO_MISSING, video.path, detail)
            return
        if changed:
            detail = "its content is another: `shotseek index` reads it anew"
            yield Problem(ProblemKind.VIDEO_CHANGED, video.path, detail)
            if hashed is not None:  # size, time and sample are equal: `index` would not see it
                self._update(video, None, "", NEVER_NS)
        elif hashed is not None and video.full_hash is None:
            self._update(video, hashed, video.sample_hash, video.mtime_ns)

    def _update(self, video: Video, hashed: str | None, sample: str, mtime_ns: int) -> None:
        with self._writing(), self._catalog.changing() as change:
            if change.find_video("id", video.id) == video:  # not replaced meanwhile
                change.set_hashes(video, hashed, sample)
                if mtime_ns != video.mtime_ns:
                    change.set_stamp(video, video.size_bytes, mtime_ns)

    def _forget_vanished_failures(self) -> None:
        failures = self._catalog.find_failures()
        vanished = [failure.path for failure in failures if not Path(failure.path).exists()]
        if vanished:
            with self._writing(), self._catalog.changing() as change:
                for path in vanished:
                    change.delete_failure(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _compare(video: Video, *, full: bool) -> tuple[bool, str | None]:
    """Whether the file has changed, and its full hash where that was needed to tell."""
    path = Path(video.path)
    stat = path.stat()
    same = (stat.st_size, stat.st_mtime_ns) == (video.size_bytes, video.mtime_ns)
    if not same and sample_hash(path) != video.sample_hash:
        return True, None
    if not full:
        return False, None
    hashed = full_hash(path)
    return video.full_hash not in (None, hashed), hashed
