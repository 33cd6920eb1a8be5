"""A setting on its way onto a brush: every colour passes through its air and its distance.

Knows what light, distance and view do to shapes; knows nothing of what the shapes show.
"""

from collections.abc import Iterator

from bench.world.dice import Dice
from bench.world.drawing.brush import Brush, Points, Rgb, light
from bench.world.drawing.sky import SEASON_TINTS, Tint, find_air
from bench.world.plan import HORIZON, STAGE_HEIGHT, STAGE_WIDTH, Setting, depth

LAMP = (255, 218, 138)
GLASS = (156, 190, 208)
SNOW = (240, 245, 252)


class Scene:
    """Draws the shapes of one setting; what the brush does not see is skipped."""

    def __init__(
        self, brush: Brush, setting: Setting, *, far: float = 0.0, shines: bool = False
    ) -> None:
        """Of a colour `far` is lost in the haze; what `shines` needs no light from the air."""
        self.brush, self.setting, self.far = brush, setting, far
        self.air = find_air(setting)
        self._haze = 0.0 if shines else self.air.veil + (1 - self.air.veil) * far
        self._tint = (1.0, 1.0, 1.0) if shines else _tint(setting)

    @property
    def is_snowy(self) -> bool:
        """Whether snow lies."""
        return self.setting.season == "winter"

    def away(self, far: float) -> "Scene":
        """The same scene, for what stands further away."""
        return Scene(self.brush, self.setting, far=far)

    def shining(self) -> "Scene":
        """The same scene, for what gives light of its own."""
        return Scene(self.brush, self.setting, shines=True)

    def roll(self, *names: object) -> Dice:
        """The chance of one part of this place: it depends on the place and its variant alone."""
        return Dice("place", self.setting.place, self.setting.variant, *names)

    def tone(self, colour: Rgb) -> Rgb:
        """A colour as it looks in this air and at this distance."""
        near = 1 - self._haze
        red, green, blue = (
            min(255, round(part * tint * near + haze * self._haze))
            for part, tint, haze in zip(colour, self._tint, self.air.haze, strict=True)
        )
        return red, green, blue

    def polygon(self, points: Points, colour: Rgb) -> None:
        """A filled polygon."""
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        if self.brush.sees(min(xs), min(ys), max(xs), max(ys)):
            self.brush.polygon(points, self.tone(colour))

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Rgb) -> None:
        """A filled rectangle."""
        if self.brush.sees(x0, y0, x1, y1):
            self.brush.box(x0, y0, x1, y1, self.tone(colour))

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Rgb) -> None:
        """A filled ellipse."""
        if self.brush.sees(x - rx, y - ry, x + rx, y + ry):
            self.brush.oval(x, y, rx, ry, self.tone(colour))

    def disc(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        """A filled circle."""
        self.oval(x, y, radius, radius, colour)

    def line(self, points: Points, colour: Rgb, width: float) -> None:
        """A line through points; nothing where it would be thinner than a third of a px."""
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        half = width / 2
        if width * self.brush.scale > 0.33 and self.brush.sees(
            min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half
        ):
            self.brush.line(points, self.tone(colour), width)

    def rows(self, y0: float, y1: float, top: Rgb, bottom: Rgb) -> None:
        """All of the rows from y0 to y1, from one colour to the other."""
        if self.brush.sees(0, y0, STAGE_WIDTH, y1):
            self.brush.gradient(y0, y1, self.tone(top), self.tone(bottom))

    def ground(self, far: Rgb, near: Rgb, top: float = HORIZON) -> None:
        """The ground from `top` down, hazier where it is far."""
        self.away(0.18).rows(top, top + 0.6, far, far)
        self.rows(top + 0.25, STAGE_HEIGHT + 2, far, near)

    def comb(self, bars: list[tuple[float, float, float]], base: float, colour: Rgb) -> None:
        """Upright bars (x0, x1, top) on one base line, at the cost of a single polygon."""
        points: list[tuple[float, float]] = []
        for x0, x1, top in bars:
            points += [(x0, base), (x0, top), (x1, top), (x1, base)]
        if points:
            self.polygon(points, colour)

    def strew(
        self, name: str, count: int, top: float = HORIZON + 0.4, bottom: float = STAGE_HEIGHT
    ) -> Iterator[tuple[float, float, float, Dice]]:
        """Chance points (x, y, how large things look there, dice) of the ground, far to near."""
        dice = self.roll("strew", name)
        ys = sorted(dice.between(top, bottom) for _ in range(count))
        for y in ys:
            yield dice.between(0, STAGE_WIDTH), y, depth(y), dice

    def pane(self, x0: float, y0: float, x1: float, y1: float, lit: bool) -> None:
        """A window's glass: in the dark some are `lit`."""
        if self.air.dark and lit:
            self.shining().box(x0, y0, x1, y1, LAMP)
            return
        self.box(x0, y0, x1, y1, light(GLASS, 0.62) if self.air.dark else GLASS)
        if not self.air.dark and self.far < 0.5:
            x, w = x0 + (x1 - x0) * 0.2, (x1 - x0) * 0.28
            self.polygon([(x0, y1), (x0, y1 - w), (x + w, y0), (x + 2 * w, y0)], (190, 216, 228))


def _tint(setting: Setting) -> Tint:
    red, green, blue = find_air(setting).tint
    if setting.season is None:
        return red, green, blue
    share = 1.0 if setting.time == "daylight" else 0.5  # else autumn looks like sunset
    own = [1 + (part - 1) * share for part in SEASON_TINTS[setting.season]]
    return red * own[0], green * own[1], blue * own[2]
