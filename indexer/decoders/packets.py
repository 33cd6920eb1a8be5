"""What a file's packets say of its frames, read without decoding any.

Knows nothing of pictures.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from indexer.decoders.source import choose_video, open_source, to_ms


@dataclass(frozen=True, eq=False)
class PacketTable:
    """The frames of a video stream in the order of their times.

    `regular` means that this order can be trusted: every packet has a time, none twice. Only then
    may a reader seek; the other fields tell nothing otherwise.
    """

    regular: bool
    pts: NDArray[np.int64]  # (n,) ticks, ascending
    times_ms: NDArray[np.int64]  # (n,)
    keys: NDArray[np.int64]  # (k,) which frames can be decoded without others, ascending
    key_dts: NDArray[np.int64]  # (k,) decoding times of these, ticks
    closed: bool  # no frame needs one from before the keyframe that precedes it in time
    damaged: bool  # the demuxer marked packets as broken, or could not read to the end

    @cached_property
    def key_times_ms(self) -> NDArray[np.int64]:
        """(k,) when the keyframes are shown."""
        return self.times_ms[self.keys]

    def __len__(self) -> int:
        return len(self.pts)

    def shown_at(self, time_ms: int) -> int:
        """The number of the frame shown at a time: the last not later, or the first."""
        return max(0, int(np.searchsorted(self.times_ms, time_ms, side="right")) - 1)

    def key_before(self, number: int) -> int:
        """The position in `keys` of the last keyframe not later than this frame; -1: none."""
        return int(np.searchsorted(self.keys, number, side="right")) - 1


def scan_packets(path: Path) -> PacketTable:
    """Read all packets of the chosen video stream once.

    Raises:
        VideoUnreadable: as `open_source` and `choose_video`.
    """
    rows: list[tuple[int, int, bool]] = []  # pts, dts, key; in decoding order
    timeless = damaged = False
    with open_source(path) as container:
        stream = choose_video(container, path)
        try:
            for packet in container.demux(stream):
                if not packet.size or packet.is_discard:
                    continue
                damaged |= packet.is_corrupt
                timeless |= packet.pts is None
                pts = packet.pts or 0
                rows.append((pts, pts if packet.dts is None else packet.dts, packet.is_keyframe))
        except av.error.FFmpegError:
            damaged = True
        return _table(np.array(rows, np.int64).reshape(-1, 3), stream, timeless, damaged)


def _table(rows: NDArray[np.int64], stream: object, timeless: bool, damaged: bool) -> PacketTable:
    order = np.argsort(rows[:, 0], kind="stable")
    ordered = rows[order]
    times_ms = np.array([to_ms(int(pts), stream) for pts in ordered[:, 0]], np.int64)
    is_key = ordered[:, 2].astype(bool)
    # Open: after a keyframe comes, in decoding order, a frame that is shown before it.
    key_pts = np.maximum.accumulate(np.where(rows[:, 2] > 0, rows[:, 0], np.iinfo(np.int64).min))
    return PacketTable(
        regular=len(rows) > 0 and not timeless and bool((np.diff(times_ms) > 0).all()),
        pts=ordered[:, 0],
        times_ms=times_ms,
        keys=np.flatnonzero(is_key),
        key_dts=ordered[is_key, 1],
        closed=bool((rows[:, 0] >= key_pts).all()),
        damaged=damaged,
    )
