"""A brush that draws smooth flat shapes, in metres of the stage, onto pixels.

The one door to OpenCV's drawing. Knows nothing of what is drawn.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Rgb: TypeAlias = tuple[int, int, int]
Points: TypeAlias = Sequence[tuple[float, float]] | NDArray[np.float64]  # (n, 2) x, y

SHIFT = 4
UNIT = 1 << SHIFT
HALF = UNIT / 2
FARTHEST = 1 << 24  # OpenCV overflows further outside the picture


class Brush:
    """Draws on an (h, w, 3) RGB array that shows a part of the stage."""

    def __init__(self, pixels: NDArray[np.uint8], left: float, top: float, scale: float) -> None:
        """A view whose upper left corner lies at (left, top) metres; `scale` is px per metre."""
        self.pixels = pixels
        self.left, self.top, self.scale = left, top, scale

    def polygon(self, points: Points, colour: Rgb) -> None:
        """A filled polygon, any shape."""
        cv2.fillPoly(self.pixels, [self._fix(points)], colour, cv2.LINE_AA, SHIFT)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Rgb) -> None:
        """A filled rectangle."""
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: Rgb, angle: float = 0.0
    ) -> None:
        """A filled ellipse, turned clockwise by `angle` degrees."""
        centre = self._fix([(x, y)])[0]
        axes = (max(1, round(rx * self.scale * UNIT)), max(1, round(ry * self.scale * UNIT)))
        at = (int(centre[0]), int(centre[1]))
        cv2.ellipse(self.pixels, at, axes, angle, 0, 360, colour, -1, cv2.LINE_AA, SHIFT)

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        """A filled circle."""
        self.oval(x, y, radius, radius, colour)

    def arc(
        self, centre: tuple[float, float], radii: tuple[float, float], span: tuple[float, float],
        colour: Rgb, width: float,
    ) -> None:  # fmt: skip
        """A part of an ellipse's outline between two angles, degrees clockwise from right."""
        at = self._fix([centre])[0]
        axes = tuple(max(1, round(radius * self.scale * UNIT)) for radius in radii)
        thick = max(1, round(width * self.scale))
        cv2.ellipse(
            self.pixels, (int(at[0]), int(at[1])), axes, 0, *span, colour, thick, cv2.LINE_AA, SHIFT
        )

    def line(self, points: Points, colour: Rgb, width: float) -> None:
        """A line with round ends through points; `width` in metres, at least one px."""
        thick = max(1, round(width * self.scale))
        cv2.polylines(self.pixels, [self._fix(points)], False, colour, thick, cv2.LINE_AA, SHIFT)

    def limb(self, a: tuple[float, float], b: tuple[float, float], wide: float, thin: float,
             colour: Rgb) -> None:  # fmt: skip
        """A rounded stick from `a` to `b`, `wide` metres thick at `a`, `thin` at `b`."""
        ax, ay, bx, by = *a, *b
        length = max(1e-6, float(np.hypot(bx - ax, by - ay)))
        nx, ny = -(by - ay) / length / 2, (bx - ax) / length / 2
        corners = [
            (ax + nx * wide, ay + ny * wide), (bx + nx * thin, by + ny * thin),
            (bx - nx * thin, by - ny * thin), (ax - nx * wide, ay - ny * wide),
        ]  # fmt: skip
        self.polygon(corners, colour)
        self.disc(ax, ay, wide / 2, colour)
        self.disc(bx, by, thin / 2, colour)

    def gradient(self, y0: float, y1: float, top: Rgb, bottom: Rgb) -> None:
        """The rows from y0 to y1, passing from one colour to the other."""
        rows = self.top + (np.arange(self.pixels.shape[0]) + 0.5) / self.scale  # (h,)
        inside = (rows >= y0) & (rows < y1)
        share = ((rows[inside] - y0) / (y1 - y0))[:, None]
        colours = (1 - share) * np.array(top) + share * np.array(bottom)
        self.pixels[inside] = colours.round().astype(np.uint8)[:, None, :]

    def glaze(self, points: Points, colour: Rgb, strength: float) -> None:
        """A polygon through which what lies below is seen; costs more than `polygon`."""
        fixed = self._fix(points)
        x, y, w, h = cv2.boundingRect((fixed / UNIT).round().astype(np.int32))
        height, width = self.pixels.shape[:2]
        x0, y0, x1, y1 = max(0, x - 1), max(0, y - 1), min(width, x + w + 1), min(height, y + h + 1)
        if x0 >= x1 or y0 >= y1:
            return
        part = self.pixels[y0:y1, x0:x1]
        over = part.copy()
        moved = fixed - np.array([x0, y0], np.int32) * UNIT
        cv2.fillPoly(over, [moved.astype(np.int32)], colour, cv2.LINE_AA, SHIFT)
        cv2.addWeighted(over, strength, part, 1 - strength, 0, dst=part)

    def text(self, x: float, y: float, words: str, height: float, colour: Rgb) -> None:
        """A line of letters about `height` metres high, its middle at a point."""
        size = max(4, round(height * self.scale * 1.4))
        mask = _letter(words, size)  # (h, w), 0 to 255
        left = round((x - self.left) * self.scale - mask.shape[1] / 2)
        top = round((y - self.top) * self.scale - mask.shape[0] / 2)
        self.stamp(mask, colour, left, top)

    def stamp(self, mask: NDArray[np.uint8], colour: Rgb, left: int, top: int) -> None:
        """A colour through an (h, w) mask of 0 to 255, whose corner lies at a px of this view."""
        height, width = self.pixels.shape[:2]
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(width, left + mask.shape[1]), min(height, top + mask.shape[0])
        if x0 >= x1 or y0 >= y1:
            return
        share = mask[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.float32) / 255
        part = self.pixels[y0:y1, x0:x1]
        mixed = part * (1 - share) + np.array(colour, np.float32) * share
        self.pixels[y0:y1, x0:x1] = mixed.round().astype(np.uint8)

    def sees(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        """Whether a part of this box of the stage lies in the view."""
        height, width = self.pixels.shape[:2]
        right, bottom = self.left + width / self.scale, self.top + height / self.scale
        return x0 < right and x1 > self.left and y0 < bottom and y1 > self.top

    def _fix(self, points: Points) -> NDArray[np.int32]:
        """Points as OpenCV wants them; plain Python is faster than numpy for a few."""
        left, top, unit = self.left, self.top, self.scale * UNIT
        if isinstance(points, np.ndarray):
            fixed = np.rint((points - (left, top)) * unit - HALF)
            return np.clip(fixed, -FARTHEST, FARTHEST).astype(np.int32)
        return np.array(
            [
                (
                    round(min(max((x - left) * unit - HALF, -FARTHEST), FARTHEST)),
                    round(min(max((y - top) * unit - HALF, -FARTHEST), FARTHEST)),
                )
                for x, y in points
            ],
            np.int32,
        )


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """A colour between two: `share` of the second."""
    return tuple(round(p * (1 - share) + q * share) for p, q in zip(a, b, strict=True))  # type: ignore[return-value]


def light(colour: Rgb, factor: float) -> Rgb:
    """The same colour lighter (> 1) or darker (< 1)."""
    return tuple(min(255, max(0, round(part * factor))) for part in colour)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def _letter(words: str, size: int) -> NDArray[np.uint8]:
    font = ImageFont.load_default(size)
    x0, y0, x1, y1 = font.getbbox(words)
    image = Image.new("L", (int(x1 - x0) + 4, int(y1 - y0) + 4))
    ImageDraw.Draw(image).text((2 - x0, 2 - y0), words, fill=255, font=font)
    return np.asarray(image)
