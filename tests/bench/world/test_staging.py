"""What stands where: order, motion, held things, the camera."""

import pytest

from bench.world.plan import STAGE_HEIGHT, STAGE_WIDTH, Act, Camera, Window
from bench.world.staging import DRAWING_MS, StagedThing, drawn_ms, stage_at, view_at
from tests.bench.world.handmade_film import (
    LOOKS,
    VIEW,
    make_ann,
    make_bob,
    make_picture,
    make_thing,
)


def _order(*things: object, actors: object = (), second: float = 0.0) -> list[str]:
    picture = make_picture(*things, actors=actors)  # type: ignore[arg-type]
    return [piece.id for piece in stage_at(picture, LOOKS, second).pieces]


def test_what_stands_nearer_comes_later() -> None:
    near, far = make_thing("bench", y=10.5), make_thing("tree", y=7.0)
    assert _order(near, far, actors=(make_bob(y=9.0), make_ann(y=8.0))) == [
        "tree",
        "p0",
        "p1",
        "bench",
    ]


def test_walls_and_the_sky_lie_behind_all_that_stands_on_the_ground() -> None:
    door, bird = make_thing("door", y=9.0), make_thing("bird", y=9.1)
    assert _order(make_thing("tree", y=6.5), bird, door)[:2] == ["door", "bird"]


def test_a_held_thing_is_drawn_after_its_holder_and_goes_with_it() -> None:
    walker = make_ann(view="right", acts=(Act("walking", 0, 9000),), speed=1.0)
    bag = make_thing("bag", held_by="p0", x=3.0)
    assert _order(bag, actors=(walker,)) == ["p0", "bag"]
    picture = make_picture(bag, actors=(walker,))
    early, late = (
        next(piece for piece in stage_at(picture, LOOKS, second).pieces if piece.id == "bag").box
        for second in (1.0, 3.0)
    )
    assert late[0] - early[0] == pytest.approx(2.0, abs=0.5)


def test_a_moving_thing_goes_as_fast_as_it_is_said_to() -> None:
    picture = make_picture(make_thing("car", x=4.0, speed=-1.5))
    (car,) = stage_at(picture, LOOKS, 2.0).pieces
    assert isinstance(car, StagedThing)
    assert (car.box[0] + car.box[2]) / 2 == pytest.approx(1.0)
    assert car.second == 2.0


def test_what_stands_still_has_a_clock_that_stands_still() -> None:
    picture = make_picture(make_thing("dog"))
    assert stage_at(picture, LOOKS, 0.0) == stage_at(picture, LOOKS, 5.0)


def test_what_flies_goes_up_and_down() -> None:
    picture = make_picture(make_thing("butterfly", y=8.0))
    bottoms = {stage_at(picture, LOOKS, second / 4).pieces[0].box[3] for second in range(8)}
    assert 0.05 < max(bottoms) - min(bottoms) < 0.5


def test_the_camera_goes_evenly_from_one_view_to_the_other() -> None:
    camera = Camera(Window(8, 7, 4), Window(10, 6, 8))
    assert view_at(camera, 0.5) == Window(9, 6.5, 6)


def test_the_camera_keeps_to_the_stage() -> None:
    corner = Window(19.5, 11.0, 4.0)
    view = view_at(Camera(corner, corner, "shake", 0.1), 0.3, 0.7)
    assert view.x + view.height * 16 / 9 / 2 <= STAGE_WIDTH + 1e-9
    assert view.y + view.height / 2 <= STAGE_HEIGHT + 1e-9


def test_a_shaking_camera_stays_near_and_a_still_one_does_not_move() -> None:
    shaking = [view_at(Camera(VIEW, VIEW, "shake", 0.02), 0.0, k / 5).x for k in range(20)]
    assert len(set(shaking)) > 5
    assert max(abs(x - VIEW.x) for x in shaking) <= 0.02 * VIEW.height + 0.02
    assert len({view_at(Camera(VIEW, VIEW), k / 20, k / 5) for k in range(20)}) == 1


def test_every_second_frame_is_a_new_drawing() -> None:
    assert [drawn_ms(ms) for ms in (-40, 0, 40, 80, 120)] == [0, 0, 0, DRAWING_MS, DRAWING_MS]
