from dataclasses import replace

from bench.world.captions import write_captions
from bench.world.likeness import find_duplicates
from bench.world.truth import SeenPerson, SeenThing, Truth
from tests.bench.world.made_truths import make_track, make_truth

BOX = (0.1, 0.3, 0.6, 0.8)


def make_pair(colour: str = "red", visible: float = 1.0) -> list[Truth]:
    """Two films of one shot each, with one car each; the second car as asked."""
    truth = make_truth(1)
    films = []
    for name, shade, seen in (("one", "red", 1.0), ("two", colour, visible)):
        track = make_track(0, BOX, seen)
        car = SeenThing(f"{name}-car", "car", "vehicle", True, shade, "small", "still", None, track)
        shot = replace(truth.shots[0], things=(car,), persons=(), actions=(), written=())
        films.append(replace(truth, id=name, shots=(shot,)))
    return films


def test_shots_of_which_the_same_is_told_are_equals_across_films() -> None:
    assert dict(find_duplicates(make_pair())) == {
        "one/shot000": ("two/shot000",),
        "two/shot000": ("one/shot000",),
    }


def test_another_colour_makes_another_shot() -> None:
    assert not find_duplicates(make_pair(colour="blue"))


def test_what_is_hidden_is_not_alike() -> None:
    assert not find_duplicates(make_pair(visible=0.1))


def test_close_ups_of_two_people_are_not_alike() -> None:
    truth, films = make_truth(1), []
    genders = {person.look.gender: person.id for person in truth.cast}
    assert len(genders) > 1
    for at, person in enumerate(list(genders.values())[:2]):
        body = make_track(0, (0.1, 0.0, 0.9, 1.0), 0.1)
        face = make_track(0, (0.3, 0.1, 0.6, 0.9))
        seen = SeenPerson(person, "front", "extreme close-up", True, True, body, face)
        shot = replace(truth.shots[0], things=(), persons=(seen,), actions=(), written=())
        films.append(replace(truth, id=f"film{at}", shots=(shot,)))
    assert not find_duplicates(films)


def test_known_near_duplicates_count_both_ways_and_through_others() -> None:
    truth = make_truth(2)
    first, second, third = (replace(shot, duplicates=()) for shot in truth.shots[:3])
    name = f"{truth.id}/"
    chained = (
        first,
        replace(second, duplicates=(name + first.id,)),
        replace(third, duplicates=(name + second.id,)),
    )
    found = find_duplicates([replace(truth, shots=chained)])
    assert found[name + first.id] == (name + second.id, name + third.id)
    assert found[name + third.id] == (name + first.id, name + second.id)


def test_a_title_is_nothings_equal() -> None:
    films = make_pair()
    titles = [
        replace(film, shots=tuple(replace(shot, is_title=True) for shot in film.shots))
        for film in films
    ]
    assert not find_duplicates(titles)


def test_captions_come_with_the_equals_within_the_film() -> None:
    truth = make_pair()[0]
    again = replace(truth.shots[0], id="again")
    told = write_captions(replace(truth, shots=(truth.shots[0], again)))
    assert told.shots[0].duplicates == ("one/again",)
    assert told.shots[1].duplicates == ("one/shot000",)
