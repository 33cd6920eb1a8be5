"""Turns an analysed video into what the collection stores. Knows no decoding, no threads."""

from datetime import UTC, datetime

from indexer.collection import Collection
from indexer.filling.planning import Work
from indexer.filling.report import IndexReport, Note
from indexer.filling.scanning import FoundFile
from indexer.filling.spaces import register_spaces
from indexer.filling.work import VideoWork, group_scenes
from indexer.records import Failure, FoundVideo, Result


def commit_work(
    collection: Collection, work: VideoWork, versions: dict[str, str], segmenter: str
) -> None:
    """Commit one video with all that was found in it, or what was added to a stored one."""
    results = [
        Result(
            analyzer=name,
            version=versions[name],
            seconds=work.seconds[name],
            findings=() if name in work.failed else tuple(work.findings.get(name, ())),
            reason=work.failed.get(name),
            decoder=work.decoder,
        )
        for name in versions
        if name in work.job.analyzers
    ]
    for result in results:
        register_spaces(collection, result.findings)
    if work.job.work is Work.EXTEND and work.job.video is not None:
        collection.commit_results(work.job.video, results, side_cars=work.job.side_cars)
        return
    collection.commit_video(
        _found_video(work, segmenter),
        shots=work.shots,
        keyframes=work.keyframes,
        scenes=group_scenes(work.shots),
        results=results,
        pictures=work.spool.pictures(),
    )


def record_unreadable(collection: Collection, file: FoundFile, stage: str, reason: str) -> None:
    """Remember that a file could not be indexed, and why; what was stored of it stays."""
    now = datetime.now(UTC)
    failure = Failure(str(file.path), stage, reason, file.size_bytes, file.mtime_ns, now)
    collection.record_failure(failure)


def note_outcome(report: IndexReport, work: VideoWork) -> None:
    """Add the warnings of a video's pass and the failures of its analyzers to the report."""
    path = str(work.job.file.path)
    warnings = work.summary.warnings if work.summary else ()
    report.warnings.extend(Note(path, "decode", warning) for warning in warnings)
    report.failures.extend(Note(path, name, reason) for name, reason in work.failed.items())


def _found_video(work: VideoWork, segmenter: str) -> FoundVideo:
    summary, file = work.summary, work.job.file
    assert summary is not None  # a video is committed only after its pass has ended
    return FoundVideo(
        path=str(file.path),
        container=work.container,
        size_bytes=file.size_bytes,
        mtime_ns=file.mtime_ns,
        sample_hash=work.job.sample_hash,
        side_cars=work.job.side_cars,
        segmenter=segmenter,
        decoder=work.decoder,
        first_ms=summary.first_ms,
        end_ms=summary.end_ms,
        frames=summary.frames,
        warnings=tuple(summary.warnings),
    )
