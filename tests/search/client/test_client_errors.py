"""What the client says if there is no answer, or a strange one."""

import json
import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzers.error import SettingsError
from search.client import ApiError, ApiFailed, ApiRefused, ApiUnreachable, SearchClient
from search.client.transport import HttpTransport, Request

Odd = Callable[..., Any]
SECRET = "sesame-0123456789"
HTML = b"<html><body>Bad Gateway</body></html>"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("127.0.0.1:8000", "no address of an API"),
        ("", "no address of an API"),
        ("ftp://host/x", "no address of an API"),
        ("file:///etc/passwd", "no address of an API"),
        ("http://", "no address of an API"),
        ("http://a b/", "holds no blanks"),
        ("http://host\r\nX: y", "holds no blanks"),
        ("http://host:99999", "Port out of range"),
        ("http://host:x", "Port could not be cast"),
        ("http://host:0", "no address of an API"),
        ("http://[::1", "Invalid IPv6 URL"),
        ("http://host/?a=b", "leave out what follows the path"),
        ("http://host/#a", "leave out what follows the path"),
        ("http://me:sesame-0123456789@host", "holds no password"),
    ],
)
def test_a_bad_address_is_told_in_one_line(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        SearchClient(url)
    assert "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("token", ["two words", "a\nb", "é", "a\x00b"])
def test_a_token_that_cannot_be_sent_is_not_shown(token: str) -> None:
    with pytest.raises(SettingsError) as refused:
        SearchClient("http://host", token=token)
    assert token not in str(refused.value)


def test_an_address_may_have_a_path(odd_server: Odd) -> None:
    body = json.dumps({"status": "ok", "generation": None, "version": "1"}).encode()
    server = odd_server(200, JSON, body)
    client = SearchClient(f" {server.address}/some/where/ ")
    assert client.health().status == "ok"
    assert server.asked[0][0] == "/some/where/healthz"
    assert client.address("/media/x") == f"{server.address}/some/where/media/x"
    client.read_media(client.address("/media/x"))
    assert server.asked[1][0] == "/some/where/media/x"


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:{port}", "nothing listens there; is `shotseek serve` running?"),
        ("http://no-such-machine.invalid", "no machine of this name is known"),
        ("http://a..b", "no machine can have this name"),
        (f"http://{'a' * 70}.example", "no machine can have this name"),
    ],
)
def test_who_is_not_there_is_told_quickly(url: str, said: str) -> None:
    client = SearchClient(url.format(port=free_port()), token=SECRET)
    before = time.monotonic()
    with pytest.raises(ApiUnreachable, match=said) as gone:
        client.search("red")
    assert time.monotonic() - before < 5
    assert SECRET not in str(gone.value)
    assert "\n" not in str(gone.value)


def test_silence_is_a_timeout(raw_server: Callable[[bytes, bool], str]) -> None:
    with pytest.raises(ApiUnreachable, match=r"no answer within 0\.3 s"):
        SearchClient(raw_server(b"", False), timeout_s=0.3).health()


def test_what_speaks_no_http_is_told(raw_server: Callable[[bytes, bool], str]) -> None:
    with pytest.raises(ApiUnreachable, match="the connection broke"):
        SearchClient(raw_server(b"SSH-2.0-OpenSSH_9.6\r\n", True)).health()
    with pytest.raises(ApiUnreachable, match="the connection broke"):
        SearchClient(raw_server(b"", True)).health()
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
    with pytest.raises(ApiUnreachable, match="the connection broke"):
        SearchClient(raw_server(half, True)).health()


def test_https_to_a_server_of_http_is_told(odd_server: Odd) -> None:
    address = odd_server().address.replace("http://", "https://")
    with pytest.raises(ApiUnreachable, match="TLS failed") as gone:
        SearchClient(address).health()
    assert "\n" not in str(gone.value)


@pytest.mark.parametrize(
    ("status", "kind", "body", "said"),
    [
        (502, "text/html", HTML, "answered 502 with text/html, not as a shotseek API does"),
        (404, "text/html", HTML, "answered 404 with text/html"),
        (404, "application/json", b'{"detail":"Not Found"}', "answered 404"),
        (200, "text/html", HTML, "the answer is text/html, not JSON"),
        (200, "application/json", b"[1]", "not what this version knows"),
        (200, "application/json", b'{"hits": 3}', "not what this version knows"),
        (200, "application/json", b"[" * 100_000, "not JSON"),
        (200, "application/json", b"\xff\xfe\xfd", "not JSON"),
        (204, "application/json", b"", "not JSON"),
    ],
)
def test_what_is_no_shotseek_is_told(
    odd_server: Odd, status: int, kind: str, body: bytes, said: str
) -> None:
    client = SearchClient(odd_server(status, {"Content-Type": kind}, body).address)
    with pytest.raises(ApiFailed, match=said) as failed:
        client.search("red")
    assert "\n" not in str(failed.value)


def problem(status: int) -> bytes:
    named = {"title": "No", "status": status, "detail": "it is\nso", "hint": "do\x0b better"}
    return json.dumps(named).encode()


@pytest.mark.parametrize("status", [400, 401, 404, 422, 503])
def test_a_problem_is_refused_with_its_parts(odd_server: Odd, status: int) -> None:
    client = SearchClient(odd_server(status, JSON, problem(status)).address)
    with pytest.raises(ApiRefused) as refused:
        client.search("red")
    error = refused.value
    assert (error.status, error.title, error.detail) == (status, "No", "it is\nso")
    assert str(error) == "it is so (do better)"


def test_a_bug_of_the_server_is_no_refusal(odd_server: Odd) -> None:
    client = SearchClient(odd_server(500, JSON, problem(500)).address)
    with pytest.raises(ApiFailed, match="it is so"):
        client.search("red")


def test_a_redirect_is_not_followed_and_takes_no_token(odd_server: Odd) -> None:
    other = odd_server(200, JSON, b"{}")
    first = odd_server(307, {"Location": f"{other.address}/v1/search?signature=s3cret"})
    with pytest.raises(ApiFailed, match=r"leads elsewhere, to http://127\.0\.0\.1;") as failed:
        SearchClient(first.address, token=SECRET).search("red")
    assert (len(first.asked), other.asked) == (1, [])
    assert "s3cret" not in str(failed.value)


def test_media_of_another_host_are_not_asked_for(odd_server: Odd) -> None:
    other = odd_server(200, JSON, b"{}")
    client = SearchClient(odd_server().address, token=SECRET)
    for address in (f"{other.address}/x", "x", "", "@127.0.0.1/x"):
        with pytest.raises(SettingsError, match="this is no address of"):
            client.read_media(address)
    assert other.asked == []


def test_the_token_is_sent_and_never_shown(
    odd_server: Odd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = odd_server(401, JSON, problem(401))
    client = SearchClient(server.address, token=f" {SECRET}\n")
    with pytest.raises(ApiRefused) as refused:
        client.search("red")
    assert server.asked[0][1]["authorization"] == f"Bearer {SECRET}"
    request = Request("GET", server.address, {"Authorization": SECRET})
    for shown in (repr(client), str(client), repr(refused.value), repr(request), caplog.text):
        assert SECRET not in shown


def test_an_answer_without_end_is_cut(odd_server: Odd, tmp_path: Path) -> None:
    server = odd_server(200, JSON, b"x" * 3_000_000)
    client = SearchClient(server.address, transport=HttpTransport(most_bytes=1 << 20))
    with pytest.raises(ApiFailed, match="larger than 1 MiB"):
        client.search("red")


def test_a_slow_drip_ends_in_time(raw_server: Callable[[bytes, bool], str]) -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
    with pytest.raises(ApiError):
        SearchClient(raw_server(said, False), timeout_s=0.3).health()


def test_words_that_do_not_exist_or_fit_are_refused() -> None:
    from search.query import read_query

    client = SearchClient("http://127.0.0.1:9")
    with pytest.raises(TypeError, match="no keyword 'wher'"):
        client.search("red", wher=["colour=red"])  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no keyword 'where'"):
        client.similar("a@0", where=["colour=red"])  # type: ignore[call-arg]
    with pytest.raises(SettingsError, match="then: a query tree holds all"):
        client.search(read_query('{"kind": "text", "text": "red"}'), then=["a"])
    with pytest.raises(SettingsError, match="is no id"):
        client.video("..")
    with pytest.raises(SettingsError, match="No such file"):
        client.search(picture=Path("nowhere.png"))
