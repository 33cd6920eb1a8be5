"""Paints what one camera sees: a plate of all that stays, and the rest afresh for each drawing.

Knows nothing of shots that come before and after, of flaws and words over the picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.world.drawing.brush import Brush, Rgb
from bench.world.drawing.people import draw_person
from bench.world.drawing.places import draw_weather, find_light, paint_place
from bench.world.drawing.things import draw_thing
from bench.world.lettering import CAPITAL, find_board
from bench.world.plan import (
    HEIGHT,
    HORIZON,
    WIDTH,
    Clothes,
    Look,
    Picture,
    Sign,
    Window,
)
from bench.world.staging import (
    Piece,
    StageBox,
    Staged,
    StagedPerson,
    corner_of,
    drawn_ms,
    stage_at,
    view_at,
)
from bench.world.words import COLOURS, INDOORS

Pixels: TypeAlias = NDArray[np.uint8]

MOST_PX = 1_600_000  # of a plate
LOOK_MS = 240  # how often it is looked whether something moves
CLOSE_M = 0.15  # nearer than this to another, a thing counts as in its way
POST, BOARD, EDGE, LETTERS = (92, 74, 58), (244, 240, 226), (70, 60, 50), (28, 30, 38)
POST_FOOT = HORIZON + 0.25


@dataclass(frozen=True)
class Dressed:
    """How the people of a film look."""

    looks: Mapping[str, Look]
    clothes: Mapping[str, Clothes]


@dataclass(frozen=True)
class Plate:
    """A part of the stage with all that stays, `scale` px per metre."""

    pixels: Pixels
    left: float
    top: float
    scale: float


class Painter:
    """Paints one picture of a shot at any time of it."""

    def __init__(
        self, picture: Picture, dressed: Dressed, length_ms: int, tempo: float = 1.0
    ) -> None:
        """A painter of a picture that is seen for `length_ms`."""
        self._picture, self._dressed = picture, dressed
        self._length_ms, self._tempo = length_ms, tempo
        self._light = find_light(picture.setting)
        self._staying: frozenset[str] = frozenset()
        self._plates: tuple[Plate, ...] = ()

    def paint(self, ms: int) -> Pixels:
        """The drawing that is seen at a time of the shot: (180, 320, 3) RGB."""
        if not self._plates:
            times = range(0, max(1, self._length_ms), LOOK_MS)
            self._staying = _find_staying([self._stage(time) for time in times])
            self._plates = self._paint_plates(self._see_all())
        view = self._see(drawn_ms(ms))
        return self._draw(ms, view, _cut(self._plates, view))

    def paint_once(self, ms: int) -> Pixels:
        """The same, quicker if no other time of this shot is asked for."""
        view = self._see(drawn_ms(ms))
        return self._draw(ms, view, _cut(self._paint_plates((view,)), view))

    def _draw(self, ms: int, view: Window, pixels: Pixels) -> Pixels:
        second = self._second(drawn_ms(ms))
        brush = Brush(pixels, *corner_of(view), HEIGHT / view.height)
        staged = stage_at(self._picture, self._dressed.looks, second)
        self._put(brush, [piece for piece in staged.pieces if piece.id not in self._staying])
        draw_weather(pixels, self._picture.setting, second, view)
        return pixels

    def _put(self, brush: Brush, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if not brush.sees(*piece.box):
                continue
            if isinstance(piece, StagedPerson):
                look, clothes = self._dressed.looks[piece.id], self._dressed.clothes[piece.id]
                draw_person(brush, piece.figure, look, clothes, self._light)
            else:
                plan = piece.plan
                colour = _shine(COLOURS[plan.colour], self._light)
                draw_thing(brush, plan.kind, colour, piece.box, piece.second, plan.facing)

    def _paint_plates(self, views: Sequence[Window]) -> tuple[Plate, ...]:
        """The widest view that is needed, as fine as the closest one, then ever coarser."""
        x0, y0, x1, y1 = _surround(views)
        scale = HEIGHT / min(view.height for view in views)
        scale = min(scale, (MOST_PX / ((x1 - x0) * (y1 - y0))) ** 0.5)
        size = (ceil((y1 - y0) * scale - 1e-6), ceil((x1 - x0) * scale - 1e-6), 3)
        brush = Brush(np.zeros(size, np.uint8), x0, y0, scale)
        paint_place(brush, self._picture.setting)
        for sign in self._picture.signs:
            _put_sign(brush, sign, self._picture.setting.place in INDOORS)
        pieces = self._stage(0).pieces
        self._put(brush, [piece for piece in pieces if piece.id in self._staying])
        plates = [Plate(brush.pixels, x0, y0, scale)]
        coarsest = HEIGHT / max(view.height for view in views)
        while plates[-1].scale >= 1.8 * coarsest:
            plates.append(_halve(plates[-1]))
        return tuple(plates)

    def _see_all(self) -> tuple[Window, ...]:
        return tuple(self._see(ms) for ms in range(0, self._length_ms + 1, drawn_ms(80)))

    def _see(self, ms: int) -> Window:
        share = ms / max(1, self._length_ms)
        return view_at(self._picture.camera, share, ms / 1000)

    def _stage(self, ms: int) -> Staged:
        return stage_at(self._picture, self._dressed.looks, self._second(ms))

    def _second(self, ms: int) -> float:
        return ms / 1000 * self._tempo


def _surround(views: Sequence[Window]) -> StageBox:
    corners = [corner_of(view) for view in views]
    heights = [view.height for view in views]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x + high * WIDTH / HEIGHT for (x, _), high in zip(corners, heights, strict=True)),
        max(y + high for (_, y), high in zip(corners, heights, strict=True)),
    )


def _halve(plate: Plate) -> Plate:
    height, width = plate.pixels.shape[:2]
    size = (ceil(width / 2), ceil(height / 2))
    pixels = cv2.copyMakeBorder(
        plate.pixels, 0, size[1] * 2 - height, 0, size[0] * 2 - width, cv2.BORDER_REPLICATE
    )
    smaller = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return Plate(smaller, plate.left, plate.top, plate.scale / 2)


def _cut(plates: Sequence[Plate], view: Window) -> Pixels:
    """What a view shows of the coarsest plate that is fine enough; a new array."""
    scale, (left, top) = HEIGHT / view.height, corner_of(view)
    fine = [plate for plate in plates if plate.scale >= 0.9 * scale]
    plate = fine[-1] if fine else plates[0]
    step = plate.scale / scale  # px of the plate for one of the frame
    x, y = (left - plate.left) * plate.scale, (top - plate.top) * plate.scale
    if abs(step - 1) < 1e-9 and abs(x - round(x)) + abs(y - round(y)) < 1e-6:
        column, row = round(x), round(y)
        return plate.pixels[row : row + HEIGHT, column : column + WIDTH].copy()
    # cv2 puts whole numbers on the middles of pixels.
    shift = np.array([[step, 0, x + step / 2 - 0.5], [0, step, y + step / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pixels: Pixels = cv2.warpAffine(
        plate.pixels, shift, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return pixels


def _find_staying(moments: Sequence[Staged]) -> frozenset[str]:
    """The ids of what never moves and is never behind something that is drawn afresh."""
    first = moments[0].pieces
    seen: dict[str, list[Piece]] = {piece.id: [] for piece in first}
    for moment in moments:
        for piece in moment.pieces:
            seen[piece.id].append(piece)
    staying: set[str] = set()
    fresh: list[StageBox] = []
    for piece in first:
        boxes = [other.box for other in seen[piece.id]]
        is_still = all(other == piece for other in seen[piece.id])
        reach = tuple(f(box[k] for box in boxes) for k, f in enumerate((min, min, max, max)))
        around = (reach[0], reach[1], reach[2], reach[3])
        if is_still and not any(_touch(around, other) for other in fresh):
            staying.add(piece.id)
        else:
            fresh.append(around)
    return frozenset(staying)


def _touch(a: StageBox, b: StageBox) -> bool:
    return (
        a[0] < b[2] + CLOSE_M
        and b[0] < a[2] + CLOSE_M
        and a[1] < b[3] + CLOSE_M
        and b[1] < a[3] + CLOSE_M
    )


def _put_sign(brush: Brush, sign: Sign, is_indoors: bool) -> None:
    """A board; outdoors on two posts, if it hangs above the ground."""
    if sign.kind != "sign":
        return
    x0, y0, x1, y1 = find_board(sign)
    edge = 0.12 * sign.height
    if not is_indoors and y1 < POST_FOOT:
        for x in (x0 + 0.12 * (x1 - x0), x1 - 0.12 * (x1 - x0)):
            brush.box(x - edge, y1, x + edge, POST_FOOT, POST)
    brush.box(x0, y0, x1, y1, EDGE)
    brush.box(x0 + edge, y0 + edge, x1 - edge, y1 - edge, BOARD)
    brush.text(sign.x, sign.y, sign.text, CAPITAL * sign.height, LETTERS)


def _shine(colour: Rgb, light: tuple[float, float, float]) -> Rgb:
    red, green, blue = (
        min(255, round(part * share)) for part, share in zip(colour, light, strict=True)
    )
    return red, green, blue
