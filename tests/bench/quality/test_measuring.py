"""Figures of tasks that were answered, worked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from bench.evaluate.cuts import Counts
from bench.evaluate.hits import Goal, Span
from bench.quality.dataset import Dataset, Tasks
from bench.quality.measuring import compare, find_ranks, judge_ad_hoc, judge_known, put, score_each
from bench.quality.run import QualityRun, judge_shots
from bench.quality.task import Task
from search.leaves.text import TextLeaf
from search.query import Query
from tests.bench.world.made_truths import make_truth

SHOTS = tuple(Span("v", at * 1000, at * 1000 + 1000) for at in range(10))
QUERY = Query(root=TextLeaf(text="a"))


@dataclass
class Shelf:
    """Answers all with the same order of shots."""

    order: Sequence[int]

    def rank(self, query: Query, k: int) -> Sequence[Span]:
        return [SHOTS[at] for at in self.order[:k]]


def sought(*shots: int) -> Task:
    """One goal: the first shot, or its duplicates behind it."""
    return Task(f"t{shots}", "tkis/own", QUERY, (Goal(tuple(SHOTS[at] for at in shots)),))


def collected(*shots: int) -> Task:
    return Task(f"t{shots}", "avs", QUERY, tuple(Goal((SHOTS[at],)) for at in shots))


def test_known_items_by_hand() -> None:
    """Ranks 1, 2 (a duplicate comes before the target), 4, and not found."""
    tasks = [sought(3), sought(2, 5), sought(2), sought(9)]
    answers = put(tasks, Shelf((3, 5, 4, 2)))
    assert find_ranks(answers).tolist() == [1, 2, 4, float("inf")]
    figures = judge_known(answers)
    assert (figures.n, figures.recall_1, figures.recall_10) == (4, 0.25, 0.75)
    assert figures.median_rank == 3
    assert figures.mrr == pytest.approx((1 + 1 / 2 + 1 / 4) / 4)


def test_topics_by_hand() -> None:
    """Right at 1 and 3 of three: (1 + 2/3) / 3."""
    answers = put([collected(0, 2, 9)], Shelf((0, 1, 2)))
    assert answers[0].right == (True, False, True)
    assert judge_ad_hoc(answers).map == pytest.approx(5 / 9)
    assert judge_ad_hoc(answers).recall_100 == pytest.approx(2 / 3)
    assert score_each(answers).tolist() == [judge_ad_hoc(answers).map]


def test_a_goal_that_is_met_twice_counts_once() -> None:
    (answer,) = put([sought(2, 5)], Shelf((5, 2)))
    assert answer.right == (True, False)


def test_a_neighbour_that_reaches_over_a_border_is_wrong() -> None:
    late = Span("v", 2600, 4000)  # shares 400 ms with the third shot

    class Late:
        def rank(self, query: Query, k: int) -> Sequence[Span]:
            return [late]

    assert put([sought(2)], Late())[0].right == (False,)
    assert put([sought(3)], Late())[0].right == (True,)


def test_the_better_of_two_engines_is_told_with_an_interval() -> None:
    tasks = [sought(at) for at in range(8)]
    good, poor = put(tasks, Shelf(range(8))), put(tasks, Shelf((9, *range(8))))
    gain = compare(good, poor)
    assert gain.is_clear
    assert gain.value == pytest.approx(sum(1 / n - 1 / (n + 1) for n in range(1, 9)) / 8)
    assert compare(good, good).value == 0


def test_a_run_puts_every_task_and_tells_how_far_it_is() -> None:
    heard: list[tuple[int, int]] = []
    tasks = Tasks({"own": [sought(1), sought(2)]}, [sought(3)], [(sought(4), sought(5))],
                  [collected(1, 2)])  # fmt: skip
    run = QualityRun(Dataset("d", None, tasks), Shelf(range(10)), lambda *far: heard.append(far))  # type: ignore[arg-type]
    figures = run.measure("none")
    assert heard == [(done, 6) for done in range(1, 7)]
    assert figures.known_by_text["own"].recall_1 == 0
    assert figures.by_picture.n == figures.pairs["then"].n == figures.ad_hoc.n == 1
    assert figures.cuts is None


def test_borders_that_the_product_set_are_held_against_the_true_ones() -> None:
    film = make_truth(1, scenes=1)
    spans = [Span(film.id, shot.start_ms, shot.end_ms) for shot in film.shots]
    assert judge_shots([film], spans).all == Counts(len(spans) - 1, 0, 0)
    halved = [Span(film.id, 0, 2000), Span(film.id, 2000, film.length_ms)]
    assert judge_shots([film], halved).all == Counts(0, 1, len(spans) - 1)
    assert judge_shots([film], []).all.missed == len(spans) - 1
