"""What the truth says of films that were planned by hand."""

from dataclasses import replace

import pytest

from bench.world.plan import (
    Act,
    Camera,
    Picture,
    Setting,
    ShotPlan,
    Sign,
    ThingPlan,
    Window,
    depth,
)
from bench.world.seen import describe
from bench.world.sight import longest_run
from bench.world.truth import ShotTruth
from tests.bench.world.handmade_film import (
    CAST,
    PARK,
    VIEW,
    make_ann,
    make_bob,
    make_film,
    make_look,
    make_picture,
    make_shot,
    make_thing,
)


def _see(*pictures: Picture, **more: object) -> ShotTruth:
    return describe(make_film(make_shot(*pictures, **more))).shots[0]  # type: ignore[arg-type]


def _look(x: float, y: float, height: float) -> Camera:
    return Camera(Window(x, y, height), Window(x, y, height))


def test_a_box_lies_where_the_thing_stands() -> None:
    box = make_thing("mailbox", x=10.0, y=9.5)
    (thing,) = _see(make_picture(box, camera=_look(10.0, 8.5, 4.5))).things
    x0, y0, x1, y1 = thing.track.boxes[0]
    assert x1 - x0 == pytest.approx(box.width_m / 8.0, abs=1e-3)
    assert (x0 + x1) / 2 == pytest.approx(0.5, abs=1e-3)
    assert y1 == pytest.approx((9.5 - 6.25) / 4.5, abs=1e-3)
    assert y1 - y0 == pytest.approx(box.height_m / 4.5, abs=1e-3)
    assert set(thing.track.visible) == {1.0}
    assert thing.track.times_ms == tuple(range(0, 2000, 200))


def test_times_count_from_the_start_of_the_film() -> None:
    shots = (
        make_shot(make_picture(), length_ms=600),
        make_shot(make_picture(make_thing("dog")), start_ms=600, length_ms=480),
    )
    shot = describe(make_film(*shots)).shots[1]
    assert shot.things[0].track.times_ms == (600, 800, 1000)


def test_a_thing_that_leaves_the_frame_is_cut_and_then_left_out() -> None:
    car = make_thing("car", x=12.0, speed=2.0)
    (thing,) = _see(make_picture(car), length_ms=4000).things
    assert all(0 <= edge <= 1 for box in thing.track.boxes for edge in box)
    assert list(thing.track.visible) == sorted(thing.track.visible, reverse=True)
    assert thing.track.times_ms[-1] < 3000
    assert thing.motion == "right"


def test_what_stands_before_a_thing_hides_it() -> None:
    behind = make_thing("mailbox", x=10.0, y=9.0, id="far")
    before = make_thing("box", x=10.0, y=9.2, size="large", id="near")
    far, near = _see(make_picture(behind, before)).things
    assert far.track.visible[0] < 0.7
    assert near.track.visible[0] == 1.0


def test_a_face_is_seen_beside_a_snowman() -> None:
    snowman = make_thing("snowman", x=10.42, y=9.8, size="large")
    shot = _see(make_picture(snowman, actors=(make_ann(),), camera=_look(10.0, 8.5, 2.6)))
    assert shot.persons[0].face_visible


def test_what_is_carried_shows_on_both_sides_of_a_back() -> None:
    box = make_thing("box", held_by="p0")
    ann = make_ann(view="back", acts=(Act("carrying", 0, 2000, "box"),))
    shot = _see(make_picture(box, actors=(ann,)))
    assert [done.phrase for done in shot.actions] == ["carrying a box"]
    assert 0.3 < min(shot.things[0].track.visible) < 0.5


def test_what_is_held_is_seen_in_close_views_of_a_part_of_it() -> None:
    box = make_thing("box", held_by="p0", size="large")
    ann = make_ann(view="back", acts=(Act("carrying", 0, 2000, "box"),))
    close = _look(10.0, 8.2, 0.8)
    shot = _see(make_picture(box, actors=(ann,), camera=close))
    assert [done.phrase for done in shot.actions] == ["carrying a box"]
    assert max(shot.things[0].track.visible) < 0.25
    assert not _see(make_picture(replace(box, held_by=None, y=9.15), camera=close)).things


def test_a_small_thing_before_the_chest_is_not_seen_from_behind() -> None:
    cup = make_thing("cup", held_by="p0", size="small")
    ann = make_ann(view="back", acts=(Act("holding", 0, 2000, "cup"),))
    shot = _see(make_picture(cup, actors=(ann,)))
    assert not shot.things or min(shot.things[0].track.visible) > 0.5


def test_arms_that_are_spread_hide_nothing_beside_the_legs() -> None:
    phone = make_thing("phone", x=10.225, y=9.4, size="small")
    shot = _see(make_picture(phone, actors=(make_ann(acts=(Act("waving", 0, 2000),)),)))
    assert shot.things[0].track.visible[0] == 1.0


def test_a_thing_all_behind_another_is_not_in_the_truth() -> None:
    behind, before = make_thing("ball", y=9.0), make_thing("truck", y=9.6, id="near")
    assert [thing.id for thing in _see(make_picture(behind, before)).things] == ["near"]


def test_a_person_beyond_the_frame_is_not_seen_and_does_nothing() -> None:
    shot = _see(make_picture(actors=(make_ann(), make_bob(x=18.0))))
    assert [person.person for person in shot.persons] == ["p0"]
    assert {done.actor for done in shot.actions} == {"p0"}


@pytest.mark.parametrize(
    ("share", "size"),
    [
        (0.12, "extreme close-up"),
        (0.24, "close-up"),
        (0.36, "medium close-up"),
        (0.48, "tight medium shot"),
        (0.6, "medium shot"),
        (0.8, "medium full shot"),
        (1.3, "full shot"),
        (2.5, "long shot"),
        (4.0, "extreme long shot"),
    ],
)
def test_the_shot_size_follows_how_much_of_the_person_is_in_view(share: float, size: str) -> None:
    ann = make_ann(y=9.5)
    tall = 1.7 * depth(9.5)
    high = share * tall
    middle = 9.5 - tall * 0.92 if share < 0.15 else 9.5 - 1.03 * tall + high / 2
    shot = _see(make_picture(actors=(ann,), camera=_look(10.0, middle, high)))
    assert shot.persons[0].shot_size == size
    assert shot.shot_size == size


def test_faces_are_seen_from_front_and_side_if_they_are_wide_enough() -> None:
    near, far = _look(10.0, 8.5, 2.0), _look(10.0, 8.5, 5.0)
    for view, camera, is_visible in (
        ("front", near, True),
        ("left", near, True),
        ("back", near, False),
        ("front", far, False),
    ):
        shot = _see(make_picture(actors=(make_ann(view=view),), camera=camera))
        assert shot.persons[0].face_visible is is_visible, (view, camera)
        assert shot.persons[0].view == view


def test_a_face_that_is_there_for_an_instant_is_not_visible() -> None:
    picture = make_picture(actors=(make_ann(),), camera=_look(10.0, 8.5, 2.0))
    assert not _see(picture, length_ms=200).persons[0].face_visible
    assert _see(picture, length_ms=400).persons[0].face_visible


def test_runs_are_measured_in_ms() -> None:
    assert longest_run([True, True, False, True, True, True]) == 600
    assert longest_run([]) == 0


def test_actions_are_told_with_the_thing_and_between_them_people_stand() -> None:
    bag = make_thing("bag", held_by="p0")
    ann = make_ann(acts=(Act("carrying", 800, 2000, "bag"),))
    shot = _see(make_picture(bag, actors=(ann,)), length_ms=3000)
    told = [(done.action, done.phrase, done.start_ms, done.end_ms) for done in shot.actions]
    assert told == [
        ("standing", "standing", 0, 800),
        ("carrying", "carrying a bag", 800, 2000),
        ("standing", "standing", 2000, 3000),
    ]
    assert shot.actions[1].thing == "bag"
    assert shot.things[0].motion == "held"
    assert shot.things[0].held_by == "p0"


def test_in_fast_motion_acts_last_less_long_in_the_film() -> None:
    ann = make_ann(acts=(Act("waving", 0, 4000),))
    shot = _see(make_picture(actors=(ann,)), length_ms=4000, tempo=2.0)
    assert [(done.action, done.start_ms, done.end_ms) for done in shot.actions] == [
        ("waving", 0, 2000),
        ("standing", 2000, 4000),
    ]


def test_an_act_that_lasts_all_of_a_fast_shot_is_told_for_all_of_it() -> None:
    for tempo in (1.0, 2.0, 3.0):
        ann = make_ann(acts=(Act("waving", 0, round(4080 * tempo)),))
        (done,) = _see(make_picture(actors=(ann,)), length_ms=4080, tempo=tempo).actions
        assert (done.action, done.start_ms, done.end_ms) == ("waving", 0, 4080)


@pytest.mark.parametrize("length_ms", [2000, 2040, 2080, 2120, 2160])
def test_acts_begin_and_end_when_they_do_and_not_when_they_are_looked_at(length_ms: int) -> None:
    acts = (Act("waving", 0, 920), Act("dancing", 920, length_ms))
    shot = _see(make_picture(actors=(make_ann(acts=acts),)), length_ms=length_ms)
    assert [(done.action, done.start_ms, done.end_ms) for done in shot.actions] == [
        ("waving", 0, 920),
        ("dancing", 920, length_ms),
    ]


def test_what_is_done_with_a_thing_beyond_the_frame_is_not_told() -> None:
    bag = make_thing("bag", held_by="p0")
    ann = make_ann(acts=(Act("carrying", 0, 2000, "bag"),))
    face = _look(10.0, 8.2, 0.4)
    (done,) = _see(make_picture(bag, actors=(ann,), camera=face)).actions
    assert (done.action, done.start_ms, done.end_ms) == ("standing", 0, 2000)


@pytest.mark.parametrize(
    ("act", "phrase"),
    [
        (Act("hugging", 0, 2000, partner="p1"), "hugging"),
        (Act("shaking hands with", 0, 2000, partner="p1"), "shaking hands"),
        (Act("dancing with", 0, 2000, partner="p1"), "dancing together"),
        (Act("talking to", 0, 2000, partner="p1"), "talking"),
        (Act("calling with", 0, 2000, "phone"), "talking on a phone"),
        (Act("drinking from", 0, 2000, "cup"), "drinking from a cup"),
        (Act("photographing with", 0, 2000, "camera"), "taking a photo"),
        (Act("giving", 0, 2000, "box", "p1"), "giving a box"),
        (Act("holding", 0, 2000, "umbrella"), "holding an umbrella"),
        (Act("sitting down", 0, 2000), "sitting down"),
    ],
)
def test_actions_have_a_phrase(act: Act, phrase: str) -> None:
    things = [make_thing(act.thing, held_by="p0")] if act.thing else []
    shot = _see(make_picture(*things, actors=(make_ann(view="right", acts=(act,)), make_bob())))
    assert shot.actions[0].phrase == phrase


def test_colours_are_those_of_things_and_clothes_the_largest_first() -> None:
    truck, cup = make_thing("truck", "yellow", x=8.0), make_thing("cup", "pink", x=13.0)
    shot = _see(make_picture(truck, cup, actors=(make_ann(x=12.0),)))
    assert shot.colours[0] == "yellow"
    assert set(shot.colours) == {"yellow", "green", "blue", "pink"}


@pytest.mark.parametrize("view", ["front", "back", "left"])
def test_a_hat_gives_the_shot_its_colour_while_it_is_seen(view: str) -> None:
    hatted = replace(CAST[0], look=make_look(hat="cap", hat_colour="orange"))

    def see(camera: Camera, *things: ThingPlan) -> tuple[str, ...]:
        film = make_film(
            make_shot(make_picture(*things, actors=(make_ann(view=view),), camera=camera))
        )
        return describe(replace(film, cast=(hatted, CAST[1]))).shots[0].colours

    near = _look(10.0, 8.5, 3.0)
    assert "orange" in see(near)
    assert "orange" not in see(_look(10.0, 9.3, 0.8))  # of the legs
    assert "orange" not in see(near, make_thing("bus", y=9.8))
    assert "orange" not in _see(make_picture(actors=(make_ann(view=view),), camera=near)).colours


def test_a_board_is_read_if_its_letters_are_large_enough_and_uncovered() -> None:
    sign = Sign("BAKERY", "sign", 10.0, 7.5, 0.4)
    (written,) = _see(make_picture(signs=(sign,))).written
    assert (written.text, written.kind) == ("BAKERY", "sign")
    assert not _see(make_picture(signs=(replace(sign, height=0.2),))).written
    bus = make_thing("bus", x=10.0, y=8.0)
    assert not _see(make_picture(bus, signs=(sign,))).written
    assert not _see(make_picture(signs=(replace(sign, x=6.5),))).written


def test_a_board_that_is_covered_nearly_all_the_time_is_not_read() -> None:
    sign = Sign("BUS STOP", "sign", 10.0, 7.5, 0.4)

    def see(speed: float) -> int:
        bus = make_thing("bus", x=10.0, y=8.0, speed=speed)
        return len(_see(make_picture(bus, signs=(sign,)), length_ms=4000).written)

    assert [see(1.0), see(3.0)] == [0, 1]


def test_each_half_of_a_split_picture_keeps_to_its_side() -> None:
    left = make_picture(make_thing("dog", x=10.0), make_thing("cat", x=13.5, id="aside"))
    right = make_picture(make_thing("robot", "blue"), setting=Setting("office", None, None, 1))
    shot = _see(left, right)
    assert shot.is_split
    assert shot.place == "park"
    boxes = {thing.kind: thing.track.boxes[0] for thing in shot.things}
    assert set(boxes) == {"dog", "robot"}
    assert (boxes["dog"][0] + boxes["dog"][2]) / 2 == pytest.approx(0.25, abs=0.01)
    assert (boxes["robot"][0] + boxes["robot"][2]) / 2 == pytest.approx(0.75, abs=0.01)


def test_near_duplicates_are_named_both_ways() -> None:
    def show(number: int, repeats: str | None = None) -> ShotPlan:
        start = 1000 * number
        return make_shot(
            make_picture(), start_ms=start, length_ms=1000, id=f"s{number}", repeats=repeats
        )

    shots = describe(make_film(show(0), show(1), show(2, "s0"), show(3, "s2"))).shots
    assert shots[0].duplicates == ("test0000/s2", "test0000/s3")
    assert shots[1].duplicates == ()
    assert shots[3].duplicates == ("test0000/s0", "test0000/s2")


def test_a_title_belongs_to_no_scene() -> None:
    film = make_film(
        make_shot(make_picture(), is_title=True),
        make_shot(make_picture(setting=PARK, camera=Camera(VIEW, VIEW)), start_ms=2000),
    )
    title, shot = describe(film).shots
    assert (title.scene, shot.scene) == (None, "c0")


def test_the_person_of_whom_most_is_seen_is_the_main_one() -> None:
    picture = make_picture(actors=(make_ann(x=9.0, y=7.0), make_bob(x=11.0, y=10.4)))
    assert {person.person: person.is_main for person in _see(picture).persons} == {
        "p0": False,
        "p1": True,
    }
