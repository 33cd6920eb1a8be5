"""What is stored of a person, for that person: as JSON, and as text. Changes nothing.

Vectors are counted, not given: they mean nothing outside their space.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from indexer.catalog.reader import CatalogReader
from indexer.collection import Collection
from indexer.people.faces import Face
from indexer.people.person import PersonRecord
from indexer.records import FileKind, StoredFile, Video
from indexer.vectors import read_vectors


@dataclass(frozen=True)
class StoredFace:
    """One face that was followed, with all that is stored of it."""

    video: str  # public id
    path: str  # of the video
    track: str
    start_ms: int
    end_ms: int
    times_ms: tuple[int, ...]  # (n,) when it was seen
    boxes: tuple[tuple[float, ...], ...]  # (n, 4)
    landmarks: bool
    quality: float | None
    cluster: str | None


@dataclass(frozen=True)
class StoredVectors:
    """How many vectors of a person lie in one file."""

    file: str  # relative to the collection
    space: str
    vectors: int


@dataclass(frozen=True)
class PersonExport:
    """Everything that a collection holds of one person, or of one cluster of faces."""

    said: PersonRecord | None  # by searchers; None of a cluster that nobody spoke of
    faces: tuple[StoredFace, ...]
    vectors: tuple[StoredVectors, ...]

    def to_json(self) -> str:
        """The same as JSON, moments in ISO 8601."""
        return json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False, indent=2)

    def to_text(self) -> str:
        """The same for people to read."""
        lines = [*self._said_lines(), f"{len(self.faces)} faces that were followed:"]
        for face in self.faces:
            marks = ", landmarks" if face.landmarks else ""
            lines.append(
                f"  {face.path}, {face.start_ms}-{face.end_ms} ms: {len(face.boxes)} boxes{marks}"
            )
        count = sum(each.vectors for each in self.vectors)
        lines.append(f"{count} vectors:")
        lines += [f"  {each.file}: {each.vectors}" for each in self.vectors]
        return "\n".join(lines)

    def _said_lines(self) -> list[str]:
        if self.said is None:
            return ["a cluster of faces; nobody said who it is"]
        person, anchors = self.said.person, self.said.anchors
        hidden = ", hidden" if person.is_hidden else ""
        lines = [f"{person.name or 'without a name'} ({person.id}{hidden})"]
        lines += [
            f"also called {merge.name or merge.id}, until {merge.merged_at:%Y-%m-%d}"
            for merge in self.said.merges
        ]
        lines.append(f"{len(anchors)} places where somebody said who it is:")
        return lines + [
            f"  {'is' if each.is_yes else 'is not'} in {each.place.video} at "
            f"{each.place.time_ms} ms, said {each.said_at:%Y-%m-%d %H:%M} UTC"
            for each in anchors
        ]


def read_export(
    collection: Collection, said: PersonRecord | None, faces: Sequence[Face]
) -> PersonExport:
    """Gather what is stored of a person that is seen on these faces."""
    tracks: dict[int, set[str]] = {}
    videos: dict[int, Video] = {}
    for face in faces:
        tracks.setdefault(face.video.id, set()).add(face.track.id)
        videos[face.video.id] = face.video
    vectors: list[StoredVectors] = []
    with collection.catalog.reading() as reader:
        for id_, video in sorted(videos.items()):
            vectors += _read_vectors(reader, collection.folder, video, tracks[id_])
    return PersonExport(said, tuple(map(_stored, faces)), tuple(vectors))


def _read_vectors(
    reader: CatalogReader, folder: Path, video: Video, tracks: set[str]
) -> list[StoredVectors]:
    files: list[StoredFile] = [file for _, file in reader.find_run_files(video)]
    found = []
    for file in files:
        if file.kind is FileKind.VECTORS:
            count = sum(each in tracks for each in read_vectors(folder / file.path).tracks)
            if count:
                found.append(StoredVectors(file.path, file.owner, count))
    return found


def _stored(face: Face) -> StoredFace:
    track = face.track
    return StoredFace(
        face.video.uid,
        face.video.path,
        track.id,
        track.start_ms,
        track.end_ms,
        tuple(track.times_ms.tolist()),
        tuple(tuple(box) for box in track.boxes.tolist()),
        track.landmarks is not None,
        face.quality,
        face.cluster,
    )
