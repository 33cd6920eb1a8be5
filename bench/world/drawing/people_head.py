"""Heads: the same face for a look in every pose, from front, side and back.

Knows nothing of bodies. Small heads leave out what would be smaller than a pixel.
"""

from bench.world.drawing.brush import Brush
from bench.world.drawing.people_colours import Palette
from bench.world.drawing.people_hair import (
    draw_hair_aside,
    draw_hair_before,
    draw_hair_behind,
    draw_hair_from_behind,
)  # fmt: skip
from bench.world.drawing.people_hats import (
    EYE_OUT,
    EYE_Y,
    draw_glasses,
    draw_glasses_aside,
    draw_hat,
)  # fmt: skip
from bench.world.drawing.people_outlines import smooth, trace_face, trace_profile
from bench.world.drawing.people_pen import HeadPen
from bench.world.figure import Figure
from bench.world.plan import Look

FINE_PX, LARGE_PX = 9, 26  # half a head's height from which more is drawn


def draw_head(brush: Brush, figure: Figure, look: Look, palette: Palette) -> None:
    """A head with its hair and hat; loose hair that hangs behind the shoulders is not drawn."""
    build = figure.build
    wide = build.head_wide / build.head_high
    forward = figure.forward if figure.view in ("left", "right") else 1
    pen = HeadPen(brush, figure.joints.head, build.head_high * figure.height, forward)
    if figure.view == "front":
        _draw_front(pen, look, wide, figure.mouth, palette)
    elif figure.view == "back":
        _draw_ears(pen, wide, palette)
        pen.polygon(trace_face(look.face, wide), palette.skin)
        draw_hair_from_behind(pen, look, wide, palette)
    else:
        _draw_side(pen, look, figure.mouth, palette)
    draw_hat(pen, look.hat, wide, figure.view, palette)


def draw_loose_hair(brush: Brush, figure: Figure, look: Look, palette: Palette) -> None:
    """What of the hair hangs behind the body, seen from the front; to be drawn before it."""
    if figure.view == "front":
        build = figure.build
        pen = HeadPen(brush, figure.joints.head, build.head_high * figure.height, 1)
        draw_hair_behind(pen, look, build.head_wide / build.head_high, palette)


def _draw_front(pen: HeadPen, look: Look, wide: float, mouth: float, palette: Palette) -> None:
    if look.hair not in ("long", "bob"):
        _draw_ears(pen, wide, palette)
    pen.polygon(trace_face(look.face, wide), palette.skin)
    if pen.px > LARGE_PX:
        for side in (-1, 1):
            pen.oval(side * 0.58 * wide, 0.36, 0.2, 0.13, palette.blush)
    if look.beard == "full":
        pen.polygon(_trace_beard(look.face, wide), palette.hair)
    _draw_mouth(pen, look, mouth, palette)
    if pen.px > FINE_PX:
        nose = ((-0.03, 0.1), (0.1, 0.27), (-0.07, 0.3))
        pen.line(nose, palette.shade, 0.07)
    if look.beard != "none":
        pen.polygon(smooth(_MOUSTACHE, 1), palette.hair_shade)
    _draw_eyes(pen, look, EYE_OUT * max(wide, 0.8), palette)
    draw_hair_before(pen, look, wide, palette)
    draw_glasses(pen, look.glasses, wide, palette)


def _draw_eyes(pen: HeadPen, look: Look, spread: float, palette: Palette) -> None:
    for side in (-1, 1):
        if look.glasses != "dark":
            _draw_eye(pen, side * spread, look, side, palette)
        _draw_brow(pen, side * spread, look, side, palette)


def _draw_side(pen: HeadPen, look: Look, mouth: float, palette: Palette) -> None:
    outline = trace_profile(look.face)
    pen.polygon(outline, palette.skin)
    if look.beard == "full":
        pen.polygon(_SIDE_BEARD, palette.hair)
    _draw_mouth_aside(pen, look, mouth, palette)
    if look.beard != "none":
        pen.polygon(smooth(_SIDE_MOUSTACHE, 1), palette.hair_shade)
    if pen.px > LARGE_PX:
        pen.oval(0.42, 0.38, 0.16, 0.12, palette.blush)
        pen.line(((0.92, 0.3), (0.86, 0.34)), palette.shade, 0.06)
    if look.glasses != "dark":
        _draw_eye(pen, 0.56, look, 1, palette)
    _draw_brow(pen, 0.58, look, 1, palette)
    draw_hair_aside(pen, look, palette)
    if look.hair not in ("long", "bob"):
        pen.oval(-0.12, 0.12, 0.15, 0.23, palette.shade)
        pen.oval(-0.1, 0.12, 0.1, 0.17, palette.skin)
    draw_glasses_aside(pen, look.glasses, palette)


def _draw_ears(pen: HeadPen, wide: float, palette: Palette) -> None:
    for side in (-1, 1):
        pen.oval(side * wide, 0.1, 0.14, 0.22, palette.skin)
        if pen.px > LARGE_PX:
            pen.oval(side * (wide + 0.03), 0.1, 0.07, 0.13, palette.shade)


def _draw_eye(pen: HeadPen, x: float, look: Look, side: int, palette: Palette) -> None:
    """One eye; `side` is the direction of its outer corner."""
    child = look.gender in ("boy", "girl")
    size = 1.14 if child else 1.0
    if pen.px <= FINE_PX:
        pen.disc(x, EYE_Y, 0.13, palette.black)
        return
    rx, ry = 0.2 * size, 0.21 * size
    pen.oval(x, EYE_Y, rx, ry, palette.white)
    pen.disc(x, EYE_Y + 0.01, 0.145 * size, palette.iris)
    pen.disc(x, EYE_Y + 0.01, 0.075 * size, palette.black)
    if pen.px > LARGE_PX:
        pen.disc(x - 0.05, EYE_Y - 0.05, 0.04, palette.white)
        lid = tuple((x + rx * 1.05 * dx, EYE_Y - ry * dy) for dx, dy in _LID)
        pen.line(lid, palette.black, 0.045)
    if look.gender in ("woman", "girl"):
        _draw_lashes(pen, (x, rx, ry), side, palette)


_LID = ((-1.0, 0.2), (-0.75, 0.7), (-0.3, 1.0), (0.3, 1.0), (0.75, 0.7), (1.0, 0.2))


def _draw_lashes(
    pen: HeadPen, eye: tuple[float, float, float], side: int, palette: Palette
) -> None:
    x, rx, ry = eye
    corner = x + side * rx * 0.8, EYE_Y - ry * 0.55
    pen.line((corner, (x + side * (rx + 0.13), EYE_Y - ry - 0.02)), palette.black, 0.06)
    if pen.px > LARGE_PX:
        pen.line((corner, (x + side * (rx + 0.14), EYE_Y - ry * 0.4)), palette.black, 0.045)


def _draw_brow(pen: HeadPen, x: float, look: Look, side: int, palette: Palette) -> None:
    if pen.px <= FINE_PX:
        return
    woman = look.gender in ("woman", "girl")
    thick = 0.06 if woman else 0.1
    high = EYE_Y - (0.37 if woman else 0.33)
    points = (
        (x - side * 0.17, high + 0.03),
        (x + side * 0.04, high - 0.05),
        (x + side * 0.23, high + 0.03),
    )
    pen.line(points, palette.brow, thick)


def _draw_mouth(pen: HeadPen, look: Look, open_: float, palette: Palette) -> None:
    if pen.px <= 5:
        return
    y, half = 0.56, 0.27
    if open_ > 0.12:
        deep = 0.06 + 0.2 * open_
        shape = (
            (-half, y - 0.04),
            (0.0, y - 0.02),
            (half, y - 0.04),
            (half * 0.6, y + deep),
            (-half * 0.6, y + deep),
        )
        pen.polygon(smooth(shape, 1), palette.mouth)
        if pen.px > LARGE_PX:
            teeth = (
                (-half * 0.7, y - 0.03),
                (half * 0.7, y - 0.03),
                (half * 0.6, y + 0.03),
                (-half * 0.6, y + 0.03),
            )
            pen.polygon(teeth, palette.white)
        if look.gender == "woman":
            pen.line(((-half, y - 0.03), (0.0, y - 0.03), (half, y - 0.03)), palette.lips, 0.06)
    elif look.gender == "woman" and pen.px > FINE_PX:
        pen.polygon(smooth(_LIPS, 1), palette.lips)
        if pen.px > LARGE_PX:
            pen.line(((-0.2, y), (0.0, y + 0.03), (0.2, y)), palette.mouth, 0.03)
    else:
        smile = ((-half, y - 0.04), (-0.13, y + 0.04), (0.13, y + 0.04), (half, y - 0.04))
        pen.line(smile, palette.lips if look.gender == "woman" else palette.mouth, 0.07)


_LIPS = (
    (-0.3, 0.55), (-0.1, 0.47), (0.0, 0.51), (0.1, 0.47), (0.3, 0.55), (0.12, 0.69), (-0.12, 0.69),
)  # fmt: skip
_MOUSTACHE = (
    (-0.4, 0.5), (-0.2, 0.34), (0.0, 0.38), (0.2, 0.34), (0.4, 0.5), (0.2, 0.49), (0.0, 0.46),
    (-0.2, 0.49),
)  # fmt: skip
_SIDE_MOUSTACHE = ((0.92, 0.38), (0.93, 0.48), (0.74, 0.52), (0.52, 0.56), (0.68, 0.38))
_SIDE_BEARD = (
    (0.84, 0.66), (0.84, 0.9), (0.7, 1.06), (0.4, 1.06), (0.0, 0.84), (-0.14, 0.5), (-0.06, 0.1),
    (0.1, 0.1), (0.2, 0.46), (0.56, 0.42), (0.9, 0.4), (0.86, 0.5), (0.64, 0.56),
)  # fmt: skip


def _draw_mouth_aside(pen: HeadPen, look: Look, open_: float, palette: Palette) -> None:
    if pen.px <= 5:
        return
    colour = palette.lips if look.gender == "woman" else palette.mouth
    if open_ > 0.12:
        deep = 0.05 + 0.14 * open_
        pen.polygon(
            ((0.56, 0.54), (0.87, 0.5), (0.84, 0.54 + deep), (0.64, 0.54 + deep)), palette.mouth
        )
    thick = 0.1 if look.gender == "woman" else 0.07
    pen.line(((0.56, 0.53), (0.7, 0.57), (0.82, 0.56)), colour, thick)


def _trace_beard(shape: str, wide: float) -> tuple[tuple[float, float], ...]:
    """A full beard: the lower face down from the ears, open around the mouth."""
    jaw = [(x * 1.03, y * 1.07) for x, y in trace_face(shape, wide) if y >= 0.12]
    jaw.sort(key=lambda spot: -spot[0])
    inner = (
        (-wide + 0.16, 0.2),
        (-0.5 * wide, 0.5),
        (-0.34, 0.4),
        (0.34, 0.4),
        (0.5 * wide, 0.5),
        (wide - 0.16, 0.2),
    )
    return (*jaw, *inner)
