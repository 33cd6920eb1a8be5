"""Records as rows of the catalog and back again. Knows no connections."""

import math
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from analyzers.clip import Container
from indexer.catalog.bulk import Row
from indexer.records import (
    CollectionRun,
    Failure,
    FileKind,
    FoundVideo,
    Keyframe,
    Result,
    Run,
    RunState,
    Scene,
    Shot,
    StoredFile,
    Video,
)

FACTS_OF_FILE = ("path", "size_bytes", "mtime_ns", "sample_hash", "full_hash", "side_cars")
FACTS_OF_PASS = ("segmenter", "decoder", "first_ms", "end_ms", "frames")
FACTS_OF_CONTAINER = ("format", "codec", "width", "height", "duration_ms", "bit_rate")


def video_values(found: FoundVideo) -> dict[str, Any]:
    """Columns of `videos` that say what was found; identity and revision are the writer's."""
    container = found.container
    return {
        **{name: getattr(found, name) for name in (*FACTS_OF_FILE, *FACTS_OF_PASS)},
        **{name: getattr(container, name) for name in FACTS_OF_CONTAINER},
        "fps": real(container.fps),
        "tags": [list(tag) for tag in container.tags],
        "warnings": list(found.warnings),
    }


def video_of(row: sa.Row[Any]) -> Video:
    """The video of a row of `videos`."""
    container = Container(
        name=os.path.basename(row.path),
        fps=row.fps,
        size_bytes=row.size_bytes,
        tags=tuple((key, value) for key, value in row.tags),
        **{name: getattr(row, name) for name in FACTS_OF_CONTAINER},
    )
    return Video(
        id=row.id,
        uid=row.uid,
        container=container,
        added_at=row.added_at,
        warnings=tuple(row.warnings),
        revision=row.revision,
        **{name: getattr(row, name) for name in (*FACTS_OF_FILE, *FACTS_OF_PASS)},
    )


def shot_rows(video_id: int, parts: Sequence[Shot] | Sequence[Scene]) -> list[Row]:
    """Rows of `shots` or of `scenes`."""
    return [(video_id, int(p.number), int(p.start_ms), int(p.end_ms)) for p in parts]


def keyframe_rows(video_id: int, keyframes: Sequence[Keyframe]) -> list[Row]:
    """Rows of `keyframes`."""
    return [
        (
            video_id,
            int(each.time_ms),
            int(each.start_ms),
            int(each.end_ms),
            int(each.shot),
            real(each.sharpness),
        )
        for each in keyframes
    ]


def keyframe_of(row: sa.Row[Any]) -> Keyframe:
    """The keyframe of a row of `keyframes`."""
    return Keyframe(row.shot, row.time_ms, row.start_ms, row.end_ms, row.sharpness)


def run_values(result: Result) -> dict[str, Any]:
    """Columns of `runs` that say how an analyzer ended; its keys are the writer's."""
    return {
        "analyzer": result.analyzer,
        "version": result.version,
        "state": str(RunState.DONE if result.reason is None else RunState.FAILED),
        "reason": result.reason,
        "seconds": real(result.seconds),
        "finished_at": datetime.now(UTC),
        "decoder": result.decoder,
    }


def run_of(row: sa.Row[Any], files: Sequence[StoredFile]) -> Run:
    """The run of a row of `runs`."""
    return Run(
        analyzer=row.analyzer,
        version=row.version,
        state=RunState(row.state),
        reason=row.reason,
        seconds=row.seconds,
        finished_at=row.finished_at,
        generation=row.generation,
        decoder=row.decoder,
        files=tuple(files),
    )


def collection_run_of(row: sa.Row[Any]) -> CollectionRun:
    """The run of a row of `collection_runs`."""
    return CollectionRun(row.analyzer, row.version, row.generation, row.seconds, row.finished_at)


def file_of(row: sa.Row[Any]) -> StoredFile:
    """The file of a row of `files`."""
    return StoredFile(FileKind(row.kind), row.owner, row.path, row.sha256, row.rows)


def failure_of(row: sa.Row[Any]) -> Failure:
    """The failure of a row of `failures`."""
    return Failure(row.path, row.stage, row.reason, row.size_bytes, row.mtime_ns, row.failed_at)


def real(number: float) -> float:
    """A number that every database keeps; 0 in place of what is none."""
    return float(number) if math.isfinite(number) else 0.0
