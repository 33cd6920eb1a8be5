"""Keeps query pictures for a while, each under the hash of its pixels. Knows no HTTP.

They are stored as PNG of at most 1280 px, pixel for pixel what a search compares, without metadata,
so that a search with one can be linked; a picture that is handed in again lives longer. Several
processes may share the folder.
"""

import hashlib
import io
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from analyzers.error import ShotseekError
from search.api.settings import ServeSettings
from search.error import QueryInvalid
from search.picture import read_picture

ID = re.compile("[0-9a-f]{32}")
SWEEP_EVERY_S = 600.0
HALF_MADE = ".part"
LEFT_OVER_S = 600.0  # a half-made file that is older was left by a crash
MOST = 5_000  # pictures; the oldest go


class PictureNotKept(ShotseekError):
    """The folder of query pictures is full, or may not be written to."""


@dataclass(frozen=True)
class QueryPicture:
    """One picture that is kept."""

    id: str
    expires: float  # seconds since 1970
    width: int  # px
    height: int  # px


class QueryPictures:
    """Query pictures in a folder; safe to share between threads and processes."""

    def __init__(self, folder: Path, settings: ServeSettings, most: int = MOST) -> None:
        self._folder = folder
        self._life_s = settings.picture_hours * 3600
        self._most_px = int(settings.picture_mp * 1e6)
        self._most = most
        self._turn = Lock()
        self._swept: float | None = None
        self._kept = 0  # since it was swept

    def keep(self, data: bytes) -> QueryPicture:
        """Keep a picture file.

        Raises:
            PictureUnreadable: it is no picture, is broken, or has too many pixels.
            PictureNotKept: there is no room for it.
        """
        pixels = read_picture(data, most_px=self._most_px)
        id = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()[:32]
        height, width = pixels.shape[:2]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            if not self._renew(id):
                self._write(id, _as_png(pixels))
        except OSError as error:
            raise PictureNotKept(f"the picture cannot be kept: {error.strerror}") from error
        return QueryPicture(id, time.time() + self._life_s, width, height)

    def find(self, id: str) -> Path | None:
        """The file of a picture, if it is known and has not expired."""
        if not ID.fullmatch(id):
            return None
        path = self._folder / f"{id}.png"
        try:
            return path if path.stat().st_mtime + self._life_s > time.time() else None
        except OSError:
            return None

    def read(self, id: str) -> bytes:
        """The bytes of a picture.

        Raises:
            QueryInvalid: it is unknown or has expired.
        """
        path = self.find(id)
        if path is not None:
            with suppress(FileNotFoundError):
                return path.read_bytes()
        raise QueryInvalid(f"picture: {id} is unknown or has expired; hand it in again")

    def count(self) -> int:
        """How many are kept."""
        return sum(1 for _ in self._folder.glob("*.png"))

    def _renew(self, id: str) -> bool:
        """Let a picture that is kept live on; False: it is not."""
        path = self.find(id)
        if path is None:
            return False
        try:
            os.utime(path)
        except OSError:  # gone, or another user's: written anew
            return False
        return True

    def _write(self, id: str, data: bytes) -> None:
        part = self._folder / f"{id}.{os.getpid()}-{time.monotonic_ns()}{HALF_MADE}"
        try:
            part.write_bytes(data)
            part.replace(self._folder / f"{id}.png")
        finally:
            part.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what has expired, and the oldest of too many; now and then."""
        with self._turn:
            now = time.monotonic()
            self._kept += 1
            is_new = self._swept is None or now - self._swept > SWEEP_EVERY_S
            if not is_new and self._kept < max(1, self._most // 10):
                return
            self._swept, self._kept = now, 0
        files = sorted(((_written(path), path) for path in self._folder.iterdir()), reverse=True)
        late, left_over = time.time() - self._life_s, time.time() - LEFT_OVER_S
        for place, (when, path) in enumerate(files):
            half_made = path.suffix == HALF_MADE
            if when < (left_over if half_made else late) or place >= self._most:
                with suppress(OSError):  # gone, or another user's
                    path.unlink()


def _as_png(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _written(path: Path) -> float:
    """When, in seconds since 1970; 0 for one that is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
