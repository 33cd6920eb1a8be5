"""How files are recognised: a sampled hash, a full hash, and the subtitle files beside a video.

A side-car lies in the video's folder and has its stem, perhaps a language, and `.srt` or `.vtt`:
`film.srt`, `film.en.vtt` beside `film.mp4`. Knows nothing of collections.
"""

import hashlib
import os
from pathlib import Path

from analyzers.error import ShotseekError

BLOCK_BYTES = 1 << 18
SAMPLED_BLOCKS = 4  # 1 MiB in all: the first, two inside, the last
SIDE_CAR_SUFFIXES = frozenset({".srt", ".vtt"})
DIGEST_BYTES = 20


class FileUnreadable(ShotseekError):
    """A file cannot be read; the message says why."""


def sample_hash(path: Path) -> str:
    """Hash the size and four blocks of a file: first, last and two between, 1 MiB in all.

    Raises:
        FileUnreadable: it is not there, or not to be read.
    """
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest.update(f"{size}\n".encode())
            for start in _block_starts(size):
                file.seek(start)
                digest.update(file.read(BLOCK_BYTES))
    except OSError as error:
        raise FileUnreadable(f"{path}: {error.strerror}") from error
    return digest.hexdigest()


def full_hash(path: Path) -> str:
    """Hash the whole of a file.

    Raises:
        FileUnreadable: it is not there, or not to be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, _full_digest).hexdigest()
    except OSError as error:
        raise FileUnreadable(f"{path}: {error.strerror}") from error


class SideCars:
    """Finds the subtitle files that lie beside videos; lists each folder once."""

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, list[str]]] = {}  # folder -> stem -> names

    def find(self, video: Path) -> list[Path]:
        """The side-cars of a video, by name."""
        if video.parent not in self._folders:
            self._folders[video.parent] = _side_cars_by_stem(video.parent)
        names = self._folders[video.parent].get(video.stem, [])
        return [video.parent / name for name in names]

    def signature(self, video: Path) -> str:
        """A text that changes when a side-car is added, removed or changed; "" without any.

        It tells endings, sizes and times, not the stem: renaming them with the video keeps it.
        """
        side_cars = self.find(video)
        if not side_cars:
            return ""
        digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
        for path in side_cars:
            stat = path.stat()
            ending = os.fsencode(path.name[len(video.stem) :])
            digest.update(ending + f"\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
        return digest.hexdigest()


def find_side_cars(video: Path) -> list[Path]:
    """The side-cars of one video; for many videos see `SideCars`."""
    return SideCars().find(video)


def side_car_signature(video: Path) -> str:
    """The side-cars' signature of one video; for many videos see `SideCars`."""
    return SideCars().signature(video)


def _full_digest() -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=DIGEST_BYTES)


def _block_starts(size: int) -> list[int]:
    """Where the sampled blocks begin; they cover a small file wholly."""
    last = max(size - BLOCK_BYTES, 0)
    gaps = SAMPLED_BLOCKS - 1
    return sorted({last * block // gaps for block in range(SAMPLED_BLOCKS)})


def _side_cars_by_stem(folder: Path) -> dict[str, list[str]]:
    by_stem: dict[str, list[str]] = {}
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _is_side_car(entry))
    except OSError:
        return {}
    for name in names:
        stem = Path(name).stem  # "film" or "film.en"
        for owner in {stem, Path(stem).stem}:
            by_stem.setdefault(owner, []).append(name)
    return by_stem


def _is_side_car(entry: "os.DirEntry[str]") -> bool:
    return Path(entry.name).suffix.lower() in SIDE_CAR_SUFFIXES and entry.is_file()
