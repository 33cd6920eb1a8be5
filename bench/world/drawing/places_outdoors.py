"""Outdoors places of nature: beach, forest, park, mountain, desert.

Knows nothing of people and things; what stands here is scenery in muted colours.
"""

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_outdoors_scenery import (
    BARK,
    build_windows,
    find_growth,
    grow_bush,
    grow_conifer,
    grow_tree,
    grow_tufts,
    raise_hills,
    strew_season,
)
from bench.world.drawing.places_scene import SNOW, Scene
from bench.world.plan import HORIZON, STAGE_WIDTH

STRAW = (206, 178, 122)
STONE = (156, 152, 148)


def paint_beach(scene: Scene) -> None:
    """Sea to the horizon, sand, straw parasols, a palm."""
    season = scene.setting.season
    deep = {"summer": (30, 122, 178), "winter": (104, 134, 152), "autumn": (74, 124, 146)}.get(
        season or "", (54, 148, 178)
    )
    raise_hills(scene.away(0.55), 4.75, 1.2, (110, 136, 122), scene.roll("cape"))
    scene.away(0.3).rows(4.7, 5.5, deep, deep)
    scene.away(0.12).rows(5.2, 7.1, deep, mix(deep, (130, 216, 210), 0.6))
    _waves(scene)
    sand = {"summer": (240, 214, 150), "winter": (206, 200, 186), "autumn": (214, 190, 146)}.get(
        season or "", (234, 212, 160)
    )
    scene.ground(light(sand, 0.9), sand, 7.1)
    foam = [(x * 0.5, 6.95 + 0.12 * ((x * 7) % 5 - 2) / 2) for x in range(41)]
    scene.polygon([*foam, (20, 7.3), (0, 7.3)], light(sand, 0.82))
    scene.line(foam, (250, 252, 250), 0.12)
    for x, y, size, dice in scene.strew("ripples", 26, 7.5):
        scene.oval(x, y, dice.between(0.4, 1.1) * size, 0.05 * size, light(sand, 0.93))
    for x, y, size, dice in scene.strew("shells", 22, 7.4):
        shell = dice.choose(((250, 240, 224), (226, 196, 178), (188, 170, 150)))
        scene.oval(x, y, 0.1 * size, 0.07 * size, shell)
    dice = scene.roll("parasols")
    for number in range(4):
        x = 2.2 + number * 5.0 + dice.between(-1.2, 1.2)
        y, height = dice.between(7.3, 7.8), dice.between(1.9, 2.3)
        if season == "autumn" and number != 1:
            _driftwood(scene, x, y + 0.3)
        elif season != "spring" or number % 2:
            _parasol(scene, x, y, height)
        if season == "summer" and number % 2:
            _sandcastle(scene, x + 2.2, y + 1.2)
    _palm(scene, scene.roll("palm").choose((0.9, 18.9)), 7.7)
    _dune_grass(scene)
    strew_season(scene, 7.5, 34)


def _waves(scene: Scene) -> None:
    dice = scene.roll("waves")
    for _ in range(34):
        x, y = dice.between(0, STAGE_WIDTH), dice.between(4.85, 6.8)
        long = (y - 4.2) * 0.4
        scene.line([(x, y), (x + long / 2, y - 0.03), (x + long, y)], (214, 236, 238), 0.035)


def _parasol(scene: Scene, x: float, y: float, height: float) -> None:
    """A straw roof on a pole; folded in winter."""
    scene.oval(x + 0.1, y, 0.9, 0.12, (176, 152, 112))
    scene.box(x - 0.05, y - height, x + 0.05, y, (150, 126, 98))
    top = y - height
    if scene.is_snowy:
        scene.polygon([(x, top - 0.1), (x + 0.2, top + 1.1), (x - 0.2, top + 1.1)], STRAW)
        scene.polygon([(x, top - 0.1), (x + 0.1, top + 0.3), (x - 0.1, top + 0.3)], SNOW)
        return
    scene.polygon([(x, top - 0.25), (x + 1.2, top + 0.5), (x - 1.2, top + 0.5)], STRAW)
    scene.polygon([(x, top - 0.25), (x + 1.2, top + 0.5), (x + 0.3, top + 0.5)], light(STRAW, 0.87))
    for number in range(8):
        left = x - 1.2 + number * 0.3
        fringe = [(left, top + 0.48), (left + 0.3, top + 0.48), (left + 0.15, top + 0.68)]
        scene.polygon(fringe, light(STRAW, 0.8))
    scene.box(x - 1.1, y + 0.15, x + 0.3, y + 0.36, (214, 206, 206))
    scene.box(x - 0.7, y + 0.15, x - 0.4, y + 0.36, (188, 178, 186))


def _driftwood(scene: Scene, x: float, y: float) -> None:
    scene.line([(x - 0.9, y), (x + 0.8, y - 0.16)], (150, 134, 118), 0.16)
    scene.line([(x + 0.1, y - 0.1), (x + 0.5, y - 0.5)], (150, 134, 118), 0.09)


def _sandcastle(scene: Scene, x: float, y: float) -> None:
    sand = (222, 190, 126)
    bars = [(x - 0.5, x - 0.2, y - 0.5), (x - 0.2, x + 0.2, y - 0.3), (x + 0.2, x + 0.5, y - 0.5)]
    scene.oval(x, y, 0.8, 0.12, light(sand, 0.86))
    scene.comb(bars, y, sand)
    scene.box(x - 0.13, y - 0.72, x + 0.13, y, light(sand, 0.92))
    for dx, dy in ((-0.35, -0.5), (0.35, -0.5), (0.0, -0.72)):
        top = (x + dx, y + dy - 0.28)
        scene.polygon([(x + dx - 0.18, y + dy), top, (x + dx + 0.18, y + dy)], light(sand, 0.84))


def _palm(scene: Scene, x: float, y: float) -> None:
    side = 1 if x < 10 else -1
    top = (x + side * 1.2, y - 5.2)
    trunk = [
        (x - 0.22, y), (x + side * 0.35 - 0.16, y - 2.6), (top[0] - 0.1, top[1]),
        (top[0] + 0.1, top[1]), (x + side * 0.35 + 0.18, y - 2.6), (x + 0.22, y),
    ]  # fmt: skip
    scene.polygon(trunk, (160, 132, 100))
    green = mix((74, 138, 84), find_growth(scene).leaves[0], 0.35)
    for dx, dy in ((-2.2, 0.6), (-1.7, -0.5), (-0.5, -1.0), (1.0, -0.9), (1.9, -0.2), (2.0, 0.9)):
        tip, mid = (top[0] + dx, top[1] + dy), (top[0] + dx * 0.55, top[1] + dy * 0.4 - 0.45)
        low = (mid[0], mid[1] + 0.42)
        scene.polygon([top, mid, tip, low], green if dy < 0 else light(green, 0.85))
        if scene.is_snowy:
            scene.line([top, mid, tip], SNOW, 0.1)


def _dune_grass(scene: Scene) -> None:
    blade = mix(find_growth(scene).grass_near, (150, 150, 90), 0.45)
    for x, y, size, dice in scene.strew("dunes", 9, 7.6, 11.1):
        for lean in (-0.5, -0.2, 0.1, 0.45):
            tip = (x + lean * size, y - dice.between(0.5, 0.9) * size)
            scene.polygon([(x - 0.05, y), tip, (x + 0.05, y)], blade)


def paint_forest(scene: Scene) -> None:
    """Trunk behind trunk under a roof of leaves, a floor of moss, ferns and mushrooms."""
    growth, season = find_growth(scene), scene.setting.season
    back = growth.leaves[0] if season != "winter" else (168, 178, 190)
    scene.away(0.62).box(0, 2.2, STAGE_WIDTH, HORIZON + 0.3, light(back, 0.7))
    raise_hills(scene.away(0.5), HORIZON + 0.3, 5.2, light(back, 0.7), scene.roll("mass"), 0.8)
    floor = {"autumn": (160, 118, 70), "winter": (236, 241, 248), "spring": (132, 168, 84)}
    ground = floor.get(season or "", (92, 124, 62))
    scene.ground(light(ground, 0.86), ground)
    for layer, (far, count, y, wide) in enumerate(
        ((0.5, 20, 6.5, 0.22), (0.26, 14, 6.75, 0.36), (0.0, 9, 7.15, 0.56))
    ):
        _trunks(scene.away(far), scene.roll("trunks", layer), count, y, wide)
        if season == "winter":
            _firs(scene.away(far), scene.roll("firs", layer), y, 3)
    _canopy(scene, scene.roll("canopy"))
    _shafts(scene, scene.roll("shafts"))
    for x, y, size, dice in scene.strew("litter", 60, 6.8):
        leaf = mix(ground, dice.choose(growth.leaves), 0.5)
        scene.oval(x, y, 0.16 * size, 0.06 * size, light(leaf, 0.92))
    for x, y, size, dice in scene.strew("ferns", 16, 6.9):
        _fern(scene, x, y, size * dice.between(0.5, 0.9))
    for x, y, size, _dice in scene.strew("mushrooms", 9, 7.0):
        scene.box(x - 0.04 * size, y - 0.16 * size, x + 0.04 * size, y, (226, 216, 200))
        scene.oval(x, y - 0.18 * size, 0.13 * size, 0.07 * size, (168, 104, 78))
    strew_season(scene, 6.9)


def _trunks(scene: Scene, dice: Dice, count: int, y: float, wide: float) -> None:
    for number in range(count):
        x = (number + dice.between(0.15, 0.85)) * STAGE_WIDTH / count
        w, foot = wide * dice.between(0.7, 1.25), y + dice.between(-0.1, 0.15)
        bark = light(dice.choose((BARK, (124, 104, 88), (100, 84, 72))), 0.9)
        scene.polygon(
            [(x - 0.75 * w, foot + 0.08), (x - w / 2, foot - 0.5), (x - 0.36 * w, 0),
             (x + 0.36 * w, 0), (x + w / 2, foot - 0.5), (x + 0.75 * w, foot + 0.08)], bark,
        )  # fmt: skip
        scene.polygon(
            [(x + 0.05 * w, 0), (x + 0.36 * w, 0), (x + w / 2, foot - 0.5),
             (x + 0.75 * w, foot + 0.08), (x + 0.15 * w, foot)], light(bark, 0.82),
        )  # fmt: skip
        side, high = dice.choose((-1, 1)), dice.between(2.2, 4.2)
        branch = [(x, high + 0.7), (x + side * 0.9, high), (x + side * 1.5, high - 0.5)]
        scene.line(branch, bark, 0.22 * w)
        if scene.is_snowy:
            scene.line([(px, py - 0.11 * w) for px, py in branch], SNOW, 0.09 * w)


def _firs(scene: Scene, dice: Dice, y: float, count: int) -> None:
    for number in range(count):
        x = (number + dice.between(0.1, 0.9)) * STAGE_WIDTH / count
        grow_conifer(scene, x, y, dice.between(2.2, 3.6))


def _canopy(scene: Scene, dice: Dice) -> None:
    if scene.is_snowy:
        return
    for far, low in ((0.3, 2.3), (0.0, 1.3)):
        layer = scene.away(far)
        for number in range(15):
            x, leaves = (number + dice.share()) * 1.34, dice.choose(find_growth(scene).leaves)
            y, size = low + dice.between(-0.7, 0.4), dice.between(1.0, 1.6)
            layer.box(x - size, 0, x + size, y, light(leaves, 0.8))
            layer.oval(x, y, size, 0.7 * size, light(leaves, 0.8))
            layer.oval(x - 0.2, y - 0.35, 0.7 * size, 0.45 * size, leaves)


def _shafts(scene: Scene, dice: Dice) -> None:
    """Sunlight that falls in between the trunks from the side where the sun stands."""
    side, colour = {
        "sunrise": (-1, (255, 238, 190)),
        "sunset": (1, (255, 170, 70)),
        "daylight": (0, (250, 252, 220)),
    }.get(scene.setting.time or "", (None, (0, 0, 0)))
    for _ in range(5):
        share, wide = dice.share(), dice.between(0.5, 1.2)
        if side is None or scene.is_snowy:
            continue
        top = 10 + side * 4.5 + (share - 0.5) * (11 if side else 18)
        low = top - side * 3.5 - 1.0
        shaft = [(top, 0), (top + wide, 0), (low + 1.6 * wide, 7.6), (low - 0.6 * wide, 7.6)]
        scene.brush.glaze(shaft, colour, 0.16)


def _fern(scene: Scene, x: float, y: float, size: float) -> None:
    green = {"autumn": (166, 122, 60), "winter": (150, 158, 150)}.get(
        scene.setting.season or "", (84, 142, 72)
    )
    for dx, dy in ((-0.7, 0.35), (-0.4, 0.75), (0.0, 0.9), (0.4, 0.75), (0.7, 0.35)):
        tip = (x + dx * size, y - dy * size)
        scene.polygon([(x - 0.08 * size, y), tip, (x + 0.08 * size, y)], green)


def paint_park(scene: Scene) -> None:
    """Lawns, a gravel path, a pond, round trees and a pavilion; the town far behind."""
    growth, dice = find_growth(scene), scene.roll("park")
    _skyline(scene.away(0.68), scene.roll("skyline"))
    raise_hills(scene.away(0.3), HORIZON + 0.2, 1.3, light(growth.leaves[0], 0.9), dice, 0.4)
    scene.ground(growth.grass_far, growth.grass_near)
    for number in range(3):
        y = 7.0 + number * 1.5
        scene.polygon([(0, y), (9, y - 0.3), (20, y + 0.4), (20, y + 0.7), (0, y + 0.5)],
                      light(growth.grass_far, 0.96))  # fmt: skip
    grow_tufts(scene, 40, light(growth.grass_near, 0.86))
    bend = dice.between(-2, 2)
    path = [(9 + bend, 6.45), (9.4 + bend, 6.45), (13.4 + bend, 7.4), (11.5, 8.8), (14.5, 11.3),
            (7.0, 11.3), (8.8, 8.7), (12.2 + bend, 7.4)]  # fmt: skip
    scene.polygon(path, (226, 220, 210) if scene.is_snowy else (222, 204, 170))
    _pond(scene, dice.choose((4.2, 16.2)), 7.75)
    for number in range(9):
        x = (number + dice.between(0.2, 0.8)) * STAGE_WIDTH / 9
        grow_tree(scene.away(0.14), x, dice.between(6.5, 6.95), dice.between(2.8, 4.4), dice)
    _pavilion(scene, dice.between(5.5, 7.5) if dice.happens(0.5) else dice.between(13, 15))
    for number in range(7):
        grow_bush(scene, (number + dice.share()) * 3.0, dice.between(6.7, 7.0), 1.0, dice)
    _flower_beds(scene)
    strew_season(scene, 6.7, 70)


def _skyline(scene: Scene, dice: Dice) -> None:
    x = 0.0
    while x < STAGE_WIDTH:
        wide, top = dice.between(0.8, 1.8), dice.between(2.6, 4.8)
        scene.box(x, top, x + wide, HORIZON, dice.choose(((120, 130, 146), (138, 136, 144))))
        build_windows(scene, (x, top + 0.2, x + wide, 5.6), (2, 3), dice)
        x += wide


def _pond(scene: Scene, x: float, y: float) -> None:
    water = (206, 224, 236) if scene.is_snowy else (112, 172, 196)
    scene.oval(x, y, 2.7, 0.46, (172, 160, 136))
    scene.oval(x, y, 2.55, 0.39, water)
    scene.oval(x - 0.5, y - 0.1, 1.4, 0.12, mix(water, (255, 255, 255), 0.4))
    for dx in (-2.3, -2.1, 2.2):
        scene.line([(x + dx, y + 0.1), (x + dx * 1.04, y - 0.7)], (120, 134, 84), 0.05)


def _pavilion(scene: Scene, x: float) -> None:
    cream, y = (232, 226, 212), 6.75
    scene.box(x - 1.5, y - 0.16, x + 1.5, y, (190, 184, 172))
    for dx in (-1.2, -0.45, 0.45, 1.2):
        scene.box(x + dx - 0.07, y - 2.1, x + dx + 0.07, y - 0.1, cream)
    scene.box(x - 1.25, y - 0.75, x + 1.25, y - 0.65, cream)
    roof = SNOW if scene.is_snowy else (136, 152, 146)
    scene.polygon([(x - 1.7, y - 2.1), (x, y - 3.1), (x + 1.7, y - 2.1)], roof)
    scene.box(x - 1.6, y - 2.16, x + 1.6, y - 2.02, light(cream, 0.9))


def _flower_beds(scene: Scene) -> None:
    colours: dict[str, tuple[Rgb, ...]] = {
        "spring": ((244, 206, 216), (248, 236, 190), (226, 206, 236)),
        "summer": ((222, 182, 170), (236, 220, 160), (230, 226, 220)),
        "autumn": ((196, 140, 90), (176, 120, 96)),
        "winter": (SNOW,),
    }
    petals = colours[scene.setting.season or "summer"]
    dice = scene.roll("beds")
    for x, y in ((2.6, 9.6), (17.4, 9.2), (5.2, 8.6)):
        scene.oval(x, y, 1.5, 0.26, (134, 108, 84) if not scene.is_snowy else (214, 220, 228))
        for _ in range(12):
            dx, dy = dice.between(-1.2, 1.2), dice.between(-0.2, 0.1)
            scene.disc(x + dx, y + dy, 0.12, dice.choose(petals))


def paint_mountain(scene: Scene) -> None:
    """High peaks with snow, firs, a meadow with rocks and a trodden path."""
    growth = find_growth(scene)
    for far, low, count, rock in (
        (0.5, 0.7, 4, (122, 134, 158)), (0.28, 2.0, 5, (118, 122, 134)), (0.12, 3.9, 6, None),
    ):  # fmt: skip
        dice = scene.roll("range", low)
        if rock:
            _peaks(scene.away(far), dice, (low, count), rock)
        else:
            slope = light(growth.grass_far, 0.88)
            raise_hills(scene.away(far), HORIZON + 0.3, 2.6, slope, dice, 0.4)
    dice = scene.roll("firs")
    for far, count, y, high in ((0.3, 16, 6.35, 1.3), (0.08, 11, 6.8, 2.1)):
        for number in range(count):
            x = (number + dice.share()) * STAGE_WIDTH / count
            size = high * dice.between(0.7, 1.3)
            if dice.happens(0.75):
                grow_conifer(scene.away(far), x, y + dice.between(-0.1, 0.2), size)
    scene.ground(growth.grass_far, growth.grass_near, 6.6)
    grow_tufts(scene, 40, light(growth.grass_near, 0.86), 6.9)
    bend = scene.roll("path").between(-3, 3)
    path = [(10 + bend, 6.6), (10.3 + bend, 6.6), (8.5, 8.0), (12.6, 9.6), (10.5, 11.3),
            (6.0, 11.3), (10.0, 9.6), (7.6, 8.0)]  # fmt: skip
    scene.polygon(path, mix((196, 178, 150), SNOW, 0.6 if scene.is_snowy else 0.0))
    for x, y, size, dice in scene.strew("rocks", 18, 6.9):
        _rock(scene, x, y, size * dice.between(0.25, 0.75))
    strew_season(scene, 6.9, 70)


def _peaks(scene: Scene, dice: Dice, shape: tuple[float, int], rock: Rgb) -> None:
    """A range of `shape` (height of its tops, number of peaks)."""
    low, count = shape
    gap = STAGE_WIDTH / count
    snowline = 0.62 if scene.is_snowy else 0.3 if scene.setting.season != "summer" else 0.2
    for number in dice.shuffle(range(count)):
        x, top = (number + dice.between(0.2, 0.8)) * gap, low + dice.between(-0.3, 0.9)
        half, foot = gap * dice.between(0.75, 1.0), HORIZON + 0.4
        ridge = (x + 0.12 * half, top + (foot - top) * 0.45)
        scene.polygon([(x - half, foot), (x, top), (x + half, foot)], rock)
        shadow = [(x, top), (x + half, foot), (x + 0.3 * half, foot), ridge]
        scene.polygon(shadow, light(rock, 0.8))
        w, s = half * snowline, top + (foot - top) * snowline
        cap = [(x - w, s), (x, top), (x + w, s), (x + 0.5 * w, s - 0.25), (x + 0.2 * w, s + 0.2),
               (x - 0.2 * w, s - 0.3), (x - 0.6 * w, s + 0.12)]  # fmt: skip
        scene.polygon(cap, (246, 249, 253))
        scene.polygon([(x, top), (x + w, s), (x + 0.5 * w, s - 0.25), (x + 0.2 * w, s + 0.1)],
                      (212, 222, 238))  # fmt: skip


def _rock(scene: Scene, x: float, y: float, size: float) -> None:
    s = size
    scene.polygon([(x - s, y), (x - 0.7 * s, y - 0.5 * s), (x - 0.1 * s, y - 0.75 * s),
                   (x + 0.6 * s, y - 0.5 * s), (x + s, y)], STONE)  # fmt: skip
    scene.polygon([(x + s, y), (x + 0.6 * s, y - 0.5 * s), (x + 0.1 * s, y - 0.3 * s),
                   (x + 0.2 * s, y)], light(STONE, 0.8))  # fmt: skip
    if scene.is_snowy:
        scene.polygon([(x - 0.8 * s, y - 0.4 * s), (x - 0.1 * s, y - 0.8 * s),
                       (x + 0.7 * s, y - 0.45 * s)], SNOW)  # fmt: skip
