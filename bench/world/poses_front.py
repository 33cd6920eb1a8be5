"""Each action as a pose seen from front or back; x is to the right.

What goes forward goes to the side here, so that it is seen. Knows nothing of profiles.
"""

from collections.abc import Callable
from types import MappingProxyType

from bench.world.poses import Moment, Pose, Spot, ease, find_hop, fly, pass_through

FEET: tuple[Spot, Spot] = (0.058, 0.0), (-0.058, 0.0)
WIDE: tuple[Spot, Spot] = (0.1, 0.0), (-0.1, 0.0)


def _hang(now: Moment, side: int = -1) -> Spot:
    """Where a hand hangs down."""
    return side * (now.build.shoulder_wide + 0.02), -0.012 - 2 * now.build.arm


def _stand(now: Moment) -> Pose:
    sway = 0.008 * now.swing()
    a, b = _hang(now, 1), _hang(now)
    return Pose((a[0] + sway, a[1]), (b[0] + sway, b[1]), *FEET, lean=sway)


def _walk(now: Moment) -> Pose:
    step = now.swing()
    a, b = _hang(now, 1), _hang(now)
    return Pose(
        (a[0], a[1] + 0.09 * max(0.0, -step)), (b[0], b[1] + 0.09 * max(0.0, step)),
        (0.045, 0.085 * max(0.0, step)), (-0.045, 0.085 * max(0.0, -step)),
        shift=-0.018 * step, lift=-0.012 * abs(step),
    )  # fmt: skip


def _run(now: Moment) -> Pose:
    step = now.swing()
    wide = now.build.shoulder_wide + 0.02
    return Pose(
        (wide, -0.14 - 0.08 * step), (-wide, -0.14 + 0.08 * step),
        (0.045, 0.02 + 0.17 * max(0.0, step)), (-0.045, 0.02 + 0.17 * max(0.0, -step)),
        shift=-0.015 * step, lift=0.03 * abs(step), lean=0.01 * step,
    )  # fmt: skip


def _wave(now: Moment) -> Pose:
    wide = now.build.shoulder_wide
    return Pose((wide + 0.11 + 0.09 * now.swing(), 0.25), _hang(now), *FEET, mouth=0.3)


def _sit(now: Moment) -> Pose:
    down = ease(now.seconds / 1.1)
    a = _hang(now, 1)
    hand = a[0] * (1 - 0.35 * down), a[1] + 0.1 * down
    return Pose(
        hand, (-hand[0], hand[1]), (0.058 + 0.03 * down, 0.0), (-0.058 - 0.03 * down, 0.0),
        lift=-0.2 * down, knees_at=0.5 - 0.42 * down,
    )  # fmt: skip


def _jump(now: Moment) -> Pose:
    flight, crouch, raised = find_hop(now)
    hand = now.build.shoulder_wide + 0.035 + 0.08 * raised, -0.3 + 0.54 * raised
    return Pose(
        hand, (-hand[0], hand[1]), (0.07, 0.22 * flight), (-0.07, 0.22 * flight),
        lift=0.22 * flight - 0.09 * crouch, mouth=0.5 * flight,
    )  # fmt: skip


def _dance(now: Moment) -> Pose:
    beat = now.swing()
    up = (beat + 1) / 2
    high, low = (0.24, 0.2), (0.2, -0.17)
    return Pose(
        (high[0] * up + low[0] * (1 - up), high[1] * up + low[1] * (1 - up)),
        (-low[0] * up - high[0] * (1 - up), low[1] * up + high[1] * (1 - up)),
        (0.1, 0.08 * max(0.0, -beat)), (-0.1, 0.08 * max(0.0, beat)),
        shift=0.045 * beat, lift=-0.03 * abs(beat), lean=-0.06 * beat, mouth=0.3,
    )  # fmt: skip


def _hold(now: Moment) -> Pose:
    wide = now.build.shoulder_wide
    high = 0.06 if now.kind in ("umbrella", "balloon") else -0.1
    return Pose((wide + 0.14, high + 0.008 * now.swing()), _hang(now), *FEET)


def _carry(now: Moment) -> Pose:
    sway = 0.012 * now.swing()
    if now.kind == "box":
        hand = 0.15, -0.21 + sway
        return Pose(hand, (-0.15, hand[1]), *FEET, lean=sway / 2, hold="free", free=(0.0, hand[1]))
    a = _hang(now, 1)
    return Pose((a[0] + 0.02, a[1]), (_hang(now)[0] - 0.03, -0.29), *FEET, lean=-0.015 + sway)


def _throw(now: Moment) -> Pose:
    wide = now.build.shoulder_wide
    stops = (
        (0.0, wide + 0.07, -0.1), (0.26, wide - 0.06, 0.26), (0.4, wide + 0.29, 0.06),
        (0.56, wide + 0.12, -0.17), (0.8, wide + 0.17, 0.0), (1.0, wide + 0.07, -0.1),
    )  # fmt: skip
    hand = pass_through(now.share, stops)
    lean = pass_through(now.share, ((0, 0, 0), (0.26, -0.06, 0), (0.4, 0.06, 0), (1, 0, 0)))[0]
    flight = None
    if 0.38 < now.share < 0.9:
        start = wide + 0.28, now.build.shoulder_y + 0.04
        flight = fly((now.share - 0.38) / 0.52, start, (1.5, start[1] - 0.1), 0.34)
    return Pose(hand, (_hang(now)[0] - 0.07 - lean, -0.26), *WIDE, lean=lean, flight=flight)


def _kick(now: Moment) -> Pose:
    stops = (
        (0.0, 0.07, 0.0), (0.24, -0.03, 0.12), (0.38, 0.3, 0.12), (0.5, 0.25, 0.18),
        (0.72, 0.07, 0.0), (1.0, 0.07, 0.0),
    )  # fmt: skip
    foot = pass_through(now.share, stops)
    flight = 0.27, 0.0
    if 0.36 < now.share < 0.94:
        flight = fly((now.share - 0.36) / 0.58, flight, (1.5, 0.0), 0.3)
    out = now.build.shoulder_wide + 0.06 + 0.5 * abs(foot[0] - 0.07)
    return Pose(
        (out, -0.26), (-out, -0.24), foot, (-0.058, 0.0), lean=-0.25 * (foot[0] - 0.07),
        lift=-0.01, flight=flight,
    )  # fmt: skip


def _open(now: Moment) -> Pose:
    wide = now.build.shoulder_wide
    hand = pass_through(
        now.share, ((0, wide + 0.05, -0.28), (0.25, wide + 0.26, -0.1), (0.45, wide + 0.26, -0.13),
                    (0.75, wide + 0.1, -0.1), (1, wide + 0.05, -0.28)),
    )  # fmt: skip
    step, height = pass_through(
        now.share, ((0, 0, 0), (0.12, 0.05, 0.05), (0.25, 0.1, 0), (0.55, 0.1, 0),
                    (0.72, 0.05, 0.05), (0.85, 0, 0), (1, 0, 0)),
    )  # fmt: skip
    return Pose(
        hand, _hang(now), (FEET[0][0] + step, height), FEET[1], shift=0.5 * step, lean=0.3 * step
    )


def _read(now: Moment) -> Pose:
    turn = max(0.0, now.swing()) ** 4
    return Pose(
        (0.1 - 0.07 * turn, -0.15 + 0.06 * turn), (-0.1, -0.15), *FEET,
        hold="free", free=(0.0, -0.11),
    )  # fmt: skip


def _call(now: Moment) -> Pose:
    ear = now.build.head_wide + 0.025, now.build.eyes_y - 0.03
    nods = 0.006 * now.swing(times=2)
    return Pose(
        ear, _hang(now), *FEET, lean=nods, mouth=_speak(now),
        hold="free", free=(ear[0] + 0.01, ear[1]),
    )  # fmt: skip


def _photograph(now: Moment) -> Pose:
    nose = now.build.mouth_y + 0.015  # the eyes look over it
    return Pose(
        (0.1, nose - 0.02), (-0.1, nose - 0.02), *FEET, lift=-0.012 + 0.01 * now.swing(),
        hold="free", free=(0.0, nose), flash=now.share < 0.12,
    )  # fmt: skip


def _play(now: Moment) -> Pose:
    return Pose(
        (0.05 + 0.02 * now.swing(), -0.2 + 0.045 * now.swing()), (-0.24, -0.13), *FEET,
        lean=0.012 * now.swing(times=0.5), hold="free", free=(-0.03, -0.18),
    )  # fmt: skip


def _drink(now: Moment) -> Pose:
    wide = now.build.shoulder_wide
    mouth = 0.03, now.build.mouth_y - 0.03
    hand = pass_through(
        now.share,
        ((0, wide + 0.1, -0.13), (0.28, *mouth), (0.68, *mouth), (1, wide + 0.1, -0.13)),
    )
    return Pose(hand, _hang(now), *FEET)


def _hug(now: Moment) -> Pose:
    rock = 0.02 * now.swing()
    gap = min(0.24, now.gap or 0.22)
    return Pose(
        (gap + 0.06, -0.07 + rock), (gap - 0.02, -0.16 + rock), *FEET,
        lean=0.035 + rock, nod=0.01, mouth=0.25,
    )  # fmt: skip


def _shake(now: Moment) -> Pose:
    middle = min(now.build.shoulder_wide + 0.28, max(0.17, (now.gap or 0.6) / 2))
    return Pose((middle, -0.14 + 0.045 * now.swing()), _hang(now), *FEET, lean=0.02, mouth=0.2)


def _fight(now: Moment) -> Pose:
    near, far = max(0.0, now.swing()) ** 2, max(0.0, now.swing(0.5)) ** 2
    return Pose(
        (0.13 + 0.26 * near, 0.0 + 0.02 * near), (-0.07 + 0.25 * far, 0.0 + 0.04 * far),
        (0.13, 0.0), (-0.13, 0.0), shift=0.04 * max(near, far), lift=-0.035,
        lean=0.02 + 0.05 * max(near, far),
    )  # fmt: skip


def _dance_with(now: Moment) -> Pose:
    step = now.swing()
    meet = min(0.3, max(0.16, (now.gap or 0.5) / 2))
    return Pose(
        (meet, 0.1 + 0.025 * step), (0.1, -0.13),
        (0.06 + 0.05 * step, 0.05 * max(0.0, now.swing(0.25))),
        (-0.06 + 0.05 * step, 0.05 * max(0.0, now.swing(0.75))),
        shift=0.05 * step, lift=-0.012 - 0.012 * now.swing(times=2), lean=0.02 * step, mouth=0.2,
    )  # fmt: skip


def _talk(now: Moment) -> Pose:
    one, two = now.swing(), now.swing(0.3, 0.5)
    wide = now.build.shoulder_wide
    return Pose(
        (wide + 0.07 + 0.045 * one, -0.11 + 0.07 * two), (-wide - 0.02 + 0.04 * two, -0.2), *FEET,
        lean=0.008 * two, mouth=_speak(now),
    )  # fmt: skip


def _give(now: Moment) -> Pose:
    reach = now.build.shoulder_wide + 0.2 + 0.02 * now.swing()
    return Pose((reach, -0.11), (reach - 0.06, -0.15), *FEET, lean=0.045, hold="a", mouth=0.2)


def _speak(now: Moment) -> float:
    """How far a speaking mouth is open: syllables, about four a second."""
    return max(0.0, 0.55 * now.swing(times=5.0) + 0.35 * now.swing(0.2, 3.0))


FRONT_POSES: MappingProxyType[str, Callable[[Moment], Pose]] = MappingProxyType(
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
