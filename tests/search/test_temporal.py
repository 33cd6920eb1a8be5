"""First this, then that: golden values, windows, chains."""

import itertools
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import make_world

from search.layout import Excerpt, Indexes, Layout
from search.temporal import (
    Fusion,
    Stage,
    WithinMs,
    WithinShots,
    follow,
    fuse,
    link,
    score_chains,
)


def ends_of(size: int, within: int) -> Indexes:
    """Windows of one video."""
    return np.minimum(np.arange(size) + 1 + within, size)


def stage_of(scores: Sequence[float] | None, holds: Sequence[bool] | None = None) -> Stage:
    return Stage(
        None if holds is None else np.array(holds),
        None if scores is None else np.array(scores, np.float32),
    )


def score_of(first: list[float], second: list[float], within: int, fusion: Fusion) -> list[float]:
    """What two stages give for each shot, NaN where nothing follows."""
    stages = [stage_of(first), stage_of(second)]
    chains = link(stages, ends_of(len(first), within), fusion)
    score = score_chains(chains, stages, fusion)
    assert score is not None
    assert score.dtype == np.float32
    return np.where(chains.holds[0], score, np.nan).tolist()


def test_distance_gives_the_papers_golden_value() -> None:
    # Products of cosine distances: 0.70 and the best (least) of the next three, 0.66.
    score = score_of([0.30, 0, 0, 0], [0, 0.20, 0.34, 0.25], 3, "distance")
    assert score[0] - 1 == pytest.approx(-0.462)


def test_harmonic_gives_the_papers_golden_value() -> None:
    # The next three are 0.2, 0.6, 0.4; a fourth of 0.9 is ignored.
    score = score_of([0.8, 0, 0, 0, 0], [0, 0.2, 0.6, 0.4, 0.9], 3, "harmonic")
    assert score[0] == pytest.approx(0.6857, abs=5e-5)


def test_similarity_multiplies() -> None:
    assert score_of([0.5, 0, 0], [0, 0.2, 0.8], 2, "similarity")[0] == pytest.approx(0.4)


def test_harmonic_with_a_zero_is_zero_but_holds() -> None:
    assert score_of([0.0, 0.5], [0.5, 0.5], 1, "harmonic")[0] == 0.0
    assert score_of([0.5, 0.5], [0.5, 0.0], 1, "harmonic")[0] == 0.0


def test_nothing_follows_the_last_shot() -> None:
    assert np.isnan(score_of([1.0, 1.0], [1.0, 1.0], 4, "distance")).tolist() == [False, True]


def test_a_stage_that_only_filters_weighs_nothing() -> None:
    stages = [stage_of([0.4, 0.2, 0.1]), stage_of(None, [False, False, True])]
    for fusion in ("distance", "similarity", "harmonic"):
        chains = link(stages, ends_of(3, 2), fusion)
        score = score_chains(chains, stages, fusion)
        assert score is not None
        assert score[:2] == pytest.approx([0.4, 0.2])
        assert chains.holds[0].tolist() == [True, True, False]


def test_stages_that_all_filter_give_no_score() -> None:
    stages = [stage_of(None, [True] * 3)] * 2
    assert score_chains(link(stages, ends_of(3, 1), "distance"), stages, "distance") is None


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    within=st.one_of(st.integers(1, 5).map(WithinShots), st.integers(0, 4000).map(WithinMs)),
)
def test_windows_stay_in_their_video_and_leave_the_shot_itself_out(
    seed: int, within: WithinShots | WithinMs
) -> None:
    layout = Layout(make_world(seed).generation)
    shots, ends = layout.shots, layout.window_ends(within)
    assert (np.diff(ends) >= 0).all()
    for shot in range(len(shots)):
        later = [n for n in range(shot + 1, len(shots)) if shots.video[n] == shots.video[shot]]
        if isinstance(within, WithinShots):
            truth = later[: within.count]
        else:
            truth = [n for n in later if shots.start_ms[n] <= shots.end_ms[shot] + within.ms]
        assert list(range(shot + 1, ends[shot])) == truth


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), within=st.integers(1, 5), within_ms=st.integers(0, 4000))
def test_what_follows_in_an_excerpt_follows_in_the_whole(
    seed: int, within: int, within_ms: int
) -> None:
    layout, dice = Layout(make_world(seed).generation), random.Random(seed)
    chosen = np.array([n for n in range(layout.s) if dice.random() < 0.6], np.int64)
    excerpt = Excerpt(layout, chosen)
    assert excerpt.rows.time_ms.tolist() == layout.rows.time_ms[excerpt.row_numbers].tolist()
    for kind in (WithinShots(within), WithinMs(within_ms)):
        whole, here = layout.window_ends(kind), excerpt.window_ends(kind)
        for number, shot in enumerate(chosen.tolist()):
            follows = chosen[number + 1 : here[number]].tolist()
            assert follows == [n for n in chosen.tolist() if shot < n < whole[shot]]


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    fusion=st.sampled_from(("distance", "similarity", "harmonic")),
    within=st.integers(1, 3),
)
def test_the_chosen_chain_is_the_best_there_is(seed: int, fusion: Fusion, within: int) -> None:
    dice = random.Random(seed)
    stages = [
        stage_of(
            [dice.choice((0, 0.25, 0.5, 0.8)) for _ in range(7)],
            [dice.random() < 0.7 for _ in range(7)],
        )
        for _ in range(3)
    ]
    chains = link(stages, ends_of(7, within), fusion)
    score = score_chains(chains, stages, fusion)
    assert score is not None
    truth: dict[int, float] = {}
    for chain in itertools.combinations(range(7), 3):
        near = all(b - a <= within for a, b in itertools.pairwise(chain))
        if near and all(stage.holds[n] for stage, n in zip(stages, chain, strict=True)):
            worth = fuse([s.score[n] for s, n in zip(stages, chain, strict=True)], fusion)
            truth[chain[0]] = max(worth, truth.get(chain[0], -1.0))
    assert np.flatnonzero(chains.holds[0]).tolist() == sorted(truth)
    begins = np.array(sorted(truth), np.int64)
    chosen = follow(chains, begins)
    for place, shot in enumerate(begins.tolist()):
        assert score[shot] == pytest.approx(truth[shot])
        chain = [int(shots[place]) for shots in chosen]
        again = fuse([float(s.score[n]) for s, n in zip(stages, chain, strict=True)], fusion)
        assert again == pytest.approx(truth[shot])
