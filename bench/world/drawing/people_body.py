"""Bodies in their clothes: trunk, arms, legs. Knows nothing of heads and of actions."""

from bench.world.drawing.brush import Brush, Rgb
from bench.world.drawing.people_colours import Palette
from bench.world.drawing.people_trunk import Trunk, trim_trunk
from bench.world.figure import Figure
from bench.world.plan import Clothes
from bench.world.poses import Spot

SHORT_SLEEVES = ("shirt", "dress")


def draw_arm(brush: Brush, figure: Figure, clothes: Clothes, side: str, palette: Palette) -> None:
    """An arm with its sleeve and hand; `side` is "a" or "b", and "b" lies in shadow in profiles."""
    joints, size = figure.joints, figure.height
    shoulder, elbow, hand = (
        (joints.shoulder_a, joints.elbow_a, joints.hand_a)
        if side == "a"
        else (joints.shoulder_b, joints.elbow_b, joints.hand_b)
    )
    if not _sees(brush, (shoulder, elbow, hand), 0.04 * size):
        return
    far = side == "b" and figure.view in ("left", "right")
    top = palette.top_shade if far else palette.top
    thick = (0.07 if clothes.top in ("coat", "jumper", "suit") else 0.062) * size
    if clothes.top in SHORT_SLEEVES:
        brush.line(
            (_part(shoulder, elbow, 0.6), elbow, hand),
            palette.shade if far else palette.skin,
            0.046 * size,
        )
        brush.line((shoulder, _part(shoulder, elbow, 0.62)), top, thick)
    else:
        sleeve = shoulder, elbow, _part(elbow, hand, 0.84)
        if not far and figure.view in ("left", "right"):
            brush.line(sleeve, palette.top_shade, thick + 0.014 * size)
        brush.line(sleeve, top, thick)
    brush.disc(*hand, 0.03 * size, palette.shade if far else palette.skin)


def draw_leg(brush: Brush, figure: Figure, clothes: Clothes, side: str, palette: Palette) -> None:
    """A leg with its trousers and shoe."""
    joints, size = figure.joints, figure.height
    hip, knee, foot = (
        (joints.hip_a, joints.knee_a, joints.foot_a)
        if side == "a"
        else (joints.hip_b, joints.knee_b, joints.foot_b)
    )
    if not _sees(brush, (hip, knee, foot), 0.09 * size):
        return
    profile = figure.view in ("left", "right")
    far = side == "b" and profile
    cloth = palette.bottom_shade if far else palette.bottom
    skin = palette.shade if far else palette.skin
    end = foot if profile else (foot[0], foot[1] - 0.025 * size)
    thick = 0.084 if profile else 0.076
    if clothes.bottom == "trousers":
        brush.limb(hip, knee, 0.1 * size, thick * size, cloth)
        brush.limb(knee, end, thick * size, 0.066 * size, cloth)
    elif clothes.bottom == "shorts":
        brush.line((knee, end), skin, 0.056 * size)
        brush.limb(hip, _part(hip, knee, 0.86), 0.1 * size, 0.09 * size, cloth)
    else:
        brush.line((hip, knee, end), skin, 0.056 * size)
    _draw_shoe(brush, figure, foot, palette.shoe)


def _draw_shoe(brush: Brush, figure: Figure, foot: Spot, colour: Rgb) -> None:
    size, (x, y) = figure.height, foot
    if figure.view in ("left", "right"):
        ahead = figure.forward * size
        sole = y + 0.03 * size
        shape = (
            (x - 0.034 * ahead, sole), (x - 0.034 * ahead, sole - 0.035 * size),
            (x + 0.02 * ahead, sole - 0.045 * size), (x + 0.07 * ahead, sole - 0.024 * size),
            (x + 0.08 * ahead, sole),
        )  # fmt: skip
        brush.polygon(shape, colour)
    else:
        brush.oval(x, y - 0.02 * size, 0.036 * size, 0.02 * size, colour)


def draw_trunk(brush: Brush, figure: Figure, clothes: Clothes, palette: Palette) -> None:
    """The trunk with its clothes, and the neck."""
    size, joints = figure.height, figure.joints
    wide = figure.build.shoulder_wide * size
    box = (
        joints.neck[0] - wide * 2,
        joints.head[1],
        joints.neck[0] + wide * 2,
        joints.hips[1] + 0.3 * size,
    )
    if not brush.sees(*box):
        return
    brush.line((joints.head, joints.neck), palette.shade, 0.065 * size)
    trunk = Trunk(figure)
    if clothes.bottom == "skirt":
        trunk.draw_skirt(brush, palette.bottom, 0.85)
    elif clothes.bottom in ("trousers", "shorts"):
        trunk.draw_seat(brush, palette.bottom)
    if clothes.top == "dress":
        trunk.draw_skirt(brush, palette.top, 1.05)
    brush.polygon(trunk.trace(), palette.top)
    if clothes.top == "coat":
        trunk.draw_skirt(brush, palette.top, 0.62)
    if size * brush.scale > 45:
        trim_trunk(brush, trunk, clothes.top, palette)


def _sees(brush: Brush, spots: tuple[Spot, Spot, Spot], margin: float) -> bool:
    (ax, ay), (bx, by), (cx, cy) = spots
    return brush.sees(
        min(ax, bx, cx) - margin, min(ay, by, cy) - margin,
        max(ax, bx, cx) + margin, max(ay, by, cy) + margin,
    )  # fmt: skip


def _part(a: Spot, b: Spot, share: float) -> Spot:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
