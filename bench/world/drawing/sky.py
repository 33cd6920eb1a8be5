"""The sky over the stage and the light that falls from it, by time of day and season.

Knows nothing of places and of what stands in them.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from bench.world.dice import Dice
from bench.world.drawing.brush import Brush, Rgb, mix
from bench.world.plan import HORIZON, STAGE_WIDTH, Setting

Tint: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True)
class Air:
    """What a time of day does: to colours near by (`tint`), far away (`haze`) and in the sky."""

    tint: Tint  # multiplies the colours of the place
    light: Tint  # multiplies the colours of people and things: gentler, so that they stay tellable
    haze: Rgb
    sky: tuple[Rgb, Rgb, Rgb]  # top, middle, at the horizon
    cloud: Rgb
    veil: float = 0.0  # how much of the haze lies over what is near, too
    dark: bool = False  # windows are lit


AIRS = MappingProxyType(
    {
        "daylight": Air(
            (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (208, 228, 240),
            ((86, 160, 228), (140, 196, 240), (212, 234, 246)), (250, 252, 255),
        ),
        "sunrise": Air(
            (1.1, 0.88, 0.92), (1.07, 0.95, 0.95), (255, 212, 190),
            ((142, 164, 220), (248, 188, 204), (255, 228, 160)), (255, 214, 214),
        ),
        "sunset": Air(
            (1.04, 0.78, 0.63), (1.07, 0.88, 0.76), (238, 138, 92),
            ((112, 78, 128), (228, 104, 78), (255, 178, 80)), (250, 142, 104),
        ),
        "twilight": Air(
            (0.66, 0.57, 0.86), (0.78, 0.71, 0.92), (146, 106, 170),
            ((54, 44, 110), (118, 80, 160), (214, 138, 182)), (146, 104, 174), 0.1, True,
        ),
        "night": Air(
            (0.36, 0.5, 0.82), (0.74, 0.76, 0.92), (28, 50, 112),
            ((8, 14, 44), (18, 28, 74), (42, 60, 116)), (40, 52, 98), 0.26, True,
        ),
    }
)  # fmt: skip
LAMPLIGHT = Air(
    (1.0, 1.0, 1.0), (1.0, 0.99, 0.96), (236, 236, 230),
    ((236, 240, 242), (236, 240, 242), (236, 240, 242)), (255, 255, 255),
)  # fmt: skip

# What a season does to the daylight sky: a colour and how much of it.
VEILS = MappingProxyType(
    {
        "spring": ((150, 214, 236), 0.15),
        "summer": ((40, 130, 222), 0.2),
        "autumn": ((204, 200, 186), 0.4),
        "winter": ((206, 214, 224), 0.6),
    }
)


# What a season does to all colours of a place, so that a close-up tells it too.
SEASON_TINTS = MappingProxyType(
    {
        "spring": (0.98, 1.02, 0.98),
        "summer": (1.03, 1.0, 0.93),
        "autumn": (1.0, 0.93, 0.83),
        "winter": (0.95, 0.99, 1.06),
    }
)


def find_air(setting: Setting) -> Air:
    """The air of a setting; lamplight indoors."""
    return LAMPLIGHT if setting.time is None else AIRS[setting.time]


def find_light(setting: Setting) -> Tint:
    """By how much people and things are lit, per channel, at most 1.1."""
    return find_air(setting).light


def paint_sky(brush: Brush, setting: Setting) -> None:
    """The sky down to the horizon, with what stands in it; nothing if none of it is in view."""
    if not brush.sees(0, 0, STAGE_WIDTH, HORIZON):
        return
    air = find_air(setting)
    veil, share = VEILS[setting.season or "summer"]
    share *= 0.3 if air.dark else 1.0 if setting.time == "daylight" else 0.35
    veil = mix(veil, (40, 40, 70), 0.7) if air.dark else veil
    top, middle, low = (mix(colour, veil, share) for colour in air.sky)
    brush.gradient(-4.0, 2.6, top, middle)
    brush.gradient(2.6, HORIZON + 1, middle, low)
    dice = Dice("sky", setting.place, setting.variant)
    if air.dark:
        _stars(brush, dice.split("stars"), 70 if setting.time == "night" else 18)
    _lights(brush, setting, dice.split("lights"))
    _clouds(brush, air, dice.split("clouds"), 3 if air.dark else 5)


def _stars(brush: Brush, dice: Dice, count: int) -> None:
    for _ in range(count):
        x, y, size = dice.between(0, STAGE_WIDTH), dice.between(0, 5.2), dice.between(0.02, 0.05)
        if brush.sees(x - size, y - size, x + size, y + size):
            brush.disc(x, y, size, (226, 230, 250))


def _lights(brush: Brush, setting: Setting, dice: Dice) -> None:
    """The sun low on the left in the morning, low on the right in the evening; or the moon."""
    shift = dice.between(-0.8, 0.8)
    if setting.time == "sunrise":
        _glow(brush, 3.2 + shift, 3.9, 5.0, (255, 244, 190))
        brush.disc(3.2 + shift, 3.9, 0.75, (255, 246, 206))
    elif setting.time == "sunset":
        _glow(brush, 16.6 + shift, 4.0, 6.0, (255, 190, 70))
        brush.disc(16.6 + shift, 4.0, 0.9, (255, 96, 48))
    elif setting.time == "daylight":
        _glow(brush, 12.0 + 4 * shift, 1.0, 3.0, (255, 250, 220))
        brush.disc(12.0 + 4 * shift, 1.0, 0.5, (255, 248, 208))
    elif setting.time == "night":
        _glow(brush, 14.5 + 2 * shift, 1.7, 2.6, (120, 140, 200))
        brush.disc(14.5 + 2 * shift, 1.7, 0.55, (240, 240, 222))
        brush.disc(14.35 + 2 * shift, 1.6, 0.12, (222, 222, 206))
        brush.disc(14.7 + 2 * shift, 1.9, 0.08, (222, 222, 206))


def _glow(brush: Brush, x: float, y: float, radius: float, colour: Rgb) -> None:
    """Light that fades with the square of the distance from its middle."""
    height, width = brush.pixels.shape[:2]
    x0 = max(0, int((x - radius - brush.left) * brush.scale))
    x1 = min(width, int((x + radius - brush.left) * brush.scale) + 1)
    y0 = max(0, int((y - radius - brush.top) * brush.scale))
    y1 = min(height, int((y + radius - brush.top) * brush.scale) + 1)
    if x0 >= x1 or y0 >= y1:
        return
    across = (brush.left + (np.arange(x0, x1, dtype=np.float32) + 0.5) / brush.scale - x) / radius
    down = (brush.top + (np.arange(y0, y1, dtype=np.float32) + 0.5) / brush.scale - y) / radius
    near = np.maximum(0, 1 - across[None, :] ** 2 - down[:, None] ** 2)  # (rows, columns)
    share = (0.75 * near * near)[:, :, None].astype(np.float32)
    part = brush.pixels[y0:y1, x0:x1]
    mixed = part + (np.array(colour, np.float32) - part) * share
    brush.pixels[y0:y1, x0:x1] = mixed.astype(np.uint8)


def _clouds(brush: Brush, air: Air, dice: Dice, count: int) -> None:
    for number in range(count):
        x = (number + dice.share()) * STAGE_WIDTH / count
        y, size = dice.between(0.5, 3.4), dice.between(0.5, 1.0)
        if not brush.sees(x - 2 * size, y - size, x + 2 * size, y + size):
            continue
        under = mix(air.cloud, air.sky[1], 0.45)
        for dx, dy, rx, ry, colour in (
            (0.0, 0.1, 1.6, 0.3, under), (-0.6, -0.1, 0.7, 0.36, air.cloud),
            (0.1, -0.25, 0.8, 0.46, air.cloud), (0.8, -0.05, 0.7, 0.32, air.cloud),
        ):  # fmt: skip
            brush.oval(x + dx * size, y + dy * size, rx * size, ry * size, colour)
