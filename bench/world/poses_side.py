"""Each action as a pose seen from the side; x is forward. Knows nothing of the other views."""

from collections.abc import Callable
from types import MappingProxyType

from bench.world.poses import Moment, Pose, Spot, ease, find_hop, fly, pass_through

FEET: tuple[Spot, Spot] = (0.035, 0.0), (-0.035, 0.0)
DOWN_B = -0.01, -0.345


def _stand(now: Moment) -> Pose:
    sway = 0.008 * now.swing()
    return Pose((0.03 + sway, -0.345), (-0.01 + sway, -0.345), *FEET, lean=sway)


def _walk(now: Moment) -> Pose:
    legs, arms = now.swing(), now.swing(0.5)
    rise = now.swing(0.25)
    return Pose(
        (0.15 * arms, -0.3 + 0.03 * abs(arms)), (-0.15 * arms, -0.3 + 0.03 * abs(arms)),
        (0.16 * legs, 0.055 * max(0.0, rise)), (-0.16 * legs, 0.055 * max(0.0, -rise)),
        lift=-0.022 * abs(legs), lean=0.02,
    )  # fmt: skip


def _run(now: Moment) -> Pose:
    legs, rise = now.swing(), now.swing(0.25)
    return Pose(
        (0.05 - 0.17 * legs, -0.15 - 0.09 * legs), (0.05 + 0.17 * legs, -0.15 + 0.09 * legs),
        (0.23 * legs - 0.05, 0.03 + 0.15 * max(0.0, rise) + 0.06 * max(0.0, -legs)),
        (-0.23 * legs - 0.05, 0.03 + 0.15 * max(0.0, -rise) + 0.06 * max(0.0, legs)),
        lift=-0.03 + 0.03 * abs(legs), lean=0.085, nod=0.01,
    )  # fmt: skip


def _wave(now: Moment) -> Pose:
    ahead = now.build.head_high + 0.1
    return Pose((ahead + 0.075 * now.swing(), 0.19), DOWN_B, *FEET, mouth=0.3)


def _sit(now: Moment) -> Pose:
    down = ease(now.seconds / 1.1)
    hand = 0.03 + 0.125 * down, -0.345 + 0.11 * down
    return Pose(
        hand, (hand[0] - 0.03, hand[1]), (0.09, 0.0), (0.05, 0.0),
        shift=-0.1 * down, lift=-0.2 * down, lean=0.12 * down * (1 - down) * 2,
    )  # fmt: skip


def _jump(now: Moment) -> Pose:
    flight, crouch, raised = find_hop(now)
    hands = 0.06 + 0.14 * raised, -0.3 + 0.54 * raised
    return Pose(
        hands, (hands[0] - 0.05, hands[1]),
        (0.03, 0.24 * flight), (-0.05, 0.2 * flight),
        lift=0.22 * flight - 0.1 * crouch, lean=0.06 * crouch, mouth=0.5 * flight,
    )  # fmt: skip


def _dance(now: Moment) -> Pose:
    beat, hop = now.swing(), abs(now.swing())
    up, down = (0.17, 0.2), (0.14, -0.14)
    share = (beat + 1) / 2
    return Pose(
        (up[0] * share + down[0] * (1 - share), up[1] * share + down[1] * (1 - share)),
        (0.1 * share + up[0] * (1 - share), -0.22 * share + up[1] * (1 - share)),
        (0.1, 0.09 * max(0.0, beat)), (-0.08, 0.09 * max(0.0, -beat)),
        shift=0.035 * beat, lift=-0.02 - 0.03 * hop, lean=-0.05 * beat, mouth=0.3,
    )  # fmt: skip


def _hold(now: Moment) -> Pose:
    high = 0.06 if now.kind in ("umbrella", "balloon") else -0.1
    return Pose((0.21, high + 0.008 * now.swing()), DOWN_B, *FEET)


def _carry(now: Moment) -> Pose:
    sway = 0.012 * now.swing()
    if now.kind == "box":
        hand = 0.2, -0.2 + sway
        return Pose(hand, (0.22, -0.19 + sway), *FEET, lean=-0.03, hold="both")
    return Pose((0.02 + sway, -0.33), (-0.05, -0.3), *FEET, lean=-0.02)


def _throw(now: Moment) -> Pose:
    stops = (
        (0.0, 0.2, -0.06), (0.26, -0.2, 0.2), (0.4, 0.32, 0.08), (0.56, 0.2, -0.16),
        (0.8, 0.26, 0.0), (1.0, 0.2, -0.06),
    )  # fmt: skip
    hand = pass_through(now.share, stops)
    lean = pass_through(now.share, ((0, 0, 0), (0.26, -0.07, 0), (0.4, 0.08, 0), (1, 0, 0)))[0]
    flight = None
    if 0.38 < now.share < 0.9:
        start = 0.36, now.build.shoulder_y + 0.06
        flight = fly((now.share - 0.38) / 0.52, start, (1.5, start[1] - 0.1), 0.34)
    return Pose(hand, (0.1 - lean, -0.22), (0.11, 0.0), (-0.09, 0.0), lean=lean, flight=flight)


def _kick(now: Moment) -> Pose:
    stops = (
        (0.0, 0.02, 0.0), (0.24, -0.22, 0.13), (0.38, 0.3, 0.13), (0.5, 0.24, 0.2),
        (0.72, 0.02, 0.0), (1.0, 0.02, 0.0),
    )  # fmt: skip
    foot = pass_through(now.share, stops)
    flight = 0.24, 0.0
    if 0.36 < now.share < 0.94:
        flight = fly((now.share - 0.36) / 0.58, flight, (1.5, 0.0), 0.3)
    return Pose(
        (-0.6 * foot[0], -0.24), (0.6 * foot[0], -0.24), foot, (-0.05, 0.0),
        lean=-0.2 * foot[0], lift=-0.01, flight=flight,
    )  # fmt: skip


def _open(now: Moment) -> Pose:
    hand = pass_through(
        now.share, ((0, 0.06, -0.28), (0.25, 0.31, -0.1), (0.45, 0.31, -0.13), (0.75, 0.1, -0.12),
                    (1, 0.06, -0.28)),
    )  # fmt: skip
    step, height = pass_through(
        now.share, ((0, 0, 0), (0.12, 0.08, 0.05), (0.25, 0.16, 0), (0.55, 0.16, 0),
                    (0.72, 0.06, 0.05), (0.85, 0, 0), (1, 0, 0)),
    )  # fmt: skip
    return Pose(
        hand, (-0.06, -0.3), (0.03 + step, height), FEET[1], shift=0.5 * step, lean=0.25 * step
    )


def _read(now: Moment) -> Pose:
    turn = max(0.0, now.swing()) ** 4
    return Pose(
        (0.16, -0.14), (0.2 - 0.06 * turn, -0.1 + 0.05 * turn), *FEET,
        nod=0.022, hold="free", free=(0.21, -0.1),
    )  # fmt: skip


def _call(now: Moment) -> Pose:
    ear = 0.015, now.build.eyes_y - 0.03
    nods = 0.006 * now.swing(times=2)
    return Pose(ear, (0.06, -0.28), *FEET, lean=nods, mouth=_speak(now), hold="free", free=ear)


def _photograph(now: Moment) -> Pose:
    eye = 0.215, now.build.eyes_y - 0.03
    return Pose(
        (0.19, eye[1] - 0.05), (0.25, eye[1] - 0.04), (0.06, 0.0), (-0.05, 0.0),
        lean=0.02, lift=-0.015 + 0.01 * now.swing(), hold="free", free=eye,
        flash=now.share < 0.12,
    )  # fmt: skip


def _play(now: Moment) -> Pose:
    return Pose(
        (0.04 + 0.02 * now.swing(), -0.2 + 0.045 * now.swing()), (0.25, -0.13), *FEET,
        lean=0.012 * now.swing(times=0.5), nod=0.012, hold="free", free=(0.09, -0.18),
    )  # fmt: skip


def _drink(now: Moment) -> Pose:
    reach = now.build.head_wide + 0.05, now.build.mouth_y - 0.01
    hand = pass_through(
        now.share, ((0, 0.2, -0.13), (0.28, *reach), (0.68, *reach), (1, 0.2, -0.13))
    )
    drinks = 0.26 < now.share < 0.7
    return Pose(
        hand, DOWN_B, *FEET, lean=-0.02 * drinks * ease((0.5 - abs(now.share - 0.48) * 2) * 3)
    )


def _hug(now: Moment) -> Pose:
    rock = 0.015 * now.swing()
    gap = min(0.3, now.gap or 0.23)
    return Pose(
        (gap + 0.04, -0.06 + rock), (gap + 0.03, -0.15 + rock), *FEET,
        shift=0.02, lean=0.035 + rock, nod=0.015, mouth=0.25,
    )  # fmt: skip


def _shake(now: Moment) -> Pose:
    middle = min(0.3, (now.gap or 0.5) / 2)
    return Pose(
        (middle, -0.15 + 0.045 * now.swing()), (-0.04, -0.31), (0.07, 0.0), (-0.05, 0.0),
        lean=0.025, mouth=0.2,
    )  # fmt: skip


def _fight(now: Moment) -> Pose:
    guard = 0.15, 0.01
    near, far = max(0.0, now.swing()) ** 2, max(0.0, now.swing(0.5)) ** 2
    hit = max(near, far)
    return Pose(
        (guard[0] + 0.19 * near, guard[1] + 0.02 * near),
        (guard[0] + 0.03 + 0.16 * far, guard[1] + 0.05 - 0.03 * far),
        (0.13 + 0.04 * hit, 0.025 * hit), (-0.13, 0.0),
        shift=0.05 * hit - 0.01, lift=-0.045, lean=0.05 + 0.05 * hit,
    )  # fmt: skip


def _dance_with(now: Moment) -> Pose:
    step = now.swing()
    reach = min(0.3, max(0.14, (now.gap or 0.4) - 0.1))
    meet = min(0.3, (now.gap or 0.4) / 2)
    return Pose(
        (meet, 0.1 + 0.025 * step), (reach, -0.14),
        (0.05 + 0.05 * step, 0.05 * max(0.0, now.swing(0.25))),
        (-0.05 + 0.05 * step, 0.05 * max(0.0, now.swing(0.75))),
        shift=0.05 * step, lift=-0.015 - 0.012 * now.swing(times=2), lean=0.02 * step, mouth=0.2,
    )  # fmt: skip


def _talk(now: Moment) -> Pose:
    one, two = now.swing(), now.swing(0.3, 0.5)
    return Pose(
        (0.17 + 0.045 * one, -0.11 + 0.06 * two), (0.1 + 0.05 * two, -0.2 + 0.03 * one), *FEET,
        lean=0.008 * two, mouth=_speak(now),
    )  # fmt: skip


def _give(now: Moment) -> Pose:
    reach = 0.27 + 0.03 * now.swing()
    return Pose(
        (reach, -0.11), (reach - 0.01, -0.08), (0.07, 0.0), (-0.05, 0.0),
        shift=0.01 * now.swing(), lean=0.04, hold="both", mouth=0.2,
    )  # fmt: skip


def _speak(now: Moment) -> float:
    """How far a speaking mouth is open: syllables, about four a second."""
    return max(0.0, 0.55 * now.swing(times=5.0) + 0.35 * now.swing(0.2, 3.0))


SIDE_POSES: MappingProxyType[str, Callable[[Moment], Pose]] = MappingProxyType(
    {
        "standing": _stand,
        "walking": _walk,
        "running": _run,
        "waving": _wave,
        "sitting down": _sit,
        "jumping": _jump,
        "dancing": _dance,
        "holding": _hold,
        "carrying": _carry,
        "throwing": _throw,
        "kicking": _kick,
        "opening": _open,
        "reading": _read,
        "calling with": _call,
        "photographing with": _photograph,
        "playing": _play,
        "drinking from": _drink,
        "hugging": _hug,
        "shaking hands with": _shake,
        "fighting": _fight,
        "dancing with": _dance_with,
        "talking to": _talk,
        "giving": _give,
    }
)
