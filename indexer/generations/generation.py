"""One complete set of derived search files, opened for reading.

Keyframes are rows, numbered in order of (video, time): scores of all keyframes are one flat array,
and neighbours in time are neighbours in it. Videos come part by part, in each part in order of
their insertion numbers: what was added or changed last stands at the end until the parts are made
one again. Videos, shots and rows are tables of arrays side by side that point into each other by
index; such indexes mean something only inside one generation.

What is large is memory-mapped and read-only, and shared by the generations that have a part in
common: an opened generation keeps working while newer ones are built and its own files are removed.
Knows nothing of SQL, videos, models; queries are evaluated in `search`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.generations.columns import BoxedLabels, LabelTable, MeasureTable
from indexer.generations.crop_table import TrackVectors
from indexer.generations.parted_columns import PartedLabels, PartedMeasures
from indexer.generations.parted_words import PartedWords
from indexer.generations.postings import Postings
from indexer.generations.space_index import SpaceIndex
from indexer.generations.track_table import TrackTable

if TYPE_CHECKING:
    from indexer.generations.part import Part

Words: TypeAlias = Postings | PartedWords  # of one part, or of several
Labels: TypeAlias = LabelTable | PartedLabels
Measures: TypeAlias = MeasureTable | PartedMeasures


@dataclass(frozen=True, eq=False)
class VideoTable:
    """The videos."""

    id: NDArray[np.int64]  # (v,) insertion numbers, ascending in each part
    uid: tuple[str, ...]  # public ids
    name: tuple[str, ...]  # file names
    path: tuple[str, ...]
    duration_ms: NDArray[np.int64]  # (v,)
    width: NDArray[np.int32]  # (v,)
    height: NDArray[np.int32]  # (v,)
    date_ms: NDArray[np.int64]  # (v,) when it was made, ms since 1970 UTC
    size_bytes: NDArray[np.int64]  # (v,)
    first_shot: NDArray[np.int64]  # (v + 1,) shots of video i: first_shot[i] to first_shot[i + 1]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, eq=False)
class ShotTable:
    """The shots of all videos, in order of (video, time)."""

    video: NDArray[np.int32]  # (s,) index into the videos
    number: NDArray[np.int32]  # (s,) the shot's number in its video
    start_ms: NDArray[np.int64]  # (s,)
    end_ms: NDArray[np.int64]  # (s,) exclusive
    first_row: NDArray[np.int64]  # (s + 1,) rows of shot i: first_row[i] to first_row[i + 1]

    def __len__(self) -> int:
        return len(self.video)


@dataclass(frozen=True, eq=False)
class RowTable:
    """The keyframes of all videos, in order of (video, time). Every shot has at least one."""

    video: NDArray[np.int32]  # (n,) index into the videos
    shot: NDArray[np.int32]  # (n,) index into the shots, ascending
    time_ms: NDArray[np.int64]  # (n,)

    def __len__(self) -> int:
        return len(self.shot)


@dataclass(frozen=True, eq=False)
class Generation:
    """A whole generation, ready to be asked; safe to share between threads."""

    name: str
    revision: int  # the catalog's revision that it was built from
    collection_id: str
    videos: VideoTable
    shots: ShotTable
    rows: RowTable
    spaces: Mapping[str, SpaceIndex]  # of whole pictures, by name, in the collection's order
    words: Words
    labels: Labels
    measures: Measures
    tracks: TrackTable
    crops: Mapping[str, TrackVectors]  # of boxes and tracks, by the name of every space
    parts: "Sequence[Part]" = ()  # where all this lies, in order
    notes: tuple[str, ...] = ()  # what people should know, such as a missing library

    def crop_spaces(self) -> tuple[str, ...]:
        """The names of the spaces that have vectors of boxes or tracks."""
        return tuple(name for name, vectors in self.crops.items() if len(vectors))

    def track_vectors(self, space: str) -> TrackVectors:
        """The vectors of boxes and tracks in one space of the collection; there may be none."""
        return self.crops[space]

    def boxed_labels(self, name: str) -> BoxedLabels:
        """Where a label was given with a box; names as in `labels.find`, none where unknown."""
        return self.labels.boxes_of(name)
