"""Poses: every action moves in its own way, without jumps, and hands reach what they use."""

from dataclasses import fields
from itertools import pairwise
from math import hypot

import pytest

from bench.world.figure import Figure, place_held, pose_figure
from bench.world.plan import (
    Act,
    ActorPlan,
    Camera,
    Look,
    Picture,
    Setting,
    ThingPlan,
    Window,
    depth,
)  # fmt: skip
from bench.world.poses_front import FRONT_POSES
from bench.world.poses_side import SIDE_POSES
from bench.world.words import ACTIONS, GIFTS, THING_ACTIONS, VIEWS

LOOK = Look(
    "woman", "tan", "oval", "long", "brown", "green", "none", "none", "none", "red", height_m=1.7
)
USES = [(action, kind) for action, kinds in THING_ACTIONS.items() for kind in kinds]
USES += [("giving", kind) for kind in GIFTS]


def make_actor(action: str, view: str = "right", *, speed: float = 0.0) -> ActorPlan:
    return ActorPlan("p", 5.0, 11.25, view, (Act(action, 0, 60_000, "t", "q"),), speed)


def make_picture(kind: str, *actors: ActorPlan) -> Picture:
    thing = ThingPlan("t", kind, "red", "medium", 5.0, 11.25, held_by="p")
    view = Window(10.0, 5.6, 11.25)
    setting = Setting("park", "summer", "daylight", 0)
    return Picture(setting, (thing,), actors, Camera(view, view))


def list_joints(figure: Figure) -> list[tuple[float, float]]:
    return [getattr(figure.joints, field.name) for field in fields(figure.joints)]


def find_distance(first: Figure, second: Figure) -> float:
    pairs = zip(list_joints(first), list_joints(second), strict=True)
    return max(hypot(ax - bx, ay - by) for (ax, ay), (bx, by) in pairs)


def test_every_action_has_a_pose_from_every_side() -> None:
    assert set(SIDE_POSES) == set(FRONT_POSES) == set(ACTIONS)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("action", [action for action in ACTIONS if action != "standing"])
def test_an_action_differs_from_standing_and_moves(action: str, view: str) -> None:
    figures = [pose_figure(make_actor(action, view), LOOK, tick * 0.1) for tick in range(30)]
    still = pose_figure(make_actor("standing", view), LOOK, 0.0)
    assert max(find_distance(figure, still) for figure in figures) > 0.15 or action == "carrying"
    assert max(find_distance(figure, figures[0]) for figure in figures) > 0.01
    assert {figure.action for figure in figures} == {action}


@pytest.mark.parametrize("view", ["right", "front"])
@pytest.mark.parametrize("action", ACTIONS)
def test_no_joint_jumps_also_where_an_act_begins_and_ends(action: str, view: str) -> None:
    acts = (Act("standing", 0, 800), Act(action, 800, 3000, phase=0.3), Act("waving", 3000, 4000))
    actor = ActorPlan("p", 5.0, 11.25, view, acts)
    figures = [pose_figure(actor, LOOK, tick * 0.04) for tick in range(115)]
    steps = [find_distance(a, b) for a, b in pairwise(figures)]
    assert max(steps) < 0.25


def test_walkers_move_by_their_speed_while_they_walk() -> None:
    actor = ActorPlan("p", 5.0, 11.25, "left", (Act("walking", 1000, 3000),), speed=-1.2)
    at = [pose_figure(actor, LOOK, second).x for second in (0.5, 2.0, 3.0, 4.0)]
    assert at == pytest.approx([5.0, 3.8, 2.6, 2.6])


def test_a_walker_who_waves_keeps_walking() -> None:
    acts = (Act("waving", 0, 9000), Act("walking", 0, 9000))
    both = pose_figure(ActorPlan("p", 5.0, 11.25, "right", acts), LOOK, 0.4)
    walks = pose_figure(make_actor("walking"), LOOK, 0.4)
    waves = pose_figure(make_actor("waving"), LOOK, 0.4)
    assert both.joints.foot_a == walks.joints.foot_a
    assert both.joints.hand_a[1] == pytest.approx(waves.joints.hand_a[1], abs=0.1)
    assert both.action == "waving"


def test_who_sits_down_stays_down() -> None:
    hips = [pose_figure(make_actor("sitting down"), LOOK, s).joints.hips[1] for s in (0, 0.5, 2, 9)]
    assert hips[0] < hips[1] < hips[2]
    assert hips[2] == pytest.approx(hips[3])


def test_further_away_is_smaller() -> None:
    near = pose_figure(ActorPlan("p", 5.0, 11.25, "front", ()), LOOK, 0.0)
    far = pose_figure(ActorPlan("p", 5.0, 7.0, "front", ()), LOOK, 0.0)
    assert near.height == pytest.approx(1.7)
    assert far.height == pytest.approx(1.7 * depth(7.0))


def test_left_is_the_mirror_of_right() -> None:
    right = pose_figure(make_actor("drinking from", "right"), LOOK, 0.7)
    left = pose_figure(make_actor("drinking from", "left"), LOOK, 0.7)
    mirrored = [(10.0 - x, y) for x, y in list_joints(left)]
    assert mirrored == [pytest.approx(spot) for spot in list_joints(right)]


@pytest.mark.parametrize("view", ["left", "right", "front", "back"])
def test_the_face_is_not_seen_from_behind_alone(view: str) -> None:
    figure = pose_figure(make_actor("standing", view), LOOK, 0.0)
    assert (figure.face is None) == (view == "back")


@pytest.mark.parametrize("view", ["right", "left", "front"])
@pytest.mark.parametrize(("action", "kind"), [use for use in USES if use[1] != "door"])
def test_hands_reach_the_thing_unless_it_flies(action: str, kind: str, view: str) -> None:
    actor = make_actor(action, view)
    picture = make_picture(kind, actor)
    for second in {"throwing": (0.0, 0.3, 1.95), "kicking": (0.7,)}.get(action, (0.0, 0.7, 1.4)):
        figure = pose_figure(actor, LOOK, second, picture)
        box = place_held(picture.things[0], actor, LOOK, figure, second)
        assert box is not None
        joints = figure.joints
        ends = (joints.foot_a,) if action == "kicking" else (joints.hand_a, joints.hand_b)
        near = 0.25 if action == "kicking" else 0.12
        assert min(measure_gap(end, box) for end in ends) < near


def measure_gap(spot: tuple[float, float], box: tuple[float, float, float, float]) -> float:
    x, y = spot
    return hypot(max(box[0] - x, 0.0, x - box[2]), max(box[1] - y, 0.0, y - box[3]))


@pytest.mark.parametrize("action", ["throwing", "kicking"])
def test_a_ball_flies_away_and_comes_back(action: str) -> None:
    actor = make_actor(action)
    picture = make_picture("ball", actor)
    away = []
    for tick in range(100):
        figure = pose_figure(actor, LOOK, tick * 0.04, picture)
        box = place_held(picture.things[0], actor, LOOK, figure, tick * 0.04)
        assert box is not None
        assert box[3] <= 11.25 + 1e-6
        away.append(box[0] - 5.0)
    assert max(away[:50]) > 2.0
    assert min(away[45:60]) < 0.6
    assert away[10] == pytest.approx(away[60])


def test_a_door_stays_where_it_stands() -> None:
    actor = make_actor("opening")
    picture = make_picture("door", actor)
    figure = pose_figure(actor, LOOK, 1.0, picture)
    assert place_held(picture.things[0], actor, LOOK, figure, 1.0) is None


def test_a_bag_hangs_from_the_hand_and_an_umbrella_stands_on_it() -> None:
    for action, kind, below in (("carrying", "bag", True), ("holding", "umbrella", False)):
        actor = make_actor(action)
        picture = make_picture(kind, actor)
        figure = pose_figure(actor, LOOK, 0.0, picture)
        box = place_held(picture.things[0], actor, LOOK, figure, 0.0)
        assert box is not None
        assert ((box[1] + box[3]) / 2 > figure.joints.hand_a[1]) is below


@pytest.mark.parametrize(("views", "gap"), [(("right", "left"), 0.9), (("front", "front"), 0.9)])
def test_shaken_hands_meet(views: tuple[str, str], gap: float) -> None:
    one = ActorPlan("p", 5.0, 11.25, views[0], (Act("shaking hands with", 0, 9000, None, "q"),))
    two = ActorPlan("q", 5.0 + gap, 11.25, views[1], (Act(one.acts[0].action, 0, 9000, None, "p"),))
    picture = make_picture("cup", one, two)
    hands = [pose_figure(actor, LOOK, 0.2, picture).joints.hand_a for actor in (one, two)]
    assert hypot(hands[0][0] - hands[1][0], hands[0][1] - hands[1][1]) < 0.12


def test_speakers_open_and_close_their_mouths_and_cameras_flash_at_times() -> None:
    mouths = [pose_figure(make_actor("talking to"), LOOK, t * 0.04).mouth for t in range(50)]
    flashes = [
        pose_figure(make_actor("photographing with"), LOOK, t * 0.1).flash for t in range(20)
    ]
    assert min(mouths) == 0.0
    assert max(mouths) > 0.4
    assert 0 < sum(flashes) < 8
