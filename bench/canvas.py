"""A sheet to draw one frame on: flat shapes with smooth edges, skies, shaded balls, lettering.

Coordinates are px of the finished frame, 640x360, from the upper left. Draws at twice that and
halves, which smooths the edges. Knows nothing of films and of files.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 640, 360
FINE = 2  # px drawn for one px of the frame

Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]


class Canvas:
    """One frame while it is being drawn."""

    def __init__(self, top: Colour, bottom: Colour) -> None:
        """Begin with a ground that passes from one colour to the other."""
        self._image = _draw_ground(top, bottom).copy()
        self._draw = ImageDraw.Draw(self._image)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A circle."""
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """An upright ellipse."""
        self._draw.ellipse(_fine(x - rx, y - ry, x + rx, y + ry), fill=colour)

    def ball(self, x: float, y: float, rx: int, ry: int, colour: Colour) -> None:
        """An ellipse that looks round: light falls on it from the upper left."""
        ball = _draw_ball(rx * FINE, ry * FINE, colour)
        corner = (round((x - rx) * FINE), round((y - ry) * FINE))
        self._image.paste(ball, corner, ball)

    def box(
        self, corner: Point, width: float, height: float, colour: Colour, *, radius: float = 0
    ) -> None:
        """A rectangle from its upper left corner, with round corners if asked."""
        x, y = corner
        bounds = _fine(x, y, x + width, y + height)
        self._draw.rounded_rectangle(bounds, radius * FINE, fill=colour)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float = 2) -> None:
        """A line through points."""
        fine = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(fine, fill=colour, width=round(width * FINE), joint="curve")

    def hills(self, y: float, swing: float, wave: float, colour: Colour) -> None:
        """Ground up to a rolling horizon: its mean height, its swing and its wave length."""
        steps = range(0, WIDTH + 1, 16)
        crest = [(float(x), y + swing * float(np.sin(x / wave))) for x in steps]
        self.shape([(0, HEIGHT), *crest, (WIDTH, HEIGHT)], colour)

    def cloud(self, x: float, y: float, size: float, colour: Colour) -> None:
        """A cloud of five puffs; `size` is about half its width."""
        for dx, dy, radius in ((-0.6, 0.1, 0.3), (-0.2, -0.15, 0.4), (0.25, -0.1, 0.36)):
            self.disc(x + dx * size, y + dy * size, radius * size, colour)
        self.oval(x, y + 0.14 * size, size, 0.27 * size, colour)

    def text(self, x: float, y: float, words: str, size: int, colour: Colour) -> None:
        """A line of text, centred at a point; `size` is about its height."""
        font = _open_font(size * FINE)
        self._draw.text((x * FINE, y * FINE), words, fill=colour, font=font, anchor="mm")

    def pixels(self) -> NDArray[np.uint8]:
        """The finished frame, (h, w, 3) RGB."""
        return np.asarray(self._image.reduce(FINE))


def _fine(*values: float) -> tuple[float, ...]:
    return tuple(value * FINE for value in values)


@lru_cache(maxsize=32)
def _draw_ground(top: Colour, bottom: Colour) -> Image.Image:
    share = np.linspace(0, 1, HEIGHT * FINE)[:, None, None]
    rows = (1 - share) * np.array(top) + share * np.array(bottom)
    wide = np.broadcast_to(rows, (HEIGHT * FINE, WIDTH * FINE, 3))
    return Image.fromarray(wide.round().astype(np.uint8))


@lru_cache(maxsize=32)
def _draw_ball(rx: int, ry: int, colour: Colour) -> Image.Image:
    """A shaded ellipse, RGBA, transparent around."""
    y, x = np.mgrid[-1 : 1 : 2j * ry, -1 : 1 : 2j * rx]
    inside = np.clip((1 - np.hypot(x, y)) * min(rx, ry), 0, 1)
    light = np.clip(1.06 - 0.34 * np.hypot(x + 0.3, y + 0.35) ** 1.7, 0.4, 1.06)
    gleam = np.exp(-(((x + 0.38) / 0.16) ** 2 + ((y + 0.45) / 0.22) ** 2)) * 120
    body = np.clip(light[..., None] * np.array(colour) + gleam[..., None], 0, 255)
    return Image.fromarray(np.dstack([body, inside * 255]).astype(np.uint8))


@lru_cache(maxsize=16)
def _open_font(size: int) -> "FreeTypeFont | ImageFont.ImageFont":
    """The font that Pillow carries: no machine lacks it."""
    return ImageFont.load_default(size)
