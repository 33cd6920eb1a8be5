"""The one door to video files: frames, sound and subtitles with their true times.

Two decoders stand behind it (`indexer/decoders/`). PyAV chooses the stream and its presentation
times are the truth; it serves the sequential pass. Random access by time is served by decord for
files where a probe agrees with PyAV, and by PyAV elsewhere (rule in `open_fetcher`). Frame numbers
never leave this door: everything else counts in integer milliseconds. Knows nothing of shots,
analyzers, collections.

`tests/indexer/test_media_contract.py` is the specification: what every file of a list of odd ones
must give.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analyzers.clip import Container, Cue, Sound
from analyzers.error import ShotseekError


class VideoUnreadable(ShotseekError):
    """The file holds no video that can be decoded; the message names the file and says why."""


class Frame(Protocol):
    """One decoded frame; pixels are made only when asked for."""

    @property
    def time_ms(self) -> int:
        """Presentation time, rounded to ms; strictly ascending within a video."""

    @property
    def duration_ms(self) -> int:
        """How long it is shown, >= 1."""

    def sample(self) -> NDArray[np.uint8]:
        """A small BGR picture (h, w, 3), point-sampled, never smoothed: for shot detection."""

    def picture(self, longest_px: int) -> NDArray[np.uint8]:
        """The frame as upright RGB (h, w, 3), longer side at most `longest_px`, never enlarged."""


Part: TypeAlias = Frame | Sound | Cue


class VideoReader(Protocol):
    """A video opened for one sequential pass; a context manager."""

    @property
    def container(self) -> Container:
        """What the container says of itself; sizes are upright."""

    @property
    def warnings(self) -> Sequence[str]:
        """What was wrong but survivable so far: damage, a truncated end, times out of order."""

    def read(self, *, sound_hz: Sequence[int] = (), cues: bool = False) -> Iterator[Part]:
        """Everything in one pass: frames in order of time, between them sound and cues.

        Sound comes at each asked rate, mono, in stretches without overlap.
        """

    def read_cues(self) -> Iterator[Cue]:
        """The cues of all subtitle streams alone; no picture is decoded."""

    def __enter__(self) -> "VideoReader": ...

    def __exit__(self, *exc: object) -> None: ...


@dataclass(frozen=True, eq=False)
class FetchedFrame:
    """A frame read by random access."""

    time_ms: int
    pixels: NDArray[np.uint8]  # (h, w, 3) RGB, upright


class FrameFetcher(Protocol):
    """Random access by time; a context manager."""

    @property
    def decoder(self) -> str:
        """Which decoder serves, `decord` or `pyav`; the caller records it after the last frame.

        It turns from decord to pyav where decord fails on damage.
        """

    @property
    def frames_decoded(self) -> int:
        """How many frames were decoded so far, to see what random access saves."""

    def fetch(self, times_ms: Sequence[int], longest_px: int) -> Iterator[FetchedFrame]:
        """The frames shown at these times (ascending), in order, one by one."""

    def __enter__(self) -> "FrameFetcher": ...

    def __exit__(self, *exc: object) -> None: ...


def open_video(path: Path) -> VideoReader:
    """Open a file for the sequential pass.

    Raises:
        VideoUnreadable: it is empty, no video, or no frame of it can be decoded.
    """
    from indexer.decoders.pyav import PyAvReader

    return PyAvReader(path)


def open_fetcher(path: Path) -> FrameFetcher:
    """Open a file for random access.

    decord serves 8 bit 4:2:0 video in mp4 and mov that a probe found it to agree on with PyAV (the
    whole rule: `indexer/decoders/decord.py`), PyAV all other files.

    Raises:
        VideoUnreadable: as `open_video`.
    """
    from indexer.decoders.packets import scan_packets
    from indexer.decoders.seeking import PyAvFetcher

    table = scan_packets(path)
    plain = PyAvFetcher(path, table)
    if find_spec("decord") is None:
        return plain
    from indexer.decoders.decord import open_decord

    return open_decord(path, table, plain) or plain
