"""Clips kept in a folder, each made once, the least recently used removed first.

Threads share one cache, and processes may share its folder: a clip appears there when it is whole,
and two processes that make the same one at worst do the work twice. A clip's name tells the video,
its file's size and time of change, the span and the way of cutting, so a changed file gets new
clips. When a clip was last used is its access time; the time of change stays, as players take it
for the sign of another file. Knows nothing of HTTP.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from search.clips.error import ClipUnavailable, ClipUnwritten, TooBusy
from search.clips.span import Limits, Span

VERSION = 1  # of the way in which clips are cut; a new number makes all clips anew
GRACE_S = 30.0  # a clip used as lately as this is not removed: it may be about to be opened
LEFT_OVER_S = 600.0  # an unfinished file that nobody wrote to for so long was left by a crash


class ClipCache:
    """Gives clips, cut when they are asked for first.

    A path handed out stays for at least half a minute. A reader that opens it within that time
    keeps what it opened, also if the name is removed while it reads.
    """

    def __init__(
        self,
        folder: Path,
        *,
        most_bytes: int,
        at_once: int,
        wait_s: float,
        limits: Limits | None = None,
    ) -> None:
        """Use a folder, made at the first clip.

        Args:
            folder: holds clips alone.
            most_bytes: of all clips together, but for those just used.
            at_once: that many clips are made at the same time.
            wait_s: how long a caller waits for one of these places.
            limits: of one clip.
        """
        self._folder = folder
        self._most_bytes = most_bytes
        self._wait_s = wait_s
        self._limits = limits or Limits()
        self._places = threading.BoundedSemaphore(at_once)
        self._making: dict[Path, Future[Path]] = {}
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self.made = 0  # clips, since the cache was opened

    def get(self, video: str, source: Path, span: Span) -> Path:
        """The clip of a span; made now unless it is there.

        Args:
            video: the video's id.
            source: its file.
            span: what to show.

        Raises:
            ClipUnavailable: no such file, or nothing of the span can be decoded.
            ClipUnwritten: there is no room for it, or the folder may not be written to.
            TooBusy: too many clips are being made; ask again later.
        """
        path = self._folder / self._name(video, source, span)
        if _touch(path):
            return path
        with self._guard:
            made = self._making.get(path)
            mine = made is None
            if made is None:
                made = self._making[path] = Future()
        if not mine:
            return self._wait(made, source)
        try:
            made.set_result(self._make(path, source, span))
        except BaseException as error:
            made.set_exception(error)
        finally:
            with self._guard:
                del self._making[path]
        return made.result()

    @property
    def running(self) -> int:
        """How many clips are being made, or wait for their turn."""
        return len(self._making)

    def close(self) -> None:
        """Give up the clips that are being made."""
        self._closed.set()

    def _name(self, video: str, source: Path, span: Span) -> str:
        try:
            status = source.stat()
        except OSError as error:
            raise ClipUnavailable(
                f"{source.name}: the file is not there: {error.strerror}; mount its folder again"
            ) from error
        parts = (VERSION, video, status.st_size, status.st_mtime_ns, span, self._limits)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:40] + ".mp4"

    def _wait(self, made: Future[Path], source: Path) -> Path:
        try:
            return made.result(self._wait_s + self._limits.most_s)
        except TimeoutError:
            raise TooBusy(f"{source.name}: its clip is still being made; ask again later") from None

    def _make(self, path: Path, source: Path, span: Span) -> Path:
        from search.clips.cutting import cut_clip

        with self._place():
            if _touch(path):  # another process, or a thread that was just done
                return path
            self._make_folder()
            cut_clip(source, span, path, self._limits, self._stop())
            with self._guard:
                self.made += 1
        self._trim(path)
        return path

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ClipUnwritten(f"the folder of clips cannot be made: {error.strerror}") from error

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self._wait_s):
            raise TooBusy("too many clips are being made; ask again in a few seconds")
        try:
            yield
        finally:
            self._places.release()

    def _stop(self) -> Callable[[], bool]:
        latest = time.monotonic() + self._limits.most_s
        return lambda: self._closed.is_set() or time.monotonic() > latest

    def _trim(self, made: Path) -> None:
        """Remove what crashes left, then the least recently used clips until the rest fits."""
        now = time.time()
        for path in self._folder.glob(".*.tmp"):
            status = _status(path)
            if status is not None and now - status.st_mtime > LEFT_OVER_S:
                _remove(path)
        found = [(path, _status(path)) for path in self._folder.glob("*.mp4")]
        clips = sorted((s.st_atime, s.st_size, path) for path, s in found if s is not None)
        total = sum(size for _, size, _ in clips)
        for used, size, path in clips:
            if total <= self._most_bytes:
                return
            if path != made and now - used > GRACE_S:
                total -= size if _remove(path) else 0


def _touch(path: Path) -> bool:
    """Note that a clip is used; False: it is not there."""
    try:
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    except OSError:  # another user's process made it, or the disk may only be read
        return os.access(path, os.R_OK)
    return True


def _remove(path: Path) -> bool:
    """False: another user's clip, or one on a disk that may only be read, stays."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
