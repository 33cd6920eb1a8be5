"""A server answers while its collection changes: it swaps to newer search files whole."""

import gc
import shutil
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from talking import ask, walls

from bench.videos import write_video
from indexer.collection import Collection
from indexer.generations.build import build_generation
from indexer.generations.opening import INDEXES, find_generations
from search.api.current import CurrentEngine
from search.api.settings import ServeSettings
from search.api.shelf import Shelf

Run = Callable[..., Any]
SOON_S = 4.0  # it looks every second; the rest is for a busy machine


@pytest.fixture
def changing(small_collection: Path, tmp_path: Path) -> Path:
    """A collection of the test's own."""
    return Path(shutil.copytree(small_collection, tmp_path / "changing"))


def until(done: Callable[[], bool], within_s: float = SOON_S) -> None:
    ends = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)


def generation(address: str) -> str:
    return str(ask(f"{address}/healthz").json["generation"])


def rebuild(folder: Path) -> str:
    with Collection.open_(folder) as collection:
        return build_generation(collection)


def test_answers_while_videos_are_added(
    served: Callable[..., str], shotseek: Run, changing: Path, tmp_path: Path
) -> None:
    address = served(changing)
    write_video(tmp_path / "new.mp4", walls((245, 245, 245), (200, 20, 20)))
    page = ask(f"{address}/v1/search", {"where": "width>1", "k": 2}).json
    totals: dict[str, set[int]] = {}
    statuses: set[int] = set()
    over = threading.Event()

    def go_on_asking() -> None:
        while not over.is_set():
            answer = ask(f"{address}/v1/search", {"where": "width>1"})
            statuses.add(answer.status)
            if answer.status == 200:
                told = answer.json
                assert len(told["hits"]) == len(told["media"]) == told["total"]
                totals.setdefault(told["generation"], set()).add(told["total"])

    clients = [threading.Thread(target=go_on_asking) for _ in range(4)]
    for client in clients:
        client.start()
    words = ("--collection", changing, "--encoder", "toy")
    ran = shotseek("index", tmp_path / "new.mp4", *words)
    newest = find_generations(changing)[-1]
    try:
        assert ran.code == 0, ran.err
        until(lambda: generation(address) == newest)
        time.sleep(0.2)
    finally:
        over.set()
        for client in clients:
            client.join()
    assert statuses == {200}
    assert totals == {page["generation"]: {5}, newest: {7}}
    late = ask(f"{address}/v1/search", {"where": "width>1", "k": 2, "cursor": page["cursor"]})
    assert late.status == 410
    assert ask(f"{address}/v1/videos/new.mp4").json["shot_count"] == 2


def test_a_removed_video_is_found_no_more(served: Callable[..., str], changing: Path) -> None:
    address = served(changing)
    before = generation(address)
    with Collection.open_(changing) as collection:
        collection.remove_video(collection.find_video("green.mp4"))
        build_generation(collection)
    until(lambda: generation(address) != before)
    assert ask(f"{address}/v1/videos/green.mp4").status == 404
    hits = ask(f"{address}/v1/search", {"text": "green"}).json["hits"]
    assert "green.mp4" not in [hit["video"] for hit in hits]
    assert ask(f"{address}/v1/collection").json["generation"]["fresh"]


def test_search_files_that_go_and_come(served: Callable[..., str], changing: Path) -> None:
    address = served(changing)
    assert ask(f"{address}/v1/search", {"text": "red"}).status == 200
    shutil.rmtree(changing / INDEXES)
    time.sleep(1.5)
    for path in ("search?text=red", "videos/green.mp4", "suggest?text=g", "collection"):
        assert ask(f"{address}/v1/{path}").status == 200
    made = rebuild(changing)
    until(lambda: generation(address) == made)
    assert ask(f"{address}/v1/search", {"text": "red"}).json["generation"] == made


def test_an_unbuilt_collection_answers_as_soon_as_it_is_built(
    served: Callable[..., str], changing: Path
) -> None:
    shutil.rmtree(changing / INDEXES)
    address = served(changing)
    answer = ask(f"{address}/v1/search", {"text": "red"})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    assert ask(f"{address}/healthz").json["status"] == "unbuilt"
    rebuild(changing)
    until(lambda: ask(f"{address}/v1/search", {"text": "red"}).status == 200)


def test_damaged_search_files_keep_the_old(served: Callable[..., str], changing: Path) -> None:
    address = served(changing)
    before = generation(address)
    time.sleep(1.1)  # so that names and times differ
    newest = rebuild(changing)
    for file in (changing / INDEXES / newest).iterdir():
        if file.name != "manifest.json":
            file.write_bytes(b"")
    time.sleep(2.5)
    answer = ask(f"{address}/v1/search", {"text": "red"})
    assert answer.status == 200
    assert answer.json["generation"] in (before, newest)  # the newest if it was opened in time
    assert str(changing.parent).encode() not in answer.body
    repaired = rebuild(changing)
    until(lambda: generation(address) == repaired)


def test_at_most_two_generations_are_held(changing: Path) -> None:
    with Collection.open_(changing) as collection:
        shelf = Shelf(collection, [])
        current = CurrentEngine(changing, ServeSettings(device="cpu"), lambda id: b"", shelf)
        seen: list[weakref.ref[Any]] = []
        asked = current.edition()  # a query that takes long holds this one
        for _ in range(4):
            build_generation(collection)
            current.look()
            seen += [weakref.ref(current.edition()), weakref.ref(current.get().generation)]
        gc.collect()
        alive = {id(ref()) for ref in seen if ref() is not None}
        assert len(alive) == 2  # the edition of now, and its generation
        assert asked.engine.search
        gone = weakref.ref(asked.engine.generation)
        del asked
        gc.collect()
        assert gone() is None


def test_another_collection_in_its_place_is_not_mixed_with_it(
    served: Callable[..., str],
    shotseek: Run,
    changing: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address = served(changing)
    before = generation(address)
    write_video(tmp_path / "other.mp4", walls((245, 245, 245)))
    other = tmp_path / "other"
    ran = shotseek("index", tmp_path / "other.mp4", "--collection", other, "--encoder", "toy")
    assert ran.code == 0, ran.err
    changing.rename(tmp_path / "away")
    other.rename(changing)
    until(lambda: "start the server anew" in caplog.text)
    assert generation(address) == before
    assert ask(f"{address}/v1/search", {"where": "video=red-green.mp4"}).json["total"] > 0
