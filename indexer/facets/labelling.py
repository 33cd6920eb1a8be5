"""Labels the keyframes of a collection by its facets, from stored vectors. Opens no video.

The unit of work is one video: it is committed with the labels of all facets that it lacks, so that
what is broken off goes on where it was.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Label
from analyzers.zero_shot import Labeller
from indexer.collection import Collection
from indexer.facets.store import Facet
from indexer.records import FileKind, Result, RunState, Video
from indexer.vectors import VectorFile, read_vectors

SAMPLE = 20_000  # vectors that tell what cosines are like
Tell = Callable[[int, int], None]  # videos that are done, of how many


@dataclass
class Labelled:
    """What was done."""

    videos: int = 0
    keyframes: int = 0
    labels: int = 0
    seconds: float = 0.0
    failures: list[tuple[str, str]] = field(default_factory=list)  # path of a video, reason


def label_videos(
    collection: Collection, facets: Sequence[Facet], tell: Tell = lambda done, of: None
) -> Labelled:
    """Give the videos the labels that they lack; those without vectors in the space get none."""
    started, done = time.perf_counter(), Labelled()
    lacking = _find_lacking(collection, facets)
    videos = {video.id: video for video in collection.catalog.find_videos()} if lacking else {}
    labellers = {facet.analyzer: facet.make_labeller() for facet in facets if lacking}
    for number, (video_id, wanted) in enumerate(lacking.items()):
        tell(number, len(lacking))
        if video_id in videos:
            _label_video(collection, videos[video_id], wanted, labellers, done)
    tell(len(lacking), len(lacking))
    done.seconds = time.perf_counter() - started
    return done


def sample_vectors(collection: Collection, space: str) -> NDArray[np.float32]:
    """At most SAMPLE vectors (k, dim) of whole pictures, from videos all over the collection."""
    paths = list(_find_files(collection, space).values())
    random = np.random.default_rng(0)
    taken: list[NDArray[np.float32]] = []
    left = SAMPLE
    for place in random.permutation(len(paths)).tolist():
        vectors = _read_whole(collection.folder, paths[place]).vectors[:left]
        taken.append(vectors)
        left -= len(vectors)
        if left <= 0:
            break
    return np.concatenate(taken) if taken else np.zeros((0, collection.spaces[space].dim), "f4")


def _find_lacking(collection: Collection, facets: Sequence[Facet]) -> dict[int, list[Facet]]:
    """For each video, by insertion number, the facets that have not labelled it as they are."""
    if not facets:
        return {}
    labelled = {
        (run.video_id, run.analyzer, run.version)
        for run in collection.catalog.read_runs()
        if run.state is RunState.DONE
    }
    lacking: dict[int, list[Facet]] = {}
    for facet in facets:
        for video_id in _find_files(collection, facet.space):
            if (video_id, facet.analyzer, facet.version) not in labelled:
                lacking.setdefault(video_id, []).append(facet)
    return dict(sorted(lacking.items()))


def _find_files(collection: Collection, space: str) -> dict[int, list[str]]:
    """The files with vectors of a space, by video."""
    paths: dict[int, list[str]] = {}
    with collection.catalog.reading() as reader:
        for video_id, file in reader.find_files(FileKind.VECTORS, space):
            paths.setdefault(video_id, []).append(file.path)
    return paths


@dataclass(frozen=True, eq=False)
class _Whole:
    """Vectors of whole pictures with their spans."""

    start_ms: NDArray[np.int64]
    end_ms: NDArray[np.int64]
    vectors: NDArray[np.float32]


def _read_whole(folder: Path, paths: Sequence[str]) -> _Whole:
    files = [read_vectors(folder / path) for path in paths]
    kept = [_find_whole(file) for file in files]
    pairs = list(zip(files, kept, strict=True))
    return _Whole(
        np.concatenate([file.start_ms[rows] for file, rows in pairs]),
        np.concatenate([file.end_ms[rows] for file, rows in pairs]),
        np.concatenate([file.vectors[rows] for file, rows in pairs]),
    )


def _find_whole(file: VectorFile) -> NDArray[np.int64]:
    alone = np.array([track is None for track in file.tracks], np.bool_)
    return np.flatnonzero(np.isnan(file.boxes[:, 0]) & alone)


def _label_video(
    collection: Collection,
    video: Video,
    facets: Sequence[Facet],
    labellers: dict[str, Labeller],
    done: Labelled,
) -> None:
    results = []
    keyframes = 0
    for facet in facets:
        began = time.perf_counter()
        try:
            paths = _find_files_of(collection, video, facet.space)
            whole = _read_whole(collection.folder, paths)
        except (OSError, ValueError) as error:  # damaged: `check` says what to do about it
            done.failures.append((video.path, f"{facet.analyzer}: {error}"))
            continue
        labels = list(_make_labels(facet, labellers[facet.analyzer], whole))
        seconds = time.perf_counter() - began
        results.append(Result(facet.analyzer, facet.version, seconds, labels))
        keyframes = max(keyframes, len(whole.vectors))
    if results and collection.commit_results(video, results):
        done.videos += 1
        done.keyframes += keyframes
        done.labels += sum(len(result.findings) for result in results)


def _find_files_of(collection: Collection, video: Video, space: str) -> list[str]:
    with collection.catalog.reading() as reader:
        files = [file for _, file in reader.find_run_files(video)]
    return [file.path for file in files if (file.kind, file.owner) == (FileKind.VECTORS, space)]


def _make_labels(facet: Facet, labeller: Labeller, whole: _Whole) -> Iterator[Label]:
    told = labeller.label(whole.vectors)
    spans = zip(whole.start_ms[told.rows].tolist(), whole.end_ms[told.rows].tolist(), strict=True)
    names = (labeller.names[column] for column in told.columns.tolist())
    for (start_ms, end_ms), name, score in zip(spans, names, told.scores.tolist(), strict=True):
        yield Label(start_ms, end_ms, facet.pack.facet, name, score)
