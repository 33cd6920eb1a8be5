"""The order of hits, grouping, limits and pages, against a plain reading of the rules."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.options import SearchOptions
from search.ranking import rank_shots

SCORES = (0.0, 0.25, 0.5, 0.5, 1.0)


def list_plainly(scores: list[float], videos: list[int], options: SearchOptions) -> list[int]:
    """All shots in order, by loops."""
    hits = [n for n, score in enumerate(scores) if score == score]
    if options.min_score is not None:
        hits = [n for n in hits if scores[n] >= options.min_score]
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
@given(seed=st.integers(0, 10**6), options=OPTIONS, offset=st.integers(0, 20))
def test_any_page_is_what_a_plain_reading_gives(
    seed: int, options: SearchOptions, offset: int
) -> None:
    dice = random.Random(seed)
    sizes = [dice.choice((0, 1, 3, 8, 20)) for _ in range(dice.randint(0, 6))]
    videos = [video for video, size in enumerate(sizes) for _ in range(size)]
    scores = [dice.choice((*SCORES, dice.random(), float("nan"))) for _ in videos]
    shots, total = rank_shots(np.array(scores), np.array(videos, np.int32), options, offset)
    truth = list_plainly(scores, videos, options)
    assert total == len(truth)
    assert shots.tolist() == truth[offset : offset + options.k]


def test_a_videos_surplus_leaves_room_for_the_next_video() -> None:
    scores = np.array([*np.linspace(1, 0.9, 20), *np.linspace(0.5, 0.4, 20)])
    options = SearchOptions(k=3, per_video=2)
    shots, total = rank_shots(scores, np.repeat([0, 1], 20), options, 0)
    assert (shots.tolist(), total) == ([0, 1, 20], 4)


def test_hits_that_score_the_same_come_in_order_of_the_videos() -> None:
    shots, total = rank_shots(np.ones(1000), np.repeat([0, 1], 500), SearchOptions(k=3), 600)
    assert (shots.tolist(), total) == ([600, 601, 602], 1000)


@pytest.mark.parametrize("group", ["none", "video"])
def test_nothing_found_is_an_empty_page(group: str) -> None:
    options = SearchOptions.model_validate({"group": group, "per_video": 1})
    shots, total = rank_shots(np.full(5, np.nan), np.zeros(5, int), options, 0)
    assert (shots.tolist(), total) == ([], 0)
