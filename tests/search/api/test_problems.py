"""Every error is a problem that says what is wrong, by name, and what to do."""

import asyncio
import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from fastapi import FastAPI

from analyzers.error import ShotseekError
from indexer.error import CatalogUnreachable
from indexer.generations.manifest import GenerationUnreadable
from search.api import problem
from search.error import QueryInvalid
from search.query import read_query


def fail(request: Request | str) -> tuple[int, dict[str, str], dict[str, Any]]:
    with pytest.raises(HTTPError) as caught:
        urlopen(request, timeout=20)
    with caught.value as error:
        assert error.headers["content-type"] == "application/problem+json"
        problem = json.load(error)
        assert problem["status"] == error.code
        assert problem["title"]
        assert problem["detail"]
        assert problem["hint"]
        return error.code, {k.lower(): v for k, v in error.headers.items()}, problem


def post(address: str, body: bytes, kind: str = "application/json") -> Request:
    return Request(f"{address}/v1/search", body, {"Content-Type": kind}, method="POST")


WRONG_TREES = [
    {"root": {"kind": "text"}},
    {"root": {"kind": "text", "text": "   "}},
    {"root": {"kind": "txet", "text": "red"}},
    {"root": {"text": "red"}},
    {"root": {"kind": "text", "text": "red", "colour": 1}},
    {"root": {"kind": "all_of", "children": []}},
    {"root": {"kind": "all_of", "children": [{"kind": "label", "name": "x", "count": -1}]}},
    {"root": {"kind": "then", "stages": [{"kind": "text", "text": "a"}]}},
    {"root": {"kind": "metadata", "field": "width", "value": "wide"}},
    {"root": {"kind": "image"}},
    {"root": {"kind": "image", "picture": "%%%"}},
    {"version": 2, "root": {"kind": "text", "text": "red"}},
    {"version": 1},
    {"root": None},
    {},
]


@pytest.mark.parametrize("tree", WRONG_TREES, ids=map(str, range(len(WRONG_TREES))))
def test_a_wrong_tree_is_told_in_the_same_words_as_by_the_command_line(
    small_address: str, tree: dict[str, Any]
) -> None:
    status, _, problem = fail(post(small_address, json.dumps(tree).encode()))
    with pytest.raises(QueryInvalid) as told:
        read_query(json.dumps(tree))
    assert status == 422
    assert problem["detail"] == str(told.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "no JSON: Expecting property name"),
        (b'{"root": }', "Expecting value at character 9"),
        (b"\xff", "no UTF-8"),
        (b"[" * 50_000, "too deep"),
    ],
)
def test_what_is_no_json_is_400(small_address: str, body: bytes, told: str) -> None:
    status, _, problem = fail(post(small_address, body))
    assert status == 400
    assert told in problem["detail"]


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/v1/search?text=red&k=0", 422, "k: "),
        ("/v1/search?text=red&group=x", 422, "group: "),
        ("/v1/search?text=red&limt=3", 422, "limt: there is no such parameter; the nearest is"),
        ("/v1/videos?limit=x", 422, "limit: "),
        ("/v1/search?where=colur=red", 422, "the nearest is colour"),
        ("/v1/search", 422, "nothing was asked"),
        ("/v1/videos/none", 404, "none"),
        ("/v1/none", 404, "no such address"),
        ("/", 404, "no such address"),
    ],
)
def test_details_name_what_is_wrong(
    small_address: str, address: str, status: int, told: str
) -> None:
    got, _, problem = fail(f"{small_address}{address}")
    assert got == status
    assert told in problem["detail"]
    assert "--" not in problem["detail"]


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/v1/search", "PUT", {"HEAD", "GET", "POST"}),
        ("/v1/search", "OPTIONS", {"HEAD", "GET", "POST"}),
        ("/v1/pictures", "GET", {"POST"}),
        ("/v1/videos", "POST", {"HEAD", "GET"}),
        ("/healthz", "DELETE", {"HEAD", "GET"}),
        ("/metrics", "POST", {"HEAD", "GET"}),
    ],
)
def test_another_method_is_405_with_all_that_are_allowed(
    small_address: str, path: str, method: str, allowed: set[str]
) -> None:
    status, headers, _ = fail(Request(f"{small_address}{path}", method=method))
    assert status == 405
    assert set(headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CatalogUnreachable("postgresql://ann@10.0.0.9/films: refused"), "does not answer"),
        (GenerationUnreadable("/srv/secret/c/indexes/g1: broken"), "g1: broken"),
    ],
)
def test_clients_are_not_told_where_things_are(error: ShotseekError, told: str) -> None:
    app = FastAPI()
    problem.install(app)

    @app.get("/")
    def fail_so() -> None:
        raise error

    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 503
    detail = json.loads(sent[1]["body"])["detail"]
    assert told in detail
    assert not any(word in detail for word in ("ann", "10.0.0.9", "/srv", "secret"))
