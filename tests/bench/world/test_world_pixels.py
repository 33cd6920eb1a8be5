"""Measures drawn frames against the truth: colours, motion, edges of boxes, darkness."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.world.drawing.brush import Brush
from bench.world.drawing.people import draw_person
from bench.world.drawing.things import draw_thing
from bench.world.film import draw_frame
from bench.world.plan import HEIGHT, WIDTH, Act, Camera, Picture, ShotPlan, VideoPlan, Window
from bench.world.seen import describe
from bench.world.staging import Piece, StagedPerson, corner_of, stage_at, view_at
from bench.world.story import plan_video
from bench.world.truth import Box
from bench.world.words import COLOURS, KINDS
from tests.bench.world.handmade_film import (
    OFFICE,
    make_ann,
    make_film,
    make_picture,
    make_shot,
    make_thing,
)

NEAR = Window(10.0, 8.4, 3.2)
CLOSE = 60  # how far a pixel's colour may lie from the named one, all channels together
EDGE_PX = 2
SHAPE = 0.04


def _plan(picture: Picture, **more: object) -> tuple[VideoPlan, ShotPlan]:
    shot = make_shot(picture, **more)  # type: ignore[arg-type]
    return make_film(shot), shot


def _draw(picture: Picture, ms: int = 0, **more: object) -> NDArray[np.int64]:
    return draw_frame(*_plan(picture, **more), ms).astype(np.int64)


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box[0] * WIDTH, box[1] * HEIGHT, box[2] * WIDTH, box[3] * HEIGHT


def _inside(box: Box) -> tuple[slice, slice]:
    x0, y0, x1, y1 = (round(edge) for edge in _edges(box))
    return slice(y0, y1), slice(x0, x1)


def _differ(a: NDArray[np.int64], b: NDArray[np.int64]) -> tuple[float, float, float, float]:
    """The box in px around all that differs clearly."""
    rows, columns = np.nonzero(np.abs(a - b).sum(axis=2) > 24)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def _slack(told: tuple[float, float, float, float]) -> float:
    """Two px for smooth edges, and a little of what sticks out: ears, hems, wheels."""
    return EDGE_PX + SHAPE * max(told[2] - told[0], told[3] - told[1])


def _place(kind: str) -> Picture:
    setting = {"setting": OFFICE} if not KINDS[kind].outdoors else {}
    return make_picture(camera=Camera(NEAR, NEAR), **setting)  # type: ignore[arg-type]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("kind", ["car", "sofa", "ball", "bag"])
def test_a_thing_has_the_colour_that_the_truth_names(kind: str, colour: str) -> None:
    thing_plan = make_thing(kind, colour, y=9.6)
    high = 1.4 * max(thing_plan.height_m, thing_plan.width_m * HEIGHT / WIDTH)
    view = Window(10.0, 9.6 - thing_plan.height_m / 2, high)
    empty = replace(_place(kind), camera=Camera(view, view))
    picture = replace(empty, things=(thing_plan,))
    film, shot = _plan(picture)
    (thing,) = describe(film).shots[0].things
    drawn = draw_frame(film, shot, 0).astype(np.int64)
    part = _inside(thing.track.boxes[0])
    is_drawn = np.abs(drawn - _draw(empty)).sum(axis=2)[part] > 24
    pixels = drawn[part][is_drawn]

    def share(name: str) -> float:
        named = np.array(COLOURS[name])
        shades = np.array([0.75, 0.85, 1.0, 1.1, 1.2])[:, None] * named
        far = np.abs(pixels[:, None] - np.minimum(255, shades)).sum(axis=2).min(axis=1)
        return float((far < CLOSE).mean())

    assert share(colour) > 0.4
    assert all(share(other) < share(colour) for other in COLOURS if other != colour)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].group != "held"])
def test_a_thing_fills_the_box_of_the_truth(kind: str) -> None:
    size = "small" if KINDS[kind].width_m > 2.5 or KINDS[kind].height_m > 2.0 else "medium"
    empty = _place(kind)
    picture = replace(empty, things=(make_thing(kind, "purple", y=9.4, size=size),))
    film, _ = _plan(picture)
    (thing,) = describe(film).shots[0].things
    found, told = _differ(_draw(picture), _draw(empty)), _edges(thing.track.boxes[0])
    assert found == pytest.approx(told, abs=_slack(told)), kind


@pytest.mark.parametrize(
    ("view", "action"),
    [("front", "standing"), ("back", "standing"), ("left", "walking"), ("right", "jumping"),
     ("front", "waving"), ("right", "sitting down"), ("front", "dancing")],
)  # fmt: skip
def test_a_person_fills_the_box_of_the_truth(view: str, action: str) -> None:
    empty = make_picture(camera=Camera(NEAR, NEAR))
    ann = make_ann(y=9.4, view=view, acts=(Act(action, 0, 2000),))
    picture = replace(empty, actors=(ann,))
    film, _ = _plan(picture)
    (person,) = describe(film).shots[0].persons
    for ms, box in zip(person.track.times_ms, person.track.boxes, strict=True):
        found, told = _differ(_draw(picture, ms), _draw(empty, ms)), _edges(box)
        assert found == pytest.approx(told, abs=_slack(told)), (view, action, ms)


def test_a_moving_thing_is_where_the_truth_says_at_each_time() -> None:
    window = Window(10.0, 8.0, 5.0)
    empty = make_picture(camera=Camera(window, window))
    car = make_thing("car", "blue", x=8.0, y=9.0, speed=1.3, size="small")
    picture = replace(empty, things=(car,))
    film, _ = _plan(picture)
    (thing,) = describe(film).shots[0].things
    assert len(thing.track.boxes) == 10
    for ms, box in zip(thing.track.times_ms, thing.track.boxes, strict=True):
        found, told = _differ(_draw(picture, ms), _draw(empty, ms)), _edges(box)
        assert found == pytest.approx(told, abs=_slack(told)), ms
    assert _edges(thing.track.boxes[-1])[0] - _edges(thing.track.boxes[0])[0] > 60


@pytest.mark.parametrize("move", ["pan", "zoom", "shake"])
def test_boxes_follow_the_camera(move: str) -> None:
    near, aside = Window(10.0, 8.4, 4.0), Window(11.0, 8.0, 4.0)
    camera = {
        "pan": Camera(near, aside, "pan right"),
        "zoom": Camera(near, Window(10.0, 8.4, 2.4), "zoom in"),
        "shake": Camera(near, near, "shake", 0.03),
    }[move]
    empty = make_picture(camera=camera)
    picture = replace(empty, things=(make_thing("mailbox", "red", y=9.3),))
    film, _ = _plan(picture)
    (thing,) = describe(film).shots[0].things
    boxes = dict(zip(thing.track.times_ms, thing.track.boxes, strict=True))
    for ms in (0, 800, 1800):
        found, told = _differ(_draw(picture, ms), _draw(empty, ms)), _edges(boxes[ms])
        assert found == pytest.approx(told, abs=_slack(told)), ms


def test_something_changes_in_the_box_of_who_acts_and_nothing_beside_it() -> None:
    window = Window(10.0, 8.0, 4.0)
    ann = make_ann(acts=(Act("waving", 0, 2000),))
    picture = make_picture(actors=(ann,), camera=Camera(window, window), setting=OFFICE)
    film, shot = _plan(picture)
    (person,) = describe(film).shots[0].persons
    change = np.abs(
        draw_frame(film, shot, 400).astype(int) - draw_frame(film, shot, 1000).astype(int)
    ).sum(axis=2)
    x0, y0, x1, y1 = (np.array(person.track.boxes) * [WIDTH, HEIGHT, WIDTH, HEIGHT]).T
    rows = slice(int(y0.min()) - EDGE_PX, int(y1.max()) + EDGE_PX)
    columns = slice(int(x0.min()) - EDGE_PX, int(x1.max()) + EDGE_PX)
    assert (change[rows, columns] > 40).sum() > 50
    change[rows, columns] = 0
    assert change.max() <= 3


def test_a_dark_shot_is_darker_and_a_noisy_one_rougher() -> None:
    picture = make_picture(make_thing("car"))
    plain, dark = _draw(picture), _draw(picture, flaws=("dark",))
    noisy = _draw(picture, flaws=("noisy",))
    assert dark.mean() < 0.5 * plain.mean()
    roughness = [np.abs(np.diff(frame, axis=1)).mean() for frame in (plain, noisy)]
    assert roughness[1] > 3 * roughness[0]


def _trace(piece: Piece, view: Window, film: VideoPlan) -> NDArray[np.bool_]:
    """The pixels that a piece covers: those that are alike on black and on white."""
    looks = {person.id: person.look for person in film.cast}
    on = [np.full((HEIGHT, WIDTH, 3), ground, np.uint8) for ground in (0, 255)]
    for pixels in on:
        brush = Brush(pixels, *corner_of(view), HEIGHT / view.height)
        if isinstance(piece, StagedPerson):
            draw_person(brush, piece.figure, looks[piece.id], dict(film.clothes)[piece.id])
        else:
            plan = piece.plan
            draw_thing(brush, plan.kind, (214, 36, 40), piece.box, piece.second, plan.facing)
    covered: NDArray[np.bool_] = (on[1].astype(int) - on[0]).max(axis=2) < 128
    return covered


def _measure_visible(film: VideoPlan, shot: ShotPlan, ms: int) -> Iterator[tuple[str, float]]:
    """Of each piece that something is drawn before: how much of its box is left."""
    looks, (picture,) = {person.id: person.look for person in film.cast}, shot.pictures
    view = view_at(picture.camera, ms / (shot.end_ms - shot.start_ms), ms / 1000)
    pieces = stage_at(picture, looks, ms / 1000 * shot.tempo).pieces
    traces = [_trace(piece, view, film) for piece in pieces]
    for number, piece in enumerate(pieces[:-1]):
        box = (np.array(piece.box) - np.tile(corner_of(view), 2)) * HEIGHT / view.height
        x0, y0, x1, y1 = np.clip(box, 0, [WIDTH, HEIGHT, WIDTH, HEIGHT]).round().astype(int)
        before = np.any(traces[number + 1 :], axis=0)[y0:y1, x0:x1]
        if before.any():
            whole = (box[2] - box[0]) * (box[3] - box[1])
            yield piece.id, float((~before).sum() / whole)


def test_what_the_truth_says_is_visible_is_so_in_the_picture() -> None:
    off: list[float] = []
    for number in range(12):
        film = plan_video(7, "test", number)
        told = {shot.id: shot for shot in describe(film).shots}
        for shot in film.shots:
            if len(shot.pictures) > 1 or len(off) >= 300:
                continue
            ms = (shot.end_ms - shot.start_ms) // 800 * 400
            tracks = {seen.id: seen.track for seen in told[shot.id].things}
            tracks |= {seen.person: seen.track for seen in told[shot.id].persons}
            for name, left in _measure_visible(film, shot, ms):
                track = tracks.get(name)
                shares = dict(zip(track.times_ms, track.visible, strict=True)) if track else {}
                seen = shares.get(shot.start_ms + ms)
                off.append(abs(left - seen) if seen is not None else max(0.0, left - 0.25))
    assert len(off) >= 300
    assert np.mean(np.array(off) > 0.2) < 0.02
