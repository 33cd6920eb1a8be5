"""Outdoors places of trade: harbour and market.

Knows nothing of people and things; what stands here is scenery in muted colours.
"""

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_outdoors_scenery import (
    ROOFS,
    WALLS,
    build_roof,
    build_windows,
    find_growth,
    grow_ivy,
    grow_tufts,
    raise_hills,
    strew_season,
)
from bench.world.drawing.places_scene import LAMP, SNOW, Scene
from bench.world.plan import HORIZON, STAGE_HEIGHT, STAGE_WIDTH

CLOTHS = ((186, 124, 112), (126, 152, 140), (128, 144, 170), (196, 168, 112), (160, 132, 156))
FRUITS = ((196, 120, 96), (206, 166, 96), (138, 156, 96), (172, 110, 122), (214, 188, 130))
CREAM = (238, 232, 220)


def paint_harbour(scene: Scene) -> None:
    """Water between a far shore with cranes and a lighthouse, and a stone quay with bollards."""
    season, dice = scene.setting.season, scene.roll("harbour")
    raise_hills(scene.away(0.6), 5.3, 1.7, (120, 138, 140), scene.roll("coast"))
    _warehouses(scene.away(0.35), scene.roll("houses"))
    for number in range(3):
        _crane(scene.away(0.3), 2.5 + number * 6 + dice.between(-1, 1.5), 5.3, dice.choose((-1, 1)))
    water: Rgb = {
        "summer": (44, 112, 150),
        "winter": (108, 132, 146),
        "autumn": (84, 118, 134),
    }.get(season or "", (66, 132, 156))
    scene.away(0.14).rows(5.25, 7.2, mix(water, (190, 214, 220), 0.35), water)
    for _ in range(40):
        x, y = dice.between(0, STAGE_WIDTH), dice.between(5.4, 7.0)
        scene.line([(x, y), (x + 0.5 * (y - 4.6), y)], mix(water, (220, 236, 238), 0.5), 0.04)
    _lighthouse(scene, dice.choose((1.6, 18.2)), 5.9)
    for number in range(6):
        _mast(scene.away(0.25), 3.8 + number * 2.5 + dice.between(-0.6, 0.6), 5.85, dice)
    _mole(scene.away(0.15))
    _quay(scene, dice)
    grow_tufts(scene, 30, find_growth(scene).grass_near, 7.7)
    strew_season(scene, 7.6, 70)


def _warehouses(scene: Scene, dice: Dice) -> None:
    x = -0.5
    while x < STAGE_WIDTH:
        wide, top = dice.between(1.4, 2.6), dice.between(3.7, 4.5)
        build_roof(scene, x, x + wide, top, 0.45, dice.choose(ROOFS))
        scene.box(x, top, x + wide, 5.35, dice.choose(WALLS))
        build_windows(scene, (x, top, x + wide, 5.2), (3, 1), dice)
        x += wide + dice.between(0.1, 0.7)


def _crane(scene: Scene, x: float, y: float, side: int) -> None:
    steel = (110, 122, 136)
    for dx in (-0.5, 0.5):
        scene.line([(x + dx, y), (x + dx * 0.7, y - 3.0)], steel, 0.12)
    for number in range(4):
        low = y - 0.3 - number * 0.7
        scene.line([(x - 0.45, low), (x + 0.45, low - 0.7)], steel, 0.06)
    scene.line([(x - side * 1.0, y - 3.0), (x + side * 2.6, y - 3.4)], steel, 0.16)
    scene.line([(x, y - 3.0), (x, y - 4.0), (x + side * 2.6, y - 3.4)], steel, 0.07)
    scene.line([(x + side * 2.3, y - 3.4), (x + side * 2.3, y - 2.0)], steel, 0.05)
    scene.box(x + side * 2.3 - 0.3, y - 2.0, x + side * 2.3 + 0.3, y - 1.6, (158, 128, 112))


def _lighthouse(scene: Scene, x: float, y: float) -> None:
    scene.polygon([(x - 1.3, y + 0.4), (x - 0.8, y - 0.2), (x + 0.8, y - 0.2), (x + 1.3, y + 0.4)],
                  (132, 128, 126))  # fmt: skip
    for number in range(5):
        low, wide = y - 0.1 - number * 0.7, 0.52 - number * 0.055
        colour = (236, 232, 226) if number % 2 == 0 else (178, 112, 104)
        scene.polygon([(x - wide, low), (x - wide + 0.055, low - 0.7),
                       (x + wide - 0.055, low - 0.7),
                       (x + wide, low)], colour)  # fmt: skip
    top = y - 3.6
    scene.box(x - 0.4, top - 0.08, x + 0.4, top + 0.06, (92, 92, 98))
    lamp = scene.shining() if scene.air.dark else scene
    for long in (3.0, 5.0, 8.0) if scene.air.dark else ():
        for tip in (-long, long):
            beam = [
                (x, top - 0.3),
                (x + tip, top - 0.3 - 0.1 * long),
                (x + tip, top - 0.3 + 0.1 * long),
            ]
            scene.brush.glaze(beam, LAMP, 0.12)
    lamp.box(x - 0.2, top - 0.55, x + 0.2, top - 0.08, LAMP)
    scene.polygon([(x - 0.32, top - 0.5), (x, top - 0.95), (x + 0.32, top - 0.5)], (150, 96, 90))


def _mast(scene: Scene, x: float, y: float, dice: Dice) -> None:
    """A mast with rigging and a furled sail; the hull lies behind the mole."""
    wide, high, wood = dice.between(0.6, 0.9), dice.between(2.0, 3.0), (136, 116, 100)
    scene.line([(x - wide, y - 0.3), (x, y - high), (x + wide, y - 0.3)], light(wood, 0.9), 0.03)
    scene.line([(x, y), (x, y - high)], wood, 0.08)
    scene.line([(x, y - 0.6), (x + 0.9 * wide, y - 0.55)], CREAM, 0.16)
    flag = [(x, y - high), (x + 0.4, y - high + 0.1), (x, y - high + 0.2)]
    scene.polygon(flag, dice.choose(CLOTHS))


def _mole(scene: Scene) -> None:
    """A low wall of stones in the water."""
    stone: Rgb = (206, 212, 220) if scene.is_snowy else (158, 152, 146)
    scene.box(2.6, 5.55, 17.4, 5.95, light(stone, 0.85))
    scene.box(2.5, 5.5, 17.5, 5.62, stone)
    for number in range(22):
        scene.oval(2.8 + number * 0.69, 5.92, 0.4, 0.13, light(stone, 0.74 + 0.05 * (number % 3)))


def _quay(scene: Scene, dice: Dice) -> None:
    stone: Rgb = (214, 220, 228) if scene.is_snowy else (164, 158, 148)
    scene.rows(7.1, 7.6, (112, 106, 102), (128, 122, 116))
    scene.rows(7.45, STAGE_HEIGHT + 2, light(stone, 0.92), stone)
    scene.box(0, 7.05, STAGE_WIDTH, 7.5, light(stone, 0.72))
    scene.box(0, 7.05, STAGE_WIDTH, 7.16, light(stone, 1.06))
    for number in range(15):
        x = number * 1.5 + 0.4
        scene.line([(x, 7.16), (x, 7.5)], light(stone, 0.6), 0.03)
    for row, y in enumerate((8.2, 9.05, 10.05)):
        scene.line([(0, y), (STAGE_WIDTH, y)], light(stone, 0.86), 0.035)
        for number in range(11):
            x = number * 2.0 + row % 2
            scene.line([(x, y), (x - 0.15, y - 0.8)], light(stone, 0.88), 0.03)
    for number in range(6):
        _bollard(scene, 1.4 + number * 3.5 + dice.between(-0.4, 0.4), 7.45)
    x = dice.between(3, 16)
    for dx, dy, size in ((0, 0, 0.9), (0.95, 0, 0.8), (0.35, -0.9, 0.75)):
        _crate(scene, x + dx, 7.85 + dy, size)


def _bollard(scene: Scene, x: float, y: float) -> None:
    iron = (74, 76, 84)
    scene.box(x - 0.13, y - 0.5, x + 0.13, y, iron)
    scene.oval(x, y - 0.52, 0.22, 0.1, SNOW if scene.is_snowy else light(iron, 1.25))
    rope = [(x - 0.14, y - 0.25), (x - 0.9, y + 0.02), (x - 1.7, y - 0.25)]
    scene.line(rope, (196, 178, 142), 0.06)


def _crate(scene: Scene, x: float, y: float, size: float) -> None:
    wood = (164, 138, 108)
    scene.box(x, y - size, x + size, y, wood)
    for share in (0.0, 0.43, 0.86):
        top = y - size + share * size
        scene.box(x, top, x + size, top + 0.14 * size, light(wood, 0.84))
    scene.box(x, y - size, x + 0.1 * size, y, light(wood, 0.9))
    if scene.is_snowy:
        scene.box(x, y - size - 0.06, x + size, y - size + 0.03, SNOW)


def paint_market(scene: Scene) -> None:
    """Stalls with striped cloths and heaps of fruit, bunting, cobbles, the old town behind."""
    dice = scene.roll("market")
    _old_town(scene.away(0.32), scene.roll("town"))
    stone: Rgb = (224, 229, 236) if scene.is_snowy else (182, 170, 156)
    scene.ground(light(stone, 0.9), stone)
    _cobbles(scene, stone)
    cloths, shift = dice.shuffle(CLOTHS), dice.between(-0.8, 0.4)
    for number in range(5):
        _stall(scene, shift + number * 4.2 + dice.between(0, 0.5), cloths[number], dice)
    _bunting(scene, dice)
    strew_season(scene, 7.3, 70)


def _cobbles(scene: Scene, stone: Rgb) -> None:
    """Rows of round stones, each row over the one behind it."""
    y, row = 6.7, 0
    while y < STAGE_HEIGHT:
        gap = 0.4 + 0.075 * (y - HORIZON)
        high = 0.42 * gap
        if scene.brush.sees(0, y - high, STAGE_WIDTH, y + 1.2 * high):
            _cobble_row(scene, y, gap, row, light(stone, 0.94 + 0.03 * (row % 3)))
        y, row = y + 0.8 * high, row + 1


def _cobble_row(scene: Scene, y: float, gap: float, row: int, stone: Rgb) -> None:
    high = 0.42 * gap
    edge: list[tuple[float, float]] = []
    for number in range(int(STAGE_WIDTH / gap) + 2):
        x = (number - (row % 2) / 2) * gap
        if scene.brush.sees(x - gap, y - high, x + gap, y + 1.2 * high):
            edge += [(x - 0.5 * gap, y), (x - 0.36 * gap, y - 0.8 * high), (x, y - high),
                     (x + 0.36 * gap, y - 0.8 * high)]  # fmt: skip
    if not edge:
        return
    for lift, tone in ((0.0, light(stone, 0.88)), (0.12 * high, stone)):
        raised = [(px, py + lift) for px, py in edge]
        low = y + 1.2 * high
        scene.polygon([(edge[0][0], low), *raised, (edge[-1][0], low)], tone)


def _old_town(scene: Scene, dice: Dice) -> None:
    church = dice.between(3, 16)
    scene.box(church, 1.6, church + 1.2, HORIZON, (206, 194, 176))
    roof = SNOW if scene.is_snowy else (124, 128, 132)
    scene.polygon([(church - 0.1, 1.6), (church + 0.6, -0.1), (church + 1.3, 1.6)], roof)
    scene.box(church + 0.42, 2.0, church + 0.78, 2.8, (110, 104, 104))
    x = -0.6
    while x < STAGE_WIDTH:
        wide, eaves = dice.between(1.8, 2.8), dice.between(2.6, 3.6)
        scene.box(x, eaves, x + wide, HORIZON + 0.1, dice.choose(WALLS))
        roof = SNOW if scene.is_snowy else dice.choose(ROOFS)
        scene.polygon(
            [(x - 0.1, eaves), (x + wide / 2, eaves - 1.1), (x + wide + 0.1, eaves)], roof
        )
        build_windows(scene, (x, eaves + 0.1, x + wide, 5.0), (2, 2), dice)
        x += wide


def _stall(scene: Scene, x: float, cloth: Rgb, dice: Dice) -> None:
    """A stall 3.4 m wide: posts, striped roof, a counter with crates of fruit."""
    wide, y, parts = 3.4, 7.1, 9
    scene.box(x + 0.1, 4.6, x + wide - 0.1, y - 0.5, mix(cloth, (70, 60, 60), 0.55))
    for dx in (0.05, wide - 0.15):
        scene.box(x + dx, 4.4, x + dx + 0.1, y, (150, 128, 106))
    scene.box(x, 6.1, x + wide, y, (172, 146, 116))
    for number in range(6):
        scene.box(x + number * 0.58, 6.35, x + number * 0.58 + 0.04, y, (146, 122, 96))
    for crate in range(4):
        _fruit(scene, x + 0.1 + crate * 0.82, dice.choose(FRUITS))
    scene.box(x - 0.05, 6.2, x + wide + 0.05, 6.3, (140, 116, 92))
    grow_ivy(scene, (x, 6.36, x + wide, 6.38), dice, 0.13)
    for number in range(parts):
        left, step = x - 0.15 + number * (wide + 0.3) / parts, (wide + 0.3) / parts
        colour = cloth if number % 2 == 0 else CREAM
        lean = (number - parts / 2 + 0.5) * -0.06
        scene.polygon([(left - lean * 0.5 + 0.02, 3.85), (left + step - lean * 0.5, 3.85),
                       (left + step, 4.6), (left, 4.6)], colour)  # fmt: skip
        scene.oval(left + step / 2, 4.6, step / 2, 0.13, colour)
    if scene.is_snowy:
        scene.box(x - 0.05, 3.75, x + wide + 0.05, 3.98, SNOW)
    if scene.air.dark:
        for dx in (0.9, 2.5):
            scene.shining().disc(x + dx, 4.95, 0.13, LAMP)


def _fruit(scene: Scene, x: float, fruit: Rgb) -> None:
    """A crate of it."""
    for dx, dy in ((0.14, 0), (0.62, 0), (0.24, -0.14), (0.52, -0.13), (0.38, -0.25)):
        scene.disc(x + dx, 5.98 + dy, 0.14, light(fruit, 1 - 0.5 * dy))
    scene.box(x, 5.98, x + 0.76, 6.24, (190, 162, 128))


def _bunting(scene: Scene, dice: Dice) -> None:
    for start, y in ((0.0, 2.0), (6.5, 1.7), (13.5, 2.1)):
        points = [(start + k * 0.65, y + 0.9 - 0.04 * (k - 5) ** 2) for k in range(11)]
        scene.line(points, (120, 110, 104), 0.03)
        for px, py in points:
            flag = dice.choose((*CLOTHS, CREAM))
            scene.polygon([(px - 0.17, py), (px + 0.17, py), (px, py + 0.38)], flag)
