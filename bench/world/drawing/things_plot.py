"""The box in which a thing is drawn: its own measures, its own tints, turned either way.

Within it x and y are hundredths of the box's width and height, x forwards (to the right if the
thing faces right), y downwards. Knows nothing of what is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import cos, pi, sin
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.world.drawing.brush import Brush, Points, Rgb, light, mix

INK, TYRE, IRON, STEEL = (40, 40, 46), (60, 60, 66), (92, 94, 102), (166, 172, 180)
WHITE, PANE, WATER = (246, 246, 242), (184, 218, 238), (150, 206, 240)
WOOD, BARK, LEAF, GOLD = (150, 104, 62), (112, 76, 46), (64, 150, 70), (232, 190, 70)
ROSE, GLOW, BEAK = (240, 160, 170), (255, 238, 160), (246, 158, 40)

Outline: TypeAlias = NDArray[np.float64]  # (n, 2), in hundredths of a box
Shape: TypeAlias = str | Points | Outline  # a text is read by `read_path`
EDGE = 2.6  # thickness of a body's edge, of which half is seen
_ROUND: Outline = np.array([(cos(i * pi / 12), sin(i * pi / 12)) for i in range(24)])


@lru_cache(maxsize=1024)
def read_path(text: str) -> Outline:
    """The points of a text such as "0,50 12.5,100": (n, 2)."""
    return np.array([[float(part) for part in pair.split(",")] for pair in text.split()])


@lru_cache(maxsize=1024)
def curve(text: str) -> Outline:
    """A smooth closed outline (Catmull-Rom) through points, kept in the box: (3 n, 2)."""
    p1 = read_path(text)
    p0, p2, p3 = np.roll(p1, 1, axis=0), np.roll(p1, -1, axis=0), np.roll(p1, -2, axis=0)
    slope, bend, twist = p2 - p0, 2 * p0 - 5 * p1 + 4 * p2 - p3, 3 * (p1 - p2) + p3 - p0
    parts = [p1 + t / 2 * (slope + t * (bend + t * twist)) for t in (0.0, 1 / 3, 2 / 3)]
    return np.clip(np.stack(parts, axis=1).reshape(-1, 2), 0, 100)


@lru_cache(maxsize=1024)
def oval(x: float, y: float, rx: float, ry: float) -> Outline:
    """The outline of an ellipse."""
    return _ROUND * (rx, ry) + (x, y)


@lru_cache(maxsize=1024)
def panel(x0: float, y0: float, x1: float, y1: float, rx: float = 0.0, ry: float = 0.0) -> Outline:
    """The outline of a rectangle whose corners are rounded by `rx` and `ry`."""
    if not rx:
        return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    corner = _ROUND * (rx, ry)
    steps = [(x1 - rx, y1 - ry), (x0 + rx, y1 - ry), (x0 + rx, y0 + ry), (x1 - rx, y0 + ry)]
    return np.concatenate(
        [np.roll(corner, -6 * i, axis=0)[:7:2] + step for i, step in enumerate(steps)]
    )


@lru_cache(maxsize=256)
def cloud(x: float, y: float, rx: float, ry: float, bumps: int, depth: float = 0.14) -> Outline:
    """The outline of an ellipse made of `bumps` round bumps, as of wool, leaves or petals."""
    angles = np.arange(bumps * 5) * (2 * pi / (bumps * 5))
    swell = 1 - depth + depth * np.abs(np.sin(angles * bumps / 2 + 0.5)) ** 0.7
    edge = np.stack([np.cos(angles), np.sin(angles)], axis=1) * swell[:, None]
    outline: Outline = edge / np.abs(edge).max(axis=0) * (rx, ry) + (x, y)
    return outline


def stick(a: tuple[float, float], b: tuple[float, float], wide: float, thin: float) -> Points:
    """An upright stick, `wide` across at `a` and `thin` at `b`."""
    (ax, ay), (bx, by), w, t = a, b, wide / 2, thin / 2
    return [(ax - w, ay), (ax + w, ay), (bx + t, by), (bx - t, by)]


@dataclass(frozen=True)
class Plot:
    """A box of the stage and the main colour of the thing that fills it."""

    brush: Brush
    box: tuple[float, float, float, float]  # x0, y0, x1, y1 in metres of the stage
    main: Rgb
    is_mirrored: bool = False
    sway: float = 0.0  # how far, in hundredths, the top is bent forwards

    @cached_property
    def unit(self) -> float:
        """A hundredth of the box's smaller side, metres: the measure of radii and thicknesses."""
        return min(self.box[2] - self.box[0], self.box[3] - self.box[1]) / 100

    @cached_property
    def is_dark(self) -> bool:
        """Whether black details would be lost on the main colour."""
        return sum(self.main) < 200

    @cached_property
    def is_pale(self) -> bool:
        """Whether white details would be lost on the main colour."""
        return min(self.main) > 200

    @cached_property
    def dark(self) -> Rgb:
        """The main colour in shade."""
        return light(self.main, 0.76)

    @cached_property
    def pale(self) -> Rgb:
        """The main colour in light; white has no lighter one and stays."""
        return light(self.main, 1.18)

    @cached_property
    def edge(self) -> Rgb:
        """The colour of edges and seams: the main one darker; lighter where it is black."""
        if self.is_dark:
            return mix(self.main, WHITE, 0.3)
        return light(self.main, 0.75)

    @cached_property
    def ink(self) -> Rgb:
        """Black for details, light grey on black."""
        return (172, 174, 180) if self.is_dark else INK

    @cached_property
    def trim(self) -> Rgb:
        """White for details, grey on white."""
        return (150, 154, 162) if self.is_pale else WHITE

    def body(self, *shapes: Shape) -> None:
        """Shapes in the main colour that grow together, with one edge around them all."""
        placed = [self._place(shape) for shape in shapes]
        for points in placed:
            closed = np.concatenate((points, points[:1]))
            self.brush.line(closed, self.edge, EDGE * self.unit)
        for points in placed:
            self.brush.polygon(points, self.main)

    def fill(self, shape: Shape, colour: Rgb) -> None:
        """A filled polygon."""
        self.brush.polygon(self._place(shape), colour)

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        """A circle that stays round whatever the box's sides are."""
        self.fill(self.ring(x, y, radius), colour)

    def ring(self, x: float, y: float, radius: float) -> Outline:
        """The outline of a circle that stays round whatever the box's sides are."""
        left, top, right, bottom = self.box
        size = radius * self.unit * 100
        outline = _ROUND[::2] if radius < 10 else _ROUND
        return outline * (size / (right - left), size / (bottom - top)) + (x, y)

    def line(self, shape: Shape, colour: Rgb, width: float) -> None:
        """An open line with round ends."""
        self.brush.line(self._place(shape), colour, width * self.unit)

    def rope(self, shape: Shape, width: float) -> None:
        """An open line in the main colour with an edge, as a tail or a handle."""
        points = self._place(shape)
        self.brush.line(points, self.edge, (width + EDGE) * self.unit)
        self.brush.line(points, self.main, width * self.unit)

    def _place(self, shape: Shape) -> Outline:
        points = read_path(shape) if isinstance(shape, str) else np.asarray(shape, np.float64)
        turn, shift = self._turn
        placed: Outline = points @ turn + shift
        return placed

    @cached_property
    def _turn(self) -> tuple[Outline, Outline]:
        """From hundredths to metres: times a matrix, plus a step."""
        inset = EDGE / 2 * self.unit  # so that the edges too lie within the box
        left, top, right, bottom = self.box
        left, top, right, bottom = left + inset, top + inset, right - inset, bottom - inset
        width, height, start = (right - left) / 100, (bottom - top) / 100, left
        if self.is_mirrored:
            width, start = -width, right
        matrix = np.array([(width, 0.0), (-self.sway / 100 * width, height)])
        return matrix, np.array([start + self.sway * width, top])


Draw: TypeAlias = Callable[[Plot, float], None]  # the seconds move what moves


def draw_spokes(plot: Plot, x: float, y: float, radius: float, second: float, colour: Rgb) -> None:
    """A cross that turns as of a wheel that rolls forwards, about one turn a second."""
    (right, _), (_, bottom) = (plot.ring(0, 0, 100) * radius / 100)[[0, 6]]
    across, down = cos(second * 7), sin(second * 7)
    a, b = (right * across, bottom * down), (-right * down, bottom * across)
    ends = [a, (-a[0], -a[1]), (0, 0), b, (-b[0], -b[1])]
    plot.line([(x + end[0], y + end[1]) for end in ends], colour, radius / 7)


def swing(second: float, per_second: float, reach: float, phase: float = 0.0) -> float:
    """A pendulum that starts in the middle: from -reach to reach and back, so often a second."""
    return reach * sin(2 * pi * (second * per_second + phase))


def draw_eye(plot: Plot, x: float, y: float, radius: float) -> None:
    """An eye that is seen on every colour."""
    plot.disc(x, y, radius, WHITE)
    plot.disc(x + radius / 4, y, radius * 0.6, INK)
