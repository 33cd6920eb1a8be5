"""The vectors of one space that are of boxes and tracks, apart from those of whole pictures.

A face that was followed has one; a person may have one in every picture. Knows nothing of what is
in a box, nor of rows: a vector stands at a moment of a shot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from indexer.generations.exact import ExactIndex
from indexer.generations.parted_columns import join_columns
from indexer.generations.parted_index import PartedIndex
from indexer.generations.stretches import Numbering
from indexer.generations.vector_index import VectorIndex


@dataclass(frozen=True, eq=False)
class TrackVectors:
    """v vectors, ascending by (shot, time); safe to share between threads."""

    space: Space
    index: VectorIndex  # v vectors
    shot: NDArray[np.int32]  # (v,)
    time_ms: NDArray[np.int32]  # (v,) of the track's box that is meant, else of the keyframe
    box: NDArray[
        np.float32
    ]  # (v, 4) fractions of width and height, NaN where only a track is known
    track: NDArray[np.int32]  # (v,) NO_TRACK where nothing is followed

    def __len__(self) -> int:
        return len(self.shot)

    @property
    def is_exact(self) -> bool:
        """Whether `scores` are the cosines themselves, not estimates of them."""
        return self.index.is_exact

    def scores(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, dim) unit vectors to (q, v) cosines, or estimates of them; a fresh array."""
        return self.index.scores(queries)

    def rescore(
        self, queries: NDArray[np.float32], places: NDArray[np.integer]
    ) -> NDArray[np.float32]:
        """(q, dim) unit vectors and (k,) places to (q, k) cosines themselves, never estimates."""
        return self.index.rescore(queries, places)

    def vectors_of(self, places: NDArray[np.integer]) -> NDArray[np.float32]:
        """(k,) places to vectors (k, dim)."""
        return self.index.get_vectors(places)


def no_vectors(space: Space) -> TrackVectors:
    """A space without any."""
    none = np.zeros(0, np.int32)
    empty = np.zeros((0, space.dim), np.float32)
    return TrackVectors(space, ExactIndex(empty), none, none, np.zeros((0, 4), np.float32), none)


def join_vectors(
    space: Space,
    parts: Sequence[TrackVectors],
    shots: Numbering,
    tracks: Numbering,
    vectors: Numbering,
) -> TrackVectors:
    """The living vectors of several parts as one; only their columns are copied."""
    columns = []
    for part, living, own in zip(parts, shots.parts, tracks.parts, strict=True):
        which, shot = living.place(part.shot)
        columns.append((shot, part.time_ms[which], part.box[which], own.move(part.track[which])))
    index = PartedIndex([part.index for part in parts], vectors, space.dim)
    return TrackVectors(space, index, *join_columns(columns))
