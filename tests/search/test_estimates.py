"""Where cosines are estimates at first: the order is settled block by block, and says where not."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from blurred import BlurredIndex, blur
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle
from pydantic import ValidationError
from trees import TREES, VECTORS, WORLDS, ground
from worlds import PALETTE, World, make_world

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, Label
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory
from search.engine import SearchEngine
from search.hits import Hit, SearchResult
from search.options import SearchOptions
from search.query import Query
from search.why import score_from_why

SPACE = Space("one", 4, "palette", Range(-1, 1), Range(-1, 1))
TEXT = {"kind": "text", "text": "a dog"}
THEN = {"kind": "then", "stages": [TEXT, {"kind": "text", "text": "snow"}]}
OPTIONS = st.builds(
    SearchOptions,
    group=st.sampled_from(("none", "video")),
    sort=st.sampled_from(("score", "time")),
    per_video=st.none() | st.integers(1, 3),
    min_score=st.none() | st.sampled_from((0.3, 0.6)),
)


def make_long_world(shots: int, videos: int, seed: int = 0) -> World:
    """Videos of many shots with one to three keyframes, every vector another."""
    dice = np.random.default_rng(seed)
    films = []
    for number in range(videos):
        spans = [(n * 1000, (n + 1) * 1000) for n in range(shots)]
        times, found = [], []
        for start, end in spans:
            for part in range(dice.integers(1, 4)):
                times.append(start + 100 + 300 * part)
                vector = dice.normal(size=4)
                vector = (vector / np.linalg.norm(vector)).astype(np.float32)
                seen = Embedding(times[-1], times[-1] + 1, "one", vector)
                found.append(("model", seen))
            if dice.random() < 0.5:
                found.append(("things", Label(start, end, "coco", "dog", 0.5)))
        films.append(PlainVideo(f"uid{number}", spans, times, found))
    return World(films, [SPACE], build_in_memory(content_of(films, [SPACE])))


def engine_of(world: World) -> SearchEngine:
    return SearchEngine(world.generation, world.encoders)


def ask(world: World, root: dict[str, Any], **options: object) -> SearchResult:
    query = Query.model_validate({"root": root})
    return engine_of(world).search(query, SearchOptions.model_validate(options))


def scores_of(hits: Sequence[Hit]) -> list[float]:
    return [hit.score for hit in hits]


def ask_pages(engine: SearchEngine, root: dict[str, Any], options: SearchOptions) -> list[Hit]:
    """All hits, page by page, whose numbers fit together."""
    hits: list[Hit] = []
    while True:
        page = engine.search(Query.model_validate({"root": root}), options)
        hits += page.hits
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        if page.cursor is None:
            assert page.total == len(hits)
            return hits
        options = options.model_copy(update={"cursor": page.cursor})


@pytest.mark.parametrize("root", [TEXT, THEN])
@pytest.mark.parametrize("group", ["none", "video"])
def test_four_thousand_hits_are_the_same_in_pages_and_at_once(
    root: dict[str, Any], group: str
) -> None:
    world = make_long_world(100, 50)
    blurred = blur(world, 0.002)
    whole, truth = (ask(one, root, group=group, k=4000) for one in (blurred, world))
    assert len(whole.hits) == 4000
    assert whole.total == truth.total
    assert scores_of(whole.hits) == pytest.approx(scores_of(truth.hits), abs=1e-6)
    pages: list[Hit] = []
    cursor = None
    while len(pages) < 4000:
        page = ask(blurred, root, group=group, k=700, cursor=cursor)
        pages += page.hits
        cursor = page.cursor
    assert pages[:4000] == list(whole.hits)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES, options=OPTIONS, k=st.sampled_from((1, 2, 5, 9)))
def test_pages_of_any_size_hold_every_hit_once_with_the_score_that_its_reason_gives(
    seed: int, tree: dict[str, Any], options: SearchOptions, k: int
) -> None:
    world = make_world(seed)
    oracle = Oracle(world.videos, world.spaces, VECTORS)
    root = ground(tree, oracle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.engine.BLOCKS", (3, 7, 12))
        engine = engine_of(blur(world, 1e-4))
        free = options.model_copy(update={"min_score": None})
        hits = ask_pages(engine, root, free.model_copy(update={"k": k}))
        assert hits == ask_pages(engine, root, free.model_copy(update={"k": 50}))
    truth = ask_pages(engine_of(world), root, free)
    assert sorted(hit.shot for hit in hits) == sorted(hit.shot for hit in truth)
    assert not any(hit.estimated for hit in hits[:12])
    for hit in hits:
        assert score_from_why(hit.to_json()["why"]) == pytest.approx(hit.score, abs=2e-6)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=WORLDS, tree=TREES, options=OPTIONS, k=st.sampled_from((1, 4, 50)))
def test_estimates_change_no_limit_order_or_group_of_hits(
    seed: int, tree: dict[str, Any], options: SearchOptions, k: int
) -> None:
    world = make_world(seed)
    root = ground(tree, Oracle(world.videos, world.spaces, VECTORS))
    pages = options.model_copy(update={"k": k})
    found, truth = (ask_pages(engine_of(one), root, pages) for one in (blur(world, 0.01), world))
    assert scores_of(found) == pytest.approx(scores_of(truth), abs=2e-6)
    assert len({hit.video for hit in found}) == len({hit.video for hit in truth})


def test_what_lies_beyond_the_last_block_says_that_it_is_estimated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.engine.BLOCKS", (4, 8, 16))
    world = make_long_world(20, 3)
    hits = ask(blur(world, 0.01), TEXT, k=100).hits
    assert not any(hit.estimated for hit in hits[:16])
    assert all(hit.estimated for hit in hits[24:])  # half as many more were looked at
    assert hits[0].to_json().keys() == Hit.model_fields.keys() - {"estimated", "similar"}
    assert hits[-1].to_json()["estimated"] is True
    truth = {hit.shot: hit.score for hit in ask(world, TEXT, k=100).hits}
    for hit in hits:
        most = 0.006 if hit.estimated else 1e-6
        assert hit.score == pytest.approx(truth[hit.shot], abs=most)
        assert score_from_why(hit.to_json()["why"]) == pytest.approx(hit.score, abs=1e-6)
        assert Hit.model_validate(json.loads(json.dumps(hit.to_json()))) == hit


def test_only_rows_that_can_be_the_best_of_their_shot_are_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = blur(make_long_world(100, 10), 0.001)
    read: list[int] = []

    def rescore(self: BlurredIndex, queries: Any, ids: Any) -> Any:
        read.append(len(ids))
        return self.exact.rescore(queries, ids)

    monkeypatch.setattr(BlurredIndex, "rescore", rescore)
    ask(world, TEXT)
    assert sum(read) < 1.1 * 1000 + 100  # 1,000 shots with 2,000 rows; 100 tell the error
    read.clear()
    ask(world, THEN)
    assert sum(read) < 2.2 * 1000 + 200


def test_equal_vectors_come_in_order_of_time_however_many() -> None:
    spans = [(n * 1000, (n + 1) * 1000) for n in range(2500)]
    seen = [
        ("model", Embedding(start, end, "one", PALETTE[n % 2]))
        for n, (start, end) in enumerate(spans)
    ]
    film = PlainVideo("a", spans, [start for start, _ in spans], seen)
    generation = build_in_memory(content_of([film], [SPACE]))
    world = blur(World([film], [SPACE], generation), 0.003)
    hits = ask(world, TEXT, k=2500).hits
    assert len(hits) == 2500
    for half in (hits[:1250], hits[1250:]):
        assert len({hit.score for hit in half}) == 1
        starts = [hit.start_ms for hit in half]
        assert starts == sorted(starts)


def test_what_a_reason_shows_is_exact_also_below_a_filter() -> None:
    world = make_long_world(30, 2)
    label = {"kind": "label", "name": "coco/dog"}
    root = {"kind": "not", "child": {"kind": "all_of", "children": [TEXT, label]}}
    found, truth = (ask(one, root, k=50).hits for one in (blur(world, 0.01), world))
    assert [hit.why for hit in found] == [hit.why for hit in truth]
    assert len(found) > 10


@pytest.mark.parametrize("videos", [[], [PlainVideo("a", [(0, 1000)])]])
@pytest.mark.parametrize("root", [TEXT, THEN, {"kind": "not", "child": TEXT}])
def test_a_collection_of_nothing_or_of_one_row_without_a_vector_answers(
    videos: list[PlainVideo], root: dict[str, Any]
) -> None:
    world = World(videos, [SPACE], build_in_memory(content_of(videos, [SPACE])))
    hits = ask(blur(world, 0.01), root).hits
    assert scores_of(hits) == ([] if root is THEN else [0.0] * len(videos))


def test_one_row_with_a_vector_is_found() -> None:
    seen = ("model", Embedding(0, 1000, "one", PALETTE[1]))
    film = PlainVideo("a", [(0, 1000)], [500], [seen])
    world = World([film], [SPACE], build_in_memory(content_of([film], [SPACE])))
    (hit,) = ask(blur(world, 0.01), TEXT).hits
    assert hit.score == pytest.approx(1.0)
    assert not hit.estimated


@pytest.mark.parametrize("group", ["none", "video"])
def test_filters_that_leave_nothing_leave_nothing(group: str) -> None:
    world = blur(make_long_world(30, 2), 0.01)
    nothing = {"kind": "metadata", "field": "width", "op": ">", "value": 99}
    root = {"kind": "all_of", "children": [THEN, nothing]}
    result = ask(world, root, group=group, per_video=2)
    assert (result.hits, result.total, result.cursor) == ((), 0, None)


def test_then_inside_joins_is_settled_like_any_other() -> None:
    world = make_long_world(60, 20, seed=3)
    label = {"kind": "label", "name": "coco/dog"}
    inner = {"kind": "then", "stages": [TEXT, THEN], "within_shots": 3, "fusion": "similarity"}
    both = {"kind": "all_of", "children": [inner, {"kind": "not", "child": label}]}
    root = {"kind": "any_of", "children": [both, {"kind": "all_of", "children": [label, TEXT]}]}
    found, truth = (ask(one, root, k=1000) for one in (blur(world, 0.01), world))
    assert found.total == truth.total
    assert [hit.shot for hit in found.hits] == [hit.shot for hit in truth.hits]
    assert [hit.time_ms for hit in found.hits] == [hit.time_ms for hit in truth.hits]
    for hit, same in zip(found.hits, truth.hits, strict=True):
        assert score_from_why(hit.to_json()["why"]) == pytest.approx(same.score, abs=2e-6)
        assert hit.why.to_json().keys() == same.why.to_json().keys()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**6),
    off=st.sampled_from((0.001, 0.005)),
    k=st.sampled_from((7, 50, 400)),
)
def test_videos_stay_whole_and_in_order_over_the_borders_of_blocks(
    seed: int, off: float, k: int
) -> None:
    world = make_long_world(40, 8, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.engine.BLOCKS", (50, 130, 400))
        options = SearchOptions(group="video", k=k)
        hits = ask_pages(engine_of(blur(world, off)), TEXT, options)
    videos = [hit.video_id for hit in hits]
    runs = [one for one, before in zip(videos, [None, *videos], strict=False) if one != before]
    truth = ask_pages(engine_of(world), TEXT, options)
    assert runs == list(dict.fromkeys(hit.video_id for hit in truth))
    assert sorted(hit.shot for hit in hits) == sorted(hit.shot for hit in truth)


@pytest.mark.parametrize(
    "wrong", [{"per_video": 10**20}, {"min_score": 1e39}, {"min_score": -0.1}, {"min_score": 1.1}]
)
def test_limits_that_no_hit_can_have_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        SearchOptions.model_validate(wrong)
