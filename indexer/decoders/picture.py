"""Pixels of PyAV's frames: an upright RGB picture of an asked size, and a tiny BGR sample.

The sample holds the same values as the whole frame converted by swscale and then strided. Only
those points are converted: they are put into a 4:2:2 picture of twice the sample's width, where
each point has chroma of its own, and every second pixel of what swscale makes of it is kept.
(Detectors are fed with it. In dark frames hue hangs on how a converter rounds, so another converter
finds other cuts; so does any smoothing.) Knows nothing of times and files.
"""

import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import av
import cv2
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from indexer.decoders.source import AvFrame

Tool = TypeVar("Tool")

SAMPLE_PX = 160  # the sample's longer side is at least this, where the frame's is
# Of the smooth scalers the fastest, and the nearest to the mean; with chroma for every pixel, not
# for every second one.
SMOOTH = Interpolation.AREA | Interpolation.FULL_CHR_H_INT
POINT = Interpolation.POINT
WHOLE_BYTES = (2, 4, 8)  # lengths of numbers
PAIR, PIXELS = "<u2", "<u8"  # two bytes; two pixels of four bytes
# Formats sampled from their planes, and the one in which the points are converted.
PLANAR = {"yuv420p": "yuv422p", "yuvj420p": "yuvj422p", "nv12": "yuv422p"}


@dataclass(frozen=True)
class Turn:
    """One of the eight ways in which a display matrix sets a picture upright."""

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


def find_turn(frame: AvFrame) -> Turn:
    """Read the frame's display matrix (ISO/IEC 14496-12, 8.3.2: x' = ax + cy, y' = bx + dy)."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return Turn()
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(data))
    if abs(b) > abs(a):
        return Turn(transposed=True, mirrored=c < 0, flipped=b < 0)
    return Turn(mirrored=a < 0, flipped=d < 0)


class PictureMaker:
    """Makes the pictures of one video's frames; threads may share it."""

    def __init__(self, first: AvFrame) -> None:
        """Take turn and size from the video's first frame, of any pixel format."""
        self._turn = find_turn(first)
        self._coded = (first.width, first.height)
        self._stride = sample_stride(*self._coded)
        self._scratch = threading.local()

    @property
    def size(self) -> tuple[int, int]:
        """The upright (width, height) of the first frame."""
        width, height = self._coded
        return (height, width) if self._turn.transposed else (width, height)

    @property
    def turned(self) -> bool:
        """Whether the frames do not lie upright in the file."""
        return self._turn != Turn()

    def picture(self, frame: AvFrame, longest_px: int) -> NDArray[np.uint8]:
        """The frame as upright RGB (h, w, 3), longer side at most `longest_px`, never enlarged."""
        scale = min(1.0, longest_px / max(frame.width, frame.height))
        size = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
        return self._turn.apply(self._scale(frame, size, SMOOTH))

    def sample(self, frame: AvFrame) -> NDArray[np.uint8]:
        """The frame as upright BGR (h, w, 3), point-sampled; of one size for the whole video."""
        whole = (frame.width, frame.height) == self._coded
        if whole and self._stride > 1 and frame.format.name in PLANAR:
            return self._turn.apply(self._sample_planes(frame))
        width, height = (-(-side // self._stride) for side in self._coded)
        return self._turn.apply(self._scale(frame, (width, height), POINT)[..., ::-1])

    def _scale(self, frame: AvFrame, size: tuple[int, int], how: int) -> NDArray[np.uint8]:
        """One call of swscale to RGB (h, w, 3); what is transparent lies on black."""
        scaler = self._of_thread(f"scaler {how}", VideoReformatter)
        alpha = _has_alpha(frame)
        scaled = scaler.reformat(
            frame,
            width=size[0],
            height=size[1],
            format="rgba" if alpha else "rgb24",
            interpolation=how,
            threads=1,
        )
        pixels = np.asarray(scaled.to_ndarray(), np.uint8)
        return _on_black(pixels) if alpha else pixels

    def _sample_planes(self, frame: AvFrame) -> NDArray[np.uint8]:
        layout = PLANAR[frame.format.name]
        sampler = self._of_thread(layout, lambda: _PointSampler(self._coded, self._stride, layout))
        return sampler.sample(frame)

    def _of_thread(self, name: str, make: Callable[[], Tool]) -> Tool:
        """This thread's own converter, made at its first use: they keep buffers."""
        own: dict[str, Tool] = self._scratch.__dict__
        if name not in own:
            own[name] = make()
        return own[name]


class _PointSampler:
    """Every stride-th pixel of 4:2:0 planes as BGR; its buffers serve one thread."""

    def __init__(self, coded: tuple[int, int], stride: int, layout: str) -> None:
        width, height = (-(-side // stride) for side in coded)
        self._strides = (stride, stride // 2, stride // 2)
        # swscale has another converter for odd heights, and for the last columns of other widths.
        size = 2 * width + -2 * width % 16, height + height % 2
        self._points = av.VideoFrame(*size, layout)
        luma, blue, red = (_rows(plane)[:height] for plane in self._points.planes)
        pairs = luma[:, : 2 * width].view(PAIR)  # the second of each is not kept
        self._targets = (pairs, blue[:, :width], red[:, :width])
        self._converter = VideoReformatter()

    def sample(self, frame: AvFrame) -> NDArray[np.uint8]:
        """The points of one frame, (h, w, 3)."""
        for target, plane, stride in zip(self._targets, _planes(frame), self._strides, strict=True):
            np.copyto(target, _points(plane, stride, target.shape), casting="unsafe")
        self._points.color_range = frame.color_range
        self._points.colorspace = frame.colorspace
        doubled = self._converter.reformat(
            self._points, format="bgra", interpolation=POINT, threads=1
        )
        height, width = self._targets[0].shape
        bgra = _rows(doubled.planes[0])[:height, : 8 * width].view(PIXELS)
        kept = bgra.astype("<u4").view(np.uint8).reshape(height, width, 4)
        bgr: NDArray[np.uint8] = cv2.cvtColor(kept, cv2.COLOR_BGRA2BGR)
        return bgr


def _points(
    plane: NDArray[np.uint8], stride: int, shape: tuple[int, ...]
) -> NDArray[np.unsignedinteger[Any]]:
    """Every stride-th byte of every stride-th row, as numbers whose lowest byte it is.

    Where a whole number of bytes has that many, they are read as such: numpy narrows numbers many
    at a time, and copies bytes that lie apart one by one.
    """
    height, width = shape
    rows = plane[::stride]
    if stride in WHOLE_BYTES and rows.strides[1] == 1 and rows.shape[1] % stride == 0:
        return rows.view(f"<u{stride}")[:height, :width]
    return rows[:height, ::stride][:, :width]


def sample_stride(width: int, height: int) -> int:
    """Every how many-th pixel is sampled: 1, or an even number, so that it has its own chroma."""
    return max(1, max(width, height) // SAMPLE_PX // 2 * 2)


def _rows(plane: AvFrame) -> NDArray[np.uint8]:
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)


def _planes(frame: AvFrame) -> list[NDArray[np.uint8]]:
    """Y, U and V of a 4:2:0 frame, each (rows, line size in bytes)."""
    planes = [_rows(plane) for plane in frame.planes]
    if frame.format.name == "nv12":
        return [planes[0], planes[1][:, 0::2], planes[1][:, 1::2]]
    return planes


def _has_alpha(frame: AvFrame) -> bool:
    return frame.format.has_palette or any(part.is_alpha for part in frame.format.components)


def _on_black(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    weighted = rgba[..., :3].astype(np.uint16) * rgba[..., 3:]
    return ((weighted + 127) // 255).astype(np.uint8)
