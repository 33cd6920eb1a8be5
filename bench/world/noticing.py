"""Who and what in a shot is seen large enough, long enough and uncovered enough to be named.

Knows nothing of looks, deeds and wordings, and of a shot only what its truth says.
"""

import math
from collections.abc import Sequence
from types import MappingProxyType

from bench.world.plan import HEIGHT, WIDTH
from bench.world.truth import BOX_STEP_MS, Box, SeenPerson, SeenThing, ShotTruth
from bench.world.words import SHOT_SIZES

LEAST_PX = 8.0  # the square root of the area of what is named
LEAST_VISIBLE = 0.35  # of all of it
LEAST_TIME = 0.3  # share of the shot in which something is seen
LARGE = 0.1  # of the frame: what fills so much is named, however little that is of it
NAMED_FACE_PX = 12.0  # how wide a face is whose person is named by it alone
# How much of a person's height is in the frame, hardly ever more, by shot size; else all of it.
MOST_SEEN = MappingProxyType(
    dict(zip(SHOT_SIZES, (0.27, 0.27, 0.39, 0.5, 0.68, 0.87), strict=False))
)


def is_person_noticed(seen: SeenPerson, shot: ShotTruth) -> bool:
    """Whether a person can be named: by its body, by its face, or because it fills the frame."""
    most = MOST_SEEN.get(seen.shot_size, 1.0)
    clear = [
        box
        for box, visible in zip(seen.track.boxes, seen.track.visible, strict=True)
        if visible >= LEAST_VISIBLE or visible * _measure(box) / most >= LARGE
    ]
    faces = [box for box in seen.face.boxes if (box[2] - box[0]) * WIDTH >= NAMED_FACE_PX]
    return _is_enough(clear, shot) or _is_enough(faces, shot)


def is_thing_noticed(thing: SeenThing, shot: ShotTruth) -> bool:
    """Whether a thing can be named: by most of it, or because what the frame cuts off fills it."""
    return _is_enough(
        [
            box
            for box, visible in zip(thing.track.boxes, thing.track.visible, strict=True)
            if visible >= LEAST_VISIBLE or (_is_cut_off(box, shot) and _measure(box) >= LARGE)
        ],
        shot,
    )


def measure_px(boxes: Sequence[Box]) -> float:
    """The square root of the largest area among boxes, in pixels; 0 without boxes."""
    return math.sqrt(max(map(_measure, boxes), default=0.0) * WIDTH * HEIGHT)


def find_side(boxes: Sequence[Box]) -> str | None:
    """Left, middle or right of the frame; None for what crosses from one to another."""
    middles = [(box[0] + box[2]) / 2 for box in boxes]
    if not middles or max(middles) - min(middles) > 0.2:
        return None
    mean = sum(middles) / len(middles)
    return "left" if mean < 0.36 else "right" if mean > 0.64 else "middle"


def find_half(boxes: Sequence[Box], shot: ShotTruth) -> int:
    """The picture of a shot in which something is: the second, 1, is the right half of a split."""
    return int(shot.is_split and bool(boxes) and boxes[0][0] >= 0.5)


def _is_enough(boxes: Sequence[Box], shot: ShotTruth) -> bool:
    lasts_ms = max(1, shot.end_ms - shot.start_ms)
    is_long = len(boxes) * BOX_STEP_MS >= LEAST_TIME * lasts_ms
    return is_long and measure_px(boxes) >= LEAST_PX


def _measure(box: Box) -> float:
    """The share of the frame that a box covers."""
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_cut_off(box: Box, shot: ShotTruth) -> bool:
    left, top, right, bottom = box
    inner = shot.is_split and 0.5 in (left, right)
    return left <= 0.0 or top <= 0.0 or right >= 1.0 or bottom >= 1.0 or inner
