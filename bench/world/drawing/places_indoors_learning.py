"""Rooms to learn in: classroom, library.

Knows nothing of people and things; the furniture here keeps to muted colours.
"""

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light
from bench.world.drawing.places_indoors_room import (
    WHITE,
    build_bookcase,
    hang_ceiling_lamps,
    hang_pendants,
    hang_window,
    lay_carpet,
    lay_tiles,
    place_table,
    raise_walls,
)
from bench.world.drawing.places_scene import Scene
from bench.world.plan import STAGE_WIDTH


def paint_classroom(scene: Scene) -> None:
    """A blackboard with writing, a row of letters, a map, windows, rows of school desks."""
    dice = scene.roll("classroom")
    raise_walls(scene, dice.choose(((236, 224, 190), (216, 226, 212), (222, 216, 224))))
    floor = dice.choose(((206, 204, 176), (190, 204, 190), (204, 196, 188)))
    lay_tiles(scene, floor, light(floor, 0.88))
    hang_ceiling_lamps(scene, 3)
    board = dice.choose((4.3, 7.0, 9.6))
    _blackboard(scene, board, scene.roll("writing"))
    for x in (
        (0.4, 1.9, 16.6, 18.2) if board == 7.0 else ((0.6, 2.2) if board > 7 else (16.2, 18.0))
    ):
        hang_window(scene, x, 2.3, 1.2, 2.6)
    _letters(scene, board)
    _map(scene, board - 2.8 if board > 9 else board + 6.9)
    shift = dice.between(0, 0.8)
    for number in range(8):
        _school_desk(scene, number * 2.6 - 0.6 + shift, 7.05, dice)


def _blackboard(scene: Scene, x: float, dice: Dice) -> None:
    scene.box(x - 0.15, 2.65, x + 6.15, 5.35, (164, 126, 90))
    scene.box(x, 2.8, x + 6, 5.2, (62, 92, 80))
    chalk = (214, 226, 216)
    for row in range(4):
        y, left = 3.2 + row * 0.5, x + 0.4
        for _ in range(dice.whole(2, 4)):
            long = dice.between(0.3, 0.8)
            wiggle = [(left + k * long / 5, y + (0.08 if k % 2 else -0.08)) for k in range(6)]
            scene.line(wiggle, chalk, 0.05)
            left += long + 0.2
    for dx, words in ((4.6, "2 + 3 = 5"), (4.6, "A B C")):
        y = 3.4 if words.startswith("2") else 4.3
        if scene.brush.sees(x + dx - 1, y - 0.4, x + dx + 1, y + 0.4):
            scene.brush.text(x + dx, y, words, 0.36, chalk)
    scene.box(x - 0.1, 5.3, x + 6.1, 5.45, (186, 148, 110))
    for dx in (0.8, 1.2, 4.9):
        scene.box(x + dx, 5.22, x + dx + 0.25, 5.3, WHITE)


def _letters(scene: Scene, x: float) -> None:
    """Cards in a row above the board."""
    for number in range(10):
        left = x + number * 0.6
        colour = ((214, 190, 176), (190, 204, 210), (206, 210, 180))[number % 3]
        scene.box(left, 1.75, left + 0.48, 2.3, colour)
        scene.line(
            [(left + 0.12, 2.2), (left + 0.24, 1.86), (left + 0.36, 2.2)], (110, 104, 104), 0.05
        )


def _map(scene: Scene, x: float) -> None:
    scene.box(x, 3.0, x + 2.3, 4.7, (190, 210, 218))
    for dx, dy, rx, ry in (
        (0.5, 0.6, 0.34, 0.36),
        (0.7, 1.2, 0.2, 0.32),
        (1.5, 0.6, 0.55, 0.34),
        (1.3, 1.1, 0.25, 0.35),
    ):
        scene.oval(x + dx, 3.0 + dy, rx, ry, (176, 184, 136))
    for y in (2.94, 4.66):
        scene.box(x - 0.1, y, x + 2.4, y + 0.1, (140, 108, 80))


def _school_desk(scene: Scene, x: float, y: float, dice: Dice) -> None:
    wood = (206, 170, 122)
    scene.box(x + 0.55, y - 1.25, x + 1.25, y - 0.95, light(wood, 0.8))
    for dx in (0.6, 1.14):
        scene.box(x + dx, y - 1.25, x + dx + 0.07, y - 0.1, (128, 134, 138))
    place_table(scene, x, y, 1.9, wood)
    left = x + dice.between(0.3, 1.0)
    scene.box(left, y - 0.96, left + 0.5, y - 0.9, WHITE)


def paint_library(scene: Scene) -> None:
    """Tall shelves of books from wall to wall, a gallery of more, reading desks with lamps."""
    dice = scene.roll("library")
    wood = dice.choose(((126, 90, 66), (110, 84, 70), (146, 110, 80)))
    raise_walls(scene, (206, 192, 168), light(wood, 0.8))
    carpet = dice.choose(((132, 104, 96), (108, 120, 112), (116, 112, 128)))
    lay_carpet(scene, carpet)
    _runner(scene, carpet)
    hang_pendants(scene, 4, (120, 132, 116), 1.3)
    count = dice.choose((5, 6))
    wide = STAGE_WIDTH / count
    gap = dice.whole(1, count - 2)
    for number in range(count):
        x0, x1 = number * wide + 0.22, (number + 1) * wide - 0.22
        if number == gap:
            hang_window(scene, x0 + 0.5, 1.9, x1 - x0 - 1.0, 2.2)
            build_bookcase(scene, (x0, 4.4, x1, 6.6), 3, wood, scene.roll("case", number))
        else:
            build_bookcase(scene, (x0, 1.8, x1, 6.6), 6, wood, scene.roll("case", number))
    for number in range(3):
        x = number * 6.8 + dice.between(0.4, 2.6)
        _reading_desk(scene, x, 7.25)


def _runner(scene: Scene, carpet: Rgb) -> None:
    """A woven band of diamonds along the whole floor."""
    for y0, y1, tone in ((7.6, 10.4, 0.72), (7.75, 10.2, 1.1), (7.85, 10.07, 0.9)):
        scene.box(0, y0, STAGE_WIDTH, y1, light(carpet, tone))
    for number in range(12):
        x = number * 1.8 + 0.4
        for rx, ry, tone in ((0.8, 1.0, 1.22), (0.5, 0.62, 0.74), (0.2, 0.26, 1.3)):
            points = [(x - rx, 8.93), (x, 8.93 - ry), (x + rx, 8.93), (x, 8.93 + ry)]
            scene.polygon(points, light(carpet, tone))


def _reading_desk(scene: Scene, x: float, y: float) -> None:
    place_table(scene, x, y, 3.0, (140, 106, 80))
    for dx, tall in ((0.5, 3), (2.2, 2)):
        for number in range(tall):
            left, low = x + dx + 0.04 * (number % 2), y - 0.94 - number * 0.1
            colour = ((150, 116, 104), (120, 130, 140), (176, 160, 130))[number]
            scene.box(left, low - 0.09, left + 0.5, low, colour)
    scene.line([(x + 1.5, y - 0.95), (x + 1.5, y - 1.4)], (150, 130, 90), 0.06)
    scene.polygon([(x + 1.1, y - 1.36), (x + 1.25, y - 1.58), (x + 1.75, y - 1.58),
                   (x + 1.9, y - 1.36)],
                  (110, 136, 118))  # fmt: skip
    scene.box(x + 1.14, y - 1.38, x + 1.86, y - 1.33, (250, 240, 200))
