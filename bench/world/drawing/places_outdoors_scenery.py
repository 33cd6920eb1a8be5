"""What many outdoors places share: trees, hills, houses, fences, tufts, as the season makes them.

Knows nothing of which place needs which.
"""

from dataclasses import dataclass
from math import sin, tau
from types import MappingProxyType

from bench.world.dice import Dice
from bench.world.drawing.brush import Rgb, light, mix
from bench.world.drawing.places_scene import SNOW, Scene
from bench.world.plan import STAGE_WIDTH

BARK = (112, 88, 72)
WALLS = (
    (222, 206, 184), (206, 190, 176), (190, 196, 190), (214, 196, 172), (200, 184, 188),
    (186, 194, 206), (224, 214, 196), (198, 174, 156),
)  # fmt: skip
ROOFS = ((150, 104, 88), (124, 106, 104), (112, 112, 122), (140, 116, 96))


@dataclass(frozen=True)
class Growth:
    """What grows in a season."""

    grass_far: Rgb
    grass_near: Rgb
    leaves: tuple[Rgb, ...]
    needles: Rgb
    blossom: Rgb | None


GROWTHS = MappingProxyType(
    {
        "spring": Growth(
            (162, 214, 122), (122, 196, 84), ((140, 200, 96), (160, 210, 110), (248, 208, 222)),
            (88, 142, 92), (250, 222, 232),
        ),
        "summer": Growth(
            (150, 176, 88), (112, 150, 58), ((62, 122, 58), (76, 134, 60), (54, 108, 62)),
            (48, 100, 72), None,
        ),
        "autumn": Growth(
            (190, 166, 96), (164, 134, 70), ((212, 126, 50), (186, 96, 48), (222, 170, 70)),
            (78, 104, 72), None,
        ),
        "winter": Growth(
            (230, 237, 246), (244, 247, 252), ((150, 132, 120),), (76, 108, 100), None
        ),
    }
)  # fmt: skip


def find_growth(scene: Scene) -> Growth:
    """What grows in the scene's season."""
    return GROWTHS[scene.setting.season or "summer"]


def grow_tree(scene: Scene, x: float, y: float, height: float, dice: Dice) -> None:
    """A leafy tree whose foot stands at (x, y); bare in winter."""
    leaves, lean = dice.choose(find_growth(scene).leaves), dice.between(-0.06, 0.06) * height
    thick = 0.045 * height
    trunk = [
        (x - thick, y), (x - thick * 0.6 + lean, y - height * 0.6),
        (x + thick * 0.6 + lean, y - height * 0.6), (x + thick, y),
    ]  # fmt: skip
    bark = light(BARK, 0.8) if scene.is_snowy else BARK
    scene.oval(x, y, 0.3 * height, 0.035 * height, light(find_growth(scene).grass_near, 0.8))
    scene.polygon(trunk, bark)
    if scene.is_snowy:
        _bare_crown(scene, x + lean, y, height, bark)
        return
    r, cx, cy = height * 0.22, x + lean, y - height * 0.66
    dark, pale = light(leaves, 0.8), mix(leaves, (255, 246, 190), 0.22)
    for dx, dy, size, colour in (
        (-0.9, 0.35, 0.9, dark), (0.9, 0.4, 0.9, dark), (0.0, 0.1, 1.25, dark),
        (-0.6, -0.35, 1.0, leaves), (0.6, -0.3, 1.0, leaves), (0.0, -0.75, 0.85, leaves),
        (-0.45, -0.7, 0.5, pale), (0.15, -0.95, 0.42, pale),
    ):  # fmt: skip
        scene.disc(cx + dx * r, cy + dy * r, size * r, colour)
    if scene.setting.season == "spring":
        for dx, dy in ((-1.1, 0.2), (-0.3, -0.5), (0.7, -0.5), (1.0, 0.5), (0.1, 0.3)):
            scene.disc(cx + dx * r, cy + dy * r, 0.14 * r, (255, 236, 242))


def _bare_crown(scene: Scene, x: float, y: float, height: float, bark: Rgb) -> None:
    fork = y - height * 0.45
    for side, up in ((-0.3, 0.92), (0.26, 0.96), (-0.12, 1.0), (0.36, 0.74), (-0.38, 0.7)):
        end = (x + side * height, y - up * height)
        middle = (x + side * height * 0.35, fork - (up - 0.45) * height * 0.5)
        scene.line([(x, fork), middle, end], bark, 0.028 * height)
        lifted = [(px, py - 0.018 * height) for px, py in (middle, end)]
        scene.line(lifted, SNOW, 0.014 * height)


def grow_conifer(scene: Scene, x: float, y: float, height: float) -> None:
    """A fir whose foot stands at (x, y), snowed up in winter."""
    needles = find_growth(scene).needles
    scene.box(x - 0.04 * height, y - 0.14 * height, x + 0.04 * height, y, BARK)
    for share, wide in ((0.1, 0.3), (0.35, 0.24), (0.6, 0.17)):
        low, top = y - share * height, y - min(1.0, share + 0.42) * height
        half = wide * height
        scene.polygon([(x - half, low), (x, top), (x + half, low)], needles)
        scene.polygon([(x, low), (x, top), (x + half, low)], light(needles, 0.84))
        if scene.is_snowy:
            cut = top + (low - top) * 0.55
            scene.polygon([(x - half * 0.5, cut), (x, top), (x + half * 0.5, cut)], SNOW)


def grow_bush(scene: Scene, x: float, y: float, size: float, dice: Dice) -> None:
    """A low round bush, half as high as wide."""
    leaves = light(dice.choose(find_growth(scene).leaves), 0.92)
    for dx, rx, ry in ((-0.3, 0.32, 0.34), (0.3, 0.32, 0.3), (0.0, 0.36, 0.46)):
        scene.oval(x + dx * size, y - ry * size * 0.8, rx * size, ry * size, leaves)
    if scene.is_snowy:
        scene.oval(x, y - 0.62 * size, 0.3 * size, 0.16 * size, SNOW)


def raise_hills(
    scene: Scene, base: float, height: float, colour: Rgb, dice: Dice, step: float = 0.5
) -> list[tuple[float, float]]:
    """Rolling hills above `base`; returns their upper edge."""
    waves = [(dice.between(0.6, 1.0), dice.share() * tau, n) for n in (1, 2, 5)]
    edge = []
    for number in range(round(STAGE_WIDTH / step) + 1):
        x = number * step
        lift = sum(w / n * sin(tau * n * x / STAGE_WIDTH * 0.9 + phase) for w, phase, n in waves)
        edge.append((x, base - height * (0.5 + 0.3 * lift)))
    scene.polygon([(0, base), *edge, (STAGE_WIDTH, base)], colour)
    return edge


def grow_tufts(scene: Scene, count: int, colour: Rgb, top: float = 6.8) -> None:
    """Tufts of grass all over the ground."""
    for x, y, size, dice in scene.strew("tufts", count, top):
        s = size * dice.between(0.12, 0.22)
        scene.polygon(
            [(x - s, y), (x - s * 0.8, y - s), (x - s * 0.3, y - 0.3 * s), (x, y - 1.3 * s),
             (x + s * 0.3, y - 0.3 * s), (x + s * 0.9, y - 0.9 * s), (x + s * 0.9, y)], colour,
        )  # fmt: skip


def strew_season(scene: Scene, top: float = 6.7, count: int = 46) -> None:
    """What the season lets lie on any ground: flowers, leaves, patches of snow."""
    season = scene.setting.season
    for x, y, size, dice in scene.strew("season", count, top):
        s = size * dice.between(0.7, 1.2)
        if season == "winter" and dice.happens(0.5):
            scene.oval(x, y, 0.8 * s, 0.14 * s, SNOW)
        elif season == "autumn":
            leaf = dice.choose(((204, 112, 44), (172, 84, 44), (220, 166, 64)))
            scene.oval(x, y, 0.13 * s, 0.06 * s, leaf)
        elif season == "spring":
            petal = dice.choose(((255, 226, 236), (246, 182, 206), (250, 232, 150)))
            scene.disc(x, y, 0.07 * s, petal)


def grow_ivy(
    scene: Scene, area: tuple[float, float, float, float], dice: Dice, thick: float = 0.3
) -> None:
    """Leaves that climb up one edge of a wall (x0, y0, x1, y1) and along its top."""
    x0, y0, x1, y1 = area
    colours = (SNOW, (150, 136, 124)) if scene.is_snowy else find_growth(scene).leaves
    steps = max(2, round((y1 - y0) / (1.3 * thick)))
    for number in range(steps):
        y = y1 - (number + 0.5) * (y1 - y0) / steps
        wide = thick * dice.between(0.7, 1.3) * (1.2 - number / steps / 2)
        scene.oval(x0 + 0.6 * wide, y, wide, 0.9 * thick, dice.choose(colours))
    along = max(1, round((x1 - x0) / (1.6 * thick)))
    for number in range(along):
        x = x0 + (number + 0.5) * (x1 - x0) / along
        scene.oval(x, y0, thick, 0.5 * thick * dice.between(0.7, 1.3), dice.choose(colours))


def trim_hedge(scene: Scene, y: float, height: float) -> None:
    """A clipped hedge across the stage, in the season's colours."""
    growth = find_growth(scene)
    leaves = growth.leaves[0] if not scene.is_snowy else (128, 122, 116)
    scene.box(0, y - height, STAGE_WIDTH, y, light(leaves, 0.86))
    dice = scene.roll("hedge", y)
    for number in range(28):
        x, colour = (number + dice.share()) * 0.73, dice.choose(growth.leaves)
        top = y - height * dice.between(0.1, 0.9)
        scene.oval(x, top, 0.4, 0.14, light(SNOW if scene.is_snowy else colour, 0.96))
    if scene.is_snowy:
        scene.box(0, y - height - 0.08, STAGE_WIDTH, y - height + 0.1, SNOW)


def build_fence(scene: Scene, y: float, height: float, colour: Rgb, gap: float = 0.9) -> None:
    """A fence of posts and two rails across the stage, standing at `y`."""
    for share in (0.85, 0.45):
        top = y - share * height
        scene.box(0, top, STAGE_WIDTH, top + 0.14 * height, light(colour, 0.92))
        if scene.is_snowy:
            scene.box(0, top - 0.07 * height, STAGE_WIDTH, top + 0.02, SNOW)
    for number in range(int(STAGE_WIDTH / gap) + 1):
        x = (number + 0.5) * gap
        scene.box(x - 0.07, y - height, x + 0.07, y, colour)


def build_roof(scene: Scene, x0: float, x1: float, base: float, height: float, colour: Rgb) -> None:
    """A gabled roof seen from its long side; white in winter."""
    over, inset = 0.15, min(0.6, (x1 - x0) * 0.2)
    shape = [
        (x0 - over, base), (x0 + inset, base - height), (x1 - inset, base - height),
        (x1 + over, base),
    ]  # fmt: skip
    scene.polygon(shape, SNOW if scene.is_snowy else colour)
    scene.box(x0 - over, base - 0.06, x1 + over, base + 0.06, light(colour, 0.8))


def build_windows(
    scene: Scene, area: tuple[float, float, float, float], counts: tuple[int, int], dice: Dice
) -> None:
    """Columns x rows of windows within (x0, y0, x1, y1); in the dark some are lit."""
    x0, y0, x1, y1 = area
    wide, high = (x1 - x0) / counts[0], (y1 - y0) / counts[1]
    for row in range(counts[1]):
        for column in range(counts[0]):
            lit = dice.happens(0.55)
            left, top = x0 + (column + 0.24) * wide, y0 + (row + 0.2) * high
            right, low = left + 0.52 * wide, top + 0.62 * high
            if not scene.brush.sees(left - 0.1, top - 0.1, right + 0.1, low + 0.2):
                continue
            scene.box(left - 0.07, top - 0.07, right + 0.07, low + 0.07, (238, 234, 224))
            scene.pane(left, top, right, low, lit)
            if scene.far > 0.25:
                continue
            middle = (left + right) / 2
            scene.box(middle - 0.02, top, middle + 0.02, low, (232, 228, 218))
            sill = SNOW if scene.is_snowy else (176, 166, 156)
            scene.box(left - 0.12, low + 0.05, right + 0.12, low + 0.14, sill)
