"""The vectors of one space, and the rows (keyframes) that they belong to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from indexer.generations.vector_index import VectorIndex


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

    @cached_property
    def _one_to_one(self) -> bool:
        return len(self.row) == self.rows and bool((self.row == np.arange(self.rows)).all())

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """(r,) where the vectors of each row that has some begin."""
        return np.flatnonzero(np.diff(self.row, prepend=-1))

    def vectors_of(self, row: int) -> NDArray[np.float32]:
        """The vectors (k, dim) of one row; k = 0 where it has none."""
        first, end = np.searchsorted(self.row, (row, row + 1))
        return self.index.get_vectors(np.arange(first, end))

    def row_scores(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, dim) unit vectors to (q, n) cosines: the best vector of each row, NaN without one."""
        scores = self.index.scores(queries)
        if self._one_to_one:
            return scores
        best = np.full((len(queries), self.rows), np.nan, np.float32)
        if len(self._first):
            best[:, self.row[self._first]] = np.maximum.reduceat(scores, self._first, axis=1)
        return best
