"""The order of hits, grouping, limits and pages, against a plain reading of the rules."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.options import SearchOptions
from search.ranking import Ranking, find_best

SCORES = (0.0, 0.25, 0.5, 0.5, 1.0)


def list_plainly(scores: list[float], videos: list[int], options: SearchOptions) -> list[int]:
    """All shots in order, by loops."""
    least = np.float32(options.min_score or 0)
    hits = [n for n, score in enumerate(scores) if score >= least]
    hits.sort(key=lambda n: (-scores[n], n))
    if options.per_video is not None:
        seen: dict[int, int] = {}
        kept = []
        for n in hits:
            seen[videos[n]] = seen.get(videos[n], 0) + 1
            if seen[videos[n]] <= options.per_video:
                kept.append(n)
        hits = kept
    order = list(dict.fromkeys(videos[n] for n in hits))
    if options.sort == "time":
        hits.sort()
    if options.group == "video":
        hits.sort(key=lambda n: order.index(videos[n]))
    return hits


OPTIONS = st.builds(
    SearchOptions,
    k=st.integers(1, 12),
    group=st.sampled_from(("none", "video")),
    sort=st.sampled_from(("score", "time")),
    per_video=st.none() | st.integers(1, 3),
    min_score=st.none() | st.sampled_from((0.25, 0.3, 1.0)),
)


@settings(max_examples=500, deadline=None)
@given(seed=st.integers(0, 10**6), options=OPTIONS, count=st.integers(0, 30))
def test_the_first_hits_are_what_a_plain_reading_gives(
    seed: int, options: SearchOptions, count: int
) -> None:
    dice = random.Random(seed)
    sizes = [dice.choice((0, 1, 3, 8, 20)) for _ in range(dice.randint(0, 6))]
    videos = [video for video, size in enumerate(sizes) for _ in range(size)]
    scores = [dice.choice((*SCORES, dice.random(), -1.0)) for _ in videos]
    ranking = Ranking(np.cumsum([0, *sizes]), options)
    values = np.array(scores, np.float32)
    truth = list_plainly(values.tolist(), videos, options)
    assert ranking.count(values) == len(truth)
    assert ranking.list_first(values, count).tolist() == truth[:count]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    ties=st.sampled_from((1, 3, 200, 10**6)),
    count=st.sampled_from((1, 50, 2_000, 49_999, 60_000)),
    least=st.sampled_from((0.0, 0.4, 0.999, 1.0)),
)
def test_the_best_of_many_scores_are_found_among_equals_and_without(
    seed: int, ties: int, count: int, least: float
) -> None:
    dice = np.random.default_rng(seed)
    scores = np.round(dice.random(50_000, np.float32) * ties) / np.float32(ties)
    scores[dice.random(50_000) < dice.random()] = -1
    order = np.argsort(-scores, kind="stable")
    truth = order[scores[order] >= np.float32(least)][:count]
    assert find_best(scores, count, least).tolist() == truth.tolist()


def test_a_videos_surplus_leaves_room_for_the_next_video() -> None:
    scores = np.array([*np.linspace(1, 0.9, 20), *np.linspace(0.5, 0.4, 20)], np.float32)
    ranking = Ranking(np.array([0, 20, 40]), SearchOptions(per_video=2))
    assert (ranking.list_first(scores, 3).tolist(), ranking.count(scores)) == ([0, 1, 20], 4)


def test_hits_that_score_the_same_come_in_order_of_the_videos() -> None:
    ranking = Ranking(np.array([0, 500, 1000]), SearchOptions())
    scores = np.ones(1000, np.float32)
    assert ranking.list_first(scores, 603)[600:].tolist() == [600, 601, 602]
    assert ranking.count(scores) == 1000


def test_a_limit_between_two_floats_keeps_what_is_shown_as_reaching_it() -> None:
    scores = np.array([0.7, 0.6999], np.float32)  # the nearest to 0.7 lies a little below it
    ranking = Ranking(np.array([0, 2]), SearchOptions(min_score=0.7))
    assert ranking.list_first(scores, 9).tolist() == [0]


@pytest.mark.parametrize("group", ["none", "video"])
@pytest.mark.parametrize("first", [[0], [0, 0], [0, 5], [0, 0, 2, 5]])
def test_nothing_found_is_an_empty_page(group: str, first: list[int]) -> None:
    options = SearchOptions.model_validate({"group": group, "per_video": 1})
    ranking, scores = Ranking(np.array(first), options), np.full(first[-1], -1, np.float32)
    assert (ranking.list_first(scores, 9).tolist(), ranking.count(scores)) == ([], 0)
