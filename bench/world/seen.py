"""Tells from a film's plan what is seen in it: the truth without captions and questions.

From staging alone, never from pixels. Knows nothing of wordings and of files.
"""

from dataclasses import replace
from itertools import pairwise

from bench.world.lettering import Lines, join_captions, lay_caption, lay_title
from bench.world.plan import FPS, HEIGHT, WIDTH, Look, ShotPlan, VideoPlan
from bench.world.seen_picture import SeenPicture, look_at
from bench.world.sight import DIGITS, HALVES, WHOLE
from bench.world.truth import VERSION, Box, SeenPerson, ShotTruth, Truth, Written
from bench.world.words import SHOT_SIZES

COLOURED = 0.001  # of the frame: what is smaller gives a shot no colour
# The least height of the view, in metres, at which a shot without people has each size.
VIEW_SIZES = (0.0, 0.22, 0.34, 0.5, 0.75, 1.1, 1.6, 3.0, 5.2)


def describe(plan: VideoPlan) -> Truth:
    """The truth of a film, but for captions, triplets and questions."""
    looks = {person.id: person.look for person in plan.cast}
    twins = _find_twins(plan)
    shots = tuple(_describe_shot(plan, shot, looks, twins[shot.id]) for shot in plan.shots)
    return Truth(
        version=VERSION, id=plan.id, split=plan.split, title=plan.title,
        width=WIDTH, height=HEIGHT, fps=FPS, length_ms=plan.length_ms,
        cast=plan.cast, clothes=plan.clothes, relations=plan.relations, scenes=plan.scenes,
        shots=shots, cues=plan.cues, sounds=plan.sounds, misleading=plan.misleading,
    )  # fmt: skip


def _describe_shot(
    plan: VideoPlan, shot: ShotPlan, looks: dict[str, Look], twins: tuple[str, ...]
) -> ShotTruth:
    frames = HALVES if len(shot.pictures) == 2 else (WHOLE,)
    seen = [
        look_at(shot, picture, frame, looks, dict(plan.clothes))
        for picture, frame in zip(shot.pictures, frames, strict=True)
    ]
    first, persons = shot.pictures[0], _find_main(seen)
    main = [person for person in persons if person.is_main]
    return ShotTruth(
        id=shot.id, start_ms=shot.start_ms, end_ms=shot.end_ms, scene=_find_scene(plan, shot),
        transition=shot.transition.kind, transition_ms=shot.transition.ms,
        place=first.setting.place, season=first.setting.season, time=first.setting.time,
        shot_size=main[0].shot_size if main else _size_view(seen[0].view_height_m),
        move=first.camera.move, tempo=shot.tempo, is_split=len(seen) == 2, is_title=shot.is_title,
        flaws=shot.flaws, colours=_find_colours(seen),
        things=tuple(thing for part in seen for thing in part.things), persons=persons,
        actions=tuple(action for part in seen for action in part.actions), triplets=(),
        written=(*(words for part in seen for words in part.written), *_find_written(plan, shot)),
        captions=None, duplicates=twins,
    )  # fmt: skip


def _find_twins(plan: VideoPlan) -> dict[str, tuple[str, ...]]:
    """For each shot the others of this film that are near-duplicates of it."""
    first_of: dict[str, str] = {}
    for shot in plan.shots:
        first_of[shot.id] = first_of[shot.repeats] if shot.repeats else shot.id
    return {
        one: tuple(
            f"{plan.id}/{other}"
            for other, first in first_of.items()
            if first == first_of[one] and other != one
        )
        for one in first_of
    }


def _find_main(seen: list[SeenPicture]) -> tuple[SeenPerson, ...]:
    """The persons of a shot; the one of whom most is seen is its main person."""
    shares = [share for part in seen for share in part.shares]
    persons = [person for part in seen for person in part.persons]
    most = max(range(len(shares)), key=shares.__getitem__, default=None)
    return tuple(replace(person, is_main=number == most) for number, person in enumerate(persons))


def _find_scene(plan: VideoPlan, shot: ShotPlan) -> str | None:
    for scene in plan.scenes:
        if not shot.is_title and scene.start_ms <= shot.start_ms < scene.end_ms:
            return scene.id
    return None


def _size_view(height_m: float) -> str:
    for (_, name), (least, _) in pairwise(zip(VIEW_SIZES, SHOT_SIZES, strict=True)):
        if height_m < least:
            return name
    return SHOT_SIZES[-1]


def _find_colours(seen: list[SeenPicture]) -> tuple[str, ...]:
    """The colours of a shot, the one of which most is seen first."""
    shares: dict[str, float] = {}
    for colour, share in (pair for part in seen for pair in part.colours):
        shares[colour] = shares.get(colour, 0.0) + share
    large = [colour for colour in shares if shares[colour] >= COLOURED]
    return tuple(sorted(large, key=lambda colour: (-round(shares[colour], DIGITS), colour)))


def _find_written(plan: VideoPlan, shot: ShotPlan) -> tuple[Written, ...]:
    """What lies over the picture."""
    if shot.is_title:
        return (Written(plan.title, "title", _frame(lay_title(plan.title))),)
    line = join_captions(shot)
    return (Written(line, "caption", _frame(lay_caption(line))),) if line else ()


def _frame(lines: Lines) -> Box:
    x0, y0, x1, y1 = lines.box
    return (
        round(x0 / WIDTH, DIGITS),
        round(y0 / HEIGHT, DIGITS),
        round(x1 / WIDTH, DIGITS),
        round(y1 / HEIGHT, DIGITS),
    )
