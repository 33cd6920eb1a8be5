"""Pooling by quality and smoothing by gated neighbours, beside plain oracles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.pooling import Smoothing, link_local, pool_vectors, smooth_vectors

Floats = NDArray[np.float32]


def unit(seed: int, rows: int, dim: int = 12, spread: float = 1.0) -> Floats:
    """Vectors around a common direction; the smaller the spread, the nearer."""
    random = np.random.default_rng(seed)
    vectors = np.eye(dim)[0] + spread * random.normal(size=(rows, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_good_samples_alone_make_the_pooled_vector() -> None:
    vectors = unit(1, 4)
    pooled = pool_vectors(vectors, np.array([80, 40, 39.9, 0]))
    mean = vectors[:2].mean(axis=0)
    assert np.allclose(pooled, mean / np.linalg.norm(mean), atol=1e-6)
    assert pooled.dtype == np.float32


def test_without_good_samples_all_make_it() -> None:
    vectors = unit(2, 3)
    mean = vectors.mean(axis=0)
    pooled = pool_vectors(vectors, np.array([10.0, 20.0, 30.0]))
    assert np.allclose(pooled, mean / np.linalg.norm(mean), atol=1e-6)


def test_vectors_that_cancel_out_leave_the_best() -> None:
    one = np.eye(3, dtype=np.float32)[:1]
    assert np.array_equal(pool_vectors(np.concatenate([one, -one]), np.array([50, 60])), -one[0])


def test_a_local_graph_feeds_main_nodes_only() -> None:
    links = link_local(unit(3, 3), unit(4, 6), weight=2, temperature=1)
    assert links.shape == (9, 9)
    below = links[3:].copy()
    below[np.arange(6), np.arange(3, 9)] = 0
    assert not below.any()
    assert (links[np.arange(3, 9), np.arange(3, 9)] > 0).all()
    assert (links[:3] > 0).all()


def test_the_largest_singular_value_of_a_local_graph_is_one() -> None:
    links = link_local(unit(5, 3), unit(6, 6), weight=2, temperature=1)
    assert np.linalg.norm(links, 2) == pytest.approx(1)


def test_a_local_graph_without_neighbours_is_that_of_the_main_nodes() -> None:
    main = unit(7, 3)
    strength = np.exp(main.astype(np.float64) @ main.T)
    expected = strength / np.sqrt(np.outer(strength.sum(axis=1), strength.sum(axis=0)))
    assert np.allclose(link_local(main, main[:0], 2, 1), expected)


def test_the_order_of_neighbours_makes_no_difference_to_main_nodes() -> None:
    main, near = unit(8, 3), unit(9, 6)
    order = np.random.default_rng(0).permutation(6)
    one = link_local(main, near, 2, 1)[:3] @ np.concatenate([main, near])
    other = link_local(main, near[order], 2, 1)[:3] @ np.concatenate([main, near[order]])
    assert np.allclose(one, other)


def smooth_plainly(vectors: Floats, groups: NDArray[np.int64], options: Smoothing) -> Floats:
    """One by one, through the local graph."""
    cosines = vectors @ vectors.T
    cosines[groups[:, None] == groups[None, :]] = -2
    order = np.argsort(-cosines, axis=1, kind="stable")[:, : options.neighbours]
    near = [
        [j for j in order[i] if cosines[i, j] >= options.least_cosine] for i in range(len(vectors))
    ]
    smoothed = []
    for i, own in enumerate(vectors):
        mutual = [j for j in near[i] if i in near[j]]
        nodes = np.concatenate([own[None], vectors[mutual]]).astype(np.float64)
        links = link_local(nodes[:1], nodes[1:], options.weight, options.temperature)
        mixed = (1 - options.keep) * (links @ nodes)[0] + options.keep * nodes[0]
        smoothed.append(mixed / np.linalg.norm(mixed))
    return np.array(smoothed, np.float32)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 99),
    rows=st.integers(1, 30),
    spread=st.sampled_from([0.1, 0.3, 1.0]),
    k=st.integers(1, 3),
)
def test_smoothing_is_what_the_local_graphs_say(
    seed: int, rows: int, spread: float, k: int
) -> None:
    vectors = unit(seed, rows, spread=spread)
    groups = np.random.default_rng(seed).integers(0, 6, rows)
    options = Smoothing(neighbours=k)
    got = smooth_vectors(vectors, groups, options)
    assert np.allclose(got, smooth_plainly(vectors, groups, options), atol=1e-5)


def test_those_without_mutual_neighbours_stay_as_they_are() -> None:
    apart = np.eye(6, dtype=np.float32)
    assert np.array_equal(smooth_vectors(apart, np.arange(6)), apart)
    alike = unit(11, 5, spread=0.05)
    assert np.array_equal(smooth_vectors(alike, np.zeros(5, np.int64)), alike)  # of one group
    assert not np.array_equal(smooth_vectors(alike, np.arange(5)), alike)


def test_smoothing_brings_the_same_person_nearer_and_a_stranger_no_nearer() -> None:
    same = unit(12, 4, dim=64, spread=0.08)
    stranger = -same[:1]
    vectors = np.concatenate([same, stranger])
    smoothed = smooth_vectors(vectors, np.arange(5))
    before, after = same @ same.T, smoothed[:4] @ smoothed[:4].T
    pairs = np.triu_indices(4, 1)
    assert after[pairs].mean() > before[pairs].mean()
    assert np.array_equal(smoothed[4], stranger[0])


def test_smoothing_of_many_blocks_is_that_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, groups = unit(13, 50, spread=0.2), np.arange(50)
    whole = smooth_vectors(vectors, groups)
    monkeypatch.setattr("analyzers.pooling._BLOCK", 7)
    assert np.allclose(smooth_vectors(vectors, groups), whole, atol=1e-6)
