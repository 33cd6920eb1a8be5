"""The evaluator of transitions: by hand, against the best of all matchings, against AutoShot."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.cuts import (
    UNMATCHED,
    Counts,
    ShotFigures,
    centre_transitions,
    count_transitions,
    count_videos,
    find_transitions,
    match_transitions,
    score_to_shots,
)

Pairs = list[tuple[float, float]]


@st.composite
def lines(draw: st.DrawFn) -> Pairs:
    """Up to five transitions on a time line, none within another."""
    times = draw(st.lists(st.integers(0, 30), max_size=10, unique=True))
    ends = sorted(times)
    return [(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False)]


def test_a_cut_counts_within_the_tolerance_and_not_beyond() -> None:
    assert match_transitions([(102, 102)], [(100, 100)], 2).tolist() == [0]
    assert match_transitions([(103, 103)], [(100, 100)], 2).tolist() == [UNMATCHED]


def test_a_gradual_one_counts_where_it_is_overlapped() -> None:
    dissolve = [(100, 120)]
    assert match_transitions([(110, 110)], dissolve, 0).tolist() == [0]
    assert match_transitions([(119, 140)], dissolve, 0).tolist() == [0]
    assert match_transitions([(121, 140)], dissolve, 0).tolist() == [UNMATCHED]


def test_each_is_matched_once() -> None:
    figures = count_transitions([(99, 99), (101, 101)], [(100, 100)], 2)
    assert figures.all == Counts(right=1, false=1)
    figures = count_transitions([(100, 100)], [(99, 99), (101, 101)], 2)
    assert figures.all == Counts(right=1, missed=1)


def test_order_of_rows_does_not_matter() -> None:
    assert match_transitions([(50, 50), (10, 10)], [(11, 11), (30, 30), (49, 49)], 1).tolist() == [
        2,
        0,
    ]


def test_kinds_are_counted_apart() -> None:
    """True: a cut found, a cut missed, a dissolve found. In vain: one cut, one dissolve."""
    true = [(10, 10), (50, 50), (80, 90)]
    found = [(10, 10), (30, 30), (85, 88), (120, 130)]
    figures = count_transitions(found, true, 1, tells_kinds=True)
    assert figures.cuts == Counts(right=1, false=1, missed=1)
    assert figures.gradual == Counts(right=1, false=1)
    assert figures.all == Counts(right=2, false=2, missed=1)


def test_what_is_found_in_vain_counts_with_both_kinds_where_none_is_told() -> None:
    figures = count_transitions([(10, 10), (30, 30)], [(10, 10), (80, 90)], 1)
    assert figures.cuts == Counts(right=1, false=1)
    assert figures.gradual == Counts(false=1, missed=1)


def test_precision_recall_and_f1_by_hand() -> None:
    counts = Counts(right=6, false=2, missed=4)
    assert counts.to_json() == {
        "n": 10,
        "precision": 0.75,
        "recall": 0.6,
        "f1": pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6)),
    }
    assert Counts().to_json() == {"n": 0, "precision": 0, "recall": 0, "f1": 0}


def test_videos_are_summed_before_they_are_divided() -> None:
    """9 of 9 and 0 of 1: micro-averaged 0.9, not 0.5."""
    many = [(float(at), float(at)) for at in range(0, 90, 10)]
    figures = count_videos([(many, many), ([], [(5, 5)])], 1)
    assert figures.all.recall == 0.9
    assert set(figures.to_json()) == {"cuts", "gradual", "all"}
    assert count_videos([], 1) == ShotFigures()


def test_a_transition_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        match_transitions([(5, 4)], [], 0)
    with pytest.raises(ValueError, match="start and end"):
        match_transitions([1, 2], [], 0)


@given(lines(), lines(), st.integers(0, 3))
def test_as_many_are_matched_as_can_be(found: Pairs, true: Pairs, tolerance: int) -> None:
    matched = match_transitions(found, true, tolerance)
    pairs = [(i, j) for i, j in enumerate(matched.tolist()) if j != UNMATCHED]
    assert all(_fit(found[i], true[j], tolerance) for i, j in pairs)
    assert len({j for _, j in pairs}) == len(pairs)
    short, long = sorted((found, true), key=len)
    best = max(
        sum(_fit(one, other, tolerance) for one, other in zip(short, order, strict=True))
        for order in permutations(long, len(short))
    )
    assert len(pairs) == best


@given(lines(), lines(), st.integers(0, 3))
def test_exchanging_found_and_true_exchanges_precision_and_recall(
    found: Pairs, true: Pairs, tolerance: int
) -> None:
    one = count_transitions(found, true, tolerance).all
    other = count_transitions(true, found, tolerance).all
    assert (one.right, one.false, one.missed) == (other.right, other.missed, other.false)


def test_shots_lie_between_runs_of_high_scores() -> None:
    """A run's first frame ends a shot; a run at the beginning or the end parts nothing."""
    scores = [0.9, 0, 0, 0.8, 0, 0.7, 0.7, 0.7, 0, 0, 0.6]
    assert score_to_shots(scores, 0.5).tolist() == [[1, 3], [4, 5], [8, 10]]
    assert score_to_shots([0.0, 0.1], 0.5).tolist() == [[0, 1]]
    assert score_to_shots([0.9, 0.9], 0.5).tolist() == [[0, 1]]


def test_a_cut_lies_midway_between_frames_and_a_gradual_one_over_those_of_no_shot() -> None:
    shots = [(0, 9), (10, 19), (25, 40), (40, 50)]
    assert find_transitions(shots).tolist() == [[9.5, 9.5], [19.5, 24.5], [39.5, 40.5]]
    assert find_transitions([(0, 9)]).shape == (0, 2)


def test_transitions_lie_about_the_starts_of_shots() -> None:
    assert centre_transitions([0, 1000, 3000], [0, 0, 400]).tolist() == [
        [1000, 1000],
        [2800, 3200],
    ]


def test_autoshot_reaches_its_published_figure(material: Path) -> None:
    """200 short videos, threshold 0.296, tolerance 2 frames: F1 0.84."""
    figures = _judge_autoshot(material / "shots", 0.296)
    assert figures.all.f1 == pytest.approx(0.84, abs=0.005)
    assert figures.all.right + figures.all.missed == 2516
    assert _judge_autoshot(material / "shots", 0.5).all.f1 < figures.all.f1


def test_a_detector_that_is_right_is_told_so_on_real_transitions(material: Path) -> None:
    films = json.loads((material / "shots" / "clipshots_test.json").read_text(encoding="utf-8"))
    # In one film two frames stand in the wrong order.
    lists = [np.sort(np.reshape(film["transitions"], (-1, 2)), axis=1) for film in films.values()]
    figures = count_videos(((one, one) for one in lists), 0, longest_cut=1)
    assert figures.all.f1 == figures.cuts.f1 == figures.gradual.f1 == 1
    late = count_videos(((one + 60, one) for one in lists), 2, longest_cut=1)
    assert late.all.f1 < 0.2


def _judge_autoshot(folder: Path, threshold: float) -> ShotFigures:
    true = json.loads((folder / "autoshot_scenes.json").read_text(encoding="utf-8"))
    with np.load(folder / "autoshot_scores.npz") as scores:
        found = {name: score_to_shots(scores[name], threshold) for name in true}
    return count_videos(
        ((find_transitions(found[name]), find_transitions(true[name])) for name in true), 2
    )


def _fit(one: tuple[float, float], other: tuple[float, float], tolerance: int) -> bool:
    return max(one[0], other[0]) - min(one[1], other[1]) <= tolerance
