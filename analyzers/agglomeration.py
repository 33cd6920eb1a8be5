"""Average linkage: clusters that merge as long as they are alike enough.

Two clusters are as alike as their vectors are on average, which is the product of their means.
Pairs of clusters that are each other's most alike are merged, all at once, again and again
(Sumengen et al., "Scaling Hierarchical Agglomerative Clustering to Billion-sized Datasets", 2021),
along given pairs alone: links of a graph of neighbours.

Pure arrays: knows nothing of what the vectors are of.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.neighbours import Integers, Vectors, pack_pairs, unpack_pairs

NEW = -1  # in numbers of before: in no cluster yet
_ROWS = 1 << 14  # of vectors gathered at a time


@dataclass(frozen=True)
class Limits:
    """Which clusters may merge."""

    least: float  # how alike they have to be
    margin: float  # more than that where both are old
    rivals: float  # share of the smaller one's vectors that may have a rival in the other


class Clusters:
    """Clusters while they merge: sums and sizes by number, and the number of each vector."""

    def __init__(self, vectors: Vectors, before: Integers) -> None:
        """Each cluster of before, then each new vector alone; the vectors may be written over."""
        known, place = np.unique(before[before != NEW], return_inverse=True)
        self.labels = np.empty(len(vectors), np.int64)
        self.labels[before != NEW] = place
        fresh = np.flatnonzero(before == NEW)
        self.labels[fresh] = len(known) + np.arange(len(fresh))
        count = len(known) + len(fresh)
        self.is_old = np.arange(count) < len(known)
        self.sizes = np.bincount(self.labels, minlength=count).astype(np.int64)
        self.sums = add_up(vectors, self.labels, count) if len(known) else vectors
        self._has_merged = np.zeros(count, np.bool_)
        self.leads_to = np.arange(count)

    def means(self) -> Vectors:
        """(clusters, dim): their products are average cosines."""
        if len(self.sums) == len(self.labels):
            return self.sums
        means: Vectors = np.divide(self.sums, self.sizes[:, None], dtype=np.float32)
        return means

    def measure(self, pairs: Integers) -> Vectors:
        """How alike pairs of clusters are: (pairs,)."""
        alike = np.empty(pairs.shape[1], np.float32)
        for start in range(0, pairs.shape[1], _ROWS):
            one, other = pairs[:, start : start + _ROWS]
            alike[start : start + _ROWS] = np.einsum("nd,nd->n", self.sums[one], self.sums[other])
        weights = self.sizes[pairs[0]] * self.sizes[pairs[1]]
        links: Vectors = np.divide(alike, weights, dtype=np.float32)
        return links

    def join(self, pairs: Integers) -> None:
        """Merge pairs of which no two share a cluster; the lower number is kept."""
        kept, gone = pairs
        self.sums[kept] += self.sums[gone]
        self.sizes[kept] += self.sizes[gone]
        self.is_old[kept] |= self.is_old[gone]
        self._has_merged[kept] = True
        self.leads_to[gone] = kept

    def find_roots(self) -> Integers:
        """What each cluster of the last `renumber` has become: (clusters,)."""
        while True:
            further = self.leads_to[self.leads_to]
            if np.array_equal(further, self.leads_to):
                return further
            self.leads_to = further

    def renumber(self) -> Integers:
        """Close the gaps in the numbers; those of clusters that have merged since the last time."""
        roots = self.find_roots()
        kept = np.flatnonzero(roots == np.arange(len(roots)))
        place = np.empty(len(roots), np.int64)
        place[kept] = np.arange(len(kept))
        self.labels = place[roots[self.labels]]
        self.sums, self.sizes = self.sums[kept], self.sizes[kept]
        self.is_old = self.is_old[kept]
        merged = np.flatnonzero(self._has_merged[kept])
        self._has_merged = np.zeros(len(kept), np.bool_)
        self.leads_to = np.arange(len(kept))
        return merged


def merge_alike(clusters: Clusters, pairs: Integers, rivals: Integers, limits: Limits) -> None:
    """Merge along pairs, each time those that are each other's best, until none is left.

    A pair that is not alike enough can be left out for good: what one of it becomes by merging is
    no more alike to the other than the more alike of its parts.
    """
    count = len(clusters.leads_to)
    while pairs.shape[1]:
        alike = clusters.measure(pairs)
        both_old = clusters.is_old[pairs].all(axis=0)
        enough = alike >= limits.least + limits.margin * both_old
        pairs, alike = pairs[:, enough], alike[enough]
        smaller = clusters.sizes[pairs].min(axis=0)
        free = _count_rivals(clusters, pairs, rivals) <= limits.rivals * smaller
        best = _mutual_best(pairs[:, free], alike[free], count)
        if not best.shape[1]:
            return
        clusters.join(best)
        first, second = clusters.find_roots()[pairs]
        packed = np.unique(pack_pairs(first, second, count)[first != second])
        pairs = unpack_pairs(packed, count)


def _mutual_best(pairs: Integers, alike: NDArray[np.float32], count: int) -> Integers:
    """The pairs that are the most alike of all pairs of both of theirs; of equal ones the first."""
    ranked = pairs[:, np.argsort(-alike, kind="stable")]
    ranks = np.arange(ranked.shape[1])
    best = np.full(count, ranked.shape[1], np.int64)
    for side in ranked:
        np.minimum.at(best, side, ranks)
    return ranked[:, (best[ranked] == ranks).all(axis=0)]


def _count_rivals(clusters: Clusters, pairs: Integers, rivals: Integers) -> Integers:
    """How many rivals stand on both sides of each pair of clusters: (pairs,)."""
    counts = np.zeros(pairs.shape[1], np.int64)
    roots = clusters.find_roots()[clusters.labels[rivals]]
    packed = pack_pairs(roots[0], roots[1], len(clusters.leads_to))
    known, times = np.unique(packed, return_counts=True)
    if len(known):
        asked = pack_pairs(pairs[0], pairs[1], len(clusters.leads_to))
        place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        counts = np.where(known[place] == asked, times[place], 0)
    return counts


def add_up(vectors: Vectors, labels: Integers, count: int) -> Vectors:
    """Sums of the vectors of each label: (count, dim); every label has one."""
    order = np.argsort(labels, kind="stable")
    begins = np.searchsorted(labels[order], np.arange(count))
    sums: Vectors = np.add.reduceat(vectors[order], begins, axis=0)
    return sums
