"""What has to be kept of one video until its pass ends, on disk, so that memory does not grow.

Keyframes (their JPEGs as stored later), frames that analyzers of whole scenes or videos asked for,
and sound. Knows no analyzers, no collection.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, overload

import numpy as np

from analyzers.clip import Picture, Sound
from indexer.keyframes import KeyframeMaterial, decode_jpeg, encode_jpeg
from indexer.records import KeyframePictures

FRAME_QUALITY = 95
Rate = tuple[float, int]  # frames per second, longer side in px


@dataclass(frozen=True)
class _Stored:
    time_ms: int
    start_ms: int
    end_ms: int
    offset: int
    size: int


class StoredPictures(Sequence[Picture]):
    """Pictures that lie in a spool and are decoded one by one as they are looked at."""

    def __init__(self, stored: Sequence[_Stored], read: Callable[[int, int], bytes]) -> None:
        self._stored = stored
        self._read = read

    def __len__(self) -> int:
        return len(self._stored)

    @overload
    def __getitem__(self, index: int) -> Picture: ...
    @overload
    def __getitem__(self, index: slice) -> "StoredPictures": ...
    def __getitem__(self, index: int | slice) -> "Picture | StoredPictures":
        if isinstance(index, slice):
            return StoredPictures(self._stored[index], self._read)
        at = self._stored[index]
        pixels = decode_jpeg(self._read(at.offset, at.size))
        return Picture(at.time_ms, at.start_ms, at.end_ms, pixels)

    def within(self, start_ms: int, end_ms: int) -> "StoredPictures":
        """Those whose time lies in the stretch."""
        return StoredPictures(
            [at for at in self._stored if start_ms <= at.time_ms < end_ms], self._read
        )


class Spool:
    """The temporary files of one video."""

    def __init__(self) -> None:
        self._file = _temporary()
        self._sound: dict[int, IO[bytes]] = {}
        self._sound_start: dict[int, int] = {}
        self._keyframes: list[_Stored] = []
        self._small: list[_Stored] = []
        self._frames: dict[Rate, list[_Stored]] = {}

    def close(self) -> None:
        """Drop everything."""
        self._file.close()
        for file in self._sound.values():
            file.close()

    def add_keyframe(self, keyframe: KeyframeMaterial) -> None:
        """Keep a keyframe's two pictures."""
        span = (keyframe.time_ms, keyframe.start_ms, keyframe.end_ms)
        self._keyframes.append(_Stored(*span, *self._append(keyframe.large_jpeg)))
        self._small.append(_Stored(*span, *self._append(keyframe.small_jpeg)))

    def add_frames(self, rate: Rate, frames: Sequence[Picture]) -> None:
        """Keep frames that were asked for at a rate, JPEG-coded."""
        kept = self._frames.setdefault(rate, [])
        for frame in frames:
            place = self._append(encode_jpeg(frame.pixels, FRAME_QUALITY))
            kept.append(_Stored(frame.time_ms, frame.start_ms, frame.end_ms, *place))

    def add_sound(self, sound: Sound) -> None:
        """Keep the next stretch of sound; they follow each other from the first that is heard."""
        if not len(sound.samples):
            return
        if sound.hz not in self._sound:
            self._sound[sound.hz] = _temporary()
            self._sound_start[sound.hz] = sound.start_ms
        self._sound[sound.hz].write(sound.samples.astype("<f4").tobytes())

    def keyframes(self) -> StoredPictures:
        """All keyframes, by time."""
        return StoredPictures(self._keyframes, self._read)

    def frames(self, rate: Rate) -> StoredPictures:
        """All frames kept at a rate, by time."""
        return StoredPictures(self._frames.get(rate, []), self._read)

    def sound(self, hz: int, start_ms: int, end_ms: int) -> Sound:
        """The sound of a stretch; empty where there is none."""
        file = self._sound.get(hz)
        if file is None:
            return Sound(start_ms, hz, np.zeros(0, np.float32))
        offset = start_ms - self._sound_start[hz]
        first, last = (max(0, (offset + ms) * hz // 1000) for ms in (0, end_ms - start_ms))
        file.seek(first * 4)
        return Sound(start_ms, hz, np.frombuffer(file.read((last - first) * 4), "<f4").copy())

    def pictures(self) -> Iterator[KeyframePictures]:
        """The two JPEGs of each keyframe, by time."""
        for large, small in zip(self._keyframes, self._small, strict=True):
            yield KeyframePictures(
                large.time_ms,
                self._read(large.offset, large.size),
                self._read(small.offset, small.size),
            )

    def _append(self, data: bytes) -> tuple[int, int]:
        offset = self._file.seek(0, 2)
        self._file.write(data)
        return offset, len(data)

    def _read(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)


def _temporary() -> IO[bytes]:
    """A file without a name, gone when it is closed or the process ends."""
    return tempfile.TemporaryFile(prefix="shotseek-")
