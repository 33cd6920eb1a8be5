"""Folding pictures under those before them that look the same, against a plain loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.near_duplicates import as_units, fold

Floats = NDArray[np.float32]


def fold_plainly(vectors: Floats, least: float) -> list[int]:
    """The same by loops, in float64."""
    under: list[int] = []
    for number, vector in enumerate(vectors.astype(float)):
        like = (
            before
            for before in range(number)
            if under[before] == before and vectors[before].astype(float) @ vector >= least - 1e-6
        )
        under.append(next(like, number))
    return under


def draw(seed: int, count: int, *, spread: float) -> Floats:
    """Vectors around a few others, some of them equal, some zero."""
    dice = np.random.default_rng(seed)
    centres = dice.normal(size=(max(count // 4, 1), 8))
    vectors = centres[dice.integers(0, len(centres), count)]
    vectors = vectors + spread * dice.normal(size=vectors.shape)
    vectors[dice.random(count) < 0.2] = centres[0]
    vectors[dice.random(count) < 0.1] = 0
    return as_units(vectors.astype(np.float16).astype(np.float32))


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(0, 60),
    spread=st.sampled_from((0.0, 0.05, 0.2, 0.5)),
    least=st.sampled_from((0.6, 0.9, 0.95, 1.0)),
    at_once=st.sampled_from((1, 2, 7, 256)),
    known=st.floats(0, 1),
)
def test_each_is_folded_under_the_first_that_stays_and_looks_the_same(
    seed: int, count: int, spread: float, least: float, at_once: int, known: float
) -> None:
    vectors = draw(seed, count, spread=spread)
    truth = fold_plainly(vectors, least)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.near_duplicates.AT_ONCE", at_once)
        begun = fold(vectors[: int(known * count)], least)
        assert fold(vectors, least).tolist() == truth
        assert fold(vectors, least, begun).tolist() == truth


def test_many_are_folded_as_a_plain_loop_does_it() -> None:
    vectors = draw(3, 700, spread=0.3)
    under = fold(vectors, 0.9)
    assert under.tolist() == fold_plainly(vectors, 0.9)
    assert 100 < np.count_nonzero(under != np.arange(700)) < 600


def test_small_changes_one_after_the_other_do_not_make_quite_another_picture_the_same() -> None:
    angles = np.arange(600) * 0.1
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)[:15]
    under = fold(vectors, float(np.cos(0.25))).tolist()
    assert under == [0, 0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12, 12, 12]


def test_of_several_that_look_the_same_the_first_counts_not_the_nearest() -> None:
    vectors = as_units(np.array([[1, 0.3], [1, -0.3], [1, -0.2]], np.float32))
    assert fold(vectors, 0.86).tolist() == [0, 1, 0]


def test_what_has_no_vector_stays_and_folds_nothing() -> None:
    assert fold(np.zeros((3, 4), np.float32), 0.51).tolist() == [0, 1, 2]
    assert fold(np.zeros((0, 4), np.float32), 0.51).tolist() == []
    assert fold(as_units(np.ones((1, 4), np.float32)), 1.0).tolist() == [0]


def test_equal_vectors_are_the_same_picture_even_where_nothing_less_is() -> None:
    halves = np.random.default_rng(1).normal(size=(1, 512)).astype(np.float16)
    vectors = as_units(np.repeat(halves, 300, axis=0).astype(np.float32) * 0.05)
    assert not fold(vectors, 1.0).any()
