"""The compiled inner loops against their numpy forms, and what serves without a compiler."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.generations import kernel, nibbles

ONE_STEP = 2.0**-22  # two roundings of float32, relative: the compiler may join product and sum
NUMBERS = st.sampled_from([-np.inf, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0])


@pytest.fixture(params=[1, 2, 7])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    count: int = request.param
    monkeypatch.setattr(kernel, "count_threads", lambda: count)
    return count


def in_numpy(work: Callable[[], Any]) -> Any:
    """What the same call gives where there is no library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "_load", lambda: None)
        assert not kernel.has_kernel()
        return work()


def test_loops_that_a_library_lacks_are_done_in_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(0)
    codes, rows = chance.integers(0, 256, (50, 8), np.uint8), np.array([3, 9, 40])
    asked, few = (
        chance.integers(-99, 99, (2, 8), np.int16),
        chance.integers(-9, 9, (2, 16), np.int8),
    )
    one, out = np.ones(2, np.float32), np.empty((2, 50), np.float32)
    values, ends = np.arange(4, dtype=np.float32), np.array([2, 4, 4, 4])
    monkeypatch.setattr(kernel, "_load", SimpleNamespace)  # one from before there was any
    assert not kernel.has_kernel()
    sums = asked @ codes.T.astype(np.int64) + 1
    assert (products(codes, asked, plain=True) == sums - 1).all()
    assert (nibbles.inner_products_at(codes, rows, asked, one, one) == sums[:, rows]).all()
    nibbles.inner_products_of_nibbles(codes, few, one, one, out)
    numbers = np.concatenate((codes & 15, codes >> 4), axis=1)
    assert (out == few @ numbers.T.astype(np.int64) + 1).all()
    assert kernel.best_of_spans(values, np.array([0, 3, 4])).tolist() == [2, 3]
    assert kernel.best_following(values, ends).tolist() == [1, 3, 3, -np.inf]


def products(
    codes: NDArray[np.uint8], queries: NDArray[np.int16], *, plain: bool = False
) -> NDArray[np.float32]:
    """With some factors and offsets; plain: the sums alone."""
    factor = np.linspace(1 if plain else 0.5, 1 if plain else 2, len(queries), dtype=np.float32)
    offset = np.linspace(-3, 3, len(queries), dtype=np.float32) * (not plain)
    out = np.full((len(queries), len(codes)), np.nan, np.float32)
    if out.size:
        kernel.inner_products(codes, queries, factor, offset, out)
    return out


def check_products(codes: NDArray[np.uint8], queries: NDArray[np.int16]) -> None:
    compiled = products(codes, queries)
    plain = in_numpy(lambda: products(codes, queries))
    largest = abs(plain).max(initial=1)  # of what product and sum cancel in
    np.testing.assert_allclose(compiled, plain, rtol=ONE_STEP, atol=largest * ONE_STEP)


@given(
    rows=st.integers(0, 200),
    dim=st.integers(1, 200),
    queries=st.integers(0, 9),
    seed=st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_inner_products_are_those_of_numpy(rows: int, dim: int, queries: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    codes = chance.integers(0, 256, (rows, dim), np.uint8)
    asked = chance.integers(-3000, 3000, (queries, dim), np.int16)
    check_products(codes, asked)


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("rows", [1, 2, 63, 64, 65, 1000])
def test_threads_share_the_rows_between_them(rows: int) -> None:
    chance = np.random.default_rng(rows)
    codes = chance.integers(0, 256, (rows, 33), np.uint8)
    check_products(codes, chance.integers(-3000, 3000, (3, 33), np.int16))


@pytest.mark.parametrize("queries", [2, 7])
@pytest.mark.parametrize("dim", [64, 300, 512, 1152])
def test_the_largest_sums_that_are_allowed_do_not_overflow(dim: int, queries: int) -> None:
    largest = min(kernel.MOST_QUERY_SUM // dim, kernel.MOST_QUERY_NUMBER)
    sign = np.where(np.arange(queries) % 2, -1, 1)
    asked = np.repeat((sign * largest)[:, None], dim, axis=1).astype(np.int16)
    out = products(np.full((35, dim), 255, np.uint8), asked, plain=True)
    exact = (sign * np.float32(255 * largest * dim)).tolist()
    assert out.tolist() == [[each] * 35 for each in exact]


def test_a_stretch_of_a_larger_array_is_filled_and_nothing_else() -> None:
    chance = np.random.default_rng(0)
    codes = chance.integers(0, 256, (20, 9), np.uint8)
    asked = chance.integers(-99, 99, (3, 9), np.int16)
    one = np.ones(3, np.float32)
    whole = np.full((3, 30), 7, np.float32)
    kernel.inner_products(codes, asked, one, one, whole[:, 4:24])
    assert (whole[:, 4:24] == asked.astype(np.int64) @ codes.T.astype(np.int64) + 1).all()
    assert (whole[:, :4] == 7).all()
    assert (whole[:, 24:] == 7).all()


def test_codes_that_lie_scattered_are_taken_too() -> None:
    codes = np.random.default_rng(0).integers(0, 256, (20, 18), np.uint8)
    asked = np.arange(-4, 5, dtype=np.int16)[None]
    assert (products(codes[:, ::2], asked) == products(codes[:, ::2].copy(), asked)).all()


def draw_spans() -> st.SearchStrategy[tuple[list[float], list[int]]]:
    """Values, and the sizes of the spans that cover them."""
    sizes = st.lists(st.integers(1, 6) | st.integers(7, 40), max_size=12)
    return sizes.flatmap(
        lambda some: st.tuples(
            st.lists(NUMBERS, min_size=sum(some), max_size=sum(some)), st.just(some)
        )
    )


@given(drawn=draw_spans(), count=st.sampled_from([1, 2, 7]))
@settings(max_examples=60, deadline=None)
def test_the_best_of_spans_is_that_of_numpy(
    drawn: tuple[list[float], list[int]], count: int
) -> None:
    values, first = np.array(drawn[0], np.float32), np.cumsum([0, *drawn[1]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "count_threads", lambda: count)
        best = kernel.best_of_spans(values, first)
    assert best.tolist() == [max(values[a:b]) for a, b in pairwise(first)]
    assert best.tolist() == in_numpy(lambda: kernel.best_of_spans(values, first)).tolist()


def windows() -> Iterator[tuple[str, Callable[[NDArray[np.int64]], NDArray[np.int64]]]]:
    yield "nothing follows", lambda at: at + 1
    yield "nothing, and before itself", lambda at: at
    yield "the next one", lambda at: np.minimum(at + 2, len(at))
    yield "three", lambda at: np.minimum(at + 4, len(at))
    yield "up to the end", lambda at: np.full_like(at, len(at))
    yield "inside videos of five", lambda at: np.minimum((at // 5 + 1) * 5, len(at))


@pytest.mark.parametrize("ends", dict(windows()).values(), ids=dict(windows()).keys())
@pytest.mark.parametrize("size", [0, 1, 2, 5, 64, 333])
def test_the_best_that_follows_is_found_in_every_window(
    ends: Callable[[NDArray[np.int64]], NDArray[np.int64]], size: int
) -> None:
    values = np.random.default_rng(size).integers(0, 9, size).astype(np.float32)
    check_following(values, ends(np.arange(size)))


@given(steps=st.lists(st.tuples(NUMBERS, st.integers(0, 4)), max_size=40))
@settings(max_examples=100, deadline=None)
def test_the_best_that_follows_is_that_of_plain_python(steps: list[tuple[float, int]]) -> None:
    values = np.array([number for number, _ in steps], np.float32)
    end = np.minimum(np.cumsum([step for _, step in steps]), len(steps)).astype(np.int64)
    check_following(values, end)


def check_following(values: NDArray[np.float32], end: NDArray[np.int64]) -> None:
    expected = [max(values[i + 1 : last], default=-np.inf) for i, last in enumerate(end)]
    assert kernel.best_following(values, end).tolist() == expected
    assert in_numpy(lambda: kernel.best_following(values, end)).tolist() == expected


def test_what_has_to_be_copied_first_is_held_until_the_loop_is_over() -> None:
    chance = np.random.default_rng(5)
    codes = chance.integers(0, 256, (3000, 24), np.uint8)
    queries = chance.integers(-99, 99, (5, 24)).astype(np.int16)
    spread = np.asfortranarray(chance.random((5, 9)))  # neither contiguous nor float32
    factor, offset = spread[:, 2], spread[:, 7]
    given, plain = np.empty((2, 5, 3000), np.float32)
    kernel.inner_products(codes, queries, factor, offset, given)
    kernel._inner_products_in_numpy(codes, queries, factor, offset, plain)
    np.testing.assert_allclose(given, plain, rtol=1e-5, atol=1e-2)
