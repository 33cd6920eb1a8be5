"""The verb `bench decode`: its figures are whole, and documented."""

import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

import bench
from analyzers.error import SettingsError
from bench.cli import bench as verbs
from bench.decode import DecodeFigures, SizeFigures, find_sizes
from bench.machine import describe_machine
from bench.tables import show_decoding


def find_documented() -> dict[str, Any]:
    page = Path(bench.__file__).with_name("FIGURES.md").read_text(encoding="utf-8")
    example: dict[str, Any] = json.loads(page.split("```json")[1].split("```")[0])
    return example


def list_keys(value: object, *, at: str = "") -> set[str]:
    if isinstance(value, Mapping):
        below = [list_keys(each, at=f"{at}.{key}") for key, each in value.items()]
        return {f"{at}.{key}" for key in value}.union(*below)
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return list_keys(value[0], at=at)
    return set()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("bench")
    words = ["decode", "--json", "--seconds", "8", "--sizes", "360p", "--rounds", "2"]
    out = folder / "results" / "decode.json"
    places = ["--folder", str(folder / "videos"), "--out", str(out)]
    result = CliRunner().invoke(verbs, [*words, *places], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout, out


def test_the_json_has_the_documented_keys(told: tuple[str, Path]) -> None:
    assert list_keys(json.loads(told[0])) == list_keys(find_documented())


def test_the_file_holds_what_was_printed(told: tuple[str, Path]) -> None:
    assert json.loads(told[1].read_text(encoding="utf-8")) == json.loads(told[0])


def test_the_figures_fit_together(told: tuple[str, Path]) -> None:
    size = json.loads(told[0])["sizes"][0]
    assert (size["frames"], size["shots_made"], size["shots_found"]) == (200, 2, 2)
    assert [len(size["rounds"][way]) for way in ("plain", "scaled", "ours")] == [2, 2, 2]
    assert size["scaled_fps"] == max(size["rounds"]["scaled"])
    assert size["ratio"] == pytest.approx(size["ours_fps"] / size["scaled_fps"], abs=1e-3)
    assert (size["verdict"] == "ok") is (size["ratio"] >= size["target"])
    assert 20 < size["peak_mb"] < 700


def test_sizes_are_named_by_their_height() -> None:
    assert [size.width for size in find_sizes("1080p, 360p")] == [1920, 640]


@pytest.mark.parametrize("names", ["", "480p", "360p,4k"])
def test_an_unknown_size_is_refused_with_the_choices(names: str) -> None:
    with pytest.raises(SettingsError, match="choose from 360p, 720p, 1080p"):
        find_sizes(names)


def test_a_missed_target_shows_in_the_table() -> None:
    size = SizeFigures(
        "720p", 1280, 720, 9, 2.0, 1, 1, 900.0, 800.0, 200.0, 0.25, 0.45, "missed", 9.0
    )
    figures = DecodeFigures("now", describe_machine(), {"plain": "as fast"}, (size,), "missed")
    page = StringIO()
    show_decoding(figures, Console(file=page, width=100))
    row = next(line for line in page.getvalue().splitlines() if "720p" in line)
    assert "0.25" in row
    assert "missed" in row
