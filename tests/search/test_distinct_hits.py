"""Hits that look like one before them are folded: no hit is lost, none is shown twice."""

import io
import json
from typing import Any

import numpy as np
import pytest
from blurred import blur
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle
from pydantic import ValidationError
from trees import TREES, VECTORS, WORLDS, ground
from worlds import PALETTE, World, make_world

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, Words, WordsKind
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory
from search.engine import SearchEngine
from search.error import CursorExpired, QueryInvalid
from search.hits import Hit, SearchResult
from search.listing import write_hits
from search.options import SearchOptions
from search.query import Query

SPACE = Space("one", 4, "palette", Range(-1, 1), Range(-1, 1))
TEXT = {"kind": "text", "text": "a dog"}
WORDS = {"kind": "words", "text": "stop"}


LISTINGS = st.builds(
    SearchOptions,
    group=st.sampled_from(("none", "video")),
    sort=st.sampled_from(("score", "time")),
    per_video=st.none() | st.integers(1, 3),
    min_score=st.none() | st.sampled_from((0.3, 0.6)),
)


def ask(world: World, root: dict[str, Any], options: SearchOptions) -> SearchResult:
    engine = SearchEngine(world.generation, world.encoders)
    return engine.search(Query.model_validate({"root": root}), options)


def ask_pages(world: World, root: dict[str, Any], options: SearchOptions) -> list[SearchResult]:
    """All pages; hits are numbered through, and no page is empty but an only one."""
    pages: list[SearchResult] = []
    while True:
        pages.append(ask(world, root, options))
        hits = [hit for page in pages for hit in page.hits]
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        if pages[-1].cursor is None:
            return pages
        assert len(pages[-1].hits) == options.k
        options = options.model_copy(update={"cursor": pages[-1].cursor})


def fold_plainly(
    hits: list[Hit], looks: list[list[float] | None], least: float, most: int
) -> dict[str, int]:
    """The shots that stay, in order, and how many are folded under each; by loops."""
    stay: dict[int, int] = {}
    for number, look in enumerate(looks):
        like = None
        if look is not None and number < most:
            like = next(
                (
                    before
                    for before in stay
                    if looks[before] is not None and np.dot(looks[before], look) >= least - 1e-6
                ),
                None,
            )
        if like is None:
            stay[number] = 0
        else:
            stay[like] += 1
    return {hits[number].shot: count for number, count in stay.items()}


def looks_of(world: World, hits: list[Hit], space: str) -> list[list[float] | None]:
    """The first vector of each hit's moment."""
    oracle = Oracle(world.videos, world.spaces, VECTORS)
    seen = {
        (world.videos[row.video].uid, row.time_ms): oracle.seen(row, space) for row in oracle.rows
    }
    found = [seen[hit.video_id, hit.time_ms] for hit in hits]
    return [list(vectors[0]) if vectors else None for vectors in found]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=WORLDS,
    tree=TREES,
    listing=LISTINGS,
    least=st.sampled_from((0.55, 0.8, 0.95, 1.0)),
    k=st.sampled_from((1, 2, 5)),
    off=st.sampled_from((0.0, 1e-4)),
)
def test_what_stays_and_what_it_stands_for_is_what_a_plain_loop_says(
    seed: int, tree: dict[str, Any], listing: SearchOptions, least: float, k: int, off: float
) -> None:
    world = make_world(seed)
    root = ground(tree, Oracle(world.videos, world.spaces, VECTORS))
    world = blur(world, off) if off else world
    folding = listing.model_copy(update={"distinct": least, "k": 100})
    with pytest.MonkeyPatch.context() as patch:
        for name in ("engine.BLOCKS", "engine.STEPS", "paging.STEPS"):
            patch.setattr(f"search.{name}", (4, 8, 14))
        plain = ask(world, root, listing.model_copy(update={"k": 100}))
        whole = ask(world, root, folding)
        pages = ask_pages(world, root, folding.model_copy(update={"k": k}))
    hits = list(plain.hits)
    space = plain.space or world.spaces[0].name
    truth = fold_plainly(hits, looks_of(world, hits, space), least, 14)
    assert {hit.shot: hit.similar for hit in whole.hits} == truth
    assert [hit.shot for page in pages for hit in page.hits] == list(truth)
    assert sum(1 + hit.similar for hit in whole.hits) == whole.total == plain.total
    as_before = {hit.shot: hit.model_copy(update={"rank": 0}) for hit in hits}
    for hit in whole.hits:
        assert hit.model_copy(update={"rank": 0, "similar": 0}) == as_before[hit.shot]


def make_film(looks: list[int], said: str = "stop") -> World:
    """A shot of a second for each number of a colour; two that look the same have one number."""
    spans = [(n * 1000, (n + 1) * 1000) for n in range(len(looks))]
    found: list[tuple[str, Any]] = []
    for (start, end), look in zip(spans, looks, strict=True):
        found.append(("ocr", Words(start, end, WordsKind.READ, said)))
        if look >= 0:
            found.append(("model", Embedding(start, end, "one", PALETTE[look])))
    film = PlainVideo("a", spans, [start for start, _ in spans], found)
    return World([film], [SPACE], build_in_memory(content_of([film], [SPACE])))


def test_words_alone_are_folded_by_the_first_space() -> None:
    result = ask(make_film([4, 5, 4, -1, 4, -1]), WORDS, SearchOptions(distinct=0.95))
    found = [(hit.start_ms, hit.similar) for hit in result.hits]
    assert found == [(0, 2), (1000, 0), (3000, 0), (5000, 0)]
    assert (result.total, result.space, result.cursor) == (6, None, None)


def test_then_is_folded_by_the_moment_of_its_first_stage() -> None:
    then = {"kind": "then", "stages": [WORDS, {"kind": "text", "text": "snow"}], "within_shots": 1}
    hits = ask(make_film([4, 1, 4, 2, 3]), then, SearchOptions(sort="time", distinct=1)).hits
    assert [(hit.start_ms, hit.similar) for hit in hits] == [(0, 1), (1000, 0), (3000, 0)]


def test_a_page_of_a_thousand_goes_down_as_far_as_it_needs() -> None:
    world = blur(make_film([4] * 1500 + [5] + [4] * 1700 + [-1] * 3), 0.001)
    result = ask(world, WORDS, SearchOptions(k=3, distinct=0.9))
    found = [(hit.start_ms // 1000, hit.similar) for hit in result.hits]
    assert found == [(0, 3199), (1500, 0), (3201, 0)]
    assert result.cursor is not None
    first = ask(world, WORDS, SearchOptions(k=1, distinct=0.9))
    assert (first.hits[0].similar, first.total) == (1598, 3204)  # as far as that page looked


def test_beyond_the_last_step_hits_are_listed_as_they_are() -> None:
    world = make_film([4] * 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.engine.STEPS", (5, 10))
        patch.setattr("search.paging.STEPS", (5, 10))
        pages = ask_pages(world, TEXT, SearchOptions(k=2, distinct=0.9))
    found = [(hit.start_ms, hit.similar) for page in pages for hit in page.hits]
    assert found == [(0, 9), (10_000, 0), (11_000, 0)]


def test_only_what_stands_for_others_says_so_in_json() -> None:
    hits = ask(make_film([4, 4, 5]), WORDS, SearchOptions(distinct=0.95)).hits
    told = [hit.to_json() for hit in hits]
    assert [one.get("similar") for one in told] == [1, None]
    assert [Hit.model_validate(json.loads(json.dumps(one))) for one in told] == list(hits)


def test_a_line_says_how_many_a_hit_stands_for() -> None:
    lines = io.StringIO()
    write_hits(ask(make_film([4, 4, 5, 4]), WORDS, SearchOptions(distinct=0.95)), lines)
    first, second = lines.getvalue().splitlines()
    assert first.endswith('  +2 alike, read "stop"')
    assert second.endswith('0:02.000-0:03.000      read "stop"')


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("k", "more"), [(1, True), (2, False)])
def test_a_table_that_hides_nothing_but_what_is_alike_offers_no_more(k: int, more: bool) -> None:
    screen = Screen()
    write_hits(ask(make_film([4, 4, 5, 4]), WORDS, SearchOptions(distinct=0.95, k=k)), screen)
    assert ("-k N shows more" in screen.getvalue()) is more


def test_a_cursor_is_of_one_way_of_folding() -> None:
    world = make_film([1, 2, 3])
    page = ask(world, WORDS, SearchOptions(k=1, distinct=0.95))
    with pytest.raises(CursorExpired):
        ask(world, WORDS, SearchOptions(k=1, distinct=0.9, cursor=page.cursor))


def test_a_collection_without_vectors_says_that_nothing_can_be_folded() -> None:
    film = PlainVideo("a", [(0, 1000)], [0], [("ocr", Words(0, 1000, WordsKind.READ, "stop"))])
    world = World([film], [], build_in_memory(content_of([film], [])))
    assert ask(world, WORDS, SearchOptions()).total == 1
    with pytest.raises(QueryInvalid, match="distinct: the collection has no vectors"):
        ask(world, WORDS, SearchOptions(distinct=0.95))


@pytest.mark.parametrize("least", [0.5, 1.01, -1, float("nan")])
def test_a_cosine_that_tells_nothing_is_refused(least: float) -> None:
    with pytest.raises(ValidationError, match="distinct"):
        SearchOptions(distinct=least)
