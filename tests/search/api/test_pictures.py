"""Query pictures: handed in, found by a stable id, gone after a while."""

import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from talking import ask, post

from search.api.pictures import QueryPictures
from search.api.settings import ServeSettings
from search.error import QueryInvalid


def encode(kind: str = "PNG", colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_any_picture_is_taken(small_address: str, kind: str) -> None:
    answer = post(f"{small_address}/v1/pictures", encode(kind), f"image/{kind.lower()}")
    assert answer.status == 201
    told = answer.json
    assert (told["width"], told["height"], len(told["id"])) == (40, 30, 32)
    left = datetime.fromisoformat(told["expires_at"]) - datetime.now(UTC)
    assert 6.9 < left.total_seconds() / 86_400 < 7.1
    shown = ask(small_address + told["picture"])
    assert (shown.status, shown.headers["Content-Type"]) == (200, "image/png")
    assert ask(f"{small_address}/v1/search", {"picture": told["id"]}).status == 200


def test_the_same_picture_has_the_same_id(small_address: str) -> None:
    url = f"{small_address}/v1/pictures"
    ids = [post(url, encode(kind), "image/x").json["id"] for kind in ("PNG", "BMP", "TIFF")]
    assert len(set(ids)) == 1
    assert post(url, encode(colour="blue"), "application/octet-stream").json["id"] != ids[0]
    bare = ask(url, method="POST", body=encode(), Content_Type="")
    assert (bare.status, bare.json["id"]) == (201, ids[0])


def test_what_is_no_picture_is_refused(small_address: str) -> None:
    url = f"{small_address}/v1/pictures"
    for body in (b"", b"no picture", encode()[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 99):
        assert post(url, body, "image/png").status == 422
    for kind in ("multipart/form-data; boundary=x", "application/json", "text/html"):
        answer = post(url, encode(), kind)
        assert (answer.status, answer.headers["Content-Type"]) == (415, "application/problem+json")


def test_pictures_expire(served: Callable[..., str], small_collection: Path) -> None:
    address = served(small_collection, picture_hours=1.0 / 3600)
    told = post(f"{address}/v1/pictures", encode(), "image/png").json
    assert ask(f"{address}/v1/search", {"picture": told["id"]}).status == 200
    time.sleep(1.1)
    late = ask(f"{address}/v1/search", {"picture": told["id"]})
    assert late.status == 422
    assert "hand it in again" in late.json["detail"]
    assert ask(address + told["picture"]).status == 404
    again = post(f"{address}/v1/pictures", encode(), "image/png").json
    assert again["id"] == told["id"]
    assert ask(f"{address}/v1/search", {"picture": told["id"]}).status == 200


def test_several_servers_share_pictures(
    served: Callable[..., str], small_collection: Path, tmp_path: Path
) -> None:
    one, two = (served(small_collection, cache=tmp_path) for _ in range(2))
    told = post(f"{one}/v1/pictures", encode(), "image/png").json
    assert ask(f"{two}/v1/search", {"picture": told["id"]}).status == 200
    assert ask(two + told["picture"]).body == ask(one + told["picture"]).body
    with ThreadPoolExecutor(16) as pool:
        urls = [f"{address}/v1/pictures" for address in (one, two)] * 16
        found = list(pool.map(lambda url: post(url, encode("JPEG", "teal"), "image/jpeg"), urls))
    assert len({answer.json["id"] for answer in found}) == 1
    assert not list((tmp_path / "pictures").glob("*.part"))


def test_the_oldest_of_too_many_go(tmp_path: Path) -> None:
    kept = QueryPictures(tmp_path, ServeSettings(), most=5)
    (tmp_path / f"{'0' * 32}.1-2.part").write_bytes(b"half")
    ids = []
    for number in range(12):
        ids.append(kept.keep(encode(colour=f"rgb({number * 9}, 0, 0)")).id)
        time.sleep(0.01)
    assert kept.count() <= 6
    assert kept.find(ids[-1])
    with pytest.raises(QueryInvalid, match="hand it in again"):
        kept.read(ids[0])
    for odd in ("", "../x", "0" * 31, "0" * 33, "G" * 32, f"{'0' * 32}\n"):
        assert kept.find(odd) is None
