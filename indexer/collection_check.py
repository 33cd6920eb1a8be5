"""Looks whether a collection is whole, and mends what can be mended.

Orphans are removed, runs whose files are lost or damaged are marked to be made anew, videos whose
content is another or whose pictures are lost are marked to be read anew: `index` does both. Knows
no search files. Decodes nothing.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from indexer.catalog.catalog import Catalog
from indexer.catalog.change import CatalogChange
from indexer.catalog.reader import CatalogReader
from indexer.durable import TEMPORARY
from indexer.fingerprint import FileUnreadable, full_hash, sample_hash
from indexer.records import FileKind, Problem, ProblemKind, StoredFile, Video
from indexer.staging import PICTURES, file_sha256, picture_names

NEVER_NS = 0  # a time that no file has: makes `index` look into it
OTHER_CONTENT = ""  # in the place of a sampled hash, equal to none: makes `index` read it anew
LOST_PICTURES = "pictures lost"  # likewise


class Checker:
    """Checks one collection; `writing` is its writer's lock."""

    def __init__(
        self, folder: Path, catalog: Catalog, writing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._folder = folder
        self._catalog = catalog
        self._writing = writing

    def check(self, *, full: bool) -> list[Problem]:
        """What is wrong; `full` reads every video and compares its full hash.

        Where no full hash is known yet, the sampled hash is compared and the full one stored: a
        change outside the sampled blocks that kept size and time, made before the first full check,
        cannot be noticed.
        """
        problems = [*self.remove_orphans(), *self._check_files(), *self._check_pictures()]
        for video in self._catalog.find_videos():
            problems.extend(self._check_video(video, full=full))
        self._forget_vanished_failures()
        return problems

    def remove_orphans(self) -> Iterator[Problem]:
        """Remove files that nothing names.

        Under the lock nobody moves files to their places, so what is not named is an orphan.
        """
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
            doubtful = [
                video
                for video in reader.find_videos()
                if video.uid in pictured and self._lost_pictures(reader, video)
            ]
        for video in doubtful:
            with self._writing(), self._catalog.changing() as change:  # nobody moves pictures now
                now = change.find_video("id", video.id)
                lost = 0 if now is None else self._lost_pictures(change, now)
                if now is not None and lost:
                    yield self._give_up_pictures(change, now, lost)

    def _lost_pictures(self, reader: CatalogReader, video: Video) -> int:
        """How many of a video's pictures are not there."""
        folder = self._folder / PICTURES / video.uid
        there = {path.name for path in folder.glob("*.jpg")}
        keyframes = reader.find_keyframes(video)
        return sum(name not in there for each in keyframes for name in picture_names(each.time_ms))

    def _give_up_pictures(self, change: CatalogChange, video: Video, lost: int) -> Problem:
        """Mark a video whose pictures are not all there to be read anew, if it can be read."""
        remedy = f"bring {video.path} back, then `shotseek check` and `shotseek index`"
        if not _is_gone(Path(video.path)):
            _mark(change, video, LOST_PICTURES)
            remedy = "`shotseek index` reads the video anew"
        where = f"{PICTURES}/{video.uid}"
        return Problem(ProblemKind.PICTURES_MISSING, where, f"{lost} missing: {remedy}")

    def _check_video(self, video: Video, *, full: bool) -> Iterator[Problem]:
        try:
            changed, hashed = _compare(video, full=full)
        except (OSError, FileUnreadable):
            detail = "`shotseek remove` it, or index the folder where it is now"
            yield Problem(ProblemKind.VIDEO_MISSING, video.path, detail)
            return
        if video.sample_hash == LOST_PICTURES:
            return  # `index` reads it anew in any case
        if changed:
            detail = "its content is another: `shotseek index` reads it anew"
            yield Problem(ProblemKind.VIDEO_CHANGED, video.path, detail)
            if full:  # size and time may be equal: `index` would not see it
                with self._changing_same(video) as change:
                    if change is not None:
                        _mark(change, video, OTHER_CONTENT)
        elif hashed is not None and video.full_hash is None:
            with self._changing_same(video) as change:
                if change is not None:
                    change.set_hashes(video, hashed, video.sample_hash)

    @contextmanager
    def _changing_same(self, video: Video) -> Iterator[CatalogChange | None]:
        """A change of the catalog; None if the video was replaced meanwhile."""
        with self._writing(), self._catalog.changing() as change:
            yield change if change.find_video("id", video.id) == video else None

    def _forget_vanished_failures(self) -> None:
        paths = [failure.path for failure in self._catalog.find_failures()]
        vanished = [path for path in paths if _is_gone(Path(path))]
        if vanished:
            with self._writing(), self._catalog.changing() as change:
                for path in vanished:
                    change.delete_failure(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _is_gone(path: Path) -> bool:
    """Whether a file is known not to be there; not so below a folder that cannot be entered."""
    try:
        return not path.exists()
    except OSError:
        return False


def _mark(change: CatalogChange, video: Video, sample: str) -> None:
    """Make `index` read the video anew."""
    change.set_hashes(video, None, sample)
    if video.mtime_ns != NEVER_NS:
        change.set_stamp(video, video.size_bytes, NEVER_NS)


def _compare(video: Video, *, full: bool) -> tuple[bool, str | None]:
    """Whether the file has changed, and its full hash where that was needed to tell."""
    path = Path(video.path)
    stat = path.stat()
    same = (stat.st_size, stat.st_mtime_ns) == (video.size_bytes, video.mtime_ns)
    if (full or not same) and sample_hash(path) != video.sample_hash:
        return True, None
    if not full:
        return False, None
    hashed = full_hash(path)
    return video.full_hash not in (None, hashed), hashed
