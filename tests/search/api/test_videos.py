"""Videos: listed by pages, found by id or name, told without paths of the server."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from talking import ask

from indexer.collection import Collection
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory
from search.api.edition import Edition
from search.api.hiding import hide_folders
from search.engine import SearchEngine

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def twins(shotseek: Run, plain_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with two videos of one name, one with a strange name, and one broken file."""
    videos = tmp_path_factory.mktemp("twins")
    for name in ("one", "two"):
        (videos / name).mkdir()
    shutil.copy(plain_videos / "green.mp4", videos / "one" / "film.mp4")
    shutil.copy(plain_videos / "red-green.mp4", videos / "two" / "film.mp4")
    shutil.copy(plain_videos / "blue-white.mp4", videos / "Grün & <b>blau< 50%?.mp4")
    (videos / "broken.mp4").write_bytes(b"no video")
    folder = tmp_path_factory.mktemp("twins-collection") / "c"
    shotseek("index", videos, "--collection", folder, "--encoder", "toy")
    return folder


@pytest.fixture(scope="module")
def address(served: Callable[..., str], twins: Path) -> str:
    return served(twins)


def test_pages_and_filter(small_address: str) -> None:
    whole = ask(f"{small_address}/v1/videos").json
    names = [video["name"] for video in whole["videos"]]
    assert sorted(names) == ["blue-white.mp4", "green.mp4", "red-green.mp4"]
    assert whole["total"] == 3
    page = ask(f"{small_address}/v1/videos", {"limit": 1, "offset": 1}).json
    assert page == {"videos": [whole["videos"][1]], "total": 3}
    green = ask(f"{small_address}/v1/videos", {"text": "GREEN"}).json
    assert (len(green["videos"]), green["total"]) == (2, 2)
    assert ask(f"{small_address}/v1/videos", {"offset": 99}).json == {"videos": [], "total": 3}
    first = whole["videos"][0]
    assert (first["width"], first["height"], first["shot_count"]) == (128, 96, 2)
    assert first["date"].startswith("20")
    assert ask(small_address + first["media"]["small"]).headers["Content-Type"] == "image/jpeg"


def test_a_video_by_id_and_by_name(small_address: str) -> None:
    by_name = ask(f"{small_address}/v1/videos/red-green.mp4").json
    assert by_name == ask(f"{small_address}/v1/videos/{by_name['id']}").json
    assert [shot["number"] for shot in by_name["shots"]] == [0, 1]
    assert by_name["shots"][0]["end_ms"] == by_name["shots"][1]["start_ms"]
    assert by_name["codec"] == "h264"
    assert {"toy", "colours", "container"} <= {run["analyzer"] for run in by_name["runs"]}
    labels = {label["name"]: label["shots"] for label in by_name["labels"]}
    assert labels["codec/h264"] == 2
    assert labels["colour/red"] == 1
    assert {words["kind"] for words in by_name["words"]} == {"title"}
    assert by_name["title"] == by_name["words"][0]["text"]


def test_a_shared_name_is_told_apart_by_ids(address: str, twins: Path) -> None:
    with Collection.open_(twins) as collection:
        ids = {v.uid for v in collection.catalog.find_videos() if v.name == "film.mp4"}
    asked = [
        ask(f"{address}/v1/videos/film.mp4"),
        ask(f"{address}/v1/search", {"like": "film.mp4@0.5"}),
    ]
    for answer in asked:
        assert answer.status == 422
        assert all(id in answer.json["detail"] for id in ids)
        assert "/" not in answer.json["detail"]
    both = ask(f"{address}/v1/search", {"where": "video=film.mp4"}).json["hits"]
    assert {hit["video_id"] for hit in both} == ids


def test_names_with_any_characters(address: str) -> None:
    name = "Grün & <b>blau< 50%?.mp4"
    found = ask(f"{address}/v1/videos", {"text": "grün & <B>"}).json["videos"]
    assert [video["name"] for video in found] == [name]
    assert ask(f"{address}/v1/videos/{quote(name, safe='')}").json["id"] == found[0]["id"]


def test_nothing_tells_where_files_lie(address: str, twins: Path) -> None:
    with Collection.open_(twins) as collection:
        paths = {video.uid: video.path for video in collection.catalog.find_videos()}
    unique = next(uid for uid, path in paths.items() if "film" not in path)
    answers = [ask(f"{address}/v1/collection"), ask(f"{address}/v1/videos/{unique}")]
    shot = answers[1].json["shots"][0]["id"]
    answers += [
        ask(f"{address}/v1/shots/{shot}"),
        ask(f"{address}/v1/search", {"where": f"video={unique}"}),
        ask(f"{address}/v1/suggest", {"text": "blau"}),
        ask(f"{address}/v1/videos/nowhere"),
        ask(f"{address}/v1/labels"),
        ask(f"{address}/healthz"),
    ]
    folders = {str(Path(path).parent) for path in paths.values()} | {str(twins.parent)}
    for answer in answers:
        assert not [folder for folder in folders if folder.encode() in answer.body], answer.body
    failures = answers[0].json["failures"]
    assert [failure["name"] for failure in failures] == ["broken.mp4"]


def test_unknown_videos(small_address: str) -> None:
    for id in ("nowhere.mp4", "0123456789ab", "%00", "..%2F..%2Fetc%2Fpasswd", "a%0Ab"):
        answer = ask(f"{small_address}/v1/videos/{id}")
        assert answer.status == 404, id
        assert answer.json["hint"]
    assert ask(f"{small_address}/v1/videos", {"limit": 0}).status == 422
    assert ask(f"{small_address}/v1/videos", {"offset": -1}).status == 422


def test_a_video_removed_since_the_search_files_were_made(
    served: Callable[..., str], small_collection: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(small_collection, tmp_path / "c"))
    address = served(copy)
    shot = ask(f"{address}/v1/videos/green.mp4").json["shots"][0]
    with Collection.open_(copy) as collection:
        collection.remove_video(collection.find_video("green.mp4"))
    for path in (f"/v1/videos/{shot['id'].partition('@')[0]}", f"/v1/shots/{shot['id']}"):
        assert ask(address + path).status in (200, 404)
    assert ask(address + shot["media"]["picture"]).status == 404
    assert ask(f"{address}/v1/search", {"text": "green"}).status == 200
    status = ask(f"{address}/v1/collection").json
    assert (status["videos"], status["generation"]["fresh"]) == (2, False)


def test_many_videos_are_summarised_fast(served: Callable[..., str], tmp_path: Path) -> None:
    """1,000 of 20,000 videos in a page, and a filter over all names."""
    shots = [(0, 1000)]
    many = [PlainVideo(f"{n:012x}", shots, name=f"film {n}.mp4") for n in range(20_000)]
    edition = Edition(SearchEngine(build_in_memory(content_of(many))), "")
    with Collection.create(tmp_path / "c"):
        pass
    from search.api.details import summarise_video
    from search.api.serving import Serving
    from search.api.settings import ServeSettings
    from search.wire import VideoList

    serving = Serving.open_(tmp_path / "c", ServeSettings(cache=tmp_path), "a token")
    best = 1.0
    for _ in range(3):
        began = time.perf_counter()
        found = edition.find_videos("film 1")
        page = VideoList(
            videos=tuple(summarise_video(serving, edition, n) for n in found[:1000]),
            total=len(found),
        )
        page.to_json()
        best = min(best, time.perf_counter() - began)
    serving.close()
    assert len(found) == 11_111
    assert best < 0.25, f"{best * 1000:.0f} ms"  # 0.1 s on a machine that does nothing else


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot read /films/a b/c.mp4: broken", "cannot read c.mp4: broken"),
        ("run `shotseek rebuild --collection /data/my.collection`", None),
        ("see https://example.org/a/b or and/or 1/2", "see https://example.org/a/b or and/or 1/2"),
        ("/mnt/x/y.mp4", "y.mp4"),
        ("(/mnt/x/y.mp4), '/srv/z/w'", "(y.mp4), 'w'"),
    ],
)
def test_folders_are_hidden(text: str, shown: str | None) -> None:
    wanted = text.replace("/data/", "") if shown is None else shown
    assert hide_folders(text) == wanted
