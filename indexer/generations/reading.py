"""Reads a collection's truth as content for a generation, in chunks. The only reader of both.

Reads all videos or some of them; then what it does costs what these cost.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from analyzers.container import find_creation_ms
from analyzers.encoder import Space
from analyzers.error import ShotseekError
from analyzers.finding import Track
from indexer.catalog.reader import CatalogReader
from indexer.collection import Collection
from indexer.generations.content import (
    KINDS,
    Content,
    CropContent,
    KeyframeColumns,
    LabelPart,
    MeasurePart,
    ShotColumns,
    SpaceContent,
    TrackPart,
    VectorPart,
    VideoColumns,
    WordsPart,
)
from indexer.generations.planning import State
from indexer.generations.track_reading import (
    BOX_COLUMNS,
    RELATION,
    boxes_of,
    cluster_part_of,
    crop_part_of,
    track_part_of,
    whole_of,
)
from indexer.records import FileKind, StoredFile, Video
from indexer.tracks import read_tracks
from indexer.vectors import VectorFile, read_vectors, read_whole

Columns: TypeAlias = dict[str, Any]  # integers and floats as arrays, texts as lists
SPAN = ("video_id", "start_ms", "end_ms")
WORDS = (*SPAN, "run_id", "kind", "text")
LABELS = (*SPAN, "run_id", "vocabulary", "name", "score", "x0")
BOXED = ("video_id", *BOX_COLUMNS, "track")
MEASURES = (*SPAN, "name", "unit", "value")
UNREADABLE = (OSError, ValueError, LookupError, NotImplementedError)  # as pyarrow has it

Read = TypeVar("Read")


class VectorsUnreadable(ShotseekError):
    """A file of vectors or tracks is missing or damaged."""


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

        Then nothing else is read. Words, labels, measures, tracks and vectors are read when asked
        for; which vectors are of whole pictures is looked up at once. VectorsUnreadable is raised
        where a file cannot be read; files that are `left_out` are not asked for, and their videos
        are told from what is whole.
        """
        videos = self._reader.find_videos(ids)
        tables = _Tables(self._reader, videos, ids, left_out)
        shots = tables.read("shots", (*SPAN, "number"))
        keyframes = tables.read("keyframes", ("video_id", "time_ms"))
        numbers = shots["number"].astype(np.int32)
        vectors = [tables.space(space, self._folder) for space in self.spaces]
        tracks = tables.tracks(self._folder)
        return Content(
            self.collection_id,
            self.revision,
            replace(_video_columns(videos), revision=self._revisions_of(videos, tables.incomplete)),
            ShotColumns(shots["video"], numbers, shots["start_ms"], shots["end_ms"]),
            KeyframeColumns(keyframes["video"], keyframes["time_ms"]),
            [whole for whole, _ in vectors],
            map(_words_part, tables.parts("words", WORDS)),
            map(tables.label_part, tables.parts("labels", LABELS)),
            map(_measure_part, tables.parts("measures", MEASURES)),
            [crops for _, crops in vectors],
            tracks,
            map(cluster_part_of, tables.parts("relations", (*SPAN, *RELATION))),
            [note_of(left_out)] if left_out else (),
        )

    def find_followed(self) -> list[int]:
        """The insertion numbers of the videos that have tracks, ascending."""
        return sorted({video_id for video_id, _ in self._reader.find_files(FileKind.TRACKS)})

    def _revisions_of(self, videos: Sequence[Video], incomplete: Set[int]) -> NDArray[np.int64]:
        """When each video last changed; for one that is incomplete, minus the revision of now."""
        revisions = [-self.revision if one.id in incomplete else one.revision for one in videos]
        return np.array(revisions, np.int64)


def _read_states(reader: CatalogReader) -> Mapping[int, State]:
    revisions = reader.read_revisions()
    return {video.id: (video.uid, revisions[video.id]) for video in reader.find_names()}


@contextmanager
def open_view(collection: Collection) -> Iterator[View]:
    """Look at a collection; all but the files of vectors and tracks stays as it is meanwhile."""
    with collection.catalog.reading() as reader:
        yield View(collection, reader)


def find_unreadable(collection: Collection, ids: Sequence[int] | None = None) -> frozenset[str]:
    """The files that the catalog names and that cannot be read; reads all of them.

    Of all videos, or of those with these ascending ids.
    """
    with collection.catalog.reading() as reader:
        files = [file for _, file in reader.find_files(ids=ids)]
    return frozenset(file.path for file in files if not _is_readable(collection.folder, file))


def note_of(left_out: Set[str]) -> str:
    """What people should know of files of vectors and tracks that are left out."""
    what = " and ".join(sorted({path.partition("/")[0] for path in left_out}, reverse=True))
    files = f"{len(left_out)} files of {what}, such as" if len(left_out) > 1 else f"the {what} of"
    return (
        f"{files} {min(left_out)}, cannot be read and are left out of the search files: run "
        "`shotseek check`, then `shotseek index` again"
    )


def _is_readable(folder: Path, file: StoredFile) -> bool:
    try:
        if file.kind is FileKind.VECTORS:
            _read_vectors(folder, file)
        else:
            _read(read_tracks, folder, file)
    except VectorsUnreadable:
        return False
    return True


def _read_vectors(folder: Path, file: StoredFile) -> VectorFile:
    vectors = _read(read_vectors, folder, file)
    if len(vectors.vectors) != file.rows:
        raise _unreadable(folder, file)
    return vectors


def _read(read: Callable[[Path], Read], folder: Path, file: StoredFile) -> Read:
    try:
        return read(folder / file.path)
    except UNREADABLE as error:
        raise _unreadable(folder, file) from error


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

    def label_part(self, rows: Columns) -> LabelPart:
        """Labels of some videos, with their boxes where there are any."""
        part = _label_part(rows)
        if not part.boxed.any():
            return part
        ids = np.unique(rows["video_id"][part.boxed]).tolist()
        boxed = self._reader.read_columns("labels", BOXED, ids)
        box = np.full((len(part.boxed), 4), np.nan, np.float32)
        track: list[str | None] = [None] * len(box)
        places = np.flatnonzero(np.isin(rows["video_id"], ids))
        box[places] = boxes_of(boxed)
        for place, id_ in zip(places.tolist(), boxed["track"], strict=True):
            track[place] = id_
        return replace(part, box=box, track=track)

    def tracks(self, folder: Path) -> Iterator[TrackPart]:
        """What was followed, video by video."""
        by_video = groupby(self._files(FileKind.TRACKS), key=lambda pair: pair[0])
        return (
            track_part_of(self._place_of(id_), self._tracks_in([file for _, file in pairs], folder))
            for id_, pairs in by_video
        )

    def space(self, space: Space, folder: Path) -> tuple[SpaceContent, CropContent]:
        """The vectors of a space, video by video: of whole pictures, and of boxes and tracks."""
        files = self._files(FileKind.VECTORS, space.name)
        whole = [_count_whole(folder, file) for _, file in files]
        sizes = [file.rows for _, file in files]
        split = list(zip(files, whole, sizes, strict=True))
        pictures = self._vector_parts([pair for pair, own, _ in split if own], folder)
        crops = self._vector_parts([pair for pair, own, size in split if own < size], folder)
        return (
            SpaceContent(space, sum(whole), (_vector_part(*one) for one in pictures)),
            CropContent(space, sum(sizes) - sum(whole), (crop_part_of(*one) for one in crops)),
        )

    def _files(self, kind: FileKind, owner: str | None = None) -> list[tuple[int, StoredFile]]:
        """Those that are not left out, by video."""
        named = self._reader.find_files(kind, owner, self._asked)
        self.incomplete |= {id for id, file in named if file.path in self._left_out}
        return [(video_id, file) for video_id, file in named if file.path not in self._left_out]

    def _vector_parts(
        self, files: Sequence[tuple[int, StoredFile]], folder: Path
    ) -> Iterator[tuple[int, list[VectorFile]]]:
        """The place of each video and its files, of as many analyzers as spoke in the space."""
        for video_id, pairs in groupby(files, key=lambda pair: pair[0]):
            yield self._place_of(video_id), [_read_vectors(folder, file) for _, file in pairs]

    def _tracks_in(self, files: Sequence[StoredFile], folder: Path) -> list[Track]:
        return [track for file in files for _, track in _read(read_tracks, folder, file)]

    def _place_of(self, video_id: int) -> int:
        return int(np.searchsorted(self._ids, video_id))

    def _with_video(self, columns: Columns) -> Columns:
        video = np.searchsorted(self._ids, columns["video_id"])
        return {**columns, "video": video.astype(np.int32)}


def _count_whole(folder: Path, file: StoredFile) -> int:
    """How many vectors of a file are of whole pictures."""
    whole = _read(read_whole, folder, file)
    if len(whole) != file.rows:
        raise _unreadable(folder, file)
    return int(whole.sum())


def _vector_part(video: int, files: Sequence[VectorFile]) -> VectorPart:
    """The vectors of one video that are of whole pictures."""
    pairs = [(file, np.flatnonzero(whole_of(file))) for file in files]
    return VectorPart(
        video,
        np.concatenate([file.time_ms[of] for file, of in pairs]),
        np.concatenate([file.start_ms[of] for file, of in pairs]),
        np.concatenate([file.end_ms[of] for file, of in pairs]),
        np.concatenate([file.vectors[of] for file, of in pairs]),
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
