"""A whole film as a plan: from a seed, a split and a number to shots, lines and sounds.

Nothing is drawn. The same three always give the same film, whatever was asked before.
"""

from dataclasses import dataclass, replace

from bench.world.cast import make_cast
from bench.world.clothing import dress_company
from bench.world.dice import Dice
from bench.world.grammar import (
    Style,
    choose_style,
    choose_transition,
    copy_picture,
    cut_scene,
    share_out,
    whole_frames,
)
from bench.world.names import title_of
from bench.world.plan import (
    Camera,
    Picture,
    ScenePlan,
    Setting,
    ShotPlan,
    Sign,
    Transition,
    VideoPlan,
    Window,
)
from bench.world.scenes import Scene, choose_company, plan_scenes, relations_among
from bench.world.shots import Looks, Scenery
from bench.world.signs import write_caption
from bench.world.society import make_society
from bench.world.soundtrack import compose_sound
from bench.world.talk import write_dialogue

LENGTH_S = (88.0, 148.0)
SCENE_S = (26.0, 33.0)
MISLEADING, TITLED, CAPTIONED = 0.2, 0.88, 0.075  # chances
MISLEAD_WEIGHTS = {("clothes",): 3, ("words",): 3, ("place",): 3, ("words", "place"): 1}


@dataclass(frozen=True)
class Filmed:
    """A scene and its shots, whose times count from the scene's start."""

    scene: Scene
    shots: tuple[ShotPlan, ...]

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.shots[-1].end_ms


def plan_video(
    seed: int, split: str, number: int, length_s: tuple[float, float] = LENGTH_S
) -> VideoPlan:
    """The film of that number of a split's world; its length in seconds lies about in a range.

    Raises:
        ValueError: there is no such split.
    """
    dice = Dice(seed, split, "video", number)
    society = make_society(seed, split)
    people = choose_company(dice.split("company"), make_cast(seed, split), society)
    relations = relations_among(tuple(person.id for person in people), society)
    misleading = _choose_misleading(dice.split("misleading"))
    total_s = dice.between(*length_s)
    count = min(6, max(3, round(total_s / dice.between(*SCENE_S))))
    scenes = plan_scenes(dice.split("scenes"), relations, count, misleading)
    looks = {person.id: person.look for person in people}
    lengths = share_out(dice, whole_frames(total_s * 1000), count, 0.4)
    filmed = [
        _film_scene(dice.split("scene", at), scene, looks, lengths[at], f"c{at}")
        for at, scene in enumerate(scenes)
    ]
    title = title_of(seed, split, number)
    opening = _make_title(dice.split("title"), title, scenes[0].setting)
    shots, plans = _join(dice.split("joins"), opening, filmed)
    length_ms = shots[-1].end_ms
    return VideoPlan(
        id=f"{split}{number:04}",
        split=split,
        title=title,
        cast=people,
        clothes=dress_company(dice.split("clothes"), people, is_alike="clothes" in misleading),
        relations=relations,
        scenes=plans,
        shots=shots,
        cues=write_dialogue(dice.split("words"), scenes, plans, shots, people),
        sounds=compose_sound(dice.split("sounds"), plans, length_ms),
        misleading=misleading,
    )


def _choose_misleading(dice: Dice) -> tuple[str, ...]:
    return dice.weigh(MISLEAD_WEIGHTS) if dice.happens(MISLEADING) else ()


def _film_scene(dice: Dice, scene: Scene, looks: Looks, length_ms: int, name: str) -> Filmed:
    scenery = Scenery(dice.split("scenery"), scene, looks, name)
    shots: list[ShotPlan] = []
    now = 0
    for at, planned_ms in enumerate(cut_scene(dice.split("cuts"), length_ms)):
        throw = dice.split("shot", at)
        style = choose_style(throw)
        old = _find_original(throw, shots, planned_ms) if style.is_copy else None
        shot_id = f"{name}-s{at:02}"
        if old:
            length = old.end_ms - old.start_ms
            pictures = tuple(copy_picture(throw, picture) for picture in old.pictures)
        else:
            length = planned_ms
            pictures = _take(throw, scenery, style, length, shot_id)
        shot = ShotPlan(
            shot_id, now, now + length, pictures, Transition(), style.tempo, style.flaws
        )
        shots.append(replace(shot, repeats=old.id if old else None))
        now += length
    return Filmed(scene, tuple(shots))


def _find_original(dice: Dice, shots: list[ShotPlan], length_ms: int) -> ShotPlan | None:
    """A shot of about a length worth showing again: not the last one, no copy, no trick."""
    plain = (shot for shot in shots[:-1] if _is_plain(shot))
    fit = [shot for shot in plain if 0.6 < (shot.end_ms - shot.start_ms) / length_ms < 1.3]
    return dice.choose(fit) if fit else None


def _is_plain(shot: ShotPlan) -> bool:
    is_trick = shot.tempo != 1 or shot.repeats or len(shot.pictures) > 1 or shot.flaws
    return not is_trick


def _take(
    dice: Dice, scenery: Scenery, style: Style, length_ms: int, name: str
) -> tuple[Picture, ...]:
    # What happens is planned in the time of those to whom it happens.
    lived_ms = int(length_ms * style.tempo)
    is_first = name.endswith("s00")
    picture = scenery.take(dice, lived_ms, name, is_first=is_first)
    if dice.happens(CAPTIONED):
        picture = replace(picture, signs=(*picture.signs, Sign(write_caption(dice), "caption")))
    if not style.is_split:
        return (picture,)
    beside = scenery.take(dice, lived_ms, f"{name}b")
    return picture, _leave_out(beside, picture)


def _leave_out(picture: Picture, other: Picture) -> Picture:
    """A picture without the people and things of the one beside it."""
    people = {actor.person for actor in other.actors}
    things = {thing.id for thing in other.things}
    actors = tuple(actor for actor in picture.actors if actor.person not in people)
    present = {actor.person for actor in actors}
    kept = tuple(
        replace(actor, acts=tuple(act for act in actor.acts if act.partner in present | {None}))
        for actor in actors
    )
    left = (thing for thing in picture.things if thing.id not in things)
    used = {act.thing for actor in kept for act in actor.acts}
    held = tuple(thing for thing in left if thing.held_by is None or thing.id in used)
    return replace(picture, actors=kept, things=held, signs=())


def _make_title(dice: Dice, title: str, setting: Setting) -> ShotPlan | None:
    """A card with the title over the empty place of the first scene, or none."""
    if not dice.happens(TITLED):
        return None
    length = whole_frames(dice.between(2_400, 4_400))
    window = Window(10.0, 5.625, 11.25)
    picture = Picture(setting, (), (), Camera(window, window), (Sign(title, "caption"),))
    return ShotPlan("title", 0, length, (picture,), Transition(), is_title=True)


def _join(
    dice: Dice, opening: ShotPlan | None, filmed: list[Filmed]
) -> tuple[tuple[ShotPlan, ...], tuple[ScenePlan, ...]]:
    """All shots on the time of the film, with transitions between them; and the scenes."""
    shots = [opening] if opening else []
    plans = []
    for at, each in enumerate(filmed):
        now = shots[-1].end_ms if shots else 0
        end = now + each.length_ms
        scene = each.scene
        plans.append(ScenePlan(f"c{at}", now, end, scene.setting, scene.people))
        for shot in each.shots:
            length = shot.end_ms - shot.start_ms
            way = Transition()
            if shots:
                shorter = min(length, shots[-1].end_ms - shots[-1].start_ms)
                way = choose_transition(dice, shorter, is_border=shot is each.shots[0])
            start, stop = now + shot.start_ms, now + shot.end_ms
            shots.append(replace(shot, start_ms=start, end_ms=stop, transition=way))
    return tuple(shots), tuple(plans)
