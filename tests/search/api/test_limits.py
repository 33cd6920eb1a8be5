"""Each limit has a setting, and holds."""

import base64
import io
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

Served = Callable[..., str]


def post(address: str, path: str, body: bytes | Any) -> tuple[int, dict[str, Any], Any]:
    is_file = isinstance(body, bytes | Chunks)
    kind = "application/octet-stream" if is_file else "application/json"
    data = body if is_file else json.dumps(body).encode()
    request = Request(address + path, data, {"Content-Type": kind}, method="POST")
    return ask(request)


def ask(request: Request | str) -> tuple[int, dict[str, Any], Any]:
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, lowered(answer.headers), json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, lowered(error.headers), json.load(error)


def lowered(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class Chunks:
    """A body whose length is not told beforehand."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, most: int = 8192) -> bytes:
        given = min(most, self._left)
        self._left -= given
        return bytes(given)


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(buffer, kind)
    return buffer.getvalue()


TEXT = {"kind": "text", "text": "red"}


def test_a_body_may_be_as_large_as_is_set(served: Served, small_collection: Path) -> None:
    address = served(small_collection, body_mb=0.01)
    status, _, problem = post(address, "/v1/pictures", bytes(10_001))
    assert (status, problem["detail"]) == (413, "the body is larger than 10,000 bytes")
    assert "--body-mb" in problem["hint"]
    assert post(address, "/v1/pictures", bytes(10_000))[0] == 422
    assert post(address, "/v1/pictures", picture(10, 10))[0] == 201


def test_so_may_one_in_pieces(served: Served, small_collection: Path) -> None:
    address = served(small_collection, body_mb=0.01)
    assert post(address, "/v1/pictures", Chunks(10_001))[0] == 413
    assert post(address, "/v1/pictures", Chunks(10_000))[0] == 422


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_picture_may_have_as_many_pixels_as_are_set(
    served: Served, small_collection: Path, kind: str
) -> None:
    address = served(small_collection, picture_mp=0.01)
    for size, wanted in ((100, (201, 200)), (101, (422, 422))):
        data = picture(100, size, kind)
        inline = {"kind": "image", "picture": base64.b64encode(data).decode()}
        uploaded = post(address, "/v1/pictures", data)
        searched = post(address, "/v1/search", {"root": inline})
        assert (uploaded[0], searched[0]) == wanted
        if uploaded[0] == 422:
            assert "10,000" in uploaded[2]["detail"]
            assert "10,000" in searched[2]["detail"]


def nested(levels: int) -> dict[str, Any]:
    return {"kind": "not", "child": nested(levels - 1)} if levels > 1 else TEXT


def test_a_tree_has_12_levels_and_64_leaves(small_address: str) -> None:
    assert post(small_address, "/v1/search", {"root": nested(12)})[0] == 200
    status, _, problem = post(small_address, "/v1/search", {"root": nested(13)})
    assert (status, problem["detail"]) == (422, "query: the query is more than 12 levels deep")
    many = {"kind": "any_of", "children": [TEXT] * 64}
    assert post(small_address, "/v1/search", {"root": many})[0] == 200
    more = {"kind": "any_of", "children": [many, TEXT]}
    status, _, problem = post(small_address, "/v1/search", {"root": more})
    assert (status, problem["detail"]) == (422, "query: the query has 65 leaves, more than 64")


def test_a_query_takes_no_longer_than_is_set(served: Served, small_collection: Path) -> None:
    address = served(small_collection, query_seconds=1e-7)
    for answer in (
        post(address, "/v1/search", {"root": TEXT}),
        ask(f"{address}/v1/search?text=red"),
    ):
        status, headers, problem = answer
        assert status == 503
        assert headers["retry-after"] == "2"
        assert problem["detail"]
        assert problem["hint"]


def test_as_many_queries_at_once_as_are_set(served: Served, small_collection: Path) -> None:
    """One that unpacks large pictures holds the only turn while others ask."""
    address = served(small_collection, queries=1, query_seconds=0.3, body_mb=100)
    large = base64.b64encode(picture(7000, 7000)).decode()
    leaves = [{"kind": "image", "picture": large, "name": str(n)} for n in range(48)]
    slow = threading.Thread(
        target=post, args=(address, "/v1/search", {"root": {"kind": "any_of", "children": leaves}})
    )
    start = time.monotonic()
    slow.start()
    refused, answered_health = [], 0
    while slow.is_alive():
        refused.append(ask(f"{address}/v1/search?text=red"))
        began = time.monotonic()
        answered_health += ask(f"{address}/healthz")[0] == 200
        assert time.monotonic() - began < 5
    slow.join()
    assert time.monotonic() - start < 30  # looked at the clock between the pictures
    busy = [one for one in refused if one[0] == 503 and "at once" in one[2]["detail"]]
    assert busy, refused
    assert busy[0][1]["retry-after"] == "2"
    assert answered_health == len(refused)
    assert ask(f"{address}/v1/search?where=colour=red")[0] == 200


def test_queries_wait_for_their_turn(served: Served, small_collection: Path) -> None:
    address = served(small_collection, queries=1)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(ask(f"{address}/v1/search?text=red")[0]))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 12


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ("text=" + "a" * 2000, 200),
        ("text=" + "a" * 2001, 422),
        ("text=red" + "&then=red" * 8, 200),
        ("text=red" + "&then=red" * 9, 422),
        ("text=red&then=" + "a" * 2001, 422),
        ("&".join(["where=colour=red"] * 40), 200),
        ("&".join(["where=colour=red"] * 41), 422),
        ("text=red&k=1000", 200),
        ("text=red&k=1001", 422),
        ("text=red&cursor=" + "a" * 1001, 422),
        ("text=red&space=" + "a" * 201, 422),
        ("like=" + "a" * 5000 + "@1", 422),
        ("text=red&then=red&within=" + "1" * 21, 422),
    ],
)
def test_parameters_have_bounds(small_address: str, parameters: str, status: int) -> None:
    assert ask(f"{small_address}/v1/search?{parameters}")[0] == status


@pytest.mark.parametrize(
    "text", ["*a*", "*a* " * 400, "*" * 2000, "a*" * 1000, '"a" ' * 400, "(" * 2000, "a " * 1000]
)
def test_words_take_no_time_whatever_they_are(small_address: str, text: str) -> None:
    began = time.monotonic()
    leaf = {"kind": "words", "text": text[:2000]}
    root = {"kind": "any_of", "children": [leaf] * 64}
    assert post(small_address, "/v1/search", {"root": root})[0] in (200, 422)
    assert time.monotonic() - began < 5
