"""The engine against a plain second reading, on random queries over random collections."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Found, Oracle
from worlds import MEASURES, PALETTE, PIXELS, SAID, TEXTS, World, make_world, picture_of

from search.engine import SearchEngine
from search.hits import Hit
from search.options import SearchOptions
from search.query import read_query
from search.why import score_from_why

NEAR = 1e-5
VECTORS = {
    **{text: PALETTE[n].tolist() for n, text in enumerate(TEXTS)},
    **{picture_of(pixel): PALETTE[6 + n].tolist() for n, pixel in enumerate(PIXELS)},
}
OPS = st.sampled_from(("=", "<", "<=", ">", ">="))
SPACES = st.sampled_from((None, "one", "two"))
WEIGHTS = st.sampled_from((0.25, 1.0, 2.5))
EXPRESSIONS = (*SAID, "stop*", "*top*", "the exit", '"the exit"', '"stop the" way', "*e")


def leaf(kind: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


def compared(field: str, *values: Any) -> st.SearchStrategy[dict[str, Any]]:
    return leaf("metadata", field=st.just(field), op=OPS, value=st.sampled_from(values))


LEAVES = st.one_of(
    leaf("text", text=st.sampled_from(TEXTS), space=SPACES),
    leaf("text", text=st.sampled_from(TEXTS), space=SPACES),
    leaf("image", picture=st.sampled_from([picture_of(pixel) for pixel in PIXELS]), space=SPACES),
    leaf("shot", pick=st.integers(0, 1000), space=SPACES),
    leaf(
        "words",
        text=st.sampled_from(EXPRESSIONS),
        where=st.sampled_from(("any", "read", "subtitle", "title", "said")),
    ),
    leaf(
        "label",
        name=st.sampled_from(("coco/person", "coco/dog", "dog", "zoo/cat")),
        op=OPS,
        count=st.integers(0, 3),
    ),
    leaf(
        "colour",
        name=st.sampled_from(("red", "white", "black")),
        min_area=st.sampled_from((0.05, 0.3)),
    ),
    compared("width", 320, 640),
    compared("duration", 1000, 2600, 3000.5),
    compared("size", 1000, 1500),
    compared("time", 0, 999, 1000, 1400),
    compared("date", "2024", "2024-05", "2024-05-01", "2023"),
    *(compared(name, 0, 0.25, 2) for name in MEASURES),
)


def joins(children: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        many(children).flatmap(all_of),
        many(children).map(lambda parts: {"kind": "any_of", "children": parts}),
        children.map(lambda part: {"kind": "not", "child": part}),
        many(children).flatmap(weighted_sum),
        then(children),
        then(children),
    )


def many(
    children: st.SearchStrategy[dict[str, Any]],
) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(children, min_size=1, max_size=3)


def all_of(parts: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    weights = st.none() | st.lists(WEIGHTS, min_size=len(parts), max_size=len(parts))
    whole = {"kind": st.just("all_of"), "children": st.just(parts)}
    return st.one_of(
        st.fixed_dictionaries(
            {**whole, "weights": weights, "by": st.sampled_from(("sum", "product"))}
        ),
        st.fixed_dictionaries({**whole, "by": st.just("minimum")}),
    )


def weighted_sum(parts: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    weight = st.sampled_from((-1.0, -0.5, 1.0, 3.0))
    weights = st.lists(weight, min_size=len(parts), max_size=len(parts))
    return st.fixed_dictionaries(
        {"kind": st.just("weighted_sum"), "children": st.just(parts), "weights": weights}
    )


def then(children: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    within = st.one_of(
        st.just({}),
        st.sampled_from((1, 2, 3)).map(lambda n: {"within_shots": n}),
        st.sampled_from((0, 239, 240, 1000, 5000)).map(lambda n: {"within_ms": n}),
    )
    stages = st.lists(children, min_size=2, max_size=3)
    fusions = st.sampled_from(("distance", "similarity", "harmonic"))
    return st.builds(
        lambda stages, within, fusion: {
            "kind": "then",
            "stages": stages,
            "fusion": fusion,
            **within,
        },
        stages,
        within,
        fusions,
    )


TREES = st.recursive(LEAVES, joins, max_leaves=7)
WORLDS = st.integers(0, 10**6)


def check(seed: int, tree: dict[str, Any]) -> None:
    """The engine and the oracle find the same shots, in the same order, with the same scores."""
    world = make_world(seed)
    oracle = Oracle(world.videos, world.spaces, VECTORS)
    query = read_query(json.dumps(ground(tree, oracle)))
    engine = SearchEngine(world.generation, world.encoders)
    result = engine.search(query, SearchOptions(k=1000))
    truth = oracle.find(query.model_dump(mode="json")["root"])
    assert result.total == len(result.hits) == len(truth)
    by_shot = {hit.shot: hit for hit in truth}
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


def ground(node: Any, oracle: Oracle) -> Any:
    """The same tree, where each shot to compare with is one that the collection has."""
    if isinstance(node, list):
        return [ground(part, oracle) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("kind") != "shot":
        return {key: ground(value, oracle) for key, value in node.items()}
    space, pick = node["space"] or oracle.default_space, node["pick"]
    rows = [row for row in oracle.rows if oracle.seen(row, space)]
    if not rows:
        return {"kind": "text", "text": TEXTS[0], "space": space}
    row = rows[pick % len(rows)]
    start, end = oracle.bounds(row.shot)
    time_ms = start + pick * 97 % (end - start)
    return {"kind": "shot", "video": f"uid{row.video}", "time_ms": time_ms, "space": node["space"]}


def shot_of(hit: Hit, world: World) -> tuple[int, int]:
    uid, start = hit.shot.split("@")
    video = next(number for number, one in enumerate(world.videos) if one.uid == uid)
    return video, [shot[0] for shot in world.videos[video].shots].index(int(start))


def best_moments(hit: Found) -> list[int]:
    """The times that may be named: where scores differ by rounding only, any of them."""
    scored = [(said.score or 0.0, said.at, -time_ms) for time_ms, said in hit.rows]
    best = max(scored)
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


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES)
def test_a_thousand_random_queries_are_answered_as_the_oracle_says(
    seed: int, tree: dict[str, Any]
) -> None:
    check(seed, tree)
