"""The scene graph of a shot as subject, predicate, object.

Ends are ids of persons and things, or words where there is nothing with an id. Knows nothing of
captions.
"""

from collections.abc import Sequence

from bench.world.describing import PersonSight, Sight
from bench.world.truth import SeenPerson, SeenThing, Track, Triplet, Truth

MOST_SIDES = 5  # the largest few are set beside each other, not all with all
CLEARLY_BESIDE = 0.12  # of the width, between the middles


def list_triplets(truth: Truth, sight: Sight) -> tuple[Triplet, ...]:
    """What of a shot holds between its persons, things, place and words.

    Predicates are actions ("hugging", "reading"), "wears", "has", "is", "in", "held by" and
    "on the left of".
    """
    shot = sight.shot
    noticed = dict.fromkeys(thing for group in sight.things for thing in group.ids)
    noticed |= dict.fromkeys(person.person for person in sight.persons)
    found = [triplet for person in sight.persons for triplet in _list_person(person)]
    deeds = {(person.person, act.action) for person in sight.persons for act in person.acts}
    for action in shot.actions:
        if (action.actor, action.action) in deeds:
            ends = [end for end in (action.partner, action.thing) if end in noticed]
            found += [Triplet(action.actor, action.action, end) for end in ends if end]
            found += [] if ends else [Triplet(action.actor, "is", action.action)]
    for group in sight.things:
        found += [Triplet(thing, "is", group.colour) for thing in group.ids]
        if group.held_by in noticed:
            found += [Triplet(thing, "held by", str(group.held_by)) for thing in group.ids]
    if sight.place:
        found += [Triplet(name, "in", sight.place) for name in noticed]
    free = (thing for thing in shot.things if thing.held_by is None)
    seen: list[SeenPerson | SeenThing] = [*shot.persons, *free]
    found += _list_sides([one for one in seen if _name(one) in noticed])
    return tuple(dict.fromkeys(found))


def _list_person(person: PersonSight) -> list[Triplet]:
    clothes, look = person.clothes, person.look
    found = []
    if person.shows_top:
        found.append(Triplet(person.person, "wears", f"{clothes.top_colour} {clothes.top}"))
    if person.shows_bottom and clothes.bottom != "dress":
        found.append(Triplet(person.person, "wears", f"{clothes.bottom_colour} {clothes.bottom}"))
    if person.shows_hat and look.hat != "none":
        found.append(Triplet(person.person, "wears", f"{look.hat_colour} {look.hat}"))
    if person.shows_face and look.glasses != "none":
        found.append(Triplet(person.person, "wears", "glasses"))
    if person.shows_face and look.beard != "none":
        beard = "beard" if look.beard == "full" else "moustache"
        found.append(Triplet(person.person, "has", beard))
    return found


def _name(seen: SeenPerson | SeenThing) -> str:
    return seen.person if isinstance(seen, SeenPerson) else seen.id


def _find_middle(track: Track) -> float:
    return sum(box[0] + box[2] for box in track.boxes) / 2 / len(track.boxes)


def _weigh(track: Track) -> float:
    return sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in track.boxes)


def _list_sides(seen: Sequence[SeenPerson | SeenThing]) -> list[Triplet]:
    largest = sorted(seen, key=lambda one: (-_weigh(one.track), _name(one)))[:MOST_SIDES]
    middles = sorted((_find_middle(one.track), _name(one)) for one in largest)
    return [
        Triplet(one, "on the left of", other)
        for at, (x, one) in enumerate(middles)
        for other_x, other in middles[at + 1 :]
        if other_x - x >= CLEARLY_BESIDE
    ]
