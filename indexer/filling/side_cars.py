"""Reads the subtitle files that lie beside a video. Knows nothing of what is in them."""

from pathlib import Path

from analyzers.clip import SideCar
from indexer.fingerprint import find_side_cars

LARGEST_BYTES = 16 << 20  # a subtitle file of a whole day is smaller


def read_side_cars(video: Path) -> tuple[SideCar, ...]:
    """The texts of a video's side-cars, by name; UTF-8, UTF-16 with a mark, else Latin-1."""
    paths = [path for path in find_side_cars(video) if path.stat().st_size <= LARGEST_BYTES]
    return tuple(SideCar(path.name, decode_text(path.read_bytes())) for path in paths)


def decode_text(data: bytes) -> str:
    """Text of unknown coding; every byte string has one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
