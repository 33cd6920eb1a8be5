"""Random access with PyAV: seek to the keyframe before, decode on to the frame that is asked for.

Where packets carry no times, or doubled ones, nothing is sought: the file is decoded from its
start, so that the frames are those of the sequential pass. Knows nothing of decord.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import chain
from pathlib import Path

import av

from indexer.decoders.clock import Clock
from indexer.decoders.packets import PacketTable, scan_packets
from indexer.decoders.picture import PictureMaker
from indexer.decoders.source import (
    AvContainer,
    AvDecoder,
    AvFrame,
    AvPacket,
    AvStream,
    choose_video,
    first_frame,
    open_decoder,
    open_source,
    printable,
    to_ms,
)
from indexer.media import FetchedFrame, VideoUnreadable

TRIED_KEYS = 3  # that many keyframes back a seek may go before it starts from the beginning


class PyAvFetcher:
    """Random access by time in one video; closed by `with`."""

    decoder = "pyav"

    def __init__(self, path: Path, table: PacketTable | None = None) -> None:
        self._path = path
        self._table = table or scan_packets(path)
        self._closing = ExitStack()
        self._container: AvContainer = None
        self._run: _Run | None = None
        with open_source(path) as container:
            first = first_frame(container, choose_video(container, path), path)
            self._pictures = PictureMaker(first)
        self._decoded_before = 1  # by the runs that ended

    @property
    def turned(self) -> bool:
        """Whether the frames do not lie upright in the file."""
        return self._pictures.turned

    @property
    def frames_decoded(self) -> int:
        """How many frames were given to the decoder so far."""
        return self._decoded_before + (self._run.decoded if self._run else 0)

    def fetch(self, times_ms: Sequence[int], longest_px: int) -> Iterator[FetchedFrame]:
        """The frames shown at these times, in order, one by one."""
        for time_ms in times_ms:
            shown_ms, frame = self._show(time_ms)
            yield FetchedFrame(shown_ms, self._pictures.picture(frame, longest_px))

    def _show(self, time_ms: int) -> tuple[int, AvFrame]:
        target_ms, key = time_ms, -1
        if self._table.regular:
            number = self._table.shown_at(time_ms)
            target_ms = int(self._table.times_ms[number])
            key = self._table.key_before(number)
        key_ms = int(self._table.key_times_ms[key]) if key >= 0 else None
        if self._run is None or not self._run.leads_to(target_ms, key_ms):
            self._decoded_before = self.frames_decoded
            self._run = self._seek(key, target_ms)
        found = self._run.forward(target_ms)
        if found is None:
            raise VideoUnreadable(
                f"{printable(self._path)}: no frame at {time_ms} ms can be decoded"
            )
        return found

    def _seek(self, key: int, target_ms: int) -> "_Run":
        """A run that begins at this keyframe or, where that fails, at an earlier one."""
        if self._container is None:
            self._container = self._closing.enter_context(open_source(self._path))
        stream = choose_video(self._container, self._path)
        for ticks in self._seek_ticks(key):
            try:
                self._container.seek(ticks, stream=stream, backward=True)
                packets = _filled(self._container, stream)
            except av.error.FFmpegError:
                continue
            # Some formats are sought to any packet: a keyframe may come a little later.
            first = next((packet for packet in packets if packet.is_keyframe), None)
            if first is not None and _time_ms(first, stream) <= target_ms:
                return _Run(stream, chain([first], packets))
        self.__exit__()
        self._container = self._closing.enter_context(open_source(self._path))
        stream = choose_video(self._container, self._path)
        return _Run(stream, _filled(self._container, stream))

    def _seek_ticks(self, key: int) -> Iterator[int]:
        """Where to seek for a keyframe: some formats index by presentation, some by decoding."""
        for position in range(key, max(0, key - TRIED_KEYS), -1):
            yield int(self._table.pts[self._table.keys[position]])
            yield int(self._table.key_dts[position])

    def __enter__(self) -> "PyAvFetcher":
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.close()
        self._container = None


class _Run:
    """Decodes forward from one position."""

    def __init__(self, stream: AvStream, packets: Iterator[AvPacket]) -> None:
        self.decoded = 0
        self._stream = stream
        self._frames = self._decode(packets)
        self._shown: tuple[int, AvFrame] | None = None
        self._next: tuple[int, AvFrame] | None = None

    def leads_to(self, target_ms: int, key_ms: int | None) -> bool:
        """Whether going on is right: the target is not behind, and no keyframe lies between."""
        if self._shown is None or self._shown[0] > target_ms:
            return False
        return key_ms is None or self._shown[0] >= key_ms

    def forward(self, target_ms: int) -> tuple[int, AvFrame] | None:
        """The last frame not later than the target, or the first of all, with its time in ms."""
        while self._shown is None or self._shown[0] < target_ms:
            following = self._next or next(self._frames, None)
            if following is None:
                break
            if following[0] > target_ms and self._shown is not None:
                self._next = following
                break
            self._shown, self._next = following, None
        return self._shown

    def _decode(self, packets: Iterator[AvPacket]) -> Iterator[tuple[int, AvFrame]]:
        clock = Clock(self._stream)
        for frame in self._raw(packets):
            timed = clock.push(frame)
            if timed is not None:
                yield timed.time_ms, timed.frame
        for timed in clock.finish():
            yield timed.time_ms, timed.frame

    def _raw(self, packets: Iterator[AvPacket]) -> Iterator[AvFrame]:
        decoder: AvDecoder | None = None
        for packet in chain(packets, [None]):
            decoder = decoder or open_decoder(self._stream, packet)
            self.decoded += packet is not None
            with suppress(av.error.FFmpegError):
                yield from decoder.decode(packet)


def _time_ms(packet: AvPacket, stream: AvStream) -> float:
    return math.inf if packet.pts is None else to_ms(packet.pts, stream)


def _filled(container: AvContainer, stream: AvStream) -> Iterator[AvPacket]:
    """The stream's packets that hold something, as far as the file can be read."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except av.error.FFmpegError:
        return
