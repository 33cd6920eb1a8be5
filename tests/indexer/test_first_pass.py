"""A first pass over four bits for each code, and what it leaves to the second."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.generations import codes as two_passes
from indexer.generations import kernel, nibbles
from indexer.generations.codes import Codes, TwoPasses, pack_nibbles, prepare_nibbles
from indexer.generations.coding import Coding, learn_coding
from indexer.generations.exact import ExactIndex

Vectors = NDArray[np.float32]


def pictures(count: int, dim: int, seed: int = 0) -> Vectors:
    """Unit vectors, every three of them near duplicates."""
    chance = np.random.default_rng(seed)
    shots = np.repeat(chance.standard_normal((count // 3 + 1, dim)), 3, axis=0)[:count]
    vectors = shots + 0.4 * chance.standard_normal((count, dim)) + 1
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def coded(vectors: Vectors) -> tuple[Codes, TwoPasses]:
    coding = learn_coding(vectors)
    whole = Codes(coding, coding.encode(vectors))
    return whole, TwoPasses(whole, pack_nibbles(whole.codes))


def estimate(of: Codes | TwoPasses, queries: Vectors, span: tuple[int, int]) -> Vectors:
    out = np.empty((len(queries), span[1] - span[0]), np.float32)
    of.estimate(queries, span, out)
    return out


@pytest.mark.parametrize("library", [True, False], ids=["compiled", "numpy"])
@pytest.mark.parametrize(
    ("rows", "dim", "queries"), list(product((0, 1, 300), (2, 6, 130, 512, 1030), (1, 2, 3)))
)
def test_products_with_nibbles_are_those_of_whole_numbers(
    rows: int, dim: int, queries: int, library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not library:
        monkeypatch.setattr(kernel, "_load", lambda: None)
    chance = np.random.default_rng(dim)
    packed = chance.integers(0, 256, (rows, dim // 2), np.uint8)
    asked = chance.integers(-127, 128, (queries, dim)).astype(np.int8)
    one, whole = np.ones(queries, np.float32), np.full((queries, rows + 4), 7, np.float32)
    nibbles.inner_products_of_nibbles(packed, asked, one, one, whole[:, 2 : rows + 2])
    numbers = np.concatenate((packed & 15, packed >> 4), axis=1).astype(np.int64)
    assert (whole[:, 2 : rows + 2] == asked.astype(np.int64) @ numbers.T + 1).all()
    assert (whole[:, [0, 1, -2, -1]] == 7).all()


@pytest.mark.parametrize("library", [True, False], ids=["compiled", "numpy"])
@pytest.mark.parametrize("chosen", [[], [0], [99], [3, 4, 5, 50, 51, 99], [9, 3, 3], range(100)])
def test_products_with_chosen_rows_are_theirs(
    chosen: list[int], library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not library:
        monkeypatch.setattr(kernel, "_load", lambda: None)
    chance = np.random.default_rng(0)
    codes = chance.integers(0, 256, (100, 37), np.uint8)
    asked = chance.integers(-999, 999, (3, 37), np.int16)
    one, rows = np.ones(3, np.float32), np.array(chosen, np.int64)
    found = nibbles.inner_products_at(codes, rows, asked, one, one)
    assert (found == asked.astype(np.int64) @ codes[rows].T.astype(np.int64) + 1).all()


@pytest.mark.parametrize("dim", [5, 64])
def test_nibbles_estimate_what_codes_estimate(dim: int) -> None:
    vectors, asked = pictures(900, dim), pictures(3, dim, 1)
    whole, _ = coded(vectors)
    rough = np.empty((3, 900), np.float32)
    prepared = prepare_nibbles(whole.coding, asked)
    nibbles.inner_products_of_nibbles(pack_nibbles(whole.codes), *prepared, rough)
    full = estimate(whole, asked, (0, 900))
    off = (rough - full).std(axis=1)
    assert (off < 0.25 * full.std(axis=1)).all()
    assert (abs((rough - full).mean(axis=1)) < 0.05 * full.std(axis=1)).all()


def test_the_best_are_read_in_full_and_the_others_lie_on_the_same_scale() -> None:
    vectors, asked = pictures(3000, 64), pictures(2, 64, 1)
    whole, both = coded(vectors)
    full, mixed = estimate(whole, asked, (0, 3000)), estimate(both, asked, (0, 3000))
    same = abs(full - mixed) < 1e-6
    for query in range(2):
        best = np.argsort(-full[query])[: int(3000 * two_passes.SHARE) // 3]
        assert same[query, best].all()
    assert same.mean() < 3 * two_passes.SHARE
    assert abs((mixed - full).mean()) < 0.01 * full.std()
    slope = np.polyfit(mixed[~same], full[~same], 1)[0]
    assert slope == pytest.approx(1, abs=0.05)


def test_a_stretch_is_estimated_as_in_the_whole() -> None:
    _, both = coded(pictures(500, 16))
    asked = pictures(2, 16, 1)
    whole = estimate(both, asked, (0, 500))
    for span in ((0, 0), (0, 1), (13, 77), (499, 500), (500, 500)):
        assert (estimate(both, asked, span) == whole[:, slice(*span)]).all()


def test_many_queries_at_once_are_estimated_from_the_codes_alone() -> None:
    whole, both = coded(pictures(500, 16))
    asked = pictures(two_passes.FEW_QUERIES + 1, 16, 1)
    assert (estimate(both, asked, (7, 400)) == estimate(whole, asked, (7, 400))).all()


def test_a_first_pass_is_prepared_once_for_all_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[int] = []

    def prepare(coding: Coding, queries: Vectors) -> Any:
        prepared.append(len(queries))
        return prepare_nibbles(coding, queries)

    monkeypatch.setattr(two_passes, "prepare_nibbles", prepare)
    _, both = coded(pictures(500, 16))
    one, two = pictures(1, 16, 1), pictures(2, 16, 2)
    for start in range(0, 500, 100):
        for asked in (one, two):
            estimate(both, asked, (start, start + 100))
    assert prepared == [1, 2]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_few_or_equal_vectors_are_estimated_too(count: int) -> None:
    same = np.tile(pictures(1, 16), (count, 1))
    _, both = coded(same)
    asked = pictures(2, 16, 1)
    expected = ExactIndex(same).scores(asked)
    np.testing.assert_allclose(estimate(both, asked, (0, count)), expected, atol=1e-4)


def test_a_query_of_zeros_scores_zero() -> None:
    _, both = coded(pictures(50, 16))
    nothing = np.zeros((1, 16), np.float32)
    np.testing.assert_allclose(estimate(both, nothing, (0, 50)), 0, atol=1e-7)
