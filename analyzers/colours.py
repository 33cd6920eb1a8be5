"""Which named colours a keyframe shows, and where in a 3x3 layout.

The names are the eleven basic colour terms of English (Berlin and Kay, "Basic Color Terms", 1969).
A pixel gets the name of the first rule that holds for its lightness, chroma and hue in CIELAB
(CIE 15; from sRGB, IEC 61966-2-1, white D65). The bounds of the rules were set by looking at the
colours that people named in the xkcd survey (Munroe, 2010, CC0) and at frames of real videos.

Knows nothing of objects: a red cup on a white table is so much red and so much white.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Picture
from analyzers.finding import Box, Finding, Label

NAMES = (
    "black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown",
)  # fmt: skip
VOCABULARY = "colour"
LONGEST_PX = 96  # pictures are averaged down to this before pixels are named
MIN_AREA = 0.05  # of the picture; a colour that covers less is not told
MIN_DOMINANCE = 0.5  # of a cell of the layout; less is no dominant colour
GRID = 3
LEVELS = 32  # per channel, in the table from RGB to names
WHITE_D65 = (0.95047, 1.0, 1.08883)
SRGB_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


class Rule(NamedTuple):
    """A colour name and the half-open ranges of lightness, chroma and hue in which it is given."""

    name: str
    lightness: tuple[float, float]  # L*, 0 to 100
    chroma: tuple[float, float]
    hue: tuple[float, float]  # degrees; a range may go on past 360


ANY = (0.0, 1000.0)
ALL_ROUND = (0.0, 360.0)
RULES = (  # the first that holds gives the name
    Rule("black", (0, 10), (0, 25), ALL_ROUND),
    Rule("black", (0, 20), (0, 14), ALL_ROUND),
    Rule("black", (0, 25), (0, 8), ALL_ROUND),
    Rule("white", (86, 101), (0, 13), ALL_ROUND),
    Rule("white", (92, 101), (0, 16), ALL_ROUND),
    Rule("grey", (0, 30), (0, 13), ALL_ROUND),
    Rule("grey", ANY, (0, 10), ALL_ROUND),
    Rule("grey", ANY, (0, 13), (110, 345)),
    Rule("blue", ANY, ANY, (185, 300)),
    Rule("blue", (0, 40), (45, 1000), (300, 309)),
    Rule("purple", (0, 66), ANY, (300, 342)),
    Rule("purple", ANY, ANY, (300, 326)),
    Rule("pink", ANY, ANY, (300, 342)),
    Rule("green", ANY, ANY, (115, 185)),
    Rule("orange", (54, 101), (52, 1000), (38, 46)),
    Rule("pink", (43, 101), ANY, (342, 367)),
    Rule("pink", (46, 101), ANY, (7, 20)),
    Rule("pink", (60, 101), ANY, (20, 46)),
    Rule("red", ANY, ANY, (342, 374)),
    Rule("red", ANY, (35, 1000), (14, 46)),
    Rule("brown", ANY, ANY, (14, 46)),
    Rule("orange", (50, 101), (52, 1000), (46, 72)),
    Rule("orange", (47, 101), (68, 1000), (46, 60)),
    Rule("orange", (64, 101), (60, 1000), (72, 82)),
    Rule("pink", (78, 101), ANY, (46, 70)),
    Rule("brown", (0, 80), ANY, (46, 82)),
    Rule("brown", (0, 70), ANY, (82, 98)),
    Rule("brown", (70, 80), (0, 45), (82, 98)),
    Rule("yellow", (66, 101), ANY, (46, 108)),
    Rule("yellow", (93, 101), ANY, (108, 115)),
    Rule("green", ANY, ANY, ALL_ROUND),  # what is left: olive
)


class ColoursAnalyzer:
    """Labels of the vocabulary `colour`, for whole keyframes and for the cells of a 3x3 layout.

    A Label without a box says which part of the whole picture has the colour (its score; from 5 %
    up). A Label with a box says that the colour is the dominant one of that cell and which part of
    the cell has it (its score; from one half up).
    """

    name = "colours"
    version = "1"
    scope = Scope.SHOT
    wants = Wants(keyframes=True)
    needs: tuple[str, ...] = ()
    slow_on: frozenset[str] = frozenset()

    def __init__(self, *, device: str = "cpu") -> None:
        """Make one; the device makes no difference, it is a table look-up."""

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Name the colours of each keyframe."""
        return [
            [label for picture in clip.keyframes for label in self._find_labels(picture)]
            for clip in clips
        ]

    @cached_property
    def _table(self) -> NDArray[np.uint8]:
        """Index into `NAMES` for each RGB of `LEVELS` steps a channel, (levels, levels, levels)."""
        centres = (np.arange(LEVELS) + 0.5) * (256 / LEVELS)
        return name_colours(np.stack(np.meshgrid(centres, centres, centres, indexing="ij"), -1))

    def _find_labels(self, picture: Picture) -> Iterator[Label]:
        counts = count_cells(self._table, shrink(picture.pixels))
        span = (picture.start_ms, picture.end_ms)
        areas = counts.sum(axis=(0, 1)) / counts.sum()
        for index in np.argsort(-areas, kind="stable"):
            if areas[index] >= MIN_AREA:
                yield Label(*span, VOCABULARY, NAMES[index], float(areas[index]))
        for row, column in np.ndindex(GRID, GRID):
            cell = counts[row, column]
            index = int(cell.argmax())
            score = float(cell[index] / cell.sum())
            if score >= MIN_DOMINANCE:
                yield Label(*span, VOCABULARY, NAMES[index], score, _cell_box(row, column))


def name_colours(rgb: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Indexes into `NAMES` (...) of sRGB colours (..., 3) in [0, 255]."""
    lab = _to_lab(rgb)
    lightness, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    holds = [
        _within(lightness, rule.lightness)
        & _within(chroma, rule.chroma)
        & ((hue - rule.hue[0]) % 360 < rule.hue[1] - rule.hue[0])
        for rule in RULES
    ]
    return np.select(holds, [np.uint8(NAMES.index(rule.name)) for rule in RULES])


def shrink(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (h, w, 3) averaged over squares, its longer side at most `LONGEST_PX`.

    Pixels of a picture that is smaller than the layout are repeated, so that no cell is empty.
    """
    from PIL import Image

    factor = -(-max(pixels.shape[:2]) // LONGEST_PX)
    small = np.asarray(Image.fromarray(pixels).reduce(factor))
    if min(small.shape[:2]) < GRID:
        small = small.repeat(GRID, axis=0).repeat(GRID, axis=1)
    return small


def count_cells(table: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many pixels of each cell of the layout have each name, (grid, grid, names)."""
    height, width = pixels.shape[:2]
    red, green, blue = np.moveaxis(pixels // (256 // LEVELS), -1, 0)
    names = table[red, green, blue].astype(np.int64)  # (h, w)
    rows = np.arange(height)[:, None] * GRID // height
    columns = np.arange(width)[None, :] * GRID // width
    keys = (rows * GRID + columns) * len(NAMES) + names
    counts = np.bincount(keys.ravel(), minlength=GRID * GRID * len(NAMES))
    return counts.reshape(GRID, GRID, len(NAMES))


def _to_lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIELAB (..., 3) of sRGB (..., 3) in [0, 255]."""
    coded = rgb / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array(SRGB_TO_XYZ).T / np.array(WHITE_D65)
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _within(values: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= bounds[0]) & (values < bounds[1])


def _cell_box(row: int, column: int) -> Box:
    return (column / GRID, row / GRID, (column + 1) / GRID, (row + 1) / GRID)
