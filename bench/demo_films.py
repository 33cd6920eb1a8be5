"""The films of the demonstration, told shot by shot in the made world.

Their people are of the world's test cast, so no model was trained on them. Knows nothing of files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.world.cast import make_cast
from bench.world.plan import (
    Act,
    ActorPlan,
    Camera,
    Clothes,
    CuePlan,
    Picture,
    ScenePlan,
    Setting,
    ShotPlan,
    Sign,
    SoundPlan,
    ThingPlan,
    Transition,
    VideoPlan,
    Window,
)

SEED = 7
VARIANT = 4  # of every place
TITLE_MS = 2400
FRONT_Y = 7.9  # where people stand


@dataclass(frozen=True)
class Told:
    """One shot: its place, what is there, who does what."""

    setting: Setting
    view: Window
    things: tuple[ThingPlan, ...] = ()
    actors: tuple[ActorPlan, ...] = ()
    signs: tuple[Sign, ...] = ()
    said: str = ""
    seconds: float = 4.0


def _out(place: str, season: str, time: str) -> Setting:
    return Setting(place, season, time, VARIANT)


def _in(place: str) -> Setting:
    return Setting(place, None, None, VARIANT)


def _thing(text: str, x: float, y: float = 7.4, speed: float = 0.0) -> ThingPlan:
    """A thing as "red car", where it stands and how fast it goes."""
    colour, kind = text.split(" ", 1)
    facing = "left" if speed < 0 else "right"
    return ThingPlan(text, kind, colour, "medium", x, y, facing, speed)


def _one(who: int, action: str, x: float, view: str = "front", thing: str = "") -> ActorPlan:
    """One of the cast, who does something all the time; walks and runs go where it looks."""
    act = Act(action, 0, 60_000, f"{thing} of {who}" if thing else None)
    pace = {"walking": 0.7, "running": 0.9}.get(action, 0.0) * (-1 if view == "left" else 1)
    return ActorPlan(_PEOPLE[who].id, x, FRONT_Y, view, (act,), pace)


def _two(who: int, other: int, action: str, x: float) -> tuple[ActorPlan, ActorPlan]:
    """Two who do something together, the first on the left."""
    apart = {"hugging": 0.3, "dancing with": 0.5}.get(action, 0.8) / 2
    left, right = _PEOPLE[who].id, _PEOPLE[other].id
    return (
        ActorPlan(left, x - apart, FRONT_Y, "right", (Act(action, 0, 60_000, partner=right),)),
        ActorPlan(right, x + apart, FRONT_Y, "left", (Act(action, 0, 60_000, partner=left),)),
    )


def _held(who: int, text: str) -> ThingPlan:
    """A thing in somebody's hands."""
    colour, kind = text.split(" ", 1)
    return ThingPlan(
        f"{text} of {who}", kind, colour, "medium", 10, FRONT_Y, held_by=_PEOPLE[who].id
    )


_PEOPLE = make_cast(SEED, "test")
_WIDE, _FULL = Window(10, 6.6, 5.4), Window(10, 6.95, 2.8)
_NEAR = Window(10, 6.7, 3.2)
_SNOWY_NIGHT = _out("street", "winter", "night")


def _cold_night() -> tuple[Told, ...]:
    return (
        Told(_SNOWY_NIGHT, _NEAR, (_thing("red car", 8.9, speed=0.5),), said="It snows again."),
        Told(
            _SNOWY_NIGHT, _FULL, (_held(0, "yellow bag"), _thing("grey street lamp", 11.6)),
            (_one(0, "carrying", 9.6, "right", "yellow bag"),), said="Nobody at home?",
        ),
        Told(
            _in("living room"), _FULL, (_thing("green sofa", 11.4), _thing("black cat", 9.0, 8.2)),
            _two(0, 1, "hugging", 10), said="There you are at last!",
        ),
        Told(_SNOWY_NIGHT, _WIDE, (_thing("blue bus", 9.5, speed=-0.6),)),
    )  # fmt: skip


def _by_the_sea() -> tuple[Told, ...]:
    summer = _out("beach", "summer", "daylight")
    return (
        Told(summer, _WIDE, (_thing("orange boat", 8.0, 6.7, 0.5), _thing("white dog", 11.5, 8.0))),
        Told(
            summer, _FULL, (_held(2, "purple ball"),),
            (_one(2, "throwing", 9.4, "right", "purple ball"),), said="Catch it if you can!",
        ),
        Told(
            _out("beach", "summer", "sunset"), _FULL, (_thing("green guitar", 11.4, 8.1),),
            _two(2, 3, "dancing with", 10),
        ),
        Told(summer, _FULL, (_thing("pink tent", 11.3),), (_one(3, "running", 8.8, "right"),)),
    )  # fmt: skip


def _market_day() -> tuple[Told, ...]:
    market = _out("market", "spring", "daylight")
    honey = Sign("FRESH HONEY", "sign", 10.0, 5.6, 0.4)
    return (
        Told(
            market, _WIDE, (_thing("red bicycle", 11.8),), (_one(4, "walking", 8.6, "right"),),
            (honey,),
        ),
        Told(
            market, _FULL, (_held(4, "red flower"),),
            (_one(4, "holding", 9.8, thing="red flower"),),
        ),
        Told(
            _out("street", "summer", "daylight"), _WIDE,
            (_thing("red car", 11.5, speed=-0.5), _thing("green tree", 7.2, 7.3)),
        ),
        Told(
            _out("farm", "autumn", "sunset"), _WIDE,
            (
                _thing("green tractor", 8.4), _thing("brown horse", 11.8),
                _thing("white sheep", 10.2, 8.4),
            ),
        ),
    )  # fmt: skip


def _at_work() -> tuple[Told, ...]:
    office = _in("office")
    return (
        Told(
            office, _FULL, (_held(5, "blue box"),),
            (_one(5, "carrying", 9.6, "right", "blue box"),), said="The new lamps have come.",
        ),
        Told(
            _in("library"), _FULL, (_held(6, "orange book"), _thing("purple chair", 11.2, 8.0)),
            (_one(6, "reading", 9.7, "front", "orange book"),),
        ),
        Told(office, _FULL, (), _two(5, 6, "shaking hands with", 10), said="Welcome to us."),
        Told(
            _in("kitchen"), _FULL,
            (_thing("pink cake", 9.6, 8.2), _thing("yellow robot", 10.8, 8.0)),
        ),
    )  # fmt: skip


FILMS = (
    ("cold_night", "A Cold Night", _cold_night, ("coat", "jumper")),
    ("by_the_sea", "By the Sea", _by_the_sea, ("shirt", "shirt")),
    ("market_day", "Market Day", _market_day, ("dress", "coat")),
    ("at_work", "At Work", _at_work, ("suit", "suit")),
)


def plan_films() -> tuple[VideoPlan, ...]:
    """The films, each with a title card before its shots."""
    return tuple(_plan(name, title, tell(), tops) for name, title, tell, tops in FILMS)


def _plan(name: str, title: str, told: Sequence[Told], tops: Sequence[str]) -> VideoPlan:
    card = Picture(told[0].setting, (), (), Camera(_WIDE, _WIDE), (Sign(title, "caption"),))
    shots = [ShotPlan("title", 0, TITLE_MS, (card,), Transition(), is_title=True)]
    cues, at = [], TITLE_MS
    for number, one in enumerate(told):
        end = at + round(one.seconds * 1000)
        picture = Picture(
            one.setting, one.things, one.actors, Camera(one.view, one.view), one.signs
        )
        shots.append(ShotPlan(f"s{number}", at, end, (picture,), Transition()))
        if one.said:
            cues.append(CuePlan(at + 400, end - 400, _PEOPLE[0].id, _PEOPLE[1].id, one.said, ""))
        at = end
    people = tuple(dict.fromkeys(actor.person for one in told for actor in one.actors))
    colours = ("blue", "orange", "green", "purple", "white", "brown")
    clothes = tuple(
        (person, Clothes(tops[n % 2], colours[n], "trousers", colours[-1 - n]))
        for n, person in enumerate(people)
    )
    return VideoPlan(
        id=name,
        split="test",
        title=title,
        cast=tuple(person for person in _PEOPLE if person.id in people),
        clothes=clothes,
        relations=(),
        scenes=(ScenePlan("c0", TITLE_MS, at, told[0].setting, people),),
        shots=tuple(shots),
        cues=tuple(cues),
        sounds=(SoundPlan(0, TITLE_MS, "music"), SoundPlan(TITLE_MS, at, "wind")),
    )
