"""Simulated users before several engines, in memory."""

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.evaluate.hits import Hit
from bench.quality.dataset import Dataset, Tasks
from bench.quality.ranker import Chance
from bench.quality.task import LEAST_MS
from bench.quality.world_tasks import CAPTIONS, WorldTasks
from bench.tables import show_users
from bench.users.trial import NEAR, Contestant, RankedShots, UserFigures, list_tasks, try_engines
from bench.world.truth import Truth
from tests.bench.quality.word_ranker import WordRanker


@pytest.fixture(scope="module")
def data(films: Sequence[Truth]) -> Dataset:
    world = WorldTasks(films, 3)
    texts = {caption: world.known_by_text(40, caption) for caption in CAPTIONS}
    return Dataset("in memory", Path("nowhere"), Tasks(texts, (), (), world.topics(20)))


@pytest.fixture(scope="module")
def figures(data: Dataset, films: Sequence[Truth]) -> UserFigures:
    engine = WordRanker(films)
    contestants = [
        Contestant("ours", "words", engine),
        Contestant("chance", "blind", Chance(engine.spans)),
    ]
    return try_engines(data, engine.spans, contestants)


def test_users_are_told_vague_captions_first(data: Dataset) -> None:
    known, topics = list_tasks(data.tasks)
    by_text = data.tasks.known_by_text
    assert len(known) == 40
    assert known[0].captions == tuple(by_text[k][0].text for k in ("terse", "novice", "expert"))
    assert known[0].goal == by_text["terse"][0].goals[0]
    assert {task.least_ms for task in (*known, *topics)} == {LEAST_MS}
    assert topics[0].captions == (data.tasks.topics[0].text,)


def test_captions_of_ones_own_are_told_too(data: Dataset) -> None:
    own = Tasks({"own": data.tasks.known_by_text["terse"]})
    known, topics = list_tasks(own)
    assert known[3].captions == (own.known_by_text["own"][3].text,)
    assert not topics


def test_what_lies_around_a_hit_is_shown_in_order(films: Sequence[Truth]) -> None:
    engine = WordRanker(films)
    shots = RankedShots(engine, engine.spans[::-1])
    video = [span for span in engine.spans if span.video == films[1].id]
    at = 2 * NEAR
    hit = Hit(video[at].video, video[at].start_ms, video[at].end_ms)
    near = [span.start_ms for span in shots.neighbours(hit)]
    expected = video[at - NEAR : at] + video[at + 1 : at + NEAR + 1]
    assert near == [span.start_ms for span in expected]
    assert len(shots.neighbours(Hit(video[0].video, 0, video[0].end_ms))) == NEAR
    assert shots.neighbours(Hit("elsewhere", 0, 9)) == []


def test_a_better_engine_serves_the_same_users_better(figures: UserFigures) -> None:
    ours, chance = figures.engines["ours"], figures.engines["chance"]
    assert ours.known_gain is None
    assert chance.known_gain is not None
    assert chance.known_gain.low > 0
    assert ours.known.seconds.value < chance.known.seconds.value
    assert ours.ad_hoc is not None
    assert ours.ad_hoc.n == 20


def test_the_figures_are_json_and_a_table(figures: UserFigures) -> None:
    told = json.loads(json.dumps(figures.to_json(), allow_nan=False))
    assert told["bench"] == "users"
    assert set(told["engines"]["ours"]) == {"says", "known", "ad_hoc", "known_gain", "ad_hoc_gain"}
    assert told["engines"]["chance"]["known"]["n"] == 40
    page = StringIO()
    show_users(figures, Console(file=page, width=160))
    assert "Ad-hoc topics" in page.getvalue()
    assert "blind" in page.getvalue()


def test_without_topics_only_known_items_are_sought(data: Dataset, films: Sequence[Truth]) -> None:
    engine = WordRanker(films)
    few = Dataset("few", Path("nowhere"), Tasks({"own": data.tasks.known_by_text["terse"][:2]}))
    figures = try_engines(few, engine.spans, [Contestant("ours", "words", engine)])
    assert figures.engines["ours"].ad_hoc is None
    page = StringIO()
    show_users(figures, Console(file=page, width=160))
    assert "Ad-hoc" not in page.getvalue()
