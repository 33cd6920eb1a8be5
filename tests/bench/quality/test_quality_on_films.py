"""The verbs `bench quality`, `users` and `shots` on two films, through the real index."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.cli import bench as verbs
from bench.quality import judging
from bench.quality.judging import Amount

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    folder = tmp_path_factory.mktemp("films")

    def run(*words: object) -> Any:
        line = [str(word) for word in words]
        places = ["--folder", str(folder), "--json"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(judging, "QUICK", Amount(films=2, tasks=8))
            done = CliRunner().invoke(verbs, [*line, *places], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


def test_the_made_world_is_searched_through_the_product(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    kept = tmp_path / "scores.json"
    words = ("quality", "--quick", "--encoder", "toy", "--keep", kept)
    told = ask(*words, "--plots", tmp_path / "plots", "--trec", tmp_path / "trec")
    assert [told["tkis"][kind]["n"] for kind in ("expert", "novice", "terse")] == [8, 8, 8]
    assert told["vkis"]["n"] == told["temporal"]["then"]["n"] == told["avs"]["n"] == 8
    assert told["vkis"]["recall@10"] > 0.7  # a frame of the very film, even for colours alone
    assert told["shots"]["cuts"]["f1"] > 0.8
    assert told["baselines"]["oracle"]["expert"]["recall@10"] > 0.9
    assert {"chance", "only place", "only colours"} <= set(told["baselines"])
    assert "toy" not in told["baselines"]  # it is the one that is judged
    assert len(list((tmp_path / "plots").glob("*.png"))) == 2
    assert (tmp_path / "trec" / "vkis.qrels").exists()
    again = ask(*words, "--against", kept)
    assert {kind: gain["value"] for kind, gain in again["gains"].items()} == dict.fromkeys(
        json.loads(kept.read_text(encoding="utf-8"))["scores"], 0
    )


def test_users_search_the_same_films(ask: Callable[..., Any]) -> None:
    told = ask("users", "--quick", "--encoder", "toy")
    assert list(told["engines"]) == ["shotseek", "chance"]
    assert told["engines"]["shotseek"]["known"]["n"] == 8


def test_segmenters_are_judged_without_models(ask: Callable[..., Any]) -> None:
    told = ask("shots", "--films", 2, "--segmenter", "adaptive, fixed:2")
    assert told["found"]["adaptive"]["cuts"]["f1"] > 0.8
    assert told["found"]["fixed:2"]["all"]["f1"] < 0.5
    assert set(told["seconds"]) == {"making", "adaptive", "fixed:2"}
