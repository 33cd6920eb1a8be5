"""The vectors of several parts as one index; vectors that are dead have no number in it.

Each part is searched where it lies. Parts may be coded differently, or not at all. Knows nothing of
codes, rows, videos.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.exact import fill_up
from indexer.generations.stretches import Numbering
from indexer.generations.vector_index import Span, VectorIndex

FEW_RUNS = 16  # neighbouring vectors that are scored one run after the other


class PartedIndex:
    """A VectorIndex over those of parts."""

    def __init__(self, indexes: Sequence[VectorIndex], numbering: Numbering, dim: int) -> None:
        """One index for each part of the numbering."""
        self._indexes = tuple(indexes)
        self._numbering = numbering
        self._dim = dim

    @property
    def is_exact(self) -> bool:
        """Whether all parts are."""
        return all(index.is_exact for index in self._indexes)

    def find_estimated(self) -> list[Span]:
        """Those of each part that is coded: parts are coded each for itself."""
        spans = zip(self._indexes, pairwise(self._numbering.bound.tolist()), strict=True)
        return [
            (first, end) for index, (first, end) in spans if index.find_estimated() and first < end
        ]

    def __len__(self) -> int:
        return len(self._numbering)

    def get_vectors(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """(k,) ids to vectors (k, dim)."""
        empty = np.empty((0, self._dim), np.float32)
        return self._numbering.gather(
            ids, lambda found: self._indexes[found.part].get_vectors(found.numbers), empty
        )

    def scores(
        self,
        queries: NDArray[np.float32],
        out: NDArray[np.float32] | None = None,
        span: Span | None = None,
    ) -> NDArray[np.float32]:
        """(q, dim) queries to (q, m), every living stretch scored in its place."""
        low, high = span or (0, len(self))
        if out is None:
            out = np.empty((len(queries), high - low), np.float32)
        for part, (first, end) in enumerate(pairwise(self._numbering.bound.tolist())):
            first, end = max(first, low), min(end, high)
            if first < end:
                self._score(part, queries, (first, end), out[:, first - low : end - low])
        return out

    def _score(
        self, part: int, queries: NDArray[np.float32], span: Span, out: NDArray[np.float32]
    ) -> None:
        """The scores of vectors of one part, by their numbers in the whole.

        Where dead vectors cut them into many pieces, the dead are scored too.
        """
        runs = self._numbering.parts[part].find_runs(*span)
        index, at = self._indexes[part], 0
        many = len(runs) > FEW_RUNS
        offset = runs[0][0] if many else 0
        scores = index.scores(queries, span=(offset, runs[-1][1])) if many else out
        for start, end in runs:
            place = out[:, at : at + end - start]
            if many:
                place[:] = scores[:, start - offset : end - offset]
            else:
                index.scores(queries, place, (start, end))
            at += end - start

    def rescore(
        self, queries: NDArray[np.float32], ids: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """(q, dim) queries and (k,) ids to (q, k) inner products."""
        empty = np.empty((0, len(queries)), np.float32)
        return self._numbering.gather(
            ids, lambda found: self._indexes[found.part].rescore(queries, found.numbers).T, empty
        ).T

    def top(
        self, queries: NDArray[np.float32], k: int, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best k of the best k of each part; see VectorIndex."""
        ids = [np.empty((len(queries), 0), np.int64)]
        scores = [np.empty((len(queries), 0), np.float32)]
        for part, living in enumerate(self._numbering.parts):
            if len(living) == 0:
                continue
            found, best = self._top_of(part, queries, k, within)
            ids.append(found)
            scores.append(best)
        every, best = np.concatenate(ids, axis=1), np.concatenate(scores, axis=1)
        order = np.lexsort((every, -best), axis=1)[:, :k]
        chosen = np.take_along_axis(every, order, axis=1)
        return fill_up(chosen, np.take_along_axis(best, order, axis=1), k)

    def _top_of(
        self,
        part: int,
        queries: NDArray[np.float32],
        k: int,
        within: NDArray[np.bool_] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best of one part, by their numbers in the whole; -1 where there are no more."""
        stretches = self._numbering.parts[part]
        first, end = self._numbering.bound[part : part + 2]
        allowed = None
        if within is not None or not stretches.keeps_all:
            allowed = np.zeros(stretches.total, bool)
            living = stretches.pick(np.arange(stretches.total))
            allowed[living] = True if within is None else within[first:end]
        ids, scores = self._indexes[part].top(queries, k, allowed)
        stretch = np.searchsorted(stretches.start, ids, "right") - 1
        return np.where(ids < 0, -1, ids + stretches.shift[stretch]), scores
