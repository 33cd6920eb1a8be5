"""Reads a collection's truth as content for a generation, in chunks. The only reader of both.

Reads all videos or some of them; then what it does costs what these cost.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analyzers.container import find_creation_ms
from analyzers.encoder import Space
from analyzers.error import ShotseekError
from indexer.catalog.reader import CatalogReader
from indexer.collection import Collection
from indexer.generations.content import (
    KINDS,
    Content,
    KeyframeColumns,
    LabelPart,
    MeasurePart,
    ShotColumns,
    SpaceContent,
    VectorPart,
    VideoColumns,
    WordsPart,
)
from indexer.generations.planning import State
from indexer.records import FileKind, StoredFile, Video
from indexer.vectors import VectorFile, read_vectors

Columns: TypeAlias = dict[str, Any]  # integers and floats as arrays, texts as lists
SPAN = ("video_id", "start_ms", "end_ms")
WORDS = (*SPAN, "run_id", "kind", "text")
LABELS = (*SPAN, "run_id", "vocabulary", "name", "score", "x0")
MEASURES = (*SPAN, "name", "unit", "value")
UNREADABLE = (OSError, ValueError, LookupError, NotImplementedError)  # as pyarrow has it


class VectorsUnreadable(ShotseekError):
    """A file of vectors is missing or damaged."""


class View:
    """One unchanging view of a collection; what others commit meanwhile is not seen."""

    def __init__(self, collection: Collection, reader: CatalogReader) -> None:
        self.collection_id = collection.id
        self.spaces = tuple(collection.spaces.values())
        self.revision = reader.revision
        self.states = _read_states(reader)  # of all videos, by insertion number
        self._folder = collection.folder
        self._reader = reader

    def content(
        self, ids: Sequence[int] | None = None, left_out: Set[str] = frozenset()
    ) -> Content:
        """Everything that search needs of all videos, or of those with these ascending ids.

        Then nothing else is read. Words, labels, measures and vectors are read when asked for. The
        parts of a space raise VectorsUnreadable where a file cannot be read; files that are
        `left_out` are not asked for, and their videos are told from what is whole.
        """
        videos = self._reader.find_videos(ids)
        tables = _Tables(self._reader, videos, ids, left_out)
        shots = tables.read("shots", (*SPAN, "number"))
        keyframes = tables.read("keyframes", ("video_id", "time_ms"))
        numbers = shots["number"].astype(np.int32)
        spaces = [tables.space(space, self._folder) for space in self.spaces]
        return Content(
            self.collection_id,
            self.revision,
            replace(_video_columns(videos), revision=self._revisions_of(videos, tables.incomplete)),
            ShotColumns(shots["video"], numbers, shots["start_ms"], shots["end_ms"]),
            KeyframeColumns(keyframes["video"], keyframes["time_ms"]),
            spaces,
            map(_words_part, tables.parts("words", WORDS)),
            map(_label_part, tables.parts("labels", LABELS)),
            map(_measure_part, tables.parts("measures", MEASURES)),
            [note_of(left_out)] if left_out else (),
        )

    def _revisions_of(self, videos: Sequence[Video], incomplete: Set[int]) -> NDArray[np.int64]:
        """When each video last changed; for one that is incomplete, minus the revision of now."""
        revisions = [-self.revision if one.id in incomplete else one.revision for one in videos]
        return np.array(revisions, np.int64)


def _read_states(reader: CatalogReader) -> Mapping[int, State]:
    revisions = reader.read_revisions()
    return {video.id: (video.uid, revisions[video.id]) for video in reader.find_names()}


@contextmanager
def open_view(collection: Collection) -> Iterator[View]:
    """Look at a collection; all but the files of vectors stays as it is meanwhile."""
    with collection.catalog.reading() as reader:
        yield View(collection, reader)


def find_unreadable(collection: Collection, ids: Sequence[int] | None = None) -> frozenset[str]:
    """The files of vectors that the catalog names and that cannot be read; reads all of them.

    Of all videos, or of those with these ascending ids.
    """
    with collection.catalog.reading() as reader:
        files = [file for _, file in reader.find_files(FileKind.VECTORS, ids=ids)]
    return frozenset(file.path for file in files if not _is_readable(collection.folder, file))


def note_of(left_out: Set[str]) -> str:
    """What people should know of files of vectors that are left out."""
    files = f"{len(left_out)} files of vectors, such as" if len(left_out) > 1 else "the vectors of"
    return (
        f"{files} {min(left_out)}, cannot be read and are left out of the search files: run "
        "`shotseek check`, then `shotseek index` again"
    )


def _is_readable(folder: Path, file: StoredFile) -> bool:
    try:
        _read_vectors(folder, file)
    except VectorsUnreadable:
        return False
    return True


def _read_vectors(folder: Path, file: StoredFile) -> VectorFile:
    try:
        vectors = read_vectors(folder / file.path)
    except UNREADABLE as error:
        raise _unreadable(folder, file) from error
    if len(vectors.vectors) != file.rows:
        raise _unreadable(folder, file)
    return vectors


def _unreadable(folder: Path, file: StoredFile) -> VectorsUnreadable:
    return VectorsUnreadable(
        f"{folder / file.path}: is missing or damaged: run `shotseek check`, then `shotseek index` "
        "again"
    )


class _Tables:
    """The tables of one view, with the videos by their places instead of insertion numbers."""

    def __init__(
        self,
        reader: CatalogReader,
        videos: Sequence[Video],
        asked: Sequence[int] | None,
        left_out: Set[str],
    ) -> None:
        self.incomplete: set[int] = set()  # ids of the videos of which something is left out
        self._reader = reader
        self._ids = np.array([video.id for video in videos], np.int64)
        self._asked = asked
        self._left_out = left_out

    def read(self, table: str, columns: Sequence[str]) -> Columns:
        """A whole table by (video, time), with the column `video`."""
        return self._with_video(self._reader.read_columns(table, columns, self._asked))

    def parts(self, table: str, columns: Sequence[str]) -> Iterator[Columns]:
        """A large table in parts that hold whole videos."""
        chunks = self._reader.read_chunks(table, columns, ids=self._asked)
        return map(self._with_video, chunks)

    def space(self, space: Space, folder: Path) -> SpaceContent:
        """The vectors of a space, video by video."""
        named = self._reader.find_files(FileKind.VECTORS, space.name, self._asked)
        self.incomplete |= {id for id, file in named if file.path in self._left_out}
        files = [(video_id, file) for video_id, file in named if file.path not in self._left_out]
        count = sum(file.rows for _, file in files)
        by_video = groupby(files, key=lambda pair: pair[0])
        parts = (
            self._vector_part(video_id, [_read_vectors(folder, file) for _, file in pairs])
            for video_id, pairs in by_video
        )
        return SpaceContent(space, count, parts)

    def _with_video(self, columns: Columns) -> Columns:
        video = np.searchsorted(self._ids, columns["video_id"])
        return {**columns, "video": video.astype(np.int32)}

    def _vector_part(self, video_id: int, files: Sequence[VectorFile]) -> VectorPart:
        """The vectors of one video, of as many analyzers as spoke in the space."""
        return VectorPart(
            int(np.searchsorted(self._ids, video_id)),
            np.concatenate([file.time_ms for file in files]),
            np.concatenate([file.start_ms for file in files]),
            np.concatenate([file.end_ms for file in files]),
            np.concatenate([file.vectors for file in files]),
        )


def _video_columns(videos: Sequence[Video]) -> VideoColumns:
    containers = [video.container for video in videos]
    return VideoColumns(
        id=np.array([video.id for video in videos], np.int64),
        uid=[video.uid for video in videos],
        name=[video.name for video in videos],
        path=[video.path for video in videos],
        duration_ms=np.array([video.end_ms - video.first_ms for video in videos], np.int64),
        width=np.array([container.width for container in containers], np.int32),
        height=np.array([container.height for container in containers], np.int32),
        date_ms=np.array([date_of(video) for video in videos], np.int64),
        size_bytes=np.array([video.size_bytes for video in videos], np.int64),
        revision=np.array([video.revision for video in videos], np.int64),
    )


def date_of(video: Video) -> int:
    """When a video was made, in ms since 1970: its container's date, else its file's."""
    created = find_creation_ms(video.container)
    return video.mtime_ns // 1_000_000 if created is None else created


def _words_part(rows: Columns) -> WordsPart:
    """Rows of words to documents: one for each video, analyzer, kind, start and end."""
    keys = zip(
        rows["video"].tolist(),
        rows["run_id"].tolist(),
        rows["kind"],
        rows["start_ms"].tolist(),
        rows["end_ms"].tolist(),
        strict=True,
    )
    texts: dict[tuple[int, int, str, int, int], list[str]] = {}
    for key, text in zip(keys, rows["text"], strict=True):
        texts.setdefault(key, []).append(text)
    spans = np.array([(v, KINDS.index(k), s, e) for v, _, k, s, e in texts], np.int64)
    video, kind, start_ms, end_ms = spans.reshape(-1, 4).T
    joined = [" ".join(lines) for lines in texts.values()]
    return WordsPart(video.astype(np.int32), kind.astype(np.uint8), start_ms, end_ms, joined)


def _label_part(rows: Columns) -> LabelPart:
    return LabelPart(
        rows["video"],
        rows["start_ms"],
        rows["end_ms"],
        vocabulary=rows["vocabulary"],
        name=rows["name"],
        score=rows["score"].astype(np.float32),
        boxed=~np.isnan(rows["x0"]),
        run=rows["run_id"],
    )


def _measure_part(rows: Columns) -> MeasurePart:
    return MeasurePart(
        rows["video"],
        rows["start_ms"],
        rows["end_ms"],
        name=rows["name"],
        unit=rows["unit"],
        value=rows["value"],
    )
