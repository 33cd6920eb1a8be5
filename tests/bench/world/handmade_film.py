"""A film planned by hand, small enough that a test knows what must be seen in it."""

from typing import Any

from bench.world.plan import (
    ActorPlan,
    Camera,
    Clothes,
    CuePlan,
    Look,
    Person,
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

PARK = Setting("park", "summer", "daylight", 3)
OFFICE = Setting("office", None, None, 3)
VIEW = Window(10.0, 8.5, 4.5)


def make_look(**changes: Any) -> Look:
    usual: dict[str, Any] = {
        "gender": "woman",
        "skin": "tan",
        "face": "oval",
        "hair": "short",
        "hair_colour": "black",
        "eyes": "brown",
        "glasses": "none",
        "beard": "none",
        "hat": "none",
        "hat_colour": "red",
        "height_m": 1.7,
    }
    return Look(**usual | changes)


CAST = (Person("p0", "Ann", make_look()), Person("p1", "Bob", make_look(gender="man")))
LOOKS = {person.id: person.look for person in CAST}
CLOTHES = (
    ("p0", Clothes("shirt", "green", "skirt", "blue")),
    ("p1", Clothes("coat", "red", "trousers", "black")),
)


def make_picture(
    *things: ThingPlan,
    actors: tuple[ActorPlan, ...] = (),
    camera: Camera | None = None,
    signs: tuple[Sign, ...] = (),
    setting: Setting = PARK,
) -> Picture:
    return Picture(setting, things, actors, camera or Camera(VIEW, VIEW), signs)


def make_shot(
    *pictures: Picture, start_ms: int = 0, length_ms: int = 2000, **more: Any
) -> ShotPlan:
    shot = {"id": f"s{start_ms}", "transition": Transition(), **more}
    return ShotPlan(start_ms=start_ms, end_ms=start_ms + length_ms, pictures=pictures, **shot)


def make_film(*shots: ShotPlan) -> VideoPlan:
    end_ms = shots[-1].end_ms
    return VideoPlan(
        id="test0000",
        split="test",
        title="The Red Bag",
        cast=CAST,
        clothes=CLOTHES,
        relations=(),
        scenes=(ScenePlan("c0", 0, end_ms, PARK, ("p0", "p1")),),
        shots=shots,
        cues=(CuePlan(200, 1200, "p0", "p1", "Hello there.", "greeting"),),
        sounds=(SoundPlan(0, end_ms, "music"),),
    )


def make_ann(x: float = 10.0, y: float = 9.5, view: str = "front", **more: Any) -> ActorPlan:
    return ActorPlan("p0", x, y, view, more.pop("acts", ()), **more)


def make_bob(x: float = 11.5, y: float = 9.8, view: str = "front", **more: Any) -> ActorPlan:
    return ActorPlan("p1", x, y, view, more.pop("acts", ()), **more)


def make_thing(
    kind: str, colour: str = "red", x: float = 10.0, y: float = 9.5, **more: Any
) -> ThingPlan:
    usual: dict[str, Any] = {"id": kind, "size": "medium"}
    return ThingPlan(kind=kind, colour=colour, x=x, y=y, **usual | more)
