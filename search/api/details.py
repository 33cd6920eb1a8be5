"""Gathers what is known of videos and shots: tables of the generation, rows of the catalog.

Both may be of different moments: a video may have been removed or read anew since the search files
were made. Then the generation decides which shots there are. Knows no HTTP.
"""

from collections.abc import Collection, Sequence

import numpy as np

from analyzers.finding import Box, Finding, Label, Measure, Relation, Words
from indexer.generations.generation import Generation, Labels
from indexer.records import Run, Video
from search.api.edition import Edition
from search.api.hiding import hide_folders
from search.api.serving import Serving
from search.layout import Indexes
from search.wire import (
    KeyframeSummary,
    LabelCount,
    LabelFound,
    MeasureFound,
    RelationFound,
    RunStatus,
    ShotDetails,
    ShotSummary,
    TrackFound,
    VideoDetails,
    VideoSummary,
    WordsFound,
)

NEIGHBOURS = 12  # on either side
Said = Sequence[tuple[str, Finding]]  # analyzer, what it said


def summarise_video(serving: Serving, edition: Edition, number: int) -> VideoSummary:
    """One video by its number in the generation."""
    videos = edition.engine.layout.videos
    first, end = videos.first_shot[number : number + 2].tolist()
    shown = summarise_shots(serving, edition, first, first + 1) if first < end else ()
    return VideoSummary(
        id=videos.uid[number],
        name=edition.engine.names[number],
        title=edition.title(number),
        duration_ms=int(videos.duration_ms[number]),
        width=int(videos.width[number]),
        height=int(videos.height[number]),
        date=f"{np.datetime64(int(videos.date_ms[number]), 'ms')}+00:00",
        size_bytes=int(videos.size_bytes[number]),
        shot_count=end - first,
        media=shown[0].media if shown else None,
    )


def summarise_shots(
    serving: Serving, edition: Edition, first: int, end: int
) -> tuple[ShotSummary, ...]:
    """Neighbouring shots of one video, by their numbers in the generation, the end exclusive."""
    if first >= end:
        return ()
    layout = edition.engine.layout
    shots, rows = layout.shots, layout.shots.first_row[first:end]
    uid = layout.videos.uid[shots.video[first]]
    columns = zip(
        shots.number[first:end].tolist(),
        shots.start_ms[first:end].tolist(),
        shots.end_ms[first:end].tolist(),
        layout.rows.time_ms[rows].tolist(),
        strict=True,
    )
    return tuple(
        ShotSummary(
            id=f"{uid}@{start_ms}",
            number=number,
            start_ms=start_ms,
            end_ms=end_ms,
            time_ms=time_ms,
            media=serving.media(uid, start_ms, time_ms),
        )
        for number, start_ms, end_ms, time_ms in columns
    )


def describe_video(serving: Serving, edition: Edition, number: int) -> VideoDetails:
    """One video with all its shots, words and labels."""
    summary = summarise_video(serving, edition, number)
    video = serving.shelf.get(summary.id)
    first, end = edition.engine.layout.videos.first_shot[number : number + 2].tolist()
    found, runs = _read_findings(serving, video, None, (Words,))
    return VideoDetails(
        **dict(summary),
        format=video.container.format,
        codec=video.container.codec,
        fps=video.container.fps,
        tags=dict(video.container.tags),
        warnings=tuple(map(hide_folders, video.warnings)),
        runs=tuple(map(_run, runs)),
        shots=summarise_shots(serving, edition, first, end),
        words=_words(found),
        labels=_count_labels(edition.engine.generation.labels, first, end),
    )


def describe_shot(serving: Serving, edition: Edition, shot: int) -> ShotDetails:
    """One shot with everything that is known of it."""
    layout = edition.engine.layout
    number = int(layout.shots.video[shot])
    first, end = layout.videos.first_shot[number : number + 2].tolist()
    near = max(first, shot - NEIGHBOURS), min(end, shot + 1 + NEIGHBOURS)
    shown = summarise_shots(serving, edition, *near)
    summary = shown[shot - near[0]]
    video = serving.shelf.get(layout.videos.uid[number])
    span = (summary.start_ms, summary.end_ms)
    found, _ = _read_findings(serving, video, span)
    rows = layout.rows_of_shot(shot)
    return ShotDetails(
        **dict(summary),
        video=summarise_video(serving, edition, number),
        keyframes=_keyframes(serving, video, span),
        before=shown[: shot - near[0]],
        after=shown[shot - near[0] + 1 :],
        words=_words(found),
        labels=_labels(found),
        measures=_measures(found),
        relations=_relations(found),
        tracks=_tracks(serving, video, span),
        spaces=_spaces(edition.engine.generation, shot, rows),
    )


def _spaces(generation: Generation, shot: int, rows: Indexes) -> tuple[str, ...]:
    """The spaces in which the shot has vectors: of whole pictures, then of crops alone."""
    whole = [name for name, index in generation.spaces.items() if index.known[rows].any()]
    crops = [
        name
        for name in generation.crop_spaces()
        if name not in whole and shot in generation.track_vectors(name).shot
    ]
    return (*whole, *crops)


def _read_findings(
    serving: Serving,
    video: Video,
    span: tuple[int, int] | None,
    kinds: Collection[type] | None = None,
) -> tuple[Said, Sequence[Run]]:
    """What was found, in order of time, and who looked."""
    with serving.collection.catalog.reading() as reader:
        runs = reader.find_runs(video)
        names = dict(zip(reader.find_run_ids(video, None), runs, strict=True))
        placed = reader.find_placed(video, list(names), span, kinds)
    said = [
        (names[run].analyzer, finding)
        for run, found in placed.items()
        for _, finding in sorted(found, key=lambda each: each[0])
    ]
    return sorted(said, key=lambda one: one[1].start_ms), runs


def _run(run: Run) -> RunStatus:
    reason = run.reason and hide_folders(run.reason)
    return RunStatus(
        analyzer=run.analyzer, version=run.version, state=str(run.state), reason=reason
    )


def _tracks(serving: Serving, video: Video, span: tuple[int, int]) -> tuple[TrackFound, ...]:
    with serving.collection.catalog.reading() as reader:
        found = reader.find_track_spans(video, span)
    return tuple(
        TrackFound(
            id=one.id,
            kind=one.kind,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            points=one.points,
            analyzer=one.analyzer,
        )
        for one in found
    )


def _keyframes(
    serving: Serving, video: Video, span: tuple[int, int]
) -> tuple[KeyframeSummary, ...]:
    with serving.collection.catalog.reading() as reader:
        found = reader.find_keyframes_in(video, span)
    return tuple(
        KeyframeSummary(
            time_ms=one.time_ms,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            sharpness=one.sharpness,
            media=serving.media(video.uid, span[0], one.time_ms),
        )
        for one in found
    )


def _words(found: Said) -> tuple[WordsFound, ...]:
    return tuple(
        WordsFound(
            kind=str(one.kind),
            text=one.text,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            score=one.score,
            language=one.language,
            box=_box(one.box),
            analyzer=analyzer,
        )
        for analyzer, one in found
        if isinstance(one, Words)
    )


def _labels(found: Said) -> tuple[LabelFound, ...]:
    return tuple(
        LabelFound(
            name=f"{one.vocabulary}/{one.name}",
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            score=one.score,
            box=_box(one.box),
            track=one.track,
            analyzer=analyzer,
        )
        for analyzer, one in found
        if isinstance(one, Label)
    )


def _measures(found: Said) -> tuple[MeasureFound, ...]:
    return tuple(
        MeasureFound(
            name=one.name,
            value=one.value,
            unit=one.unit,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            analyzer=analyzer,
        )
        for analyzer, one in found
        if isinstance(one, Measure)
    )


def _relations(found: Said) -> tuple[RelationFound, ...]:
    return tuple(
        RelationFound(
            subject=one.subject.value,
            subject_kind=str(one.subject.kind),
            predicate=one.predicate,
            object=one.object.value,
            object_kind=str(one.object.kind),
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            score=one.score,
            analyzer=analyzer,
        )
        for analyzer, one in found
        if isinstance(one, Relation)
    )


def _count_labels(labels: Labels, first: int, end: int) -> tuple[LabelCount, ...]:
    """In how many of the shots `first` to `end` each label occurs, the most frequent first."""
    counts = labels.count_between(first, end).tolist()
    counted = [(count, label) for count, label in zip(counts, labels.names(), strict=True) if count]
    counted.sort(key=lambda each: (-each[0], each[1].full))
    return tuple(
        LabelCount(name=label.full, vocabulary=label.vocabulary, shots=shots)
        for shots, label in counted
    )


def _box(box: Box | None) -> tuple[float, float, float, float] | None:
    return None if box is None else (box[0], box[1], box[2], box[3])
