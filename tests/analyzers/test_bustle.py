"""Bustle and shot size: the papers' tables, edges, and a plain oracle for covered area."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.bustle import SHOT_SIZES, Bustle, measure_covered, tell_bustle, tell_shot_size

Boxes = NDArray[np.float64]
NONE = np.zeros((0, 4))


def squares(count: int, area: float) -> Boxes:
    """Boxes of one size that lie side by side and cover so much together."""
    side = np.sqrt(area / max(count, 1))
    columns = max(1, int(1 / side))
    number = np.arange(count)
    x, y = number % columns * side, number // columns * side
    return np.stack((x, y, x + side, y + side), axis=1)


@pytest.mark.parametrize(
    ("persons", "vehicles", "bustle"),
    [
        (NONE, NONE, Bustle.UNPOPULATED),
        (squares(1, 0.05), NONE, Bustle.FEW_PEOPLE),
        (squares(2, 0.099), NONE, Bustle.FEW_PEOPLE),
        (squares(2, 0.101), NONE, Bustle.FEW_LARGE),
        (NONE, squares(2, 0.199), Bustle.FEW_VEHICLES),
        (NONE, squares(2, 0.201), Bustle.FEW_LARGE),
        (squares(1, 0.01), squares(1, 0.01), Bustle.FEW_LARGE),
        (squares(1, 0.9), NONE, Bustle.FEW_LARGE),
        (squares(3, 0.02), NONE, Bustle.MEDIUM),
        (squares(5, 0.1), squares(5, 0.1), Bustle.MEDIUM),
        (squares(10, 0.299), NONE, Bustle.MEDIUM),
        (squares(10, 0.35), NONE, Bustle.POPULATED),
        (squares(11, 0.05), NONE, Bustle.POPULATED),
        (squares(6, 0.05), squares(5, 0.05), Bustle.POPULATED),
    ],
)
def test_the_first_class_that_fits_holds(persons: Boxes, vehicles: Boxes, bustle: Bustle) -> None:
    assert tell_bustle(persons, vehicles) is bustle


corner, size = st.integers(-2, 9), st.integers(1, 9)


@given(st.lists(st.tuples(corner, corner, size, size), max_size=6))
def test_covered_area_counts_overlaps_once(boxes: list[tuple[int, int, int, int]]) -> None:
    grid = np.zeros((10, 10), bool)
    for x, y, width, height in boxes:
        grid[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)] = True
    corners = [(x, y, x + width, y + height) for x, y, width, height in boxes]
    covered = measure_covered(np.array(corners, np.float64).reshape(-1, 4) / 10)
    assert covered == pytest.approx(grid.mean(), abs=1e-6)


def figure(height: float, cut: float = 1.0, top: float = 0.0) -> tuple[Boxes, Boxes]:
    """A person of eight heads, of whom a share is seen before the picture ends, and the face."""
    head = height / 8
    bottom = top + height * cut
    person = np.array([[0.4, top, 0.6, bottom]])
    face = np.array([[0.45, top + 0.2 * head, 0.55, top + head]])
    return person, face


@pytest.mark.parametrize(
    ("share", "name"),
    [(0.15, "close-up"), (0.3, "medium close-up"), (0.4, "tight medium shot"),
     (0.55, "medium shot"), (0.8, "medium full shot")],
)  # fmt: skip
def test_a_figure_that_is_cut_is_told_by_how_much_is_seen(share: float, name: str) -> None:
    assert tell_shot_size(*figure(1 / share, share)) == name


def test_a_whole_figure_is_told_by_its_height() -> None:
    for height, name in ((0.9, "full shot"), (0.4, "long shot"), (0.2, "extreme long shot")):
        person, face = figure(height)
        assert tell_shot_size(person, face) == name
        assert tell_shot_size(person, NONE) == name
    assert tell_shot_size(*figure(0.95, 1.0, 0.05)) == "full shot"  # feet at the lower edge


def test_what_cannot_be_told_is_not_told() -> None:
    assert tell_shot_size(NONE, NONE) is None
    cut = np.array([[0.2, 0.1, 0.8, 1.0]])
    assert tell_shot_size(cut, NONE) is None
    elsewhere = np.array([[0.85, 0.1, 0.95, 0.2]])
    assert tell_shot_size(cut, elsewhere) is None


def test_a_head_larger_than_the_picture_is_an_extreme_close_up() -> None:
    face = np.array([[0.0, 0.0, 1.0, 0.95]])
    assert tell_shot_size(NONE, face) == SHOT_SIZES[0]
    assert tell_shot_size(NONE, np.array([[0.3, 0.2, 0.7, 0.7]])) == "close-up"


def test_the_tallest_person_is_the_main_one() -> None:
    tall, face = figure(0.9)
    small, _ = figure(0.2, top=0.1)
    assert tell_shot_size(np.concatenate((small + 0.0, tall)), face) == "full shot"
