"""The engine against a plain second reading, on random queries over random collections."""

import json
from typing import Any

import pytest
from blurred import blur
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Found, Oracle
from trees import TREES, VECTORS, WORLDS, ground
from worlds import World, make_world

from search.engine import SearchEngine
from search.hits import Hit
from search.options import SearchOptions
from search.query import read_query
from search.why import score_from_why

NEAR = 1e-5


def check(seed: int, tree: dict[str, Any], *, off: float | None = None) -> None:
    """The engine and the oracle find the same shots, in the same order, with the same scores.

    Where `off` is given, also if every cosine is first only an estimate that is off so far.
    """
    world = make_world(seed) if off is None else blur(make_world(seed), off)
    oracle = Oracle(world.videos, world.spaces, VECTORS)
    query = read_query(json.dumps(ground(tree, oracle)))
    engine = SearchEngine(world.generation, world.encoders)
    result = engine.search(query, SearchOptions(k=1000))
    truth = oracle.find(query.model_dump(mode="json")["root"])
    assert result.total == len(result.hits) == len(truth)
    by_shot = {hit.shot: hit for hit in truth}
    assert not any(hit.estimated for hit in result.hits)
    for hit in result.hits:
        same = by_shot[shot_of(hit, world)]
        assert hit.score == pytest.approx(same.score, abs=NEAR)
        assert score_from_why(json.loads(json.dumps(hit.to_json()["why"]))) == pytest.approx(
            hit.score, abs=1e-6
        )
        assert hit.time_ms in best_moments(same)
    order = [(-hit.score, shot_of(hit, world)) for hit in result.hits]
    assert order == sorted(order)
    places = [place_of(shot_of(hit, world), truth) for hit in result.hits]
    assert places == sorted(places)


def shot_of(hit: Hit, world: World) -> tuple[int, int]:
    uid, start = hit.shot.split("@")
    video = next(number for number, one in enumerate(world.videos) if one.uid == uid)
    return video, [shot[0] for shot in world.videos[video].shots].index(int(start))


def best_moments(hit: Found) -> list[int]:
    """The times that may be named: where scores differ by rounding only, any of them."""
    scored = [(said.score or 0.0, said.at, -time_ms) for time_ms, said in hit.rows]
    best = max(scored)
    if not best[0] and any(said.score is not None for _, said in hit.rows):
        return [time_ms for time_ms, _ in hit.rows]  # what was cut off at 0 is not told apart
    near = [one for one in scored if one[0] > best[0] - NEAR]
    if all(one[0] > best[0] - 1e-9 for one in near):
        return [-max(near, key=lambda one: one[1:])[2]]
    return [-one[2] for one in near]


def place_of(shot: tuple[int, int], truth: list[Found]) -> int:
    """The place of a shot in the oracle's order, where scores closer than rounding share one."""
    place = 0
    for before, hit in zip([*truth[:1], *truth], truth, strict=False):
        place += before.score - hit.score > 2 * NEAR
        if hit.shot == shot:
            return place
    raise AssertionError(f"{shot} is no hit")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES)
def test_random_queries_are_answered_as_the_oracle_says(seed: int, tree: dict[str, Any]) -> None:
    check(seed, tree)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES, off=st.sampled_from((0.001, 0.03)))
def test_random_queries_are_answered_so_too_where_scores_are_first_estimated(
    seed: int, tree: dict[str, Any], off: float
) -> None:
    check(seed, tree, off=off)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES, off=st.sampled_from((0.001, 0.03, 0.2)))
def test_a_thousand_random_queries_are_answered_so_too_where_scores_are_first_estimated(
    seed: int, tree: dict[str, Any], off: float
) -> None:
    check(seed, tree, off=off)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES)
def test_a_thousand_random_queries_are_answered_as_the_oracle_says(
    seed: int, tree: dict[str, Any]
) -> None:
    check(seed, tree)
