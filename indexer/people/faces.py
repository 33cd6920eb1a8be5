"""The face tracks of a collection, with the cluster of each, read from what is stored.

What did not change since it was read is kept. Knows no vectors and nothing of what searchers said.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import EndKind, Measure, Relation, Track
from indexer.catalog.reader import CatalogReader
from indexer.collection import Collection
from indexer.error import CollectionDamaged
from indexer.people.person import Place
from indexer.people.resolving import NO_CLUSTER, TrackClusters
from indexer.people.withholding import FACE, join_tracks
from indexer.records import FileKind, Video
from indexer.tracks import read_tracks

READ_AGAIN = 5  # times, where another process replaces what is being read
EVER = (-(1 << 62), 1 << 62)  # ms
IS = "is"  # the predicate of "this track is of that cluster"
QUALITY = "face_quality"


@dataclass(frozen=True, eq=False)
class Face:
    """One face followed through a shot."""

    video: Video
    track: Track  # with one box at least
    best: int  # which sample shows it best; of those in keyframes, where there are any
    cluster: str | None
    quality: float | None  # 0 to 100

    @property
    def place(self) -> Place:
        """Where it is seen best."""
        x0, y0, x1, y1 = self.track.boxes[self.best].tolist()
        return Place(self.video.uid, int(self.track.times_ms[self.best]), (x0, y0, x1, y1))


@dataclass(frozen=True, eq=False)
class Faces:
    """n faces, by the insertion number of their video and by start."""

    faces: tuple[Face, ...]
    clusters: TrackClusters  # the same n tracks as arrays
    cluster_ids: tuple[str, ...]  # by number


class FaceReader:
    """Reads the faces of one collection; may be asked from several threads."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._kept: dict[int, tuple[int, tuple[Face, ...]]] = {}  # by video: revision, faces
        self._lock = threading.Lock()

    def read(self) -> Faces:
        """All faces.

        Raises:
            CollectionDamaged: a file of tracks is missing.
        """
        with self._lock:
            for _ in range(READ_AGAIN):
                try:
                    return join_faces(self._read())
                except FileNotFoundError as error:  # replaced since the catalog was asked
                    lost = error.filename
        raise CollectionDamaged(
            f"{lost} is missing; run `shotseek check`, then `shotseek index` again"
        )

    def _read(self) -> list[Face]:
        with self._collection.catalog.reading() as reader:
            videos = reader.find_videos()
            kept = {}
            for video in videos:
                known = self._kept.get(video.id)
                if known is None or known[0] != video.revision:
                    known = (video.revision, tuple(self._read_video(reader, video)))
                kept[video.id] = known
        self._kept = kept
        return [face for _, faces in kept.values() for face in faces]

    def _read_video(self, reader: CatalogReader, video: Video) -> list[Face]:
        spans = reader.find_track_spans(video, EVER)
        names = {each.analyzer for each in spans if each.kind == FACE}
        if not names:
            return []
        clusters = _read_clusters(reader, video)
        keyframes_ms = np.array([each.time_ms for each in reader.find_keyframes(video)], np.int64)
        faces = []
        for name in sorted(names):
            measures = _read_measures(reader, video, name)
            for place, track in self._read_tracks(reader, video, name):
                cluster = clusters.get(track.id)
                quality = _find_quality(measures, place, track)
                faces.append(Face(video, track, find_best(track, keyframes_ms), cluster, quality))
        return sorted(faces, key=lambda each: (each.track.start_ms, each.track.id))

    def _read_tracks(
        self, reader: CatalogReader, video: Video, name: str
    ) -> list[tuple[int, Track]]:
        """The face tracks of one analyzer, by position."""
        named = [file for _, file in reader.find_run_files(video)]
        files = [file for file in named if (file.kind, file.owner) == (FileKind.TRACKS, name)]
        placed = [
            pair for file in files for pair in read_tracks(self._collection.folder / file.path)
        ]
        return [pair for pair in placed if pair[1].kind == FACE and len(pair[1].times_ms)]


def join_faces(faces: Sequence[Face]) -> Faces:
    """Faces that stand video by video, with the arrays that go with them."""
    by_video: dict[str, list[Track]] = {}
    for face in faces:
        by_video.setdefault(face.video.uid, []).append(face.track)
    ids = tuple(sorted({face.cluster for face in faces if face.cluster is not None}))
    number = {id_: at for at, id_ in enumerate(ids)}
    numbers = [NO_CLUSTER if face.cluster is None else number[face.cluster] for face in faces]
    tracks = join_tracks(list(by_video.items()))
    return Faces(tuple(faces), TrackClusters(tracks, np.array(numbers, np.int64)), ids)


def find_best(track: Track, keyframes_ms: NDArray[np.int64]) -> int:
    """The sample of a track that is largest and surest, of those in keyframes if there are any."""
    sides = track.boxes[:, 2:] - track.boxes[:, :2]
    worth = np.prod(sides, axis=1) * track.scores
    shown = np.isin(track.times_ms, keyframes_ms)
    return int(np.lexsort((worth, shown))[-1])


def _read_clusters(reader: CatalogReader, video: Video) -> Mapping[str, str]:
    """The cluster of each track by its id; the surest, where there are several."""
    run_ids = reader.find_run_ids(video, None)
    placed = reader.find_placed(video, run_ids, kinds={Relation})
    found = [each for pairs in placed.values() for _, each in pairs if isinstance(each, Relation)]
    said = [
        each
        for each in found
        if each.predicate == IS
        and (each.subject.kind, each.object.kind) == (EndKind.TRACK, EndKind.PERSON)
    ]
    return {each.subject.value: each.object.value for each in sorted(said, key=lambda r: r.score)}


def _read_measures(reader: CatalogReader, video: Video, analyzer: str) -> list[tuple[int, Measure]]:
    """The qualities that an analyzer gave, by position."""
    placed = reader.find_placed(video, reader.find_run_ids(video, [analyzer]), kinds={Measure})
    found = [
        (place, each)
        for pairs in placed.values()
        for place, each in pairs
        if isinstance(each, Measure) and each.name == QUALITY
    ]
    return sorted(found, key=lambda pair: pair[0])


def _find_quality(
    measures: Sequence[tuple[int, Measure]], place: int, track: Track
) -> float | None:
    """The first quality behind a track that has its span."""
    span = (track.start_ms, track.end_ms)
    for at, measure in measures:
        if at > place and (measure.start_ms, measure.end_ms) == span:
            return measure.value
    return None
