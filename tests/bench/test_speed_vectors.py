"""Drawn vectors lie as those of CLIP do, in the figures that their recipe states."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.speed.shape import Shape, draw_shape
from bench.speed.vectors import draw_concepts_of_shots, draw_queries, draw_vectors

ROWS, SEED = 24_000, 3


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.float32]:
    return np.concatenate(list(draw_vectors(ROWS, 512, SEED)))


@pytest.fixture(scope="module")
def shape() -> Shape:
    return draw_shape(ROWS, SEED)


@pytest.fixture(scope="module")
def texts() -> NDArray[np.float32]:
    return draw_queries(400, 512, SEED)


def mean_cosine(vectors: NDArray[np.float32]) -> float:
    """Of two different ones."""
    n = len(vectors)
    total = float(np.linalg.norm(vectors.sum(axis=0, dtype=np.float64)) ** 2)
    return (total - n) / (n * (n - 1))


def test_vectors_are_of_unit_length_in_blocks(pictures: NDArray[np.float32]) -> None:
    assert pictures.shape == (ROWS, 512)
    assert pictures.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(pictures, axis=1), 1, atol=1e-5)
    assert max(len(block) for block in draw_vectors(ROWS, 512, SEED)) < 16_000


def test_the_same_seed_draws_the_same(pictures: NDArray[np.float32]) -> None:
    again, other = (next(draw_vectors(ROWS, 512, seed)) for seed in (SEED, SEED + 1))
    np.testing.assert_array_equal(again, pictures[: len(again)])
    assert not np.allclose(again[:100], other[:100])


def test_pictures_and_texts_lie_in_cones_apart(
    pictures: NDArray[np.float32], texts: NDArray[np.float32]
) -> None:
    assert mean_cosine(pictures) == pytest.approx(0.60, abs=0.02)
    assert mean_cosine(texts) == pytest.approx(0.752, abs=0.01)
    across = texts @ pictures.T
    assert across.mean() == pytest.approx(0.19, abs=0.01)
    assert across.std() == pytest.approx(0.02, abs=0.004)


def test_one_dimension_dominates_pictures_and_two_others_texts(
    pictures: NDArray[np.float32], texts: NDArray[np.float32]
) -> None:
    share = (pictures**2).mean(axis=0)
    assert share.argmax() == 92
    assert share[92] == pytest.approx(0.478, abs=0.03)
    assert pictures[:, 92].std() == pytest.approx(0.070, abs=0.01)
    assert set(np.argsort(texts.mean(axis=0))[-2:].tolist()) == {133, 312}


def test_the_spread_falls_as_the_eigenvalues_of_real_texts(
    pictures: NDArray[np.float32],
) -> None:
    shares = np.linalg.eigvalsh(np.cov(pictures.T))[::-1]
    upto = np.cumsum(shares / shares.sum())
    assert upto[0] == pytest.approx(0.042, abs=0.02)
    assert upto[44] == pytest.approx(0.5, abs=0.05)
    assert upto[299] == pytest.approx(0.967, abs=0.02)


def test_neighbours_of_a_shot_are_nearly_alike_and_those_of_a_video_a_little(
    pictures: NDArray[np.float32], shape: Shape
) -> None:
    cosines = np.einsum("ij,ij->i", pictures[1:], pictures[:-1])
    shot = shape.shots_of_rows()
    video = shape.videos_of_shots()[shot]
    in_shot = shot[1:] == shot[:-1]
    in_video = (video[1:] == video[:-1]) & ~in_shot
    assert np.percentile(cosines[in_shot], [10, 90]) == pytest.approx([0.90, 0.98], abs=0.02)
    assert cosines[in_video].mean() == pytest.approx(0.72, abs=0.02)
    assert cosines[video[1:] != video[:-1]].mean() == pytest.approx(0.60, abs=0.03)


def test_a_text_is_nearer_to_pictures_of_its_concept(
    pictures: NDArray[np.float32], shape: Shape, texts: NDArray[np.float32]
) -> None:
    often = draw_concepts_of_shots(shape, SEED)[shape.shots_of_rows()] == 0
    means = (texts @ pictures[often].T).mean(axis=1) - (texts @ pictures[~often].T).mean(axis=1)
    assert abs(np.median(means)) < 0.01
    best = (texts @ pictures.T).max(axis=1)
    assert 0.24 < np.median(best) < 0.35


def test_other_numbers_of_dimensions_keep_the_cones() -> None:
    for dim in (768, 1152):
        pictures = np.concatenate(list(draw_vectors(4000, dim, SEED)))
        texts = draw_queries(200, dim, SEED)
        assert pictures.shape == (4000, dim)
        assert mean_cosine(pictures) == pytest.approx(0.60, abs=0.03)
        assert mean_cosine(texts) == pytest.approx(0.752, abs=0.01)
        assert (texts @ pictures.T).mean() == pytest.approx(0.19, abs=0.01)


def test_a_whole_collection_has_the_shape_of_v3c() -> None:
    shape = draw_shape(2_500_000, 7)
    assert (shape.videos, shape.shots, shape.rows) == (17_235, 900_000, 2_500_000)
    assert np.diff(shape.first_row).min() == 1
    assert np.diff(shape.first_shot).min() >= 1
    parts = list(shape.parts())
    assert [part.start for part in parts[1:]] == [part.stop for part in parts[:-1]]
    assert parts[-1].stop == shape.shots
    assert {part.stop for part in parts} <= set(shape.first_shot.tolist())
