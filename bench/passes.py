"""The three ways of reading a video that are compared: plain, scaled, and the pass of `index`.

Knows nothing of clocks: whoever calls these holds the watch.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.single_pass import PassSummary, ShotMaterial

SCALED_PX = 256  # width of the scaled picture
SCALING = "FAST_BILINEAR"  # swscale's fastest that is still a scale: threads are left to PyAV


def read_plain(path: Path) -> int:
    """Decode every frame and look at none, threads left to FFmpeg; how many there were."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in container.decode(stream))


def read_scaled(path: Path) -> int:
    """Decode every frame and make a small RGB array of each; how many there were."""
    import av
    from av.video.reformatter import VideoReformatter

    count = 0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        height = round(SCALED_PX * stream.height / stream.width / 2) * 2
        scaler = VideoReformatter()
        for frame in container.decode(stream):
            small = scaler.reformat(frame, SCALED_PX, height, "rgb24", interpolation=SCALING)
            small.to_ndarray()
            count += 1
    return count


def read_whole(path: Path) -> Iterator["ShotMaterial | PassSummary"]:
    """The pass of `index --analyzers none --shots adaptive`: shots, keyframes, their pictures."""
    from indexer.media import open_video
    from indexer.segmenters import make_segmenter
    from indexer.single_pass import Asks, read_video

    with open_video(path) as reader:
        segmenter = make_segmenter("adaptive", video=path, device="cpu")
        yield from read_video(reader, segmenter, Asks(keyframes=True))


def count_whole(path: Path) -> int:
    """The whole pass, whose shots are let go; how many frames there were."""
    frames = 0
    for part in read_whole(path):
        frames = getattr(part, "frames", 0)
    return frames
