"""Frames of a film: how many, what transitions, flaws and words do to them."""

from itertools import islice, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.world.effects import blend, flaw, split
from bench.world.film import draw_frame, draw_frames
from bench.world.plan import HEIGHT, WIDTH, Act, Camera, Sign, Transition, Window
from bench.world.seen import describe
from tests.bench.world.handmade_film import (
    OFFICE,
    make_ann,
    make_bob,
    make_film,
    make_picture,
    make_shot,
    make_thing,
)


def _flat(value: int) -> NDArray[np.uint8]:
    return np.full((HEIGHT, WIDTH, 3), value, np.uint8)


def test_a_film_has_a_frame_for_each_40_ms() -> None:
    shots = (
        make_shot(make_picture(), length_ms=400),
        make_shot(make_picture(setting=OFFICE), start_ms=400, length_ms=600),
    )
    frames = list(draw_frames(make_film(*shots)))
    assert len(frames) == 25
    assert {frame.shape for frame in frames} == {(HEIGHT, WIDTH, 3)}
    assert {frame.dtype for frame in frames} == {np.dtype(np.uint8)}


def test_a_cut_lies_where_it_is_planned() -> None:
    shots = (
        make_shot(make_picture(), length_ms=400),
        make_shot(make_picture(setting=OFFICE), start_ms=400, length_ms=400),
    )
    frames = list(draw_frames(make_film(*shots)))
    steps = [np.abs(a.astype(int) - b).mean() for a, b in pairwise(frames)]
    assert int(np.argmax(steps)) == 9
    assert sorted(steps)[-2] < steps[9] / 5


def test_a_dissolve_is_half_done_at_the_border() -> None:
    shots = (
        make_shot(make_picture(), length_ms=1000),
        make_shot(
            make_picture(setting=OFFICE),
            start_ms=1000,
            length_ms=1000,
            transition=Transition("dissolve", 400),
        ),
    )
    frames = [frame.astype(float) for frame in draw_frames(make_film(*shots))]
    first, last = frames[0], frames[-1]

    def share(frame: NDArray[np.float64]) -> float:
        way = last - first
        return float(((frame - first) * way).sum() / (way * way).sum())

    shares = [share(frame) for frame in frames]
    assert shares[19] < 0.05
    assert shares[30] > 0.95
    assert (shares[24] + shares[25]) / 2 == pytest.approx(0.5, abs=0.06)
    assert shares[20:30] == sorted(shares[20:30])


@pytest.mark.parametrize(("kind", "between"), [("fade", 0), ("flash", 255)])
def test_a_fade_goes_through_black_and_a_flash_through_white(kind: str, between: int) -> None:
    assert np.all(blend(kind, _flat(100), _flat(200), 0.5) == between)
    assert blend(kind, _flat(100), _flat(200), 0.0).mean() == pytest.approx(100, abs=1)
    assert blend(kind, _flat(100), _flat(200), 1.0).mean() == pytest.approx(200, abs=1)


def test_the_plate_shows_what_is_painted_all_afresh() -> None:
    window = Window(10, 8, 5)
    still = make_picture(
        make_thing("tree", x=8, y=7.0),
        make_thing("bench", "blue", x=12.0, y=10.5),
        make_thing("car", "red", x=9.0, speed=1.0),
        actors=(make_ann(acts=(Act("waving", 0, 2000),)), make_bob()),
        camera=Camera(window, window),
    )
    shot = make_shot(still)
    film = make_film(shot)
    drawn = next(islice(draw_frames(film), 20, None))
    afresh = draw_frame(film, shot, 800)
    assert np.abs(drawn.astype(int) - afresh).max() <= 2


def test_a_zoom_shows_the_same_through_the_plate_but_for_smoothing() -> None:
    camera = Camera(Window(10, 8, 6), Window(10, 8, 3), "zoom in")
    shot = make_shot(make_picture(make_thing("tree", x=9, y=8.5), camera=camera))
    film = make_film(shot)
    drawn = next(islice(draw_frames(film), 40, None)).astype(int)
    assert np.abs(drawn - draw_frame(film, shot, 1600)).mean() < 6


def test_animation_is_on_twos() -> None:
    walker = make_ann(view="right", acts=(Act("walking", 0, 2000),), speed=1.0)
    frames = list(draw_frames(make_film(make_shot(make_picture(actors=(walker,))))))
    assert all(np.array_equal(a, b) for a, b in zip(frames[::2], frames[1::2], strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(frames[::2], frames[2::2], strict=False))


def test_a_split_picture_shows_the_middle_of_both() -> None:
    left, right = _flat(50), _flat(150)
    left[:, :80], right[:, 240:] = 0, 0
    both = split(left, right)
    assert both[:, :159].min() == 50
    assert both[:, 161:].min() == 150


def test_flaws_change_what_they_say() -> None:
    stripes = _flat(60)
    stripes[:, ::8] = 200
    assert flaw(stripes, ("dark",), 0).mean() < 0.5 * stripes.mean()
    assert flaw(stripes, ("blurred",), 0).std() < 0.6 * stripes.std()
    noisy = flaw(_flat(128), ("noisy",), 0)
    assert 10 < noisy.std() < 30
    assert not np.array_equal(noisy, flaw(_flat(128), ("noisy",), 1))
    assert flaw(stripes, (), 0) is stripes


def test_captions_and_titles_are_written_where_the_truth_says() -> None:
    plain = make_shot(make_picture())
    captioned = make_shot(make_picture(signs=(Sign("Two days later", "caption"),)))
    titled = make_shot(make_picture(), is_title=True)
    ground = draw_frame(make_film(plain), plain, 0).astype(int)
    for shot, kind in ((captioned, "caption"), (titled, "title")):
        film = make_film(shot)
        (written,) = describe(film).shots[0].written
        assert written.kind == kind
        assert written.box is not None
        x0, y0, x1, y1 = written.box
        bright = (draw_frame(film, shot, 0) > 235).all(axis=2) & (ground < 235).any(axis=2)
        rows, columns = np.nonzero(bright)
        assert rows.size > 40
        assert x0 * WIDTH - 1 <= columns.min() <= columns.max() <= x1 * WIDTH + 1
        assert y0 * HEIGHT - 1 <= rows.min() <= rows.max() <= y1 * HEIGHT + 1


def test_drawing_twice_gives_the_same_pixels() -> None:
    shot = make_shot(make_picture(actors=(make_ann(),)), flaws=("noisy",))
    first, again = (list(draw_frames(make_film(shot))) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
