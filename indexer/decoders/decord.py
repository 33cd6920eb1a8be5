"""Random access with decord, for files on which it is known to agree with PyAV.

The rule. decord serves a file if all of these hold, the cheap ones looked at first:

1. decord is installed (it is published for few platforms).
2. The container is of the mp4/mov family, with one video stream and nothing marked as damaged.
3. The codec is H.264, HEVC, MPEG-4, VP8 or VP9 in 8 bit 4:2:0, without alpha, at least 16 pixels
   wide and high, and lies upright.
4. Every packet has a time, no two the same; the first frame is a keyframe; no frame needs one from
   before its keyframe (open GOPs, where decord's seeking gives wrong frames); the header counts as
   many frames as there are packets.
5. Opened, decord finds the same number of frames and the same keyframes; the same times for the
   first, the middle and the last one; and the same pictures, whole and scaled, a few frames after
   the keyframes before these three.

A file on which decord fails later is served by PyAV from there on. Knows nothing of the sequential
pass.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import av
import decord
import numpy as np
from numpy.typing import NDArray

from indexer.decoders.packets import PacketTable
from indexer.decoders.picture import PictureMaker
from indexer.decoders.seeking import PyAvFetcher
from indexer.decoders.source import AvStream, choose_video, open_source
from indexer.media import FetchedFrame

FAILURES = (decord.DECORDError, decord.DECORDLimitReachedError)
CODECS = frozenset({"h264", "hevc", "mpeg4", "vp8", "vp9"})
PIXELS = frozenset({"yuv420p", "yuvj420p"})
SMALLEST_PX = 16
PROBE_DEPTH = 5  # frames after a keyframe
TIME_TOLERANCE_MS = 1.0  # decord's times are single precision seconds
WHOLE_PX = 1 << 30
SCALED_PX = 256
# Mean difference of pictures by longest side, in 1/255. Whole ones are equal where all is well;
# scaled ones differ a little, as PyAV scales before it converts and decord's are scaled after.
TOLERANCES = {WHOLE_PX: 1.0, SCALED_PX: 2.0}

DecordReader: TypeAlias = Any


class DecordFetcher:
    """Random access by time in one video; `open_decord` says for which."""

    def __init__(self, reader: DecordReader, table: PacketTable, fallback: PyAvFetcher) -> None:
        self._reader: DecordReader | None = reader
        self._table = table
        self._fallback = fallback
        self._decoded = 0
        self._next = 0  # the number of the frame that decord would give next
        self._last: NDArray[np.uint8] | None = None  # the frame it gave last
        self._pictures: PictureMaker | None = None

    @property
    def decoder(self) -> str:
        """Which decoder serves."""
        return "pyav" if self._reader is None else "decord"

    @property
    def frames_decoded(self) -> int:
        """How many frames had to be decoded so far, the probe's among them."""
        return self._decoded + self._fallback.frames_decoded

    def fetch(self, times_ms: Sequence[int], longest_px: int) -> Iterator[FetchedFrame]:
        """The frames shown at these times, in order, one by one."""
        for time_ms in times_ms:
            number = self._table.shown_at(time_ms)
            whole = self._read(number)
            if whole is None:
                yield from self._fallback.fetch([time_ms], longest_px)
                continue
            frame = av.VideoFrame.from_ndarray(whole, "rgb24")
            self._pictures = self._pictures or PictureMaker(frame)
            picture = self._pictures.picture(frame, longest_px)
            yield FetchedFrame(int(self._table.times_ms[number]), picture)

    def _read(self, number: int) -> NDArray[np.uint8] | None:
        """One whole frame, RGB (h, w, 3); None once decord has failed."""
        if self._reader is None:
            return None
        if number != self._next - 1 or self._last is None:
            try:
                self._last = self._reader[number].asnumpy()
            except FAILURES:
                self._reader = None
                return None
            self._count(number)
        return self._last

    def _count(self, number: int) -> None:
        """Decord goes on from where it is inside a GOP, else decodes from the keyframe."""
        key = int(self._table.keys[self._table.key_before(number)])
        begin = self._next if key < self._next <= number else key
        self._decoded += number + 1 - begin
        self._next = number + 1

    def __enter__(self) -> "DecordFetcher":
        return self

    def __exit__(self, *exc: object) -> None:
        self._reader = None
        self._fallback.__exit__(*exc)


def open_decord(path: Path, table: PacketTable, fallback: PyAvFetcher) -> DecordFetcher | None:
    """A fetcher by decord, or None where the rule says PyAV."""
    if not (_table_fits(table) and _stream_fits(path, table, fallback)):
        return None
    decord.logging.set_level(decord.logging.QUIET)
    with suppress(*FAILURES, UnicodeEncodeError):  # the latter: a name that is not text
        reader = decord.VideoReader(str(path.absolute()))
        fetcher = DecordFetcher(reader, table, fallback)
        if _times_agree(reader, table) and _pictures_agree(fetcher, table, fallback):
            return fetcher
    return None


def _table_fits(table: PacketTable) -> bool:
    return (
        table.regular
        and table.closed
        and not table.damaged
        and len(table.keys) > 0
        and int(table.keys[0]) == 0
    )


def _stream_fits(path: Path, table: PacketTable, fallback: PyAvFetcher) -> bool:
    with open_source(path) as container:
        stream: AvStream = choose_video(container, path)
        context = stream.codec_context
        return (
            "mp4" in container.format.name.split(",")
            and len(container.streams.video) == 1
            and context.codec.canonical_name in CODECS
            and context.pix_fmt in PIXELS
            and min(context.width, context.height) >= SMALLEST_PX
            and stream.frames == len(table)
            and not fallback.turned
        )


def _times_agree(reader: DecordReader, table: PacketTable) -> bool:
    if len(reader) != len(table):
        return False
    if not np.array_equal(np.asarray(reader.get_key_indices()), table.keys):
        return False
    numbers = [0, len(table) // 2, len(table) - 1]
    times_ms = reader.get_frame_timestamp(numbers)[:, 0] * 1000
    return bool((np.abs(times_ms - table.times_ms[numbers]) <= TIME_TOLERANCE_MS).all())


def _pictures_agree(fetcher: DecordFetcher, table: PacketTable, fallback: PyAvFetcher) -> bool:
    for number in _probe_numbers(table):
        time_ms = int(table.times_ms[number])
        for longest_px, tolerance in TOLERANCES.items():
            ours = next(fallback.fetch([time_ms], longest_px))
            theirs = next(fetcher.fetch([time_ms], longest_px))
            if fetcher.decoder != "decord" or theirs.pixels.shape != ours.pixels.shape:
                return False
            difference = np.abs(theirs.pixels.astype(np.int16) - ours.pixels).mean()
            if ours.time_ms != time_ms or difference > tolerance:
                return False
    return True


def _probe_numbers(table: PacketTable) -> list[int]:
    """Near the first, the middle and the last keyframe: there little has to be decoded."""
    ends = np.append(table.keys[1:], len(table))
    positions = sorted({0, table.key_before(len(table) // 2), len(table.keys) - 1})
    return [int(min(table.keys[p] + PROBE_DEPTH, ends[p] - 1)) for p in positions]
