"""Clusters of tracks: against a plain oracle, on made identities, as they grow."""

import logging
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers import neighbours
from analyzers.agglomeration import NEW
from analyzers.clustering import (
    FaceTracks,
    Gates,
    cluster_tracks,
    find_rivals,
    measure_fit,
    measure_gate,
)
from analyzers.neighbours import Integers, find_alike
from bench.people.clusters import judge_pairs
from bench.people.identities import Identities, Population, draw_identities

logger = logging.getLogger(__name__)
Vectors = NDArray[np.float32]
NO_RIVALS = np.zeros((2, 0), np.int64)


def unit(vectors: NDArray[np.floating]) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def at_angles(*degrees: float) -> Vectors:
    turned = np.radians(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def tracks_of(vectors: Vectors, former: list[int] | None = None, quality: float = 50) -> FaceTracks:
    count = len(vectors)
    before = np.full(count, NEW) if former is None else np.array(former)
    return FaceTracks(vectors, np.full(count, quality), before.astype(np.int64))


def rivals_of(found: Identities, rows: NDArray[np.integer] | slice = slice(None)) -> Integers:
    pictures = found.videos[rows] * 10**9 + found.start_ms[rows]
    return find_rivals(np.arange(len(pictures)), pictures)


def groups(numbers: NDArray[np.integer]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(numbers == each).tolist()) for each in np.unique(numbers)}


def agglomerate_plainly(
    vectors: Vectors, least: float, rivals: set[tuple[int, int]]
) -> set[frozenset[int]]:
    """The most alike two of all clusters merge, one pair at a time."""
    clusters = [frozenset([number]) for number in range(len(vectors))]
    cosines = vectors.astype(np.float64) @ vectors.T

    def alike(pair: tuple[frozenset[int], frozenset[int]]) -> float:
        if any((a, b) in rivals or (b, a) in rivals for a in pair[0] for b in pair[1]):
            return -np.inf
        return float(cosines[np.ix_(sorted(pair[0]), sorted(pair[1]))].mean())

    while len(clusters) > 1:
        best = max(combinations(clusters, 2), key=alike)
        if alike(best) < least:
            break
        clusters = [each for each in clusters if each not in best] + [best[0] | best[1]]
    return set(clusters)


@settings(deadline=None, max_examples=150)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 14),
    least=st.floats(-0.2, 0.9),
    pairs=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=6),
)
def test_it_is_average_linkage_without_rivals_together(
    seed: int, count: int, least: float, pairs: list[tuple[int, int]]
) -> None:
    vectors = unit(np.random.default_rng(seed).normal(size=(count, 4)))
    rivals = {(a, b) for a, b in pairs if a < b < count}
    numbers = cluster_tracks(
        tracks_of(vectors),
        np.array(sorted(rivals), np.int64).reshape(-1, 2).T,
        Gates(least_cosine=least, neighbours=20),
    )
    assert groups(numbers) == agglomerate_plainly(vectors, least, rivals)


@given(samples=st.lists(st.tuples(st.integers(0, 5), st.integers(-4, 4)), max_size=24))
def test_rivals_are_those_that_share_a_picture(samples: list[tuple[int, int]]) -> None:
    tracks, times = np.array(samples, np.int64).reshape(-1, 2).T
    seen = [{time for track, time in samples if track == each} for each in range(6)]
    expected = [(one, other) for one, other in combinations(range(6), 2) if seen[one] & seen[other]]
    assert [tuple(pair) for pair in find_rivals(tracks, times).T.tolist()] == expected


@given(
    seed=st.integers(0, 10**6),
    count=st.integers(2, 40),
    k=st.integers(1, 5),
    least=st.floats(-1, 1),
)
def test_the_most_alike_are_found(seed: int, count: int, k: int, least: float) -> None:
    random = np.random.default_rng(seed)
    vectors = unit(random.normal(size=(count, 6)))
    asked = np.flatnonzero(random.random(count) < 0.7)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    expected = {
        (min(row, int(other)), max(row, int(other)))
        for row in asked.tolist()
        for other in np.argsort(-cosines[row])[:k]
        if cosines[row, other] >= least
    }
    assert [tuple(p) for p in find_alike(vectors, asked, k, least).T.tolist()] == sorted(expected)


def test_cells_find_nearly_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = draw_identities(Population(persons=60, tracks=3_000), 5).vectors
    exact = {tuple(pair) for pair in find_alike(vectors, np.arange(3_000), 3, 0.35).T.tolist()}
    monkeypatch.setattr(neighbours, "EXACT", 0)
    monkeypatch.setattr(neighbours, "_CELL", 100)
    by_cells = {tuple(pair) for pair in find_alike(vectors, np.arange(3_000), 3, 0.35).T.tolist()}
    assert len(exact & by_cells) > 0.85 * len(exact)


def test_nothing_and_one_and_two_alike() -> None:
    assert cluster_tracks(tracks_of(np.zeros((0, 4), np.float32)), NO_RIVALS).tolist() == []
    assert cluster_tracks(tracks_of(at_angles(10)), NO_RIVALS).tolist() == [0]
    assert cluster_tracks(tracks_of(at_angles(10, 10)), NO_RIVALS).tolist() == [0, 0]
    assert cluster_tracks(tracks_of(at_angles(10, 10), [4, NEW]), NO_RIVALS).tolist() == [4, 4]
    together = np.array([[0], [1]])
    assert cluster_tracks(tracks_of(at_angles(10, 10)), together).tolist() == [0, 1]


def test_of_rivals_that_slipped_into_one_cluster_the_less_alike_leaves() -> None:
    angles = [*np.linspace(-3, 3, 25), *np.linspace(40, 46, 25), 20]
    rivals = np.array([[0], [49]])  # one pair among so many does not keep two clusters apart
    numbers = cluster_tracks(tracks_of(at_angles(*angles)), rivals, Gates(least_cosine=0.5))
    assert numbers[0] != numbers[49]
    assert np.bincount(numbers).tolist() == [50, 1] or np.bincount(numbers).tolist() == [1, 50]
    many = np.stack((np.arange(5), 25 + np.arange(5)))  # but several do
    apart = cluster_tracks(tracks_of(at_angles(*angles[:50])), many, Gates(least_cosine=0.5))
    assert groups(apart) == {frozenset(range(25)), frozenset(range(25, 50))}


def test_poor_tracks_join_good_ones_and_found_no_cluster_together() -> None:
    vectors = at_angles(0, 2, 4, 6, 10, 90, 91)
    qualities = np.array([60, 60, 60, 60, 15, 15, 15])
    tracks = FaceTracks(vectors, qualities, np.full(7, NEW, np.int64))
    numbers = cluster_tracks(tracks, NO_RIVALS)
    assert groups(numbers) == {frozenset(range(5)), frozenset([5]), frozenset([6])}


def test_numbers_follow_the_first_tracks_and_new_ones_are_free() -> None:
    vectors = at_angles(0, 90, 180, 1, 91)
    gates = Gates(least_cosine=0.9)
    assert cluster_tracks(tracks_of(vectors), NO_RIVALS, gates).tolist() == [0, 1, 2, 0, 1]
    later = tracks_of(vectors, [NEW, 7, NEW, NEW, NEW])
    assert cluster_tracks(later, NO_RIVALS, gates).tolist() == [8, 7, 9, 8, 7]
    assert cluster_tracks(later, NO_RIVALS, gates, free=20).tolist() == [20, 7, 21, 20, 7]


def test_clusters_of_before_become_one_where_new_tracks_show_it_by_a_margin() -> None:
    gates = Gates(least_cosine=0.8)  # cosine .8 lies at 36.9 degrees, .85 at 31.8
    former = [5, 5, 2, 2, 2]
    told_apart = tracks_of(at_angles(0, 1, 34, 35, 36), former)
    assert cluster_tracks(told_apart, NO_RIVALS, gates).tolist() == former
    grown = tracks_of(at_angles(0, 1, 34, 35, 36, 16, 17, 18), [*former, NEW, NEW, NEW])
    assert cluster_tracks(grown, NO_RIVALS, gates).tolist() == [2] * 8


def test_a_track_that_is_gone_leaves_the_others_as_they_were() -> None:
    vectors = at_angles(0, 1, 2, 90, 91)
    numbers = cluster_tracks(tracks_of(vectors), NO_RIVALS)
    rest = tracks_of(vectors[1:], numbers[1:].tolist())
    assert cluster_tracks(rest, NO_RIVALS).tolist() == numbers[1:].tolist()


def test_the_gate_lies_between_strangers_and_the_same_person() -> None:
    found = draw_identities(Population(tracks=2_000), 3)
    good = found.qualities >= 40
    gate = measure_gate(found.vectors[good])
    cosines = found.vectors[good] @ found.vectors[good].T
    same = found.persons[good][:, None] == found.persons[good]
    assert np.quantile(cosines[~same], 0.97) < gate < np.median(cosines[same])
    assert measure_gate(found.vectors[:20]) == 0.5


def test_the_fit_is_the_cosine_with_the_mean() -> None:
    fits = measure_fit(at_angles(0, 20, 90), np.array([4, 4, 9]))
    assert fits.tolist() == pytest.approx([np.cos(np.radians(10))] * 2 + [1], abs=1e-6)


@pytest.mark.parametrize("session", [0.05, 0.2])
def test_made_identities_are_found_again(session: float) -> None:
    found = draw_identities(Population(session=session), 1)
    tracks = FaceTracks(found.vectors, found.qualities, np.full(len(found.persons), NEW))
    numbers = cluster_tracks(tracks, rivals_of(found))
    whole = judge_pairs(found.persons, numbers)
    good = found.qualities >= 30
    of_good = judge_pairs(found.persons[good], numbers[good])
    logger.info(
        "session %s: F1 %.3f, of good tracks %.3f, %s", session, whole.f1, of_good.f1, whole
    )
    assert whole.f1 >= 0.85
    assert whole.precision >= 0.97
    assert of_good.f1 >= 0.95
    first, second = rivals_of(found)
    assert (numbers[first] != numbers[second]).all()
    assert np.array_equal(numbers, cluster_tracks(tracks, rivals_of(found)))


def test_a_tenth_of_the_videos_later_changes_hardly_anything() -> None:
    found = draw_identities(Population(), 2)
    late = np.isin(found.videos, np.random.default_rng(0).permutation(100)[:10])
    early = np.flatnonzero(~late)
    former = np.full(len(late), NEW)
    first = FaceTracks(found.vectors[early], found.qualities[early], former[early])
    former[early] = cluster_tracks(first, rivals_of(found, early))
    numbers = cluster_tracks(FaceTracks(found.vectors, found.qualities, former), rivals_of(found))
    anew = cluster_tracks(
        FaceTracks(found.vectors, found.qualities, np.full(len(late), NEW)), rivals_of(found)
    )
    changed = (numbers[early] != former[early]).mean()
    grown, whole = (judge_pairs(found.persons, each).f1 for each in (numbers, anew))
    logger.info("changed %.4f, F1 %.3f, anew %.3f", changed, grown, whole)
    assert changed < 0.02
    assert grown > whole - 0.02
    assert len(np.unique(numbers[late])) < len(np.unique(found.persons[late])) + 0.3 * late.sum()
