"""Which tracks are one person: vectors to clusters that grow as tracks come.

Good tracks are agglomerated along a graph of neighbours, which is made anew of the clusters until
nothing merges any more. Poor ones, which look like one another rather than like themselves, only
join. Two faces of one picture are two persons.

Pure arrays: knows nothing of pictures, of models, of names.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.agglomeration import NEW, Clusters, Limits, add_up, merge_alike
from analyzers.neighbours import Integers, Vectors, find_alike

_LEVELS = 20  # more never were needed; each makes fewer clusters
_BLOCK_BYTES = 64 << 20  # of cosines in memory at a time
_ROWS = 1 << 14  # of vectors gathered at a time
_TINY = 1e-12  # no length
_FEW = 50  # good tracks, which tell nothing of their space
_COSINE_OF_FEW = 0.5
_COSINES = (0.35, 0.65)  # between which the measured gate lies
_SPREADS = 2.5  # above the middle of what two persons have
_SAMPLE = 100_000  # pairs
_QUANTILES = (0.1, 0.3)
_NORMAL = (-1.2816, -0.5244)  # the same of a normal distribution


@dataclass(frozen=True)
class Gates:
    """What has to hold for tracks to be one person."""

    least_cosine: float | None = None  # on average over the pairs of two clusters; None: measured
    least_quality: float = 30.0  # of 100; the better half of all tracks is good in any case
    margin: float = 0.05  # more than that for two clusters that were told apart before
    neighbours: int = 3  # k of the graph; more find no more, and chain
    rivals: float = 0.05  # share of the smaller cluster's tracks that may be rivals of the other's


@dataclass(frozen=True, eq=False)
class FaceTracks:
    """n tracks, side by side."""

    vectors: Vectors  # (n, dim) unit
    qualities: NDArray[np.floating]  # (n,) 0 to 100
    former: Integers  # (n,) numbers of their clusters before, `NEW` for those that came since


def find_rivals(tracks: Integers, times: Integers) -> Integers:
    """Tracks that are seen in one picture, and so are not one person.

    Tracks that take turns, as one does that was lost and found again, are no rivals.

    Args:
        tracks: (n,) whose sample each is, as its position among the tracks.
        times: (n,) which picture the sample is of; a number that no other picture has.

    Returns:
        (2, pairs) of positions, each pair once, the lesser position first.
    """
    order = np.argsort(times, kind="stable")
    of, key = tracks[order], times[order]
    counts = np.searchsorted(key, key, side="right") - np.arange(len(key)) - 1
    first = np.repeat(np.arange(len(key)), counts)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    pairs = np.sort(np.stack((of[first], of[first + 1 + offset])), axis=0)
    rivals: Integers = np.unique(pairs[:, pairs[0] != pairs[1]], axis=1)
    return rivals


def cluster_tracks(
    tracks: FaceTracks, rivals: Integers, gates: Gates | None = None, free: int = 0
) -> Integers:
    """The number of the cluster of each track; those that were in one before stay together.

    New tracks join the clusters of before or found others, which take the next free numbers in the
    order of their first tracks. Two clusters of before become one only where new tracks show by
    more than a margin that they are; the number is then that of the larger one. Poor tracks join
    clusters of good ones, and found none but their own. No cluster holds rivals: which of them is
    less alike to the rest has to leave.

    The same arrays give the same numbers. Time and memory grow with n; the latter is about 4 times
    that of the vectors.

    Args:
        tracks: all of them, in an order that growth keeps.
        rivals: (2, pairs) positions of tracks that are not one person (`find_rivals`).
        gates: those of `Gates` if None.
        free: the least number of a new cluster; it is more than all former ones in any case.

    Returns:
        (n,) numbers.
    """
    if not len(tracks.vectors):
        return np.zeros(0, np.int64)
    chosen = gates or Gates()
    is_good = tracks.qualities >= min(chosen.least_quality, float(np.median(tracks.qualities)))
    good = tracks.vectors[is_good]
    least = measure_gate(good) if chosen.least_cosine is None else chosen.least_cosine
    labels = np.full(len(is_good), NEW, np.int64)
    among = _keep_among(rivals, is_good)
    limits = Limits(least, chosen.margin, chosen.rivals)
    labels[is_good] = _agglomerate(good, tracks.former[is_good], among, limits, chosen.neighbours)
    _place_poor(tracks, labels)
    _join_poor(tracks, labels, is_good, least)
    labels = _part_rivals(tracks.vectors, labels, rivals)
    return _keep_numbers(labels, tracks.former, free)


def measure_fit(vectors: Vectors, numbers: Integers) -> NDArray[np.float64]:
    """The cosine of each vector with the mean of its cluster: (n,) from 0 to 1.

    Args:
        vectors: (n, dim) unit.
        numbers: (n,) of their clusters.
    """
    known, place = np.unique(numbers, return_inverse=True)
    means = add_up(vectors, place, len(known))
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), _TINY)
    fits = np.empty(len(vectors))
    for start in range(0, len(vectors), _ROWS):
        rows = slice(start, start + _ROWS)
        fits[rows] = np.einsum("nd,nd->n", vectors[rows], means[place[rows]])
    return fits.clip(0, 1)


def measure_gate(vectors: Vectors) -> float:
    """How alike two clusters have to be, from how alike tracks are that are taken by chance.

    Most of those are of two persons. The lower part of their cosines gives middle and spread, as
    of a normal distribution: the upper part has the pairs of one person. Few vectors tell nothing.

    Args:
        vectors: (n, dim) unit, of good tracks.
    """
    if len(vectors) < _FEW:
        return _COSINE_OF_FEW
    one, other = np.random.default_rng(0).integers(0, len(vectors), (2, _SAMPLE))
    one, other = one[one != other], other[one != other]
    cosines = np.einsum("nd,nd->n", vectors[one], vectors[other])
    low, high = np.quantile(cosines, _QUANTILES)
    spread = (high - low) / (_NORMAL[1] - _NORMAL[0])
    middle = high - _NORMAL[1] * spread
    return float(np.clip(middle + _SPREADS * spread, *_COSINES))


def _agglomerate(
    vectors: Vectors, former: Integers, rivals: Integers, limits: Limits, neighbours: int
) -> Integers:
    """Labels from 0 of good tracks; their vectors may be written over."""
    clusters = Clusters(vectors, former)
    asked = np.flatnonzero(~clusters.is_old)
    for _ in range(_LEVELS):
        pairs = find_alike(clusters.means(), asked, neighbours, limits.least)
        merge_alike(clusters, pairs, rivals, limits)
        asked = clusters.renumber()
        if not len(asked):
            break
    return clusters.labels


def _place_poor(tracks: FaceTracks, labels: Integers) -> None:
    """Label the tracks that are `NEW` yet: with good ones of their former cluster, else apart."""
    poor, good = np.flatnonzero(labels == NEW), np.flatnonzero(labels != NEW)
    former = tracks.former[poor]
    free = int(labels.max()) + 1
    known, place = np.unique(former, return_inverse=True)
    labels[poor] = free + np.where(former == NEW, len(known) + np.arange(len(poor)), place)
    led, first = np.unique(tracks.former[good], return_index=True)
    at = np.minimum(np.searchsorted(led, former), len(led) - 1)
    stays = (led[at] == former) & (former != NEW)
    labels[poor[stays]] = labels[good[first[at[stays]]]]


def _join_poor(
    tracks: FaceTracks, labels: Integers, is_good: NDArray[np.bool_], least: float
) -> None:
    """Label poor tracks that are in no cluster of good ones as the one whose mean is nearest."""
    count = int(labels[is_good].max()) + 1
    joining = np.flatnonzero(labels >= count)
    sums = add_up(tracks.vectors[is_good], labels[is_good], count)
    centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), _TINY)
    step = max(1, _BLOCK_BYTES // (4 * count))
    for start in range(0, len(joining), step):
        block = joining[start : start + step]
        alike = tracks.vectors[block] @ centres.T
        best = alike.argmax(axis=1)
        enough = alike[np.arange(len(best)), best] >= least
        labels[block[enough]] = best[enough]


def _keep_among(rivals: Integers, chosen: NDArray[np.bool_]) -> Integers:
    """Pairs of which both are chosen, as positions among the chosen."""
    place = np.cumsum(chosen) - 1
    kept: Integers = place[rivals[:, chosen[rivals].all(axis=0)]]
    return kept


def _part_rivals(vectors: Vectors, labels: Integers, rivals: Integers) -> Integers:
    """Labels without rivals in one cluster: the less alike to its cluster gets a label of its own.

    A track whose rivals in its cluster have all left need not leave.
    """
    labels = labels.copy()
    together = np.sort(rivals[:, labels[rivals[0]] == labels[rivals[1]]], axis=0)
    fits = _fit(vectors, labels, np.unique(together))
    free = int(labels.max(initial=-1)) + 1
    while together.shape[1]:
        leaves = np.where(fits[together[0]] < fits[together[1]], together[0], together[1])
        stays = together.sum(axis=0) - leaves
        leaves = np.setdiff1d(leaves, stays)  # who is the less alike in every pair
        labels[leaves] = free + np.arange(len(leaves))
        free += len(leaves)
        together = together[:, ~np.isin(together, leaves).any(axis=0)]
    return labels


def _fit(vectors: Vectors, labels: Integers, asked: Integers) -> NDArray[np.float64]:
    """How alike some vectors are to the others of their cluster: (n,), 0 where not asked."""
    fits = np.zeros(len(vectors))
    if len(asked):
        known, place = np.unique(labels[asked], return_inverse=True)
        members = np.flatnonzero(np.isin(labels, known))
        at = np.searchsorted(known, labels[members])
        sums = add_up(vectors[members], at, len(known))
        others = np.bincount(at)[place] - 1
        fits[asked] = np.einsum("nd,nd->n", sums[place], vectors[asked]) - 1
        fits[asked] /= np.maximum(others, 1)
    return fits


def _keep_numbers(labels: Integers, before: Integers, free: int) -> Integers:
    """Numbers of before for the clusters that hold most of theirs, the next free for the others."""
    known, cluster = np.unique(labels, return_inverse=True)
    number = np.full(len(known), NEW, np.int64)
    old = before != NEW
    most = np.int64(before.max(initial=0)) + 1
    packed, times = np.unique(cluster[old] * most + before[old], return_counts=True)
    shared = np.stack(np.divmod(packed, most))
    for place in (1, 0):  # each number goes to one cluster, then each cluster keeps one number
        order = np.lexsort((shared[1 - place], -times, shared[place]))
        shared, times = shared[:, order], times[order]
        first = np.ones(len(times), np.bool_)
        first[1:] = shared[place, 1:] != shared[place, :-1]
        shared, times = shared[:, first], times[first]
    number[shared[0]] = shared[1]
    firsts = np.full(len(known), len(labels), np.int64)
    np.minimum.at(firsts, cluster, np.arange(len(labels)))
    fresh = np.flatnonzero(number == NEW)
    fresh = fresh[np.argsort(firsts[fresh])]
    number[fresh] = max(free, before.max(initial=NEW) + 1) + np.arange(len(fresh))
    numbers: Integers = number[cluster]
    return numbers
