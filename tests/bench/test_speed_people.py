"""Searches for people in made search files: they find whom they are meant to, and are timed."""

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bench.speed.people import KNOWN, UNSEEN, DrawnFaces, measure_people_speed
from bench.speed.people_files import PERSONS, PeoplePlan, keep_people
from bench.speed.people_tables import show_people_times
from indexer.generations import vector_writing
from indexer.generations.generation import Generation
from indexer.generations.opening import open_generation
from search.encoders import Encoders
from search.engine import SearchEngine
from search.hits import SearchResult
from search.options import SearchOptions
from search.query import Query

PLAN = PeoplePlan(2500, 32)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("people")


def ask(generation: Generation, root: dict[str, object]) -> SearchResult:
    encoders = Encoders(faces={PLAN.space.name: DrawnFaces(PLAN)})
    engine = SearchEngine(generation, encoders)
    return engine.search(Query.model_validate({"root": root}), SearchOptions(k=1000))


def test_every_question_is_timed_beside_its_goal(kept: Path) -> None:
    times = measure_people_speed(kept, PLAN, 2, lambda line: None)
    assert {(each.name, each.who) for each in times.timings} == {
        (name, what) for name in (KNOWN, UNSEEN) for what in ("is seen", "does it")
    }
    assert times.counts["boxes_of_faces"] == times.counts["boxes_of_actions"]
    assert times.counts["boxes_of_faces"] == 5 * times.counts["face_tracks"] > 10_000
    told = json.loads(json.dumps(times.to_json(), allow_nan=False))
    assert told["goals_ms"] == {KNOWN: 300, UNSEEN: 500}
    shown = StringIO()
    show_people_times(times, Console(file=shown, width=120))
    assert "<= 300" in shown.getvalue()


def test_a_person_is_seen_where_it_was_drawn(kept: Path) -> None:
    generation = open_generation(keep_people(kept, PLAN, lambda line: None))
    tracks = generation.tracks
    drawn = tracks.shot[tracks.cluster == tracks.clusters().index("p0")]
    found = ask(generation, {"kind": "person", "name": "p0"})
    sure = [hit for hit in found.hits if hit.why.evidence("sure")]
    assert len(sure) == len(np.unique(drawn)) > 20
    assert PERSONS > len(tracks.clusters()) > 500


def test_where_cosines_are_first_estimated_the_same_is_found(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = open_generation(keep_people(kept, PLAN, lambda line: None))
    monkeypatch.setattr(vector_writing, "EXACT_MOST", 0)
    coded = open_generation(keep_people(tmp_path, PLAN, lambda line: None))
    assert plain.track_vectors(PLAN.space.name).is_exact
    assert not coded.track_vectors(PLAN.space.name).is_exact
    for root in (
        {"kind": "person", "name": "p1"},
        {"kind": "person_action", "person": {"name": "p1"}, "action": {"name": "made/action-1"}},
    ):
        exact, rough = (
            {hit.shot: hit.score for hit in ask(each, root).hits} for each in (plain, coded)
        )
        assert rough == pytest.approx(exact, abs=1e-3)  # half precision on the disk
        assert len(exact) > 10
