"""Every kind of thing fills its box, in its colour, and turns and moves as it is told."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.world.drawing.brush import Brush, Rgb
from bench.world.drawing.things import DRAWINGS, draw_thing
from bench.world.words import COLOURS, KINDS

GROUND: Rgb = (8, 255, 247)  # of no thing
MARGIN, HIGH = 20, 90  # px around the box; its height
MOVING = (
    "car", "bus", "truck", "bicycle", "motorcycle", "boat", "airplane", "tractor", "dog", "cat",
    "horse", "cow", "sheep", "bird", "duck", "rabbit", "butterfly", "television", "ball", "clock",
    "glass", "flower", "balloon", "cake", "tree", "bush", "flowerpot", "fountain", "robot",
    "snowman",
)  # fmt: skip


def draw(kind: str, colour: str, second: float = 0.0, facing: str = "right") -> NDArray[np.uint8]:
    """A picture of a thing with a margin around its box: (h, w, 3)."""
    width = max(20, round(HIGH * KINDS[kind].width_m / KINDS[kind].height_m))
    pixels = np.full((HIGH + 2 * MARGIN, width + 2 * MARGIN, 3), GROUND, np.uint8)
    box = (MARGIN, MARGIN, MARGIN + width, MARGIN + HIGH)
    draw_thing(Brush(pixels, 0, 0, 1), kind, COLOURS[colour], box, second, facing)
    return pixels


def find_extent(pixels: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """How far what is drawn reaches beyond the box: left, top, right, bottom px."""
    drawn = np.abs(pixels.astype(int) - GROUND).max(axis=2) > 40
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    height, width = drawn.shape
    return (
        MARGIN - int(columns[0]), MARGIN - int(rows[0]),
        int(columns[-1]) + 1 - (width - MARGIN), int(rows[-1]) + 1 - (height - MARGIN),
    )  # fmt: skip


def measure_main(pixels: NDArray[np.uint8], colour: Rgb) -> float:
    """The share of what is drawn that is a shade of a colour, 0.75 to 1.2 of it."""
    drawn = pixels[np.abs(pixels.astype(int) - GROUND).max(axis=2) > 40].astype(float)
    shades = np.clip(np.linspace(0.75, 1.2, 46)[:, None] * np.array(colour), 0, 255)  # (46, 3)
    away = np.abs(drawn[::4, None] - shades[None]).max(axis=2).min(axis=1)
    return float((away <= 4).mean())


def test_there_is_a_drawing_of_every_kind_and_of_no_other() -> None:
    assert set(DRAWINGS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_fills_its_box_at_every_second(kind: str) -> None:
    for second in (0.0, 0.11, 0.37, 0.9, 2.3):
        pixels = draw(kind, "red", second)
        allowed = [0.05 * (side - 2 * MARGIN) for side in pixels.shape[1::-1]] * 2
        for beyond, slack in zip(find_extent(pixels), allowed, strict=True):
            assert -max(2.0, slack) <= beyond <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_shows_mostly_its_colour_whichever_that_is(kind: str) -> None:
    for name, colour in COLOURS.items():
        assert measure_main(draw(kind, name), colour) >= 0.45, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_that_faces_left_is_the_mirror_image(kind: str) -> None:
    right, left = draw(kind, "blue", 0.3), draw(kind, "blue", 0.3, "left")
    away = np.abs(right[:, ::-1].astype(int) - left).max(axis=2)
    # Antialiased borders fall differently by half a px.
    assert (away > 90).mean() < 0.03


def test_what_looks_forwards_is_not_symmetrical() -> None:
    for kind in ("car", "truck", "dog", "horse", "bird", "chair", "bed", "guitar", "cup"):
        right = draw(kind, "green")
        away = np.abs(right[:, ::-1].astype(int) - right).max(axis=2)
        assert (away > 90).mean() > 0.03, kind


def test_time_moves_what_has_moving_parts_and_nothing_else() -> None:
    moved = {kind for kind in KINDS if (draw(kind, "red", 0.0) != draw(kind, "red", 0.57)).any()}
    assert moved == set(MOVING)


def test_no_two_kinds_are_drawn_alike() -> None:
    pictures = {}
    for kind in KINDS:
        pixels = np.full((60, 60, 3), GROUND, np.uint8)
        draw_thing(Brush(pixels, 0, 0, 1), kind, COLOURS["orange"], (0, 0, 60, 60))
        pictures[kind] = pixels.astype(int)
    for kind, picture in pictures.items():
        for other in KINDS:
            if other != kind:
                away = np.abs(picture - pictures[other]).max(axis=2) > 60
                assert away.mean() > 0.1, (kind, other)


def test_what_is_out_of_view_is_not_drawn() -> None:
    pixels = np.full((40, 40, 3), GROUND, np.uint8)
    draw_thing(Brush(pixels, 0, 0, 1), "car", COLOURS["red"], (60, 0, 90, 20))
    assert (pixels == GROUND).all()


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        draw_thing(Brush(np.zeros((9, 9, 3), np.uint8), 0, 0, 1), "dragon", (1, 2, 3), (0, 0, 9, 9))
