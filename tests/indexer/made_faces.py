"""Videos with faces, and clusters of them, as the analyzers `faces` and `persons` would say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.finding import (
    Embedding,
    End,
    EndKind,
    Finding,
    Label,
    Measure,
    Relation,
    Track,
)
from indexer.collection import Collection
from indexer.people.faces import FaceReader
from indexer.records import CollectionResult, Result, Video

FACES = Space("faces", 8, "", Range(-1.0, 1.0), Range(-1.0, 1.0))
LEFT, RIGHT = (0.1, 0.2, 0.3, 0.5), (0.6, 0.2, 0.8, 0.5)
FIRST, SECOND = (0, 4_000), (4_000, 8_000)  # the shots
KEYFRAMES_MS = (1_000, 3_000, 6_000)


def vector_of(seed: int) -> NDArray[np.float32]:
    """The vector (8,) of a face."""
    vector = np.random.default_rng(seed).normal(size=FACES.dim).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def face(
    track: str,
    span: tuple[int, int] = FIRST,
    box: tuple[float, float, float, float] = LEFT,
    seed: int = 0,
    quality: float = 50.0,
) -> list[Finding]:
    """One face, seen in the keyframes of a span."""
    times = np.array([at for at in KEYFRAMES_MS if span[0] <= at < span[1]], np.int64)
    boxes, scores = np.tile(np.float32(box), (len(times), 1)), np.ones(len(times), np.float32)
    marks = np.full((len(times), 5, 2), 0.5, np.float32)
    return [
        Track(*span, track, "face", times, boxes, scores, marks),
        Embedding(*span, FACES.name, vector_of(seed), box, track),
        Measure(*span, "face_quality", quality),
    ]


def film(
    collection: Collection, maker: Any, name: str, faces: Sequence[Sequence[Finding]], **facts: Any
) -> Video:
    """Commit a video of two shots with these faces, and with what another analyzer says."""
    path = Path("/videos", name)
    facts = {"sample_hash": name, **facts}
    found = [finding for each in faces for finding in each]
    other = [
        Measure(0, 4_000, "sharpness", 1.0),
        Label(0, 4_000, "coco", "dog", 0.5, LEFT),
        *(Label(*FIRST, "mood", "glad", 0.5, LEFT, each[0].id) for each in faces),  # type: ignore[attr-defined]
    ]
    results = [Result("faces", "1", 1.5, found), Result("look", "1", 0.5, other)]
    video: Video = maker.commit(collection, path, *results, pictures=True, **facts)
    return video


def cluster(collection: Collection, clusters: Mapping[str, str], generation: str = "1") -> None:
    """Say of which cluster each track is; ids of tracks are unique in these collections."""
    faces = FaceReader(collection).read().faces
    said = [
        (
            video,
            [
                Relation(
                    face.track.start_ms,
                    face.track.end_ms,
                    End(EndKind.TRACK, face.track.id),
                    "is",
                    End(EndKind.PERSON, clusters[face.track.id]),
                )
                for face in faces
                if face.video.id == video.id and face.track.id in clusters
            ],
        )
        for video in collection.catalog.find_videos()
    ]
    collection.commit_collection_result(CollectionResult("persons", "1", generation, said))


def tracks_of(collection: Collection) -> set[str]:
    """The ids of all face tracks that are stored."""
    return {face.track.id for face in FaceReader(collection).read().faces}


def holds(folder: Path, sought: bytes) -> list[str]:
    """The files below a folder in which these bytes lie."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [str(path.relative_to(folder)) for path in files if sought in path.read_bytes()]


def holds_vector(folder: Path, seed: int) -> list[str]:
    """The files below a folder in which the vector of a face lies, in either of its widths."""
    vector = vector_of(seed)
    narrow = vector.astype(np.float16)
    return [*holds(folder, vector.tobytes()), *holds(folder, narrow.tobytes())]
