"""Figures of ranked lists, of hits and of resampled tasks: by hand, and against plain loops."""

from math import inf, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.hits import WRONG, Goal, Hit, Span, find_goals, mark_right, overlap_ms
from bench.evaluate.intervals import bound, bound_difference, median_of_rows
from bench.evaluate.ranking import (
    average_precision,
    average_precisions,
    mean_average_precision,
    median_rank,
    ndcg_at,
    rank_first,
    rank_targets,
    recall_at,
    recall_of_all,
    reciprocal_ranks,
    summarise_lists,
    summarise_ranks,
)

GOALS = (Goal((Span("a", 1000, 2000), Span("b", 0, 500))), Goal((Span("a", 2000, 3000),)))
TABLES = st.integers(1, 8).flatmap(
    lambda units: st.lists(
        st.tuples(
            st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=units, max_size=units),
            st.lists(st.booleans(), min_size=units, max_size=units),
        ),
        min_size=1,
        max_size=5,
    )
)


def test_a_target_stands_behind_all_that_score_no_less() -> None:
    scores = [[0.9, 0.5, 0.1], [0.5, 0.5, 0.5], [0.1, 0.2, 0.3]]
    assert rank_targets(scores, [0, 1, 0]).tolist() == [1, 3, 3]


def test_of_several_right_ones_the_best_counts_and_other_right_ones_do_not_precede_it() -> None:
    scores = [[0.9, 0.9, 0.9, 0.2], [0.3, 0.2, 0.1, 0.0]]
    right = [[True, True, False, False], [False, False, False, False]]
    assert rank_targets(scores, right).tolist() == [2, inf]


def test_a_score_that_is_no_number_is_the_lowest() -> None:
    assert rank_targets([[np.nan, 0.1, -5.0]], [0]).tolist() == [3]
    assert rank_targets([[np.nan, 0.1, -5.0]], [2]).tolist() == [2]


def test_scores_and_what_is_right_must_be_of_one_shape() -> None:
    with pytest.raises(ValueError, match="scores are"):
        rank_targets([[1.0, 2.0]], [[True]])


def test_figures_of_known_items_by_hand() -> None:
    figures = summarise_ranks([1, 2, 10, 200, inf])
    assert figures.to_json() == {
        "n": 5,
        "recall@1": 0.2,
        "recall@10": 0.6,
        "recall@100": 0.6,
        "median_rank": 10.0,
        "mrr": pytest.approx((1 + 0.5 + 0.1 + 0.005) / 5),
    }


def test_a_median_beyond_what_was_found_is_null_in_json() -> None:
    assert median_rank([1, inf, inf]) == inf
    assert median_rank([2, 5]) == 3.5
    assert summarise_ranks([1, inf, inf]).to_json()["median_rank"] is None


def test_figures_of_nothing_are_zero_and_warn_of_nothing() -> None:
    assert summarise_ranks([]).to_json()["mrr"] == 0
    assert recall_at([], 10) == 0
    assert summarise_lists([], []).to_json() == {"n": 0, "map": 0, "recall@100": 0}
    assert mean_average_precision([]) == 0


def test_average_precision_by_hand() -> None:
    """Right at 1, 3 and 6 of four right ones: (1/1 + 2/3 + 3/6) / 4."""
    marks = [True, False, True, False, False, True]
    assert average_precision(marks, 4) == pytest.approx((1 + 2 / 3 + 1 / 2) / 4)
    assert average_precision(marks, 0) == 0
    assert average_precision([], 3) == 0


def test_recall_of_all_divides_by_what_can_stand_there() -> None:
    assert recall_of_all([True, False, True], 4, 2) == 0.5
    assert recall_of_all([True] * 5, 200, 5) == 1
    assert recall_of_all([], 0, 100) == 0


def test_ndcg_by_hand() -> None:
    """The best order is 3, 2, 1."""
    won = 2 / log2(2) + 3 / log2(3)
    best = 3 / log2(2) + 2 / log2(3)
    assert ndcg_at([2, 3, 0], [1, 2, 3], 2) == pytest.approx(won / best)
    assert ndcg_at([3, 2, 1], [1, 2, 3], 3) == pytest.approx(1)
    assert ndcg_at([0, 0], [], 10) == 0


@given(TABLES)
def test_a_table_says_what_its_sorted_lists_say(rows: list[tuple[list[float], list[bool]]]) -> None:
    """Sorted by score, the wrong ones first among equals."""
    scores, right = [row[0] for row in rows], [row[1] for row in rows]
    lists = [
        [mark for _, mark in sorted(zip(*row, strict=True), key=lambda it: (-it[0], it[1]))]
        for row in rows
    ]
    assert rank_targets(scores, right).tolist() == [rank_first(marks) for marks in lists]
    plain = [average_precision(marks, sum(marks)) for marks in lists]
    assert average_precisions(scores, right) == pytest.approx(plain)
    cut = [average_precision(marks[:2], sum(marks)) for marks in lists]
    assert average_precisions(scores, right, depth=2) == pytest.approx(cut)


@given(st.lists(st.one_of(st.integers(1, 300).map(float), st.just(inf)), min_size=1))
def test_deeper_recall_is_no_less_and_mrr_lies_between_its_ends(ranks: list[float]) -> None:
    assert recall_at(ranks, 1) <= recall_at(ranks, 10) <= recall_at(ranks, 100)
    assert recall_at(ranks, 1) <= reciprocal_ranks(ranks).mean() <= 1


def test_an_overlap_is_of_one_video_and_a_moment_counts_as_one() -> None:
    shot = Span("a", 1000, 2000)
    assert overlap_ms(shot, Span("a", 1900, 5000)) == 100
    assert overlap_ms(shot, Span("b", 1000, 2000)) == 0
    assert overlap_ms(shot, Span("a", 1000, 1000)) == 1
    assert overlap_ms(shot, Span("a", 2000, 2000)) <= 0


def test_a_hit_meets_the_goal_it_overlaps_most_or_a_duplicate() -> None:
    hits = [Hit("a", 900, 1200), Hit("a", 1990, 2900), Hit("b", 100, 200), Hit("c", 0, 9)]
    assert find_goals(hits, GOALS).tolist() == [0, 1, 0, WRONG]


def test_a_frame_of_a_neighbour_can_be_forgiven() -> None:
    hits = [Hit("a", 500, 1040), Hit("a", 1980, 1990)]
    assert find_goals(hits, GOALS[:1]).tolist() == [0, 0]
    assert find_goals(hits, GOALS[:1], least_ms=200).tolist() == [WRONG, 0]


def test_a_goal_counts_once() -> None:
    hits = [Hit("c", 0, 9), Hit("a", 1000, 1100), Hit("b", 0, 100), Hit("a", 2100, 2200)]
    assert mark_right(hits, GOALS).tolist() == [False, True, False, True]
    assert mark_right([], GOALS).tolist() == []
    assert mark_right(hits, ()).tolist() == [False] * 4


def test_an_interval_holds_its_value_and_is_the_same_each_time() -> None:
    values = (np.arange(200) % 10 < 3).astype(float)
    one = bound(values, seed=3)
    assert one.value == pytest.approx(0.3)
    assert one.low < one.value < one.high
    assert one == bound(values, seed=3) != bound(values, seed=4)


def test_an_interval_is_as_wide_as_theory_has_it() -> None:
    """Of 400 tasks with a share of one half: 0.5 +- 1.96 * sqrt(0.25 / 400)."""
    interval = bound(np.arange(400) % 2)
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.025, abs=0.012)


def test_infinite_ranks_have_an_interval() -> None:
    interval = bound([1, 2, 3, inf, inf], median_of_rows)
    assert (interval.value, interval.high) == (3, inf)
    assert interval.to_json() == {"value": 3.0, "low": interval.low, "high": None}


def test_a_small_loss_on_every_task_is_clear_though_both_intervals_overlap() -> None:
    theirs = np.linspace(0, 1, 100)
    ours = theirs - 0.02
    assert bound(ours).high > bound(theirs).low
    difference = bound_difference(ours, theirs)
    assert difference.is_clear
    assert difference.value == pytest.approx(-0.02)
    assert not bound_difference(theirs, theirs[::-1]).is_clear


def test_an_interval_needs_a_value_and_a_difference_the_same_tasks() -> None:
    with pytest.raises(ValueError, match="at least one"):
        bound([])
    with pytest.raises(ValueError, match="3 tasks of ours, 2 of theirs"):
        bound_difference([1, 2, 3], [1, 2])


def test_many_tasks_are_resampled_in_parts_that_fit() -> None:
    assert bound(np.ones(30_000)).low == 1
