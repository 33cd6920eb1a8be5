"""What was followed in a collection's truth, as parts of content. Knows no catalog."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import EndKind, Track
from indexer.generations.content import ClusterPart, CropPart, TrackPart
from indexer.vectors import VectorFile

IS = "is"  # says of a track whose it is
RELATION = ("subject_kind", "subject", "predicate", "object_kind", "object", "score")
BOX_COLUMNS = ("x0", "y0", "x1", "y1")


def crop_part_of(video: int, files: Sequence[VectorFile]) -> CropPart:
    """The vectors of one video that are of boxes or tracks, of as many analyzers as spoke."""
    kept = [np.flatnonzero(~whole_of(file)) for file in files]
    pairs = list(zip(files, kept, strict=True))
    return CropPart(
        video,
        np.concatenate([file.start_ms[of] for file, of in pairs]),
        np.concatenate([file.end_ms[of] for file, of in pairs]),
        np.concatenate([file.boxes[of] for file, of in pairs]).astype(np.float32),
        [file.tracks[one] for file, of in pairs for one in of.tolist()],
        np.concatenate([file.vectors[of] for file, of in pairs]),
    )


def whole_of(file: VectorFile) -> NDArray[np.bool_]:
    """(n,) which vectors are of whole pictures."""
    followed = np.array([track is not None for track in file.tracks], bool)
    return np.asarray(np.isnan(file.boxes[:, 0]) & ~followed)


def track_part_of(video: int, tracks: Sequence[Track]) -> TrackPart:
    """The tracks of one video."""
    none = np.zeros(0, np.float32)
    return TrackPart(
        np.full(len(tracks), video, np.int32),
        [track.id for track in tracks],
        [track.kind for track in tracks],
        np.array([track.start_ms for track in tracks], np.int64),
        np.array([track.end_ms for track in tracks], np.int64),
        np.array([len(track.times_ms) for track in tracks], np.int64),
        np.concatenate([none.astype(np.int64), *(track.times_ms for track in tracks)]),
        np.concatenate([none.reshape(0, 4), *(track.boxes for track in tracks)]),
        np.concatenate([none, *(track.scores for track in tracks)]),
    )


def cluster_part_of(rows: dict[str, Any]) -> ClusterPart:
    """Those of the relations that say of a track whose it is; `rows` with the column `video`."""
    kinds = zip(rows["subject_kind"], rows["predicate"], rows["object_kind"], strict=True)
    wanted = (str(EndKind.TRACK), IS, str(EndKind.PERSON))
    kept = [place for place, kind in enumerate(kinds) if kind == wanted]
    return ClusterPart(
        rows["video"][kept],
        [rows["subject"][place] for place in kept],
        [rows["object"][place] for place in kept],
        rows["score"][kept].astype(np.float32),
    )


def boxes_of(rows: dict[str, Any]) -> NDArray[np.float32]:
    """(k, 4) boxes, NaN without."""
    return np.stack([rows[name] for name in BOX_COLUMNS], axis=1).astype(np.float32)
