"""A brush whose place and unit are a head's: it draws heads of any size, looking left or right.

Knows nothing of what is drawn.
"""

from collections.abc import Sequence

from bench.world.drawing.brush import Brush, Rgb
from bench.world.poses import Spot


class HeadPen:
    """Draws in halves of a head's height from the middle of the skull; y downwards."""

    def __init__(self, brush: Brush, middle: Spot, unit: float, forward: int) -> None:
        """`middle` and `unit` in metres of the stage; `forward` is 1 or -1."""
        self.brush = brush
        self.x, self.y = middle
        self.unit, self.forward = unit, forward
        self.px = unit * brush.scale  # half the head's height as drawn

    def polygon(self, points: Sequence[Spot], colour: Rgb) -> None:
        """A filled polygon."""
        self.brush.polygon(self._place(points), colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Rgb) -> None:
        """A filled ellipse."""
        unit = self.unit
        self.brush.oval(
            self.x + self.forward * x * unit, self.y + y * unit, rx * unit, ry * unit, colour
        )

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        """A filled circle."""
        self.oval(x, y, radius, radius, colour)

    def line(self, points: Sequence[Spot], colour: Rgb, width: float) -> None:
        """A line with round ends."""
        self.brush.line(self._place(points), colour, width * self.unit)

    def ring(self, x: float, y: float, rx: float, ry: float, colour: Rgb, width: float) -> None:
        """An ellipse's outline."""
        centre = self.x + self.forward * x * self.unit, self.y + y * self.unit
        self.brush.arc(
            centre, (rx * self.unit, ry * self.unit), (0, 360), colour, width * self.unit
        )

    def _place(self, points: Sequence[Spot]) -> list[Spot]:
        x, y, down = self.x, self.y, self.unit
        right = self.forward * down
        return [(x + px * right, y + py * down) for px, py in points]
