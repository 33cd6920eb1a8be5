"""Pixels of one PyAV frame: an upright RGB picture of an asked size, and a tiny BGR sample.

Knows nothing of times and files.
"""

import struct
import threading
from dataclasses import dataclass

import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from indexer.decoders.source import AvFrame

SAMPLE_PX = 160  # the sample's longer side is at least this, where the frame's is
PLANAR = {"yuv420p": False, "yuvj420p": True}  # format: full range
FULL_RANGE = 2  # AVCOL_RANGE_JPEG
SMOOTH = "AREA"
LUMA_TO_LIMITED = np.rint(16 + np.arange(256) * 219 / 255).astype(np.uint8)
CHROMA_TO_LIMITED = np.rint(128 + (np.arange(256) - 128) * 224 / 255).astype(np.uint8)

_local = threading.local()


@dataclass(frozen=True)
class Turn:
    """One of the eight ways a display matrix sets a picture upright."""

    transposed: bool = False
    mirrored: bool = False  # left and right change places, after transposing
    flipped: bool = False  # top and bottom change places, after transposing

    def apply(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture (h, w, 3) upright, contiguous."""
        if self.transposed:
            pixels = pixels.swapaxes(0, 1)
        rows = slice(None, None, -1) if self.flipped else slice(None)
        columns = slice(None, None, -1) if self.mirrored else slice(None)
        return np.ascontiguousarray(pixels[rows, columns])

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The upright (width, height)."""
        return (height, width) if self.transposed else (width, height)


def find_turn(frame: AvFrame) -> Turn:
    """Read the frame's display matrix (ISO 14496-12, 8.3.2: x' = a x + c y, y' = b x + d y)."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return Turn()
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(data))
    if abs(b) > abs(a):
        return Turn(transposed=True, mirrored=c < 0, flipped=b < 0)
    return Turn(mirrored=a < 0, flipped=d < 0)


def _scale(frame: AvFrame, size: tuple[int, int], interpolation: str) -> NDArray[np.uint8]:
    """One call of swscale to RGB (h, w, 3); what is transparent lies on black."""
    scaler = getattr(_local, interpolation, None)
    if scaler is None:
        scaler = VideoReformatter()
        setattr(_local, interpolation, scaler)
    alpha = any(part.is_alpha for part in frame.format.components) or frame.format.has_palette
    scaled = scaler.reformat(
        frame,
        width=size[0],
        height=size[1],
        format="rgba" if alpha else "rgb24",
        interpolation=interpolation,
        threads=1,
    )
    pixels: NDArray[np.uint8] = scaled.to_ndarray()
    return _on_black(pixels) if alpha else pixels


def _on_black(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    weighted = rgba[..., :3].astype(np.uint16) * rgba[..., 3:]
    return ((weighted + 127) // 255).astype(np.uint8)


def read_picture(frame: AvFrame, turn: Turn, longest_px: int) -> NDArray[np.uint8]:
    """The frame as upright RGB, longer side at most `longest_px`, never enlarged."""
    scale = min(1.0, longest_px / max(frame.width, frame.height))
    size = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    return turn.apply(_scale(frame, size, SMOOTH))


def read_sample(frame: AvFrame, turn: Turn, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The frame as a tiny upright BGR picture, point-sampled.

    Args:
        frame: of any pixel format.
        turn: sets it upright.
        size: (width, height) of the video's first frame as it is coded; a frame of another size is
            brought to the same sample size, so that samples of one video can be compared.
    """
    stride = sample_stride(*size)
    width, height = (_even(-(-side // stride)) for side in size)
    if frame.format.name in PLANAR and (frame.width, frame.height) == size and min(size) > 1:
        tiny = _sample_planes(frame, stride, (width, height))
    else:
        tiny = _scale(frame, (width, height), "POINT")[..., ::-1]
    return turn.apply(tiny)


def sample_stride(width: int, height: int) -> int:
    """Every how many-th pixel goes into the sample."""
    return max(1, max(width, height) // SAMPLE_PX)


def _even(side: int) -> int:
    return side & ~1 or 1


def _sample_planes(frame: AvFrame, stride: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Points of the Y, U and V planes as a small 4:2:0 picture, converted as BT.601."""
    width, height = size
    luma, blue, red = (
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[::stride, ::stride]
        for plane in frame.planes
    )
    tiny = np.empty((height * 3 // 2, width), np.uint8)
    tiny[:height] = luma[:height, :width]
    chroma = tiny[height:].reshape(2, height // 2, width // 2)
    chroma[0] = blue[: height // 2, : width // 2]
    chroma[1] = red[: height // 2, : width // 2]
    if PLANAR[frame.format.name] or frame.color_range == FULL_RANGE:
        tiny[:height] = LUMA_TO_LIMITED[tiny[:height]]
        tiny[height:] = CHROMA_TO_LIMITED[tiny[height:]]
    bgr: NDArray[np.uint8] = cv2.cvtColor(tiny, cv2.COLOR_YUV2BGR_I420)
    return bgr
