"""Finds the videos that a command names: files as they are, folders by known suffixes.

Knows nothing of what is in a file; opening it is `media`'s work.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzers.error import SettingsError

_SUFFIXES = (
    "3g2 3gp asf avi divx dv f4v flv gif m2ts m2v m4v mkv mov mp4 mpeg mpg mts mxf ogm ogv rm rmvb "
    "ts vob webm wmv"
)
VIDEO_SUFFIXES = frozenset("." + suffix for suffix in _SUFFIXES.split())
TS_SYNC_BYTE = b"\x47"  # ISO/IEC 13818-1; tells a transport stream from a TypeScript file


@dataclass(frozen=True)
class FoundFile:
    """A file that is to be tried as a video, as it stood when it was found."""

    path: Path  # absolute
    size_bytes: int
    mtime_ns: int


def find_video_files(
    paths: Iterable[Path], unreadable: list[tuple[Path, str]] | None = None
) -> list[FoundFile]:
    """Every file named and every file with a video's suffix below the folders named, once, by path.

    Args:
        paths: files and folders.
        unreadable: takes the folders and files that cannot be looked at, with the reason.

    Raises:
        SettingsError: a path does not exist, or nothing was found at all.
    """
    named = [Path(os.path.abspath(path)) for path in paths]
    for path in named:
        if not path.exists():
            raise SettingsError(f"{path}: no such file or folder")
    errors: list[OSError] = []
    files = {file.path: file for path in named for file in _look(path, errors.append)}
    if unreadable is not None:
        unreadable += [(Path(str(each.filename)), each.strerror or str(each)) for each in errors]
    if not files:
        looked = ", ".join(str(path) for path in named)
        raise SettingsError(f"no video found in {looked}; a file that is named is always tried")
    return [files[path] for path in sorted(files)]


def is_below(path: Path, folders: Iterable[Path]) -> bool:
    """Whether a path is one of those named or lies below one of them."""
    return any(path == folder or folder in path.parents for folder in folders)


def _look(path: Path, on_error: Callable[[OSError], None]) -> Iterator[FoundFile]:
    for file in _walk(path, on_error) if path.is_dir() else [path]:
        try:
            stat = file.stat()
        except OSError as error:
            on_error(error)
        else:
            yield FoundFile(file, stat.st_size, stat.st_mtime_ns)


def _walk(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    for here, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(here, name)
            if _looks_like_video(path) and path.is_file():
                yield path


def _looks_like_video(path: Path) -> bool:
    suffix = path.suffix.lower()
    if path.name.startswith(".") or suffix not in VIDEO_SUFFIXES:
        return False
    if suffix != ".ts":
        return True
    try:
        with path.open("rb") as file:
            return file.read(1) == TS_SYNC_BYTE
    except OSError:
        return True  # opening it again will say why it cannot be read
