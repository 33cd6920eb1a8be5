"""Tokens, origins, headers of safety, HEAD, and bodies that do not come."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

Answer = tuple[int, dict[str, str], bytes]
PROBLEM = "application/problem+json"
MEDIA = ("picture", "small", "play", "clip")


def ask(address: str, path: str, method: str = "GET", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(address + path, method=method, headers=named)
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def media_of(address: str, **headers: str) -> dict[str, str]:
    _, _, body = ask(address, "/v1/videos?text=red-green", **headers)
    return dict(json.loads(body)["videos"][0]["media"])


PATHS = ["/v1/videos", "/v1/search?text=red", "/v1/labels", "/v1/collection", "/metrics", "/none"]


@pytest.mark.parametrize("path", PATHS)
def test_everything_asks_for_the_token(guarded_address: str, token: str, path: str) -> None:
    for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {token}"}):
        status, headers, body = ask(guarded_address, path, **given)
        assert (status, headers["content-type"]) == (401, PROBLEM)
        assert headers["www-authenticate"] == "Bearer"
        assert token not in body.decode()
    assert ask(guarded_address, path, Authorization=f"Bearer {token}")[0] in (200, 404)
    assert ask(guarded_address, path, Authorization=f"bearer  {token}")[0] in (200, 404)


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json"])
def test_two_addresses_ask_for_none(guarded_address: str, path: str) -> None:
    assert ask(guarded_address, path)[0] == 200


def test_media_take_a_signature_or_the_token(guarded_address: str, token: str) -> None:
    knows = {"Authorization": f"Bearer {token}"}
    media = media_of(guarded_address, **knows)
    for name in MEDIA:
        path = media[name].partition("?")[0]
        assert ask(guarded_address, media[name])[0] == 200
        assert ask(guarded_address, path)[0] == 403
        assert ask(guarded_address, path, **knows)[0] == 200
        assert ask(guarded_address, media[name], Authorization="Bearer wrong")[0] == 401


@pytest.mark.parametrize(
    "value", [b"Bearer \xff\xfe", b"\xe2\x82\xac", b"Bearer", b"", b"Bearer " + b"x" * 10_000]
)
def test_a_strange_header_is_just_wrong(
    raw: Callable[..., bytes], guarded_address: str, value: bytes
) -> None:
    head = b"GET /v1/videos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
    assert raw(guarded_address, head + value + b"\r\n\r\n").startswith(b"HTTP/1.1 401 ")


def test_two_tokens_are_none(raw: Callable[..., bytes], guarded_address: str, token: str) -> None:
    line = f"Authorization: Bearer {token}\r\n"
    head = f"GET /v1/videos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{line}{line}\r\n"
    assert raw(guarded_address, head.encode()).startswith(b"HTTP/1.1 401 ")


def test_the_token_is_checked_before_the_body_is_read(guarded_address: str) -> None:
    request = Request(f"{guarded_address}/v1/search", b"[" * 100_000, method="POST")
    with pytest.raises(HTTPError, match="401") as caught:
        urlopen(request, timeout=10)
    caught.value.close()


def test_every_answer_has_the_headers_of_safety(small_address: str) -> None:
    media = media_of(small_address)
    for path in [*PATHS, "/healthz", "/openapi.json", *(media[name] for name in MEDIA)]:
        _, headers, _ = ask(small_address, path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        shown = path.startswith("/media/")
        assert ("sandbox" in headers["content-security-policy"]) is shown
        wanted = "cross-origin" if shown else "same-origin"
        assert headers["cross-origin-resource-policy"] == wanted
        assert headers["cache-control"].startswith("private" if shown else "no-store")
        assert "server" not in headers


def test_head_answers_as_get_without_the_body(small_address: str) -> None:
    media = media_of(small_address)
    paths = ["/healthz", "/openapi.json", "/v1/videos", "/v1/search?text=red", "/v1/labels"]
    for path in [*paths, media["picture"], media["play"], media["clip"]]:
        status, headers, body = ask(small_address, path, "HEAD")
        _, wanted, _ = ask(small_address, path)
        assert (status, body) == (200, b"")
        assert headers["content-type"] == wanted["content-type"]
        if "took_ms" not in path and "search" not in path:
            assert headers["content-length"] == wanted["content-length"]
    assert ask(small_address, "/v1/videos/none", "HEAD")[0] == 404
    assert ask(small_address, "/v1/pictures", "HEAD")[0] == 405


@pytest.fixture(scope="module")
def open_to_a_page(served: Callable[..., str], small_collection: Path, token: str) -> str:
    return served(small_collection, token=token, cors=("https://films.example",))


def preflight(address: str, origin: str, method: str = "GET") -> Answer:
    asked = {"Access-Control-Request-Headers": "authorization"}
    wanted = {"Origin": origin, "Access-Control-Request-Method": method}
    return ask(address, "/v1/search", "OPTIONS", **asked, **wanted)


def test_a_named_origin_may_ask(open_to_a_page: str, token: str) -> None:
    status, headers, _ = preflight(open_to_a_page, "https://films.example", "POST")
    assert status == 200
    assert headers["access-control-allow-origin"] == "https://films.example"
    assert "authorization" in headers["access-control-allow-headers"].lower()
    for given in ({}, {"Authorization": f"Bearer {token}"}):
        _, headers, _ = ask(open_to_a_page, "/v1/videos", Origin="https://films.example", **given)
        assert headers["access-control-allow-origin"] == "https://films.example"
        assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    ("origin", "method"),
    [
        ("https://evil.example", "GET"),
        ("https://films.example.evil.example", "GET"),
        ("null", "GET"),
        ("https://films.example", "DELETE"),
    ],
)
def test_others_may_not(open_to_a_page: str, origin: str, method: str) -> None:
    status, headers, body = preflight(open_to_a_page, origin, method)
    assert (status, headers["content-type"]) == (400, PROBLEM)
    assert json.loads(body)["status"] == 400


def test_no_origin_may_ask_unless_it_is_named(small_address: str) -> None:
    assert preflight(small_address, "https://films.example")[0] == 405
    _, headers, _ = ask(small_address, "/v1/videos", Origin="https://films.example")
    assert not any(name.startswith("access-control") for name in headers)


def test_a_bug_is_a_problem_and_its_traceback_is_logged(
    caplog: pytest.LogCaptureFixture, small_collection: Path, tmp_path: Path
) -> None:
    """A route that is broken on purpose stands for any; asked in this process to read its log."""
    import anyio

    from search.api.app import make_api
    from search.api.guard import guard
    from search.api.serving import Serving
    from search.api.settings import ServeSettings

    serving = Serving.open_(small_collection, ServeSettings(cache=tmp_path), None)
    api = make_api(serving)

    @api.get("/broken/{who}")
    def broken(who: str) -> None:
        raise RuntimeError("secret")

    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/broken/Ann",
        "raw_path": b"/broken/Ann",
        "query_string": b"",
        "headers": [],
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    anyio.run(guard(api, serving), scope, receive, send)
    assert sent[0]["status"] == 500
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"] == PROBLEM.encode()
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"secret" not in sent[1]["body"]
    assert "a bug: GET /broken/{who}\n" in caplog.text
    assert "RuntimeError: secret" in caplog.text
    assert "Ann" not in caplog.text
    assert caplog.text.count("Traceback") == 1


def test_a_body_that_does_not_come_is_given_up(
    served: Callable[..., str], small_collection: Path
) -> None:
    address = served(small_collection, body_seconds=0.5)
    host, port = address.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=10)) as line:
        line.sendall(
            b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        )
        line.sendall(b"Content-Length: 100\r\n\r\n{")
        began = time.monotonic()
        said = line.recv(65536)
        assert said.startswith(b"HTTP/1.1 408 ")
        assert 0.3 < time.monotonic() - began < 5
        assert PROBLEM.encode() in said


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "a b", "localhost:8000.evil"]
)
def test_without_a_token_another_name_is_not_answered(small_address: str, name: str) -> None:
    for path in ("/v1/videos", media_of(small_address)["play"], "/healthz"):
        status, headers, body = ask(small_address, path, Host=name)
        assert (status, headers["content-type"]) == (421, PROBLEM)
        assert "--token-file" in json.loads(body)["hint"]


@pytest.mark.parametrize(
    "name", ["localhost", "LocalHost.:80", "127.0.0.1:99", "[::1]:8000", "10.0.0.7"]
)
def test_addresses_and_the_machine_itself_are(small_address: str, name: str) -> None:
    assert ask(small_address, "/healthz", Host=name)[0] == 200


def test_with_a_token_any_name_is(guarded_address: str, token: str) -> None:
    known = {"Authorization": f"Bearer {token}", "Host": "films.example"}
    assert ask(guarded_address, "/v1/videos", **known)[0] == 200
