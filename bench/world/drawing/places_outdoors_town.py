"""Outdoors places that people built: street, farm, harbour, playground, market.

Knows nothing of people and things; what stands here is scenery in muted colours.
"""

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_outdoors_scenery import (
    ROOFS,
    WALLS,
    build_fence,
    build_roof,
    build_windows,
    find_growth,
    grow_bush,
    grow_ivy,
    grow_tree,
    grow_tufts,
    raise_hills,
    strew_season,
    trim_hedge,
)
from bench.world.drawing.places_scene import SNOW, Scene
from bench.world.plan import HORIZON, STAGE_HEIGHT, STAGE_WIDTH

AWNINGS = ((176, 128, 118), (132, 152, 138), (134, 146, 166), (190, 166, 120))
CREAM = (236, 230, 216)


def paint_street(scene: Scene) -> None:
    """House fronts with shops, a pavement, a road with a broken line, a pavement in front."""
    _fronts(scene.away(0.45), scene.roll("behind"), 1.2, 0.0)
    dice = scene.roll("fronts")
    _fronts(scene, dice, 2.3, dice.between(-2.0, 0.0))
    slab: Rgb = (224, 230, 238) if scene.is_snowy else (190, 184, 176)
    scene.rows(6.3, 7.3, light(slab, 0.94), slab)
    for number in range(27):
        x = number * 0.8
        scene.line([(x, 6.3), (x - 0.25, 7.1)], light(slab, 0.86), 0.03)
    scene.box(0, 7.1, STAGE_WIDTH, 7.26, light(slab, 0.78))
    road: Rgb = (124, 128, 136) if scene.is_snowy else (98, 100, 106)
    scene.rows(7.26, 10.35, light(road, 0.92), road)
    for x, y, size, own in scene.strew("asphalt", 22, 7.6, 10.2):
        scene.oval(x, y, size * own.between(0.15, 0.6), 0.06 * size, light(road, 0.93))
    for x, y, size, _own in scene.strew("manholes", 3, 7.7, 10.1):
        scene.oval(x, y, 0.42 * size, 0.15 * size, light(road, 0.72))
        scene.oval(x, y, 0.34 * size, 0.11 * size, light(road, 0.84))
    shift = dice.between(0, 1.5)
    for number in range(9):
        x = number * 2.6 - shift
        scene.polygon([(x + 0.1, 8.66), (x + 1.3, 8.66), (x + 1.3, 8.8), (x, 8.8)], (222, 220, 208))
    _crossing(scene, dice.between(2, 16))
    growth = find_growth(scene)
    scene.rows(10.35, STAGE_HEIGHT + 2, growth.grass_far, growth.grass_near)
    scene.box(0, 10.3, STAGE_WIDTH, 10.48, light(slab, 0.8))
    grow_tufts(scene, 16, light(growth.grass_near, 0.86), 10.7)
    if scene.is_snowy:
        for y in (7.35, 10.25):
            for number in range(12):
                scene.oval(number * 1.8 + 0.6, y, 1.2, 0.16, SNOW)
    strew_season(scene, 6.4, 70)


def _crossing(scene: Scene, x: float) -> None:
    for number in range(6):
        y = 7.5 + number * 0.47
        lean = (8.8 - y) * 0.25
        scene.polygon([(x + lean, y), (x + lean + 1.7, y), (x + lean + 1.64, y + 0.24),
                       (x + lean - 0.06, y + 0.24)], (206, 206, 200))  # fmt: skip


def _fronts(scene: Scene, dice: Dice, top: float, left: float) -> None:
    """A row of house fronts whose eaves lie about `top`."""
    x = left
    while x < STAGE_WIDTH:
        wide, eaves = dice.between(2.6, 4.2), top + dice.between(-0.8, 1.1)
        wall, roof = dice.choose(WALLS), dice.choose(ROOFS)
        right = x + wide
        build_roof(scene, x, right, eaves, dice.between(0.5, 1.1), roof)
        scene.box(x, eaves, right, 6.35, wall)
        scene.box(right - 0.22, eaves, right, 6.35, light(wall, 0.88))
        scene.box(x, eaves, right, eaves + 0.14, light(wall, 1.1))
        rows = 2 if eaves < 2.4 else 1
        build_windows(scene, (x + 0.15, eaves + 0.15, right - 0.3, 4.45),
                      (2 if wide < 3.3 else 3, rows), dice)  # fmt: skip
        if scene.far == 0:
            _shop(scene, dice, x, right)
            _green(scene, dice, (x, right, eaves))
        x = right


def _green(scene: Scene, dice: Dice, house: tuple[float, float, float]) -> None:
    """Ivy or boxes of plants on a house (left, right, eaves): they show the season."""
    left, right, eaves = house
    if dice.happens(0.4):
        grow_ivy(scene, (left + 0.1, eaves + 0.5, left + 0.2, 6.3), dice, 0.26)
    grow_ivy(scene, (left + 0.3, 4.48, right - 0.3, 4.5), dice, 0.17)


def _shop(scene: Scene, dice: Dice, x0: float, x1: float) -> None:
    """The ground floor: a shop window under an awning beside a dark archway."""
    split, stripe = x0 + (x1 - x0) * dice.between(0.6, 0.68), dice.choose(AWNINGS)
    plinth = dice.choose(((150, 138, 128), (134, 132, 134), (160, 144, 124)))
    scene.box(x0, 4.55, x1, 6.35, plinth)
    scene.box(x0, 4.5, x1, 4.62, light(plinth, 1.2))
    scene.box(x0 + 0.2, 4.95, split - 0.1, 6.0, CREAM)
    scene.pane(x0 + 0.28, 5.03, split - 0.18, 5.94, dice.happens(0.75))
    for number in range(4):
        x = x0 + 0.4 + number * (split - x0 - 0.8) / 4
        goods = dice.choose(((150, 130, 120), (126, 140, 142), (170, 156, 134)))
        scene.box(x, 5.94 - dice.between(0.15, 0.45), x + 0.28, 5.94, goods)
    parts = 8
    step = (split - x0) / parts
    for number in range(parts):
        x = x0 + number * step
        colour = stripe if number % 2 else CREAM
        scene.polygon(
            [(x + 0.06, 4.68), (x + step + 0.06, 4.68), (x + step, 5.1), (x, 5.1)], colour
        )
        scene.oval(x + step / 2, 5.1, step / 2, 0.08, colour)
    if scene.is_snowy:
        scene.box(x0 + 0.05, 4.6, split + 0.05, 4.72, SNOW)
    middle, half = (split + x1) / 2, (x1 - split) * 0.28
    scene.disc(middle, 5.2, half, (70, 66, 70))
    scene.box(middle - half, 5.2, middle + half, 6.35, (70, 66, 70))


def paint_farm(scene: Scene) -> None:
    """A barn with a silo, fields in rows, bales of hay, a wooden fence."""
    growth, dice = find_growth(scene), scene.roll("farm")
    raise_hills(scene.away(0.5), HORIZON + 0.1, 2.6, growth.grass_far, scene.roll("hills", 1))
    raise_hills(scene.away(0.28), HORIZON + 0.1, 1.5, growth.grass_near, scene.roll("hills", 2))
    _field(scene, dice)
    for number in range(5):
        x = (number + dice.share()) * 4.2
        grow_tree(scene.away(0.4), x, 6.5, dice.between(1.6, 2.4), dice)
    scene.ground(growth.grass_far, growth.grass_near, 7.35)
    barn = dice.between(2.4, 5.5) if dice.happens(0.5) else dice.between(12.5, 15.5)
    _barn(scene, barn, 7.1)
    _windmill(scene.away(0.2), barn + (8 if barn < 9 else -8), 6.9)
    build_fence(scene, 7.5, 0.85, (166, 142, 116), 1.3)
    for x, y, size, _dice in scene.strew("bales", 5, 7.6, 8.4):
        _bale(scene, x, y, 0.55 * size)
    grow_tufts(scene, 60, light(growth.grass_near, 0.84), 7.6)
    strew_season(scene, 7.5)


def _field(scene: Scene, dice: Dice) -> None:
    """Furrows that run to a point far behind: green, golden, ploughed or snowed up."""
    pairs: dict[str, tuple[Rgb, Rgb]] = {
        "spring": ((148, 120, 88), (142, 190, 96)), "summer": ((226, 190, 96), (206, 166, 78)),
        "autumn": ((140, 104, 76), (118, 86, 64)), "winter": ((236, 241, 248), (206, 214, 226)),
    }  # fmt: skip
    base, row = pairs[scene.setting.season or "summer"]
    scene.away(0.1).rows(HORIZON - 0.05, 7.6, mix(base, row, 0.4), base)
    middle = dice.between(6, 14)
    for number in range(-16, 17):
        far, near = middle + number * 0.7, middle + number * 1.5
        scene.polygon([(far, 6.4), (far + 0.3, 6.4), (near + 0.7, 7.6), (near, 7.6)], row)


def _barn(scene: Scene, x: float, y: float) -> None:
    wall, roof = (164, 92, 78), (SNOW if scene.is_snowy else (112, 104, 106))
    scene.box(x - 3.0, y - 3.4, x - 2.0, y, (176, 180, 184))
    scene.box(x - 2.25, y - 3.4, x - 2.0, y, (150, 154, 160))
    scene.oval(x - 2.5, y - 3.4, 0.5, 0.42, roof)
    scene.box(x + 1.6, y - 2.0, x + 4.2, y, light(wall, 0.85))
    scene.polygon([(x + 1.2, y - 2.9), (x + 3.9, y - 2.9), (x + 4.4, y - 1.9), (x + 1.6, y - 1.9)],
                  light(roof, 0.94))  # fmt: skip
    front = [(x - 1.7, y), (x - 1.7, y - 2.1), (x - 1.2, y - 3.1), (x, y - 3.7), (x + 1.2, y - 3.1),
             (x + 1.7, y - 2.1), (x + 1.7, y)]  # fmt: skip
    scene.polygon(front, wall)
    for number in range(7):
        dx = -1.4 + number * 0.46
        scene.line([(x + dx, y - 2.2), (x + dx, y)], light(wall, 0.88), 0.04)
    scene.line(front[1:6], CREAM if not scene.is_snowy else SNOW, 0.18)
    scene.box(x - 0.8, y - 1.6, x + 0.8, y, light(wall, 0.72))
    for a, b in (((-0.8, -1.6), (0.8, 0)), ((0.8, -1.6), (-0.8, 0))):
        scene.line([(x + a[0], y + a[1]), (x + b[0], y + b[1])], CREAM, 0.09)
    frame = [(-0.8, 0), (-0.8, -1.6), (0.8, -1.6), (0.8, 0)]
    scene.line([(x + dx, y + dy) for dx, dy in frame], CREAM, 0.1)
    scene.box(x - 0.35, y - 2.75, x + 0.35, y - 2.15, CREAM)
    scene.pane(x - 0.27, y - 2.67, x + 0.27, y - 2.23, lit=True)


def _windmill(scene: Scene, x: float, y: float) -> None:
    scene.polygon([(x - 0.6, y), (x - 0.35, y - 2.6), (x + 0.35, y - 2.6), (x + 0.6, y)], CREAM)
    scene.polygon([(x - 0.45, y - 2.6), (x, y - 3.1), (x + 0.45, y - 2.6)], (128, 118, 116))
    for dx, dy in ((1.3, -0.5), (0.5, 1.3), (-1.3, 0.5), (-0.5, -1.3)):
        hub, tip = (x, y - 2.6), (x + dx, y - 2.6 + dy)
        scene.polygon([hub, tip, (tip[0] - dy * 0.22, tip[1] + dx * 0.22)], (206, 198, 184))
        scene.line([hub, tip], (140, 122, 104), 0.06)


def _bale(scene: Scene, x: float, y: float, radius: float) -> None:
    straw = (206, 178, 108)
    scene.oval(x, y, radius * 1.2, 0.14 * radius, (128, 118, 84))
    scene.box(x, y - 2 * radius, x + 1.1 * radius, y, light(straw, 0.85))
    scene.disc(x + 1.1 * radius, y - radius, radius, light(straw, 0.85))
    for share, colour in (
        (1.0, straw),
        (0.7, light(straw, 0.88)),
        (0.45, straw),
        (0.2, light(straw, 0.85)),
    ):
        scene.disc(x, y - radius, radius * share, colour)
    if scene.is_snowy:
        scene.oval(x + 0.4 * radius, y - 1.95 * radius, radius, 0.2 * radius, SNOW)


def paint_playground(scene: Scene) -> None:
    """Slide, swings, climbing dome and sandpit, with a fence and trees behind."""
    growth, dice = find_growth(scene), scene.roll("playground")
    _fronts(scene.away(0.5), scene.roll("behind"), 3.6, -1.0)
    for number in range(7):
        x = (number + dice.share()) * 3.0
        grow_tree(scene.away(0.4), x, 6.3, dice.between(2.0, 2.9), dice)
    trim_hedge(scene.away(0.12), 6.5, 1.1)
    scene.ground(growth.grass_far, growth.grass_near)
    build_fence(scene, 6.6, 0.75, (196, 186, 168), 0.5)
    mat: Rgb = (226, 226, 228) if scene.is_snowy else (206, 170, 134)
    scene.oval(10, 8.2, 9.4, 1.25, light(mat, 0.9))
    scene.oval(10, 8.2, 9.2, 1.17, mat)
    _hopscotch(scene, dice.between(5, 12), 8.7)
    places = dice.shuffle((2.6, 7.4, 12.4, 17.2))
    _slide(scene, places[0], 7.5)
    _swings(scene, places[1], 7.4)
    _dome(scene, places[2], 7.5)
    _rocker(scene, places[3], 7.5)
    _sandpit(scene, dice.between(4, 16), 9.9)
    grow_tufts(scene, 40, light(growth.grass_near, 0.86), 9.4)
    strew_season(scene, 6.7, 70)


def _hopscotch(scene: Scene, x: float, y: float) -> None:
    """Squares drawn with chalk."""
    chalk = (246, 240, 230)
    for number, twins in enumerate((False, False, True, False, True)):
        left = x + number * 0.62
        for dy in (-0.22, 0.22) if twins else (0.0,):
            corners = [(0.05, -0.2), (0.67, -0.2), (0.62, 0.2), (0.0, 0.2), (0.05, -0.2)]
            scene.line([(left + px, y + dy + py) for px, py in corners], chalk, 0.05)


def _slide(scene: Scene, x: float, y: float) -> None:
    post, chute = (98, 138, 152), (216, 168, 84)
    for dx in (-1.5, -0.7):
        scene.box(x + dx - 0.06, y - 2.6, x + dx + 0.06, y, post)
    for number in range(6):
        scene.box(x - 1.5, y - 0.3 - number * 0.3, x - 0.7, y - 0.24 - number * 0.3, post)
    scene.box(x - 1.6, y - 1.95, x - 0.5, y - 1.82, light(post, 0.8))
    scene.polygon([(x - 1.75, y - 2.6), (x - 1.1, y - 3.2), (x - 0.4, y - 2.6)],
                  SNOW if scene.is_snowy else (176, 120, 104))  # fmt: skip
    chute_line = [(x - 0.6, y - 1.9), (x + 0.9, y - 0.45), (x + 1.6, y - 0.15), (x + 2.0, y - 0.15)]
    scene.line([(px, py - 0.14) for px, py in chute_line], light(chute, 0.82), 0.2)
    scene.line(chute_line, chute, 0.16)


def _swings(scene: Scene, x: float, y: float) -> None:
    frame, chain = (104, 142, 112), (128, 128, 132)
    for foot, head in ((-2.0, -1.6), (-1.2, -1.6), (1.2, 1.6), (2.0, 1.6)):
        scene.line([(x + foot, y), (x + head, y - 2.7)], frame, 0.1)
    scene.line([(x - 1.6, y - 2.7), (x + 1.6, y - 2.7)], frame, 0.12)
    for dx in (-0.8, 0.8):
        for side in (-0.25, 0.25):
            scene.line([(x + dx + side, y - 2.7), (x + dx + side, y - 0.55)], chain, 0.04)
        scene.box(x + dx - 0.32, y - 0.6, x + dx + 0.32, y - 0.5, (150, 112, 92))
        if scene.is_snowy:
            scene.box(x + dx - 0.3, y - 0.68, x + dx + 0.3, y - 0.6, SNOW)


def _dome(scene: Scene, x: float, y: float) -> None:
    bar = (174, 112, 112)
    for share in (1.0, 0.55, 0.0):
        points = [(x + share * dx, y - dy) for dx, dy in
                  ((-1.6, 0), (-1.45, 0.75), (-0.95, 1.35), (0, 1.65))]  # fmt: skip
        scene.line(points, bar, 0.09)
        scene.line([(2 * x - px, py) for px, py in points], bar, 0.09)
    for half, up in ((1.45, 0.75), (0.95, 1.35)):
        scene.line([(x - half, y - up), (x + half, y - up)], light(bar, 0.88), 0.08)


def _rocker(scene: Scene, x: float, y: float) -> None:
    """A see-saw."""
    scene.polygon([(x - 0.3, y), (x, y - 0.6), (x + 0.3, y)], (126, 140, 150))
    scene.line([(x - 1.8, y - 0.25), (x + 1.8, y - 0.9)], (186, 150, 106), 0.16)
    for dx, dy in ((-1.5, -0.3), (1.5, -0.86)):
        scene.line([(x + dx, y + dy), (x + dx, y + dy - 0.35)], (126, 140, 150), 0.07)
        scene.line([(x + dx - 0.15, y + dy - 0.35), (x + dx + 0.15, y + dy - 0.35)],
                   (126, 140, 150), 0.07)  # fmt: skip


def _sandpit(scene: Scene, x: float, y: float) -> None:
    scene.polygon([(x - 1.7, y - 0.4), (x + 1.7, y - 0.4), (x + 2.2, y + 0.4), (x - 2.2, y + 0.4)],
                  (160, 130, 98))  # fmt: skip
    sand = SNOW if scene.is_snowy else (236, 214, 160)
    scene.polygon([(x - 1.55, y - 0.28), (x + 1.55, y - 0.28), (x + 1.95, y + 0.28),
                   (x - 1.95, y + 0.28)], sand)  # fmt: skip
    for dx in (-0.5, 0.0):
        scene.polygon([(x + dx - 0.25, y + 0.1), (x + dx - 0.16, y - 0.35),
                       (x + dx + 0.16, y - 0.35),
                       (x + dx + 0.25, y + 0.1)], light(sand, 0.88))  # fmt: skip
    grow_bush(scene, x + 3.2, y + 0.2, 0.9, scene.roll("bush"))
