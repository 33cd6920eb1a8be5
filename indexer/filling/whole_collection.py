"""Runs the analyzers that look at the whole collection at once. Opens no video."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import overload

from analyzers.analyzer import Analyzer, Scope
from analyzers.clip import Clip
from analyzers.finding import Finding
from indexer.collection import Collection
from indexer.filling.report import IndexReport, Note
from indexer.filling.runner import check_answers, describe
from indexer.filling.spaces import register_spaces
from indexer.records import CollectionResult, Video


def run_collection_analyzers(
    collection: Collection, analyzers: Sequence[Analyzer], report: IndexReport
) -> None:
    """Run those whose input has changed since they last ran; failures are noted in the report."""
    asked = [each for each in analyzers if each.scope is Scope.COLLECTION]
    if not asked:
        return
    runs = collection.catalog.find_collection_runs()
    done = {(run.analyzer, run.version, run.generation) for run in runs}
    for analyzer in asked:
        state = _state_of_input(collection, analyzer)
        if (analyzer.name, analyzer.version, state) in done:
            continue
        started = time.perf_counter()
        try:
            result = _run(collection, analyzer, state)
        except Exception as error:  # an analyzer may raise anything; the videos stay indexed
            report.failures.append(Note(str(collection.folder), analyzer.name, describe(error)))
        else:
            seconds = time.perf_counter() - started
            collection.commit_collection_result(replace(result, seconds=seconds))
            report.analyzer_seconds[analyzer.name] += seconds


def _run(collection: Collection, analyzer: Analyzer, state: str) -> CollectionResult:
    videos = collection.catalog.find_videos()
    clips = _CollectionClips(collection, videos, analyzer)
    answers = check_answers(analyzer, clips, analyzer.analyze(clips))
    for answer in answers:
        register_spaces(collection, answer)
    pairs = tuple(zip(videos, answers, strict=True))
    return CollectionResult(analyzer.name, analyzer.version, state, pairs)


def _state_of_input(collection: Collection, analyzer: Analyzer) -> str:
    """A word that changes whenever what the analyzer is shown changes; its own words do not count.

    Findings that were rewritten without a new run, as when a person is forgotten, lie in other
    files.
    """
    digest = hashlib.blake2b(digest_size=8)
    for video in collection.catalog.find_videos():
        facts = (video.uid, video.sample_hash, video.side_cars, video.segmenter)
        digest.update("\n".join(facts).encode(errors="surrogateescape"))
    for run in collection.catalog.read_runs():
        if run.analyzer in analyzer.needs:
            digest.update(f"{run.video_id} {run.analyzer} {run.version} {run.state}\n".encode())
    with collection.catalog.reading() as reader:
        for need in analyzer.needs:
            paths = sorted(file.path for file in reader.find_files_of(need))
            digest.update("\n".join(paths).encode(errors="surrogateescape"))
    return digest.hexdigest()


class _CollectionClips(Sequence[Clip]):
    """One clip for each video, read from the collection as it is looked at."""

    def __init__(self, collection: Collection, videos: Sequence[Video], analyzer: Analyzer) -> None:
        self._collection = collection
        self._videos = videos
        self._analyzer = analyzer

    def __len__(self) -> int:
        return len(self._videos)

    @overload
    def __getitem__(self, index: int) -> Clip: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Clip]: ...
    def __getitem__(self, index: int | slice) -> Clip | Sequence[Clip]:
        if isinstance(index, slice):
            return _CollectionClips(self._collection, self._videos[index], self._analyzer)
        video = self._videos[index]
        shots = self._collection.catalog.find_shots(video)
        needs = self._analyzer.needs
        findings = self._collection.find_findings(video, needs) if needs else ()
        return Clip(
            video.first_ms,
            video.end_ms,
            shots=tuple((shot.start_ms, shot.end_ms) for shot in shots),
            container=video.container if self._analyzer.wants.container else None,
            findings=tuple(findings),
            former=tuple(self._find_former(video)) if self._analyzer.wants.former else (),
        )

    def _find_former(self, video: Video) -> Sequence[Finding]:
        """What the same version said of the video, unless what it needs was made anew since."""
        own, needs = self._analyzer.name, self._analyzer.needs
        runs = self._collection.catalog.find_runs(video)  # the newest last
        newest = next((run for run in reversed(runs) if run.analyzer in (own, *needs)), None)
        if newest is None or (newest.analyzer, newest.version) != (own, self._analyzer.version):
            return ()
        return self._collection.find_findings(video, [own])

    def __iter__(self) -> Iterator[Clip]:
        return (self[index] for index in range(len(self)))
