"""The verbs of `bench`: their objects have the documented keys, their tables say what was found."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import bench
from analyzers.error import SettingsError
from bench.cli import bench as verbs
from bench.shots import judge_scores


def run(*words: object) -> str:
    line = [str(word) for word in words]
    done = CliRunner().invoke(verbs, line, catch_exceptions=False, env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    return done.stdout


def find_documented() -> dict[str, Any]:
    """The objects that the pages show, by verb."""
    pages = ("FIGURES.md", "quality/README.md", "people/README.md")
    page = "".join((Path(bench.__file__).parent / name).read_text("utf-8") for name in pages)
    shown = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    return {each["bench"]: each for each in shown}


def test_every_verb_is_documented_and_every_documented_verb_is_there() -> None:
    page = Path(bench.__file__).with_name("README.md").read_text(encoding="utf-8")
    names = {command.name or command.callback.__name__ for command in verbs.registered_commands}  # type: ignore[union-attr]
    names |= {str(group.name) for group in verbs.registered_groups}
    assert set(re.findall(r"shotseek bench (\w+)", page)) == names
    measuring = names - {"screens", "world", "train"}
    assert set(find_documented()) >= measuring - {"memory"}


def test_the_logs_of_another_tool_give_the_published_figures(material: Path) -> None:
    told = json.loads(run("replay", material / "cvhunter", "--json"))
    assert told["text_queries"] == 129
    assert told["median_rank"] == [730, 1154]
    assert set(told) == set(find_documented()["replay"])
    table = run("replay", material / "cvhunter")
    for part in ("10.97", "38.27", "-0.42", "-0.39", "5214 > 955 > 194 > 43 > 19", "9437 > -"):
        assert part in table


def test_the_scores_of_another_detector_give_the_published_figure(
    material: Path, tmp_path: Path
) -> None:
    out = tmp_path / "shots.json"
    told = json.loads(run("shots", "--scores", material / "shots", "--json", "--out", out))
    assert told == json.loads(out.read_text(encoding="utf-8"))
    assert told["found"]["scores above 0.296"]["all"]["f1"] == pytest.approx(0.84, abs=0.005)
    assert told["targets"][0]["verdict"] == "ok"
    assert set(told) == set(find_documented()["shots"])
    assert set(told["found"]["scores above 0.296"]["cuts"]) == {"n", "precision", "recall", "f1"}
    assert "target 0.84 +- 0.005: ok" in run("shots", "--scores", material / "shots")
    other = json.loads(run("shots", "--scores", material / "shots", "--threshold", "0.9", "--json"))
    assert other["targets"] == []


def test_scores_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"autoshot_scores\.npz: .*No such file"):
        judge_scores(tmp_path)


def test_speed_prints_the_documented_object(tmp_path: Path) -> None:
    few = ("--keyframes", "1000", "--rounds", "1", "--load-s", "0.1", "--no-peers")
    told = json.loads(run("speed", *few, "--folder", tmp_path, "--json"))
    documented = find_documented()["speed"]
    assert set(told) == set(documented)
    assert set(told["rows"][0]) == set(documented["rows"][0])
    assert set(told["load"]["1000"]) == set(documented["load"]["250000"])


def test_a_collection_of_ones_own_is_judged_by_its_annotations(
    shotseek: Callable[..., Any], plain_videos: Path, tmp_path: Path
) -> None:
    mine, right = tmp_path / "mine", tmp_path / "right.csv"
    index = shotseek(
        "index", plain_videos, "-c", mine, "--encoder", "toy", "--analyzers", "embed",
        "--shots", "fixed:1.6",
    )  # fmt: skip
    assert index.code == 0, index.err
    right.write_text(
        "video,start_ms,end_ms,kind,text\n"
        "red-green.mp4,0,1600,known,red\n"
        "blue-white.mp4,0,1600,known,blue\n"
        "red-green.mp4,1600,3200,topic,green\n"
        "green.mp4,0,1600,topic,green\n",
        encoding="utf-8",
    )
    words = ("quality", "--collection", mine, "--annotations", right)
    told = json.loads(run(*words, "--json"))
    assert told["tkis"]["own"]["recall@1"] == 1
    assert told["avs"]["map"] == 1
    assert told["dataset"] == {"name": "mine", "films": 0, "shots": 5, "space": "toy"}
    assert (told["shots"], told["targets"]) == (None, [])
    assert set(told) == set(find_documented()["quality"])
    assert "own caption" in run(*words)
    with pytest.raises(SettingsError, match="the collection has no space of the encoder tow"):
        run(*words, "--encoder", "tow")


def test_half_of_ones_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="go together"):
        run("quality", "--collection", tmp_path)
