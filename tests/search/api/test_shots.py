"""Shots: neighbours, and everything that any analyzer said, in both databases."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from talking import ask

from analyzers.clip import Container
from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, Label, Words, WordsKind
from indexer.collection import Collection
from indexer.generations.build import build_generation
from indexer.records import FoundVideo, Keyframe, Result, Shot

Run = Callable[..., Any]
WITNESS = Path(__file__).parents[2] / "witness"
SHOTS, SHOT_MS = 3000, 2400  # two hours


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which analyzers of another package are installed."""
    source = shutil.copytree(WITNESS, tmp_path_factory.mktemp("source") / "witness")
    target = tmp_path_factory.mktemp("site")
    words = ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([sys.executable, "-m", *words, "--target", target, source], check=True)
    return {"PYTHONPATH": str(target)}


@pytest.fixture(scope="module")
def witnessed(
    shotseek: Run,
    plain_videos: Path,
    installed: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    folder = tmp_path_factory.mktemp("witnessed") / "c"
    words = ("--encoder", "toy", "--analyzers", "toy,colours,witness", "--collection", folder)
    ran = shotseek("index", plain_videos, *words, env=installed)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def address(served: Callable[..., str], witnessed: Path) -> str:
    return served(witnessed)


def test_all_six_kinds_of_findings_are_told(address: str, witnessed: Path) -> None:
    video = ask(f"{address}/v1/videos/red-green.mp4").json
    shot = video["shots"][1]
    answer = ask(f"{address}/v1/shots/{shot['id']}")
    assert answer.status == 200
    told = answer.json
    with Collection.open_(witnessed) as collection:
        found = collection.find_findings(collection.find_video("red-green.mp4"))
    here = [f for f in found if f.start_ms < shot["end_ms"] and f.end_ms > shot["start_ms"]]
    kinds = {"words": Words, "labels": Label}
    for name, kind in kinds.items():
        assert len(told[name]) == sum(isinstance(one, kind) for one in here)
    assert {"toy", "witness-boxes"} <= set(told["spaces"])
    label = next(one for one in told["labels"] if one["analyzer"] == "witness")
    assert label["box"] == [0.25, 0.25, 0.75, 0.75]
    track = told["tracks"][0]
    assert (track["id"], track["analyzer"]) == (label["track"], "witness")
    assert track["points"] > 0
    assert {one["analyzer"] for one in told["measures"]} >= {"witness"}
    relation = told["relations"][0]
    assert {"subject", "subject_kind", "predicate", "object", "object_kind"} <= set(relation)


def test_neighbours_and_keyframes(address: str) -> None:
    video = ask(f"{address}/v1/videos/blue-white.mp4").json
    first, last = video["shots"]
    told = ask(f"{address}/v1/shots/{last['id']}").json
    assert told["before"] == [first]
    assert told["after"] == []
    assert told["video"]["id"] == video["id"]
    assert {key: told[key] for key in last} == last
    for keyframe in told["keyframes"]:
        assert last["start_ms"] <= keyframe["time_ms"] < last["end_ms"]
        assert ask(address + keyframe["media"]["picture"]).status == 200
    inside = f"{video['id']}@{last['start_ms'] + 1}"
    assert ask(f"{address}/v1/shots/{inside}").json == told


def test_shots_that_are_not_there(address: str) -> None:
    uid = ask(f"{address}/v1/videos/green.mp4").json["id"]
    ids = (f"{uid}@999999", f"{uid}@", uid, "x@1", f"{uid}@1e3", "..%2F..%2Fx@1", "ffffffffffff@0")
    for id in ids:
        answer = ask(f"{address}/v1/shots/{id}")
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.fixture(scope="module")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pgserver", reason="pgserver is not installed")
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="shotseek-pg-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def test_a_catalog_in_postgresql(
    shotseek: Run,
    plain_videos: Path,
    served: Callable[..., str],
    postgresql_url: str,
    tmp_path: Path,
) -> None:
    words = ("--encoder", "toy", "--collection", tmp_path / "c", "--catalog", postgresql_url)
    ran = shotseek("index", plain_videos, *words)
    assert ran.code == 0, ran.err
    address = served(tmp_path / "c")
    shot = ask(f"{address}/v1/videos/red-green.mp4").json["shots"][0]
    told = ask(f"{address}/v1/shots/{shot['id']}")
    assert told.status == 200
    assert {label["name"] for label in told.json["labels"]} >= {"colour/red", "codec/h264"}
    assert ask(f"{address}/v1/collection").json["state"] == "ready"
    assert ask(address + shot["media"]["clip"]).status == 200


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of one film of two hours, with 3,000 shots and 33,000 findings."""
    folder = tmp_path_factory.mktemp("long") / "c"
    space = Space("long", 4, "", Range(0, 1), Range(0, 1))
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(SHOTS, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    spans = [(n * SHOT_MS, (n + 1) * SHOT_MS) for n in range(SHOTS)]
    found: list[Any] = []
    for span, vector in zip(spans, vectors, strict=True):
        found.append(Embedding(*span, "long", vector))
        found += [Label(*span, "coco", f"thing {n}", 0.5) for n in range(9)]
        found.append(Words(*span, WordsKind.READ, f"sign number {span[0]}"))
    shots = [Shot(n, *span) for n, span in enumerate(spans)]
    keyframes = [Keyframe(n, span[0] + 1000, *span) for n, span in enumerate(spans)]
    end_ms = SHOTS * SHOT_MS
    container = Container("long.mp4", "mov,mp4", "h264", 640, 360, 25.0, end_ms, 9, 9)
    film = FoundVideo(
        path="/films/long.mp4",
        container=container,
        size_bytes=9,
        mtime_ns=1,
        sample_hash="5a",
        segmenter="fixed:4",
        decoder="pyav",
        first_ms=0,
        end_ms=end_ms,
        frames=end_ms // 40,
    )
    with Collection.create(folder) as collection:
        collection.add_space(space)
        collection.commit_video(film, shots, keyframes, [], [Result("look", "1", 1.0, found)])
        build_generation(collection)
    return folder


def test_a_long_film_is_told_fast(served: Callable[..., str], long_film: Path) -> None:
    address = served(long_film)
    video = ask(f"{address}/v1/videos/long.mp4").json
    assert (len(video["shots"]), len(video["words"])) == (SHOTS, SHOTS)
    assert video["labels"][0] == {"name": "coco/thing 0", "vocabulary": "coco", "shots": SHOTS}
    url = f"{address}/v1/shots/{video['shots'][1500]['id']}"
    shot = ask(url).json
    assert (len(shot["before"]), len(shot["after"]), len(shot["labels"])) == (12, 12, 9)
    assert (shot["spaces"], len(shot["keyframes"])) == (["long"], 1)
    took = {name: quickest(name) for name in (url, f"{address}/v1/videos/long.mp4")}
    sys.stdout.write(f"shot and video: {[f'{s * 1000:.0f} ms' for s in took.values()]}\n")
    assert took[url] < 0.2
    assert took[f"{address}/v1/videos/long.mp4"] < 1.0


def quickest(url: str) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        ask(url)
        times.append(time.perf_counter() - began)
    return min(times)


def test_runs_are_read_from_one_view(long_film: Path) -> None:
    with Collection.open_(long_film) as collection, closing(collection):
        video = collection.find_video("long.mp4")
        with collection.catalog.reading() as reader:
            found = reader.find_keyframes_in(video, (2 * SHOT_MS, 4 * SHOT_MS))
            assert [one.shot for one in found] == [2, 3]
            runs = reader.find_run_ids(video, None)
            placed = reader.find_placed(video, runs, (0, 1), (Words,))
            assert [type(one) for _, one in placed[runs[0]]] == [Words]
            assert reader.total_ms() == SHOTS * SHOT_MS
            assert [(*one[:2], str(one[2]), one[3]) for one in reader.count_runs()] == [
                ("look", "1", "done", 1)
            ]
            assert reader.find_track_spans(video, (0, 9)) == []
