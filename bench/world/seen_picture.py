"""What is seen in one picture: things, persons, their faces, what they do, words on boards.

From staging alone, never from pixels. Knows nothing of the shot's other half and of other shots.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from bench.world.figure import Figure
from bench.world.lettering import CAPITAL, find_board
from bench.world.plan import HEIGHT, Act, ActorPlan, Clothes, Look, Picture, ShotPlan, ThingPlan
from bench.world.sight import (
    DIGITS,
    Flags,
    Floats,
    Frame,
    Scene,
    Seen,
    longest_run,
    look,
)
from bench.world.solid import find_solid
from bench.world.staging import (
    StageBox,
    Staged,
    StagedPerson,
    drawn_ms,
    stage_at,
    view_at,
)
from bench.world.truth import BOX_STEP_MS, DoneAction, SeenPerson, SeenThing, Written
from bench.world.words import KINDS, THING_ACTIONS

THING_VISIBLE, THING_PX = 0.25, 5.0  # less is not seen
PERSON_VISIBLE, PERSON_PX = 0.08, 12.0
LARGE = 0.1  # of the frame: what shows so much is seen, however little that is of it
HELD_LARGE = 0.025  # the same of held things, which their holders' hands point out
FACE_PX, FACE_VISIBLE, LEAST_MS = 16.0, 0.5, 400
LETTER_PX, BOARD_VISIBLE = 7.0, 0.85  # less is not read
READABLE = 0.3  # of the shot's moments: what is read for less is not noticed
NOWHERE: StageBox = (nan, nan, nan, nan)
# How much of the body is in the frame at most, by shot size; then how high the whole body is.
# The people here are five heads high, not eight: chin at 0.2, hips at 0.55, knees at 0.78.
PARTS = (
    (0.27, "close-up"), (0.39, "medium close-up"), (0.5, "tight medium shot"),
    (0.68, "medium shot"), (0.87, "medium full shot"),
)  # fmt: skip
TOP, BOTTOM = (0.2, 0.55), (0.55, 0.92)  # where clothes are, in shares of a person's box
FILLED = 0.5  # share of those that is cloth
HAT = (1.3, 0.4, 0.1)  # how far above a head's middle, from where, how far beyond its sides
HAT_FILLED = 0.8
PHRASES = {
    "calling with": "talking on a phone", "photographing with": "taking a photo",
    "drinking from": "drinking from {}", "giving": "giving {}", "dancing with": "dancing together",
    "shaking hands with": "shaking hands", "talking to": "talking",
}  # fmt: skip


@dataclass(frozen=True)
class SeenPicture:
    """What is seen in one picture of a shot."""

    things: tuple[SeenThing, ...]
    persons: tuple[SeenPerson, ...]
    shares: tuple[float, ...]  # of the frame that shows each person, all moments together
    actions: tuple[DoneAction, ...]
    written: tuple[Written, ...]
    colours: tuple[tuple[str, float], ...]  # with the share of the frame
    view_height_m: float


@dataclass(frozen=True, eq=False)
class _Sampled:
    """A picture five times a second. `seen`: things, persons, their faces, hats, then boards."""

    shot: ShotPlan
    picture: Picture
    staged: tuple[Staged, ...]
    figures: tuple[tuple[Figure, ...], ...]  # (T, persons)
    heights: Floats  # (T,) of the view, metres
    seen: Seen

    @property
    def first_face(self) -> int:
        """Where in the row faces begin."""
        return len(self.picture.things) + len(self.picture.actors)

    @property
    def first_hat(self) -> int:
        """Where in the row hats begin."""
        return self.first_face + len(self.picture.actors)

    @property
    def first_board(self) -> int:
        """Where in the row boards begin."""
        return self.first_hat + len(self.picture.actors)

    def see_thing(self, number: int) -> Flags:
        """When a thing is seen: (T,)."""
        long_px = np.maximum(self.seen.high_px(number), self.seen.wide_px(number))
        large = HELD_LARGE if self.picture.things[number].held_by else LARGE
        flags: Flags = self._is_visible(number, THING_VISIBLE, large) & (long_px >= THING_PX)
        return flags

    def see_person(self, number: int) -> Flags:
        """When a person is seen: (T,)."""
        row = len(self.picture.things) + number
        is_high = self.seen.high_px(row) >= PERSON_PX
        flags: Flags = self._is_visible(row, PERSON_VISIBLE, LARGE) & is_high
        return flags

    def _is_visible(self, row: int, share: float, large: float) -> Flags:
        flags: Flags = (self.seen.visible[:, row] >= share) | (self.seen.area(row) >= large)
        return flags


def look_at(
    shot: ShotPlan, picture: Picture, frame: Frame,
    looks: Mapping[str, Look], clothes: Mapping[str, Clothes],
) -> SeenPicture:  # fmt: skip
    """What is seen of a picture that fills `frame` of its shot."""
    sampled = _sample(shot, picture, frame, looks)
    persons = tuple(
        (number, _tell_person(sampled, number))
        for number in range(len(picture.actors))
        if sampled.see_person(number).any()
    )
    first = len(picture.things)
    return SeenPicture(
        tuple(
            _tell_thing(sampled, number, thing)
            for number, thing in enumerate(picture.things)
            if sampled.see_thing(number).any()
        ),
        tuple(person for _, person in persons),
        tuple(float(sampled.seen.area(first + number).sum()) for number, _ in persons),
        tuple(_tell_actions(sampled)),
        tuple(_tell_signs(sampled)),
        tuple(_tell_colours(sampled, looks, clothes)),
        float(sampled.heights[len(sampled.heights) // 2]),
    )


def _sample(shot: ShotPlan, picture: Picture, frame: Frame, looks: Mapping[str, Look]) -> _Sampled:
    length_ms = shot.end_ms - shot.start_ms
    times = range(0, length_ms, BOX_STEP_MS)
    staged = tuple(stage_at(picture, looks, drawn_ms(ms) / 1000 * shot.tempo) for ms in times)
    views = tuple(
        view_at(picture.camera, drawn_ms(ms) / length_ms, drawn_ms(ms) / 1000) for ms in times
    )
    rows = [_lay_out(moment, picture, looks) for moment in staged]
    scene = Scene(
        tuple(shot.start_ms + ms for ms in times), views,
        np.array([row.boxes for row in rows], np.float64).reshape(len(rows), -1, 4),
        np.array([row.solid for row in rows], np.float64).reshape(len(rows), -1, 4),
        np.array([row.rank for row in rows], np.int64).reshape(len(rows), -1),
        np.array([row.solid_rank for row in rows], np.int64).reshape(len(rows), -1),
    )  # fmt: skip
    heights = np.array([view.height for view in views])
    figures = tuple(row.figures for row in rows)
    return _Sampled(shot, picture, staged, figures, heights, look(scene, frame))


@dataclass(frozen=True)
class _Row:
    """One moment: boxes of things, persons, faces, hats, boards; what hides what lies behind."""

    boxes: list[StageBox]
    rank: list[int]
    solid: list[StageBox]
    solid_rank: list[int]
    figures: tuple[Figure, ...]


def _lay_out(staged: Staged, picture: Picture, looks: Mapping[str, Look]) -> _Row:
    rank = {piece.id: number for number, piece in enumerate(staged.pieces)}
    pieces = {piece.id: piece for piece in staged.pieces}
    names = [thing.id for thing in picture.things] + [actor.person for actor in picture.actors]
    persons = [pieces[actor.person] for actor in picture.actors]
    figures = tuple(piece.figure for piece in persons if isinstance(piece, StagedPerson))
    boards = [find_board(sign) for sign in picture.signs if sign.kind == "sign"]
    solid = {name: find_solid(pieces[name], looks) for name in names}
    wearers = zip(picture.actors, figures, strict=True)
    hats = [_find_hat(figure, looks[actor.person].hat) for actor, figure in wearers]
    return _Row(
        [pieces[name].box for name in names] + [f.face or NOWHERE for f in figures] + hats + boards,
        [rank[name] for name in names]
        + [rank[actor.person] for actor in picture.actors] * 2
        + [-1] * len(boards),
        [box for name in names for box in solid[name]],
        [rank[name] for name in names for _ in solid[name]],
        figures,
    )


def _find_hat(figure: Figure, hat: str) -> StageBox:
    """Where a hat is, if there is one."""
    if hat == "none":
        return NOWHERE
    (x, y), build, (top, bottom, aside) = figure.joints.head, figure.build, HAT
    high = build.head_high * figure.height
    is_profile = figure.view in ("left", "right")
    wide = aside * high + (high if is_profile else build.head_wide * figure.height)
    return x - wide, y - top * high, x + wide, y - bottom * high


def _tell_thing(sampled: _Sampled, number: int, thing: ThingPlan) -> SeenThing:
    kind = KINDS[thing.kind]
    motion = "still" if thing.speed == 0 else "right" if thing.speed > 0 else "left"
    return SeenThing(
        thing.id, thing.kind, kind.group, kind.is_vehicle, thing.colour, thing.size,
        "held" if thing.held_by else motion, thing.held_by,
        sampled.seen.track(number, sampled.see_thing(number)),
    )  # fmt: skip


def _tell_person(sampled: _Sampled, number: int) -> SeenPerson:
    row, face = len(sampled.picture.things) + number, sampled.first_face + number
    is_seen = sampled.see_person(number)
    is_face = is_seen & (sampled.seen.visible[:, face] >= FACE_VISIBLE)
    is_wide = is_face & (sampled.seen.wide_px(face) >= FACE_PX)
    moments = np.flatnonzero(is_seen)
    middle = int(moments[len(moments) // 2])
    views = [sampled.figures[moment][number].view for moment in moments]
    return SeenPerson(
        person=sampled.picture.actors[number].person,
        view=max(sorted(set(views)), key=views.count),
        shot_size=_size_person(sampled, number, middle),
        is_main=False,
        face_visible=longest_run(is_wide) >= LEAST_MS,
        track=sampled.seen.track(row, is_seen),
        face=sampled.seen.track(face, is_face),
    )


def _size_person(sampled: _Sampled, number: int, moment: int) -> str:
    """How much is seen of a person at a moment."""
    row, face = len(sampled.picture.things) + number, sampled.first_face + number
    _, top, _, bottom = sampled.seen.whole[moment, row]
    part = (min(bottom, 1.0) - max(top, 0.0)) / (bottom - top)
    _, face_top, _, face_bottom = sampled.seen.whole[moment, face]
    face_high = face_bottom - face_top  # nan from behind: then no comparison holds
    lost = max(0.0, -face_top) + max(0.0, face_bottom - 1.0)
    if face_high > 1.0 or (part < PARTS[1][0] and lost > 0.1 * face_high):
        return "extreme close-up"
    for most, name in PARTS:
        if part < most:
            return name
    share = sampled.figures[moment][number].height / sampled.heights[moment]
    if share > 0.5:
        return "full shot"
    return "long shot" if share >= 1 / 3 else "extreme long shot"


def _tell_actions(sampled: _Sampled) -> Iterator[DoneAction]:
    """What is done in sight of the camera for long enough; who does nothing else stands."""
    for number, actor in enumerate(sampled.picture.actors):
        is_seen = sampled.see_person(number)
        acts = _fill_gaps(actor, sampled.shot)
        told = [done for act in acts if (done := _tell_action(sampled, actor, act, is_seen))]
        if not told:
            still = Act("standing", 0, sampled.shot.end_ms - sampled.shot.start_ms)
            told = [done for done in [_tell_action(sampled, actor, still, is_seen)] if done]
        yield from told


def _fill_gaps(actor: ActorPlan, shot: ShotPlan) -> Iterator[Act]:
    """Its acts, in ms of the film from the shot's start; between them it stands."""
    last = 0
    for act in sorted(actor.acts, key=lambda act: act.start_ms):
        start, end = round(act.start_ms / shot.tempo), round(act.end_ms / shot.tempo)
        if start - last >= LEAST_MS:
            yield Act("standing", last, start)
        yield replace(act, start_ms=start, end_ms=end)
        last = max(last, end)
    if shot.end_ms - shot.start_ms - last >= LEAST_MS:
        yield Act("standing", last, shot.end_ms - shot.start_ms)


def _tell_action(
    sampled: _Sampled, actor: ActorPlan, act: Act, is_seen: Flags
) -> DoneAction | None:
    start_ms = sampled.shot.start_ms
    span = (start_ms + act.start_ms, min(start_ms + act.end_ms, sampled.shot.end_ms))
    times = np.array(sampled.seen.times_ms)
    late = BOX_STEP_MS / 2 if span[1] < sampled.shot.end_ms else 0.0
    during = (times >= span[0] - BOX_STEP_MS / 2) & (times < span[1] - late)
    moments = np.flatnonzero(is_seen & during)
    if len(moments) * BOX_STEP_MS < LEAST_MS or not _is_thing_seen(sampled, act, during):
        return None
    # A moment stands for what is about it: who is seen at an act's last one is seen to its end.
    first, last = np.flatnonzero(during)[[0, -1]]
    return DoneAction(
        act.action, _word(sampled, act), actor.person, act.thing, act.partner,
        span[0] if is_seen[first] else int(times[moments[0]]),
        span[1] if is_seen[last] else int(times[moments[-1]]) + BOX_STEP_MS,
    )  # fmt: skip


def _is_thing_seen(sampled: _Sampled, act: Act, during: Flags) -> bool:
    """Whether the thing that something is done with is seen then, if there is one."""
    ids = [thing.id for thing in sampled.picture.things]
    if act.thing not in ids:
        return True
    return bool((sampled.see_thing(ids.index(act.thing)) & during).any())


def _word(sampled: _Sampled, act: Act) -> str:
    kinds = [thing.kind for thing in sampled.picture.things if thing.id == act.thing]
    thing = f"{'an' if kinds[0][0] in 'aeiou' else 'a'} {kinds[0]}" if kinds else ""
    if act.action in PHRASES:
        return PHRASES[act.action].format(thing)
    return f"{act.action} {thing}" if act.action in THING_ACTIONS else act.action


def _tell_signs(sampled: _Sampled) -> Iterator[Written]:
    """The boards whose words can be read for a while, with their box at the clearest moment."""
    signs = [sign for sign in sampled.picture.signs if sign.kind == "sign"]
    for row, sign in enumerate(signs, sampled.first_board):
        letters_px = CAPITAL * sign.height / sampled.heights * HEIGHT
        readable = (letters_px >= LETTER_PX) & (sampled.seen.visible[:, row] >= BOARD_VISIBLE)
        if readable.mean() >= READABLE:
            best = int(np.argmax(np.where(readable, letters_px, 0.0)))
            x0, y0, x1, y1 = sampled.seen.cut[best, row].round(DIGITS).tolist()
            yield Written(sign.text, "sign", (x0, y0, x1, y1))


def _tell_colours(
    sampled: _Sampled, looks: Mapping[str, Look], clothes: Mapping[str, Clothes]
) -> Iterator[tuple[str, float]]:
    """Colours of things, clothes and hats with the share of the frame they have, on average."""
    count = len(sampled.seen.times_ms)
    for number, thing in enumerate(sampled.picture.things):
        if sampled.see_thing(number).any():
            yield thing.colour, float(sampled.seen.area(number).sum()) / count
    for number, actor in enumerate(sampled.picture.actors):
        worn = clothes[actor.person]
        row, is_seen = len(sampled.picture.things) + number, sampled.see_person(number)
        lower = worn.top_colour if worn.bottom == "dress" else worn.bottom_colour
        for colour, part in ((worn.top_colour, TOP), (lower, BOTTOM)):
            yield colour, float((_share(sampled.seen, row, part) * is_seen).sum()) / count
        hat = sampled.seen.area(sampled.first_hat + number) * is_seen
        yield looks[actor.person].hat_colour, HAT_FILLED * float(hat.sum()) / count


def _share(seen: Seen, row: int, part: Sequence[float]) -> Floats:
    """How much of the frame shows a slice of a person, as if nothing were before it: (T,)."""
    x0, y0, x1, y1 = (seen.whole[:, row, edge] for edge in range(4))
    low, high = (np.clip(y0 + (y1 - y0) * end, 0.0, 1.0) for end in part)
    wide = np.clip(x1, 0.0, 1.0) - np.clip(x0, 0.0, 1.0)
    share: Floats = FILLED * wide * (high - low)
    return share
