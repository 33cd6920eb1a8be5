"""A collection on disk: the one object through which videos and findings are stored and read.

Knows no decoding, no analyzers, no search files.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from analyzers.encoder import Space
from analyzers.finding import Finding
from indexer.catalog.catalog import Catalog
from indexer.records import (
    CollectionResult,
    Failure,
    FoundVideo,
    Keyframe,
    KeyframePictures,
    Problem,
    Result,
    Run,
    RunStanding,
    Scene,
    Shot,
    Video,
)
from indexer.vectors import VectorFile


class Collection:
    """SKELETON: signatures stand, bodies follow. A context manager."""

    folder: Path
    id: str
    catalog: Catalog
    spaces: dict[str, Space]  # by name

    @classmethod
    def create(cls, folder: Path, catalog_url: str | None = None) -> "Collection": ...

    @classmethod
    def open_(cls, folder: Path) -> "Collection": ...

    @property
    def revision(self) -> int: ...  # moves with every change of truth

    @property
    def videos_revision(self) -> int: ...  # like it, but not moved by collection-scope runs

    def add_space(self, space: Space) -> None: ...

    def commit_video(
        self,
        found: FoundVideo,
        shots: Sequence[Shot],
        keyframes: Sequence[Keyframe],
        scenes: Sequence[Scene],
        results: Sequence[Result],
        pictures: Iterable[KeyframePictures] = (),
    ) -> Video: ...

    def commit_results(
        self, video: Video, results: Sequence[Result], *, side_cars: str | None = None
    ) -> None: ...

    def commit_collection_result(self, result: CollectionResult) -> None: ...

    def mark_stale(self, runs: Sequence[RunStanding], reason: str) -> None: ...

    def move_video(self, video: Video, path: Path) -> None: ...

    def touch_video(self, video: Video, size_bytes: int, mtime_ns: int) -> None: ...

    def remove_video(self, video: Video) -> None: ...

    def record_failure(self, failure: Failure) -> None: ...  # commit_video clears it

    def find_failures(self) -> list[Failure]: ...

    def pictures(self, video: Video) -> Path: ...

    def find_video(self, name: str) -> Video: ...

    def find_findings(
        self, video: Video, analyzers: Sequence[str] | None = None
    ) -> list[Finding]: ...

    def read_vectors(self, space: str) -> Iterator[tuple[int, VectorFile]]: ...
    # (video id, vectors) ascending by video id

    def check(self, *, full: bool = False) -> list[Problem]: ...

    def close(self) -> None: ...


class CatalogSignatures:
    """What Catalog (indexer/catalog/catalog.py) will offer for reading."""

    def counts(self) -> object: ...  # Counts

    def find_videos(self) -> list[Video]: ...  # by id

    def read_runs(self) -> list[RunStanding]: ...  # of all videos, one query

    def find_runs(self, video: Video) -> list[Run]: ...

    def find_shots(self, video: Video) -> list[Shot]: ...

    def find_keyframes(self, video: Video) -> list[Keyframe]: ...

    def find_scenes(self, video: Video) -> list[Scene]: ...

    def find_collection_runs(self) -> list[object]: ...  # CollectionRun

    def read_columns(
        self, table: str, columns: Sequence[str], order_by: Sequence[str] | None = None
    ) -> dict[str, object]: ...
    # ints: int64 array; floats: float64 array, NaN for NULL; texts: list[str | None]
    # default order: video_id, then run_id, position | number | time_ms

    def read_chunks(
        self, table: str, columns: Sequence[str], order_by: Sequence[str] | None = None
    ) -> Iterator[dict[str, object]]: ...
    # the same, in chunks of some 50,000 rows
    # tables: shots(video_id, number, start_ms, end_ms)  scenes(likewise)
    #   keyframes(video_id, time_ms, shot, start_ms, end_ms, sharpness)
    #   runs(id, video_id, analyzer, version, state, ...)
    #   words(video_id, run_id, position, start_ms, end_ms, kind, text, score, x0, y0, x1, y1,
    #         language)
    #   labels(video_id, run_id, position, start_ms, end_ms, vocabulary, name, score, x0 .. y1,
    #          track)
    #   measures(..., name, value, unit)  tracks(..., track, kind, samples)
    #   relations(..., subject_kind, subject, predicate, object_kind, object, score)
    # run_id stands for one analyzer on one video
