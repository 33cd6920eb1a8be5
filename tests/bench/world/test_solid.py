"""Which parts of boxes hide what lies behind them."""

import pytest

from bench.world.figure import pose_figure
from bench.world.plan import Act
from bench.world.solid import find_solid
from bench.world.staging import Piece, StagedPerson, StagedThing
from tests.bench.world.handmade_film import LOOKS, make_ann, make_thing

Share = tuple[float, float]


def _hides(piece: Piece, share: Share) -> bool:
    """Whether it hides what is at a place of its box, in shares from the upper left corner."""
    x0, y0, x1, y1 = piece.box
    x, y = x0 + share[0] * (x1 - x0), y0 + share[1] * (y1 - y0)
    boxes = find_solid(piece, LOOKS)
    return any(left <= x < right and top <= y < bottom for left, top, right, bottom in boxes)


def _pose(view: str, action: str = "standing") -> StagedPerson:
    ann = make_ann(view=view, acts=(Act(action, 0, 2000),))
    return StagedPerson(ann, pose_figure(ann, LOOKS["p0"], 0.2))


@pytest.mark.parametrize(
    ("kind", "facing", "air", "solid"),
    [
        ("snowman", "right", (0.1, 0.15), (0.5, 0.7)),
        ("robot", "right", (0.1, 0.15), (0.5, 0.5)),
        ("horse", "right", (0.2, 0.15), (0.8, 0.2)),
        ("horse", "left", (0.8, 0.15), (0.2, 0.2)),
        ("chair", "right", (0.8, 0.2), (0.2, 0.3)),
        ("bed", "right", (0.5, 0.2), (0.5, 0.6)),
        ("ladder", "right", (0.5, 0.91), (0.12, 0.9)),
        ("tree", "right", (0.15, 0.85), (0.5, 0.4)),
        ("balloon", "right", (0.5, 0.7), (0.5, 0.2)),
    ],
)
def test_air_in_the_box_of_a_thing_hides_nothing(
    kind: str, facing: str, air: Share, solid: Share
) -> None:
    plan = make_thing(kind, facing=facing)
    piece = StagedThing(plan, (8.0, 6.0, 10.0, 9.0))
    assert not _hides(piece, air)
    assert _hides(piece, solid)


def test_what_fills_its_box_hides_with_all_of_it() -> None:
    assert find_solid(StagedThing(make_thing("bookshelf"), (1.0, 2.0, 3.0, 4.0)), LOOKS) == (
        (1.0, 2.0, 3.0, 4.0),
    )


@pytest.mark.parametrize("view", ["front", "back", "left", "right"])
def test_head_trunk_and_legs_hide_and_the_air_around_a_raised_arm_does_not(view: str) -> None:
    person = _pose(view, "waving")
    x0, y0, x1, y1 = person.box
    joints = person.figure.joints
    for x, y in (joints.head, joints.neck, joints.hips, joints.knee_a, joints.knee_b):
        assert _hides(person, ((x - x0) / (x1 - x0), (y - y0) / (y1 - y0)))
    assert not _hides(person, (0.03, 0.9))
    assert not _hides(person, (0.97, 0.9))


def test_a_figure_has_as_many_boxes_in_every_pose() -> None:
    counts = {
        len(find_solid(_pose(view, action), LOOKS))
        for view in ("front", "back", "left", "right")
        for action in ("standing", "sitting down", "jumping", "dancing")
    }
    assert len(counts) == 1
