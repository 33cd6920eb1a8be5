"""Outlines of heads, hair and hats, in halves of a head's height; y downwards, x to where it looks.

The middle of the skull is (0, 0), its top -1, the chin 1. Knows nothing of colours.
"""

from functools import lru_cache
from math import copysign, cos, pi, sin

from bench.world.figure import SKULL_BACK
from bench.world.poses import Spot

# How square the skull is (2: an ellipse) and how much it narrows to the chin.
_SHAPES = {"round": (2.0, 0.0), "oval": (2.1, 0.24), "square": (3.6, 0.04), "long": (2.7, 0.16)}


@lru_cache(maxsize=64)
def trace_face(shape: str, wide: float) -> tuple[Spot, ...]:
    """A face from the front."""
    power, taper = _SHAPES[shape]
    points = []
    for step in range(36):
        turn = 2 * pi * step / 36
        x, y = cos(turn), sin(turn)
        x, y = _raise(x, 2 / power), _raise(y, 2 / power)
        points.append((wide * x * (1 - taper * max(0.0, y) ** 1.5), y))
    return tuple(points)


_PROFILE = (
    (0.0, -1.0), (0.42, -0.95), (0.7, -0.72), (0.8, -0.4), (0.79, -0.1), (0.9, 0.06), (1.09, 0.26),
    (1.0, 0.36), (0.84, 0.36), (0.88, 0.5), (0.82, 0.56), (0.87, 0.64), (0.78, 0.73), (0.8, 0.86),
    (0.68, 1.01), (0.4, 1.0), (0.05, 0.8), (-0.22, 0.62), (-0.5, 0.66), (-0.8, 0.2),
    (-0.88, -0.25), (-0.74, -0.68), (-0.4, -0.95),
)  # fmt: skip


@lru_cache(maxsize=64)
def trace_profile(shape: str) -> tuple[Spot, ...]:
    """A face from the side."""
    jaw = {"round": 0.1, "oval": 0.0, "square": 0.16, "long": 0.0}[shape]
    chin = {"round": -0.04, "oval": 0.0, "square": 0.07, "long": 0.02}[shape]
    points = list(_PROFILE)
    for at in (13, 14):
        points[at] = points[at][0] + chin, points[at][1]
    for at in (15, 16, 17):
        points[at] = points[at][0] - jaw / 2, min(1.0, points[at][1] + jaw)
    return smooth(tuple(points), 1)


@lru_cache(maxsize=256)
def smooth(points: tuple[Spot, ...], rounds: int = 2) -> tuple[Spot, ...]:
    """A closed line with its corners cut, round after round (Chaikin 1974)."""
    for _ in range(rounds):
        cut: list[Spot] = []
        for (ax, ay), (bx, by) in zip(points, (*points[1:], points[0]), strict=True):
            cut.append((ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25))
            cut.append((ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75))
        points = tuple(cut)
    return points


@lru_cache(maxsize=256)
def trace_dome(wide: float, top: float, low: float) -> tuple[Spot, ...]:
    """The upper half of an ellipse, from (wide, low) over (0, -top) to (-wide, low)."""
    high = top + low
    return tuple(
        (wide * cos(pi * step / 14), low - high * sin(pi * step / 14)) for step in range(15)
    )


@lru_cache(maxsize=128)
def trace_cap(wide: float, top: float, low: float, line: tuple[Spot, ...]) -> tuple[Spot, ...]:
    """Hair that lies on a skull down to `low`; `line` is where it ends on the forehead."""
    dome = trace_dome(wide + 0.07, top, min(low, -0.1))
    ends = ((-wide - 0.07, low), (-wide + 0.1, low))
    return ((wide + 0.07, low), *dome, *ends, *line, (wide - 0.1, low))


@lru_cache(maxsize=128)
def trace_ring(
    wide: float, high: float, waves: int, depth: float, sharp: bool = False
) -> tuple[Spot, ...]:
    """A closed line around a head with `waves` curls, or spikes if `sharp`."""
    points = []
    count = waves * (2 if sharp else 6)
    for step in range(count):
        turn = 2 * pi * step / count
        out = (step % 2) if sharp else abs(sin(turn * waves / 2))
        scale = 1 + depth * out
        points.append((wide * scale * cos(turn), high * scale * sin(turn)))
    return tuple(points)


@lru_cache(maxsize=64)
def trace_side_hair(back: float, low: float, front: float) -> tuple[Spot, ...]:
    """Hair from the side: over the top, down the back to `low`, forward there as far as `front`."""
    return smooth(
        (
            (0.72, -0.66), (0.66, -0.98), (0.2, -1.2), (-0.5, -1.16), (-SKULL_BACK - back, -0.72),
            (-SKULL_BACK - back, 0.1), (-SKULL_BACK - back + 0.12, low), (front - 0.2, low),
            (front, low - 0.3), (0.06, 0.12), (0.14, -0.25), (0.3, -0.46), (0.7, -0.5),
        )
    )  # fmt: skip


def _raise(value: float, power: float) -> float:
    return copysign(float(abs(value) ** power), value)
