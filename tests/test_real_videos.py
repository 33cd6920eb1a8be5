"""Searching real videos, as a user does: the command line from a folder to hits."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Run = Callable[..., Any]
NAMES = (
    "sam2/02_cups.mp4",
    "intel/car-detection.mp4",
    "torchcodec/nasa_13013.mp4",
    "moviepy/chaplin.mp4",
    "moviepy/big_buck_bunny_0_30.webm",
    "pyscenedetect/counter.mp4",
)
SUFFIXES = (".mp4", ".mkv", ".mov", ".webm", ".avi", ".gif")


@pytest.fixture(scope="module")
def collection(shotseek: Run, material: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few real videos without reading their text, which takes most of the time."""
    folder: Path = tmp_path_factory.mktemp("real") / "c"
    files = [material / "videos" / name for name in NAMES]
    flags = ("--encoder", "toy", "--analyzers=-ocr", "--collection", folder, "--json")
    ran = shotseek("index", *files, *flags)
    assert ran.code == 0, ran.err
    return folder


def hits(shotseek: Run, collection: Path, *words: object) -> list[dict[str, Any]]:
    ran = shotseek("search", *words, "--collection", collection, "-k", "500", "--json")
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = ran.json["hits"]
    return found


@pytest.mark.parametrize(
    ("colour", "above", "below"),
    [
        ("white", "02_cups.mp4", "car-detection.mp4"),
        ("black", "nasa_13013.mp4", "02_cups.mp4"),
        ("green", "big_buck_bunny_0_30.webm", "chaplin.mp4"),
    ],
)
def test_colours_rank_by_covered_area(
    shotseek: Run, collection: Path, colour: str, above: str, below: str
) -> None:
    order = [hit["video"] for hit in hits(shotseek, collection, "--where", f"colour={colour}")]
    assert order.index(above) < (order.index(below) if below in order else len(order))


@pytest.mark.parametrize("name", ["02_cups.mp4", "chaplin.mp4", "big_buck_bunny_0_30.webm"])
def test_a_keyframe_as_picture_finds_its_own_shot(
    shotseek: Run, collection: Path, material: Path, tmp_path: Path, name: str
) -> None:
    import av

    shot = shotseek("shots", name, "--collection", collection, "--json").json[-1]
    (path,) = (material / "videos").rglob(name)
    with av.open(str(path)) as container:
        frames = container.decode(video=0)
        frame = next(f for f in frames if round(f.time * 1000) >= shot["keyframes_ms"][0] - 1)
        frame.to_image().save(tmp_path / "query.png")
    found = hits(shotseek, collection, "--image", tmp_path / "query.png")
    own = [h for h in found if (h["video"], h["start_ms"]) == (name, shot["start_ms"])]
    assert own[0]["score"] >= found[0]["score"] - 0.01


def test_text_shown_in_a_video_is_found_to_the_letter(
    shotseek: Run, material: Path, tmp_path: Path
) -> None:
    from PIL import Image

    from bench.videos import write_video

    page = Image.open(material / "images" / "text" / "phototest.tif").convert("RGB")
    page.thumbnail((1280, 720))
    pixels = np.asarray(page.resize((page.width // 2 * 2, page.height // 2 * 2)))
    write_video(tmp_path / "page.mp4", [pixels] * 50)
    exact = " ".join((material / "images" / "text" / "phototest.txt").read_text().split())
    flags = ("--encoder", "toy", "--analyzers", "ocr", "--collection", tmp_path / "c")
    assert shotseek("index", tmp_path / "page.mp4", *flags).code == 0
    found = hits(shotseek, tmp_path / "c", "--where", f'read="{exact}"')
    assert [hit["video"] for hit in found] == ["page.mp4"]
    assert not hits(shotseek, tmp_path / "c", "--where", 'read="quick red fox"')


def test_a_stage_after_another_is_found_in_order(shotseek: Run, collection: Path) -> None:
    found = hits(shotseek, collection, "red", "--then", "green", "--within", "3")
    assert {"counter.mp4", "big_buck_bunny_0_30.webm"} <= {hit["video"] for hit in found}
    for hit in found:
        first, then = (stage["stage"] for stage in hit["why"]["children"])
        assert first["start_ms"] == hit["start_ms"]
        assert 0 <= then["start_ms"] - first["end_ms"] <= 3000


def test_more_like_this_puts_the_moment_itself_first(shotseek: Run, collection: Path) -> None:
    found = hits(shotseek, collection, "--like", "02_cups.mp4@5")
    assert found[0]["video"] == "02_cups.mp4"
    assert found[0]["score"] == pytest.approx(1.0, abs=1e-4)


def test_filters_cut_and_combine(shotseek: Run, collection: Path) -> None:
    early = hits(shotseek, collection, "--where", "time<5", "--where", "video=chaplin.mp4")
    assert {hit["video"] for hit in early} == {"chaplin.mp4"}
    assert all(hit["time_ms"] < 5000 for hit in early)
    wide = {hit["video"] for hit in hits(shotseek, collection, "--where", "width>=1280")}
    assert wide == {"02_cups.mp4", "big_buck_bunny_0_30.webm", "counter.mp4"}


def test_an_unknown_key_is_refused_with_the_nearest(shotseek: Run, collection: Path) -> None:
    ran = shotseek("search", "--where", "colour=wite", "--collection", collection)
    other = shotseek("search", "--where", "subtitel=hello", "--collection", collection)
    assert (ran.code, other.code) == (2, 2)
    assert "white" in ran.err
    assert "subtitle" in other.err


@pytest.mark.slow
def test_every_file_of_the_material_is_indexed_but_the_empty_one(
    shotseek: Run, material: Path, tmp_path: Path
) -> None:
    flags = ("--encoder", "toy", "--analyzers=-ocr", "--collection", tmp_path / "c", "--json")
    first = shotseek("index", material / "videos", *flags)
    started = time.perf_counter()
    again = shotseek("index", material / "videos", *flags)
    took = time.perf_counter() - started
    sound = shotseek("index", material / "videos/torchcodec/nasa_13013.mp4.audio.mp3", *flags)
    files = [path for path in (material / "videos").rglob("*") if path.suffix in SUFFIXES]
    assert first.code == again.code == 3
    assert [Path(note["path"]).name for note in first.json["failures"]] == ["zero_bytes.webm"]
    assert first.json["videos"]["added"] == len(files) - 1
    assert "corrupted.mp4" in {Path(note["path"]).name for note in first.json["warnings"]}
    assert again.json["videos"]["unchanged"] == len(files) - 1
    assert (sound.code, sound.json["videos"]["failed"]) == (4, 1)
    assert took < 4


@pytest.mark.slow
def test_killed_at_ten_moments_the_collection_equals_one_made_in_peace(
    shotseek: Run, material: Path, tmp_path: Path
) -> None:
    videos = material / "videos"
    flags = ("--encoder", "toy", "--analyzers=-ocr", "--collection")
    peace, killed = tmp_path / "peace", tmp_path / "killed"
    total = shotseek("index", videos, *flags, peace, "--json").json["seconds"]["total"]
    chance, alive = random.Random(11), 0
    for _ in range(10):
        process = subprocess.Popen(
            [Path(sys.executable).with_name("shotseek"), "index", videos, *flags, killed],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1 + chance.uniform(0, total / 6))
        alive += process.poll() is None
        process.kill()
        process.wait()
    assert shotseek("index", videos, *flags, killed).code == 3
    assert alive >= 5
    assert told(peace) == told(killed)
    assert not shotseek("check", "--collection", killed, "--json").json["problems"]


def told(folder: Path) -> dict[str, list[str]]:
    """All that a collection holds of each video: shots, keyframes, findings, in words."""
    from indexer.collection import Collection

    with Collection.open_(folder) as collection, np.printoptions(precision=3, suppress=True):
        catalog = collection.catalog
        return {
            video.path: [
                *map(repr, catalog.find_shots(video)),
                *map(repr, catalog.find_keyframes(video)),
                *sorted(map(repr, collection.find_findings(video))),
            ]
            for video in catalog.find_videos()
        }
