"""A video of hours, made by repeating the packets of a short one, and the memory to read it.

Nothing is coded again. Knows nothing of how the figures are shown.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import av

from bench.decode import make_video
from bench.memory import MemoryFigures, measure_memory
from bench.texture import Size

SOURCE_SECONDS = 60.0  # of the short video, unless less than that is asked for

AvContainer: TypeAlias = Any  # PyAV is typed differently from release to release
AvStream: TypeAlias = Any


def measure_long_video(
    size: Size, hours: float, folder: Path, tell: Callable[[str], None]
) -> MemoryFigures:
    """Make a video of so many hours, read it with our whole pass, remove it.

    Args:
        size: of its frames.
        hours: how long at least.
        folder: where the short video is kept and the long one lies meanwhile.
        tell: is given a line about what is going on.
    """
    source = make_video(size, min(SOURCE_SECONDS, hours * 3600), folder, tell)
    with tempfile.TemporaryDirectory(dir=folder) as here:
        path = loop_video(source, Path(here, "long.mp4"), hours * 3600)
        tell(f"{size.name}: reading {hours:g} h, {path.stat().st_size // 2**20} MB")
        return measure_memory(path)


def loop_video(source: Path, target: Path, seconds: float) -> Path:
    """Repeat a video until it is this long: the same packets at later times.

    Args:
        source: its first video stream is taken.
        target: where to; an older file is overwritten.
        seconds: the result is the first whole number of rounds that is not shorter.
    """
    with av.open(str(source)) as box, av.open(str(target), "w") as sink:
        read = box.streams.video[0]
        written: AvStream = sink.add_stream_from_template(read)
        offset = 0
        while float(offset * read.time_base) < round(seconds, 3):
            box.seek(0)
            offset = _copy_round(box, sink, written, offset)
    return target


def _copy_round(box: AvContainer, sink: AvContainer, written: AvStream, offset: int) -> int:
    """Write every packet, later by `offset` ticks; the tick at which the round ends."""
    end = offset
    for packet in box.demux(box.streams.video[0]):
        if packet.dts is None:
            continue  # the end of the file
        packet.pts += offset
        packet.dts += offset
        end = max(end, packet.pts + packet.duration)
        packet.stream = written
        sink.mux(packet)
    return end
