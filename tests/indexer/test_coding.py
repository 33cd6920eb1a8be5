"""Codes of vectors: how close they stay, how queries meet them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.generations.coding import (
    Coding,
    draw_rotation,
    learn_coding,
    read_coding,
    read_sample,
    write_coding,
)
from indexer.generations.kernel import MOST_QUERY_SUM, inner_products
from indexer.generations.storage import MemoryRows, MemoryWriter

Vectors = NDArray[np.float32]


def pictures(count: int, dim: int, seed: int = 0) -> Vectors:
    """Unit vectors in a narrow cone, of which one dimension holds half, as those of CLIP."""
    vectors = np.random.default_rng(seed).standard_normal((count, dim)) * 0.6 / np.sqrt(dim)
    vectors[:, 3] *= 3
    vectors[:, 3] -= 0.7
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def decode(coding: Coding, codes: NDArray[np.uint8]) -> Vectors:
    turned = (codes.astype(np.float32) - 128) * coding.step
    decoded: Vectors = turned @ coding.rotation + coding.mean
    return decoded


def estimate(coding: Coding, codes: NDArray[np.uint8], queries: Vectors) -> Vectors:
    out = np.empty((len(queries), len(codes)), np.float32)
    inner_products(codes, *coding.prepare(queries), out)
    return out


@pytest.mark.parametrize("dim", [4, 65, 512])
def test_codes_are_near_the_vectors(dim: int) -> None:
    vectors = pictures(2000, dim)
    coding = learn_coding(vectors)
    codes = coding.encode(vectors)
    assert codes.dtype == np.uint8
    assert codes.min() >= 1
    squares = np.square(decode(coding, codes) - vectors).sum(axis=1)
    variance = np.square(vectors - vectors.mean(axis=0)).sum(axis=1).mean()
    assert squares.mean() < variance * (4 / 127) ** 2 / 12 * 2


@given(seed=st.integers(0, 99), dim=st.sampled_from([4, 33, 512]), size=st.floats(1e-6, 1e6))
@settings(max_examples=30, deadline=None)
def test_nothing_is_lost_by_making_queries_whole(seed: int, dim: int, size: float) -> None:
    vectors = pictures(50, dim)
    coding = learn_coding(vectors)
    codes = coding.encode(vectors)
    asked = pictures(3, dim, seed) * np.float32(size)
    exact = asked.astype(np.float64) @ decode(coding, codes).T.astype(np.float64)
    spread = np.linalg.norm(asked, axis=1, keepdims=True)
    np.testing.assert_allclose(estimate(coding, codes, asked) / spread, exact / spread, atol=5e-5)


@pytest.mark.parametrize("dim", [2, 512, 1152])
def test_sums_of_a_query_stay_in_32_bits(dim: int) -> None:
    coding = learn_coding(pictures(200, max(dim, 4))[:, :dim])
    asked = np.concatenate([pictures(4, 1152)[:, :dim], np.eye(dim, dtype=np.float32)[:2]])
    alike = np.sign(coding.rotation.sum(axis=0))[None] / coding.step @ coding.rotation
    whole, _, _ = coding.prepare(np.concatenate([asked, alike.astype(np.float32)]))
    assert abs(whole.astype(np.int64)).sum(axis=1).max() <= MOST_QUERY_SUM
    assert abs(whole.astype(np.int64)).max(axis=1).min() > 1000


def test_a_query_of_zeros_scores_zero() -> None:
    coding = learn_coding(pictures(50, 8))
    nothing = np.zeros((1, 8), np.float32)
    assert (estimate(coding, coding.encode(pictures(5, 8)), nothing) == 0).all()
    assert (coding.prepare_bytes(nothing)[0] == 0).all()


def test_bytes_of_a_query_point_where_it_points() -> None:
    coding, asked = learn_coding(pictures(500, 64)), pictures(3, 64, 1)
    whole, unit = coding.prepare_bytes(asked)
    assert (whole == np.rint(whole)).all()
    assert abs(whole).max(axis=1).tolist() == [127, 127, 127]
    np.testing.assert_allclose(whole * unit[:, None], coding.turn(asked), atol=unit.max() * 0.51)


def test_what_lies_too_far_out_is_drawn_in() -> None:
    coding = learn_coding(pictures(500, 8))
    far = coding.encode(np.full((1, 8), 1e6, np.float32))
    assert set(far[0].tolist()) <= {1, 255}


def test_equal_vectors_can_be_coded() -> None:
    same = np.full((10, 4), 0.5, np.float32)
    coding = learn_coding(same)
    asked = np.array([[1, 0, 0, 0]], np.float32)
    np.testing.assert_allclose(estimate(coding, coding.encode(same), asked), 0.5, atol=1e-6)


def test_the_rotation_keeps_lengths_and_is_always_the_same() -> None:
    rotation = draw_rotation(100)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(100), atol=1e-5)
    assert (draw_rotation(100) == rotation).all()


def test_a_coding_is_kept_and_read() -> None:
    coding, writer = learn_coding(pictures(50, 6)), MemoryWriter()
    write_coding(writer, "toy", coding)
    read = read_coding(writer.arrays, "toy")
    assert read is not None
    vectors = pictures(9, 6, 1)
    assert (read.encode(vectors) == coding.encode(vectors)).all()
    assert read_coding(writer.arrays, "other") is None


def test_a_sample_is_drawn_without_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.generations.coding.SAMPLE_ROWS", 10)
    some = read_sample(MemoryRows(np.arange(100, dtype=np.float16)[:, None]))
    assert len(np.unique(some)) == 10
    assert read_sample(MemoryRows(np.zeros((4, 2), np.float16))).shape == (4, 2)
