"""What is worn on a head: hats and glasses, from front, side and back. Knows nothing of faces."""

from bench.world.drawing.people_colours import Palette
from bench.world.drawing.people_outlines import smooth, trace_dome
from bench.world.drawing.people_pen import HeadPen

EYE_OUT = 0.4  # how far an eye is from the middle of a face, as a share of its half width
EYE_Y = 0.02


def draw_hat(pen: HeadPen, hat: str, wide: float, view: str, palette: Palette) -> None:
    """A hat on a head that is `wide` on each side of its middle."""
    if hat == "none":
        return
    side = view in ("left", "right")
    if side:
        wide = 0.86
    if hat == "cap":
        _draw_cap(pen, wide, view, palette)
    elif hat == "brimmed":
        _draw_brimmed(pen, wide, palette)
    else:
        _draw_beanie(pen, wide, palette)


def _draw_cap(pen: HeadPen, wide: float, view: str, palette: Palette) -> None:
    pen.polygon(trace_dome(wide + 0.1, 1.24, -0.4), palette.hat)
    if view == "front":
        visor = ((-wide - 0.02, -0.5), (-0.5 * wide, -0.62), (0.5 * wide, -0.62),
                 (wide + 0.02, -0.5), (0.8 * wide, -0.24), (-0.8 * wide, -0.24))  # fmt: skip
        pen.polygon(smooth(visor), palette.hat_shade)
    elif view == "back":
        pen.polygon(trace_dome(0.3, 0.62, -0.4), palette.hat_shade)
    else:
        visor = ((0.3, -0.6), (0.9, -0.56), (1.58, -0.36), (1.54, -0.26), (0.9, -0.32),
                 (0.3, -0.36))  # fmt: skip
        pen.polygon(smooth(visor, 1), palette.hat_shade)
    if pen.px > 12:
        pen.disc(0.0, -1.22, 0.07, palette.hat_shade)


def _draw_brimmed(pen: HeadPen, wide: float, palette: Palette) -> None:
    crown = ((-wide - 0.04, -0.4), (-0.82 * wide, -1.42), (-0.3 * wide, -1.5), (0.0, -1.42),
             (0.3 * wide, -1.5), (0.82 * wide, -1.42), (wide + 0.04, -0.4))  # fmt: skip
    pen.polygon(crown, palette.hat)
    band = (
        (-wide - 0.03, -0.52),
        (-0.96 * wide, -0.78),
        (0.96 * wide, -0.78),
        (wide + 0.03, -0.52),
    )
    pen.polygon(band, palette.black if palette.hat != palette.black else palette.white)
    pen.oval(0.0, -0.5, wide + 0.6, 0.15, palette.hat)


def _draw_beanie(pen: HeadPen, wide: float, palette: Palette) -> None:
    pen.disc(0.0, -1.36, 0.2, palette.hat_shade)
    pen.polygon(trace_dome(wide + 0.1, 1.3, -0.45), palette.hat)
    out = wide + 0.13
    band = ((-out, -0.66), (out, -0.66), (out - 0.02, -0.34), (-out + 0.02, -0.34))
    pen.polygon(band, palette.hat_shade)
    if pen.px > 14:
        for step in range(-3, 4):
            x = step * wide / 3.5
            pen.line(((x, -0.6), (x, -0.4)), palette.hat, 0.05)


def draw_glasses(pen: HeadPen, glasses: str, wide: float, palette: Palette) -> None:
    """Glasses from the front."""
    if glasses == "none":
        return
    x = EYE_OUT * max(wide, 0.8)
    rx = min(0.3, x - 0.05)
    for side in (-1, 1):
        _draw_lens(pen, glasses, (side * x, rx), palette)
        pen.line(((side * (x + rx), EYE_Y - 0.06), (side * wide, EYE_Y - 0.1)), palette.frame, 0.07)
    pen.line(((-x + rx, EYE_Y - 0.04), (x - rx, EYE_Y - 0.04)), palette.frame, 0.07)


def draw_glasses_aside(pen: HeadPen, glasses: str, palette: Palette) -> None:
    """Glasses from the side, one lens seen narrow."""
    if glasses == "none":
        return
    _draw_lens(pen, glasses, (0.6, 0.2), palette)
    pen.line(((0.4, EYE_Y - 0.06), (-0.2, EYE_Y - 0.08)), palette.frame, 0.07)


def _draw_lens(pen: HeadPen, glasses: str, at: tuple[float, float], palette: Palette) -> None:
    """One lens: its middle and half its width."""
    x, rx = at
    if glasses == "round":
        pen.ring(x, EYE_Y, rx, 0.29, palette.frame, 0.075)
        return
    high = 0.22 if glasses == "square" else 0.25
    corners = (
        (x - rx, EYE_Y - high), (x + rx, EYE_Y - high), (x + rx, EYE_Y + high),
        (x - rx, EYE_Y + high),
    )  # fmt: skip
    if glasses == "square":
        pen.line((*corners, corners[0]), palette.frame, 0.085)
    else:
        pen.polygon(smooth(corners, 1), palette.glass)
