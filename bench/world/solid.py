"""Which parts of things and people hide what lies behind them; the rest of their boxes is air.

A few rectangles for each, measured once on drawings. Knows nothing of the camera.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bench.world.figure import SKULL_BACK, Figure
from bench.world.plan import Look
from bench.world.poses import Spot
from bench.world.staging import Piece, StageBox, StagedPerson
from bench.world.truth import Box

WHOLE: tuple[Box, ...] = ((0.0, 0.0, 1.0, 1.0),)
_ROUND: tuple[Box, ...] = ((0.3, 0.0, 0.7, 1.0), (0.1, 0.1, 0.9, 0.9), (0.0, 0.3, 1.0, 0.7))
_RAILS: tuple[Box, ...] = ((0.03, 0.0, 0.24, 1.0), (0.76, 0.0, 0.97, 1.0))
_RUNGS = ((0.1, 0.15), (0.22, 0.3), (0.36, 0.45), (0.5, 0.56), (0.65, 0.7), (0.78, 0.85))

# As shares of the box of a thing that faces right.
SOLID: MappingProxyType[str, tuple[Box, ...]] = MappingProxyType(
    {
        "car": ((0.25, 0.0, 0.75, 0.45), (0.0, 0.45, 1.0, 0.9)),
        "bus": ((0.0, 0.0, 1.0, 0.9),),
        "truck": ((0.0, 0.0, 0.75, 0.9), (0.75, 0.3, 1.0, 0.95)),
        "bicycle": ((0.2, 0.25, 0.8, 0.75),),
        "motorcycle": ((0.55, 0.0, 0.8, 0.35), (0.05, 0.35, 0.95, 0.9)),
        "boat": ((0.3, 0.15, 0.6, 0.75), (0.1, 0.45, 0.8, 0.75), (0.05, 0.75, 0.95, 0.95)),
        "airplane": ((0.0, 0.0, 0.15, 0.5), (0.35, 0.15, 0.55, 1.0), (0.05, 0.3, 1.0, 0.7)),
        "tractor": ((0.1, 0.0, 0.6, 0.5), (0.05, 0.4, 1.0, 0.95)),
        "dog": ((0.65, 0.05, 0.95, 0.55), (0.1, 0.35, 0.75, 0.95)),
        "cat": ((0.6, 0.1, 1.0, 0.65), (0.1, 0.45, 0.7, 0.95)),
        "horse": ((0.6, 0.05, 0.95, 0.35), (0.05, 0.35, 0.75, 0.75)),
        "cow": ((0.7, 0.1, 1.0, 0.55), (0.05, 0.25, 0.75, 0.85)),
        "sheep": ((0.05, 0.05, 0.95, 0.7), (0.2, 0.7, 0.75, 0.9)),
        "bird": ((0.25, 0.25, 0.85, 0.95), (0.0, 0.55, 0.25, 0.75)),
        "duck": ((0.55, 0.0, 0.85, 0.5), (0.05, 0.5, 0.8, 0.9)),
        "rabbit": ((0.5, 0.0, 0.85, 0.5), (0.05, 0.5, 0.85, 1.0)),
        "butterfly": ((0.05, 0.1, 0.95, 0.95),),
        "chair": ((0.0, 0.0, 0.45, 0.95), (0.45, 0.5, 1.0, 0.7), (0.75, 0.7, 1.0, 1.0)),
        "table": ((0.0, 0.0, 1.0, 0.35), (0.05, 0.35, 0.25, 1.0), (0.75, 0.35, 0.95, 1.0)),
        "sofa": ((0.0, 0.0, 1.0, 0.9),),
        "lamp": ((0.1, 0.0, 0.9, 0.45), (0.45, 0.45, 0.55, 1.0)),
        "television": ((0.0, 0.15, 1.0, 0.95),),
        "bed": ((0.0, 0.35, 1.0, 0.85),),
        "ball": _ROUND,
        "bag": ((0.3, 0.0, 0.7, 0.15), (0.05, 0.35, 0.95, 0.7), (0.0, 0.7, 1.0, 1.0)),
        "umbrella": ((0.05, 0.1, 0.95, 0.5),),
        "book": ((0.0, 0.05, 0.8, 0.9), (0.8, 0.1, 1.0, 0.5)),
        "glass": ((0.05, 0.1, 0.9, 1.0),),
        "cup": ((0.1, 0.0, 0.7, 1.0), (0.7, 0.1, 0.95, 0.75)),
        "guitar": ((0.0, 0.1, 0.6, 0.9), (0.6, 0.4, 1.0, 0.6)),
        "camera": ((0.4, 0.0, 0.7, 0.1), (0.0, 0.1, 1.0, 1.0)),
        "flower": ((0.1, 0.05, 0.9, 0.45), (0.3, 0.45, 0.65, 0.85)),
        "balloon": ((0.05, 0.0, 0.95, 0.4),),
        "suitcase": ((0.0, 0.15, 1.0, 0.95),),
        "clock": _ROUND,
        "tree": ((0.05, 0.05, 0.95, 0.65), (0.4, 0.65, 0.6, 1.0)),
        "bush": ((0.1, 0.15, 0.85, 1.0), (0.0, 0.45, 1.0, 0.85)),
        "flowerpot": ((0.1, 0.15, 0.9, 0.65), (0.2, 0.65, 0.8, 1.0)),
        "tent": ((0.25, 0.0, 0.9, 0.55), (0.05, 0.55, 0.95, 1.0)),
        "bench": ((0.0, 0.0, 1.0, 0.75), (0.05, 0.75, 0.2, 1.0), (0.8, 0.75, 0.95, 1.0)),
        "mailbox": ((0.05, 0.05, 0.95, 0.9),),
        "fountain": ((0.2, 0.3, 0.8, 0.5), (0.4, 0.5, 0.6, 0.65), (0.0, 0.65, 1.0, 1.0)),
        "street lamp": ((0.1, 0.05, 0.9, 0.3), (0.35, 0.3, 0.65, 1.0)),
        "robot": ((0.2, 0.1, 0.8, 1.0), (0.05, 0.4, 0.95, 0.7)),
        "ladder": (*_RAILS, *((0.24, top, 0.76, bottom) for top, bottom in _RUNGS)),
        "cake": ((0.2, 0.3, 0.8, 0.55), (0.05, 0.55, 0.95, 0.95)),
        "snowman": ((0.3, 0.0, 0.7, 0.4), (0.15, 0.4, 0.85, 0.95)),
    }
)

# How far hair stands out from the skull: upwards, to both sides, backwards in a profile, in
# halves of the head's height.
HAIR = MappingProxyType(
    {
        "bald": (0.0, 0.0, 0.0),
        "short": (0.1, 0.1, 0.15),
        "curly": (0.3, 0.35, 0.4),
        "long": (0.15, 0.28, 0.35),
        "ponytail": (0.15, 0.2, 0.3),
        "bun": (0.25, 0.1, 0.2),
        "bob": (0.15, 0.3, 0.35),
        "spiky": (0.35, 0.2, 0.3),
    }
)
HAT_UP = 0.25
CORNER = 0.7  # how much of a head's width and height is left where it is round

# Half as thick as parts of a body are, in shares of its height.
SIDE, THIGH, SHANK, ARM, HAND = 0.058, 0.047, 0.037, 0.034, 0.027
SEAT = 1.12  # the trunk's end, from the shoulders (0) to the hips (1)


def find_solid(piece: Piece, looks: Mapping[str, Look]) -> tuple[StageBox, ...]:
    """What of a thing or a person hides what lies behind, in metres; always as many boxes.

    Raises:
        KeyError: a person has no look.
    """
    if isinstance(piece, StagedPerson):
        figure = piece.figure
        return (*_find_head(figure, looks[piece.id]), *_find_trunk(figure), *_find_limbs(figure))
    x0, y0, x1, y1 = piece.box
    wide, high = x1 - x0, y1 - y0
    parts = SOLID.get(piece.plan.kind, WHOLE)
    if piece.plan.facing == "left":
        parts = tuple((1 - right, top, 1 - left, bottom) for left, top, right, bottom in parts)
    return tuple(
        (x0 + left * wide, y0 + top * high, x0 + right * wide, y0 + bottom * high)
        for left, top, right, bottom in parts
    )


def _find_head(figure: Figure, look: Look) -> Iterator[StageBox]:
    """A head with its hair: a cross of two boxes, as it is round."""
    (x, y), build, size = figure.joints.head, figure.build, figure.height
    half = build.head_high * size
    up, side, back = HAIR[look.hair]
    up = max(up, HAT_UP) if look.hat != "none" else up
    ahead = behind = build.head_wide * size + side * half
    if figure.view in ("left", "right"):
        ahead, behind = half, (SKULL_BACK + back) * half
    left, right = (behind, ahead) if figure.forward > 0 else (ahead, behind)
    top = (1 + up) * half
    yield x - left, y - CORNER * top, x + right, y + CORNER * half
    yield x - CORNER * left, y - top, x + CORNER * right, y + half


def _find_trunk(figure: Figure) -> Iterator[StageBox]:
    build, (nx, ny), (hx, hy) = figure.build, figure.joints.neck, figure.joints.hips
    is_profile = figure.view in ("left", "right")
    half = SIDE if is_profile else (build.shoulder_wide + build.hip_wide) / 2
    seat = nx + (hx - nx) * SEAT, ny + (hy - ny) * SEAT
    yield from _follow((nx, ny), seat, half * figure.height)


def _find_limbs(figure: Figure) -> Iterator[StageBox]:
    """Each no wider than it is: raised arms hide no more than themselves."""
    joints, size = figure.joints, figure.height
    for hip, knee, foot in (
        (joints.hip_a, joints.knee_a, joints.foot_a),
        (joints.hip_b, joints.knee_b, joints.foot_b),
    ):
        yield from _follow(hip, knee, THIGH * size)
        yield from _follow(knee, foot, SHANK * size)
    for shoulder, elbow, (x, y) in (
        (joints.shoulder_a, joints.elbow_a, joints.hand_a),
        (joints.shoulder_b, joints.elbow_b, joints.hand_b),
    ):
        yield from _follow(shoulder, elbow, ARM * size)
        yield from _follow(elbow, (x, y), ARM * size)
        half = HAND * size
        yield x - half, y - half, x + half, y + half


def _follow(start: Spot, end: Spot, half: float) -> Iterator[StageBox]:
    """Two boxes along a stick that is `half` thick on each side."""
    (x0, y0), (x1, y1) = start, end
    long = max(abs(y1 - y0) / 4, half)
    for share in (0.25, 0.75):
        x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
        yield x - half, y - long, x + half, y + long
