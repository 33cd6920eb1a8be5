"""Where the camera stands: windows on the stage for each of the nine shot sizes, and its moves.

Sizes follow how much of the main person is seen, from the top of the head down. Knows nothing of
what the person does.
"""

from dataclasses import dataclass

from bench.world.dice import Dice
from bench.world.plan import STAGE_HEIGHT, STAGE_WIDTH, Camera, Window
from bench.world.words import SHOT_SIZES

ASPECT = 16 / 9
LOWEST_M, HIGHEST_M = 0.26, STAGE_HEIGHT
# Height of the view in heights of the person.
VIEW_HEIGHTS = {
    "extreme close-up": (0.11, 0.14), "close-up": (0.26, 0.31), "medium close-up": (0.37, 0.43),
    "tight medium shot": (0.47, 0.52), "medium shot": (0.6, 0.67), "medium full shot": (0.83, 0.9),
    "full shot": (1.15, 1.6), "long shot": (2.1, 2.9), "extreme long shot": (3.4, 5.5),
}  # fmt: skip
SIZE_WEIGHTS = dict(
    zip(SHOT_SIZES, (0.07, 0.065, 0.065, 0.06, 0.09, 0.17, 0.28, 0.16, 0.065), strict=True)
)
FACE_AT = 0.09  # of the person's height, from the top: the middle of the face
MOVE_WEIGHTS = {"still": 0.55, "pan": 0.17, "zoom in": 0.11, "zoom out": 0.07, "shake": 0.1}


@dataclass(frozen=True)
class Subject:
    """What is to be seen: its foot, its height and half its width, in metres of the stage."""

    x: float
    y: float
    height: float
    reach: float = 0.0


def keep_inside(x: float, y: float, height: float) -> Window:
    """The window nearest to these measures that shows nothing beyond the stage."""
    high = min(max(height, LOWEST_M), HIGHEST_M, STAGE_WIDTH / ASPECT)
    wide = high * ASPECT
    x = min(max(x, wide / 2), STAGE_WIDTH - wide / 2)
    y = min(max(y, high / 2), STAGE_HEIGHT - high / 2)
    # Rounded down, so that rounding never carries an edge out of the stage.
    high = int(high * 1000) / 1000
    return Window(round(x, 4), round(y, 4), high)


def frame_actor(dice: Dice, subject: Subject, size: str) -> Window:
    """A window that shows so much of a person, a little off its middle in wide views."""
    high = dice.between(*VIEW_HEIGHTS[size]) * subject.height
    top = subject.y - subject.height
    if size == "extreme close-up":
        middle = top + FACE_AT * subject.height
    elif size in ("full shot", "long shot", "extreme long shot"):
        room = high - subject.height
        middle = top - room * dice.between(0.6, 0.88) + high / 2  # the place is above
    else:
        # The top of the hair or a hat just fits; the cut below is what makes the size.
        middle = top - 0.06 * high - 0.03 * subject.height + high / 2
    aside = (0.22 if high > 1.1 * subject.height else 0.05) * high * ASPECT
    return keep_inside(subject.x + dice.between(-aside, aside), middle, high)


def frame_thing(dice: Dice, subject: Subject) -> Window:
    """A window on a thing that fills a third to two thirds of it."""
    extent = max(subject.height, 2 * subject.reach / ASPECT)
    high = min(extent * dice.between(1.5, 2.8), HIGHEST_M)
    return keep_inside(subject.x, subject.y - subject.height / 2, high)


def frame_place(dice: Dice) -> Window:
    """A wide window on the place itself."""
    high = dice.between(7.5, HIGHEST_M)
    return keep_inside(dice.between(4, 16), dice.between(5.2, 6.6), high)


def choose_size(dice: Dice, narrowest: str, widest: str) -> str:
    """A shot size, none closer than the narrowest and none wider than the widest."""
    sizes = SHOT_SIZES[SHOT_SIZES.index(narrowest) : SHOT_SIZES.index(widest) + 1]
    return dice.weigh({size: SIZE_WEIGHTS[size] for size in sizes})


def move_camera(dice: Dice, window: Window, size: str) -> Camera:
    """A still or moving camera whose views keep to about that window."""
    move = dice.weigh(MOVE_WEIGHTS)
    if size == "extreme close-up":
        move = "still"
    if move == "still":
        return Camera(window, window)
    if move == "shake":
        return Camera(window, window, "shake", round(dice.between(0.012, 0.035), 3))
    if move == "pan":
        return _pan(dice, window, size)
    wider = keep_inside(window.x, window.y, window.height * dice.between(1.25, 1.6))
    if wider.height < 1.15 * window.height:  # the stage ends there
        closer = keep_inside(window.x, window.y, window.height / dice.between(1.25, 1.4))
        wider, window = window, closer
    return Camera(wider, window, move) if move == "zoom in" else Camera(window, wider, move)


def follow(window: Window, path_m: float) -> Camera:
    """A camera that goes along with somebody over a path to the right (or, < 0, to the left)."""
    end = keep_inside(window.x + path_m, window.y, window.height)
    moved = end.x - window.x
    if abs(moved) < 0.05 * window.height:
        return Camera(window, window)
    return Camera(window, end, "pan right" if moved > 0 else "pan left")


def _pan(dice: Dice, window: Window, size: str) -> Camera:
    share = dice.between(0.25, 0.45) if "long" in size else dice.between(0.1, 0.2)
    way = share * window.height * ASPECT * dice.choose((-1, 1))
    start = keep_inside(window.x - way / 2, window.y, window.height)
    end = keep_inside(window.x + way / 2, window.y, window.height)
    if abs(end.x - start.x) < 0.05 * window.height:
        return Camera(window, window)
    return Camera(start, end, "pan right" if end.x > start.x else "pan left")
