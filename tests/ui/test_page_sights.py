"""Boxes out of reasons, and persons as tiles: what is told is drawn, and nothing else."""

from typing import Any

import pytest

from search.hits import Why
from search.person_wire import FaceSeen, PersonSummary
from ui.screens.nothing_found import parts_of
from ui.screens.shot_people import best_of_each
from ui.screens.shot_sights import asks_for_boxes
from ui.sights import Sight, find_sights
from ui.state import State
from ui.tiles import say_where, tiles_of_persons

FACE, BODY = (0.1, 0.1, 0.2, 0.3), (0.05, 0.1, 0.4, 0.9)


class Addresses:
    """As much of the API as tiles need."""

    def address(self, path: str) -> str:
        return f"http://api{path}"


def why(kind: str, **told: Any) -> Why:
    return Why.model_validate({"kind": kind, "score": 0.5, **told})


def test_a_person_has_one_box_with_its_name_and_time() -> None:
    told = why("person", asked="Ann", box=FACE, time_ms=1200)
    assert find_sights(told) == (Sight("Ann", FACE, 1200),)


def test_who_does_what_has_two_each_with_its_half_of_the_question() -> None:
    told = why(
        "person_action",
        asked="Ann: carrying a bag",
        face_box=FACE,
        action_box=list(BODY),
        action_interpolated=True,
        face_interpolated=False,
        time_ms=900,
    )
    assert find_sights(told) == (
        Sight("Ann", FACE, 900),
        Sight("carrying a bag", BODY, 900, interpolated=True),
    )


def test_boxes_of_all_parts_that_hold_are_drawn() -> None:
    both = why("all_of", children=[why("person", asked="Ann", box=FACE), why("text", asked="a")])
    assert [one.label for one in find_sights(both)] == ["Ann"]
    missed = why("any_of", children=[why("person", asked="Ann", box=FACE, match=False)])
    unknown = why("any_of", children=[why("person", asked="Ann", box=FACE, known=False)])
    absent = why("not", children=[why("person", asked="Ann", box=FACE)])
    assert find_sights(missed) == find_sights(unknown) == find_sights(absent) == ()


@pytest.mark.parametrize(
    "box",
    [None, "0,0,1,1", [0, 0, 1], [0, 0, 1, 1, 1], [0.5, 0, 0.5, 1], [0, "0", 1, 1], [True] * 4],
)
def test_what_is_no_box_is_not_drawn(box: object) -> None:
    assert find_sights(why("person", asked="Ann", box=box, boxes=3, inbox=[0, 0, 1, 1])) == ()


def test_only_questions_about_people_and_things_are_asked_again_for_boxes() -> None:
    for where in ("person=Ann", "does=Ann: walking", "action=walking"):
        assert asks_for_boxes(State(text="x", where=("colour=red", where)))
    assert not asks_for_boxes(State(text="person", where=("colour=red", "personal=1")))


def test_persons_are_tiles_that_can_be_chosen() -> None:
    told = [
        PersonSummary(id="p-1", name="Ann <b>", known=True, appearances=1, videos=1, hidden=True),
        PersonSummary(id="p7", known=False, appearances=1234, videos=3),
    ]
    ann, other = tiles_of_persons(told, {"p7"}, Addresses())  # type: ignore[arg-type]
    assert (ann.id, ann.video, ann.why, ann.badge) == ("p-1", "Ann <b>", "once", "hidden")
    assert (ann.chosen, other.chosen, ann.picture) == (False, True, "")
    assert (other.video, other.why) == ("no name yet", "1,234 times in 3 videos")
    assert other.heard == "somebody without a name, 2"


def test_a_person_that_is_seen_nowhere_any_more_says_so() -> None:
    gone = PersonSummary(id="p-1", name="Ann", known=True, appearances=0, videos=0)
    assert say_where(gone) == "nowhere any more"


def seen(
    track: str, person: str | None, quality: float | None, name: str | None = None
) -> FaceSeen:
    place = {"video": "a", "name": "a.mp4", "start_ms": 0, "end_ms": 9, "time_ms": 5, "box": FACE}
    return FaceSeen(**place, track=track, quality=quality, person=person, person_name=name or None)


def test_of_each_person_the_best_seen_face_is_shown() -> None:
    faces = [
        seen("a", "p0", 40),
        seen("b", None, 10),
        seen("c", "p1", None, "Ann"),
        seen("d", "p0", 60),
        seen("e", None, 90),
        seen("f", "p1", 5, "Ann"),
    ]
    assert [face.track for face in best_of_each(faces)] == ["f", "d", "b", "e"]


def test_a_face_that_is_asked_for_is_a_part_of_the_question() -> None:
    asked = State(faces=("ab" * 16,), where=("does=: a walk", "colour=red"))
    assert asked.asks
    assert asks_for_boxes(State(faces=asked.faces))
    does, colour, face = parts_of(asked)
    assert does.alone == State(where=("does=: a walk",), faces=asked.faces)
    assert colour.alone == State(where=("colour=red",))
    assert face.alone == State(faces=asked.faces)
    assert face.without == State(where=("colour=red",))
