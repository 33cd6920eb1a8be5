"""One part of a generation, opened: whole videos with numbers of their own. It never changes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.generations.columns import LabelTable, MeasureTable
from indexer.generations.crop_table import TrackVectors
from indexer.generations.generation import RowTable, ShotTable, VideoTable
from indexer.generations.manifest import PartManifest
from indexer.generations.postings import Postings
from indexer.generations.space_index import SpaceIndex
from indexer.generations.track_table import PartTracks


@dataclass(frozen=True, eq=False)
class Part:
    """The tables and indexes of some videos; safe to share between threads and generations."""

    manifest: PartManifest
    videos: VideoTable  # in order of their insertion numbers
    revision: NDArray[np.int64]  # (v,) of each video as it was read
    shots: ShotTable
    rows: RowTable
    spaces: Mapping[str, SpaceIndex]
    words: Postings
    labels: LabelTable
    measures: MeasureTable
    tracks: PartTracks
    crops: Mapping[str, TrackVectors]  # by space; those that have any
