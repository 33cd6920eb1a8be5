"""A whole run in memory: its object, its tables, its plots, and what is kept of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from analyzers.error import SettingsError
from bench.quality.comparison import compare_scores, read_scores, write_scores
from bench.quality.dataset import Dataset, Tasks
from bench.quality.figures import Baseline, QualityFigures
from bench.quality.judging import set_targets
from bench.quality.measuring import judge_known, put
from bench.quality.plots import draw_plots
from bench.quality.ranker import Ranker
from bench.quality.run import QualityRun
from bench.quality.tables import show_quality
from bench.quality.world_tasks import CAPTIONS, WorldTasks
from bench.world.truth import Truth
from tests.bench.quality.word_ranker import WordRanker

KINDS = ["tkis/expert", "tkis/novice", "tkis/terse", "temporal/single", "temporal/then", "avs"]


@pytest.fixture(scope="module")
def data(films: Sequence[Truth]) -> Dataset:
    world = WorldTasks(films, 3)
    texts = {caption: world.known_by_text(30, caption) for caption in CAPTIONS}
    tasks = Tasks(texts, (), world.pairs(30), world.topics(30))
    return Dataset("in memory", Path("nowhere"), tasks, tuple(films), {"making": 1.0})


def measure(data: Dataset, ranker: Ranker, engine: WordRanker) -> QualityFigures:
    figures = QualityRun(data, ranker).measure("words", engine.spans)
    known = {k: judge_known(put(some, engine)) for k, some in data.tasks.known_by_text.items()}
    baselines = (Baseline("oracle", "itself", known),)
    return replace(
        figures, baselines=baselines, targets=tuple(set_targets(figures, list(baselines)))
    )


@pytest.fixture(scope="module")
def figures(data: Dataset, films: Sequence[Truth]) -> QualityFigures:
    engine = WordRanker(films)
    return measure(data, engine, engine)


def test_the_object_has_the_promised_keys(figures: QualityFigures) -> None:
    told = json.loads(json.dumps(figures.to_json(), allow_nan=False))
    known = {"n", "recall@1", "recall@10", "recall@100", "median_rank", "mrr"}
    assert set(told["tkis"]) == {"expert", "novice", "terse"}
    assert set(told["tkis"]["expert"]) == set(told["vkis"]) == known
    assert set(told["temporal"]["single"]) == set(told["temporal"]["then"]) == known
    assert set(told["avs"]) == {"n", "map", "recall@100"}
    shots = {"n", "precision", "recall", "f1"}
    assert set(told["shots"]["cuts"]) == set(told["shots"]["gradual"]) == shots
    assert told["bench"] == "quality"
    assert set(told["baselines"]["oracle"]) == {"says", "expert", "novice", "terse"}


def test_an_engine_that_is_its_own_oracle_reaches_the_targets(figures: QualityFigures) -> None:
    assert [each.verdict for each in figures.targets] == ["ok"] * 4
    assert figures.verdict == "ok"
    assert figures.targets[2].reached == 1


def test_a_dim_engine_misses_the_targets(data: Dataset, films: Sequence[Truth]) -> None:
    poor = measure(data, WordRanker(films, 1.0), WordRanker(films))
    assert [each.verdict for each in poor.targets[:3]] == ["missed"] * 3
    assert poor.verdict == poor.to_json()["verdict"] == "missed"


def test_the_tables_show_what_was_measured(figures: QualityFigures) -> None:
    page = StringIO()
    show_quality(figures, Console(file=page, width=140))
    text = page.getvalue()
    row = next(line for line in text.splitlines() if "expert caption " in line)
    assert f"{figures.known_by_text['expert'].mrr:.3f}" in row
    assert "a picture" not in text  # no such task
    for part in ("oracle", "cuts", "gradual", "a pair, by then", "MAP", ">= 0.75", "in memory"):
        assert part in text


def test_two_plots_are_drawn(figures: QualityFigures, tmp_path: Path) -> None:
    files = draw_plots(figures, tmp_path / "plots")
    assert [file.name for file in files] == ["recall.png", "baselines.png"]
    for file in files:
        with Image.open(file) as picture:
            assert picture.width > 800
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 20


def test_a_later_run_is_compared_with_what_was_kept(
    data: Dataset, films: Sequence[Truth], figures: QualityFigures, tmp_path: Path
) -> None:
    write_scores(tmp_path / "kept" / "scores.json", figures)
    kept = read_scores(tmp_path / "kept" / "scores.json")
    assert kept == figures.scores
    assert list(kept) == KINDS
    dim = QualityRun(data, WordRanker(films, 0.3)).measure("words")
    gains = compare_scores(dim.scores, kept)
    assert list(gains) == KINDS
    assert all(gain.high < 0 for gain in gains.values())
    some = {"avs": {**dict(list(kept["avs"].items())[:5]), "avs:another": 1.0}}
    assert compare_scores(some, kept)["avs"].value == 0
    page = StringIO()
    show_quality(replace(dim, gains=gains), Console(file=page, width=140))
    assert "over the earlier run, clear" in page.getvalue()


def test_runs_of_other_tasks_are_not_compared(figures: QualityFigures, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no task in common"):
        compare_scores(figures.scores, {"avs": {"avs:unheard of": 1.0}})
    (tmp_path / "scores.json").write_text('{"scores": {"avs": 3}}', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"scores\.json: no scores as --keep writes them"):
        read_scores(tmp_path / "scores.json")
