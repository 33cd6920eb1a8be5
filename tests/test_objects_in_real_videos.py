"""Persons and things in real videos by the real FastestDet: the command line from a folder to hits.

What each clip shows was seen by eye. FastestDet is small (0.28 AP at IoU .5 on COCO), so what it
finds wrongly is stated here too.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
ASL = {f"{sign}.mkv" for sign in ["bird", "book", "eat", "help", "sister", "thanks", "walk", "yes"]}
SEVERAL = {
    *("demo.mp4", "chaplin.mp4", "bird.mkv"),
    *("flipping_a_pancake.mkv", "video_with_failing_audio.mp4"),
}
PERSONS = {
    *(*ASL, *SEVERAL, "one-by-one-person-detection.mp4", "01_dog.mp4", "02_cups.mp4"),
    "nasa_13013.mp4",
}


@pytest.fixture(scope="module")
def collection(shotseek: Run, material: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All real videos, looked at for objects only."""
    folder: Path = tmp_path_factory.mktemp("objects") / "c"
    detector = material / "models" / "FastestDet.onnx"
    flags = ("--encoder", "toy", "--analyzers", "objects", "--detector", detector)
    ran = shotseek("index", material / "videos", *flags, "--collection", folder, "--json")
    assert ran.code == 3, ran.err
    assert [Path(note["path"]).name for note in ran.json["failures"]] == ["zero_bytes.webm"]
    return folder


@pytest.mark.parametrize(
    ("where", "shown", "sought", "precision"),
    [
        ("coco/person>=2", SEVERAL, {"demo.mp4", "chaplin.mp4"}, 5 / 7),
        ("coco/person>=1", PERSONS, PERSONS, 1.0),
        ("coco/dog>=1", {"01_dog.mp4"}, {"01_dog.mp4"}, 1 / 2),
        ("coco/cup>=1", {"02_cups.mp4"}, {"02_cups.mp4"}, 1.0),
        ("coco/car=present", {"car-detection.mp4"}, {"car-detection.mp4"}, 1.0),
    ],
)
def test_clips_are_found_by_what_they_show(
    shotseek: Run,
    collection: Path,
    where: str,
    shown: set[str],
    sought: set[str],
    precision: float,
) -> None:
    found = {hit["video"] for hit in hits(shotseek, collection, where)}
    assert sought <= found
    assert len(found & shown) / len(found) >= precision - 1e-9


def test_the_count_is_what_one_picture_shows(shotseek: Run, collection: Path) -> None:
    for hit in hits(shotseek, collection, "coco/person>=2"):
        assert hit["why"]["count"] >= 2
    alone = {hit["video"] for hit in hits(shotseek, collection, "coco/person=1")}
    assert "sister.mkv" in alone
    assert "chaplin.mp4" not in alone


def test_a_look_five_times_a_second_follows_two_persons(
    shotseek: Run, material: Path, tmp_path: Path
) -> None:
    from analyzers.finding import Label, Track
    from indexer.collection import Collection

    detector = f"{material / 'models' / 'FastestDet.onnx'},score=0.6"
    flags = ("--analyzers", "objects", "--detector", detector, "--object-fps", "5")
    clip = material / "videos" / "moviepy" / "chaplin.mp4"
    ran = shotseek("index", clip, *flags, "--collection", tmp_path / "c", "--json")
    assert ran.code == 0, ran.err
    with Collection.open_(tmp_path / "c") as opened:
        found = list(opened.find_findings(opened.find_video("chaplin.mp4")))
    tracks = {one.id: one for one in found if isinstance(one, Track)}
    labels = [one for one in found if isinstance(one, Label)]
    assert sum(len(one.times_ms) >= 24 for one in tracks.values()) == 2
    assert {one.track for one in labels} == set(tracks)
    assert all(one.score >= 0.6 for one in labels)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--detector", "fastest"), "no folder and no model is named 'fastest'"),
        (("--detector", "none.onnx"), "there is no file none.onnx"),
        (("--detector", "none.onnx,size=3"), "'size' is none of"),
        (("--object-fps", "0"), "object_fps"),
    ],
)
def test_what_cannot_be_used_stops_before_any_work_in_one_line(
    shotseek: Run, material: Path, tmp_path: Path, flags: tuple[str, ...], said: str
) -> None:
    clip = material / "videos" / "moviepy" / "chaplin.mp4"
    ran = shotseek("index", clip, "--analyzers", "objects", *flags, "-c", tmp_path / "c")
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert not (tmp_path / "c").exists()


def hits(shotseek: Run, collection: Path, where: str) -> list[dict[str, Any]]:
    flags = ("--where", where, "--collection", collection, "-k", "500", "--json")
    ran = shotseek("search", *flags)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = ran.json["hits"]
    return found
