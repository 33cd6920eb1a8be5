"""The collection as a whole: what it holds, how large it is, whether it can be searched."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from talking import ask

from indexer.collection import Collection
from indexer.collection_status import read_sizes
from indexer.records import Result

Run = Callable[..., Any]


def test_a_ready_collection(small_address: str, small_collection: Path, shotseek: Run) -> None:
    told = ask(f"{small_address}/v1/collection").json
    status = shotseek("status", "--collection", small_collection, "--json").json
    for name in ("id", "videos", "shots", "keyframes", "hours"):
        assert told[name] == status[name]
    assert told["state"] == "ready"
    assert [space["encoder"] for space in told["spaces"]] == ["toy"]
    by_name = {one["name"]: one for one in told["analyzers"]}
    assert (by_name["toy"]["done"], by_name["toy"]["failed"]) == (3, 0)
    assert told["generation"]["name"] == status["generation"]["name"]
    assert told["generation"]["created"] == status["generation"]["created"]
    assert told["generation"]["fresh"]
    assert told["failures"] == []


def test_sizes_are_counted_aside(served: Callable[..., str], small_collection: Path) -> None:
    address = served(small_collection)
    assert ask(f"{address}/v1/collection").json["bytes"] == {}
    deadline = time.monotonic() + 10
    while not (told := ask(f"{address}/v1/collection").json["bytes"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert set(told) == {"catalog", "people", "vectors", "tracks", "facets", "indexes", "keyframes"}
    assert told["keyframes"] == read_sizes(small_collection)["keyframes"] > 0


def test_failures_and_staleness_are_told(
    served: Callable[..., str], small_collection: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(small_collection, tmp_path / "c"))
    with Collection.open_(copy) as collection:
        video = collection.find_video("green.mp4")
        reason = f"cannot read {video.path}: it is broken"
        collection.commit_results(video, [Result("later", "2", reason=reason)])
    address = served(copy)
    told = ask(f"{address}/v1/collection").json
    by_name = {one["name"]: one for one in told["analyzers"]}
    assert (by_name["later"]["version"], by_name["later"]["failed"]) == ("2", 1)
    runs = ask(f"{address}/v1/videos/green.mp4").json["runs"]
    failed = next(run for run in runs if run["state"] == "failed")
    assert failed["reason"] == "cannot read green.mp4: it is broken"


def test_empty_and_unbuilt_collections(
    served: Callable[..., str], small_collection: Path, tmp_path: Path
) -> None:
    with Collection.create(tmp_path / "empty"):
        pass
    address = served(tmp_path / "empty")
    assert ask(f"{address}/v1/collection").json["state"] == "empty"
    copy = Path(shutil.copytree(small_collection, tmp_path / "unbuilt"))
    shutil.rmtree(copy / "indexes")
    address = served(copy)
    told = ask(f"{address}/v1/collection").json
    assert (told["state"], told["videos"], told["generation"]) == ("unbuilt", 3, None)
    for path in ("search?text=a", "videos", "labels", "suggest", "similar?shot=abcdefab@0"):
        answer = ask(f"{address}/v1/{path}")
        assert answer.status == 503, path
        assert answer.headers["Retry-After"]
        assert answer.json["hint"]
        assert str(tmp_path).encode() not in answer.body
