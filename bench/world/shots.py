"""The shots of a scene: who is in each, where they stand, what stands about, where the camera is.

Knows nothing of the film around the scene: no transitions, no times but lengths.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bench.world.acting import (
    Doing,
    Rehearsal,
    hand_over,
    height_of,
    path_of,
    place_alone,
    place_together,
)
from bench.world.cameras import (
    ASPECT,
    Subject,
    choose_size,
    follow,
    frame_actor,
    frame_place,
    frame_thing,
    move_camera,
)
from bench.world.dice import Dice
from bench.world.habits import HABITS
from bench.world.plan import (
    STAGE_HEIGHT,
    ActorPlan,
    Camera,
    Look,
    Picture,
    Sign,
    ThingPlan,
    Window,
    depth,
)
from bench.world.props import (
    WATER_PLACES,
    box_of_actor,
    box_of_thing,
    drop_beside,
    furnish,
    hidden_share,
    hide_behind,
    set_moving,
)
from bench.world.scenes import Meeting, Scene
from bench.world.signs import write_board
from bench.world.words import SHOT_SIZES

MOST_THINGS = 12
KIND_WEIGHTS = {"pair": 5.0, "single": 2.8, "group": 2.2, "thing": 0.7, "place": 0.5}
FIRST_WEIGHTS = {"place": 3.5, "group": 3.0, "pair": 2.0, "single": 1.5}
JOINT, BESIDE, OCCLUDED, BOARD = 0.74, 0.5, 0.1, 0.22  # chances
ALONE = 0.2  # chance that of two who belong together one is shown alone, from near
HEAD_MOVES = frozenset({"sitting down", "jumping"})  # out of a view from near
Looks = Mapping[str, Look]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Cast:
    """Who is in a shot: where they stand, what they hold, and who matters most (the first)."""

    actors: tuple[ActorPlan, ...] = ()
    held: tuple[ThingPlan, ...] = ()
    is_pair: bool = False  # the first two are to be seen together
    goes_near: bool = False


class Scenery:
    """A scene's place with all that stands about in it, from which its shots are taken."""

    def __init__(self, dice: Dice, scene: Scene, looks: Looks, prefix: str) -> None:
        """The same dice furnish the same place; names of things begin with the prefix."""
        self.scene, self.looks, self._prefix = scene, looks, prefix
        self._things = furnish(dice.split("things"), scene.setting.place, prefix)
        self._rehearsal = Rehearsal(dice.split("acts"), scene, prefix)
        self._dice = dice.split("spots")
        self._board = write_board(self._dice, scene.setting.place)
        self._spot = self._dice.between(4, 16)
        self._shown: Counter[Meeting] = Counter()

    def take(self, dice: Dice, length_ms: int, name: str, *, is_first: bool = False) -> Picture:
        """A picture of so many ms of what happens; `name` is the shot's id."""
        kind = dice.weigh(FIRST_WEIGHTS if is_first else KIND_WEIGHTS)
        if dice.happens(0.5):
            self._spot = dice.between(3.5, 16.5)
        if kind == "thing" and self._things:
            return self._show_thing(dice, length_ms)
        cast = self._cast(dice, kind, length_ms)
        if not cast.actors or kind == "place":
            camera = _shoot_place(dice)
        else:
            camera = shoot_people(dice, cast, self.looks)
        things = self._dress(dice, cast, camera, length_ms, name)
        boxes = [box_of_actor(actor, self.looks[actor.person]) for actor in cast.actors]
        signs = self._letter(dice, camera, [*boxes, *(box_of_thing(thing) for thing in things)])
        return Picture(self.scene.setting, things, cast.actors, camera, signs)

    def _show_thing(self, dice: Dice, length_ms: int) -> Picture:
        thing = dice.choose(self._things)
        window = frame_thing(dice, Subject(thing.x, thing.y, thing.height_m, thing.width_m / 2))
        camera = move_camera(dice, window, "full shot")
        things = self._dress(dice, Cast(), camera, length_ms, "")
        kept = tuple(each for each in things if each.id != thing.id)[: MOST_THINGS - 1]
        return Picture(self.scene.setting, (*kept, thing), (), camera)

    def _cast(self, dice: Dice, kind: str, length_ms: int) -> Cast:
        if kind == "place" and dice.happens(0.5):
            return Cast()
        y = _choose_ground(dice, self.scene.setting.place)
        if kind == "single":
            first = (dice.choose(self.scene.people),)
            cast = self._stand_alone(dice, first, (self._spot, y), length_ms)
            others = [person for person in self.scene.people if person not in first]
            extras = dice.sample(others, 1 if dice.happens(0.35) else 0)
        else:
            meeting = self._next_meeting(dice)
            cast = self._stand_together(dice, meeting, (self._spot, y), length_ms)
            others = [person for person in self.scene.people if person not in meeting.pair]
            everybody = kind in ("group", "place")
            extras = others if everybody else dice.sample(others, 1 if dice.happens(0.35) else 0)
        for at, person in enumerate(extras):
            side = (1 if at % 2 else -1) * (1 if self._spot > 10 else -1)
            x = self._spot + side * dice.between(1.2, 2.0)
            at_y = min(10.6, max(_farthest(self.scene.setting.place), y + dice.between(-0.7, 0.7)))
            extra = self._stand_alone(dice, (person,), (x, at_y), length_ms)
            cast = replace(cast, actors=cast.actors + extra.actors, held=cast.held + extra.held)
        return cast

    def _next_meeting(self, dice: Dice) -> Meeting:
        """One of the scene's meetings, those that were shown less the sooner."""
        shown = self._shown
        meeting = dice.weigh({each: 0.3 ** shown[each] for each in self.scene.meetings})
        shown[meeting] += 1
        return meeting

    def _stand_together(
        self, dice: Dice, meeting: Meeting, at: tuple[float, float], length_ms: int
    ) -> Cast:
        habit = HABITS[meeting.acts_like]
        distance = habit.distance_m * dice.between(0.8, 1.25)
        near = dice.happens(habit.near)
        if not dice.happens(JOINT):
            half = max(distance, 0.75) * depth(at[1]) / 2
            spots = (at[0] - half, at[1]), (at[0] + half, at[1] - 0.05)
            people = meeting.pair if dice.happens(0.5) else meeting.pair[::-1]
            casts = [
                self._stand_alone(dice, (person,), spot, length_ms)
                for person, spot in zip(people, spots, strict=True)
            ]
            actors, held = casts[0].actors + casts[1].actors, casts[0].held + casts[1].held
            return Cast(actors, held, is_pair=_distance(actors) < 2.5, goes_near=near)
        doings = self._rehearsal.together(meeting)
        actors = place_together(dice, meeting.pair, doings, at, distance, length_ms)
        return Cast(actors, _hold(actors, doings), is_pair=True, goes_near=near)

    def _stand_alone(
        self, dice: Dice, people: tuple[str, ...], at: tuple[float, float], length_ms: int
    ) -> Cast:
        doings = tuple(self._rehearsal.alone(person) for person in people)
        spot = round(min(max(at[0], 1.2), 18.8), 3), round(at[1], 2)
        actors = tuple(
            place_alone(dice, person, doing, spot, length_ms)
            for person, doing in zip(people, doings, strict=True)
        )
        return Cast(actors, _hold(actors, doings))

    def _dress(
        self, dice: Dice, cast: Cast, camera: Camera, length_ms: int, name: str
    ) -> tuple[ThingPlan, ...]:
        """What is seen besides the people, at most twelve things, what they hold first."""
        middle = (camera.start.x + camera.end.x) / 2
        lying = [
            drop_beside(dice, actor, self.scene.setting.place, f"{name}-x{at}")
            for at, actor in enumerate(cast.actors)
            if dice.happens(BESIDE)
        ]
        around = [set_moving(dice, thing, middle, length_ms / 1000) for thing in self._things]
        boxes = [box_of_actor(actor, self.looks[actor.person]) for actor in cast.actors]
        standing = [
            thing
            for thing in (*lying, *dice.shuffle(around))
            if is_seen(thing, camera, length_ms)
            and not any(thing.y > box[3] and hidden_share(box, thing) > 0.25 for box in boxes)
        ]
        if cast.actors and dice.happens(OCCLUDED):
            hidden = dice.choose(cast.actors)
            place = self.scene.setting.place
            standing.insert(0, hide_behind(dice, hidden, place, f"{name}-o"))
        return (*cast.held, *standing[: MOST_THINGS - len(cast.held)])

    def _letter(self, dice: Dice, camera: Camera, taken: list[Box]) -> tuple[Sign, ...]:
        """With luck the scene's board, where it is seen all the time with nothing before it."""
        x0, y0, x1, _ = seen_always(camera)
        room = x1 - x0
        if room < 1.6 or not dice.happens(BOARD):
            return ()
        letters = min(0.09 * room / ASPECT, 0.8 * room / (0.62 * len(self._board)))
        half = 0.31 * len(self._board) * letters
        y = y0 + 0.08 * room / ASPECT + letters
        free = [
            x
            for x in (x0 + half + 0.04 * room, (x0 + x1) / 2, x1 - half - 0.04 * room)
            if _is_free((x - half, y - letters, x + half, y + letters), taken)
        ]
        if not free:
            return ()
        x = round(dice.choose(free), 3)
        return (Sign(self._board, "sign", x, round(y, 3), round(letters, 3)),)


def shoot_people(dice: Dice, cast: Cast, looks: Looks) -> Camera:
    """A camera on the first person, or on the first two if they belong together."""
    main = cast.actors[0]
    pair = cast.actors[:2] if cast.is_pair else cast.actors[:1]
    high = max(height_of(actor, looks) for actor in pair)
    if cast.is_pair and not dice.happens(ALONE):
        return _shoot_pair(dice, pair, high, cast.goes_near)
    if any(act.action in HEAD_MOVES for act in main.acts):
        size = choose_size(dice, "medium full shot", SHOT_SIZES[-1])
        return _shoot_one(dice, main, height_of(main, looks), size)
    widest = "medium shot" if cast.is_pair else SHOT_SIZES[-1]
    size = choose_size(dice, _narrowest(height_of(main, looks)), widest)
    return _shoot_one(dice, main, height_of(main, looks), size)


def seen_always(camera: Camera) -> Box:
    """What is in the view from start to end: (x0, y0, x1, y1) in metres."""
    a, b = (_edges(window) for window in (camera.start, camera.end))
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def is_seen(thing: ThingPlan, camera: Camera, length_ms: int) -> bool:
    """Whether a thing comes into view at the start, the middle or the end of a shot."""
    seconds = length_ms / 1000
    for share in (0.0, 0.5, 1.0):
        x = thing.x + thing.speed * seconds * share
        x0, y0, x1, y1 = _edges(_between(camera, share))
        half = thing.width_m / 2
        if x - half < x1 and x + half > x0 and thing.y - thing.height_m < y1 and thing.y > y0:
            return True
    return False


def _shoot_place(dice: Dice) -> Camera:
    return move_camera(dice, frame_place(dice), "extreme long shot")


def _shoot_pair(dice: Dice, pair: tuple[ActorPlan, ...], high: float, near: bool) -> Camera:
    """Both in the view: as near as wished, as far as their distance asks for."""
    x, y = (pair[0].x + pair[1].x) / 2, max(actor.y for actor in pair)
    narrowest = "medium close-up" if near else "medium full shot"
    size = choose_size(dice, narrowest, SHOT_SIZES[-1])
    if near and SHOT_SIZES.index(size) > 6:
        size = "medium shot"
    needed = _distance(pair) + 0.5 * high
    for wider in SHOT_SIZES[SHOT_SIZES.index(size) :]:
        window = frame_actor(dice, Subject(x, y, high), wider)
        if window.height * ASPECT >= needed:
            break
    return move_camera(dice, window, wider)


def _shoot_one(dice: Dice, main: ActorPlan, high: float, size: str) -> Camera:
    path = path_of(main)
    window = frame_actor(dice, Subject(main.x, main.y, high), size)
    if abs(path) < 0.2 * window.height:
        return move_camera(dice, window, size)
    if abs(path) > 0.5 * window.height * ASPECT or dice.happens(0.4):
        return follow(window, path)
    still = frame_actor(dice, Subject(main.x + path / 2, main.y, high), size)
    return Camera(still, still)


def _farthest(place: str) -> float:
    """How far up people may stand: where there is water it begins there."""
    return 7.6 if place in WATER_PLACES else 7.4


def _choose_ground(dice: Dice, place: str) -> float:
    """Mostly near the back, where a picture of a person also shows the place."""
    return dice.between(_farthest(place), 8.3) if dice.happens(0.7) else dice.between(8.3, 10.4)


def _narrowest(high: float) -> str:
    """Faces far away are not gone close to: the picture would be a few pixels of the stage."""
    return SHOT_SIZES[0] if high > 1.45 else SHOT_SIZES[1] if high > 1.1 else SHOT_SIZES[2]


def _hold(actors: tuple[ActorPlan, ...], doings: tuple[Doing, ...]) -> tuple[ThingPlan, ...]:
    pairs = zip(actors, doings, strict=True)
    things = (hand_over(actor, doing) for actor, doing in pairs)
    return tuple(thing for thing in things if thing)


def _distance(actors: tuple[ActorPlan, ...]) -> float:
    return abs(actors[0].x - actors[1].x)


def _is_free(a: Box, taken: list[Box]) -> bool:
    return not any(a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1] for b in taken)


def _edges(window: Window) -> Box:
    half = window.height * ASPECT / 2
    top = window.y - window.height / 2
    return window.x - half, top, window.x + half, min(STAGE_HEIGHT, top + window.height)


def _between(camera: Camera, share: float) -> Window:
    a, b = camera.start, camera.end
    return Window(
        a.x + (b.x - a.x) * share,
        a.y + (b.y - a.y) * share,
        a.height + (b.height - a.height) * share,
    )
