"""What happens inside the transaction that stores a video or adds results to one.

Files that were staged are moved to their places here, before the transaction that names them ends.
Knows no lock, no pictures.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzers.finding import Embedding, Track
from indexer.catalog.change import CatalogChange, Segmentation
from indexer.records import (
    CollectionResult,
    FoundVideo,
    Run,
    RunStanding,
    RunState,
    StoredFile,
    Video,
)
from indexer.run_files import StagedRun
from indexer.staging import Staging

UID_BYTES = 6


@dataclass
class Deposit:
    """What a transaction has stored, and which files nothing names once it is committed."""

    video: Video
    is_new: bool  # not so where another process had stored the same meanwhile
    stored: list[StoredFile] = field(default_factory=list)
    replaced: list[StoredFile] = field(default_factory=list)

    @property
    def unnamed(self) -> list[str]:
        """Paths to be removed after the transaction, relative to the collection."""
        kept = {file.path for file in self.stored}
        return [file.path for file in self.replaced if file.path not in kept]


def put_video(
    change: CatalogChange,
    staging: Staging,
    found: FoundVideo,
    segmentation: Segmentation,
    runs: Sequence[StagedRun],
) -> Deposit:
    """Store a video in the place of the one with its path, if there is one.

    Where the same content with the same shots is stored already (another process was quicker), that
    is kept, and only the runs that it lacks are added.
    """
    change.delete_failure(found.path)
    old = change.find_video("path", found.path)
    if old is not None and _is_stored(change, old, found, segmentation):
        done = {
            (run.analyzer, run.version)
            for run in change.find_runs(old)
            if run.state is RunState.DONE
        }
        lacking = [run for run in runs if (run.result.analyzer, run.result.version) not in done]
        if old.mtime_ns != found.mtime_ns:
            change.set_stamp(old, found.size_bytes, found.mtime_ns)
        return put_runs(change, staging, old, lacking)
    replaced = [] if old is None else [file for _, file in change.find_run_files(old)]
    uid = free_uid(change, found.sample_hash) if old is None else old.uid
    video = change.put_video(found, uid, segmentation, staging.token)
    deposit = put_runs(change, staging, video, runs)
    return Deposit(video, True, deposit.stored, replaced)


def put_runs(
    change: CatalogChange,
    staging: Staging,
    video: Video,
    runs: Sequence[StagedRun],
    generation: str | None = None,
) -> Deposit:
    """Store runs on a video in the place of what the same analyzers said before."""
    deposit = Deposit(video, is_new=False)
    names = {run.result.analyzer for run in runs}
    for old in change.find_runs(video) if names else ():
        if old.analyzer in names:
            deposit.replaced.extend(old.files)
    for run in runs:
        files = staging.place(run.files, video.uid)
        change.put_run(video, run.result, files, generation)
        deposit.stored.extend(files)
    return deposit


def rewrite_runs(
    change: CatalogChange, staging: Staging, video: Video, runs: Sequence[tuple[Run, StagedRun]]
) -> Deposit:
    """Store what is left of runs in their places; those that have to be made anew still have to."""
    whole = Deposit(video, is_new=False)
    for old, run in runs:
        deposit = put_runs(change, staging, video, [run], old.generation)
        whole.stored.extend(deposit.stored)
        whole.replaced.extend(deposit.replaced)
        if old.state is RunState.STALE:
            standing = RunStanding(video.id, old.analyzer, old.version, old.state)
            change.set_stale([standing], old.reason or "")
    return whole


def put_collection_runs(
    change: CatalogChange,
    staging: Staging,
    result: CollectionResult,
    runs: Sequence[tuple[Video, StagedRun]],
) -> list[str]:
    """Store a run over the whole collection; paths of files that nothing names any more.

    Where it says of a video what it said before, nothing is written: search files that hold the
    video stay as they are.
    """
    kept: set[str] = set()
    replaced = change.find_files_of(result.analyzer)
    silent = {each.video_id for each in change.read_runs() if each.analyzer == result.analyzer}
    for video, run in runs:
        now = change.find_video("id", video.id)
        if now is not None and now.sample_hash == video.sample_hash:
            silent.discard(now.id)
            files = _find_said(change, now, run)
            if files is None:
                files = put_runs(change, staging, now, [run], result.generation).stored
            kept.update(file.path for file in files)
    for video_id in sorted(silent):
        change.delete_run(video_id, result.analyzer)
    change.put_collection_run(result)
    return [file.path for file in replaced if file.path not in kept]


def _find_said(change: CatalogChange, video: Video, run: StagedRun) -> Sequence[StoredFile] | None:
    """The files of what the same analyzer said before, if that is what it says now.

    What it said counts only where nothing was said of the video alone since: an analyzer that is
    shown what it said before takes it for older than what it is made from otherwise.
    """
    runs = change.find_runs(video)
    places = [at for at, each in enumerate(runs) if each.analyzer == run.result.analyzer]
    if not places or any(each.generation is None for each in runs[places[0] :]):
        return None
    old = runs[places[0]]
    if (old.state, old.version) != (RunState.DONE, run.result.version):
        return None
    if set(old.files) != {file.place(video.uid) for file in run.files}:
        return None
    (placed,) = change.find_placed(video, change.find_run_ids(video, [old.analyzer])).values()
    said = dict(enumerate(run.result.findings))
    listed = {at: each for at, each in said.items() if not isinstance(each, Embedding | Track)}
    return old.files if dict(placed) == listed else None


def content_uid(sample_hash: str) -> str:
    """The public id that the first video of a content gets."""
    return hashlib.blake2b(sample_hash.encode(), digest_size=UID_BYTES).hexdigest()


def free_uid(change: CatalogChange, sample_hash: str) -> str:
    """A public id made from the content; another one for a copy of a video that is stored."""
    text, copies = sample_hash, 0
    while True:
        uid = content_uid(text)
        if change.find_video("uid", uid) is None:
            return uid
        copies += 1
        text = f"{sample_hash} {copies}"


def _is_stored(
    change: CatalogChange, old: Video, found: FoundVideo, segmentation: Segmentation
) -> bool:
    names = ("size_bytes", "sample_hash", "side_cars", "segmenter")
    return (
        all(getattr(old, name) == getattr(found, name) for name in names)
        and change.find_shots(old) == list(segmentation.shots)
        and change.find_keyframes(old) == list(segmentation.keyframes)
    )
