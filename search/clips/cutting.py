"""Cuts a span out of a video into an MP4 that every browser plays; clip time 0 is its start.

What is such already is copied; all else is encoded anew. Knows nothing of keeping clips.
"""

import errno
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import av

from analyzers.error import ShotseekError
from search.clips.copying import can_copy, copy_span
from search.clips.encoding import encode_span
from search.clips.error import ClipStopped, ClipUnavailable, ClipUnwritten
from search.clips.look import look_at
from search.clips.source import open_near, printable
from search.clips.span import Limits, Span

OF_THE_FOLDER = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


def cut_clip(
    source: Path,
    span: Span,
    target: Path,
    limits: Limits | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Write [start_ms, end_ms) of the first video stream, with its sound, as an MP4.

    Args:
        source: the video.
        span: what to cut, by the times of the index; a frame that is on at its start is shown
            from 0 on. A longer span than the limits allow is cut off there.
        target: the clip; it appears when it is whole.
        limits: length, size and threads.
        stop: asked for every packet; True gives up.

    Raises:
        ClipUnavailable: the file cannot be read, or nothing of the span can be decoded.
        ClipUnwritten: there is no room for it, or the folder may not be written to.
        ClipStopped: `stop` said so.
    """
    limits = limits or Limits()
    span = limits.shorten(span)
    name = f"{printable(source)}, {span.start_ms / 1000:.3f} s to {span.end_ms / 1000:.3f} s"
    if span.end_ms <= span.start_ms:
        raise ClipUnavailable(f"{name}: ends before it starts; ask for a longer stretch")
    check = _checking(stop, name)
    draft = temporary_name(target)
    try:
        if not _write(source, span, draft, limits, check):
            raise ClipUnavailable(f"{name}: nothing of it can be decoded; check the file")
        _install(draft, target)
    except (av.error.FFmpegError, OSError) as error:
        raise _failure(name, error) from error
    finally:
        with suppress(OSError):  # never made, or on a disk that became read-only
            draft.unlink()


def temporary_name(target: Path) -> Path:
    """Where a clip lies until it is whole: hidden, beside its target, of this call alone."""
    return target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")


def _checking(stop: Callable[[], bool], name: str) -> Callable[[], None]:
    """What raises ClipStopped once `stop` says so."""

    def check() -> None:
        if stop():
            raise ClipStopped(f"{name}: the clip took too long; ask for a shorter stretch")

    return check


def _install(draft: Path, target: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())  # else a crash of the machine may leave its name, but empty
    os.replace(draft, target)


def _failure(name: str, error: OSError) -> ShotseekError:
    reason = getattr(error, "strerror", None) or error
    kind = ClipUnwritten if error.errno in OF_THE_FOLDER else ClipUnavailable
    return kind(f"{name}: no clip can be written: {reason}")


def _write(path: Path, span: Span, target: Path, limits: Limits, check: Callable[[], None]) -> bool:
    with open_near(path, span.start_ms) as source:
        look = look_at(source, span, check)
        if look is None:
            return False
        copies = can_copy(source, look)
    if copies:
        with open_near(path, span.start_ms) as source:
            if copy_span(source, look, span, target, check):
                return True
    with open_near(path, span.start_ms) as source:
        return encode_span(source, look, span, target, limits, check)
