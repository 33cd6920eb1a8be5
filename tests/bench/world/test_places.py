from itertools import pairwise, product

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.world.dice import Dice
from bench.world.drawing.brush import Brush
from bench.world.drawing.places import PAINTERS, draw_weather, find_light, paint_place
from bench.world.plan import Setting, Window
from bench.world.words import INDOORS, OUTDOORS, PLACES, SEASONS, TIMES

WHOLE = Window(10, 5.625, 11.25)
ALL = [
    *(Setting(place, None, None, 1) for place in INDOORS),
    *(Setting(*names, 1) for names in product(OUTDOORS, SEASONS, TIMES)),
]


def paint(
    setting: Setting, window: Window = WHOLE, *, before: int = 0, height: int = 72
) -> NDArray[np.uint8]:
    pixels = np.full((height, height * 16 // 9, 3), before, np.uint8)
    left, top = window.x - window.height * 8 / 9, window.y - window.height / 2
    paint_place(Brush(pixels, left, top, height / window.height), setting)
    return pixels


def differ(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.abs(a.astype(float) - b).mean())


def name(setting: Setting) -> str:
    return f"{setting.place}-{setting.season}-{setting.time}"


def test_every_place_has_a_painter_and_no_other() -> None:
    assert set(PAINTERS) == set(PLACES)


@pytest.mark.parametrize("setting", ALL, ids=name)
def test_a_place_covers_whatever_the_canvas_held_before(setting: Setting) -> None:
    np.testing.assert_array_equal(paint(setting), paint(setting, before=255))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "window",
    [
        Window(0.1, 0.1, 0.25),
        Window(19.9, 11.2, 0.25),
        Window(0.0, 6.4, 1.2),
        Window(20.0, 7.2, 1.2),
        Window(9.7, 5.9, 11.25),  # shaken over two edges of the stage
        Window(10.3, 5.3, 11.25),
    ],
)
def test_a_view_over_the_edge_of_the_stage_is_filled_too(place: str, window: Window) -> None:
    season, time = (None, None) if place in INDOORS else ("winter", "night")
    setting = Setting(place, season, time, 4)
    np.testing.assert_array_equal(paint(setting, window), paint(setting, window, before=255))


@pytest.mark.parametrize("place", PLACES)
def test_views_of_any_size_anywhere_are_filled(place: str) -> None:
    dice = Dice("views", place)
    for _ in range(25):
        season = None if place in INDOORS else dice.choose(SEASONS)
        time = None if place in INDOORS else dice.choose(TIMES)
        setting = Setting(place, season, time, dice.whole(0, 30))
        high = dice.between(0.25, 6)
        middle = dice.between(high / 2 - 0.3, 11.55 - high / 2)  # shaken a little off the stage
        window = Window(dice.between(0, 20), middle, high)
        first, second = (paint(setting, window, before=old, height=18) for old in (0, 255))
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("place", PLACES)
def test_a_close_view_shows_what_the_wide_view_shows_there(place: str) -> None:
    season, time = (None, None) if place in INDOORS else ("summer", "daylight")
    setting = Setting(place, season, time, 2)
    wide = paint(setting, height=288)
    close = paint(setting, Window(10, 5.625, 11.25 / 4), height=72)
    there = wide[108:180, 192:320]
    assert differ(close, there) < 0.35 * differ(paint(setting), paint(other(setting)))


def other(setting: Setting) -> Setting:
    """The next place of the same kind."""
    places = INDOORS if setting.place in INDOORS else OUTDOORS
    place = places[(places.index(setting.place) + 1) % len(places)]
    return Setting(place, setting.season, setting.time, setting.variant)


@pytest.mark.parametrize("place", PLACES)
def test_a_variant_moves_things_about(place: str) -> None:
    season, time = (None, None) if place in INDOORS else ("summer", "daylight")
    pictures = [paint(Setting(place, season, time, variant)) for variant in range(4)]
    assert all(differ(a, b) > 2 for a, b in pairwise(pictures))


@pytest.mark.parametrize("place", OUTDOORS)
def test_seasons_differ_far_and_near(place: str) -> None:
    for window in (WHOLE, Window(10, 8.5, 3.0)):
        pictures = [paint(Setting(place, season, "daylight", 1), window) for season in SEASONS]
        for one, two in product(range(4), repeat=2):
            if one < two:
                assert differ(pictures[one], pictures[two]) > 4


@pytest.mark.parametrize("place", OUTDOORS)
def test_times_differ_far_and_near(place: str) -> None:
    for window in (WHOLE, Window(10, 8.5, 3.0)):
        pictures = [paint(Setting(place, "summer", time, 1), window) for time in TIMES]
        for one, two in product(range(5), repeat=2):
            if one < two:
                assert differ(pictures[one], pictures[two]) > 6


@pytest.mark.parametrize("place", OUTDOORS)
def test_a_night_is_dark_and_blue_but_not_black(place: str) -> None:
    red, _green, blue = paint(Setting(place, "winter", "night", 1)).mean(axis=(0, 1))
    assert 25 < blue < 170
    assert blue > 1.2 * red


@pytest.mark.parametrize("place", OUTDOORS)
def test_the_sun_rises_on_the_left_and_sets_on_the_right(place: str) -> None:
    def lean(time: str) -> float:
        low_sky = Window(10, 2.8, 11.25)
        rows = paint(Setting(place, "summer", time, 3), low_sky)[:40].astype(float)
        middle = rows.shape[1] // 2
        return float(rows[:, :middle].mean() - rows[:, middle:].mean())

    assert lean("sunrise") > lean("sunset")


def test_rooms_are_lit_by_lamps_whatever_hangs_outside() -> None:
    assert all(part <= 1.0 for part in find_light(Setting("office", None, None, 1)))


@pytest.mark.parametrize("time", TIMES)
def test_light_leaves_colours_tellable(time: str) -> None:
    parts = find_light(Setting("street", "summer", time, 1))
    assert max(parts) <= 1.1
    assert min(parts) >= 0.5


def drift(setting: Setting, second: float, height: int = 180) -> NDArray[np.uint8]:
    pixels = np.full((height, height * 16 // 9, 3), 90, np.uint8)
    draw_weather(pixels, setting, second, WHOLE)
    return pixels


@pytest.mark.parametrize("place", INDOORS)
def test_no_weather_comes_indoors(place: str) -> None:
    assert (drift(Setting(place, None, None, 1), 2.0) == 90).all()


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("height", [180, 360, 9])
def test_weather_is_sparse_and_moves(season: str, height: int) -> None:
    setting = Setting("street", season, "daylight", 1)
    first, second = drift(setting, 1.0, height), drift(setting, 1.4, height)
    if height > 100:
        assert 0 < (first != 90).any(axis=2).mean() < 0.02
        assert differ(first, second) > 0
    np.testing.assert_array_equal(first, drift(setting, 1.0, height))


def test_snow_falls() -> None:
    setting = Setting("street", "winter", "daylight", 1)
    first, second = (drift(setting, at)[:, :, 0] > 90 for at in (1.0, 1.2))
    scores = {
        down: int((np.roll(first, down, axis=0) & second)[10:-10].sum()) for down in range(-8, 9)
    }
    assert max(scores, key=lambda down: scores[down]) in range(2, 7)


@pytest.mark.parametrize("place", OUTDOORS)
def test_what_is_far_at_night_is_no_darker_than_ink(place: str) -> None:
    """Shapes stay tellable: the picture keeps some contrast."""
    assert paint(Setting(place, "summer", "night", 1)).std() > 8
