"""Who is seen, what is done, and who does it: what the leaves about people find, and why."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from casts import (
    FACES,
    LEFT,
    LOOKS,
    RIGHT,
    Film,
    build,
    face_in,
    found,
    make_encoders,
    picture_of,
    search,
    told,
)

from analyzers.error import SettingsError, ShotseekError
from analyzers.finding import Label
from search.asking import Asked, build_query
from search.encoders import Encoders
from search.engine import SearchEngine
from search.error import AskedWrong, QueryInvalid
from search.joins.negation import Not
from search.leaves.action import ActionLeaf
from search.leaves.person import PersonLeaf
from search.leaves.person_action import PersonActionLeaf
from search.query import read_query
from search.where import KnownNames

ANN_CARRIES = {
    "kind": "person_action",
    "person": {"pictures": [picture_of("ann")]},
    "action": {"name": "action/carry"},
    "extension": "off",
}


def show_two() -> Film:
    """First Bob carries while Ann stands by, then nobody is there, then Ann carries."""
    film = Film("a")
    for carrier, sure in (("bob", 0.9), (None, 0), ("ann", 0.6)):
        start = film.shot()
        if carrier:
            film.face(start, LOOKS["ann"], face_in(LEFT))
            film.face(start, LOOKS["bob"], face_in(RIGHT))
            film.act(start, LEFT, {2: sure} if carrier == "ann" else {})
            film.act(start, RIGHT, {2: sure} if carrier == "bob" else {})
    return film


def test_who_stands_by_ranks_below_who_does_it_only_where_identity_is_checked() -> None:
    generation = build(show_two())
    checked = search(generation, ANN_CARRIES)
    assert found(checked) == ["a@2000"]
    assert checked.hits[0].score == pytest.approx(0.6)
    naive = search(generation, {**ANN_CARRIES, "identity": False})
    assert found(naive) == ["a@0", "a@2000"]
    assert naive.hits[0].score == pytest.approx(0.9)
    assert told(naive.hits[0], "cover") == [0]


def test_the_reason_tells_both_boxes_how_far_they_cover_each_other_and_the_moment() -> None:
    hit = search(build(show_two()), ANN_CARRIES).hits[0]
    assert hit.time_ms == 2500
    assert told(hit, "time_ms", "cover", "asked") == [2500, 1.0, "a face: action/carry"]
    assert told(hit, "face_box")[0] == pytest.approx(face_in(LEFT))
    assert told(hit, "action_box")[0] == pytest.approx(LEFT)
    assert told(hit, "face_interpolated", "action_interpolated") == [False, False]
    assert told(hit, "face_score", "action_score") == pytest.approx([1.0, 0.6])
    face, body = told(hit, "face_track", "action_track")
    assert face.startswith("face-2000-")
    assert body.startswith("coco/person-2000-")


def test_a_face_half_inside_counts_half() -> None:
    film = Film("a")
    start = film.shot()
    film.face(start, LOOKS["ann"], (0.05, 0.2, 0.15, 0.3))
    film.act(start, LEFT, {1: 0.8})
    hit = search(build(film), ANN_CARRIES).hits[0]
    assert told(hit, "cover") == pytest.approx([0.5], abs=1e-5)
    assert hit.score == pytest.approx(0.4, abs=1e-5)


def test_what_was_missed_between_two_moments_is_filled_in_and_said_so() -> None:
    film = Film("a")
    start = film.shot()
    film.face(start, LOOKS["ann"], face_in(LEFT), seen=(2,))
    film.act(start, LEFT, {1: 0.5, 3: 0.7})
    generation = build(film)
    (hit,) = search(generation, ANN_CARRIES).hits
    assert hit.score == pytest.approx(0.6, abs=1e-6)
    assert told(hit, "action_interpolated", "action_track") == [True, None]
    assert not search(generation, {**ANN_CARRIES, "gaps": False}).hits


def test_two_tracks_of_one_person_are_joined_where_nothing_of_the_person_is_between() -> None:
    film = Film("a")
    start = film.shot()
    film.face(start, LOOKS["ann"], face_in(LEFT), seen=(0,))
    film.face(start, LOOKS["ann"], face_in(LEFT), seen=(4,))
    film.act(start, LEFT, {2: 0.5})
    (hit,) = search(build(film), ANN_CARRIES).hits
    assert told(hit, "face_interpolated") == [True]


def test_shots_near_one_that_is_found_are_lifted_inside_its_video_alone() -> None:
    first, second = show_two(), show_two()
    second.uid = "b"
    second.findings.clear()
    generation = build(first, second)
    capped = search(generation, {**ANN_CARRIES, "extension": "capped"})
    assert found(capped) == ["a@2000", "a@1000", "a@0"]
    assert [hit.score for hit in capped.hits] == pytest.approx(
        [0.6, 0.6 * 0.23459, 0.6 * 0.22096], abs=1e-4
    )
    near = capped.hits[1]
    assert told(near, "cover", "face_box", "around")[:2] == [None, None]
    assert [far for far, _ in told(near, "around")[0]] == [1]
    published = search(generation, {**ANN_CARRIES, "extension": "published"})
    assert found(published) == found(capped)
    assert published.hits[0].score == pytest.approx(0.6 / 2.7553, abs=1e-4)


def test_the_published_sum_can_pass_its_sources() -> None:
    film = Film("a")
    for number in range(7):
        start = film.shot()
        if number != 3:
            film.face(start, LOOKS["ann"], face_in(LEFT))
            film.act(start, LEFT, {0: 1.0})
    generation = build(film)
    best = search(generation, {**ANN_CARRIES, "extension": "published"}).hits[0]
    assert best.shot == "a@3000"
    assert best.score * 2.7553 == pytest.approx(1.31, abs=5e-3)
    capped = {
        hit.shot: hit.score
        for hit in search(generation, {**ANN_CARRIES, "extension": "capped"}).hits
    }
    assert capped["a@3000"] == pytest.approx(1.0)


def test_weighted_fusion_mixes_face_and_action() -> None:
    root = {**ANN_CARRIES, "fusion": "weighted", "face_share": 0.25}
    hits = {hit.shot: hit.score for hit in search(build(show_two()), root).hits}
    assert hits["a@2000"] == pytest.approx(0.25 * 1 + 0.75 * 0.6)
    bob = 0.3 / 1.3  # cosine 0 with Ann
    assert hits["a@0"] == pytest.approx(0.25 * bob + 0.75 * 0.9, abs=1e-5)


def test_the_gate_lets_in_who_is_like_enough() -> None:
    film = Film("a")
    start = film.shot()
    film.face(start, (0.5, 0.75**0.5, 0, 0), face_in(LEFT))  # cosine 0.5 with Ann
    film.act(start, LEFT, {0: 0.7})
    generation = build(film)
    for least, hits in ((0.45, 1), (0.55, 0)):
        person = {"pictures": [picture_of("ann")], "least": least}
        assert len(search(generation, {**ANN_CARRIES, "person": person}).hits) == hits


def test_free_words_are_compared_with_pictures_of_people() -> None:
    film = Film("a")
    for vector in ((1, 0.2, 0, 0), (0.2, 1, 0, 0)):
        start = film.shot()
        film.face(start, LOOKS["ann"], face_in(LEFT))
        film.look(start, LEFT, 1, vector)
    generation = build(film)
    joint = search(generation, {**ANN_CARRIES, "action": {"text": "a song"}})
    assert found(joint) == ["a@1000", "a@0"]
    alone = search(generation, {"kind": "action", "text": "a song"})
    assert found(alone) == ["a@1000", "a@0"]
    assert alone.hits[0].why.evidence("space") == "drawn"
    assert alone.hits[0].time_ms == 1300


def test_a_person_is_found_by_the_best_of_several_pictures() -> None:
    film = show_two()
    film.face(film.shot(), LOOKS["cem"], face_in(LEFT))
    generation = build(film)
    one = search(generation, {"kind": "person", "pictures": [picture_of("cem")]})
    assert found(one) == ["a@3000"]
    both = search(
        generation, {"kind": "person", "pictures": [picture_of("cem"), picture_of("bob")]}
    )
    assert sorted(found(both)) == ["a@0", "a@2000", "a@3000"]
    assert told(both.hits[0], "sure", "person", "cosine") == [False, None, 1.0]


def test_of_a_picture_of_two_the_larger_face_counts_and_that_is_told() -> None:
    root = {"kind": "person", "pictures": [picture_of("cem", "ann")]}
    result = search(build(show_two()), root)
    assert not result.hits
    assert result.notes == ("picture 1 shows 2 faces: the largest counts",)


def test_a_picture_without_a_face_counts_for_nothing_and_one_with_a_face_is_needed() -> None:
    root = {"kind": "person", "pictures": [picture_of("ann"), picture_of()]}
    result = search(build(show_two()), root)
    assert found(result) == ["a@0", "a@2000"]
    assert any("no face is found in picture 2" in note for note in result.notes)
    with pytest.raises(QueryInvalid, match="no face is found in picture 1: give one"):
        search(build(show_two()), {"kind": "person", "pictures": [picture_of()]})


def test_blanks_are_no_name() -> None:
    pictured = PersonLeaf(name="  ", pictures=(picture_of("ann"),))
    assert (pictured.name, pictured.asked) == ("", "a face")
    with pytest.raises(ValueError, match="one of both"):
        PersonLeaf(name=" ")


@pytest.mark.parametrize(
    ("root", "error", "said"),
    [
        (
            {"kind": "action", "name": "action/cary"},
            QueryInvalid,
            "the nearest is action/carry; or",
        ),
        ({"kind": "action", "text": "a kick"}, SettingsError, "no pictures of people"),
        ({**ANN_CARRIES, "action": {"name": "zzz"}}, QueryInvalid, "nothing here is labelled zzz"),
        (
            {"kind": "person", "pictures": [picture_of("ann")], "space": "faces.plan"},
            SettingsError,
            f"the nearest is {FACES.name}",
        ),
    ],
)
def test_what_is_not_there_is_refused_with_a_remedy(
    root: dict[str, Any], error: type[ShotseekError], said: str
) -> None:
    with pytest.raises(error) as refused:
        search(build(show_two()), root)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_faces_the_way_to_them_is_told() -> None:
    film = Film("a")
    film.act(film.shot(), LEFT, {0: 1.0})
    with pytest.raises(SettingsError, match=r"knows no faces: index .*\+faces"):
        search(build(film), ANN_CARRIES)


@pytest.mark.parametrize(
    "person",
    [{}, {"name": "Ann", "pictures": [picture_of("ann")]}, {"name": " "}, {"pictures": ["no!"]}],
)
def test_a_person_is_given_in_one_way(person: dict[str, Any]) -> None:
    with pytest.raises(QueryInvalid, match=r"person"):
        read_query(json.dumps({**ANN_CARRIES, "person": person}))


def test_people_join_other_parts_of_a_query() -> None:
    root = {
        "kind": "all_of",
        "children": [
            {"kind": "person", "pictures": [picture_of("ann")]},
            {"kind": "not", "child": ANN_CARRIES},
            {"kind": "any_of", "children": [{"kind": "action", "name": "carry"}, ANN_CARRIES]},
        ],
    }
    assert found(search(build(show_two()), root)) == ["a@0"]


def test_a_listed_action_is_found_with_or_without_a_box() -> None:
    film = show_two()
    film.findings.append(("clips", Label(1000, 2000, "action", "carry", 0.3)))
    hits = search(build(film), {"kind": "action", "name": "Action/Carry"}).hits
    assert [hit.shot for hit in hits] == ["a@0", "a@2000", "a@1000"]
    assert told(hits[0], "confidence", "time_ms") == pytest.approx([0.9, 500])
    assert told(hits[0], "box")[0] == pytest.approx(RIGHT)
    assert told(hits[2], "box", "track", "time_ms") == [None, None, None]
    assert hits[0].time_ms == 500


def test_pictures_of_a_face_are_given_on_the_command_line(tmp_path: Path) -> None:
    for name in ("ann", "bob"):
        (tmp_path / name).write_bytes(base64.b64decode(picture_of(name)))
    asked = Asked(faces=(tmp_path / "ann", tmp_path / "bob"), where=("action=carry",))
    query = build_query(asked, KnownNames(("action/carry",)))
    result = SearchEngine(build(show_two()), make_encoders()).search(query)
    assert found(result) == ["a@0", "a@2000"]
    with pytest.raises(AskedWrong, match=r"--face .*nobody: No such file"):
        build_query(Asked(faces=(tmp_path / "nobody",)), KnownNames())


def test_who_acts_may_be_the_one_whose_face_is_given(tmp_path: Path) -> None:
    (tmp_path / "ann").write_bytes(b"a picture")
    known = KnownNames(("action/carry",))
    asked = Asked(faces=(tmp_path / "ann",), face=("0a",), where=("does=: carry",))
    doing = build_query(asked, known).root
    assert isinstance(doing, PersonActionLeaf)
    assert (len(doing.person.pictures), doing.person.ids) == (1, ("0a",))
    assert doing.action == ActionLeaf(name="carry")
    both = build_query(replace(asked, where=("does=: carry", "does=Bob: carry")), known).root
    assert [one.person.name for one in both.parts if isinstance(one, PersonActionLeaf)] == [
        "",
        "Bob",
    ]
    with pytest.raises(SettingsError, match="write does=PERSON: ACTION"):
        build_query(Asked(where=("does=: carry",)), known)


def test_how_who_acts_is_checked_is_asked_beside_it() -> None:
    known = KnownNames(("action/carry",))
    asked = Asked(where=("does=Ann: carry",))
    usual = build_query(asked, known).root
    changes: dict[str, object] = {"identity": False, "gaps": False, "extension": "off"}
    for name, value in changes.items():
        changed = build_query(replace(asked, **{name: value}), known).root  # type: ignore[arg-type]
        assert changed == usual.model_copy(update={name: value})
        with pytest.raises(AskedWrong, match=name) as wrong:
            build_query(Asked(where=("person=Ann",), **{name: value}), known)  # type: ignore[arg-type]
        assert wrong.value.plain.startswith(f"{name}: it says how a filter does=")
    negated = build_query(Asked(where=("does!=Ann: carry",), gaps=False), known).root
    assert isinstance(negated, Not)
    assert negated.child == usual.model_copy(update={"gaps": False})
    with pytest.raises(AskedWrong, match="extension"):
        build_query(replace(asked, extension="on"), known)


def test_query_pictures_are_read_by_what_found_the_faces_of_the_index() -> None:
    space = replace(FACES, encoder="sface", detector="nothing-such")
    with pytest.raises(SettingsError, match="--face-detector nothing-such"):
        Encoders().read_faces(space, [np.zeros((8, 8, 3), np.uint8)])
