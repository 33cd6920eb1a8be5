"""What a pose of a person is: where hands and feet go.

Lengths are shares of the person's height, x forward (in a profile) or to the right (from front and
back), y upwards. Hands are measured from the middle between the shoulders, feet and what flies
from the point on the ground between the feet. Knows nothing of metres, of pixels and of plans.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import pi, sin
from types import MappingProxyType
from typing import TypeAlias

from bench.world.plan import Look

Spot: TypeAlias = tuple[float, float]

# Cycles per second.
PACES = MappingProxyType(
    {
        "standing": 0.25,
        "walking": 0.95,
        "running": 1.5,
        "waving": 1.5,
        "sitting down": 0.2,
        "jumping": 0.8,
        "dancing": 0.9,
        "holding": 0.3,
        "carrying": 0.5,
        "throwing": 0.5,
        "kicking": 0.5,
        "opening": 0.5,
        "reading": 0.35,
        "calling with": 0.4,
        "photographing with": 0.5,
        "playing": 1.6,
        "drinking from": 0.4,
        "hugging": 0.4,
        "shaking hands with": 1.6,
        "fighting": 1.0,
        "dancing with": 0.6,
        "talking to": 0.7,
        "giving": 0.4,
    }
)


@dataclass(frozen=True)
class Build:
    """The measures of a body, as shares of its height; what is called wide is a half width."""

    head_high: float  # half the head's height
    head_wide: float
    shoulder_y: float
    shoulder_wide: float
    hip_y: float
    hip_wide: float
    arm: float  # upper arm, forearm: each
    leg: float  # thigh, shank: each

    @property
    def head_y(self) -> float:
        """The head's middle above the ground."""
        return 1.0 - self.head_high

    @property
    def mouth_y(self) -> float:
        """The mouth above the shoulders."""
        return self.head_y - 0.5 * self.head_high - self.shoulder_y

    @property
    def eyes_y(self) -> float:
        """The eyes above the shoulders."""
        return self.head_y - self.shoulder_y


@dataclass(frozen=True)
class Moment:
    """When in an act, and what the pose has to fit."""

    cycle: float  # cycles since the act began, its phase included
    seconds: float  # since the act began
    build: Build
    kind: str | None = None  # of the thing that is used
    gap: float | None = None  # to the partner

    @property
    def share(self) -> float:
        """Where in the cycle, from 0 up to 1."""
        return self.cycle % 1.0

    def swing(self, ahead: float = 0.0, times: float = 1.0) -> float:
        """Between -1 and 1, as a pendulum."""
        return sin(2 * pi * (self.cycle * times + ahead))


@dataclass(frozen=True)
class Pose:
    """Where everything goes. The arm and leg `a` are the near ones, or the right ones."""

    hand_a: Spot
    hand_b: Spot
    foot_a: Spot
    foot_b: Spot
    shift: float = 0.0  # of the hips, forward
    lift: float = 0.0  # of the hips, upwards
    lean: float = 0.0  # of the shoulders against the hips, forward
    nod: float = 0.0  # of the head against the shoulders, forward
    knees_at: float = 0.5  # how far down the leg they look, seen from the front
    mouth: float = 0.0  # how far it is open
    hold: str = "a"  # in which hand: "a", "b", "both"; "free": at `free`
    free: Spot = (0.0, 0.0)  # the middle of what is held, from the shoulders, if in no hand
    flight: Spot | None = None  # the middle of what was thrown or kicked, from the ground
    flash: bool = False


def pass_through(share: float, stops: Sequence[tuple[float, float, float]]) -> Spot:
    """Where something is at `share` of a cycle that stops at places: (share, x, y), in order.

    It slows down at each; the first is at share 0 and the last at share 1.
    """
    for (start, x0, y0), (end, x1, y1) in pairwise(stops):
        if share <= end:
            eased = ease((share - start) / (end - start))
            return x0 + (x1 - x0) * eased, y0 + (y1 - y0) * eased
    return stops[-1][1], stops[-1][2]


def ease(share: float) -> float:
    """From 0 to 1 with a slow start and end."""
    inside = min(1.0, max(0.0, share))
    return inside * inside * (3 - 2 * inside)


def find_hop(now: Moment) -> tuple[float, float, float]:
    """How high a jump is, how deep the crouch around it, how far up the arms, each 0 to 1."""
    air = (now.share - 0.3) / 0.5
    raised = ease((now.share - 0.15) / 0.4) - ease((now.share - 0.55) / 0.4)
    if 0.0 < air < 1.0:
        return 4 * air * (1 - air), 0.0, raised
    down = now.share / 0.3 if now.share < 0.5 else (1.0 - now.share) / 0.2
    return 0.0, sin(pi * down), raised


def fly(share: float, start: Spot, far: Spot, rise: float) -> Spot:
    """Where what was thrown is on its way to `far` and back, each time in an arc."""
    out = 1.0 - abs(1.0 - 2.0 * share)  # 0, 1, 0
    arc = 4 * out * (1 - out)
    return start[0] + (far[0] - start[0]) * out, start[1] + (far[1] - start[1]) * out + rise * arc


@lru_cache(maxsize=512)
def find_build(look: Look) -> Build:
    """The measures of a person: children have large heads and short limbs."""
    widths = {"round": 1.0, "oval": 0.84, "square": 0.92, "long": 0.76}
    if look.gender in ("boy", "girl"):
        high = 0.13 if look.face == "long" else 0.125
        return Build(
            high, 0.125 * widths[look.face], 0.728, 0.085, 0.40, 0.058, arm=0.152, leg=0.186
        )
    high = 0.106 if look.face == "long" else 0.1
    man = look.gender == "man"
    shoulders, hips = (0.118, 0.066) if man else (0.092, 0.07)
    return Build(
        high, 0.1 * widths[look.face], 0.775, shoulders, 0.445, hips, arm=0.168, leg=0.2085
    )
