"""The tracks of one kind in a generation as persons are resolved on them. Knows no persons."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.generations.generation import Generation
from indexer.people.resolving import TrackClusters
from indexer.people.tracks import Tracks


@dataclass(frozen=True, eq=False)
class FollowedTracks:
    """K tracks with their clusters, and their numbers in the generation."""

    clusters: TrackClusters
    numbers: NDArray[np.int64]  # (k,) ascending


def clusters_of(generation: Generation, kind: str = "face") -> FollowedTracks:
    """The tracks of one kind with their clusters; all their boxes are copied."""
    table, boxes = generation.tracks, generation.tracks.boxes_of(kind)
    numbers, offsets, places = table.by_track(kind)
    tracks = Tracks(
        uids=generation.videos.uid,
        videos=table.video[numbers],
        start_ms=table.start_ms[numbers].astype(np.int64),
        end_ms=table.end_ms[numbers].astype(np.int64),
        offsets=offsets,
        times_ms=boxes.time_ms[places].astype(np.int64),
        boxes=boxes.box[places],
    )
    return FollowedTracks(TrackClusters(tracks, table.cluster[numbers]), numbers)
