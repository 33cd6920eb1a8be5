"""The desert.

Knows nothing of people and things; what stands here is scenery in muted colours.
"""

from types import MappingProxyType

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_outdoors_scenery import raise_hills, strew_season
from bench.world.drawing.places_scene import SNOW, Scene
from bench.world.plan import HORIZON, STAGE_WIDTH

SANDS = MappingProxyType(
    {"summer": (232, 178, 104), "autumn": (212, 160, 108), "winter": (218, 190, 158)}
)


def paint_desert(scene: Scene) -> None:
    """Dunes, table mountains, cacti, stones; frosted in winter, in bloom in spring."""
    sand = SANDS.get(scene.setting.season or "", (230, 188, 126))
    for number in range(3):
        _mesa(scene.away(0.42), scene.roll("mesa", number), number * 6.5)
    dunes = scene.away(0.2)
    edge = raise_hills(dunes, HORIZON + 0.3, 1.5, light(sand, 0.94), scene.roll("dunes"), 0.5)
    if scene.is_snowy:
        dunes.polygon([*edge, *((x, y + 0.22) for x, y in reversed(edge))], SNOW)
    scene.ground(light(sand, 0.96), sand)
    for number in range(4):
        _dune(scene, scene.roll("near", number), 6.9 + number * 1.1, sand)
    for x, y, size, dice in scene.strew("ripples", 34, 7.0):
        long = dice.between(0.5, 1.2) * size
        points = [(x, y), (x + long / 2, y - 0.07 * size), (x + long, y)]
        scene.line(points, light(sand, 0.86), 0.05)
    for x, y, size, dice in scene.strew("stones", 24, 6.8):
        s = size * dice.between(0.08, 0.24)
        scene.oval(x, y, s, 0.6 * s, light((176, 138, 104), dice.between(0.8, 1.1)))
    dice = scene.roll("cacti")
    for number in range(7):
        x = (number + dice.between(0.15, 0.85)) * STAGE_WIDTH / 7
        _cactus(scene, x, dice.between(6.5, 7.3), dice.between(1.4, 3.0), dice)
    for x, y, size, dice in scene.strew("scrub", 10, 6.8):
        _scrub(scene, x, y, size * dice.between(0.3, 0.5))
    strew_season(scene, 6.9, 26)


def _mesa(scene: Scene, dice: Dice, left: float) -> None:
    x, wide, top = left + dice.between(0, 2.5), dice.between(2.0, 3.6), dice.between(2.6, 3.9)
    rock = (186, 112, 82)
    foot = HORIZON + 0.2
    outline = [(x - 0.9, foot), (x, top + 1.0), (x + 0.1, top), (x + wide, top + 0.1),
               (x + wide + 0.15, top + 1.1), (x + wide + 1.1, foot)]  # fmt: skip
    scene.polygon(outline, rock)
    for share in (0.35, 0.7):
        y = top + 1.0 * share
        scene.box(x + 0.1, y, x + wide, y + 0.13, light(rock, 0.86))
    if scene.is_snowy:
        scene.box(x + 0.1, top, x + wide, top + 0.2, SNOW)


def _dune(scene: Scene, dice: Dice, y: float, sand: Rgb) -> None:
    x, wide = dice.between(0, STAGE_WIDTH), dice.between(3.5, 6.0)
    crest = (x, y - 0.5)
    scene.polygon([(x - wide, y), (x - wide / 2, y - 0.15), crest, (x + wide * 0.4, y + 0.1)],
                  mix(sand, (255, 236, 190), 0.35))  # fmt: skip
    scene.polygon([crest, (x + wide * 0.3, y - 0.2), (x + wide, y + 0.1),
                   (x + wide * 0.3, y + 0.1)],
                  light(sand, 0.85))  # fmt: skip


def _cactus(scene: Scene, x: float, y: float, height: float, dice: Dice) -> None:
    green, w = (98, 136, 88), 0.13 * height
    top = y - height
    scene.oval(x + 0.2, y, 0.5, 0.08, (170, 132, 90))
    for side in (-1, 1):
        low, rise = y - height * dice.between(0.35, 0.55), height * dice.between(0.22, 0.36)
        ax = x + side * 2.1 * w
        scene.line([(x, low), (ax, low), (ax, low - rise)], green, 0.75 * w)
    scene.line([(x, y - 0.1 * w), (x, top)], green, w)
    scene.line([(x + 0.22 * w, y - 0.2 * w), (x + 0.22 * w, top)], light(green, 0.82), 0.28 * w)
    if scene.setting.season == "spring":
        for dx, dy in ((0, -0.4 * w), (-0.3 * w, 0), (0.3 * w, 0)):
            scene.disc(x + dx, top + dy, 0.32 * w, (246, 190, 206))
    elif scene.is_snowy:
        scene.oval(x, top - 0.3 * w, 0.5 * w, 0.28 * w, SNOW)


def _scrub(scene: Scene, x: float, y: float, size: float) -> None:
    colour = {"spring": (146, 166, 96), "winter": (170, 160, 148)}.get(
        scene.setting.season or "", (158, 130, 84)
    )
    for dx, dy in ((-1.0, 0.7), (-0.5, 1.1), (0.0, 1.25), (0.5, 1.1), (1.0, 0.7)):
        scene.line([(x, y), (x + dx * size, y - dy * size)], colour, 0.06)
