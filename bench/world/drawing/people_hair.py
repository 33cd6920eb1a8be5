"""Hair: what lies behind the face and what lies over it, from front, side and back.

Knows nothing of faces.
"""

from bench.world.drawing.brush import light
from bench.world.drawing.people_colours import Palette
from bench.world.drawing.people_outlines import (
    smooth,
    trace_cap,
    trace_dome,
    trace_ring,
    trace_side_hair,
)  # fmt: skip
from bench.world.drawing.people_pen import HeadPen
from bench.world.plan import Look

HAT_Y = -0.5  # a hat hides what is above
_LOW = {"long": 1.75, "bob": 0.86}  # how far loose hair falls


def draw_hair_behind(pen: HeadPen, look: Look, wide: float, palette: Palette) -> None:
    """What of the hair is seen past a face from the front."""
    style = look.hair
    if style in _LOW:
        low = _LOW[style]
        pen.polygon(_trace_fall(wide, low), palette.hair_shade)
    elif style == "ponytail":
        out = wide + 0.02
        tail = ((out - 0.5, -0.9), (out + 0.1, -0.95), (out + 0.34, -0.3), (out + 0.3, 0.6),
                (out + 0.14, 1.3), (out + 0.04, 0.6), (out - 0.1, -0.2))  # fmt: skip
        pen.polygon(smooth(tail), palette.hair)
    elif style == "bun" and look.hat == "none":
        pen.disc(0.0, -1.22, 0.36, palette.hair)
        pen.disc(0.0, -1.18, 0.2, palette.hair_shade)
    elif style == "curly":
        pen.polygon(_trace_curls(look, wide), palette.hair)


def draw_hair_before(pen: HeadPen, look: Look, wide: float, palette: Palette) -> None:
    """What of the hair lies over a face from the front."""
    style = _tame(look)
    if style == "bald":
        if pen.px > 14 and look.hat == "none":
            pen.oval(-0.3 * wide, -0.66, 0.2, 0.09, light(palette.skin, 1.12))
        return
    if style == "spiky":
        spikes = tuple(
            (x, y) for x, y in trace_ring(wide + 0.06, 1.1, 16, 0.34, sharp=True) if y < 0.01
        )
        pen.polygon(spikes, palette.hair)
        line: tuple[tuple[float, float], ...] = (
            (-wide + 0.16, -0.3), (-0.5 * wide, -0.62), (-0.3 * wide, -0.4), (0.0, -0.62),
            (0.3 * wide, -0.4), (0.5 * wide, -0.62), (wide - 0.16, -0.3),
        )  # fmt: skip
        pen.polygon(trace_cap(wide, 1.1, -0.1, line), palette.hair)
        return
    low, top, line = _find_fringe(style, look.gender, wide)
    pen.polygon(trace_cap(wide, top, low, line), palette.hair)
    if pen.px > 30 and style in ("short", "long", "ponytail", "bun"):
        part = ((0.32 * wide, -0.64), (0.1 * wide, -1.0))
        pen.line(part, palette.hair_shade, 0.035)


def draw_hair_aside(pen: HeadPen, look: Look, palette: Palette) -> None:
    """Hair from the side, over the face of a profile; the ear comes after it."""
    style = _tame(look)
    if style == "bald":
        return
    colour, shade = palette.hair, palette.hair_shade
    if style == "curly":
        top = HAT_Y if look.hat != "none" else -2.0
        ring = trace_ring(0.76, 0.86, 12, 0.2)
        pen.polygon([(x - 0.3, max(top, y - 0.38)) for x, y in ring], colour)
        return
    if style == "ponytail":
        tail = ((-0.7, -0.85), (-1.2, -0.9), (-1.56, -0.3), (-1.5, 0.6), (-1.3, 1.35),
                (-1.24, 0.5), (-1.1, -0.2), (-0.8, -0.4))  # fmt: skip
        pen.polygon(smooth(tail), shade)
        pen.disc(-0.92, -0.62, 0.14, palette.top_mark)
    elif style == "bun" and look.hat == "none":
        pen.disc(-0.5, -1.2, 0.36, colour)
        pen.disc(-0.5, -1.18, 0.2, shade)
    elif style == "spiky":
        ring = trace_ring(0.9, 1.08, 14, 0.32, sharp=True)
        pen.polygon([(x - 0.06, y) for x, y in ring if y < 0.7 - 1.3 * (x + 0.9)], colour)
    loose = {"long": (0.24, 1.75, 0.12), "bob": (0.22, 0.86, 0.34)}
    outline = trace_side_hair(*loose.get(style, (0.06, 0.5, -0.3)))
    if look.hat != "none":
        outline = tuple((x, y) for x, y in outline if y > HAT_Y)
    pen.polygon(outline, colour)


def draw_hair_from_behind(pen: HeadPen, look: Look, wide: float, palette: Palette) -> None:
    """The back of a head; ears and skull of the bald are there already."""
    style = _tame(look)
    colour, shade = palette.hair, palette.hair_shade
    if style == "bald":
        return
    if style in _LOW:
        pen.polygon(_trace_fall(wide, _LOW[style]), colour)
        return
    if style == "curly":
        pen.polygon(_trace_curls(look, wide), colour)
        return
    if style == "spiky":
        pen.polygon(trace_ring(wide + 0.02, 1.06, 16, 0.34, sharp=True), colour)
    nape = ((-0.8 * wide, 0.62), (-0.4 * wide, 0.74), (0.4 * wide, 0.74), (0.8 * wide, 0.62))
    pen.polygon(trace_cap(wide - 0.02, 1.14, 0.2, nape), colour)
    if style == "ponytail":
        tail = ((-0.2, -0.7), (0.2, -0.7), (0.32, 0.3), (0.2, 1.0), (0.0, 1.4), (-0.2, 1.0),
                (-0.32, 0.3))  # fmt: skip
        pen.polygon(smooth(tail), shade)
        pen.disc(0.0, -0.6, 0.16, palette.top_mark)
    elif style == "bun" and look.hat == "none":
        pen.disc(0.0, -1.2, 0.36, colour)
        pen.disc(0.0, -1.18, 0.2, shade)


def _tame(look: Look) -> str:
    """The style as a hat leaves it."""
    return "short" if look.hat != "none" and look.hair == "spiky" else look.hair


def _find_fringe(
    style: str, gender: str, wide: float
) -> tuple[float, float, tuple[tuple[float, float], ...]]:
    """Down to where the hair lies, how high it is, and its line on the forehead, from the left."""
    if style == "bob":
        return 0.8, 1.18, ((-wide + 0.2, -0.2), (-wide + 0.24, -0.36), (wide - 0.24, -0.36),
                           (wide - 0.2, -0.2))  # fmt: skip
    if style == "long":
        return 0.75, 1.18, ((-wide + 0.14, -0.1), (-0.5 * wide, -0.42), (0.3 * wide, -0.74),
                            (0.7 * wide, -0.5), (wide - 0.14, -0.1))  # fmt: skip
    if style == "curly":
        return (
            -0.05,
            1.12,
            tuple(
                (wide * x, -0.42 - (0.1 if step % 2 else 0.0))
                for step, x in enumerate((-0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8))
            ),
        )
    if style in ("ponytail", "bun"):
        return -0.05, 1.12, ((-0.75 * wide, -0.46), (-0.3 * wide, -0.66), (0.3 * wide, -0.66),
                             (0.75 * wide, -0.46))  # fmt: skip
    low = 0.08 if gender in ("man", "boy") else 0.2
    return low, 1.15, ((-wide + 0.16, -0.34), (-0.66 * wide, -0.5), (0.34 * wide, -0.64),
                       (0.6 * wide, -0.46), (wide - 0.16, -0.34))  # fmt: skip


def _trace_curls(look: Look, wide: float) -> list[tuple[float, float]]:
    top = HAT_Y if look.hat != "none" else -2.0
    return [(x, max(top, y)) for x, y in trace_ring(wide + 0.14, 1.16, 13, 0.17)]


def _trace_fall(wide: float, low: float) -> tuple[tuple[float, float], ...]:
    """Loose hair around a head, down to `low`."""
    out = wide + 0.26
    dome = trace_dome(out - 0.06, 1.17, -0.1)
    left = ((-out, low * 0.6), (-out + 0.02, low), (-out + 0.4, low + 0.08))
    right = ((out - 0.4, low + 0.08), (out - 0.02, low), (out, low * 0.6))
    return (*dome, *left, *right, (out, 0.2), (out - 0.02, 0.0))
