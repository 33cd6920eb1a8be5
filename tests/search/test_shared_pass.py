"""Who waits shares the next pass, gets its own scores, and is told what went wrong."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.speed.collection import SPACE, Plan, keep_collection
from indexer.generations.opening import open_generation
from search.shared_pass import TOGETHER, SharedPass, share_passes

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)
Scores = NDArray[np.float32]


class Held:
    """Scores that are not given before they may be."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.begun, self.may = Event(), Event()

    def score(self, queries: Scores) -> Scores:
        self.sizes.append(len(queries))
        self.begun.set()
        assert self.may.wait(20)
        if np.isnan(queries).any():
            raise ArithmeticError("no number")
        scores: Scores = queries @ ROWS.T
        return scores


def ask_while_busy(
    shared: SharedPass, held: Held, pool: ThreadPoolExecutor, asked: list[Scores]
) -> list[Future[Scores]]:
    """The first is being answered when the others come, in their order."""
    first = pool.submit(shared.score, asked[0])
    assert held.begun.wait(20)
    others = []
    for number, queries in enumerate(asked[1:]):
        others.append(pool.submit(shared.score, queries))
        deadline = time.monotonic() + 20
        while len(shared._waiting) <= number and time.monotonic() < deadline:
            time.sleep(0.001)
    held.may.set()
    return [first, *others]


@pytest.mark.parametrize(
    ("sizes", "passes"),
    [
        ([1], [1]),
        ([1, 1, 1, 1], [1, 3]),
        ([1, *[1] * (TOGETHER + 1)], [1, TOGETHER, 1]),
        ([2, 3, 3, 1, TOGETHER + 5, 1], [2, 3, 4, TOGETHER + 5, 1]),
    ],
    ids=str,
)
def test_those_that_wait_share_a_pass_and_get_their_own_scores(
    sizes: list[int], passes: list[int]
) -> None:
    held = Held()
    chance = np.random.default_rng(0)
    asked = [chance.standard_normal((size, 3), np.float32) for size in sizes]
    with ThreadPoolExecutor(len(sizes)) as pool:
        given = ask_while_busy(SharedPass(held.score), held, pool, asked)
        for queries, scores in zip(asked, given, strict=True):
            np.testing.assert_allclose(scores.result(20), queries @ ROWS.T, rtol=1e-5)
    assert held.sizes == passes


def test_an_error_reaches_all_of_a_pass_and_nobody_else() -> None:
    held = Held()
    shared = SharedPass(held.score)
    good, bad = np.ones((1, 3), np.float32), np.full((1, 3), np.nan, np.float32)
    with ThreadPoolExecutor(3) as pool:
        first, *others = ask_while_busy(shared, held, pool, [good, bad, good])
        assert first.result(20).shape == (1, 4)
        for each in others:
            with pytest.raises(ArithmeticError):
                each.result(20)
    assert shared.score(good).shape == (1, 4)


def test_a_coded_space_scores_together_as_it_does_alone(tmp_path: Path) -> None:
    plan = Plan(1200, 384)
    generation = open_generation(keep_collection(tmp_path, plan, lambda line: None))
    queries, plain = plan.queries(12), generation.spaces[SPACE]
    shared = share_passes(generation).spaces[SPACE]
    with ThreadPoolExecutor(12) as pool:
        given = list(pool.map(lambda n: shared.row_scores(queries[n : n + 1]), range(12)))
    for number, scores in enumerate(given):
        alone = plain.row_scores(queries[number : number + 1])
        np.testing.assert_allclose(scores, alone, atol=1e-6)
    assert shared.space == plain.space
    assert shared.known.all()
