"""From a pose to its joints: elbows and knees follow from hands and feet, poses pass into others.

Lengths and axes are those of a `Pose`. Knows nothing of metres and of plans.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from bench.world.poses import Build, Pose, Spot


@dataclass(frozen=True)
class Bones:
    """The joints of a person who stands at (0, 0)."""

    neck: Spot  # between the shoulders
    head: Spot  # from the neck
    arms: tuple[Spot, ...]  # (6,) from the neck: shoulder, elbow, hand, of a and then of b
    hips: Spot
    legs: tuple[Spot, ...]  # (6,) hip, knee, foot, of a and then of b
    mouth: float
    pose: Pose  # what is held, thrown and flashes is as in this one


def find_bones(pose: Pose, build: Build, *, is_profile: bool) -> Bones:
    """The joints of a pose."""
    hips = pose.shift, build.hip_y + pose.lift
    neck = pose.shift + pose.lean, build.shoulder_y + pose.lift
    head = pose.nod, build.head_y - build.shoulder_y
    wide = 0.014 if is_profile else build.shoulder_wide - 0.018
    apart = 0.008 if is_profile else build.hip_wide - 0.026
    arms: list[Spot] = []
    for turn, hand in ((1, pose.hand_a), (-1, pose.hand_b)):
        shoulder = turn * wide, -0.018
        bend = 1.0 if is_profile else _find_elbow_side(shoulder, hand, turn, build.arm)
        arms += [shoulder, *_bend(shoulder, hand, build.arm, bend)]
    legs: list[Spot] = []
    for turn, foot in ((1, pose.foot_a), (-1, pose.foot_b)):
        hip = hips[0] + turn * apart, hips[1]
        if is_profile:
            legs += [hip, *_bend(hip, (foot[0], foot[1] + 0.03), build.leg, -1.0)]
        else:
            legs += [hip, _find_knee(hip, foot, turn, build, pose.knees_at), foot]
    return Bones(neck, head, tuple(arms), hips, tuple(legs), pose.mouth, pose)


def blend(first: Bones, second: Bones, share: float) -> Bones:
    """Joints on the way from one pose to another; what is held follows the nearer one.

    Joints go straight, so that a limb looks shorter on its way, as one that turns to the camera.
    """
    if share <= 0.0:
        return first
    if share >= 1.0:
        return second
    near = second if share >= 0.5 else first
    return Bones(
        _pass(first.neck, second.neck, share),
        _pass(first.head, second.head, share),
        _pass_all(first.arms, second.arms, share),
        _pass(first.hips, second.hips, share),
        _pass_all(first.legs, second.legs, share),
        first.mouth * (1 - share) + second.mouth * share,
        near.pose,
    )


def join(legs: Bones, rest: Bones) -> Bones:
    """The legs and the trunk of one pose with the arms, the head and the thing of another."""
    return Bones(legs.neck, rest.head, rest.arms, legs.hips, legs.legs, rest.mouth, rest.pose)


def _pass(first: Spot, second: Spot, share: float) -> Spot:
    return (
        first[0] * (1 - share) + second[0] * share,
        first[1] * (1 - share) + second[1] * share,
    )


def _pass_all(first: Sequence[Spot], second: Sequence[Spot], share: float) -> tuple[Spot, ...]:
    return tuple(_pass(a, b, share) for a, b in zip(first, second, strict=True))


def _bend(root: Spot, target: Spot, length: float, side: float) -> tuple[Spot, Spot]:
    """The middle joint and the end of a limb of two equal parts that reaches for a target."""
    dx, dy = target[0] - root[0], target[1] - root[1]
    far = max(1e-6, hypot(dx, dy))
    reach = min(far, 1.995 * length)
    end = root[0] + dx / far * reach, root[1] + dy / far * reach
    out = side * sqrt(max(0.0, length * length - reach * reach / 4))
    return ((root[0] + end[0]) / 2 + dy / far * out, (root[1] + end[1]) / 2 - dx / far * out), end


def _find_elbow_side(shoulder: Spot, hand: Spot, turn: int, length: float) -> float:
    """On which side of an arm the elbow is: down and outwards, seen from the front.

    Passes through 0, an arm bent along the view, so that an elbow never jumps; a hand before its
    own shoulder has its elbow there too.
    """
    dx, dy = hand[0] - shoulder[0], hand[1] - shoulder[1]
    along = (0.6 * turn * dy + dx) / max(1e-6, hypot(dx, dy))
    far = hypot(dx, dy)
    return min(1.0, max(-1.0, 2.5 * along)) * min(1.0, far / length)


def _find_knee(hip: Spot, foot: Spot, turn: int, build: Build, share: float) -> Spot:
    """A knee seen from the front, where a bent leg looks short rather than bent."""
    slack = max(0.0, 2 * build.leg - (hip[1] - foot[1]))
    x = hip[0] + (foot[0] - hip[0]) * share + turn * 0.14 * slack
    return x, hip[1] + (foot[1] - hip[1]) * share
