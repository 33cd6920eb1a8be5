"""The cues of a plan, as plain signs: of each related pair, of each act.

A single frame of an act shows one of five postures, drawn from `POSTURES`; how it moves is one of
three. Knows nothing of how signs are weighed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from bench.world.dice import Dice
from bench.world.plan import Act, ActorPlan, Picture, ShotPlan, VideoPlan, depth

# How often a frame of an action shows which posture.
POSTURES = MappingProxyType(
    {
        "standing": {"arms down": 1.0},
        "walking": {"legs apart": 0.75, "arms down": 0.25},
        "running": {"legs apart": 0.85, "arms down": 0.15},
        "waving": {"arm up": 1.0},
        "sitting down": {"legs bent": 0.75, "arms down": 0.25},
        "jumping": {"legs bent": 0.4, "arm up": 0.4, "arms down": 0.2},
        "dancing": {"arm up": 0.5, "legs bent": 0.2, "legs apart": 0.3},
        "holding": {"arm forward": 1.0},
        "carrying": {"arms down": 1.0},
        "throwing": {"arm up": 0.5, "arm forward": 0.3, "arms down": 0.2},
        "kicking": {"legs apart": 0.6, "arms down": 0.4},
        "opening": {"arm forward": 0.7, "legs apart": 0.3},
        "reading": {"arm forward": 1.0},
        "calling with": {"arm up": 1.0},
        "photographing with": {"arm up": 0.5, "arm forward": 0.5},
        "playing": {"arm forward": 1.0},
        "drinking from": {"arm up": 0.6, "arm forward": 0.4},
        "hugging": {"arm forward": 1.0},
        "shaking hands with": {"arm forward": 1.0},
        "fighting": {"arm forward": 0.6, "arm up": 0.2, "legs apart": 0.2},
        "dancing with": {"arm forward": 0.7, "legs apart": 0.3},
        "talking to": {"arms down": 0.6, "arm forward": 0.4},
        "giving": {"arm forward": 1.0},
    }
)
GOING = frozenset({"walking", "running", "opening"})
CYCLIC = frozenset(
    {
        "waving", "jumping", "dancing", "throwing", "kicking", "drinking from", "playing",
        "shaking hands with", "fighting", "dancing with", "sitting down",
    }
)  # fmt: skip
NEAR_M = 1.0
Cues = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class PairExample:
    """A related pair of a film: its relation and the signs of it, by cue."""

    label: str
    cues: Cues


@dataclass(frozen=True)
class ActExample:
    """An act of a shot: its action and the signs of it, by cue."""

    label: str
    cues: Cues


def read_pairs(plan: VideoPlan) -> Iterator[PairExample]:
    """Each related pair of a film that shares a scene."""
    looks = {person.id: person.look for person in plan.cast}
    for each in plan.relations:
        pair = frozenset((each.a, each.b))
        scenes = [scene for scene in plan.scenes if pair <= set(scene.people)]
        if not scenes:
            continue
        times = [(scene.start_ms, scene.end_ms) for scene in scenes]
        shots = [shot for shot in plan.shots if any(a <= shot.start_ms < b for a, b in times)]
        both = [picture for shot in shots for picture in _with_both(shot, pair)]
        acts = [(shot.id[:2], act.action) for shot in shots for act in _acts_of(shot, pair)]
        genders = sorted(looks[person].gender for person in pair)
        cues = (
            ("place", tuple(scene.setting.place for scene in scenes)),
            ("acts", tuple(action for _, action in sorted(set(acts)))),
            ("gifts", tuple(sorted({sign for at in both for sign in _gift_signs(at, pair)}))),
            ("topics", tuple(_topics(plan, pair))),
            ("words", tuple(_word_signs(plan, pair))),
            ("turns", tuple(_turn_signs(plan, pair))),
            ("looks", (" ".join(genders),)),
            ("company", (f"{min(len(scenes), 3)} scenes", f"{min(len(both), 8) // 2} shots")),
            ("distance", tuple(sign for at in both for sign in _distance_signs(at, pair))),
            ("framing", tuple(_frame_sign(at) for at in both)),
        )
        yield PairExample(each.relation, cues)


def read_acts(plan: VideoPlan) -> Iterator[ActExample]:
    """Each act of each shot, with a frame of it that chance chose."""
    for shot in plan.shots:
        for picture in shot.pictures:
            for actor in picture.actors:
                for act in actor.acts:
                    dice = Dice(plan.id, shot.id, actor.person, act.start_ms)
                    yield _read_act(dice, picture, actor, act)


def _read_act(dice: Dice, picture: Picture, actor: ActorPlan, act: Act) -> ActExample:
    return ActExample(
        act.action,
        (
            ("thing", _things_near(picture, actor)),
            ("posture", (dice.weigh(POSTURES[act.action]),)),
            ("motion", (_motion_of(act),)),
            ("place", (picture.setting.place,)),
            ("hand", _things_held(picture, actor)),
            ("partner", (_partner_sign(picture, actor),)),
        ),
    )


def _with_both(shot: ShotPlan, pair: frozenset[str]) -> Iterator[Picture]:
    for picture in shot.pictures:
        if pair <= {actor.person for actor in picture.actors}:
            yield picture


def _acts_between(picture: Picture, pair: frozenset[str]) -> Iterator[Act]:
    for actor in picture.actors:
        if actor.person in pair:
            yield from (act for act in actor.acts if act.partner in pair)


def _acts_of(shot: ShotPlan, pair: frozenset[str]) -> Iterator[Act]:
    for picture in shot.pictures:
        yield from _acts_between(picture, pair)


def _gift_signs(picture: Picture, pair: frozenset[str]) -> Iterator[str]:
    kinds = {thing.id: thing.kind for thing in picture.things}
    for act in _acts_between(picture, pair):
        if act.thing in kinds:
            yield kinds[act.thing]


def _word_signs(plan: VideoPlan, pair: frozenset[str]) -> Iterator[str]:
    names = {person.name.lower() for person in plan.cast}
    for cue in plan.cues:
        if {cue.speaker, cue.listener} == pair:
            words = {word.strip(".,!?").lower() for word in cue.text.split()} - names
            yield from sorted(words)


def _topics(plan: VideoPlan, pair: frozenset[str]) -> Iterator[str]:
    return (cue.topic for cue in plan.cues if {cue.speaker, cue.listener} == pair)


def _turn_signs(plan: VideoPlan, pair: frozenset[str]) -> Iterator[str]:
    """How unevenly the two speak."""
    speakers = [cue.speaker for cue in plan.cues if {cue.speaker, cue.listener} == pair]
    if len(speakers) > 1:
        most = max(speakers.count(person) for person in pair)
        yield f"{min(most, 4)} of {min(len(speakers), 6)}"


def _distance_signs(picture: Picture, pair: frozenset[str]) -> Iterator[str]:
    """How far apart the two stand while they do nothing together."""
    if any(_acts_between(picture, pair)):
        return
    a, b = (actor for actor in picture.actors if actor.person in pair)
    metres = abs(a.x - b.x) / depth(max(a.y, b.y))
    yield f"{min(metres, 3) // 0.4:.0f}"


def _frame_sign(picture: Picture) -> str:
    return f"{min(picture.camera.end.height, 6) // 0.7:.0f}"


def _things_near(picture: Picture, actor: ActorPlan) -> tuple[str, ...]:
    """Kinds of things within reach, used or not: a frame does not say which."""
    return tuple(
        sorted({thing.kind for thing in picture.things if abs(thing.x - actor.x) < NEAR_M
                and abs(thing.y - actor.y) < NEAR_M})
    ) or ("nothing",)  # fmt: skip


def _things_held(picture: Picture, actor: ActorPlan) -> tuple[str, ...]:
    """What is in the hands, which takes posture and thing together to see."""
    held = (thing.kind for thing in picture.things if thing.held_by == actor.person)
    return tuple(held) or ("nothing",)


def _motion_of(act: Act) -> str:
    return "going" if act.action in GOING else "cyclic" if act.action in CYCLIC else "still"


def _partner_sign(picture: Picture, actor: ActorPlan) -> str:
    """Whether somebody stands close by and looks this way."""
    for other in picture.actors:
        gap = other.x - actor.x
        if other.person != actor.person and abs(gap) < 1.4 and abs(other.y - actor.y) < 0.3:
            facing = ("right", "left") if gap > 0 else ("left", "right")
            faces = (actor.view, other.view) == facing
            touches = "touching" if abs(gap) < 0.62 * depth(actor.y) else "apart"
            return f"{touches} {'face to face' if faces else 'beside'}"
    return "nobody"
