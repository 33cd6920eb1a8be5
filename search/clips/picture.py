"""Pictures as every browser shows them: upright, square pixels, even sides, 8 bit 4:2:0.

What is transparent lies on black, as in the pictures of the index. Knows nothing of times.
"""

import struct

import numpy as np
from av import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from search.clips.source import AvFrame

SMALLEST_PX = 16  # encoders and players refuse less
PIXELS = "yuv420p"


class PictureMaker:
    """Makes one clip's pictures, all of one size; serves one thread."""

    def __init__(self, first: AvFrame, shape: float, longest_px: int) -> None:
        """Take turn and size from a frame.

        Args:
            first: the frame.
            shape: width of a pixel divided by its height, as coded.
            longest_px: the longer side is at most this.
        """
        self._transposed, self._mirrored, self._flipped = find_turn(first)
        width, height = first.width * shape, float(first.height)
        if shape < 1:
            width, height = float(first.width), first.height / shape
        scale = min(1.0, longest_px / max(width, height))
        self._coded = _even(width * scale, longest_px), _even(height * scale, longest_px)
        self._scaler = VideoReformatter()
        self._painter = VideoReformatter()

    @property
    def size(self) -> tuple[int, int]:
        """The upright (width, height), both even."""
        return self._coded[::-1] if self._transposed else self._coded

    def make(self, frame: AvFrame) -> AvFrame:
        """The frame as a picture to encode."""
        alpha = has_alpha(frame)
        if alpha or self._transposed or self._mirrored or self._flipped:
            pixels = self._upright(self._scale(frame, "rgba" if alpha else "rgb24").to_ndarray())
            if alpha:
                pixels = (pixels[..., :3].astype(np.uint16) * pixels[..., 3:] // 255).astype("u1")
            upright = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            picture = self._painter.reformat(upright, format=PIXELS, threads=1)
        else:
            picture = self._scale(frame, PIXELS)
        picture.pict_type = 0  # else the encoder repeats the source's choice of keyframes
        return picture

    def _scale(self, frame: AvFrame, pixels: str) -> AvFrame:
        width, height = self._coded
        how = Interpolation.AREA if width < frame.width else Interpolation.BICUBIC
        return self._scaler.reformat(
            frame, width=width, height=height, format=pixels, interpolation=how, threads=1
        )

    def _upright(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._transposed:
            pixels = pixels.swapaxes(0, 1)
        pixels = pixels[:, ::-1] if self._mirrored else pixels
        return pixels[::-1] if self._flipped else pixels


def find_turn(frame: AvFrame) -> tuple[bool, bool, bool]:
    """How a frame is set upright: transposed, then mirrored, then turned upside down.

    By its display matrix (ISO/IEC 14496-12, 8.3.2: x' = ax + cy, y' = bx + dy).
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return False, False, False
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix))
    if abs(b) > abs(a):
        return True, c < 0, b < 0
    return False, a < 0, d < 0


def has_alpha(frame: AvFrame) -> bool:
    """Whether parts of the frame may be transparent."""
    return frame.format.has_palette or any(part.is_alpha for part in frame.format.components)


def _even(side: float, most: int) -> int:
    return max(SMALLEST_PX, min(2 * round(side / 2), most // 2 * 2))
