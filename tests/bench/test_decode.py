"""The verb `bench decode`: its figures are whole, and documented."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console
from typer.testing import CliRunner

import bench
from analyzers.error import SettingsError
from bench.cli import bench as verbs
from bench.decode import (
    SIZES,
    DecodeFigures,
    Ratio,
    SizeFigures,
    find_sizes,
    judge_ratios,
    make_video,
)
from bench.decode_peer import find_scenes, write_middles, write_sharpest
from bench.machine import describe_machine
from bench.tables import show_decoding

PEERS = ("pyscenedetect", "pyscenedetect_sharpest")
WAYS = ("plain", "scaled", "ours", *PEERS)


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
    assert {way: len(fps) for way, fps in size["rounds"].items()} == dict.fromkeys(WAYS, 2)
    assert size["fps"] == {way: max(fps) for way, fps in size["rounds"].items()}
    for way, judged in size["ratios"].items():
        assert judged["ratio"] == pytest.approx(size["fps"]["ours"] / size["fps"][way], abs=1e-3)
    assert 20 < size["peak_mb"] < 700
    assert all(us > 0 for us in size["cpu_us"].values())


def test_each_ratio_is_judged_by_the_target_of_its_size() -> None:
    fps = {"plain": 1000.0, "scaled": 700.0, "ours": 560.0} | dict.fromkeys(PEERS, 281.0)
    small, large = judge_ratios("360p", fps), judge_ratios("1080p", fps)
    assert small["plain"] == Ratio(0.56, 0.3, "ok")
    assert large["plain"] == Ratio(0.56, 0.6, "missed")
    assert small["scaled"] == Ratio(0.8, 0.9, "missed")
    assert small["pyscenedetect"] == Ratio(1.993, 2.0, "missed")


def find_shown(picture: Path, frames: list[NDArray[np.uint8]]) -> int:
    """The frame (h, w, 3) BGR that a file shows."""
    written = np.asarray(cv2.imread(str(picture)), int)
    return int(np.argmin([np.abs(written - frame).mean() for frame in frames]))


def test_the_peer_writes_a_keyframe_of_each_scene(tmp_path: Path) -> None:
    video = make_video(SIZES["360p"], 9, tmp_path, lambda line: None)
    scenes = find_scenes(video, tmp_path)
    assert [(each.start_s, each.end_s, each.last_frame) for each in scenes] == [
        (0.0, 4.0, 100), (4.0, 8.0, 200), (8.0, 9.0, 225),
    ]  # fmt: skip
    with av.open(str(video)) as container:
        frames = [each.to_ndarray(format="bgr24") for each in container.decode(video=0)]
    pictures = [tmp_path / f"{number}.jpg" for number in range(3)]
    write_middles(video, scenes, tmp_path)
    assert [find_shown(picture, frames) for picture in pictures] == [50, 150, 212]
    write_sharpest(video, scenes, tmp_path)
    shown = [find_shown(picture, frames) for picture in pictures]
    assert [bisect_right([99, 199], frame - 1) for frame in shown] == [0, 1, 2]


def test_sizes_are_named_by_their_height() -> None:
    assert [size.width for size in find_sizes("1080p, 360p")] == [1920, 640]


@pytest.mark.parametrize("names", ["", "480p", "360p,4k"])
def test_an_unknown_size_is_refused_with_the_choices(names: str) -> None:
    with pytest.raises(SettingsError, match="choose from 360p, 720p, 1080p"):
        find_sizes(names)


def test_a_missed_target_shows_in_the_table() -> None:
    fps = {"plain": 900.0, "scaled": 800.0, "ours": 200.0} | dict.fromkeys(PEERS, 50.0)
    ratios = judge_ratios("720p", fps)
    size = SizeFigures("720p", 1280, 720, 9, 2.0, 1, 1, fps, ratios, "missed", 9.0)
    figures = DecodeFigures("now", describe_machine(), {"plain": "as fast"}, (size,), "missed")
    page = StringIO()
    show_decoding(figures, Console(file=page, width=100))
    rows = [line for line in page.getvalue().splitlines() if "720p" in line]
    assert len(rows) == 5
    assert "0.25" in rows[1]
    assert "missed" in rows[1]
    assert "4.00" in rows[3]
    assert "ok" in rows[3]
