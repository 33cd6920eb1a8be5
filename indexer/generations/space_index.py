"""The vectors of one space, and the rows (keyframes) that they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from indexer.generations.kernel import best_of_spans
from indexer.generations.vector_index import Span, VectorIndex

BLOCK_ROWS = 1 << 16


@dataclass(frozen=True, eq=False)
class SpaceIndex:
    """One space of a generation: m vectors, each belonging to one of n rows."""

    space: Space
    index: VectorIndex  # m vectors
    row: NDArray[np.int32]  # (m,) ascending: the row of each vector
    rows: int  # n, all rows of the generation

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """(n,) whether a row has a vector in this space."""
        known = np.zeros(self.rows, bool)
        known[self.row] = True
        return known

    @property
    def is_exact(self) -> bool:
        """Whether `row_scores` are the cosines themselves, not estimates of them."""
        return self.index.is_exact

    @cached_property
    def estimated(self) -> tuple[Span, ...]:
        """The rows whose scores are estimates: stretches, ascending, each of one coding."""
        spans = self.index.find_estimated()
        return tuple((int(self.row[first]), int(self.row[end - 1]) + 1) for first, end in spans)

    @cached_property
    def _one_to_one(self) -> bool:
        return len(self.row) == self.rows and bool((self.row == np.arange(self.rows)).all())

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """(r + 1,) where the vectors of each row that has some begin, and the last end."""
        return np.append(np.flatnonzero(np.diff(self.row, prepend=-1)), len(self.row))

    @cached_property
    def _holders(self) -> NDArray[np.int32]:
        """(r,) the rows that have vectors."""
        return self.row[self._first[:-1]]

    def vectors_of(self, row: int) -> NDArray[np.float32]:
        """The vectors (k, dim) of one row; k = 0 where it has none."""
        ends = np.array((row, row + 1), self.row.dtype)  # of another type all would be converted
        first, end = np.searchsorted(self.row, ends)
        return self.index.get_vectors(np.arange(first, end))

    def row_scores(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, dim) unit vectors to (q, n) cosines, or estimates of them.

        Each is that of the row's best vector, NaN without one. A fresh array.
        """
        scores = np.empty((len(queries), self.rows), np.float32)
        self._score_between(queries, (0, self.rows), scores)
        return scores

    def row_blocks(
        self, queries: NDArray[np.float32], rows_per_block: int = BLOCK_ROWS
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """What `row_scores` gives, in blocks (q, b) in order, each with its first row.

        A block is valid until the next one: many queries then need no memory, and what is done with
        a block finds it in the cache.
        """
        block = np.empty((len(queries), min(rows_per_block, self.rows)), np.float32)
        for first in range(0, self.rows, rows_per_block):
            end = min(first + rows_per_block, self.rows)
            scores = block[:, : end - first]
            self._score_between(queries, (first, end), scores)
            yield first, scores

    def _score_between(
        self, queries: NDArray[np.float32], span: Span, out: NDArray[np.float32]
    ) -> None:
        """Fill (q, b) with the scores of these rows."""
        if self._one_to_one:
            self.index.scores(queries, out, span)
            return
        begin, end = np.searchsorted(self._holders, span)
        first = self._first[begin : end + 1]
        scores = self.index.scores(queries, span=(int(first[0]), int(first[-1])))
        out.fill(np.nan)
        holders = self._holders[begin:end] - span[0]
        for of_vectors, of_rows in zip(scores, out, strict=True):
            of_rows[holders] = best_of_spans(of_vectors, first - first[0])

    def rescore_rows(
        self, queries: NDArray[np.float32], rows: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """(q, dim) unit vectors and (r,) rows to (q, r) cosines themselves, never estimates.

        Each is that of the row's best vector, NaN without one. Few rows at a time: their vectors
        are read from the disk.
        """
        if self._one_to_one:
            return self.index.rescore(queries, rows)
        begin, end = np.searchsorted(self.row, rows), np.searchsorted(self.row, rows, "right")
        best = np.full((len(queries), len(rows)), np.nan, np.float32)
        holders = np.flatnonzero(end > begin)
        size = (end - begin)[holders]
        first = np.append(0, np.cumsum(size))
        ids = np.arange(first[-1]) + np.repeat(begin[holders] - first[:-1], size)
        if len(ids):
            scores = self.index.rescore(queries, ids)
            best[:, holders] = np.maximum.reduceat(scores, first[:-1], axis=1)
        return best
