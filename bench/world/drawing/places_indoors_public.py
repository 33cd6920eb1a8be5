"""Rooms where guests, the sick and cars are served: restaurant, hospital, garage.

Knows nothing of people and things; the furniture here keeps to muted colours.
"""

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_indoors_room import (
    CEILING,
    WHITE,
    hang_ceiling_lamps,
    hang_pendants,
    hang_window,
    lay_tiles,
    raise_walls,
)
from bench.world.drawing.places_scene import Scene
from bench.world.plan import HORIZON, STAGE_HEIGHT, STAGE_WIDTH

STEEL = (176, 180, 186)


def paint_restaurant(scene: Scene) -> None:
    """A bar with bottles, laid tables with white cloths, hanging lamps, arched panels."""
    dice = scene.roll("restaurant")
    wall = dice.choose(((170, 116, 104), (128, 130, 112), (122, 112, 128), (168, 138, 108)))
    raise_walls(scene, wall, (110, 82, 66))
    scene.box(0, 5.0, STAGE_WIDTH, HORIZON, (124, 92, 72))
    scene.box(0, 4.94, STAGE_WIDTH, 5.06, (148, 112, 88))
    for number in range(20):
        scene.box(number * 1.02 + 0.12, 5.2, number * 1.02 + 0.9, 6.2, (136, 102, 80))
    lay_tiles(scene, (196, 172, 146), (160, 126, 104))
    bar = dice.choose((1.0, 6.4, 12.0))
    for number in range(7):
        x = 0.5 + number * 2.9
        if not bar - 2.2 < x < bar + 7.2:
            _arch(scene, x, light(wall, 0.82))
    _bar(scene, bar, scene.roll("bottles"))
    hang_pendants(scene, 7, (92, 84, 80), 2.5)
    for number in range(7):
        x = number * 3.0 + dice.between(0, 0.8)
        if not bar - 2.3 < x < bar + 6.4:
            _laid_table(scene, x, 7.1)


def _arch(scene: Scene, x: float, colour: Rgb) -> None:
    scene.oval(x + 1.0, 3.2, 0.8, 0.7, colour)
    scene.box(x + 0.2, 3.2, x + 1.8, 4.94, colour)
    scene.oval(x + 1.0, 3.9, 0.1, 0.16, (255, 232, 180))
    scene.box(x + 0.93, 4.0, x + 1.07, 4.3, (110, 92, 76))


def _bar(scene: Scene, x: float, dice: Dice) -> None:
    wood = (112, 82, 64)
    scene.box(x, 2.2, x + 6, 5.6, wood)
    for row in range(3):
        y = 3.2 + row * 0.9
        scene.box(x + 0.15, y - 0.8, x + 5.85, y, light(wood, 0.66))
        left = x + 0.3
        while left < x + 5.5:
            glass = dice.choose(((112, 132, 104), (150, 116, 84), (168, 176, 170), (122, 100, 104)))
            high = dice.between(0.5, 0.68)
            scene.box(left, y - 0.62 * high, left + 0.2, y, glass)
            scene.box(left + 0.06, y - high, left + 0.14, y - 0.55 * high, light(glass, 0.85))
            left += dice.between(0.3, 0.48)
        scene.box(x + 0.1, y, x + 5.9, y + 0.08, light(wood, 1.3))
    scene.box(x - 0.3, 5.4, x + 6.3, 6.95, light(wood, 0.92))
    for number in range(6):
        left = x - 0.1 + number * 1.05
        scene.box(left, 5.7, left + 0.9, 6.75, light(wood, 1.08))
    scene.box(x - 0.45, 5.25, x + 6.45, 5.48, (158, 124, 96))
    for number in range(4):
        left = x + 0.6 + number * 1.5
        scene.oval(left, 6.2, 0.34, 0.1, (150, 104, 90))
        scene.box(left - 0.05, 6.2, left + 0.05, 7.05, (96, 92, 90))
        scene.oval(left, 7.08, 0.26, 0.06, (96, 92, 90))


def _laid_table(scene: Scene, x: float, y: float) -> None:
    """A table under a white cloth with plates, glasses, a candle; two chairs."""
    cloth, wood = (238, 232, 222), (124, 94, 74)
    for left in (x - 0.45, x + 1.85):
        scene.box(left, y - 1.5, left + 0.5, y - 0.5, wood)
        scene.box(left + 0.08, y - 1.4, left + 0.42, y - 0.9, light(wood, 1.25))
        for dx in (0.02, 0.4):
            scene.box(left + dx, y - 0.6, left + dx + 0.08, y, light(wood, 0.8))
    scene.polygon(
        [(x, y - 0.95), (x + 1.9, y - 0.95), (x + 2.05, y - 0.15), (x - 0.15, y - 0.15)], cloth
    )
    for number in range(4):
        fold = x + 0.25 + number * 0.45
        scene.polygon(
            [(fold, y - 0.8), (fold + 0.14, y - 0.15), (fold - 0.06, y - 0.15)], light(cloth, 0.9)
        )
    scene.oval(x + 0.95, y - 0.95, 1.0, 0.17, light(cloth, 1.05))
    for dx in (0.42, 1.48):
        scene.oval(x + dx, y - 0.97, 0.26, 0.07, (206, 204, 202))
        scene.oval(x + dx, y - 0.98, 0.16, 0.04, WHITE)
    scene.box(x + 0.9, y - 1.3, x + 1.0, y - 0.98, (226, 216, 196))
    scene.oval(x + 0.95, y - 1.36, 0.05, 0.1, (255, 222, 140))


def paint_hospital(scene: Scene) -> None:
    """Sick-beds between pale curtains, drips, monitors with a heart line, a hand rail."""
    dice = scene.roll("hospital")
    wall = dice.choose(((214, 230, 228), (222, 230, 218), (218, 224, 234)))
    raise_walls(scene, wall, (196, 206, 206))
    scene.box(0, 4.6, STAGE_WIDTH, HORIZON - 0.2, mix(wall, (96, 158, 152), 0.6))
    scene.box(0, 4.5, STAGE_WIDTH, 4.66, (236, 240, 240))
    lay_tiles(scene, (208, 220, 220), (188, 206, 208))
    for y, band in ((8.0, (112, 172, 160)), (8.2, (214, 186, 120))):
        scene.box(0, y, STAGE_WIDTH, y + 0.13, band)
    hang_ceiling_lamps(scene, 5)
    shift = dice.between(-0.8, 0.6)
    cloth = dice.choose(((138, 184, 180), (152, 172, 200), (172, 188, 146)))
    window = dice.whole(0, 3)
    for number in range(4):
        x = shift + 0.4 + number * 5.1
        if number == window:
            hang_window(scene, x + 1.0, 2.0, 2.2, 2.0)
        else:
            _cross(scene, x + 2.1, 2.6)
        _monitor(scene, x + 3.3, 3.5)
        _sick_bed(scene, x + 0.4, 7.0)
        _drip(scene, x + 0.25, 6.8)
        _screen_curtain(scene, x + 4.15, cloth)


def _cross(scene: Scene, x: float, y: float) -> None:
    scene.disc(x, y, 0.62, (240, 244, 244))
    for rx, ry in ((0.14, 0.42), (0.42, 0.14)):
        scene.box(x - rx, y - ry, x + rx, y + ry, (116, 172, 156))


def _monitor(scene: Scene, x: float, y: float) -> None:
    scene.box(x - 0.08, y + 0.6, x + 0.08, y + 1.4, (170, 176, 180))
    scene.box(x - 0.55, y - 0.25, x + 0.55, y + 0.6, (198, 204, 206))
    scene.box(x - 0.46, y - 0.16, x + 0.46, y + 0.42, (44, 58, 62))
    line = [(-0.42, 0.15), (-0.2, 0.15), (-0.12, -0.08), (-0.02, 0.34), (0.06, 0.15), (0.42, 0.15)]
    scene.line([(x + dx, y + dy) for dx, dy in line], (128, 220, 168), 0.045)
    for dx in (-0.3, 0.0, 0.3):
        scene.disc(x + dx, y + 0.51, 0.05, (140, 148, 152))


def _sick_bed(scene: Scene, x: float, y: float) -> None:
    frame, sheet = (164, 172, 178), (238, 242, 244)
    for dx in (0.2, 2.9):
        scene.box(x + dx, y - 0.5, x + dx + 0.08, y - 0.1, frame)
        scene.disc(x + dx + 0.04, y - 0.08, 0.1, (104, 110, 116))
    scene.box(x, y - 0.62, x + 3.2, y - 0.44, frame)
    scene.polygon([(x + 0.1, y - 0.6), (x + 0.1, y - 1.2), (x + 0.9, y - 0.98), (x + 3.1, y - 0.98),
                   (x + 3.1, y - 0.6)], sheet)  # fmt: skip
    scene.polygon([(x + 1.1, y - 1.02), (x + 3.15, y - 1.02), (x + 3.15, y - 0.55),
                   (x + 1.1, y - 0.62)],
                  (150, 186, 200))  # fmt: skip
    scene.oval(x + 0.55, y - 1.2, 0.42, 0.14, (250, 252, 252))
    for dx in (-0.06, 3.14):
        scene.box(x + dx, y - 1.5, x + dx + 0.12, y - 0.44, frame)
    scene.line([(x + 1.3, y - 0.7), (x + 1.3, y - 1.25), (x + 2.5, y - 1.25), (x + 2.5, y - 0.7)],
               light(frame, 0.9), 0.05)  # fmt: skip


def _drip(scene: Scene, x: float, y: float) -> None:
    scene.box(x - 0.03, y - 2.9, x + 0.03, y, STEEL)
    scene.line([(x - 0.3, y), (x + 0.3, y)], STEEL, 0.07)
    scene.line([(x - 0.25, y - 2.8), (x, y - 2.95), (x + 0.25, y - 2.8)], STEEL, 0.05)
    scene.box(x + 0.12, y - 2.8, x + 0.38, y - 2.25, (214, 230, 236))
    scene.box(x + 0.12, y - 2.5, x + 0.38, y - 2.25, (170, 204, 216))
    scene.line(
        [(x + 0.25, y - 2.25), (x + 0.3, y - 1.6), (x + 0.8, y - 1.2)], (196, 210, 216), 0.03
    )


def _screen_curtain(scene: Scene, x: float, cloth: Rgb) -> None:
    scene.line([(x - 0.3, 2.0), (x + 1.0, 2.0)], STEEL, 0.08)
    for number in range(5):
        left = x - 0.2 + number * 0.22
        colour = cloth if number % 2 else light(cloth, 0.9)
        scene.polygon(
            [(left, 2.0), (left + 0.22, 2.0), (left + 0.26, 6.3), (left - 0.02, 6.3)], colour
        )


def paint_garage(scene: Scene) -> None:
    """A roller gate, a workbench under a wall of tools, tyres, shelves of cans, oil on concrete."""
    dice = scene.roll("garage")
    wall = dice.choose(((182, 176, 168), (168, 176, 180), (190, 180, 160)))
    raise_walls(scene, wall, light(wall, 0.7))
    for row in range(11):
        y = CEILING + 0.2 + row * 0.48
        scene.box(0, y, STAGE_WIDTH, y + 0.03, light(wall, 0.88))
        for number in range(12):
            x = number * 1.8 + (row % 2) * 0.9
            scene.box(x, y, x + 0.03, y + 0.48, light(wall, 0.88))
    floor = (150, 148, 144)
    scene.rows(HORIZON, STAGE_HEIGHT + 2, light(floor, 0.88), floor)
    for x, y, size, own in scene.strew("oil", 7, 7.4):
        scene.oval(
            x, y, size * own.between(0.4, 1.0), size * own.between(0.1, 0.22), light(floor, 0.8)
        )
    for y in (8.0, 9.6):
        scene.box(0, y, STAGE_WIDTH, y + 0.05, light(floor, 0.86))
    for x in (3.0, 15.5):
        scene.polygon([(x, 7.0), (x + 0.2, 7.0), (x - 0.5, STAGE_HEIGHT), (x - 0.8, STAGE_HEIGHT)],
                      (204, 190, 140))  # fmt: skip
    hang_ceiling_lamps(scene, 3)
    places = {"gate": 6.2, "bench": 5.0, "tyres": 3.0, "shelf": 3.2, "drum": 2.2}
    x = dice.between(0, 0.3)
    for name in dice.shuffle(tuple(places)):
        {"gate": _gate, "bench": _workbench, "tyres": _tyres, "shelf": _cans, "drum": _drum}[name](
            scene, x
        )
        x += places[name]


def _gate(scene: Scene, x: float) -> None:
    metal = (172, 178, 184)
    scene.box(x, 1.9, x + 5.8, HORIZON + 0.1, (110, 112, 116))
    for number in range(11):
        y = 2.15 + number * 0.39
        scene.box(x + 0.18, y, x + 5.62, y + 0.35, metal)
        scene.box(x + 0.18, y + 0.24, x + 5.62, y + 0.35, light(metal, 0.86))
    scene.box(x, 1.7, x + 5.8, 2.2, light(metal, 0.75))
    scene.box(x + 2.6, 6.05, x + 3.2, 6.15, (90, 92, 96))


def _workbench(scene: Scene, x: float) -> None:
    wood, board, iron = (166, 130, 94), (204, 180, 146), (98, 102, 110)
    scene.box(x + 0.2, 2.7, x + 4.7, 4.9, board)
    for row in range(4):
        for number in range(11):
            left, top = x + 0.4 + number * 0.4, 2.9 + row * 0.5
            scene.box(left, top, left + 0.05, top + 0.05, light(board, 0.8))
    for number in range(4):
        left, long = x + 0.5 + number * 0.35, 0.6 + 0.14 * number
        scene.line([(left, 3.1), (left, 3.1 + long)], iron, 0.07)
        scene.disc(left, 3.05, 0.12, iron)
    scene.box(x + 2.1, 3.2, x + 2.2, 4.2, (150, 112, 80))
    scene.box(x + 1.9, 3.05, x + 2.45, 3.28, iron)
    scene.polygon(
        [(x + 2.8, 3.1), (x + 4.3, 3.35), (x + 4.3, 3.5), (x + 2.8, 3.55)], (188, 192, 196)
    )
    scene.box(x + 2.6, 3.05, x + 2.95, 3.6, (150, 112, 80))
    for number in range(4):
        left = x + 2.8 + number * 0.4
        scene.box(left, 3.9, left + 0.14, 4.2, (160, 108, 92))
        scene.box(left + 0.05, 4.2, left + 0.09, 4.6, iron)
    scene.box(x, 5.3, x + 4.9, 5.5, wood)
    scene.box(x + 0.1, 5.5, x + 4.8, 5.75, light(wood, 0.8))
    for dx in (0.15, 4.5):
        scene.box(x + dx, 5.5, x + dx + 0.25, 6.7, light(wood, 0.72))
    scene.box(x + 0.4, 6.2, x + 4.5, 6.32, light(wood, 0.85))
    scene.box(x + 3.5, 4.98, x + 4.3, 5.3, (112, 124, 132))
    scene.box(x + 0.7, 5.05, x + 1.7, 5.3, (156, 104, 88))
    scene.box(x + 1.0, 4.92, x + 1.4, 5.05, (100, 98, 98))


def _tyres(scene: Scene, x: float) -> None:
    for column, tall in ((0.75, 4), (2.0, 2)):
        for number in range(tall):
            y = 6.72 - number * 0.42
            scene.oval(x + column, y - 0.2, 0.62, 0.23, (58, 58, 62))
            scene.oval(x + column, y - 0.27, 0.56, 0.16, (76, 76, 80))
        scene.oval(x + column, 6.72 - tall * 0.42 + 0.16, 0.3, 0.09, (40, 40, 42))
    for number in range(2):
        left = x + 0.8 + number * 1.3
        scene.disc(left, 3.6, 0.6, (62, 62, 66))
        scene.disc(left, 3.6, 0.42, (80, 80, 84))
        scene.disc(left, 3.6, 0.32, (168, 172, 176))
        scene.disc(left, 3.6, 0.1, (100, 104, 108))


def _cans(scene: Scene, x: float) -> None:
    dice = scene.roll("cans")
    steel = (132, 138, 144)
    for dx in (0.1, 2.9):
        scene.box(x + dx, 2.6, x + dx + 0.1, 6.6, steel)
    for row in range(4):
        y = 3.6 + row * 0.95
        left = x + 0.25
        while left < x + 2.55:
            wide, high = dice.between(0.25, 0.5), dice.between(0.3, 0.7)
            can = dice.choose(((160, 124, 104), (124, 138, 146), (178, 166, 136), (132, 142, 120)))
            scene.box(left, y - high, min(left + wide, x + 2.85), y, can)
            scene.box(
                left,
                y - 0.7 * high,
                min(left + wide, x + 2.85),
                y - 0.35 * high,
                mix(can, WHITE, 0.55),
            )
            left += wide + 0.07
        scene.box(x + 0.1, y, x + 3.0, y + 0.09, steel)


def _drum(scene: Scene, x: float) -> None:
    metal = (112, 130, 142)
    scene.box(x + 0.5, 5.1, x + 1.6, 6.75, metal)
    scene.box(x + 1.3, 5.1, x + 1.6, 6.75, light(metal, 0.82))
    for y in (5.1, 5.6, 6.15, 6.68):
        scene.box(x + 0.46, y, x + 1.64, y + 0.1, light(metal, 0.75))
    scene.oval(x + 1.05, 5.1, 0.56, 0.12, light(metal, 1.15))
