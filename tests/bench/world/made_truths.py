"""Small truths for tests of captions and questions: plain chance, no story, no pictures."""

from bench.world.cast import make_cast
from bench.world.dice import Dice
from bench.world.plan import Clothes, CuePlan, Person, RelationPlan, ScenePlan, Setting
from bench.world.truth import (
    BOX_STEP_MS,
    VERSION,
    Box,
    DoneAction,
    SeenPerson,
    SeenThing,
    ShotTruth,
    Track,
    Truth,
    Written,
)
from bench.world.words import (
    BOTTOMS,
    COLOURS,
    GIFTS,
    INDOORS,
    KINDS,
    MOVES,
    OUTDOORS,
    PAIR_ACTIONS,
    RELATIONS,
    SEASONS,
    SHOT_SIZES,
    SIZES,
    SOLO_ACTIONS,
    THING_ACTIONS,
    TIMES,
    TOPS,
    VIEWS,
)

SHOT_MS, SHOTS_PER_SCENE = 4000, 6
ALL_COLOURS = tuple(COLOURS)


def make_truth(number: int, scenes: int = 5) -> Truth:
    dice = Dice("made truths", number)
    people = dice.sample(make_cast(1, "test"), 4)
    planned = [_make_scene(dice.split("scene", at), at, people) for at in range(scenes)]
    shots = [
        _make_shot(dice.split("shot", at), at, planned[at // SHOTS_PER_SCENE])
        for at in range(scenes * SHOTS_PER_SCENE)
    ]
    return Truth(
        version=VERSION,
        id=f"made{number:04}",
        split="test",
        title="A Day",
        width=320,
        height=180,
        fps=25,
        length_ms=len(shots) * SHOT_MS,
        cast=tuple(people),
        clothes=tuple((person.id, _dress(dice)) for person in people),
        relations=(
            RelationPlan(people[0].id, dice.choose(RELATIONS), people[1].id),
            RelationPlan(people[2].id, dice.choose(RELATIONS), people[1].id),
        ),
        scenes=tuple(planned),
        shots=tuple(shots),
        cues=_talk(dice, planned),
        sounds=(),
    )


def _make_scene(dice: Dice, at: int, people: list[Person]) -> ScenePlan:
    outdoors = dice.happens(0.6)
    setting = Setting(
        dice.choose(OUTDOORS if outdoors else INDOORS),
        dice.choose(SEASONS) if outdoors else None,
        dice.choose(TIMES) if outdoors else None,
        0,
    )
    length = SHOT_MS * SHOTS_PER_SCENE
    company = tuple(person.id for person in dice.sample(people, dice.whole(2, 3)))
    return ScenePlan(f"scene{at}", at * length, (at + 1) * length, setting, company)


def _dress(dice: Dice) -> Clothes:
    top = dice.choose(TOPS)
    bottom = "dress" if top == "dress" else dice.choose(BOTTOMS)
    return Clothes(top, dice.choose(ALL_COLOURS), bottom, dice.choose(ALL_COLOURS))


def make_track(start_ms: int, box: Box, visible: float = 1.0) -> Track:
    times = tuple(range(start_ms, start_ms + SHOT_MS, BOX_STEP_MS))
    return Track(times, (box,) * len(times), (visible,) * len(times))


def _make_shot(dice: Dice, at: int, scene: ScenePlan) -> ShotTruth:
    start = at * SHOT_MS
    size = dice.choose(SHOT_SIZES)
    shown = dice.sample(scene.people, dice.whole(0, 3))
    persons = tuple(_show(dice, person, start, size) for person in shown)
    things = [_place(dice, start, number) for number in range(dice.whole(0, 5))]
    actions = []
    for person in shown:
        act, used = _act(dice, person, shown, start)
        actions.append(act)
        things += used
    return ShotTruth(
        id=f"shot{at:03}",
        start_ms=start,
        end_ms=start + SHOT_MS,
        scene=scene.id,
        transition="cut",
        transition_ms=0,
        place=scene.setting.place,
        season=scene.setting.season,
        time=scene.setting.time,
        shot_size=size,
        move=dice.choose(MOVES),
        tempo=1.0,
        is_split=False,
        is_title=False,
        flaws=(),
        colours=(),
        things=tuple(things),
        persons=persons,
        actions=tuple(actions),
        triplets=(),
        written=(Written("BAKERY", "sign", None),) if dice.happens(0.15) else (),
        captions=None,
        duplicates=(),
    )


def _show(dice: Dice, person: str, start: int, size: str) -> SeenPerson:
    height = max(0.1, 0.95 - 0.1 * SHOT_SIZES.index(size))
    left = dice.between(0, 0.7)
    box = (left, 0.05, left + 0.25 * height, 0.05 + height)
    view = dice.choose(VIEWS)
    head = (left, 0.05, left + 0.08 * height, 0.05 + 0.2 * height)
    face = make_track(start, head) if view != "back" else Track((), (), ())
    track = make_track(start, box, dice.choose((1.0, 1.0, 0.6, 0.2)))
    return SeenPerson(person, view, size, True, view != "back", track, face)


def _place(dice: Dice, start: int, number: int, kind: str | None = None) -> SeenThing:
    named = KINDS[kind or dice.choose(tuple(KINDS))]
    left, top, width = dice.between(0, 0.8), dice.between(0, 0.7), dice.between(0.01, 0.3)
    motion = dice.choose(("left", "right", "still")) if named.moves else "still"
    return SeenThing(
        id=f"thing{start}-{number}",
        kind=named.name,
        group=named.group,
        is_vehicle=named.is_vehicle,
        colour=dice.choose(ALL_COLOURS),
        size=dice.choose(tuple(SIZES)),
        motion=motion,
        held_by=None,
        track=make_track(start, (left, top, left + width, top + width)),
    )


def _act(
    dice: Dice, person: str, shown: list[str], start: int
) -> tuple[DoneAction, list[SeenThing]]:
    others = [other for other in shown if other != person]
    kind = dice.choose(("solo", "thing", "pair") if others else ("solo", "thing"))
    if kind == "solo":
        action = dice.choose(SOLO_ACTIONS)
        return DoneAction(action, action, person, None, None, start, start + SHOT_MS), []
    action = dice.choose(PAIR_ACTIONS if kind == "pair" else tuple(THING_ACTIONS))
    partner = dice.choose(others) if kind == "pair" else None
    kinds = GIFTS if action == "giving" else THING_ACTIONS.get(action, ())
    thing = _place(dice, start, 90 + shown.index(person), dice.choose(kinds)) if kinds else None
    used = [thing] if thing else []
    name = thing.id if thing else None
    return DoneAction(action, action, person, name, partner, start, start + SHOT_MS), used


def _talk(dice: Dice, scenes: list[ScenePlan]) -> tuple[CuePlan, ...]:
    cues = []
    for scene in scenes:
        for at in range(3):
            speaker, listener = dice.sample(scene.people, 2)
            start = scene.start_ms + at * 7000
            topic = dice.choose(("duties", "wishes", "bargains", "memories", "weather"))
            cues.append(CuePlan(start, start + 2000, speaker, listener, "Hello.", topic))
    return tuple(cues)
