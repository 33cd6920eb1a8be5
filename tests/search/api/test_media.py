"""Pictures and videos over HTTP: parts, what browsers know already, names to save under."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from talking import Answer, ask

from indexer.collection import Collection
from search.api.sending import describe_saving, read_ranges

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def moment(small_address: str) -> dict[str, Any]:
    """The media of a shot, and its video."""
    video = ask(f"{small_address}/v1/videos/blue-white.mp4").json
    return {**video["shots"][1]["media"], "id": video["id"], "shot": video["shots"][1]["id"]}


@pytest.fixture
def moved(shotseek: Run, plain_videos: Path, tmp_path: Path) -> Path:
    """A collection of its own whose videos can be harmed."""
    shutil.copytree(plain_videos, tmp_path / "videos")
    words = ("--collection", tmp_path / "c", "--encoder", "toy")
    assert shotseek("index", tmp_path / "videos", *words).code == 0
    return tmp_path / "c"


def test_types_and_caching(small_address: str, moment: dict[str, Any]) -> None:
    kinds = {"picture": "image/jpeg", "small": "image/jpeg", "play": "video/mp4"}
    for name, kind in kinds.items():
        answer = ask(small_address + moment[name])
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["Accept-Ranges"] == "bytes"
        known = (
            {"If_None_Match": answer.headers["ETag"]},
            {"If_None_Match": f'"x", W/{answer.headers["ETag"]}'},
            {"If_None_Match": "*"},
            {"If_Modified_Since": answer.headers["Last-Modified"]},
        )
        for headers in known:
            again = ask(small_address + moment[name], **headers)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["ETag"] == answer.headers["ETag"]
        for headers in ({"If_None_Match": '"x"'}, {"If_Modified_Since": "yesterday"}):
            assert ask(small_address + moment[name], **headers).body == answer.body


def test_head_tells_the_same_without_the_file(small_address: str, moment: dict[str, Any]) -> None:
    for name in ("picture", "small", "play", "clip"):
        whole = ask(small_address + moment[name])
        head = ask(small_address + moment[name], method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.body))
        assert head.headers["ETag"] == whole.headers["ETag"]


def test_parts_of_a_video(small_address: str, moment: dict[str, Any]) -> None:
    url = f"{small_address}/media/videos/{moment['id']}"
    whole = ask(url)
    size = len(whole.body)

    def part(text: str, **headers: str) -> Answer:
        return ask(url, Range=text, **headers)

    for text, wanted in {
        "bytes=0-9": whole.body[:10],
        "bytes=10-": whole.body[10:],
        "bytes=-7": whole.body[-7:],
        f"bytes=-{size * 2}": whole.body,
        f"bytes=5-{size * 2}": whole.body[5:],
        f"bytes=0-1,{size}-": whole.body[:2],  # what is not there is left out
    }.items():
        answer = part(text)
        assert (answer.status, answer.body) == (206, wanted), text
        assert answer.headers["Content-Range"].endswith(f"/{size}")
    several = part("bytes=0-1,10-19")
    assert several.status == 206
    assert several.headers["Content-Type"].startswith("multipart/byteranges")
    assert whole.body[10:20] in several.body
    for text in (f"bytes={size}-", "bytes=-0", "bytes=9-3", f"bytes={'0-0,' * 8}0-0"):
        answer = part(text)
        assert answer.status == 416, text
        assert answer.headers["Content-Range"] == f"bytes */{size}"
        assert answer.json["hint"]
    for text in ("lines=1-2", "bytes=a-b", "bytes=", "bytes=-", "x", "bytes=" + "0-1," * 200):
        answer = part(text)
        assert (answer.status, len(answer.body)) == (200, size), text
    assert part("bytes=0-9", If_Range='"other"').status == 200
    assert part("bytes=0-9", If_Range=whole.headers["ETag"]).status == 206
    assert ask(url, method="HEAD", Range="bytes=0-9").headers["Content-Length"] == "10"


def test_ranges_of_an_empty_file() -> None:
    assert read_ranges("", 0) == []
    assert read_ranges("bytes=3-5", 5) == [(3, 4)]


def test_saving_under_a_name(small_address: str, moment: dict[str, Any]) -> None:
    clip = ask(small_address + moment["clip"], {"download": 1})
    assert clip.headers["Content-Disposition"] == 'attachment; filename="blue-white 0m01s.mp4"'
    video = ask(f"{small_address}/media/videos/{moment['id']}?download=1")
    assert video.headers["Content-Disposition"] == 'attachment; filename="blue-white.mp4"'
    assert "Content-Disposition" not in ask(small_address + moment["clip"]).headers


def test_odd_names_to_save_under() -> None:
    assert describe_saving('a"\r\nX: y/..\\b.mp4') == 'attachment; filename="a_X_ y_.._b.mp4"'
    grun = describe_saving("Grün 日.mp4")
    assert grun == "attachment; filename=\"Gr_n _.mp4\"; filename*=UTF-8''Gr%C3%BCn%20%E6%97%A5.mp4"
    assert describe_saving("\udcff.mp4") == 'attachment; filename="_.mp4"'


def test_ids_never_become_paths(small_address: str, moment: dict[str, Any]) -> None:
    uid = moment["id"]
    ids = ("..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", f"{uid}%2f..%2f{uid}", "%00")
    for kind in ("pictures", "videos", "clips"):
        for id in (*ids, f"{uid}@1%2f..", f"{uid}@-1", f"{uid}@9999999999999", "x" * 90):
            answer = ask(f"{small_address}/media/{kind}/{id}{'.mp4' if kind == 'clips' else ''}")
            assert answer.status == 404, (kind, id)
            assert answer.headers["Content-Type"] == "application/problem+json"


def test_signed_addresses(guarded_address: str, token: str) -> None:
    key = {"Authorization": f"Bearer {token}"}
    shot = ask(f"{guarded_address}/v1/videos/green.mp4", **key).json["shots"][0]
    for name in ("picture", "small", "play", "clip"):
        address = shot["media"][name]
        assert ask(guarded_address + address).status == 200
        assert ask(guarded_address + address, {"download": 1}).status == 200
        assert ask(guarded_address + address.partition("?")[0]).status == 403
        assert ask(guarded_address + address.partition("?")[0], **key).status == 200


def test_files_that_are_no_files_any_more(served: Callable[..., str], moved: Path) -> None:
    address = served(moved)
    with Collection.open_(moved) as collection:
        video = collection.find_video("green.mp4")
        pictures = collection.pictures(video)
    media = ask(f"{address}/v1/videos/green.mp4").json["media"]
    large, small = (
        pictures / f"{media[name].rpartition('@')[2]}.jpg" for name in ("picture", "small")
    )
    large.rename(pictures / "kept")
    large.symlink_to(pictures / "kept")
    small.unlink()
    file = Path(video.path)
    file.unlink()
    file.mkdir()
    for name in ("picture", "small", "play", "clip"):
        answer = ask(address + media[name])
        assert answer.status == 404, name
        assert answer.json["hint"]
        assert str(moved.parent).encode() not in answer.body
    file.rmdir()
    file.symlink_to("/etc/passwd")
    assert ask(address + media["play"]).status == 404
    assert ask(address + media["clip"]).status == 404


def test_videos_that_moved_are_found(served: Callable[..., str], moved: Path) -> None:
    old, new = moved.parent / "videos", moved.parent / "elsewhere"
    os.rename(old, new)
    lost = served(moved)
    found = served(moved, media_root=(f"{old}={new}",))
    media = ask(f"{lost}/v1/videos/green.mp4").json["media"]
    for name in ("play", "clip"):
        answer = ask(lost + media[name])
        assert answer.status == 404
        assert "--media-root" in answer.json["hint"]
        assert ask(found + media[name]).status == 200
    assert ask(lost + media["picture"]).status == 200


def test_a_video_that_was_indexed_at_another_place(
    served: Callable[..., str], moved: Path, shotseek: Run
) -> None:
    address = served(moved)
    media = ask(f"{address}/v1/videos/green.mp4").json["media"]
    new = moved.parent / "elsewhere"
    os.rename(moved.parent / "videos", new)
    assert ask(address + media["play"]).status == 404
    assert shotseek("index", new, "--collection", moved, "--encoder", "toy").code == 0
    assert ask(address + media["play"]).status == 200
