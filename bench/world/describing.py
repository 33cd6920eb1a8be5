"""What can truly be said of a shot: who and what is large and clear enough to be named, and how.

A `Sight` holds each person and each group of like things with all attributes that hold of them,
as "colour: red". A caption states some of these attributes; a question asks for them. Knows
nothing of wordings, and of films only what their truth says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.world.noticing import (
    LEAST_VISIBLE,
    find_half,
    find_side,
    is_person_noticed,
    is_thing_noticed,
)
from bench.world.plan import HEIGHT, WIDTH, Clothes, Look
from bench.world.truth import DoneAction, SeenPerson, SeenThing, ShotTruth, Track, Truth
from bench.world.words import SHOT_SIZES

GENDER_PX = 24.0  # how high a person is whose gender is seen
HAIR_PX, FACE_PX = 6.0, 12.0  # how wide a head is whose hair, whose glasses and beard are seen
LEAST_OF_FACE = 0.75  # that is seen of a face whose glasses and beard are
HEADROOM = 0.1  # of a face's height, above it: where hair and hats are
SYMMETRIC = frozenset({"hugging", "shaking hands with", "fighting", "dancing with"})
TOP_SIZES = frozenset(SHOT_SIZES[2:])
BOTTOM_SIZES = frozenset(SHOT_SIZES[5:])  # those that show legs
STANCE_SIZES = frozenset(SHOT_SIZES[3:])  # those that show whether one stands
LEG_ACTIONS = frozenset({"walking", "running", "jumping", "kicking"})
SHOWN_PAST_HAT = frozenset({"long", "ponytail", "bob", "curly"})


@dataclass(frozen=True)
class ThingSight:
    """Like things in a shot: of one kind and colour, all held or none."""

    ids: tuple[str, ...]
    kind: str
    group: str
    colour: str
    size: str | None  # None: of several sizes
    side: str | None  # left, middle, right; None: of several, or it moves about
    motion: str
    held_by: str | None
    is_counted: bool  # whether no other of them hides or is too small to be seen
    salience: float
    attributes: frozenset[str]


@dataclass(frozen=True)
class ActSight:
    """What a person does; the thing's kind is None if it is too small to be named."""

    action: str
    thing: str | None
    colour: str | None
    partner: str | None
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class PersonSight:
    """A person in a shot, with what is seen of it."""

    person: str
    look: Look
    clothes: Clothes
    view: str
    side: str | None
    half: int  # of a split picture: 0 the left one, 1 the right one; else 0
    shows_gender: bool
    shows_hair: bool
    shows_hat: bool
    shows_face: bool
    shows_top: bool
    shows_bottom: bool
    acts: tuple[ActSight, ...]
    salience: float
    attributes: frozenset[str]


@dataclass(frozen=True)
class Sight:
    """A shot, with all that may be said of it; persons and things by salience."""

    shot: ShotTruth
    place: str | None  # None: too little of it is seen
    season: str | None
    signs: tuple[str, ...]
    things: tuple[ThingSight, ...]
    persons: tuple[PersonSight, ...]
    attributes: frozenset[str]


def see_shot(truth: Truth, shot: ShotTruth) -> Sight:
    """What may be said of a shot of this film."""
    things = _see_things(shot)
    persons = _see_persons(truth, shot, things)
    shows_place = shot.shot_size != SHOT_SIZES[0]
    names = {person.name.lower() for person in truth.cast}
    signs = tuple(
        written.text
        for written in shot.written
        if written.kind != "title" and names.isdisjoint(_split_words(written.text))
    )
    return Sight(
        shot,
        shot.place if shows_place else None,
        shot.season if shows_place else None,
        signs,
        things,
        persons,
        _list_frame(shot, signs, persons),
    )


def _split_words(text: str) -> list[str]:
    letters = (letter if letter.isalnum() else " " for letter in text.lower())
    return "".join(letters).split()


def _list_frame(
    shot: ShotTruth, signs: Sequence[str], persons: Sequence[PersonSight]
) -> frozenset[str]:
    found = {
        f"place: {shot.place}",
        "outdoors" if shot.time is not None else "indoors",
        f"shot size: {shot.shot_size}",
        *(f"sign: {sign}" for sign in signs),
    }
    if len(shot.persons) == len(persons):  # none too small or hidden to be counted
        found.add(f"persons: {len(persons)}")
    found |= {f"season: {shot.season}"} if shot.season else set()
    found |= {f"time: {shot.time}"} if shot.time else set()
    # A split picture has two cameras.
    found.add("split" if shot.is_split else f"move: {shot.move}")
    found |= {"fast motion"} if shot.tempo > 1 else set()
    return frozenset(found)


def _weigh(track: Track, shot: ShotTruth) -> float:
    total = sum(
        (x1 - x0) * (y1 - y0) * visible
        for (x0, y0, x1, y1), visible in zip(track.boxes, track.visible, strict=True)
    )
    return total * 200 / max(1, shot.end_ms - shot.start_ms)


def _see_things(shot: ShotTruth) -> tuple[ThingSight, ...]:
    groups: dict[tuple[str, str, str | None], list[SeenThing]] = {}
    hidden: set[tuple[str, str]] = set()
    for thing in shot.things:
        if is_thing_noticed(thing, shot):
            groups.setdefault((thing.kind, thing.colour, thing.held_by), []).append(thing)
        else:
            hidden.add((thing.kind, thing.colour))
    found = [_see_group(shot, members, hidden) for members in groups.values()]
    return tuple(sorted(found, key=lambda thing: (-thing.salience, thing.ids)))


def _see_group(
    shot: ShotTruth, members: Sequence[SeenThing], hidden: set[tuple[str, str]]
) -> ThingSight:
    first = members[0]
    sizes = {thing.size for thing in members}
    sides = {find_side(thing.track.boxes) for thing in members}
    motions = {thing.motion for thing in members}
    size = first.size if len(sizes) == 1 else None
    side = sides.pop() if len(sides) == 1 and len(members) == 1 else None
    motion = first.motion if len(motions) == 1 else "still"
    is_counted = (first.kind, first.colour) not in hidden
    found = {"thing", f"kind: {first.kind}", f"group: {first.group}", f"colour: {first.colour}"}
    found |= {f"count: {len(members)}"} if is_counted else set()
    found |= {f"size: {size}"} if size else set()
    found |= {f"side: {side}"} if side else set()
    found |= {f"motion: {motion}", "moves"} if motion in ("left", "right") else set()
    return ThingSight(
        tuple(thing.id for thing in members),
        first.kind,
        first.group,
        first.colour,
        size,
        side,
        motion,
        first.held_by,
        is_counted,
        sum(_weigh(thing.track, shot) for thing in members),
        frozenset(found),
    )


def _see_persons(
    truth: Truth, shot: ShotTruth, things: Sequence[ThingSight]
) -> tuple[PersonSight, ...]:
    looks = {person.id: person.look for person in truth.cast}
    clothes = dict(truth.clothes)
    noticed = [seen for seen in shot.persons if is_person_noticed(seen, shot)]
    kinds = {name: (thing.kind, thing.colour) for thing in things for name in thing.ids}
    found = []
    for seen in noticed:
        acts = find_acts(shot, seen.person, kinds, {other.person for other in noticed})
        acts = _keep_seen(acts, seen)
        bare = _see_person(shot, seen, (looks[seen.person], clothes[seen.person]), acts)
        found.append(bare)
    genders = {sight.person: sight.look.gender for sight in found if sight.shows_gender}
    full = [_with_attributes(sight, genders) for sight in found]
    return tuple(sorted(full, key=lambda sight: (-sight.salience, sight.person)))


def find_acts(
    shot: ShotTruth, person: str, kinds: dict[str, tuple[str, str]], noticed: set[str]
) -> tuple[ActSight, ...]:
    """What a person does in a shot, in order; what both do holds for either.

    `kinds` are the kinds and colours of the things that may be named, by their ids.
    """
    found: dict[tuple[str, str | None, str | None], ActSight] = {}
    for done in sorted(shot.actions, key=lambda done: (done.start_ms, done.action)):
        partner = _other_of(done, person)
        if done.actor != person and partner is None:
            continue
        kind, colour = kinds.get(done.thing or "", (None, None))
        seen_partner = partner if partner in noticed else None
        key = (done.action, kind, partner)
        if key not in found:
            found[key] = ActSight(
                done.action, kind, colour, seen_partner, done.start_ms, done.end_ms
            )
    return tuple(found.values())


def _keep_seen(acts: tuple[ActSight, ...], seen: SeenPerson) -> tuple[ActSight, ...]:
    """Without what legs do where none are seen, and without kicks at nothing."""
    kept = tuple(act for act in acts if _is_act_seen(act, seen))
    # Who walks unseen does not stand.
    return kept if len(kept) == len(acts) else tuple(a for a in kept if a.action != "standing")


def _is_act_seen(act: ActSight, seen: SeenPerson) -> bool:
    if act.action == "standing":
        return seen.shot_size in STANCE_SIZES
    if act.action == "kicking" and act.thing is None:
        return False
    return act.action not in LEG_ACTIONS or seen.shot_size in BOTTOM_SIZES


def _other_of(done: DoneAction, person: str) -> str | None:
    if done.actor == person:
        return done.partner
    if done.partner == person and done.action in SYMMETRIC:
        return done.actor
    return None


def _see_person(
    shot: ShotTruth, seen: SeenPerson, worn: tuple[Look, Clothes], acts: tuple[ActSight, ...]
) -> PersonSight:
    look, clothes = worn
    boxes = seen.track.boxes
    height_px = max((box[3] - box[1]) * HEIGHT for box in boxes)
    head_px = max(((box[2] - box[0]) * WIDTH for box in seen.face.boxes), default=0.0)
    is_crowned = any(box[1] >= HEADROOM * (box[3] - box[1]) for box in seen.face.boxes)
    if seen.view == "back" and min(box[1] for box in boxes) > 0.01:
        head_px, is_crowned = height_px / 7, True  # no face to measure: a seventh of a person
    shows_gender = height_px >= GENDER_PX and (head_px >= HAIR_PX or _is_mostly_seen(seen))
    shows_hat = head_px >= HAIR_PX and is_crowned
    lacks_head = all(box[1] <= 0.0 and box[3] < 1.0 for box in boxes)
    return PersonSight(
        seen.person,
        look,
        clothes,
        seen.view,
        find_side(boxes),
        find_half(boxes, shot),
        shows_gender,
        shows_hat and (look.hat == "none" or look.hair in SHOWN_PAST_HAT),
        shows_hat,
        head_px >= FACE_PX and seen.view != "back" and _is_face_clear(seen),
        height_px >= GENDER_PX and seen.shot_size in (BOTTOM_SIZES if lacks_head else TOP_SIZES),
        seen.shot_size in BOTTOM_SIZES and height_px >= GENDER_PX,
        acts,
        2 * _weigh(seen.track, shot),
        frozenset(),
    )


def _is_mostly_seen(seen: SeenPerson) -> bool:
    return max(seen.track.visible, default=0.0) >= LEAST_VISIBLE


def _is_face_clear(seen: SeenPerson) -> bool:
    """Whether its eyes and mouth are seen at some time, even if a face is larger than the frame."""
    return any(
        visible >= LEAST_OF_FACE or (box[1] <= 0.0 and box[3] >= 1.0)
        for box, visible in zip(seen.face.boxes, seen.face.visible, strict=True)
    )


def _with_attributes(sight: PersonSight, genders: dict[str, str]) -> PersonSight:
    found = {"person", *_list_look(sight), *_list_clothes(sight)}
    found |= {f"side: {sight.side}"} if sight.side else set()
    found.add({"front": "view: front", "back": "view: back"}.get(sight.view, "view: profile"))
    for act in sight.acts:
        found.add(f"action: {act.action}")
        found |= {f"with: {act.thing}", f"with colour: {act.colour}"} if act.thing else set()
        found |= {"partner"} if act.partner else set()
        if act.partner in genders:
            found |= _list_gender(genders[act.partner], "partner: ")
    return replace(sight, attributes=frozenset(found))


def _list_gender(gender: str, prefix: str = "") -> set[str]:
    age = "adult" if gender in ("man", "woman") else "child"
    return {f"{prefix}{gender}", f"{prefix}{age}"}


def _list_look(sight: PersonSight) -> set[str]:
    look = sight.look
    found = _list_gender(look.gender) if sight.shows_gender else set()
    if sight.shows_hair:
        found.add(f"hair: {look.hair}")
        found |= {f"hair colour: {look.hair_colour}"} if look.hair != "bald" else set()
    if sight.shows_hat and look.hat != "none":
        found |= {"hat", f"hat: {look.hat}", f"hat colour: {look.hat_colour}"}
    if sight.shows_face:
        found |= {"glasses", f"glasses: {look.glasses}"} if look.glasses != "none" else set()
        found |= {f"beard: {look.beard}"} if look.beard != "none" else set()
    return found


def _list_clothes(sight: PersonSight) -> set[str]:
    clothes = sight.clothes
    found: set[str] = set()
    if sight.shows_top:
        found |= {f"top: {clothes.top}", f"top colour: {clothes.top_colour}"}
    if sight.shows_bottom and clothes.bottom != "dress":
        found |= {f"bottom: {clothes.bottom}", f"bottom colour: {clothes.bottom_colour}"}
    return found
