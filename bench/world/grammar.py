"""The grammar of films: lengths of shots, transitions, flaws, fast motion, copies of shots.

Knows nothing of what a shot shows.
"""

from dataclasses import dataclass, replace

from bench.world.cameras import keep_inside
from bench.world.dice import Dice
from bench.world.plan import FRAME_MS, Camera, Picture, Transition, Window
from bench.world.words import FLAWS

SHORTEST_MS, LONGEST_MS, MEAN_MS = 1_200, 8_000, 3_300
LONG_TAKE_MS = (12_000, 20_000)
TRANSITION_WEIGHTS = {"cut": 80.0, "dissolve": 9.0, "fade": 6.0, "flash": 6.0}
BORDER_WEIGHTS = {"cut": 58.0, "dissolve": 21.0, "fade": 18.0, "flash": 3.0}  # between scenes
TRANSITION_MS = {"dissolve": (400, 960), "fade": (400, 960), "flash": (160, 160)}
FLAW, FAST, SPLIT, COPY, LONG_TAKE = 0.04, 0.045, 0.035, 0.1, 0.12  # chances


@dataclass(frozen=True)
class Style:
    """How a shot is made, whatever it shows."""

    tempo: float = 1.0
    is_split: bool = False
    flaws: tuple[str, ...] = ()
    is_copy: bool = False


def share_out(dice: Dice, total_ms: int, count: int, spread: float) -> list[int]:
    """So many lengths that sum up to about a total, the longest `1 + spread` times the shortest."""
    weights = [1 + spread * dice.share() for _ in range(count)]
    return [whole_frames(total_ms * weight / sum(weights)) for weight in weights]


def cut_scene(dice: Dice, total_ms: int) -> list[int]:
    """Lengths of a scene's shots, at least four: many short, few long, now and then a long take."""
    lengths: list[int] = []
    if total_ms > 30_000 and dice.happens(LONG_TAKE):
        lengths.append(whole_frames(dice.between(*LONG_TAKE_MS)))
    left = total_ms - sum(lengths)
    count = max(4, round(left / MEAN_MS / dice.between(0.85, 1.15)))
    weights = [0.4 + 2.4 * dice.share() ** 2 for _ in range(count)]
    for weight in weights:
        length = left * weight / sum(weights)
        lengths.append(whole_frames(min(max(length, SHORTEST_MS), LONGEST_MS)))
    while total_ms - sum(lengths) >= SHORTEST_MS:  # what was cut off the longest
        lengths.append(whole_frames(min(total_ms - sum(lengths), MEAN_MS)))
    return dice.shuffle(lengths)


def choose_style(dice: Dice) -> Style:
    """The style of a shot that is no title."""
    flaws = tuple(flaw for flaw in FLAWS if dice.happens(FLAW))
    if dice.happens(COPY):
        return Style(is_copy=True)
    if dice.happens(FAST):
        return Style(tempo=dice.choose((2.0, 3.0)), flaws=flaws)
    return Style(is_split=dice.happens(SPLIT), flaws=flaws)


def choose_transition(dice: Dice, shorter_ms: int, *, is_border: bool) -> Transition:
    """How to come into a shot; the shorter of the two shots is at least three times as long."""
    kind = dice.weigh(BORDER_WEIGHTS if is_border else TRANSITION_WEIGHTS)
    if kind == "cut":
        return Transition()
    shortest, longest = TRANSITION_MS[kind]
    # Halves lie on both sides of the border: an even number of frames.
    pairs = int(min(longest, shorter_ms / 3)) // (2 * FRAME_MS)
    lowest = shortest // (2 * FRAME_MS)
    if pairs < lowest:
        return Transition()
    return Transition(kind, dice.whole(lowest, pairs) * 2 * FRAME_MS)


def copy_picture(dice: Dice, picture: Picture) -> Picture:
    """The same picture once more, the camera moved by a hand's breadth."""
    aside = dice.between(-0.04, 0.04), dice.between(-0.02, 0.02)
    camera = picture.camera
    start, end = (_nudge(window, aside) for window in (camera.start, camera.end))
    moved = Camera(start, end, camera.move, camera.shake)
    return replace(picture, camera=moved)


def whole_frames(length_ms: float) -> int:
    """The next multiple of a frame's length."""
    return round(length_ms / FRAME_MS) * FRAME_MS


def _nudge(window: Window, aside: tuple[float, float]) -> Window:
    x, y = window.x + aside[0] * window.height, window.y + aside[1] * window.height
    return keep_inside(x, y, window.height)
