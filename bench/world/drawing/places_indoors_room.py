"""What rooms share: walls, floors, ceilings, windows, shelves of books.

Knows nothing of which room needs which, and nothing of the time of day: rooms are lit by lamps.
"""

from itertools import pairwise

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_scene import Scene
from bench.world.plan import HORIZON, STAGE_HEIGHT, STAGE_WIDTH

CEILING = 1.1  # where it meets the wall
WHITE = (240, 238, 232)
BOOKS = (
    (146, 92, 84), (104, 118, 138), (122, 132, 104), (176, 152, 112), (112, 94, 112),
    (92, 84, 82), (190, 178, 158),
)  # fmt: skip


def raise_walls(scene: Scene, wall: Rgb, skirting: Rgb = WHITE) -> None:
    """A back wall under a ceiling, lighter in its middle, with a skirting board."""
    scene.rows(-4.0, CEILING, light(wall, 1.12), mix(wall, WHITE, 0.7))
    scene.rows(CEILING, HORIZON + 0.1, light(wall, 1.04), light(wall, 0.93))
    scene.box(0, CEILING - 0.06, STAGE_WIDTH, CEILING + 0.1, mix(wall, WHITE, 0.6))
    scene.box(0, HORIZON - 0.22, STAGE_WIDTH, HORIZON, skirting)


def lay_planks(scene: Scene, wood: Rgb) -> None:
    """A wooden floor whose boards run to a point far behind."""
    scene.rows(HORIZON, STAGE_HEIGHT + 2, light(wood, 0.88), light(wood, 1.04))
    for number in range(-15, 16):
        far, near = 10 + number * 0.9, 10 + number * 1.5
        line = light(wood, 0.84)
        scene.polygon([(far, HORIZON), (far + 0.03, HORIZON), (near + 0.06, STAGE_HEIGHT),
                       (near, STAGE_HEIGHT)], line)  # fmt: skip
        for row in range(2):
            share = ((number * 0.37 + row * 0.5) % 1.0) ** 1.5
            y, x = HORIZON + share * (STAGE_HEIGHT - HORIZON), far + (near - far) * share
            scene.box(x, y, x + 0.9 + 0.6 * share, y + 0.03 + 0.02 * share, line)


def lay_tiles(scene: Scene, pale: Rgb, dark: Rgb) -> None:
    """A floor of square tiles, every other one dark."""
    scene.rows(HORIZON, STAGE_HEIGHT + 2, light(pale, 0.92), pale)
    edges = [HORIZON + (STAGE_HEIGHT - HORIZON) * (n / 7) ** 1.35 for n in range(8)]
    for row, (y0, y1) in enumerate(pairwise(edges)):
        s0, s1 = ((y - HORIZON) / (STAGE_HEIGHT - HORIZON) for y in (y0, y1))
        for number in range(-14 + row % 2, 14, 2):
            a, b = (10 + number * (0.95 + 0.55 * s) for s in (s0, s1))
            c, d = (10 + (number + 1) * (0.95 + 0.55 * s) for s in (s1, s0))
            scene.polygon([(a, y0), (b, y1), (c, y1), (d, y0)], dark)


def lay_carpet(scene: Scene, colour: Rgb) -> None:
    """A floor of one colour with faint seams."""
    scene.rows(HORIZON, STAGE_HEIGHT + 2, light(colour, 0.88), light(colour, 1.04))
    for y in (7.0, 7.9, 9.2):
        scene.box(0, y, STAGE_WIDTH, y + 0.035, light(colour, 0.9))
    for number in range(-7, 8):
        far, near = 10 + number * 1.9, 10 + number * 3.1
        scene.line([(far, HORIZON), (near, STAGE_HEIGHT)], light(colour, 0.9), 0.035)


def lay_rug(scene: Scene, x: float, half: float, colour: Rgb) -> None:
    """A rug with two borders on the middle of the floor."""
    for inset, tone in ((0.0, light(colour, 0.8)), (0.22, mix(colour, WHITE, 0.6)), (0.42, colour)):
        y0, y1 = 7.7 + inset * 0.45, 9.9 - inset * 0.6
        scene.polygon([(x - half + inset, y0), (x + half - inset, y0),
                       (x + half * 1.22 - 1.2 * inset, y1), (x - half * 1.22 + 1.2 * inset, y1)],
                      tone)  # fmt: skip


def hang_window(scene: Scene, x: float, y: float, wide: float, high: float) -> None:
    """A window with pale light behind it, its corner at (x, y)."""
    scene.box(x - 0.12, y - 0.12, x + wide + 0.12, y + high + 0.12, WHITE)
    scene.box(x, y, x + wide, y + high, (206, 222, 230))
    scene.polygon([(x, y + high), (x, y + 0.6 * high), (x + 0.5 * wide, y), (x + 0.8 * wide, y)],
                  (222, 234, 240))  # fmt: skip
    scene.box(x + wide / 2 - 0.05, y, x + wide / 2 + 0.05, y + high, WHITE)
    scene.box(x, y + 0.42 * high, x + wide, y + 0.42 * high + 0.07, WHITE)
    scene.box(x - 0.22, y + high + 0.08, x + wide + 0.22, y + high + 0.2, (222, 220, 212))


def hang_blinds(scene: Scene, x: float, y: float, wide: float, share: float) -> None:
    """Slats over the upper `share` of a window."""
    for number in range(int(share * 12)):
        top = y + number * 0.17
        scene.box(x, top, x + wide, top + 0.11, (226, 224, 214))


def fill_shelf(scene: Scene, x0: float, x1: float, y: float, high: float, dice: Dice) -> None:
    """A row of books standing on `y`, up to `high` metres tall."""
    rows: dict[Rgb, list[tuple[float, float, float]]] = {}
    x = x0
    while x < x1 - 0.08:
        wide = dice.between(0.09, 0.2)
        top = y - high * dice.between(0.7, 0.98)
        colour = dice.choose(BOOKS)
        if dice.happens(0.95):
            rows.setdefault(colour, []).append((x, min(x + wide, x1) - 0.015, top))
        x += wide
    for colour, bars in rows.items():
        scene.comb(bars, y, colour)


def build_bookcase(
    scene: Scene, area: tuple[float, float, float, float], rows: int, wood: Rgb, dice: Dice
) -> None:
    """Shelves full of books within (x0, y0, x1, y1)."""
    x0, y0, x1, y1 = area
    scene.box(x0 - 0.1, y0 - 0.12, x1 + 0.1, y1, wood)
    scene.box(x0 - 0.16, y0 - 0.2, x1 + 0.16, y0 - 0.08, light(wood, 1.15))
    gap = (y1 - y0) / rows
    for row in range(rows):
        top, low = y0 + row * gap, y0 + (row + 1) * gap
        scene.box(x0, top, x1, low - 0.06, light(wood, 0.55))
        own = dice.split(row)
        if scene.brush.sees(x0, top, x1, low):
            fill_shelf(scene, x0 + 0.04, x1 - 0.04, low - 0.05, gap * 0.86, own)
        scene.box(x0, low - 0.07, x1, low, light(wood, 1.05))


def hang_ceiling_lamps(scene: Scene, count: int) -> None:
    """Flat long lamps on the ceiling."""
    for number in range(count):
        x = (number + 0.5) * STAGE_WIDTH / count
        scene.polygon([(x - 1.1, 0.5), (x + 1.1, 0.5), (x + 1.3, 0.25), (x - 1.3, 0.25)],
                      (255, 253, 240))  # fmt: skip


def hang_pendants(scene: Scene, count: int, colour: Rgb, low: float = 2.6) -> None:
    """Lamps on cords with a warm light under them."""
    for number in range(count):
        x = (number + 0.5) * STAGE_WIDTH / count
        scene.line([(x, 0), (x, low - 0.5)], (90, 84, 80), 0.05)
        scene.polygon([(x - 0.55, low), (x - 0.2, low - 0.5), (x + 0.2, low - 0.5),
                       (x + 0.55, low)],
                      colour)  # fmt: skip
        scene.oval(x, low, 0.45, 0.13, (255, 240, 196))


def place_table(scene: Scene, x: float, y: float, wide: float, colour: Rgb) -> None:
    """A plain desk from the front, its feet on `y`."""
    for dx in (0.08, wide - 0.16):
        scene.box(x + dx, y - 0.8, x + dx + 0.08, y, light(colour, 0.6))
    scene.polygon([(x + 0.12, y - 1.02), (x + wide - 0.12, y - 1.02), (x + wide, y - 0.82),
                   (x, y - 0.82)],
                  light(colour, 1.06))  # fmt: skip
    scene.box(x, y - 0.84, x + wide, y - 0.72, light(colour, 0.86))
