"""Rooms to live and work in: office, kitchen, living room.

Knows nothing of people and things; the furniture here keeps to muted colours.
"""

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_indoors_room import (
    CEILING,
    WHITE,
    fill_shelf,
    hang_blinds,
    hang_ceiling_lamps,
    hang_pendants,
    hang_window,
    lay_planks,
    lay_rug,
    lay_tiles,
    place_table,
    raise_walls,
)
from bench.world.drawing.places_scene import Scene
from bench.world.plan import HORIZON, STAGE_WIDTH

WOOD = (172, 134, 98)
STEEL = (176, 180, 186)


def paint_office(scene: Scene) -> None:
    """Desks with screens, windows with blinds, filing cabinets, a chart."""
    dice = scene.roll("office")
    raise_walls(scene, dice.choose(((206, 212, 216), (214, 210, 200), (196, 208, 206))))
    carpet = dice.choose(((132, 140, 150), (150, 144, 138), (126, 140, 138)))
    lay_tiles(scene, carpet, light(carpet, 0.93))
    hang_ceiling_lamps(scene, 4)
    share = dice.between(0.3, 0.9)
    for number in range(4):
        x = 0.9 + number * 5.0
        hang_window(scene, x, 2.0, 3.0, 2.3)
        hang_blinds(scene, x, 2.0, 3.0, share)
    kinds = dice.shuffle(("cabinet", "chart", "desk", "desk", "desk", "desk"))
    x = dice.between(0.1, 0.5)
    for kind in kinds:
        if kind == "cabinet":
            _cabinet(scene, x + 0.5, 6.6)
            x += 2.6
        elif kind == "chart":
            _chart(scene, x + 0.1, 6.6)
            x += 2.5
        else:
            _workplace(scene, x, 6.95, dice)
            x += 3.7


def _cabinet(scene: Scene, x: float, y: float) -> None:
    for dx, high in ((0.0, 1.9), (1.0, 1.45)):
        scene.box(x + dx, y - high, x + dx + 0.94, y, light(STEEL, 0.92))
        for number in range(int(high / 0.46)):
            top = y - high + 0.06 + number * 0.46
            scene.box(x + dx + 0.06, top, x + dx + 0.88, top + 0.4, STEEL)
            scene.box(x + dx + 0.34, top + 0.15, x + dx + 0.6, top + 0.2, (110, 114, 120))


def _chart(scene: Scene, x: float, y: float) -> None:
    """A board on legs with bars and a curve."""
    for dx in (0.2, 1.9):
        scene.line([(x + dx, y), (x + 1.05, y - 3.0)], (120, 122, 126), 0.07)
    scene.box(x, y - 2.9, x + 2.1, y - 1.2, (150, 152, 156))
    scene.box(x + 0.07, y - 2.83, x + 2.03, y - 1.27, WHITE)
    bars = [(x + 0.25 + n * 0.3, x + 0.45 + n * 0.3, y - 1.6 - 0.18 * n) for n in range(5)]
    scene.comb(bars, y - 1.4, (136, 160, 178))
    curve = [(x + 0.3, y - 2.1), (x + 0.8, y - 2.0), (x + 1.2, y - 2.5), (x + 1.8, y - 2.7)]
    scene.line(curve, (190, 120, 108), 0.05)


def _workplace(scene: Scene, x: float, y: float, dice: Dice) -> None:
    """A desk with drawers, one or two screens, keyboard, papers and a chair pushed in."""
    desk: Rgb = (196, 178, 152)
    place_table(scene, x, y, 3.1, desk)
    scene.box(x + 2.15, y - 0.75, x + 2.95, y - 0.02, light(desk, 0.8))
    for number in range(3):
        scene.box(x + 2.22, y - 0.7 + number * 0.23, x + 2.88, y - 0.52 + number * 0.23,
                  light(desk, 0.9))  # fmt: skip
        scene.box(
            x + 2.45, y - 0.64 + number * 0.23, x + 2.65, y - 0.6 + number * 0.23, (120, 116, 110)
        )
    screens = dice.whole(1, 2)
    for number in range(screens):
        _screen(scene, x + (0.95 if screens == 1 else 0.35) + number * 1.35, y - 0.95)
    scene.polygon([(x + 0.9, y - 0.92), (x + 1.8, y - 0.92), (x + 1.9, y - 0.84),
                   (x + 0.8, y - 0.84)],
                  (88, 90, 96))  # fmt: skip
    for number in range(3):
        scene.box(
            x + 2.4,
            y - 1.06 - number * 0.05,
            x + 2.9 - number * 0.03,
            y - 1.02 - number * 0.05,
            WHITE,
        )
    cloth = dice.choose(((98, 104, 114), (112, 106, 104)))
    scene.box(x + 1.1, y - 0.62, x + 1.7, y - 0.25, cloth)
    scene.box(x + 1.36, y - 0.25, x + 1.44, y + 0.02, (80, 82, 88))
    scene.box(x + 1.1, y, x + 1.7, y + 0.06, (80, 82, 88))


def _screen(scene: Scene, x: float, y: float) -> None:
    scene.box(x + 0.5, y - 0.3, x + 0.64, y, (92, 94, 100))
    scene.box(x + 0.3, y - 0.05, x + 0.84, y, (92, 94, 100))
    scene.box(x, y - 0.96, x + 1.15, y - 0.24, (62, 66, 74))
    scene.box(x + 0.06, y - 0.9, x + 1.09, y - 0.3, (178, 204, 216))
    scene.box(x + 0.06, y - 0.9, x + 1.09, y - 0.8, (120, 146, 166))
    for number, long in enumerate((0.5, 0.7, 0.4)):
        scene.box(x + 0.15, y - 0.72 + number * 0.13, x + 0.15 + long, y - 0.67 + number * 0.13,
                  (234, 242, 244))  # fmt: skip


def paint_kitchen(scene: Scene) -> None:
    """Cupboards above a worktop, tiles between, stove with hood, sink under a window, fridge."""
    dice = scene.roll("kitchen")
    front = dice.choose(((206, 200, 184), (178, 194, 188), (196, 176, 150), (190, 196, 204)))
    raise_walls(scene, dice.choose(((238, 226, 200), (228, 230, 220), (232, 220, 212))))
    lay_tiles(
        scene, (226, 220, 210), dice.choose(((186, 178, 170), (170, 180, 182), (196, 172, 150)))
    )
    hang_pendants(scene, 3, (150, 146, 140), 2.0)
    scene.box(0, 4.1, STAGE_WIDTH, 5.1, (240, 240, 236))
    for number in range(41):
        scene.box(number * 0.5, 4.1, number * 0.5 + 0.025, 5.1, (206, 208, 206))
    for y in (4.1, 4.35, 4.6, 4.85):
        scene.box(0, y, STAGE_WIDTH, y + 0.025, (206, 208, 206))
    parts = dice.shuffle(("stove", "sink", "fridge", "plain", "stove", "plain", "sink"))
    x = dice.between(-0.6, 0.0)
    for part in (*parts, "plain"):
        wide = {"fridge": 1.7, "stove": 2.0}.get(part, 3.5)
        if part == "fridge":
            _fridge(scene, x)
        else:
            _counter(scene, x, x + wide, front)
            {"stove": _stove, "sink": _sink, "plain": _cupboards}[part](scene, x, x + wide, front)
        x += wide


def _counter(scene: Scene, x0: float, x1: float, front: Rgb) -> None:
    count = max(2, round((x1 - x0) / 0.9))
    step = (x1 - x0) / count
    scene.box(x0, 5.1, x1, 6.6, light(front, 0.84))
    scene.box(x0, 6.5, x1, 6.7, (92, 86, 82))
    for number in range(count):
        x = x0 + number * step
        scene.box(x + 0.05, 5.3, x + step - 0.05, 5.6, front)
        scene.box(x + 0.05, 5.66, x + step - 0.05, 6.46, front)
        scene.box(x + step / 2 - 0.12, 5.42, x + step / 2 + 0.12, 5.48, (120, 116, 110))
        scene.box(x + step - 0.2, 5.78, x + step - 0.14, 6.05, (120, 116, 110))
    scene.box(x0, 5.02, x1, 5.22, (138, 122, 108))
    scene.box(x0, 5.02, x1, 5.08, (166, 150, 134))


def _cupboards(scene: Scene, x0: float, x1: float, front: Rgb) -> None:
    """Cupboards on the wall; on the worktop pots and jars."""
    scene.box(x0 + 0.05, 2.3, x1 - 0.05, 4.0, light(front, 0.82))
    count = round((x1 - x0) / 0.88)
    step = (x1 - x0 - 0.1) / count
    for number in range(count):
        x = x0 + 0.05 + number * step
        scene.box(x + 0.05, 2.36, x + step - 0.05, 3.94, front)
        scene.box(x + 0.16, 2.5, x + step - 0.16, 3.8, light(front, 1.05))
        scene.box(x + step - 0.14, 3.5, x + step - 0.09, 3.8, (120, 116, 110))
    for dx, wide, high, colour in (
        (0.4, 0.3, 0.45, (196, 172, 150)), (0.75, 0.26, 0.36, (160, 172, 160)),
        (1.05, 0.22, 0.3, (196, 172, 150)), (2.2, 0.8, 0.42, (140, 142, 146)),
    ):  # fmt: skip
        x = x0 + dx
        scene.box(x, 5.04 - high, x + wide, 5.04, colour)
        scene.box(x - 0.03, 5.0 - high, x + wide + 0.03, 5.08 - high, light(colour, 0.78))


def _sink(scene: Scene, x0: float, x1: float, front: Rgb) -> None:
    x = (x0 + x1) / 2
    hang_window(scene, x - 1.1, 2.2, 2.2, 1.9)
    cloth = mix(front, WHITE, 0.5)
    for side in (-1, 1):
        scene.polygon([(x + side * 1.3, 2.0), (x + side * 0.5, 2.0), (x + side * 1.1, 3.3),
                       (x + side * 1.3, 3.9)], cloth)  # fmt: skip
    scene.box(x - 0.9, 5.02, x + 0.9, 5.2, STEEL)
    scene.line([(x, 5.05), (x, 4.5), (x + 0.3, 4.42), (x + 0.36, 4.68)], light(STEEL, 0.8), 0.1)
    for number in range(4):
        scene.disc(x + 1.15 + number * 0.12, 4.82, 0.2, light(WHITE, 1 - 0.05 * (number % 2)))


def _stove(scene: Scene, x0: float, x1: float, front: Rgb) -> None:
    """A stove with an oven, a pot and a pan under a hood."""
    del front
    scene.polygon([(x0 + 0.7, CEILING), (x1 - 0.7, CEILING), (x1 - 0.7, 3.0), (x1 - 0.1, 3.7),
                   (x0 + 0.1, 3.7), (x0 + 0.7, 3.0)], STEEL)  # fmt: skip
    scene.box(x0 + 0.1, 3.62, x1 - 0.1, 3.86, light(STEEL, 0.84))
    scene.box(x0 + 0.05, 5.02, x1 - 0.05, 6.62, (206, 208, 210))
    scene.box(x0 + 0.05, 4.98, x1 - 0.05, 5.08, (64, 66, 70))
    scene.box(x0 + 0.12, 5.12, x1 - 0.12, 5.42, (120, 124, 130))
    for number in range(5):
        scene.disc(x0 + 0.35 + number * (x1 - x0 - 0.7) / 4, 5.27, 0.09, (48, 50, 54))
    scene.box(x0 + 0.2, 5.52, x1 - 0.2, 6.45, (70, 72, 78))
    scene.box(x0 + 0.35, 5.72, x1 - 0.35, 6.32, (140, 108, 84))
    scene.box(x0 + 0.25, 5.57, x1 - 0.25, 5.64, (220, 222, 224))
    scene.box(x0 + 0.3, 4.5, x0 + 0.95, 4.98, (134, 138, 146))
    scene.box(x0 + 0.25, 4.46, x0 + 1.0, 4.54, (96, 100, 108))
    scene.disc(x0 + 0.62, 4.42, 0.06, (60, 62, 66))
    scene.polygon(
        [(x0 + 1.1, 4.82), (x0 + 1.7, 4.82), (x0 + 1.62, 4.98), (x0 + 1.18, 4.98)], (58, 60, 64)
    )
    scene.box(x0 + 1.7, 4.82, x0 + 2.1, 4.88, (58, 60, 64))


def _fridge(scene: Scene, x: float) -> None:
    body = (224, 228, 230)
    scene.box(x + 0.08, 3.0, x + 1.62, 6.7, light(body, 0.82))
    scene.box(x + 0.12, 3.04, x + 1.54, 4.25, body)
    scene.box(x + 0.12, 4.32, x + 1.54, 6.58, body)
    for y0, y1 in ((3.5, 4.1), (4.5, 5.3)):
        scene.box(x + 0.24, y0, x + 0.32, y1, (140, 144, 150))
    for dx, dy, colour in ((0.8, 3.4, (206, 190, 150)), (1.1, 3.6, (170, 186, 176))):
        scene.box(x + dx, dy, x + dx + 0.22, dy + 0.26, colour)


def paint_living_room(scene: Scene) -> None:
    """Striped wallpaper, a fireplace, curtains, a sideboard, an armchair, a rug."""
    dice = scene.roll("living room")
    wall = dice.choose(((214, 192, 168), (186, 196, 176), (196, 186, 200), (180, 192, 200)))
    raise_walls(scene, wall)
    for number in range(25):
        scene.box(
            number * 0.82, CEILING + 0.1, number * 0.82 + 0.3, HORIZON - 0.22, light(wall, 0.96)
        )
    lay_planks(scene, dice.choose(((176, 134, 94), (150, 112, 82), (190, 154, 116))))
    rug = dice.choose(((156, 112, 104), (116, 128, 144), (128, 138, 112)))
    lay_rug(scene, 10 + dice.between(-2, 2), 4.4, rug)
    curtain = dice.choose(((166, 128, 122), (134, 146, 150), (170, 152, 120)))
    left, middle, right = dice.shuffle((3.3, 10.0, 16.7))
    _fireplace(scene, left)
    for x in (middle, right):
        hang_window(scene, x - 1.2, 2.1, 2.4, 3.1)
        _curtains(scene, x, curtain)
    _sideboard(scene, middle - 1.5, 6.65)
    _armchair(scene, right, 6.9, mix(curtain, (150, 140, 130), 0.5))
    _plant(scene, dice.choose((6.7, 13.3)), 6.6)
    scene.line([(10, 0), (10, 1.6)], (110, 100, 92), 0.05)
    for dx in (-0.8, 0.0, 0.8):
        scene.line([(10, 1.5), (10 + dx, 1.75)], (140, 122, 92), 0.06)
        scene.oval(10 + dx, 1.75, 0.26, 0.22, (255, 238, 196))


def _fireplace(scene: Scene, x: float) -> None:
    stone = (190, 182, 172)
    scene.box(x - 1.1, CEILING, x + 1.1, 4.2, light(stone, 0.94))
    scene.box(x - 1.6, 4.4, x + 1.6, 6.5, stone)
    for row in range(6):
        for number in range(4):
            left = x - 1.55 + number * 0.8 + (row % 2) * 0.3
            scene.box(
                left,
                4.5 + row * 0.34,
                min(left + 0.7, x + 1.6),
                4.78 + row * 0.34,
                light(stone, 0.93),
            )
    scene.box(x - 1.8, 4.2, x + 1.8, 4.46, (146, 114, 86))
    scene.box(x - 0.95, 5.2, x + 0.95, 6.5, (58, 50, 48))
    scene.oval(x, 5.2, 0.95, 0.3, (58, 50, 48))
    for dx, high, wide, colour in (
        (0.0, 0.95, 0.5, (206, 110, 62)), (-0.3, 0.6, 0.3, (206, 110, 62)),
        (0.32, 0.65, 0.3, (206, 110, 62)), (0.0, 0.55, 0.28, (244, 196, 110)),
    ):  # fmt: skip
        foot = [(x + dx - wide, 6.35), (x + dx - 0.6 * wide, 6.35 - 0.5 * high),
                (x + dx, 6.35 - high),
                (x + dx + 0.6 * wide, 6.35 - 0.5 * high), (x + dx + wide, 6.35)]  # fmt: skip
        scene.polygon(foot, colour)
    scene.line([(x - 0.65, 6.42), (x + 0.65, 6.3)], (108, 80, 62), 0.16)
    scene.line([(x - 0.6, 6.28), (x + 0.6, 6.42)], (124, 92, 70), 0.14)
    scene.box(x - 1.9, 6.5, x + 1.9, 6.72, light(stone, 0.82))
    for dx in (-1.3, 1.3):
        scene.box(x + dx - 0.06, 3.8, x + dx + 0.06, 4.2, WHITE)
        scene.oval(x + dx, 3.72, 0.05, 0.1, (244, 206, 130))


def _curtains(scene: Scene, x: float, cloth: Rgb) -> None:
    scene.line([(x - 2.1, 1.9), (x + 2.1, 1.9)], (128, 104, 80), 0.1)
    for side in (-1, 1):
        for number in range(4):
            a, b = x + side * (1.05 + number * 0.24), x + side * (1.29 + number * 0.24)
            colour = cloth if number % 2 else light(cloth, 0.88)
            scene.polygon(
                [(a, 1.9), (b, 1.9), (b + side * 0.06, 6.1), (a + side * 0.1, 6.1)], colour
            )


def _sideboard(scene: Scene, x: float, y: float) -> None:
    scene.box(x, y - 1.15, x + 3.0, y - 0.15, WOOD)
    scene.box(x - 0.08, y - 1.24, x + 3.08, y - 1.1, light(WOOD, 0.85))
    for number in range(3):
        left = x + 0.08 + number * 0.97
        scene.box(left, y - 1.04, left + 0.88, y - 0.22, light(WOOD, 1.1))
        scene.disc(left + 0.74, y - 0.65, 0.05, (96, 76, 58))
    for dx in (0.15, 2.75):
        scene.box(x + dx, y - 0.15, x + dx + 0.1, y, light(WOOD, 0.7))
    fill_shelf(scene, x + 0.3, x + 1.3, y - 1.24, 0.45, scene.roll("sideboard"))
    scene.oval(x + 2.3, y - 1.45, 0.2, 0.24, (170, 164, 170))
    scene.box(x + 2.22, y - 1.8, x + 2.38, y - 1.6, (170, 164, 170))


def _armchair(scene: Scene, x: float, y: float, cloth: Rgb) -> None:
    scene.oval(x, y, 1.1, 0.12, (110, 90, 74))
    scene.box(x - 0.75, y - 1.35, x + 0.75, y - 0.3, cloth)
    scene.oval(x, y - 1.35, 0.75, 0.24, cloth)
    scene.box(x - 0.6, y - 0.7, x + 0.6, y - 0.12, light(cloth, 1.1))
    for side in (-1, 1):
        scene.box(
            x + side * 0.8 - 0.2, y - 0.85, x + side * 0.8 + 0.2, y - 0.08, light(cloth, 0.88)
        )
        scene.oval(x + side * 0.8, y - 0.85, 0.22, 0.16, light(cloth, 0.94))


def _plant(scene: Scene, x: float, y: float) -> None:
    """A tall house plant in a grey tub."""
    for dx, dy in ((-0.7, 1.7), (-0.45, 2.2), (0.0, 2.4), (0.45, 2.1), (0.7, 1.6)):
        tip, side = (x + dx, y - dy), (x + dx * 0.5 + 0.16, y - 0.6 * dy)
        scene.polygon(
            [(x, y - 0.6), (x + dx * 0.5 - 0.16, y - 0.6 * dy), tip, side], (104, 132, 100)
        )
    scene.polygon([(x - 0.36, y - 0.65), (x + 0.36, y - 0.65), (x + 0.28, y), (x - 0.28, y)],
                  (158, 152, 148))  # fmt: skip
