"""Ways of doing one thing race in turns: the ratios are to the first, and the figures are whole."""

import json
from io import StringIO

import pytest
from rich.console import Console

from bench.speed.race import WARM_UP, Entrant, race
from bench.speed.scoring import measure_speed
from bench.tables import show_speed


def test_all_act_in_turn_after_a_warm_up() -> None:
    acted: list[str] = []
    entrants = [Entrant(name, lambda name=name: acted.append(name)) for name in ("a", "b")]  # type: ignore[misc]
    timings = race(entrants, 3)
    assert acted == ["a", "b"] * (WARM_UP + 3)
    assert [timing.name for timing in timings] == ["a", "b"]
    assert timings[0].ratio == 1


def test_the_ratio_is_to_the_first() -> None:
    """A thousand times the work takes longer on any machine."""
    short, long = race([Entrant("short", lambda: sum(range(10))),
                        Entrant("long", lambda: sum(range(100_000)))], 5)  # fmt: skip
    assert long.ratio > 5
    assert short.ratio == 1
    assert long.ratio == pytest.approx(long.p50_ms / short.p50_ms, rel=0.2)
    assert long.p50_ms <= long.p95_ms <= long.p99_ms
    assert set(long.to_json()) == {"name", "says", "p50_ms", "p95_ms", "p99_ms", "ratio"}


def test_our_index_is_timed_beside_a_peer_and_the_limit() -> None:
    figures = measure_speed(1000, 2, lambda line: None)
    told = json.loads(json.dumps(figures.to_json(), allow_nan=False))
    assert told["rows"] == 1000
    contests = told["contests"]
    scores, best = contests["every score of a query"], contests["the best 1,000 of a query"]
    assert [timing["name"] for timing in scores] == ["ours", "numpy", "the limit"]
    assert [timing["name"] for timing in best] == ["ours", "numpy"]
    assert scores[0]["ratio"] == best[0]["ratio"] == 1
    assert told["peak_mb"] > 20
    page = StringIO()
    show_speed(figures, Console(file=page, width=120))
    assert "the limit" in page.getvalue()
