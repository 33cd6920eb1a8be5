"""The trunk's outline, skirts, and what marks each kind of clothes: collars, buttons, lapels.

Knows nothing of limbs but where skirts hang on them.
"""

from bench.world.drawing.brush import Brush, Rgb
from bench.world.drawing.people_colours import Palette
from bench.world.figure import Figure
from bench.world.poses import Spot


class Trunk:
    """Places spots on a trunk: across in shares of the height, down from shoulders 0 to hips 1."""

    def __init__(self, figure: Figure) -> None:
        """The trunk of a person as it stands now."""
        self.figure = figure
        self.size = figure.height
        self.profile = figure.view in ("left", "right")
        self.back = figure.view == "back"
        self._neck, self._hips = figure.joints.neck, figure.joints.hips
        self._turn = figure.forward * self.size if self.profile else self.size

    def place(self, across: float, down: float) -> Spot:
        """A spot in metres of the stage; `across` is forward in a profile."""
        (nx, ny), (hx, hy) = self._neck, self._hips
        return nx + (hx - nx) * down + self._turn * across, ny + (hy - ny) * down

    def place_all(self, spots: tuple[Spot, ...]) -> list[Spot]:
        """The same for several."""
        return [self.place(*spot) for spot in spots]

    def trace(self) -> list[Spot]:
        """The outline from the neck to the hips."""
        build = self.figure.build
        slim = build.shoulder_wide == 0.092
        if self.profile:
            chest, waist = (0.078, 0.046) if slim else (0.062, 0.056)
            return self.place_all(
                ((0.03, -0.05), (chest - 0.02, 0.12), (chest, 0.32), (waist, 0.66), (0.056, 1.0),
                 (0.05, 1.1), (-0.055, 1.1), (-0.062, 0.95), (-0.046, 0.6), (-0.06, 0.3),
                 (-0.045, 0.04), (-0.03, -0.05))
            )  # fmt: skip
        wide, hip = build.shoulder_wide, build.hip_wide
        waist = hip - 0.006 if slim else (wide + hip) / 2 - 0.012
        half = ((0.035, -0.07), (wide - 0.03, -0.02), (wide, 0.1), (wide - 0.014, 0.34),
                (waist, 0.66), (hip + 0.012, 1.0), (hip, 1.1))  # fmt: skip
        return self.place_all((*half, *((-x, y) for x, y in reversed(half))))

    def draw_seat(self, brush: Brush, colour: Rgb) -> None:
        """The upper end of trousers."""
        wide = 0.056 if self.profile else self.figure.build.hip_wide + 0.008
        ends = (wide, 0.9), (wide, 1.12), (wide * 0.5, 1.2), (-wide * 0.5, 1.2), (-wide, 1.12)
        brush.polygon(self.place_all((*ends, (-wide, 0.9))), colour)

    def draw_skirt(self, brush: Brush, colour: Rgb, length: float) -> None:
        """Cloth from the waist around both thighs; `length` is a share of the thigh."""
        joints = self.figure.joints
        wide = 0.054 if self.profile else self.figure.build.hip_wide + 0.012
        flare = (0.02 if self.profile else 0.03) + 0.022 * length
        spots = self.place_all(((wide - 0.01, 0.7), (wide, 1.0), (-wide, 1.0), (0.01 - wide, 0.7)))
        for (hx, hy), (kx, ky) in ((joints.hip_a, joints.knee_a), (joints.hip_b, joints.knee_b)):
            x, y = hx + (kx - hx) * length, hy + (ky - hy) * length
            spots += [(x - flare * self.size, y), (x + flare * self.size, y)]
        brush.polygon(_wrap(spots), colour)


def trim_trunk(brush: Brush, trunk: Trunk, top: str, palette: Palette) -> None:
    """What marks clothes of a kind; most of it is not seen from behind."""
    if top == "jumper":
        _trim_jumper(brush, trunk, palette)
    elif trunk.back:
        return
    elif top == "suit":
        _trim_suit(brush, trunk, palette)
    elif top == "dress":
        _trim_dress(brush, trunk, palette)
    else:
        _trim_buttons(brush, trunk, top, palette)


def _trim_jumper(brush: Brush, trunk: Trunk, palette: Palette) -> None:
    build = trunk.figure.build
    wide = 0.056 if trunk.profile else build.shoulder_wide - 0.016
    stripe = ((-wide, 0.36), (wide, 0.36), (wide - 0.004, 0.5), (0.004 - wide, 0.5))
    brush.polygon(trunk.place_all(stripe), palette.top_mark)
    collar = ((-0.04, -0.14), (0.04, -0.14), (0.046, 0.02), (-0.046, 0.02))
    brush.polygon(trunk.place_all(collar), palette.top_shade)


def _trim_suit(brush: Brush, trunk: Trunk, palette: Palette) -> None:
    if trunk.profile:
        _trim_suit_aside(brush, trunk, palette)
        return
    brush.polygon(trunk.place_all(((-0.036, -0.08), (0.036, -0.08), (0.0, 0.55))), palette.white)
    tie = ((-0.011, -0.02), (0.011, -0.02), (0.008, 0.06), (0.016, 0.4), (0.0, 0.52),
           (-0.016, 0.4), (-0.008, 0.06))  # fmt: skip
    brush.polygon(trunk.place_all(tie), palette.tie)
    for side in (-1, 1):
        lapel = (
            (side * 0.034, -0.09), (side * 0.068, 0.1), (side * 0.054, 0.2), (side * 0.064, 0.24),
            (0.0, 0.56),
        )  # fmt: skip
        brush.polygon(trunk.place_all(lapel), palette.top_shade)
    seam = trunk.place_all(((0.0, 0.56), (0.0, 1.08)))
    brush.line(seam, palette.top_shade, 0.008 * trunk.size)


def _trim_suit_aside(brush: Brush, trunk: Trunk, palette: Palette) -> None:
    shirt = ((0.02, -0.06), (0.05, 0.1), (0.062, 0.38), (0.034, 0.12))
    brush.polygon(trunk.place_all(shirt), palette.white)
    brush.line(trunk.place_all(((0.045, 0.04), (0.062, 0.34))), palette.tie, 0.014 * trunk.size)
    lapel = ((0.0, -0.06), (0.036, 0.1), (0.056, 0.44), (0.016, 0.2))
    brush.polygon(trunk.place_all(lapel), palette.top_shade)


def _trim_dress(brush: Brush, trunk: Trunk, palette: Palette) -> None:
    build = trunk.figure.build
    if trunk.profile:
        belt = ((-0.05, 0.64), (0.052, 0.64), (0.054, 0.74), (-0.052, 0.74))
    else:
        wide = build.hip_wide + (0.004 if build.shoulder_wide == 0.092 else 0.014)
        belt = ((-wide, 0.64), (wide, 0.64), (wide, 0.74), (-wide, 0.74))
        neck = ((-0.045, -0.07), (0.045, -0.07), (0.026, 0.13), (-0.026, 0.13))
        brush.polygon(trunk.place_all(neck), palette.skin)
    brush.polygon(trunk.place_all(belt), palette.top_mark)


def _trim_buttons(brush: Brush, trunk: Trunk, top: str, palette: Palette) -> None:
    """A collar and a row of buttons: four on a shirt, large ones down to the hem on a coat."""
    coat = top == "coat"
    x = 0.038 if trunk.profile else 0.022 * coat
    collar = 0.055 if coat else 0.04
    if trunk.profile:
        points = ((-0.03, -0.1), (0.036, -0.1), (0.062, 0.14), (0.01, 0.08))
        brush.polygon(trunk.place_all(points), palette.top_shade if coat else palette.top_mark)
    else:
        for side in (-1, 1):
            points = (
                (0.0, 0.0),
                (side * collar, -0.1),
                (side * (collar + 0.014), 0.1),
                (side * 0.02, 0.2),
            )
            brush.polygon(trunk.place_all(points), palette.top_shade if coat else palette.top_mark)
        seam = trunk.place_all(((0.0, 0.1), (0.0, 1.3 if coat else 1.06)))
        brush.line(seam, palette.top_shade, 0.008 * trunk.size)
    for down in (0.34, 0.62, 0.9, 1.18) if coat else (0.3, 0.52, 0.74, 0.96):
        brush.disc(*trunk.place(x, down), (0.012 if coat else 0.007) * trunk.size, palette.top_mark)


def _wrap(spots: list[Spot]) -> list[Spot]:
    """The convex hull of spots (monotone chain)."""
    spots = sorted(set(spots))
    hull: list[Spot] = []
    for way in (spots, spots[::-1]):
        start = len(hull)
        for spot in way:
            while len(hull) - start >= 2 and _turns_right(hull[-2], hull[-1], spot):
                hull.pop()
            hull.append(spot)
        hull.pop()
    return hull


def _turns_right(a: Spot, b: Spot, c: Spot) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0
