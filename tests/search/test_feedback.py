"""Relevance feedback: published values, and a slow plain evaluation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from indexer.generations.exact import ExactIndex
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.space_index import SpaceIndex
from indexer.generations.writing import build_in_memory
from search import feedback
from search.feedback import (
    Block,
    FeedbackState,
    believe_shots,
    learn,
    list_believed,
    start_feedback,
    update,
)
from search.layout import Layout
from search.options import SearchOptions

SPACE = Space("toy", 2, "toy", Range(0, 1), Range(0, 1))
CERTAIN = (0.0, 50.0)  # distances of a row for which a like says nothing: its factor is 1


def floats(values: object) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def after(
    liked: object, disliked: object, sigma: float, prior: FeedbackState | None = None
) -> NDArray[np.float32]:
    """`log_p` after one round over distances (a, n) and (x, n)."""
    block = Block(0, -floats(liked), -floats(disliked))
    prior = prior or start_feedback(None, block.liked.shape[1])
    return update(prior, [block], sigma=sigma).log_p


@pytest.mark.parametrize(
    ("liked", "disliked", "factor"),
    [
        ([0.1], [0.3], 0.8808),
        ([0.3], [0.1], 0.1192),
        ([0.2], [0.2], 0.5),
        ([0.1, 0.2], [0.3, 0.4], 0.5613),
    ],
)
def test_a_round_multiplies_by_the_published_factors(
    liked: list[float], disliked: list[float], factor: float
) -> None:
    near, far = CERTAIN
    beside = [[one, near] for one in liked], [[one, far] for one in disliked]
    belief = np.exp(after(*beside, sigma=0.1))
    np.testing.assert_allclose(belief, [factor, 1], atol=5e-5)


@pytest.mark.parametrize(("sigma", "times"), [(1.0, 1.7), (0.1, 26.4)])
def test_a_copy_of_the_like_gains_more_the_smaller_sigma_is(sigma: float, times: float) -> None:
    log_p = after([[0.0, 0.6]], [[0.5, 0.5]] * 10, sigma)
    assert np.exp(log_p[0] - log_p[1]) == pytest.approx(times, abs=0.05)


def test_the_belief_begins_with_the_scores_raised_to_a_power() -> None:
    state = start_feedback(floats([0.25, 0.5, -1.0, np.nan, 7.0]), 5)
    np.testing.assert_allclose(state.log_p, 4 * np.log([0.25, 0.5, 1e-6, 1e-6, 1.0]), rtol=1e-6)
    assert start_feedback(floats([0.25, 0.5]), 2, power=1).log_p.tolist() == pytest.approx(
        [np.log(0.5), 0]
    )
    assert start_feedback(None, 3).log_p.tolist() == [0, 0, 0]
    assert start_feedback(None, 0).log_p.tolist() == []


@pytest.mark.parametrize(("likes", "dislikes"), [(0, 3), (2, 0), (0, 0)])
def test_likes_alone_and_dislikes_alone_say_nothing(likes: int, dislikes: int) -> None:
    prior = start_feedback(floats([0.5, 1.0]), 2)
    log_p = after(np.zeros((likes, 2)), np.zeros((dislikes, 2)), 0.1, prior)
    assert log_p.tolist() == prior.log_p.tolist()


def test_a_row_without_a_vector_keeps_its_probability() -> None:
    prior = start_feedback(floats([0.9, 0.8, 0.7, 0.6]), 4, power=1)
    gap = np.nan
    log_p = after([[0.1, gap, 0.7, gap]], [[0.4, gap, 0.1, gap]], 0.2, prior)
    before, now = (np.exp(p) / np.exp(p).sum() for p in (prior.log_p, log_p))
    np.testing.assert_allclose(now[[1, 3]], before[[1, 3]], rtol=1e-5)
    assert now[0] > before[0]
    nothing = after([[gap, gap]], [[gap, gap]], 0.2, start_feedback(floats([0.5, 1]), 2))
    assert nothing.tolist() == pytest.approx([4 * np.log(0.5), 0])


def test_the_state_before_is_left_as_it_was() -> None:
    prior = start_feedback(floats([0.5, 1.0]), 2)
    kept = prior.log_p.copy()
    liked, disliked = floats([[0.1, 0.5]]), floats([[0.4, 0.1]])
    update(prior, [Block(0, liked, disliked)], sigma=0.1)
    assert prior.log_p.tolist() == kept.tolist()
    assert (liked.tolist(), disliked.tolist()) == (
        floats([[0.1, 0.5]]).tolist(),
        floats([[0.4, 0.1]]).tolist(),
    )


def plain_update(
    log_p: NDArray[np.float64],
    liked: NDArray[np.float64],
    disliked: NDArray[np.float64],
    sigma: float,
) -> NDArray[np.float64]:
    """The formula as it is written, in float64; rows without vectors keep their probability."""
    known = ~np.isnan(liked).any(axis=0)
    likes, dislikes = liked[:, known] / sigma, disliked[:, known] / sigma
    beside = np.logaddexp.reduce(dislikes, axis=0)
    belief = log_p.copy()
    for like in likes:
        belief[known] += like - np.logaddexp(like, beside)
    if known.any():
        before, now = (np.logaddexp.reduce(p[known]) for p in (log_p, belief))
        belief[~known] += now - before
    return belief - belief.max()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_several_rounds_are_those_of_a_plain_evaluation(data: st.DataObject) -> None:
    draw = data.draw
    rows = draw(st.integers(1, 40))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sigma = draw(st.sampled_from([0.01, 0.05, 0.1, 1.0]))
    scores = draw(st.sampled_from([None, random.random(rows).astype(np.float32)]))
    gaps = random.random(rows) < draw(st.sampled_from([0, 0.3]))
    state = start_feedback(scores, rows)
    expected = state.log_p.astype(np.float64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feedback, "PIECE_ROWS", draw(st.integers(1, 50)))
        step = draw(st.integers(1, 50))
        for _ in range(draw(st.integers(1, 3))):
            shape = draw(st.integers(1, 4)), draw(st.integers(1, 10))
            near = [random.uniform(-1, 1, (k, rows)).astype(np.float32) for k in shape]
            for side in near:
                side[:, gaps] = np.nan
            blocks = [
                Block(first, *(side[:, first : first + step] for side in near))
                for first in range(0, rows, step)
            ]
            state = update(state, blocks, sigma=sigma)
            expected = plain_update(expected, *(side.astype(np.float64) for side in near), sigma)
    assert state.log_p.dtype == np.float32
    np.testing.assert_allclose(state.log_p, expected, rtol=1e-5, atol=1e-4)


def unit(*degrees: float) -> NDArray[np.float32]:
    return floats([[np.cos(np.radians(d)), np.sin(np.radians(d))] for d in degrees])


def test_rows_are_compared_by_their_nearest_vectors() -> None:
    vectors, row = unit(0, 5, 90, 80, 45, 170), floats([0, 1, 1, 3, 4, 5]).astype(np.int32)
    space = SpaceIndex(SPACE, ExactIndex(vectors), row, 6)

    def near(one: int, other: int) -> float:
        return float((vectors[row == one] @ vectors[row == other].T).max(initial=-np.inf))

    sides = [
        np.array([[near(row, one) if row != 2 else np.nan for row in range(6)] for one in asked])
        for asked in ([1], [3, 4])
    ]
    prior = start_feedback(None, 6)
    found = learn(prior, space, [1, 2], [3, 4], sigma=0.2)
    expected = plain_update(prior.log_p.astype(np.float64), *sides, 0.2)
    np.testing.assert_allclose(found.log_p, expected, atol=1e-5)


@pytest.mark.parametrize(("liked", "disliked"), [([], [0]), ([0], []), ([1], [0]), ([0], [1])])
def test_rows_without_vectors_teach_nothing(liked: list[int], disliked: list[int]) -> None:
    space = SpaceIndex(SPACE, ExactIndex(unit(0, 90)), floats([0, 2]).astype(np.int32), 3)
    prior = start_feedback(floats([0.5, 1, 1]), 3)
    assert learn(prior, space, liked, disliked).log_p.tolist() == prior.log_p.tolist()


def test_shots_are_ranked_by_their_likeliest_row() -> None:
    shots, keyframes = [(0, 100), (100, 200), (200, 300)], [10, 60, 110, 210, 260]
    generation = build_in_memory(content_of([PlainVideo("v", shots, keyframes)]))
    layout = Layout(generation)
    state = FeedbackState(np.log(floats([0.25, 0.5, 0.125, 1.0, 0.0625])))
    expected = [1 / (1 + np.log(2)), 1 / (1 + np.log(8)), 1.0]
    np.testing.assert_allclose(believe_shots(state, layout), expected, rtol=1e-6)
    assert list_believed(state, layout, SearchOptions(), 2).tolist() == [2, 0]
    assert list_believed(state, layout, SearchOptions(min_score=0.4), 9).tolist() == [2, 0]
    assert list_believed(state, layout, SearchOptions(sort="time"), 9).tolist() == [0, 1, 2]


def test_what_is_hardly_believed_still_has_an_order() -> None:
    generation = build_in_memory(content_of([PlainVideo("v", [(0, 1), (1, 2), (2, 3)])]))
    state = FeedbackState(floats([-2000.0, 0.0, -1999.0]))
    listed = list_believed(state, Layout(generation), SearchOptions(), 3)
    assert listed.tolist() == [1, 2, 0]


@pytest.mark.parametrize("sigma", [0.0, 1e-40, float("nan")])
def test_a_sigma_by_which_nothing_could_be_learnt_is_refused(sigma: float) -> None:
    with pytest.raises(AssertionError, match="sigma"):
        after([[0.1]], [[0.2]], sigma)
