"""The server of the speed bench answers as the engine does, and ends; both are counted alike."""

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

import bench.speed.over_http as over_http
from bench.speed.collection import Plan, keep_collection
from bench.speed.http_server import HOST, serving
from bench.speed.over_http import (
    FEWEST_EACH,
    HttpFigures,
    HttpWrong,
    Rush,
    check_hits,
    connect,
    measure_http,
)
from bench.speed.race import Timing
from search.hits import SearchResult

PLAN = Plan(1500, 384)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_collection(tmp_path_factory.mktemp("http"), PLAN, lambda line: None)


def timing(p50_ms: float) -> Timing:
    return Timing("", "", 1, p50_ms, p50_ms, p50_ms, p50_ms)


def test_one_client_and_many_are_measured_beside_the_engine(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_http, "CLIENTS", 3)
    told: list[str] = []
    figures = measure_http(collection, PLAN, 0.05, told.append)
    assert len(told) == 1
    assert figures.many.rounds >= over_http.STRETCHES * 3 * FEWEST_EACH
    assert 0 < figures.engine.best_ms < figures.one.p50_ms
    assert figures.engine_per_s > 0
    assert figures.many_per_s > 0
    assert figures.answer_bytes > 100_000


def test_a_refusal_is_no_answer_and_the_server_ends_with_the_block(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_http, "HITS", 100_000)
    with (
        serving(collection, PLAN) as port,
        ExitStack() as stack,
        pytest.raises(HttpWrong, match="422"),
    ):
        next(connect(port, stack))(0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port), 20)


def test_other_shots_than_the_engines_are_told() -> None:
    found = SearchResult(hits=(), space=None, took_ms=1.0, total=0, generation="g")
    check_hits(b'{"hits": []}', found)
    with pytest.raises(HttpWrong, match="other shots"):
        check_hits(b'{"hits": [{"shot": "a@0"}]}', found)


def test_no_two_threads_ask_the_same() -> None:
    asked: list[int] = []
    rush = Rush([asked.append] * 3)
    rush.go_on(0)
    assert sorted(asked) == list(range(3 * FEWEST_EACH))
    assert rush.answers == len(asked) - 3  # those after each thread had one
    assert len(rush.waits_ms) == len(asked)


def test_the_cost_is_a_difference_and_a_share() -> None:
    figures = HttpFigures(timing(50.0), timing(57.5), timing(900.0), 20.0, 18.5, 1)
    assert figures.over_ms == 7.5
    assert figures.share == 0.925
