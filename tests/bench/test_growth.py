"""A collection grows while it is searched: the base is real, mixed answers are seen as such."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import bench.growth.run as run
from bench.growth.base import COLLECTION, FILMS, Base, copy_base, id_of, keep_base
from bench.growth.checking import Checker, Mixed
from bench.growth.figures import GrowthFigures, Times, sum_up
from bench.growth.films import keep_films, title_film
from bench.growth.ledger import Ledger, Stay, find_delays, find_mixed
from bench.growth.run import GrowthRun, measure_growth
from bench.growth.tables import show_growth
from bench.growth.watching import OTHERS, Asking, Sighting, Watched
from bench.origin import find_origin
from indexer.collection import Collection
from indexer.generations.opening import open_generation
from search.api.current import CurrentEngine
from search.api.settings import ServeSettings
from search.api.shelf import Shelf
from search.hits import SearchResult, Why
from search.options import SearchOptions

BASE = Base(600, seed=3)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_base(tmp_path_factory.mktemp("growth"), BASE, lambda line: None)


@pytest.fixture
def collection(place: Path, tmp_path: Path) -> Iterator[Collection]:
    with Collection.open_(copy_base(place, tmp_path / "c")) as opened:
        yield opened


@pytest.fixture
def current(collection: Collection) -> CurrentEngine:
    settings = ServeSettings(device="cpu")
    return CurrentEngine(collection.folder, settings, lambda name: b"", Shelf(collection, ()))


# The base


def test_the_base_is_a_sound_collection_of_the_asked_size(place: Path) -> None:
    with Collection.open_(place / COLLECTION) as collection:
        assert collection.check() == []
        counts = collection.catalog.counts()
        assert (counts.videos, counts.shots) == (BASE.shape.videos, BASE.shape.shots)
        assert counts.keyframes == BASE.shape.rows == 600
        generation = open_generation(collection.folder)
        assert generation.revision == collection.revision
    assert len(generation.rows) == 600
    vectors = generation.spaces["toy"].index.get_vectors(generation.rows.shot)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert len(list((place / FILMS).iterdir())) == BASE.shape.videos


def test_a_copy_changes_nothing_in_the_base(place: Path, collection: Collection) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    ledger = Ledger(collection)
    (video, *_) = collection.catalog.find_videos()
    collection.remove_video(video)
    ledger.remove([])
    assert len(open_generation(collection.folder).videos) == BASE.shape.videos - 1
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


# What is asked


def test_true_answers_are_neither_failed_nor_mixed(current: CurrentEngine) -> None:
    asking = Asking(current, BASE)
    asking.ask_all()
    asking.ask_all()
    assert (asking.watched.failed, asking.watched.mixed) == ([], [])
    assert asking.watched.answers == len(asking.watched.times_ms) == 4 * len(OTHERS)
    (sighting,) = asking.watched.sightings
    assert sighting.films == frozenset()
    told = asking.watched.to_json()
    assert Watched.from_json(json.loads(json.dumps(told))).to_json() == told


def test_an_answer_that_fails_is_counted(current: CurrentEngine) -> None:
    broken = SimpleNamespace(edition=lambda: 1 / 0)
    asking = Asking(broken, BASE)  # type: ignore[arg-type]
    asking.ask_all()
    assert len(asking.watched.failed) == asking.watched.answers == 2 * len(OTHERS)
    assert "ZeroDivisionError" in asking.watched.failed[0]


def test_a_generation_that_changes_its_mind_is_mixed(current: CurrentEngine) -> None:
    asking, edition = Asking(current, BASE), current.edition()
    asking._sight(edition, frozenset({1}), 0.0)
    asking._sight(edition, frozenset({1}), 0.0)
    with pytest.raises(Mixed, match="finds other films than before"):
        asking._sight(edition, frozenset({1, 2}), 0.0)


@pytest.fixture
def answer(current: CurrentEngine) -> SearchResult:
    return current.get().search(OTHERS["a text"], SearchOptions(k=20))


def change(answer: SearchResult, place: int = 0, **fields: Any) -> SearchResult:
    hits = list(answer.hits)
    hits[place] = hits[place].model_copy(update=fields)
    return answer.model_copy(update={"hits": tuple(hits)})


def move(answer: SearchResult, field: str, by: int) -> SearchResult:
    return change(answer, **{field: getattr(answer.hits[0], field) + by})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda a: change(a, video="base-000999.mp4"), "has the id"),
        (lambda a: change(a, video_id=id_of(int(a.hits[0].video_id, 16) ^ 1)), "has the id"),
        (lambda a: move(a, "start_ms", 1), "has no shot from"),
        (lambda a: move(a, "end_ms", 1), "has no shot from"),
        (lambda a: move(a, "time_ms", 1), "has no moment"),
        (lambda a: move(a, "time_ms", 3312 * 1000), "has no moment"),
        (lambda a: change(a, rank=2), "ranks"),
        (lambda a: change(a, 1, score=a.hits[0].score + 0.1), "scores rise"),
        (lambda a: change(a, 1, shot=a.hits[0].shot), "a shot was found twice"),
        (lambda a: change(a, score=a.hits[0].score + 0.1), "scored 0"),
    ],
)
def test_a_mixed_answer_is_seen(
    answer: SearchResult, spoil: Callable[[SearchResult], SearchResult], said: str
) -> None:
    checker = Checker(BASE)
    checker.check("it", answer, same_scores=True)
    with pytest.raises(Mixed, match=said):
        checker.check("it", spoil(answer), same_scores=True)


def found_film(name: str, title: str) -> Any:
    why = Why.model_validate({"kind": "words", "score": 0.5, "found": title})
    return SimpleNamespace(video=name, why=why)


def test_films_are_known_by_their_titles() -> None:
    films = [found_film(f"fresh-00000{n}.mp4", title_film(n)) for n in range(3)]
    checker = Checker(BASE)
    assert checker.find_films(SimpleNamespace(hits=films)) == {0, 1, 2}  # type: ignore[arg-type]
    wrong = [*films, found_film("fresh-000003.mp4", title_film(4))]
    with pytest.raises(Mixed, match="was found by the title"):
        checker.find_films(SimpleNamespace(hits=wrong))  # type: ignore[arg-type]
    with pytest.raises(Mixed, match="found twice"):
        checker.find_films(SimpleNamespace(hits=films * 2))  # type: ignore[arg-type]


# What had to be found


STAYS = [Stay(1, 10, 100.0), Stay(2, 11, 101.0, removed=14), Stay(2, 16, 106.0)]


def sight(revision: int, *films: int, answered: float = 0.0) -> Sighting:
    return Sighting(f"of {revision}", revision, answered, frozenset(films))


def test_a_generation_must_find_what_was_there_at_its_revision() -> None:
    right = [sight(9), sight(10, 1), sight(13, 1, 2), sight(14, 1), sight(16, 1, 2)]
    assert find_mixed(STAYS, right) == []
    assert find_mixed(STAYS, [sight(14, 1, 2)]) == ["of 14 finds 1 films too many, 0 too few"]
    assert find_mixed(STAYS, [sight(11, 2)]) == ["of 11 finds 0 films too many, 1 too few"]


def test_a_delay_is_from_the_commit_to_the_first_answer_with_it() -> None:
    seen = [sight(9, answered=99), sight(13, 1, 2, answered=103), sight(14, 1, answered=104)]
    assert find_delays(STAYS, seen) == [3.0, 2.0]
    assert find_delays(STAYS, [*seen, sight(16, 1, 2, answered=107.5)]) == [3.0, 2.0, 1.5]


def test_a_moment_that_no_film_has_is_mixed() -> None:
    fact = ("fresh-000001.mp4", "ab", 0, 800, 400)
    watched = Watched(answers=2, times_ms=[1.0, 3.0], sightings=[sight(9), sight(10, 1)])
    watched.seen.add(fact)
    phase = sum_up(watched, STAYS[:1], {fact}, 1.0)
    assert (phase.added, phase.mixed, phase.answer_p50_ms) == (1, 0, 2.0)
    phase = sum_up(watched, STAYS[:1], set(), 1.0)
    assert (phase.mixed, phase.reasons) == (1, ("fresh-000001.mp4 never had ('ab', 0, 800, 400)",))


# A whole run


@pytest.mark.slow
def test_films_are_found_while_they_are_added_and_no_longer_when_removed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SETTLE_S", 4.0)
    monkeypatch.setattr(run, "MOST_PRESENT", 1)
    asked = GrowthRun(BASE.keyframes, films=2, rounds=1, load_s=0.1, seed=BASE.seed)
    figures = measure_growth(place.parent, asked, lambda line: None)
    assert figures.videos == BASE.shape.videos
    assert (len(figures.times.alone_s), len(figures.times.added_s)) == (1, 1)
    for phase in figures.phases.values():
        assert (phase.failed, phase.mixed, phase.reasons) == (0, 0, ())
        assert phase.added == 2
        assert phase.answers > 8
        assert 0 < phase.delay_p50_s <= phase.delay_max_s
    assert figures.load is not None
    assert (figures.adding.removed, figures.load.removed) == (0, 1)
    assert figures.adding.found == 2
    assert figures.load.found in (1, 2), "what goes as soon as it came need not be seen"


@pytest.fixture
def figures() -> GrowthFigures:
    seen = [sight(9), sight(13, 1, 2, answered=103.0), sight(16, 1, 2, answered=107.5)]
    watched = Watched(answers=3, times_ms=[1.0, 2.0, 6.0], sightings=seen)
    phase = sum_up(watched, STAYS, set(), 12.0)
    times = Times((10.0, 8.0), (9.0, 11.0))
    return GrowthFigures(4, 600, 2, 1.6, times, phase, phase, find_origin())


def test_the_figures_are_judged(figures: GrowthFigures) -> None:
    told = figures.to_json()
    assert json.loads(json.dumps(told)) == told
    assert told["times"]["ratio"] == 1.125
    assert [each["reached"] for each in told["targets"]] == [1.125, 3.0, 0, 0]
    assert told["verdict"] == "ok"
    slow = replace(figures, load=replace(figures.adding, delay_max_s=5.1, mixed=1))
    assert [each.verdict for each in slow.targets] == ["ok", "missed", "ok", "missed"]
    assert slow.to_json()["verdict"] == "missed"


def test_the_figures_are_shown(figures: GrowthFigures) -> None:
    page = StringIO()
    show_growth(figures, Console(file=page, width=100))
    for part in ("Indexing 2 films", "mixed answers", "from commit to found, p95 s", "load"):
        assert part in page.getvalue()


def test_films_are_all_different(tmp_path: Path) -> None:
    films = keep_films(tmp_path, 3, lambda line: None)
    assert len({film.read_bytes() for film in films}) == 3
    assert keep_films(tmp_path, 2, pytest.fail) == films[:2]
