"""First this, then that: golden values, windows, chains."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import make_world

from search.temporal import (
    Fusion,
    Stage,
    Windows,
    follow,
    fuse,
    link,
    score_chains,
    window_any,
    window_max,
    windows_by_ms,
    windows_by_shots,
)


def windows_of(size: int, within: int) -> Windows:
    """Of one video."""
    first = np.arange(1, size + 1)
    return Windows(first, np.minimum(first + within, size))


def score_of(first: list[float], second: list[float], within: int, fusion: Fusion) -> list[float]:
    """What two stages give for each shot, NaN where nothing follows."""
    stages = [Stage(np.ones(len(one), bool), np.array(one)) for one in (first, second)]
    chains = link(stages, windows_of(len(first), within), fusion)
    score = score_chains(chains, stages, fusion)
    assert score is not None
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
    stages = [
        Stage(np.ones(3, bool), np.array([0.4, 0.2, 0.1])),
        Stage(np.array([False, False, True]), None),
    ]
    for fusion in ("distance", "similarity", "harmonic"):
        chains = link(stages, windows_of(3, 2), fusion)
        score = score_chains(chains, stages, fusion)
        assert score is not None
        assert score[:2] == pytest.approx([0.4, 0.2])
        assert chains.holds[0].tolist() == [True, True, False]


def test_stages_that_all_filter_give_no_score() -> None:
    stages = [Stage(np.ones(3, bool), None)] * 2
    assert score_chains(link(stages, windows_of(3, 1), "distance"), stages, "distance") is None


@settings(deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_window_gives_the_largest_value_in_it(seed: int) -> None:
    dice = random.Random(seed)
    size = dice.randint(1, 40)
    values = [dice.random() for _ in range(size)]
    first = [dice.randint(0, size) for _ in range(size)]
    end = [dice.randint(start, size) for start in first]
    windows = Windows(np.array(first), np.array(end))
    best = window_max(np.array(values), windows)
    truth = [max(values[a:b], default=-np.inf) for a, b in zip(first, end, strict=True)]
    assert best.tolist() == truth
    big = [value > 0.8 for value in values]
    some = [any(big[a:b]) for a, b in zip(first, end, strict=True)]
    assert window_any(np.array(big), windows).tolist() == some


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), within=st.integers(1, 5), within_ms=st.integers(0, 4000))
def test_windows_stay_in_their_video_and_leave_the_shot_itself_out(
    seed: int, within: int, within_ms: int
) -> None:
    generation = make_world(seed).generation
    shots = generation.shots
    by_shots = windows_by_shots(generation.videos, shots, within)
    by_ms = windows_by_ms(generation.videos, shots, within_ms)
    for shot in range(len(shots)):
        later = [n for n in range(shot + 1, len(shots)) if shots.video[n] == shots.video[shot]]
        assert list(range(by_shots.first[shot], by_shots.end[shot])) == later[:within]
        latest = shots.end_ms[shot] + within_ms
        assert list(range(by_ms.first[shot], by_ms.end[shot])) == [
            n for n in later if shots.start_ms[n] <= latest
        ]


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    fusion=st.sampled_from(("distance", "similarity", "harmonic")),
    within=st.integers(1, 3),
)
def test_the_chosen_chain_is_the_best_there_is(seed: int, fusion: Fusion, within: int) -> None:
    dice = random.Random(seed)
    stages = [
        Stage(
            np.array([dice.random() < 0.7 for _ in range(7)]),
            np.array([dice.choice((0, 0.25, 0.5, 0.8)) for _ in range(7)]),
        )
        for _ in range(3)
    ]
    chains = link(stages, windows_of(7, within), fusion)
    score = score_chains(chains, stages, fusion)
    assert score is not None
    truth: dict[int, float] = {}
    for chain in itertools.combinations(range(7), 3):
        near = all(b - a <= within for a, b in itertools.pairwise(chain))
        if near and all(stage.holds[n] for stage, n in zip(stages, chain, strict=True)):
            worth = fuse([s.score[n] for s, n in zip(stages, chain, strict=True)], fusion)
            truth[chain[0]] = max(worth, truth.get(chain[0], -1.0))
    assert np.flatnonzero(chains.holds[0]).tolist() == sorted(truth)
    for shot, best in truth.items():
        chosen = follow(chains, shot)
        assert score[shot] == pytest.approx(best)
        again = fuse([s.score[n] for s, n in zip(stages, chosen, strict=True)], fusion)
        assert again == pytest.approx(best)
