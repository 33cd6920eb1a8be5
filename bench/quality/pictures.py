"""Pictures to search with: a frame of a video as a person might have kept it.

Smaller, cut a little, brighter or darker, coded as JPEG. Knows no task.
"""

import io
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.world.dice import Dice

CROP = 0.9  # of width and height that is kept
WIDTH_PX = 240
QUALITY = 60


class FrameMissing(Exception):
    """A video has no frame at that time."""


def read_frame(video: Path, time_ms: int) -> NDArray[np.uint8]:
    """The frame that is shown at a time, (h, w, 3) RGB.

    Raises:
        FrameMissing: the video ends before it, or cannot be read.
    """
    try:
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            container.seek(int(time_ms / 1000 / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                if frame.time is not None and (frame.time + 1 / 50) * 1000 >= time_ms:
                    pixels: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
                    return pixels
    except (av.FFmpegError, OSError) as error:
        raise FrameMissing(f"{video}: {error}") from error
    raise FrameMissing(f"{video} has no frame at {time_ms} ms")


def spoil(pixels: NDArray[np.uint8], dice: Dice) -> bytes:
    """The picture cut, scaled, made lighter or darker and coded, as the bytes of a JPEG file.

    Args:
        pixels: (h, w, 3) RGB.
        dice: the chance by which it is cut and lit.
    """
    height, width = pixels.shape[:2]
    tall, wide = round(height * CROP), round(width * CROP)
    top, left = dice.whole(0, height - tall), dice.whole(0, width - wide)
    lit = pixels[top : top + tall, left : left + wide] * dice.between(0.85, 1.15)
    image = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
    image = image.resize((WIDTH_PX, round(WIDTH_PX * tall / wide)))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
