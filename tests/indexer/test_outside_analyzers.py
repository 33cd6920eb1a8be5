"""Analyzers of another package, installed by entry point, with no change to tables or engine."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.finding import Embedding, Finding, Label, Measure, Relation, Track, Words
from indexer.collection import Collection

Run = Callable[..., Any]
WITNESS = Path(__file__).parents[1] / "witness"
ALL = "witness,witness-echo,witness-scenes,witness-video,witness-collection"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the outside package is installed."""
    source = shutil.copytree(WITNESS, tmp_path_factory.mktemp("source") / "witness")
    target = tmp_path_factory.mktemp("site")
    words = ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([sys.executable, "-m", *words, "--target", target, source], check=True)
    return {"PYTHONPATH": str(target)}


Index = Callable[..., Any]


@pytest.fixture(scope="module")
def index(shotseek: Run, plain_videos: Path, installed: dict[str, str]) -> Index:
    def run(collection: Path, analyzers: str = ALL) -> Any:
        words = ("--encoder", "toy", "--analyzers", analyzers, "--collection", collection)
        ran = shotseek("index", plain_videos, *words, "--json", env=installed)
        assert ran.code == 0, ran.err + ran.out
        return ran.json

    return run


@pytest.fixture(scope="module")
def collection(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """With all of them run; tests only read it."""
    folder = tmp_path_factory.mktemp("all") / "c"
    index(folder)
    with Collection.open_(folder) as collection:
        yield collection


def measures(collection: Collection, video: str, name: str) -> list[float]:
    found = collection.find_findings(collection.find_video(video))
    return [each.value for each in found if isinstance(each, Measure) and each.name == name]


def test_one_pass_shows_frames_and_sound_of_every_shot(collection: Collection) -> None:
    video = collection.find_video("blue-white.mp4")
    shots = collection.catalog.find_shots(video)
    assert measures(collection, video.name, "frames_shown") == [8.0, 8.0]  # 1.6 s at 5 per second
    expected = [(shot.end_ms - shot.start_ms) * 16 for shot in shots]
    heard = measures(collection, video.name, "sound_samples")
    assert heard[0] == pytest.approx(expected[0], abs=16)
    assert measures(collection, video.name, "loudness")[0] == pytest.approx(0.5 / 2**0.5, abs=0.03)
    assert measures(collection, "green.mp4", "sound_samples") == [0.0]


def test_all_six_kinds_are_read_back_equal(collection: Collection) -> None:
    video = collection.find_video("red-green.mp4")
    shot = collection.catalog.find_shots(video)[1]
    found = [
        each
        for each in collection.find_findings(video, ["witness"])
        if each.start_ms == shot.start_ms
    ]
    by_kind: dict[type, Finding] = {type(each): each for each in found}
    assert set(by_kind) == {Embedding, Words, Label, Measure, Track, Relation}
    embedding, track, label = by_kind[Embedding], by_kind[Track], by_kind[Label]
    assert isinstance(embedding, Embedding)
    assert isinstance(track, Track)
    assert isinstance(label, Label)
    vector = np.array([1, shot.start_ms, shot.end_ms, len(track.times_ms)], np.float32)
    assert np.array_equal(embedding.vector, vector / np.linalg.norm(vector))
    assert embedding.box == label.box == (0.25, 0.25, 0.75, 0.75)
    assert embedding.track == label.track == track.id == f"t{shot.start_ms}"
    assert np.all((track.times_ms >= shot.start_ms) & (track.times_ms < shot.end_ms))
    assert track.boxes.shape == (len(track.times_ms), 4)
    assert track.landmarks is not None
    assert track.landmarks.shape == (len(track.times_ms), 2, 2)
    assert sorted((collection.folder / "tracks" / "witness").glob("*.parquet"))


def test_an_analyzer_is_handed_what_it_needs(collection: Collection) -> None:
    assert measures(collection, "red-green.mp4", "echoed") == [8.0, 8.0]
    assert measures(collection, "red-green.mp4", "witnessed_in_video") == [16.0]


def test_scopes_of_scene_video_and_collection(collection: Collection) -> None:
    assert measures(collection, "red-green.mp4", "shots_in_scene") == [2.0]
    assert measures(collection, "red-green.mp4", "keyframes_shown") == [2.0]
    assert measures(collection, "red-green.mp4", "video_frames_shown") == [7.0]
    assert measures(collection, "blue-white.mp4", "video_sound_samples")[0] > 3.0 * 8_000
    places = [
        measures(collection, f"{name}.mp4", "place_by_length")[0]
        for name in ("blue-white", "red-green", "green")
    ]
    assert sorted(places) == [1.0, 2.0, 3.0]
    assert places[2] == 3.0
    assert measures(collection, "green.mp4", "witnessed_for_collection") == [8.0]


def test_measures_of_outside_analyzers_can_be_filtered(
    shotseek: Run, collection: Collection
) -> None:
    hits = shotseek(
        "search", "--where", "place_by_length>=3", "--collection", collection.folder, "--json"
    ).json["hits"]
    assert [hit["video"] for hit in hits] == ["green.mp4"]


def test_adding_one_that_needs_another_runs_only_that(index: Index, tmp_path: Path) -> None:
    index(tmp_path / "c", "witness")
    later = index(tmp_path / "c", "witness,witness-echo,witness-video,witness-collection")
    again = index(tmp_path / "c", "witness,witness-echo,witness-video,witness-collection")
    more = index(tmp_path / "c")
    ran = {"witness-echo", "witness-video", "witness-collection"}
    assert set(later["seconds"]["analyzers"]) == ran
    assert not again["seconds"]["analyzers"]
    assert set(more["seconds"]["analyzers"]) == {"witness-scenes"}


def test_what_is_added_later_equals_what_is_found_at_once(
    index: Index, collection: Collection, tmp_path: Path
) -> None:
    one = collection
    index(tmp_path / "later", "none")
    index(tmp_path / "later")
    with Collection.open_(tmp_path / "later") as two:
        for name in ("red-green.mp4", "blue-white.mp4", "green.mp4"):
            first, second = (
                sorted(map(told, c.find_findings(c.find_video(name)))) for c in (one, two)
            )
            assert first == second


def test_removing_the_video_removes_all_of_it(
    shotseek: Run, collection: Collection, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(collection.folder, tmp_path / "c"))
    uid = collection.find_video("green.mp4").uid
    assert shotseek("remove", "green.mp4", "--collection", copy).code == 0
    assert not [path for path in copy.rglob("*") if uid in str(path)]
    with Collection.open_(copy) as rest:
        left = rest.catalog.read_columns("measures", ["video_id"])["video_id"]
        assert set(left) == {video.id for video in rest.catalog.find_videos()}


@pytest.mark.slow
def test_kill_and_resume_gives_the_same_findings(
    index: Index,
    collection: Collection,
    plain_videos: Path,
    tmp_path: Path,
    installed: dict[str, str],
) -> None:
    one = collection
    command = Path(sys.executable).with_name("shotseek")
    line = [command, "index", plain_videos, "--encoder", "toy", "--analyzers", ALL]
    chance = random.Random(7)
    for _ in range(6):
        process = subprocess.Popen(
            [*line, "--collection", tmp_path / "killed"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **installed},
        )
        time.sleep(chance.uniform(0.7, 2.0))
        process.kill()
        process.wait()
    index(tmp_path / "killed")
    with Collection.open_(tmp_path / "killed") as two:
        assert not two.check()
        for name in ("red-green.mp4", "blue-white.mp4", "green.mp4"):
            first, second = (
                sorted(map(told, c.find_findings(c.find_video(name)))) for c in (one, two)
            )
            assert first == second


def told(finding: Finding) -> str:
    """Everything a finding says, as one comparable word."""
    with np.printoptions(precision=4, suppress=True):
        return repr(finding)
