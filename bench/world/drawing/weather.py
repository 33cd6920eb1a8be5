"""What falls or flies through the air in front of everything: snow, rain, leaves, petals, gnats.

Knows nothing of places beyond whether they lie outdoors.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb
from bench.world.drawing.sky import find_air
from bench.world.plan import HEIGHT, Setting, Window

# How fast each falls, in heights of the picture a second.
SPEEDS = MappingProxyType({"snow": 0.11, "rain": 1.5, "leaf": 0.13, "petal": 0.09, "gnat": 0.0})
COUNTS = MappingProxyType({"snow": 60, "rain": 46, "leaf": 14, "petal": 14, "gnat": 5})
SHAPES = MappingProxyType(  # width, height in px of a frame 180 px high
    {"snow": (2, 2), "rain": (1, 6), "leaf": (3, 2), "petal": (2, 2), "gnat": (1, 1)}
)
COLOURS: Mapping[str, tuple[Rgb, ...]] = MappingProxyType(
    {
        "snow": ((250, 252, 255),),
        "rain": ((206, 218, 230),),
        "leaf": ((206, 112, 40), (178, 84, 40), (222, 166, 60)),
        "petal": ((255, 226, 236), (255, 244, 248)),
        "gnat": ((252, 246, 200),),
    }
)


def find_weather(setting: Setting) -> str | None:
    """The kind of weather outdoors, None indoors."""
    if setting.season is None or setting.time is None:
        return None
    wet = Dice("weather", setting.place, setting.variant).happens(0.25)
    if setting.place == "desert" and setting.season in ("spring", "autumn"):
        return None
    return {"winter": "snow", "autumn": "rain" if wet else "leaf", "spring": "petal",
            "summer": "gnat"}[setting.season]  # fmt: skip


def draw_weather(
    pixels: NDArray[np.uint8], setting: Setting, second: float, window: Window
) -> None:
    """Lay the weather over a finished (h, w, 3) picture, in place; nothing indoors."""
    kind = find_weather(setting)
    if kind is None:
        return
    height, width = pixels.shape[:2]
    grain = max(1, round(height / HEIGHT))
    drops = _drops(kind, setting.place, setting.variant)  # (n, 4): x, y, pace, sway
    sway = np.sin(second * (1.0 + drops[:, 3]) + drops[:, 3] * 40)
    speed = SPEEDS[kind] * (0.7 + 0.6 * drops[:, 2])
    # The drops hang nearer to the camera than the stage, so that they pass by faster.
    x = drops[:, 0] + 0.02 * sway - window.x / 9 - (0.05 * second if kind == "leaf" else 0.0)
    y = drops[:, 1] + speed * second - window.y / 9 + (0.02 * sway if kind == "gnat" else 0.0)
    columns, rows = (x % 1.0) * (width + 8) - 4, (y % 1.0) * (height + 8) - 4
    colours = np.array(COLOURS[kind], np.float32)[np.arange(len(drops)) % len(COLOURS[kind])]
    colours = colours * np.array(find_air(setting).light, np.float32) * 0.75 + colours * 0.25
    _dab(pixels, (columns, rows), np.minimum(colours, 255), _shape(kind, grain))


@lru_cache(maxsize=64)
def _drops(kind: str, place: str, variant: int) -> NDArray[np.float64]:
    dice = Dice("drops", kind, place, variant)
    return np.array([[dice.share() for _ in range(4)] for _ in range(COUNTS[kind])])


@lru_cache(maxsize=16)
def _shape(kind: str, grain: int) -> NDArray[np.int64]:
    """The pixels of one drop as (k, 2) steps right and down."""
    wide, high = SHAPES[kind]
    down, right = np.mgrid[0 : high * grain, 0 : wide * grain]
    return np.stack([right.ravel(), down.ravel()], axis=1)


def _dab(
    pixels: NDArray[np.uint8],
    at: tuple[NDArray[np.float64], NDArray[np.float64]],
    colours: NDArray[np.float32],
    shape: NDArray[np.int64],
) -> None:
    height, width = pixels.shape[:2]
    columns = (at[0].astype(np.int64)[:, None] + shape[:, 0]).ravel()  # (n * k,)
    rows = (at[1].astype(np.int64)[:, None] + shape[:, 1]).ravel()
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    columns, rows = columns[inside], rows[inside]
    fresh = np.repeat(colours, len(shape), axis=0)[inside]
    pixels[rows, columns] = (0.25 * pixels[rows, columns] + 0.75 * fresh).astype(np.uint8)
