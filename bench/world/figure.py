"""Where the parts of a person are at a second of a shot, and where the thing is that it holds.

Pure geometry, in metres of the stage. Knows nothing of pixels, of clothes and of colours.
"""

from dataclasses import dataclass
from types import MappingProxyType

from bench.world.plan import Act, ActorPlan, Look, Picture, ThingPlan, depth
from bench.world.poses import PACES, Build, Moment, Pose, Spot, ease, find_build
from bench.world.poses_bones import Bones, blend, find_bones, join
from bench.world.poses_front import FRONT_POSES
from bench.world.poses_side import SIDE_POSES
from bench.world.truth import Box

PASSING = 0.35  # s from one pose to another
LEGS_ONLY = ("walking", "running")
NOSE, SKULL_BACK = 1.06, 0.86  # how far a profile reaches, in halves of the head's height

# How far hair and hats reach beyond the head, as shares of half its height: upwards, to both sides,
# backwards in a profile, downwards from the chin.
_HAIR_REACH = MappingProxyType(
    {
        "bald": (0.02, 0.16, 0.1, 0.0),
        "short": (0.18, 0.16, 0.2, 0.0),
        "curly": (0.4, 0.42, 0.5, 0.0),
        "long": (0.2, 0.34, 0.4, 0.9),
        "ponytail": (0.2, 0.3, 0.75, 0.5),
        "bun": (0.62, 0.16, 0.5, 0.0),
        "bob": (0.2, 0.36, 0.4, 0.1),
        "spiky": (0.5, 0.24, 0.4, 0.0),
    }
)
_HAT_REACH = MappingProxyType(
    {
        "none": (0.0, 0.0, 0.0),
        "cap": (0.3, 0.2, 0.25),
        "brimmed": (0.55, 0.72, 0.75),
        "beanie": (0.62, 0.16, 0.2),
    }
)


@dataclass(frozen=True)
class Joints:
    """The points of a body, in metres of the stage; `a` is near the camera, or on the right."""

    head: Spot  # the middle of the skull
    neck: Spot  # between the shoulders
    hips: Spot  # between the legs' upper ends
    shoulder_a: Spot
    elbow_a: Spot
    hand_a: Spot
    shoulder_b: Spot
    elbow_b: Spot
    hand_b: Spot
    hip_a: Spot
    knee_a: Spot
    foot_a: Spot  # the ankle in a profile, else the sole
    hip_b: Spot
    knee_b: Spot
    foot_b: Spot


@dataclass(frozen=True)
class Figure:
    """A person as it is at one moment; lengths in metres of the stage."""

    x: float  # between the feet
    y: float
    view: str
    height: float
    joints: Joints
    box: Box  # around everything of it, hair and hat too
    face: Box | None  # the head without hair and hat; None from behind
    hold: Spot  # where the hand is, or the middle of what it holds; in flight: where that is
    hold_behind: bool  # what is held is on the far side of the body
    action: str
    forward: int  # 1: to the right of the frame, -1: to the left
    mouth: float  # how far it is open, 0 to 1
    flash: bool  # of a camera
    build: Build


def pose_figure(
    actor: ActorPlan, look: Look, second: float, picture: Picture | None = None
) -> Figure:
    """A person at a second of its shot.

    `picture`, what else is there, lets hands reach the partner and fit the thing they hold; without
    it both are of the usual size.
    """
    height = look.height_m * depth(actor.y)
    build = find_build(look)
    x = actor.x + actor.speed * _count_steps(actor.acts, second)
    bones = _find_bones(actor, build, second, (x, height, picture))
    pose = bones.pose
    forward = _find_side(actor, second, x, picture)
    frame = _Frame(x, actor.y, height, forward, actor.view in ("left", "right"))
    joints = _place_joints(bones, frame)
    hold = _find_hold(pose, joints, frame)
    act = find_act(actor, second)
    before_chest = pose.hold == "free" or (act is not None and act.action == "drinking from")
    behind = actor.view == "back" and before_chest and pose.flight is None
    face = None if actor.view == "back" else _find_face(joints.head, build, frame)
    flash = hold if pose.flash else None
    return Figure(
        x, actor.y, actor.view, height, joints, _find_box(joints, build, frame, look, flash), face,
        hold, behind, act.action if act else "standing", forward, bones.mouth, pose.flash, build,
    )  # fmt: skip


def find_act(actor: ActorPlan, second: float) -> Act | None:
    """What the person does at a second; of two acts at once the one that is not going about."""
    going = [act for act in actor.acts if act.start_ms <= second * 1000 < act.end_ms]
    going.sort(key=lambda act: act.action in LEGS_ONLY)
    return going[0] if going else None


def place_held(
    thing: ThingPlan, holder: ActorPlan, look: Look, figure: Figure, second: float
) -> Box | None:
    """The box of a thing that a person holds or uses, in metres of the stage.

    None if it stands where its own plan says, as a door does. `figure` is the holder's.
    """
    if thing.kind == "door":
        return None
    act = find_act(holder, second)
    width, height = thing.width_m, thing.height_m
    x, y = figure.hold
    kicks = [a.action for a in holder.acts if a.thing == thing.id] == ["kicking"]
    if act is not None and act.thing == thing.id:
        x += _find_offset(thing, figure, act.action)
    elif kicks:
        x, y = figure.x + figure.forward * 0.24 * figure.height, figure.y
    at = 1.0 if kicks else _GRIPS.get(thing.kind, 0.5)
    if kicks and y <= figure.y:
        x += figure.forward * width / 2
    top = y - at * height
    return x - width / 2, top, x + width / 2, top + height


# How far down a thing is held; the others by the middle.
_GRIPS = MappingProxyType(
    {
        "bag": 0.06,
        "suitcase": 0.06,
        "umbrella": 0.94,
        "balloon": 0.97,
        "flower": 0.8,
        "cake": 0.9,
    }
)


def _find_offset(thing: ThingPlan, figure: Figure, action: str) -> float:
    """How far the middle of a thing lies beyond the hands that hold it out."""
    beyond = thing.kind in ("box", "cake", "book") and action in ("giving", "carrying")
    if not beyond or figure.view not in ("left", "right"):
        return 0.0
    return figure.forward * thing.width_m * 0.36


@dataclass(frozen=True)
class _Frame:
    """How shares of a person's height lie on the stage."""

    x: float
    y: float
    height: float
    forward: int
    is_profile: bool

    def place(self, spot: Spot) -> Spot:
        """A spot that is measured from the ground between the feet."""
        return (
            self.x + self.forward * spot[0] * self.height,
            self.y - spot[1] * self.height,
        )


def _count_steps(acts: tuple[Act, ...], second: float) -> float:
    """For how many seconds the person has walked or run."""
    spans = [
        min(second, act.end_ms / 1000) - act.start_ms / 1000
        for act in acts
        if act.action in LEGS_ONLY and act.start_ms / 1000 < second
    ]
    return sum(spans)


def _find_side(actor: ActorPlan, second: float, x: float, picture: Picture | None) -> int:
    """Which way forward is; from front and back, where the partner is."""
    if actor.view in ("left", "right"):
        return 1 if actor.view == "right" else -1
    partner = _find_partner(actor, second, picture)
    return -1 if partner is not None and partner < x else 1


def _find_partner(actor: ActorPlan, second: float, picture: Picture | None) -> float | None:
    """Where the partner stands of the act that is nearest in time."""
    acts = [act for act in actor.acts if act.partner]
    if picture is None or not acts:
        return None
    nearest = min(acts, key=lambda act: _find_distance(act, second))
    return _locate(nearest.partner, picture, second)


def _find_distance(act: Act, second: float) -> float:
    return max(act.start_ms / 1000 - second, second - act.end_ms / 1000, 0.0)


def _locate(person: str | None, picture: Picture, second: float) -> float | None:
    for other in picture.actors:
        if other.person == person:
            return other.x + other.speed * _count_steps(other.acts, second)
    return None


def _find_bones(
    actor: ActorPlan, build: Build, second: float, around: tuple[float, float, Picture | None]
) -> Bones:
    """The pose of the acts of now, passing from one to the next; who walks may also wave."""
    profile = actor.view in ("left", "right")
    poses = SIDE_POSES if profile else FRONT_POSES
    stands = poses["standing"](Moment(second * PACES["standing"], second, build))
    rest = find_bones(stands, build, is_profile=profile)
    shown = [(act, share) for act in actor.acts if (share := _weigh(act, second)) > 0.0]
    if not shown:
        return rest
    legs = arms = rest
    shown.sort(key=lambda pair: pair[0].action in LEGS_ONLY)  # acts keep their order
    made = []
    for act, share in shown:
        pose = poses[act.action](_find_moment(act, build, second, around))
        made.append((find_bones(pose, build, is_profile=profile), share))
    going = sum(act.action in LEGS_ONLY for act, _ in shown)
    for bones, share in made:
        legs = blend(legs, bones, share)
    for bones, share in made[len(made) - going :] + made[: len(made) - going]:
        arms = blend(arms, bones, share)
    return join(legs, arms) if going else arms


def _weigh(act: Act, second: float) -> float:
    """How much of an act is seen: it begins before its start and fades after its end."""
    start, end = act.start_ms / 1000, act.end_ms / 1000
    if second < start:
        return ease(1 - (start - second) / PASSING)
    return ease(1 - (second - end) / PASSING) if second > end else 1.0


def _find_moment(
    act: Act, build: Build, second: float, around: tuple[float, float, Picture | None]
) -> Moment:
    x, height, picture = around
    since = second - act.start_ms / 1000
    kind = gap = None
    if picture is not None:
        kind = next((thing.kind for thing in picture.things if thing.id == act.thing), None)
        partner = _locate(act.partner, picture, second)
        gap = None if partner is None else abs(partner - x) / height
    return Moment(since * PACES[act.action] + act.phase, max(0.0, since), build, kind, gap)


def _place_joints(bones: Bones, frame: _Frame) -> Joints:
    """Joints in metres of the stage."""
    nx, ny = bones.neck
    upper = [(nx + x, ny + y) for x, y in (bones.head, (0.0, 0.0))]
    arms = [(nx + x, ny + y) for x, y in bones.arms]
    return Joints(*(frame.place(spot) for spot in (*upper, bones.hips, *arms, *bones.legs)))


def _find_hold(pose: Pose, joints: Joints, frame: _Frame) -> Spot:
    if pose.flight is not None:
        return frame.place(pose.flight)
    if pose.hold == "free":
        forward, height = frame.forward, frame.height
        return (
            joints.neck[0] + forward * pose.free[0] * height,
            joints.neck[1] - pose.free[1] * height,
        )
    (ax, ay), (bx, by) = joints.hand_a, joints.hand_b
    return ((ax + bx) / 2, (ay + by) / 2) if pose.hold == "both" else (ax, ay)


def _find_face(head: Spot, build: Build, frame: _Frame) -> Box:
    """The skull; in a profile with the nose."""
    high, wide = build.head_high * frame.height, build.head_wide * frame.height
    if not frame.is_profile:
        return head[0] - wide, head[1] - high, head[0] + wide, head[1] + high
    back, nose = head[0] - frame.forward * high * SKULL_BACK, head[0] + frame.forward * high * NOSE
    return min(back, nose), head[1] - high, max(back, nose), head[1] + high


def _find_box(joints: Joints, build: Build, frame: _Frame, look: Look, flash: Spot | None) -> Box:
    """Around everything that is drawn of a person."""
    size = frame.height
    spots = [joints.hand_a, joints.hand_b, joints.elbow_a, joints.elbow_b]
    boxes = [
        (x - 0.038 * size, y - 0.038 * size, x + 0.038 * size, y + 0.038 * size) for x, y in spots
    ]
    boxes.append(_find_head_box(joints.head, build, frame, look))
    knees = ((x - 0.05 * size, y, x + 0.05 * size, y) for x, y in (joints.knee_a, joints.knee_b))
    boxes.extend(knees)
    hem = 0.075 if frame.is_profile else 0.125
    x, y = joints.hips
    boxes.append((x - hem * size, y - 0.1 * size, x + hem * size, y))
    toe, heel = (0.085, 0.035) if frame.is_profile else (0.04, 0.04)
    for fx, fy in (joints.foot_a, joints.foot_b):
        ends = fx - frame.forward * heel * size, fx + frame.forward * toe * size
        sole = fy + (0.03 if frame.is_profile else 0.0) * size
        boxes.append((min(ends), sole - 0.05 * size, max(ends), sole))
    if flash is not None:
        boxes.append(
            (flash[0] - 0.1 * size, flash[1] - 0.1 * size, flash[0] + 0.1 * size, flash[1])
        )
    return (
        min(b[0] for b in boxes), min(b[1] for b in boxes),
        max(b[2] for b in boxes), max(b[3] for b in boxes),
    )  # fmt: skip


def _find_head_box(head: Spot, build: Build, frame: _Frame, look: Look) -> Box:
    half = build.head_high * frame.height
    up, side, back, down = _HAIR_REACH[look.hair]
    hat_up, hat_side, hat_back = _HAT_REACH[look.hat]
    if look.hat != "none" and look.hair in ("short", "curly", "bun", "spiky"):
        up = 0.0
    top, low = head[1] - (1 + max(up, hat_up)) * half, head[1] + (1 + down) * half
    wide = build.head_wide / build.head_high
    if not frame.is_profile:
        reach = (wide + max(side, hat_side)) * half
        return head[0] - reach, top, head[0] + reach, low
    behind = (SKULL_BACK + max(back, hat_back)) * half
    ahead = max(NOSE, {"cap": 1.6, "brimmed": SKULL_BACK + 0.62}.get(look.hat, 0.0)) * half
    ends = head[0] - frame.forward * behind, head[0] + frame.forward * ahead
    return min(ends), top, max(ends), low
