"""Small collections written down as plain values, as content for a generation.

For tests, trials, and findings that come from elsewhere; large collections stream their columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.finding import (
    Box,
    Embedding,
    EndKind,
    Finding,
    Label,
    Measure,
    Relation,
    Track,
    Words,
)
from indexer.generations.content import (
    KINDS,
    ClusterPart,
    Content,
    CropContent,
    CropPart,
    KeyframeColumns,
    LabelPart,
    MeasurePart,
    ShotColumns,
    SpaceContent,
    VectorPart,
    VideoColumns,
    WordsPart,
)
from indexer.generations.track_reading import IS, track_part_of


@dataclass(frozen=True)
class PlainVideo:
    """One video with what was found in it."""

    uid: str
    shots: Sequence[tuple[int, int]]  # (start_ms, end_ms), ascending
    keyframes_ms: Sequence[int] = ()  # a shot without one is given one at its start
    findings: Sequence[tuple[str, Finding]] = ()  # (name of the analyzer, what it said)
    name: str = ""  # file name; "" = the uid
    path: str = ""  # "" = the name
    width: int = 0
    height: int = 0
    date_ms: int = 0
    size_bytes: int = 0
    id: int = 0  # insertion number; 0 = its place in the list, from 1 on
    revision: int = 0  # when it last changed


def content_of(
    videos: Sequence[PlainVideo],
    spaces: Sequence[Space] = (),
    *,
    collection_id: str = "plain",
    revision: int = 0,
) -> Content:
    """The columns of plain videos, in order of their insertion numbers.

    A vector's time is its keyframe's: the first inside its span, else the middle of the span.
    Findings that no search file holds (most relations, vectors of other spaces) are left out.
    """
    said = [
        (number, analyzer, finding)
        for number, video in enumerate(videos)
        for analyzer, finding in video.findings
    ]
    shots = [(v, n, *shot) for v, one in enumerate(videos) for n, shot in enumerate(one.shots)]
    video, number, start_ms, end_ms = _columns(shots, 4)
    key_video, time_ms = _columns([(v, t) for v, a in enumerate(videos) for t in a.keyframes_ms], 2)
    return Content(
        collection_id,
        revision,
        _video_columns(videos),
        ShotColumns(video.astype(np.int32), number.astype(np.int32), start_ms, end_ms),
        KeyframeColumns(key_video.astype(np.int32), time_ms),
        [_space_content(space, videos) for space in spaces],
        [_words_part(said)],
        [_label_part([(v, a, f) for v, a, f in said if isinstance(f, Label)])],
        [_measure_part([(v, f) for v, _, f in said if isinstance(f, Measure)])],
        [_crop_content(space, videos) for space in spaces],
        [
            track_part_of(number, tracks)
            for number, video in enumerate(videos)
            if (tracks := [one for _, one in video.findings if isinstance(one, Track)])
        ],
        [_cluster_part([(v, f) for v, _, f in said if _says_who(f)])],
    )


def _says_who(finding: Finding) -> TypeGuard[Relation]:
    return (
        isinstance(finding, Relation)
        and finding.predicate == IS
        and (finding.subject.kind, finding.object.kind) == (EndKind.TRACK, EndKind.PERSON)
    )


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> NDArray[np.int64]:
    """Tuples side by side to (width, n) columns."""
    return np.array(rows, np.int64).reshape(-1, width).T


def _video_columns(videos: Sequence[PlainVideo]) -> VideoColumns:
    ends = [video.shots[-1][1] if video.shots else 0 for video in videos]
    names = [video.name or video.uid for video in videos]
    return VideoColumns(
        id=np.array([video.id or at + 1 for at, video in enumerate(videos)], np.int64),
        uid=[video.uid for video in videos],
        name=names,
        path=[video.path or name for video, name in zip(videos, names, strict=True)],
        duration_ms=np.array(ends, np.int64),
        width=np.array([video.width for video in videos], np.int32),
        height=np.array([video.height for video in videos], np.int32),
        date_ms=np.array([video.date_ms for video in videos], np.int64),
        size_bytes=np.array([video.size_bytes for video in videos], np.int64),
        revision=np.array([video.revision for video in videos], np.int64),
    )


def _words_part(said: Sequence[tuple[int, str, Finding]]) -> WordsPart:
    texts: dict[tuple[int, str, int, int, int], list[str]] = {}
    for video, analyzer, one in said:
        if isinstance(one, Words):
            key = (video, analyzer, KINDS.index(one.kind), one.start_ms, one.end_ms)
            texts.setdefault(key, []).append(one.text)
    video, kind, start_ms, end_ms = _columns([(v, k, s, e) for v, _, k, s, e in texts], 4)
    joined = [" ".join(lines) for lines in texts.values()]
    return WordsPart(video.astype(np.int32), kind.astype(np.uint8), start_ms, end_ms, joined)


def _label_part(said: Sequence[tuple[int, str, Label]]) -> LabelPart:
    runs = {analyzer: number for number, (_, analyzer, _) in enumerate(said)}
    spans = [(video, one.start_ms, one.end_ms, runs[by]) for video, by, one in said]
    video, start_ms, end_ms, run = _columns(spans, 4)
    labels = [one for _, _, one in said]
    return LabelPart(
        video.astype(np.int32),
        start_ms,
        end_ms,
        vocabulary=[one.vocabulary for one in labels],
        name=[one.name for one in labels],
        score=np.array([one.score for one in labels], np.float32),
        boxed=np.array([one.box is not None for one in labels], bool),
        run=run,
        box=_boxes([one.box for one in labels]),
        track=[one.track for one in labels],
    )


def _boxes(boxes: Sequence[Box | None]) -> NDArray[np.float32]:
    """(k, 4), NaN for None."""
    return np.array([box or [np.nan] * 4 for box in boxes], np.float32).reshape(-1, 4)


def _cluster_part(said: Sequence[tuple[int, Relation]]) -> ClusterPart:
    return ClusterPart(
        np.array([video for video, _ in said], np.int32),
        [one.subject.value for _, one in said],
        [one.object.value for _, one in said],
        np.array([one.score for _, one in said], np.float32),
    )


def _crop_content(space: Space, videos: Sequence[PlainVideo]) -> CropContent:
    parts = [
        CropPart(
            number,
            np.array([one.start_ms for one in found], np.int64),
            np.array([one.end_ms for one in found], np.int64),
            _boxes([one.box for one in found]),
            [one.track for one in found],
            np.array([one.vector for one in found], np.float32),
        )
        for number, video in enumerate(videos)
        if (found := [one for one in _vectors_of(video, space.name) if not _is_whole(one)])
    ]
    return CropContent(space, sum(len(part.vectors) for part in parts), parts)


def _is_whole(one: Embedding) -> bool:
    return one.box is None and one.track is None


def _measure_part(said: Sequence[tuple[int, Measure]]) -> MeasurePart:
    video, start_ms, end_ms = _columns([(v, one.start_ms, one.end_ms) for v, one in said], 3)
    measures = [one for _, one in said]
    return MeasurePart(
        video.astype(np.int32),
        start_ms,
        end_ms,
        name=[one.name for one in measures],
        unit=[one.unit for one in measures],
        value=np.array([one.value for one in measures], np.float64),
    )


def _space_content(space: Space, videos: Sequence[PlainVideo]) -> SpaceContent:
    parts = [
        _vector_part(number, video, vectors, space.dim)
        for number, video in enumerate(videos)
        if (vectors := [one for one in _vectors_of(video, space.name) if _is_whole(one)])
    ]
    return SpaceContent(space, sum(len(part.time_ms) for part in parts), parts)


def _vectors_of(video: PlainVideo, space: str) -> list[Embedding]:
    found = (one for _, one in video.findings)
    return [one for one in found if isinstance(one, Embedding) and one.space == space]


def _vector_part(
    number: int, video: PlainVideo, found: Sequence[Embedding], dim: int
) -> VectorPart:
    spans = [(_time_of(one, video.keyframes_ms), one.start_ms, one.end_ms) for one in found]
    time_ms, start_ms, end_ms = _columns(spans, 3)
    return VectorPart(
        number,
        time_ms,
        start_ms,
        end_ms,
        vectors=np.array([one.vector for one in found], np.float32).reshape(-1, dim),
    )


def _time_of(one: Embedding, keyframes_ms: Sequence[int]) -> int:
    inside = (time_ms for time_ms in keyframes_ms if one.start_ms <= time_ms < one.end_ms)
    return next(inside, (one.start_ms + one.end_ms) // 2)
