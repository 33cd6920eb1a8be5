"""Persons by name and by cluster: whom a name means, and that it holds as soon as it is said."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from casts import LEFT, LOOKS, Film, build, describe, face_in, found, make_encoders, search

from indexer.collection import Collection
from indexer.generations.writing import write_generation
from indexer.people.error import PersonMissing
from indexer.people.people import open_people
from indexer.people.person import Anchor, Person, Place
from search.engine import SearchEngine
from search.persons import Persons
from search.query import read_query


class Sayings:
    """What searchers said, in memory."""

    def __init__(self) -> None:
        self.revision = 0
        self.names: dict[str, str] = {}
        self.anchors: list[Anchor] = []

    def get_person(self, person: str) -> Person:
        for id, name in self.names.items():
            if person in (id, name):
                return Person(id, name)
        raise PersonMissing(f"no person is called {person!r}")

    def find_anchors(self, person: str | None = None) -> list[Anchor]:
        return [each for each in self.anchors if person in (None, each.person)]

    def say(self, name: str, video: str, time_ms: int, *, yes: bool = True, at: Any = LEFT) -> None:
        id = next((id for id, known in self.names.items() if known == name), f"p-{name}")
        self.names[id] = name
        self.revision += 1
        said_at = datetime(2024, 5, 1, 12, 0, self.revision, tzinfo=UTC)
        self.anchors.append(Anchor(id, Place(video, time_ms, face_in(at)), yes, said_at))


def test_a_cluster_is_found_by_its_id() -> None:
    film = Film("a")
    film.face(film.shot(), LOOKS["ann"], face_in(LEFT), cluster="p1")
    film.face(film.shot(), LOOKS["bob"], face_in(LEFT), cluster="p2")
    film.face(film.shot(), (0.9, 0.1, 0.4, 0), face_in(LEFT), cluster="p1")
    generation = build(film)
    hits = search(generation, {"kind": "person", "name": "p1"}).hits
    assert sorted(hit.shot for hit in hits) == ["a@0", "a@2000"]
    assert all(hit.why.evidence("sure") for hit in hits)


def test_of_a_cluster_counts_what_is_nobodys_and_all_where_nothing_is() -> None:
    said, generation = Sayings(), build(cluster_film())
    persons = Persons(generation, lambda: said)

    def starts() -> list[list[int]]:
        one = persons.find("p1")
        return [generation.tracks.start_ms[each].tolist() for each in (one.sure, one.others)]

    assert starts() == [[0, 1000], []]
    said.say("Ann", "a", 500)
    assert starts() == [[0, 1000], []]
    said.say("Ann", "a", 1500, yes=False)
    assert starts() == [[1000], [0]]


def cluster_film() -> Film:
    film = Film("a")
    film.face(film.shot(), LOOKS["ann"], face_in(LEFT), cluster="p1")
    film.face(film.shot(), (0.2, 0, 0, 1), face_in(LEFT), cluster="p1")  # hardly like her
    film.face(film.shot(), LOOKS["ann"], face_in(LEFT), cluster="p2")
    film.face(film.shot(), (1, 0, 0, 0.3), face_in(LEFT))
    film.face(film.shot(), LOOKS["bob"], face_in(LEFT), cluster="p3")
    return film


def test_a_name_holds_for_the_whole_cluster_and_for_who_is_like_it() -> None:
    said = Sayings()
    said.say("Ann", "a", 500)
    result = search(build(cluster_film()), {"kind": "person", "name": "Ann"}, said)
    sure = {hit.shot: hit.why.evidence("sure") for hit in result.hits}
    assert sure == {"a@0": True, "a@1000": True, "a@2000": False, "a@3000": False}
    assert result.hits[0].why.evidence("person") == "p-Ann"


def test_what_is_said_counts_at_once_without_new_search_files() -> None:
    said, generation = Sayings(), build(cluster_film())
    engine = SearchEngine(generation, make_encoders(), people=lambda: said)

    def ask(name: str) -> set[str]:
        query = read_query(json.dumps({"kind": "person", "name": name}))
        return {hit.shot for hit in engine.search(query).hits}

    said.say("Ann", "a", 500)
    assert ask("Ann") == {"a@0", "a@1000", "a@2000", "a@3000"}
    said.say("Ann", "a", 3500, yes=False)
    assert ask("Ann") == {"a@0", "a@1000", "a@2000"}
    said.say("Eve", "a", 2500)
    assert ask("Ann") == {"a@0", "a@1000"}
    assert "a@2000" in ask("Eve")


def test_an_unknown_person_is_refused_with_a_remedy() -> None:
    for said in (None, Sayings()):
        with pytest.raises(PersonMissing) as refused:
            search(build(cluster_film()), {"kind": "person", "name": "Zoe"}, said)
        assert "no person is called 'Zoe'; `shotseek persons`" in str(refused.value)
        assert "\n" not in str(refused.value)


def test_who_is_named_in_a_collection_is_found_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    Collection.create(folder).close()
    write_generation(folder, describe(cluster_film()))
    engine = SearchEngine(folder, make_encoders())
    query = read_query('{"kind": "person", "name": "ANN"}')
    with pytest.raises(PersonMissing, match="no person is called 'ANN'"):
        engine.search(query)
    with open_people(folder, writing=True) as people:
        people.create_person([Place("a", 500, face_in(LEFT))], "Ann")
    assert found(engine.search(query)) == ["a@0", "a@2000", "a@3000", "a@1000"]
    with open_people(folder, writing=True) as people:
        people.create_person([Place("a", 4500, face_in(LEFT))], "Bob")
        people.merge(["Ann"], into="Bob")
    assert set(found(engine.search(query))) == {"a@0", "a@1000", "a@2000", "a@3000", "a@4000"}


def test_a_face_that_is_sure_passes_the_gate_however_unlike_it_looks() -> None:
    said = Sayings()
    said.say("Ann", "a", 500)
    root = {"kind": "person", "name": "Ann", "least": 0.9}
    scores = {hit.shot: hit.score for hit in search(build(cluster_film()), root, said).hits}
    assert scores["a@1000"] == pytest.approx((0.9 + 0.3) / 1.3)
    assert scores["a@0"] == pytest.approx(1.0)


@pytest.mark.parametrize("least", [0.81, 0.84, 0.87, 0.9, 0.93, 0.96])
def test_between_two_moments_of_a_face_at_the_gate_it_passes_too(least: float) -> None:
    film, said = Film("a"), Sayings()
    film.face(film.shot(), LOOKS["ann"], face_in(LEFT), cluster="p1")
    start = film.shot()
    film.face(start, LOOKS["cem"], face_in(LEFT), seen=(0, 3), cluster="p1")
    film.act(start, LEFT, {1: 0.5, 2: 0.4})
    said.say("Ann", "a", 500)
    root = {
        "kind": "person_action",
        "person": {"name": "Ann", "least": least},
        "action": {"name": "carry"},
        "extension": "off",
    }
    (hit,) = search(build(film), root, said).hits
    assert hit.score == pytest.approx(0.5)
    assert hit.why.evidence("face_interpolated")


def test_no_track_is_both_a_persons_and_not() -> None:
    said, generation = Sayings(), build(cluster_film())
    said.say("Ann", "a", 500)
    said.say("Ann", "a", 3500, yes=False)
    said.say("Eve", "a", 2500)
    ann = Persons(generation, lambda: said).find("Ann")
    starts = [
        generation.tracks.start_ms[each].tolist() for each in (ann.said, ann.sure, ann.others)
    ]
    assert starts == [[0], [0, 1000], [2000, 3000]]
