"""Following boxes through samples: by overlap when close in time, by appearance when far apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.tracking import Gates, Looks, link_tracks, match_best, overlap_boxes

Floats = NDArray[np.float64]
ANN, BOB = np.eye(8)[0], np.eye(8)[1]


def box(x: float, y: float = 0.4, size: float = 0.1) -> list[float]:
    return [x, y, x + size, y + size]


def looks(*vectors: Floats, trust: float = 1.0) -> Looks:
    return Looks(np.stack(vectors), np.full(len(vectors), trust))


def lists(numbers: list[NDArray[np.int64]]) -> list[list[int]]:
    return [each.tolist() for each in numbers]


def test_two_who_walk_past_each_other_keep_their_numbers_by_their_looks() -> None:
    steps = np.linspace(0.1, 0.7, 13)
    boxes = [np.array([box(x), box(0.8 - x)]) for x in steps]
    seen = [looks(ANN, BOB) for _ in steps]
    numbers = link_tracks(range(0, 2600, 200), boxes, seen)
    assert lists(numbers) == [[0, 1]] * 13


def test_the_order_of_boxes_in_a_sample_makes_no_difference() -> None:
    boxes = [np.array([box(0.1), box(0.6)]), np.array([box(0.61), box(0.11)])]
    assert lists(link_tracks([0, 200], boxes)) == [[0, 1], [1, 0]]


def test_seconds_apart_appearance_decides_against_overlap() -> None:
    boxes = [np.array([box(0.1), box(0.6)]), np.array([box(0.1), box(0.6)])]
    numbers = link_tracks([0, 4000], boxes, [looks(ANN, BOB), looks(BOB, ANN)])
    assert lists(numbers) == [[0, 1], [1, 0]]


def test_of_two_who_look_alike_overlap_chooses_at_once_and_looks_do_later() -> None:
    alike = (0.8 * ANN + 0.6 * BOB) / np.linalg.norm(0.8 * ANN + 0.6 * BOB)
    boxes = [np.array([box(0.1), box(0.15)])] * 2
    seen = [looks(ANN, alike), looks(alike, ANN)]
    assert lists(link_tracks([0, 100], boxes, seen)) == [[0, 1], [0, 1]]
    assert lists(link_tracks([0, 4000], boxes, seen)) == [[0, 1], [1, 0]]


def test_a_short_way_is_enough_while_samples_are_close() -> None:
    boxes = [np.array([box(0.1)]), np.array([box(0.17)])]
    assert lists(link_tracks([0, 200], boxes)) == [[0], [0]]
    assert lists(link_tracks([0, 2000], boxes)) == [[0], [1]]


def test_overlap_alone_is_believed_for_some_seconds() -> None:
    boxes = [np.array([box(0.1)])] * 2
    assert lists(link_tracks([0, 5000], boxes)) == [[0], [0]]
    assert lists(link_tracks([0, 5001], boxes)) == [[0], [1]]


def test_close_in_time_another_who_takes_the_place_is_another() -> None:
    boxes = [np.array([box(0.1)]), np.array([box(0.1)])]
    assert lists(link_tracks([0, 200], boxes, [looks(ANN), looks(-ANN)])) == [[0], [1]]


def test_vectors_that_are_not_trusted_leave_it_to_overlap() -> None:
    boxes = [np.array([box(0.1)]), np.array([box(0.12)])]
    numbers = link_tracks([0, 200], boxes, [looks(ANN), looks(-ANN, trust=0.1)])
    assert lists(numbers) == [[0], [0]]
    far = [np.array([box(0.1)]), np.array([box(0.8)])]
    assert lists(link_tracks([0, 4000], far, [looks(ANN), looks(ANN, trust=0.1)])) == [[0], [1]]


def test_nobody_crosses_the_picture_in_a_fifth_of_a_second() -> None:
    boxes = [np.array([box(0.1)]), np.array([box(0.8)])]
    assert lists(link_tracks([0, 200], boxes, [looks(ANN)] * 2)) == [[0], [1]]
    assert lists(link_tracks([0, 4000], boxes, [looks(ANN)] * 2)) == [[0], [0]]


def test_a_track_is_found_again_after_a_gap_but_not_after_the_limit() -> None:
    boxes = [np.array([box(0.1)]), np.empty((0, 4)), np.array([box(0.2)])]
    seen = [looks(ANN), Looks(np.empty((0, 8)), np.empty(0)), looks(ANN)]
    assert lists(link_tracks([0, 2000, 4000], boxes, seen)) == [[0], [], [0]]
    short = Gates(max_gap_ms=3000)
    assert lists(link_tracks([0, 2000, 4000], boxes, seen, short)) == [[0], [], [1]]


def test_nothing_seen_gives_nothing() -> None:
    assert link_tracks([], []) == []
    assert lists(link_tracks([0, 200], [np.empty((0, 4))] * 2)) == [[], []]


def test_the_best_pair_is_taken_first() -> None:
    fitness = np.array([[0.9, 0.8], [0.85, -np.inf]])
    rows, columns = match_best(fitness)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 0)]


@pytest.mark.parametrize(
    ("other", "expected"),
    [(box(0.1), 1.0), (box(0.15), 1 / 3), (box(0.2), 0.0), (box(0.9), 0.0), ([0.1] * 4, 0.0)],
)
def test_overlap_is_intersection_over_union(other: list[float], expected: float) -> None:
    got = overlap_boxes(np.array([box(0.1)]), np.array([other]))
    assert got.item() == pytest.approx(expected)


corners = st.lists(st.tuples(*[st.floats(0, 0.8)] * 2), max_size=4)


@settings(max_examples=60, deadline=None)
@given(samples=st.lists(corners, max_size=6), seed=st.integers(0, 9))
def test_no_two_boxes_of_a_sample_share_a_number_and_numbers_have_no_holes(
    samples: list[list[tuple[float, float]]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    boxes = [np.array([box(*at) for at in one]).reshape(-1, 4) for one in samples]
    vectors = [random.normal(size=(len(one), 5)) for one in samples]
    seen = [Looks(v / np.linalg.norm(v, axis=1, keepdims=True), np.ones(len(v))) for v in vectors]
    for given_looks in (None, seen):
        numbers = link_tracks(range(0, 500 * len(samples), 500), boxes, given_looks)
        assert [len(each) for each in numbers] == [len(each) for each in boxes]
        assert all(len(set(each.tolist())) == len(each) for each in numbers)
        every = np.concatenate([*numbers, np.empty(0, np.int64)])
        _, first = np.unique(every, return_index=True)
        assert sorted(set(every.tolist())) == list(range(len(first)))
        assert (np.diff(first) > 0).all()
