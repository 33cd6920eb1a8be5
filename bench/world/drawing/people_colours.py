"""The colours a person is painted in, by its look, its clothes and the light of the hour.

Knows nothing of shapes.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from bench.world.drawing.brush import Rgb, light, mix
from bench.world.plan import Clothes, Look
from bench.world.words import COLOURS

SKIN_COLOURS: MappingProxyType[str, Rgb] = MappingProxyType(
    {
        "pale": (253, 229, 214),
        "light": (245, 202, 168),
        "tan": (224, 168, 118),
        "olive": (190, 150, 98),
        "brown": (146, 95, 62),
        "dark": (92, 57, 42),
    }
)
HAIR_TINTS: MappingProxyType[str, Rgb] = MappingProxyType(
    {
        "black": (32, 28, 32),
        "brown": (104, 62, 32),
        "blond": (240, 204, 96),
        "red": (196, 76, 24),
        "grey": (150, 152, 158),
        "white": (240, 240, 236),
    }
)
EYE_COLOURS: MappingProxyType[str, Rgb] = MappingProxyType(
    {
        "brown": (104, 60, 24),
        "blue": (44, 124, 226),
        "green": (44, 158, 84),
        "grey": (132, 144, 154),
    }
)


@dataclass(frozen=True)
class Palette:
    """Every colour of a person, in the light it stands in."""

    skin: Rgb
    shade: Rgb  # skin in shadow: nose, ears, neck
    blush: Rgb
    lips: Rgb
    mouth: Rgb
    hair: Rgb
    hair_shade: Rgb
    brow: Rgb
    iris: Rgb
    white: Rgb
    black: Rgb
    glass: Rgb
    frame: Rgb
    hat: Rgb
    hat_shade: Rgb
    top: Rgb
    top_shade: Rgb
    top_mark: Rgb  # buttons, stripes, what stands out against the top
    bottom: Rgb
    bottom_shade: Rgb
    shoe: Rgb
    tie: Rgb


@lru_cache(maxsize=512)
def mix_palette(look: Look, clothes: Clothes, shine: tuple[float, float, float]) -> Palette:
    """The colours of a person; `shine` is the light of the hour, a factor for each channel."""
    skin = SKIN_COLOURS[look.skin]
    hair = HAIR_TINTS[look.hair_colour]
    hat, top, bottom = (
        COLOURS[name] for name in (look.hat_colour, clothes.top_colour, clothes.bottom_colour)
    )
    lips = (196, 60, 74) if look.gender == "woman" else mix(skin, (150, 56, 56), 0.5)
    colours = (
        skin, mix(light(skin, 0.82), (150, 70, 40), 0.12), mix(skin, (236, 96, 96), 0.26), lips,
        (104, 28, 36), hair, _shade(hair), _darken_brow(hair, skin), EYE_COLOURS[look.eyes],
        (250, 250, 250), (26, 22, 26), (40, 44, 54), (52, 40, 40), hat, _shade(hat), top,
        _shade(top), _stand_out(top), bottom, _shade(bottom), (58, 44, 42), (96, 26, 40),
    )  # fmt: skip
    return Palette(*(lit(colour, shine) for colour in colours))


def lit(colour: Rgb, shine: tuple[float, float, float]) -> Rgb:
    """A colour in the light of the hour."""
    r, g, b = (min(255, round(part * factor)) for part, factor in zip(colour, shine, strict=True))
    return r, g, b


def _shade(colour: Rgb) -> Rgb:
    """The same in shadow; the black would not be seen to darken, so it lightens."""
    return light(colour, 0.8) if sum(colour) > 150 else mix(colour, (255, 255, 255), 0.16)


def _stand_out(colour: Rgb) -> Rgb:
    return mix(colour, (255, 255, 255), 0.75) if sum(colour) < 420 else light(colour, 0.45)


def _darken_brow(hair: Rgb, skin: Rgb) -> Rgb:
    brow = light(hair, 0.72)
    near = sum(abs(p - q) for p, q in zip(brow, skin, strict=True)) < 110
    return light(brow, 0.5) if near else brow
