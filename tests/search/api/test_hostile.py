"""What a server may be sent by people who mean ill: each gets its documented answer, never a 5xx.

Most are raw bytes, as a client library would tidy the request.
"""

import base64
import io
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROBLEM = "application/problem+json"
TREE = "/v1/search"
PICTURE = "/v1/pictures"
JSON = "application/json"
BYTES = "application/octet-stream"
HIDE = "/v1/persons/p999/hidden"


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def post(path: str, body: bytes | str, kind: str = JSON, *headers: str) -> bytes:
    sent = body.encode() if isinstance(body, str) else body
    told = (f"Content-Type: {kind}", f"Content-Length: {len(sent)}", *headers)
    return get(path, *told, method="POST") + sent


def untyped(path: str, body: str) -> bytes:
    return get(path, f"Content-Length: {len(body)}", method="POST") + body.encode()


def tree(**leaf: Any) -> bytes:
    return post(TREE, json.dumps({"root": leaf}))


def chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + crc


def png_that_claims(width: int, height: int) -> bytes:
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data = zlib.compress(bytes(1000))
    head = chunk(b"IHDR", size + b"\x08\x02\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif_that_claims(width: int, height: int) -> bytes:
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    frame = b"," + bytes(4) + size + b"\0" + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + size + b"\x80\0\0" + bytes(6) + frame + b";"


def truncated_jpeg() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((300, 300), 90).save(buffer, "JPEG")
    return buffer.getvalue()[:2000]


def upload(data: bytes, kind: str = BYTES) -> bytes:
    return post(PICTURE, data, kind)


def inline(data: bytes) -> bytes:
    return tree(kind="image", picture=base64.b64encode(data).decode())


def chunked(size: int, count: int) -> bytes:
    head = get(PICTURE, f"Content-Type: {BYTES}", "Transfer-Encoding: chunked", method="POST")
    return head + (b"%x\r\n" % size + bytes(size) + b"\r\n") * count + b"0\r\n\r\n"


def deep_tree(levels: int) -> bytes:
    root = '{"kind": "not", "child": ' * levels + '{"kind": "text", "text": "red"}' + "}" * levels
    return post(TREE, f'{{"root": {root}}}')


def many_leaves(count: int) -> bytes:
    children = [{"kind": "text", "text": "red"}] * (count // 2)
    pair = {"kind": "any_of", "children": children}
    rest = {"kind": "any_of", "children": [*children, *children[: count % 2]]}
    return tree(kind="all_of", children=[pair, rest])


def metadata(value: str) -> bytes:
    leaf = f'{{"kind": "metadata", "field": "width", "op": ">", "value": {value}}}'
    return post(TREE, f'{{"root": {leaf}}}')


def cursor(text: str) -> bytes:
    word = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return get(f"/v1/search?text=red&cursor={word}")


HUGE = "1" + "0" * 400
UP = "../../../etc/passwd"
PLACES = {
    "video": "/v1/videos/{}",
    "shot": "/v1/shots/{}",
    "picture file": "/media/pictures/{}",
    "video file": "/media/videos/{}",
    "clip file": "/media/clips/{}.mp4",
}
TRAVERSALS = {
    "plain": UP,
    "encoded": UP.replace("../", "%2e%2e%2f"),
    "double-encoded": UP.replace("../", "%252e%252e%252f"),
    "backslash": UP.replace("/", "%5c"),
    "NUL": "8c6f2d0e9b1a4753%00@0",
    "absolute": "%2fetc%2fpasswd",
    "absolute plain": "/etc/passwd",
    "overlong UTF-8": "%c0%ae%c0%ae%c0%af",
    "id, then up": "8c6f2d0e9b1a4753@0%2f..%2f..%2fcatalog.sqlite",
    "SQL": "1'%20OR%20'1'='1'--",
    "format": "%25s%25n%7B0%7D$%7Bjndi:x%7D",
}


@dataclass(frozen=True)
class Case:
    """One request, the status it gets, and how long that may take."""

    name: str
    request: bytes
    status: int | tuple[int, ...]
    within_s: float = 5.0


CASES = [
    *(
        Case(f"{how} at {where}", get(place.format(text)), 404)
        for how, text in TRAVERSALS.items()
        for where, place in PLACES.items()
    ),
    Case("traversal as a shot", get(f"/v1/similar?shot={UP}"), 404),
    Case("traversal as a video", tree(kind="shot", video=UP, time_ms=0), 404),
    Case("traversal as a picture's id", tree(kind="image", id=UP), 422),
    Case("PNG that claims 60000 x 60000", upload(png_that_claims(60_000, 60_000)), 422),
    Case("the same in a tree", inline(png_that_claims(60_000, 60_000)), 422),
    Case("PNG just above the limit", upload(png_that_claims(8_000, 7_000)), 422),
    Case("the same in a tree", inline(png_that_claims(8_000, 7_000)), 422),
    Case("PNG of no size", upload(png_that_claims(0, 0)), 422),
    Case("GIF with a huge canvas", upload(gif_that_claims(65_535, 65_535)), 422),
    Case("truncated JPEG", upload(truncated_jpeg()), 422),
    Case("truncated JPEG in a tree", inline(truncated_jpeg()), 422),
    Case("SVG", upload(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 422),
    Case("EPS", upload(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) print\n"), 422),
    Case("HTML that is called a JPEG", upload(b"<script>alert(1)</script>", "image/jpeg"), 422),
    Case("empty picture", upload(b""), 422),
    Case("a picture as JSON", post(PICTURE, '{"a": 1}'), 415),
    Case("20 MB of zeros", upload(bytes(20_000_000)), 413),
    Case("15 MB of zeros", upload(bytes(15_000_000)), 422),
    Case("chunked over the limit", chunked(1_000_000, 20), 413),
    Case("a length that is a lie", get(PICTURE, "Content-Length: 99999999999", method="POST"), 413),
    Case("no length", get(PICTURE, "Content-Length: x", method="POST"), 400),
    Case("two lengths", get(TREE, "Content-Length: 1", "Content-Length: 2", method="POST"), 400),
    Case("compressed body", post(TREE, zlib.compress(b"{}"), JSON, "Content-Encoding: gzip"), 415),
    Case("no body", post(TREE, ""), 422),
    Case("100,000 brackets", post(TREE, "[" * 100_000), 400, 1.0),
    Case("100,000 objects", post(TREE, '{"root":' * 100_000), 400, 1.0),
    Case("a tree of 13 levels", deep_tree(12), 422),
    Case("a tree of 400 levels", deep_tree(400), (400, 422)),
    Case("a tree of 3,000 levels", deep_tree(3_000), 400),
    Case("65 leaves", many_leaves(65), 422),
    Case("64 leaves", many_leaves(64), 200),
    Case("NaN", metadata("NaN"), 422),
    Case("Infinity", metadata("-Infinity"), 422),
    Case("1e999", metadata("1e999"), 422),
    Case("10**400 as a value", metadata(HUGE), 422),
    Case("10**5000 as a value", metadata(HUGE * 12), 400),
    Case("10**400 as a time", tree(kind="shot", video="green.mp4", time_ms=10**400), 422),
    Case("10**400 as a count", tree(kind="label", name="x", count=10**400), 422),
    Case("10**400 hits", get(f"/v1/search?text=red&k={HUGE}"), 422),
    Case("10**400 a video", get(f"/v1/search?text=red&per_video={HUGE}"), 422),
    Case("10**400 seconds", get(f"/v1/search?text=red&then=green&within={HUGE}"), 422),
    Case("10**400 as a moment", get(f"/v1/search?like=green.mp4@{HUGE}"), 422),
    Case("10**400 as a filter", get(f"/v1/search?where=time%3E{HUGE}"), 422),
    Case("10**400 GB", get(f"/v1/search?where=size%3E{HUGE}gb"), 422),
    Case("offset beyond numbers", get(f"/v1/videos?offset={HUGE}"), 422),
    Case("a shot at 10**12", get("/v1/shots/8c6f2d0e9b1a4753@999999999999"), 404),
    Case("a weight of NaN", get("/v1/search?text=red&min_score=nan"), 422),
    Case("a score of infinity", get("/v1/search?text=red&min_score=inf"), 422),
    Case("duplicate keys", post(TREE, '{"root": {"kind": "text", "text": "a", "text": "b"}}'), 200),
    Case("a list for a text", tree(kind="text", text=["red"]), 422),
    Case("a number for a text", tree(kind="text", text=1), 422),
    Case("a text for the tree", post(TREE, '"red"'), 422),
    Case("null for the tree", post(TREE, "null"), 422),
    Case("unknown kind", tree(kind="__class__", text="x"), 422),
    Case("a kind of a megabyte", tree(kind="x" * 1_000_000), 422),
    Case("a field of a megabyte", tree(kind="metadata", field="x" * 1_000_000, value=1), 422),
    Case("a name of a megabyte", tree(kind="shot", video="x" * 1_000_000, time_ms=0), 422),
    Case("a space of a megabyte", tree(kind="text", text="x", space="x" * 1_000_000), 422),
    Case("a label of a megabyte", tree(kind="label", name="x" * 1_000_000), 422),
    Case("a space without a name", tree(kind="text", text="x", space=""), 422),
    Case("the same as a parameter", get("/v1/search?text=red&space="), 422),
    Case("10,000 children", tree(kind="any_of", children=[{"kind": "text"}] * 10_000), 422),
    Case("a lone surrogate", post(TREE, r'{"root": {"kind": "text", "text": "\ud800"}}'), 422),
    Case(
        "a lone surrogate as a name",
        post(TREE, r'{"root": {"kind": "shot", "video": "\ud800", "time_ms": 0}}'),
        404,
    ),
    Case("a body that is no UTF-8", post(TREE, b'{"root": "\xff\xfe"}'), 400),
    Case("a body in UTF-16", post(TREE, json.dumps({"root": 1}).encode("utf-16")), (400, 422)),
    Case("NUL in a text", get("/v1/search?text=red%00green"), 200),
    Case("NUL in words", get("/v1/search?where=read=a%00b"), (200, 422)),
    Case("right to left, no width", get("/v1/search?text=%E2%80%AEder%E2%80%8B"), 200),
    Case("only no width", get("/v1/search?text=%E2%80%8B"), (200, 422)),
    Case("5,000 characters", get(f"/v1/search?text={'a' * 5_000}"), 422),
    Case("2,000 characters", get(f"/v1/search?text={'a' * 2_000}"), 200),
    Case("40 times any letter", get("/v1/search?" + "&".join(["where=read=*a*"] * 40)), 200),
    Case("2,000 stars", tree(kind="words", text="*a" * 1_000), (200, 422)),
    Case("2,000 quotes", tree(kind="words", text='"' * 2_000), (200, 422)),
    Case("2,000 spaces", get("/v1/search?where=" + "%20" * 2_000), 422, 1.0),
    Case("2,000 spaces and a key", get("/v1/search?where=" + "%20" * 1_990 + "a"), 422, 1.0),
    Case("2,000 digits as a time", get("/v1/search?where=time%3E" + "1" * 1_990 + "x"), 422, 1.0),
    Case("41 filters", get("/v1/search?" + "&".join(["where=colour=red"] * 41)), 422),
    Case("9 followers", get("/v1/search?text=red&" + "&".join(["then=red"] * 9)), 422),
    Case("a cursor of infinity", cursor('{"generation": "", "offset": 1e999, "query": ""}'), 422),
    Case("a cursor that is deep", cursor("[" * 700), 422),
    Case("a cursor of others", cursor('{"generation": "x", "offset": 1, "query": "x"}'), 410),
    Case("a cursor that is none", get("/v1/search?text=red&cursor=%FF%00!"), 422),
    Case("CRLF in a parameter", get("/v1/search?text=red%0d%0aSet-Cookie:%20a=b"), 200),
    Case("CRLF in an id", get("/v1/videos/x%0d%0aSet-Cookie:%20a=b"), 404),
    Case("CRLF in a media id", get("/media/pictures/x%0d%0aX-Evil:%20y"), 404),
    Case("a parameter twice", get("/v1/search?text=red&text=green"), 200),
    Case("a number twice", get("/v1/search?text=red&k=1&k=2"), 200),
    Case("an unknown parameter", get("/v1/search?text=red&kk=3"), 422),
    Case("a method that is none", get("/v1/search", method="BREW"), 405),
    Case("TRACE", get("/v1/search", method="TRACE"), 405),
    Case("DELETE of a video", get("/v1/videos/green.mp4", method="DELETE"), 405),
    Case("PUT of a video", get("/v1/videos/green.mp4", method="PUT"), 405),
    Case("unknown route", get("/admin"), 404),
    Case("a slash too much", get("/v1/videos/"), 404),
    Case("absolute address", get("http://evil.example/v1/videos"), (200, 400, 404)),
    Case("an address of 100,000", get("/v1/search?text=" + "a" * 100_000), (400, 422)),
    Case("an address of a megabyte", get("/v1/videos?text=" + "a" * 1_000_000), 400),
    Case("a header of a megabyte", get("/healthz", "X: " + "a" * 1_000_000), 400),
    Case("100,000 headers", get("/healthz", *(f"X{n}: {n}" for n in range(100_000))), 400),
    Case("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    Case("letters beyond ASCII", get("/v1/videos/\xe9\xe9"), (400, 404)),
    Case("a header beyond ASCII", get("/healthz", "Authorization: Bearer \xe9\xff"), 200),
    Case("no Host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    Case("JSON that is called a text", post(TREE, '{"root": {}}', "text/plain"), (415, 422)),
    # What pages of other origins can send unasked: 404 would mean that it was read.
    Case("a person hidden by JSON without a type", untyped(HIDE, '{"hidden": true}'), 422),
    Case("and by JSON called a text", post(HIDE, '{"hidden": true}', "text/plain"), 422),
    Case("a person that is not there", post(HIDE, '{"hidden": true}'), 404),
    Case("JSON that is called a form", post(TREE, "a=b", "multipart/form-data"), (415, 422)),
    Case("a type that is none", post(TREE, '{"root": {}}', ";;;=\x01"), (400, 415, 422)),
]


def read(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 "), answer[:200]
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in rest)
    return int(first.split(" ")[1]), {name.lower(): v for name, v in headers.items()}, body


def is_alive(raw: Callable[..., bytes], address: str) -> bool:
    return read(raw(address, get("/healthz")))[0] == 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_it_gets_its_answer_and_no_other(
    raw: Callable[..., bytes], small_address: str, case: Case
) -> None:
    began = time.monotonic()
    status, headers, body = read(raw(small_address, case.request))
    took = time.monotonic() - began
    wanted = case.status if isinstance(case.status, tuple) else (case.status,)
    assert status in wanted, body[:500]
    assert took < case.within_s
    assert not {"x-evil", "set-cookie"} & set(headers)
    if status >= 400:
        assert headers["content-type"] == PROBLEM
        problem = json.loads(body)
        assert problem["status"] == status
        assert problem["detail"]
        assert problem["hint"]
        assert len(body) < 4000
    assert headers["x-content-type-options"] == "nosniff"
    assert is_alive(raw, small_address)


def video_path(raw: Callable[..., bytes], address: str, *headers: str) -> str:
    """A video's media address, as an answer gives it."""
    _, _, body = read(raw(address, get("/v1/videos?text=red-green", *headers)))
    return str(json.loads(body)["videos"][0]["media"]["play"])


RANGES = [
    ("many", "bytes=" + ",".join(["0-0,2-2"] * 5_000), (200, 206, 400, 416)),
    ("overlapping", "bytes=" + ",".join(["0-"] * 90), (200, 206, 416)),
    ("negative", "bytes=-5", 206),
    ("more negative than the file", "bytes=-99999999999", (206, 416)),
    ("minus minus", "bytes=--5", (200, 400, 416)),
    ("beyond the end", "bytes=99999999999-", 416),
    ("huge", f"bytes={HUGE}-", (200, 400, 416)),
    ("backwards", "bytes=9-2", (200, 400, 416)),
    ("garbage", "bytes=\xff\xfe", (200, 400, 416)),
    ("another unit", "lines=1-2", (200, 400, 416)),
    ("empty", "", (200, 400, 416)),
    ("digits of others", "bytes=\xb2-\xb3", (200, 400, 416)),
]


@pytest.mark.parametrize(("name", "value", "status"), RANGES, ids=[one[0] for one in RANGES])
def test_ranges_are_bounded(
    raw: Callable[..., bytes], small_address: str, name: str, value: str, status: Any
) -> None:
    path = video_path(raw, small_address)
    _, _, whole = read(raw(small_address, get(path)))
    got, headers, body = read(raw(small_address, get(path, f"Range: {value}")))
    assert got in (status if isinstance(status, tuple) else (status,)), body[:300]
    assert len(body) <= 2 * len(whole) + 20_000
    if got >= 400:
        assert headers["content-type"] == PROBLEM
    assert is_alive(raw, small_address)


def test_signatures_hold_for_their_path_and_their_time_only(
    raw: Callable[..., bytes], guarded_address: str, token: str
) -> None:
    knows = f"Authorization: Bearer {token}"
    good = video_path(raw, guarded_address, knows)
    path, _, signed = good.partition("?")
    expires = signed.partition("&")[0]
    forged = [
        path,
        f"{path}?{expires}",
        f"{path}?{signed[:-1]}",
        f"{path}?{signed}A",
        f"{path}?{signed.replace('expires=', 'expires=9')}",
        f"{path}?expires=1&signature=AAAAAAAAAAAAAAAAAAAAAAAA",
        f"{path}?expires=&signature=",
        f"{path}?expires=%ff&signature=%ff%00%E2%82%AC",
        f"{path}?expires={HUGE}&signature=x",
        f"/media/videos/8c6f2d0e9b1a4753?{signed}",
        f"/media/pictures/../videos/{path.rsplit('/', 1)[1]}?{signed}",
    ]
    assert read(raw(guarded_address, get(good)))[0] == 200
    for address in forged:
        status, headers, _ = read(raw(guarded_address, get(address)))
        assert (status, headers["content-type"]) == (403, PROBLEM), address
    assert read(raw(guarded_address, get(path.replace("media", "v1") + f"?{signed}")))[0] == 401


def test_a_signature_expires(
    raw: Callable[..., bytes], served: Callable[..., str], small_collection: Path, token: str
) -> None:
    address = served(small_collection, token=token, media_hours=1 / 3600)
    good = video_path(raw, address, f"Authorization: Bearer {token}")
    assert read(raw(address, get(good)))[0] == 200
    time.sleep(2.5)
    assert read(raw(address, get(good)))[0] == 403


def test_a_client_that_hangs_up_breaks_nothing(
    raw: Callable[..., bytes], small_address: str
) -> None:
    raw(small_address, post(TREE, "x" * 1000)[:-500], end=True)
    raw(small_address, b"GET /v1/vi", end=True)
    assert is_alive(raw, small_address)
