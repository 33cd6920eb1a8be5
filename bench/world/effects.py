"""What happens to finished drawings: transitions, flaws, words over them, two side by side.

All pictures are (180, 320, 3) uint8 RGB; none is changed in place. Knows nothing of the stage.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.world.drawing.brush import Brush
from bench.world.lettering import Lines, lay_caption, lay_title
from bench.world.plan import HEIGHT, WIDTH

Pixels: TypeAlias = NDArray[np.uint8]

DARKNESS = 0.34  # what is left of the light in a dark shot
GRAIN = 17.0  # standard deviation of a noisy shot, of 255
BLUR_PX = 1.7  # standard deviation of a blurred shot
TILE = 128  # px by which a tile of grain is larger than a frame
HALF = WIDTH // 2
SEAM_PX = 2  # between the two of a split picture
BEHIND_CAPTION, BEHIND_TITLE = 0.4, 0.5  # light left behind the words
INK = (250, 248, 240)


def blend(kind: str, before: Pixels, after: Pixels, share: float) -> Pixels:
    """A transition from one picture to the next, `share` of it done."""
    if kind == "dissolve":
        return _mix(before, 1 - share, after, share)
    ground = 255.0 if kind == "flash" else 0.0
    picture, left = (before, 1 - 2 * share) if share < 0.5 else (after, 2 * share - 1)
    return _scale(picture, left, ground * (1 - left))


def flaw(picture: Pixels, flaws: Sequence[str], number: int) -> Pixels:
    """The picture as a bad camera takes it; `number` of the drawing moves the grain."""
    if "blurred" in flaws:
        picture = cv2.GaussianBlur(picture, (0, 0), BLUR_PX)
    if "dark" in flaws:
        picture = _scale(picture, DARKNESS, 0.0)
    if "noisy" in flaws:
        picture = _add_grain(picture, number)
    return picture


def split(left: Pixels, right: Pixels) -> Pixels:
    """The middle halves of two pictures side by side."""
    margin = (WIDTH - HALF) // 2
    both = np.empty_like(left)
    both[:, :HALF] = left[:, margin : margin + HALF]
    both[:, HALF:] = right[:, margin : margin + HALF]
    both[:, HALF - SEAM_PX // 2 : HALF + SEAM_PX // 2] = INK
    return both


def write_caption(picture: Pixels, words: str) -> Pixels:
    """A caption over the lower part of the picture."""
    lines = lay_caption(words)
    x0, y0, x1, y1 = (round(edge) for edge in lines.box)
    written = picture.copy()
    written[y0:y1, x0:x1] = _scale(picture[y0:y1, x0:x1], BEHIND_CAPTION, 0.0)
    return _write(written, lines)


def write_title(picture: Pixels, words: str) -> Pixels:
    """A title over the whole picture, which darkens behind it."""
    return _write(_scale(picture, BEHIND_TITLE, 0.0), lay_title(words))


def make_black() -> Pixels:
    """What is before the first shot."""
    return np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def _write(picture: Pixels, lines: Lines) -> Pixels:
    brush = Brush(picture, 0.0, 0.0, 1.0)
    for number, line in enumerate(lines.lines):
        brush.text(*lines.middle(number), line, lines.letter_px, INK)
    return picture


def _mix(a: Pixels, of_a: float, b: Pixels, of_b: float) -> Pixels:
    mixed: Pixels = cv2.addWeighted(a, of_a, b, of_b, 0.0)
    return mixed


def _scale(picture: Pixels, factor: float, offset: float) -> Pixels:
    scaled: Pixels = cv2.convertScaleAbs(picture, alpha=factor, beta=offset)
    return scaled


def _add_grain(picture: Pixels, number: int) -> Pixels:
    tile = _make_grain()
    top, left = number * 37 % TILE, number * 61 % TILE
    part = tile[top : top + picture.shape[0], left : left + picture.shape[1]]
    grainy: Pixels = cv2.add(picture, part, dtype=cv2.CV_8U)
    return grainy


@lru_cache(maxsize=1)
def _make_grain() -> NDArray[Any]:
    """Noise a little larger than a frame; partly grey, partly coloured. int16."""
    source = np.random.Generator(np.random.PCG64(1))
    size = (HEIGHT + TILE, WIDTH + TILE, 1)
    grey = source.standard_normal(size)
    colour = source.standard_normal((*size[:2], 3))
    return np.round((0.8 * grey + 0.6 * colour) * GRAIN).astype(np.int16)
