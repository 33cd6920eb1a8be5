"""What a generation is made from: plain columns, without a collection.

Videos are numbered 0, 1, ... in order of their insertion numbers; every other column names its
video by that number, in ascending order. What can be large comes in parts that are read once, each
holding whole videos. Knows nothing of where the columns come from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.error import ShotseekError
from analyzers.finding import WordsKind

KINDS = tuple(WordsKind)


class ContentBroken(ShotseekError):
    """What a collection says of itself does not fit together; the message says what and why."""


@dataclass(frozen=True, eq=False)
class VideoColumns:
    """The videos, in order of their insertion numbers."""

    id: NDArray[np.int64]  # (v,) insertion numbers, ascending
    uid: Sequence[str]
    name: Sequence[str]
    path: Sequence[str]
    duration_ms: NDArray[np.int64]  # (v,)
    width: NDArray[np.int32]  # (v,)
    height: NDArray[np.int32]  # (v,)
    date_ms: NDArray[np.int64]  # (v,)
    size_bytes: NDArray[np.int64]  # (v,)
    revision: NDArray[np.int64]  # (v,) another one whenever it changes; < 0: something is missing


@dataclass(frozen=True, eq=False)
class ShotColumns:
    """The shots in order of (video, time), without overlaps inside a video."""

    video: NDArray[np.int32]  # (s,)
    number: NDArray[np.int32]  # (s,)
    start_ms: NDArray[np.int64]  # (s,)
    end_ms: NDArray[np.int64]  # (s,)


@dataclass(frozen=True, eq=False)
class KeyframeColumns:
    """The keyframes, in any order; one belongs to the shot that holds its time."""

    video: NDArray[np.int32]  # (n,)
    time_ms: NDArray[np.int64]  # (n,)


@dataclass(frozen=True, eq=False)
class WordsPart:
    """Documents: the words of one video, kind, start, end and analyzer, joined with spaces."""

    video: NDArray[np.int32]  # (d,)
    kind: NDArray[np.uint8]  # (d,) index into KINDS
    start_ms: NDArray[np.int64]  # (d,)
    end_ms: NDArray[np.int64]  # (d,)
    text: Sequence[str]


@dataclass(frozen=True, eq=False)
class LabelPart:
    """Labels as they were said."""

    video: NDArray[np.int32]  # (k,)
    start_ms: NDArray[np.int64]  # (k,)
    end_ms: NDArray[np.int64]  # (k,)
    vocabulary: Sequence[str]
    name: Sequence[str]
    score: NDArray[np.float32]  # (k,)
    boxed: NDArray[np.bool_]  # (k,) whether it has a box
    run: NDArray[np.int64]  # (k,) any numbers that tell the analyzers apart
    box: NDArray[np.float32] | None = None  # (k, 4) NaN without; None: where, is not kept
    track: Sequence[str | None] = ()  # k, or none at all: the ids of what they are about


@dataclass(frozen=True, eq=False)
class MeasurePart:
    """Measures as they were said."""

    video: NDArray[np.int32]  # (k,)
    start_ms: NDArray[np.int64]  # (k,)
    end_ms: NDArray[np.int64]  # (k,)
    name: Sequence[str]
    unit: Sequence[str]
    value: NDArray[np.float64]  # (k,)


@dataclass(frozen=True, eq=False)
class VectorPart:
    """All vectors of one video in one space."""

    video: int
    time_ms: NDArray[np.int64]  # (m,) a time inside the span: the keyframe's, where it has one
    start_ms: NDArray[np.int64]  # (m,)
    end_ms: NDArray[np.int64]  # (m,)
    vectors: NDArray[np.float32]  # (m, dim)


@dataclass(frozen=True, eq=False)
class SpaceContent:
    """One space with its vectors of whole pictures."""

    space: Space
    count: int  # how many vectors the parts hold in all
    parts: Iterable[VectorPart]


@dataclass(frozen=True, eq=False)
class CropPart:
    """All vectors of one video in one space that are of a box or a track."""

    video: int
    start_ms: NDArray[np.int64]  # (m,)
    end_ms: NDArray[np.int64]  # (m,)
    box: NDArray[np.float32]  # (m, 4) NaN without
    track: Sequence[str | None]  # m ids
    vectors: NDArray[np.float32]  # (m, dim)


@dataclass(frozen=True, eq=False)
class CropContent:
    """One space with its vectors of boxes and tracks."""

    space: Space
    count: int  # how many vectors the parts hold in all
    parts: Iterable[CropPart]


@dataclass(frozen=True, eq=False)
class TrackPart:
    """The tracks of some videos, and their boxes one track after the other."""

    video: NDArray[np.int32]  # (t,)
    id: Sequence[str]
    kind: Sequence[str]
    start_ms: NDArray[np.int64]  # (t,)
    end_ms: NDArray[np.int64]  # (t,)
    sizes: NDArray[np.int64]  # (t,) how many boxes each has
    time_ms: NDArray[np.int64]  # (m,)
    box: NDArray[np.float32]  # (m, 4)
    score: NDArray[np.float32]  # (m,)


@dataclass(frozen=True, eq=False)
class ClusterPart:
    """Which tracks are taken for whom."""

    video: NDArray[np.int32]  # (k,)
    track: Sequence[str]  # ids
    cluster: Sequence[str]  # ids
    score: NDArray[np.float32]  # (k,) of several for one track the best counts


@dataclass(frozen=True, eq=False)
class Content:
    """Everything that a generation is made from; parts are read once."""

    collection_id: str
    revision: int
    videos: VideoColumns
    shots: ShotColumns
    keyframes: KeyframeColumns
    spaces: Sequence[SpaceContent] = ()
    words: Iterable[WordsPart] = ()
    labels: Iterable[LabelPart] = ()
    measures: Iterable[MeasurePart] = ()
    crops: Sequence[CropContent] = ()
    tracks: Iterable[TrackPart] = ()
    clusters: Iterable[ClusterPart] = ()
    notes: Sequence[str] = ()  # what people should know, such as vectors that are left out
