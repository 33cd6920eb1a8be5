"""The door to persons and their faces: naming, merging, splitting, hiding, over both databases."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from made_faces import FIRST, LEFT, RIGHT, SECOND, cluster, face, film

from indexer.collection import Collection
from indexer.error import VideoMissing
from indexer.generations.build import build_generation
from indexer.people.error import AmbiguousFace, FaceMissing, NameTaken, NothingLeft, PersonMissing
from indexer.people.gallery import Gallery
from indexer.people.people import open_people
from indexer.people.person import Place
from indexer.records import Result

ANN, BOB = "p0", "p1"
WHO = {"a1": ANN, "a2": ANN, "a3": ANN, "b1": BOB, "b2": BOB}


@pytest.fixture
def filled(collection: Collection, maker: Any) -> Collection:
    """Ann is seen three times, Bob twice, somebody else once."""
    film(collection, maker, "one.mp4", [face("a1"), face("b1", box=RIGHT, seed=1)])
    film(collection, maker, "two.mp4", [face("a2", quality=90), face("b2", SECOND, seed=1)])
    film(collection, maker, "three.mp4", [face("a3"), face("c1", SECOND, RIGHT, seed=2)])
    cluster(collection, WHO)
    return collection


@pytest.fixture
def gallery(filled: Collection) -> Iterator[Gallery]:
    """The door to it."""
    with open_people(filled.folder, writing=True) as people:
        yield Gallery(filled, people)


def seen(gallery: Gallery, who: str) -> set[str]:
    """The tracks of somebody."""
    return {each.track for each in gallery.find_appearances(who)}


def test_clusters_that_are_nobodys_are_listed_largest_first(gallery: Gallery) -> None:
    entries = gallery.find_entries()
    assert [(each.id, each.tracks, each.videos) for each in entries] == [(ANN, 3, 3), (BOB, 2, 2)]
    assert not any(each.is_person or each.is_hidden or each.name for each in entries)
    best = entries[0].best
    assert best is not None
    assert (best.track, best.video_name, best.quality) == ("a2", "two.mp4", 90)
    assert (best.time_ms, best.box) == (3_000, pytest.approx(LEFT))


def test_a_named_cluster_is_a_person_with_all_its_faces(gallery: Gallery) -> None:
    ann = gallery.name(ANN, "Ann")
    assert seen(gallery, "ann") == seen(gallery, ann.id) == {"a1", "a2", "a3"}
    first, second = gallery.find_entries()
    assert (first.name, first.is_person, first.tracks) == ("Ann", True, 3)
    assert second.id == BOB
    with pytest.raises(PersonMissing):
        gallery.get_entry(ANN)  # nothing of it is nobody's


def test_the_face_at_a_time_is_named_and_its_cluster_goes_along(gallery: Gallery) -> None:
    with pytest.raises(AmbiguousFace, match=r"2 faces .*0\.100,0\.200,0\.300,0\.500; 0\.600"):
        gallery.find_at("one.mp4", 1_500)
    bob = gallery.find_at("one.mp4", 1_500, RIGHT)
    assert (bob.track, bob.video_name, bob.start_ms, bob.end_ms) == ("b1", "one.mp4", *FIRST)
    gallery.name(bob.place, "Bob")
    assert seen(gallery, "Bob") == {"b1", "b2"}


def test_the_face_of_a_person_without_a_name_names_the_person(gallery: Gallery) -> None:
    hidden = gallery.hide(ANN)
    named = gallery.name(gallery.find_at("two.mp4", 1_000).place, "Ann")
    assert named.id == hidden.id
    assert gallery.get_entry("Ann").is_hidden


def test_a_face_that_is_named_like_somebody_is_that_person(gallery: Gallery) -> None:
    ann = gallery.name(ANN, "Ann")
    stranger = gallery.find_at("three.mp4", 5_000)
    assert gallery.name(stranger.place, "ANN").id == ann.id
    assert seen(gallery, "Ann") == {"a1", "a2", "a3", "c1"}
    gallery.name(BOB, "Ann")
    assert seen(gallery, "Ann") == {*WHO, "c1"}


def test_a_person_is_renamed_but_not_to_the_name_of_another(gallery: Gallery) -> None:
    gallery.name(ANN, "Ann")
    gallery.name(BOB, "Bob")
    with pytest.raises(NameTaken):
        gallery.name("Bob", "Ann")
    assert gallery.name("Bob", "Robert").name == "Robert"
    assert gallery.name("Robert", None).name is None


@pytest.mark.parametrize(
    ("video", "time_ms", "box", "error"),
    [
        ("nine.mp4", 0, None, VideoMissing),
        ("one.mp4", 7_999, None, FaceMissing),
        ("one.mp4", 1_000, (0.0, 0.8, 0.1, 0.9), FaceMissing),
    ],
)
def test_where_no_face_is_known_it_is_said(
    gallery: Gallery, video: str, time_ms: int, box: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        gallery.find_at(video, time_ms, box)


def test_persons_and_clusters_are_merged(gallery: Gallery) -> None:
    gallery.name(ANN, "Ann")
    assert gallery.merge([BOB], "Ann").name == "Ann"
    assert seen(gallery, "Ann") == set(WHO)
    assert [each.name for each in gallery.find_entries()] == ["Ann"]


def test_a_split_takes_the_faces_it_names_and_no_others(gallery: Gallery) -> None:
    """Two of three faces of a cluster go; the third stays, whoever has more of the cluster."""
    gallery.name(gallery.find_at("three.mp4", 1_000).place, "Ann")  # one anchor holds all three
    parted = [each.place for each in gallery.find_appearances("Ann") if each.track != "a3"]
    gallery.split("Ann", parted, "Twin")
    assert seen(gallery, "Ann") == {"a3"}
    assert seen(gallery, "Twin") == {"a1", "a2"}


def test_a_split_that_would_leave_nothing_changes_nothing(gallery: Gallery) -> None:
    gallery.name(ANN, "Ann")
    places = [each.place for each in gallery.find_appearances("Ann")]
    with pytest.raises(NothingLeft):
        gallery.split("Ann", places, "Twin")
    with pytest.raises(FaceMissing):
        gallery.split("Ann", [Place(places[0].video, 5_000, LEFT)])
    assert [each.name for each in gallery.find_entries() if each.is_person] == ["Ann"]


def test_a_split_under_a_taken_name_makes_no_person_of_the_cluster(gallery: Gallery) -> None:
    gallery.name(BOB, "Bob")
    place = gallery.find_at("two.mp4", 1_000).place
    with pytest.raises(NameTaken):
        gallery.split(ANN, [place], "bob")
    assert [each.name for each in gallery.find_entries() if each.is_person] == ["Bob"]


def test_a_hidden_person_stays_hidden_until_it_is_shown(gallery: Gallery) -> None:
    hidden = gallery.hide(BOB)
    assert gallery.get_entry(hidden.id).is_hidden
    assert not gallery.unhide(hidden.id).is_hidden


def test_names_merges_splits_and_hiding_survive_reindexing_clustering_and_rebuild(
    gallery: Gallery, filled: Collection, maker: Any
) -> None:
    gallery.name(ANN, "Ann")
    gallery.split("Ann", [gallery.find_at("two.mp4", 1_000).place], "Twin")
    gallery.name(BOB, "Bob")
    gallery.merge(["Bob"], "Twin")
    gallery.hide("Ann")
    before = {name: seen(gallery, name) for name in ("Ann", "Twin", "Bob")}
    assert before == {"Ann": {"a1", "a3"}, "Twin": {"a2", "b1", "b2"}, "Bob": before["Twin"]}

    film(filled, maker, "one.mp4", [face("a1"), face("b1", box=RIGHT, seed=1)], sample_hash="x")
    cluster(filled, {**WHO, "a1": "p7", "a2": "p7", "a3": "p7", "b1": "p9", "b2": "p9"}, "2")
    build_generation(filled)

    assert {name: seen(gallery, name) for name in before} == before
    assert gallery.get_entry("Ann").is_hidden


def test_a_later_video_joins_the_persons_that_are_there(
    gallery: Gallery, filled: Collection, maker: Any
) -> None:
    gallery.name(ANN, "Ann")
    film(filled, maker, "four.mp4", [face("a4")])
    cluster(filled, {**WHO, "a4": ANN}, "2")
    assert seen(gallery, "Ann") == {"a1", "a2", "a3", "a4"}


def test_an_export_lists_everything_that_is_stored_of_a_person(
    gallery: Gallery, filled: Collection
) -> None:
    ann = gallery.name(ANN, "Ann")
    gallery.merge([BOB], "Ann")
    told = gallery.export("Ann")
    told_json = json.loads(told.to_json())
    assert told_json["said"]["person"]["name"] == "Ann"
    assert len(told_json["said"]["merges"]) == 1
    assert {each["track"] for each in told_json["faces"]} == set(WHO)
    assert {each["path"] for each in told_json["faces"]} == {
        f"/videos/{name}.mp4" for name in ("one", "two", "three")
    }
    assert sum(each["vectors"] for each in told_json["vectors"]) == len(WHO)
    assert all((filled.folder / each["file"]).exists() for each in told_json["vectors"])
    text = told.to_text()
    assert text.startswith(f"Ann ({ann.id})\n")
    assert "5 faces that were followed:" in text
    assert "/videos/three.mp4, 0-4000 ms: 2 boxes, landmarks" in text


def test_an_export_of_a_cluster_says_that_nobody_spoke_of_it(gallery: Gallery) -> None:
    told = gallery.export(BOB)
    assert told.said is None
    assert told.to_text().startswith("a cluster of faces")
    assert {each.cluster for each in told.faces} == {BOB}


def test_where_nobody_looked_for_faces_there_is_nobody(collection: Collection, maker: Any) -> None:
    maker.commit(collection, "/videos/film.mp4", Result("look", "1"))
    with open_people(collection.folder, writing=True) as people:
        gallery = Gallery(collection, people)
        assert gallery.find_entries() == []
        with pytest.raises(PersonMissing):
            gallery.find_appearances("p0")
