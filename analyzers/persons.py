"""Which faces are the same person, over a whole collection: the tracks of `faces` in clusters.

Faces are personal data: this analyzer runs only where it is named. Knows no names and nothing of
what searchers said; who a cluster is, is found when it is asked for (`indexer/people`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from analyzers.agglomeration import NEW
from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip
from analyzers.clustering import (
    FaceTracks,
    Gates,
    cluster_tracks,
    find_rivals,
    measure_fit,
)
from analyzers.face_embedder import FaceEmbedder
from analyzers.face_embedders import make_face_embedder
from analyzers.finding import Embedding, End, EndKind, Finding, Measure, Relation, Track
from analyzers.neighbours import Integers
from analyzers.profiles import SFACE

IS = "is"
QUALITY = "face_quality"
UNKNOWN = 100.0  # where no quality is said


@dataclass
class _Faces:
    """Tracks of faces in one space, side by side."""

    clips: list[int] = field(default_factory=list)
    tracks: list[str] = field(default_factory=list)
    start_ms: list[int] = field(default_factory=list)
    end_ms: list[int] = field(default_factory=list)
    qualities: list[float] = field(default_factory=list)
    former: list[int] = field(default_factory=list)
    vectors: list[NDArray[np.float32]] = field(default_factory=list)
    rivals: list[Integers] = field(default_factory=list)

    def add(self, clip: int, said: Embedding, quality: float, former: int) -> None:
        """Take one more."""
        self.clips.append(clip)
        self.tracks.append(said.track or "")
        self.start_ms.append(said.start_ms)
        self.end_ms.append(said.end_ms)
        self.qualities.append(quality)
        self.former.append(former)
        self.vectors.append(said.vector)

    def add_rivals(self, first: int, times_ms: Mapping[str, Integers]) -> None:
        """Of the tracks from `first` on, which are all of one video, those seen in one picture."""
        places = range(first, len(self.tracks))
        seen = [
            times_ms.get(self.tracks[at], np.array([self.start_ms[at]], np.int64)) for at in places
        ]
        rows = np.repeat(np.arange(first, len(self.tracks)), [len(each) for each in seen])
        self.rivals.append(find_rivals(rows, np.concatenate(seen)))


class PersonsAnalyzer:
    """For each track of a face a Relation: the track, "is", the person `p<number>`.

    Its score is how alike the face is to its person on the whole, 1 where it is the only one. A
    face that is like no other is a person of its own. As videos come, faces join the persons of
    before or found others, and numbers stay; where `faces` itself was made anew they may not.

    Args:
        gates: what makes two faces one person; those of `Gates` if None.
        embedder: whose own gate holds in its space, where it states one and `gates` has none.
    """

    name = "persons"
    version = "1"
    scope = Scope.COLLECTION
    wants = Wants(former=True)
    needs: tuple[str, ...] = ("faces",)
    personal = True

    def __init__(self, gates: Gates | None = None, embedder: FaceEmbedder | None = None) -> None:
        self._gates, self._embedder = gates or Gates(), embedder

    def ensure_available(self) -> None:
        """The embedder's file says which space is its own, and its gate.

        Raises:
            ModelUnavailable: it is not on this machine.
        """
        if self._embedder is not None:
            self._embedder.ensure_available()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Say of the faces of all videos who they are; faces of two spaces are not compared."""
        answers: list[list[Finding]] = [[] for _ in range(len(clips))]
        spaces = _gather(clips)
        free = 1 + max(
            (number for faces in spaces.values() for number in faces.former), default=NEW
        )
        for space, faces in spaces.items():
            vectors = np.stack(faces.vectors)
            faces.vectors.clear()
            qualities, former = np.array(faces.qualities), np.array(faces.former, np.int64)
            tracks = FaceTracks(vectors, qualities, former)
            numbers = cluster_tracks(
                tracks, np.concatenate(faces.rivals, axis=1), self._gates_of(space), free
            )
            free = max(free, int(numbers.max()) + 1)
            _tell(faces, numbers, measure_fit(vectors, numbers), answers)
        return answers

    def _gates_of(self, space: str) -> Gates:
        embedder, gates = self._embedder, self._gates
        if gates.least_cosine is not None or embedder is None or embedder.space.name != space:
            return gates
        return replace(gates, least_cosine=embedder.gate)


def make_persons(*, device: str = "cpu", face_embedder: str = SFACE) -> PersonsAnalyzer:
    """The analyzer for faces of this embedder: a spec of `face_embedders`.

    Raises:
        SettingsError: it names none.
    """
    return PersonsAnalyzer(embedder=make_face_embedder(face_embedder, device))


def name_person(number: int) -> str:
    """The id of a cluster."""
    return f"p{number}"


def _gather(clips: Sequence[Clip]) -> dict[str, _Faces]:
    """The faces of each space, in order of the spaces' names."""
    spaces: dict[str, _Faces] = {}
    for number, clip in enumerate(clips):
        former = dict(_read_former(clip))
        before = {space: len(faces.tracks) for space, faces in spaces.items()}
        for said, quality in _read_faces(clip):
            faces = spaces.setdefault(said.space, _Faces())
            faces.add(number, said, quality, former.get(said.track or "", NEW))
        times_ms = {one.id: one.times_ms for one in clip.findings if isinstance(one, Track)}
        for space, faces in spaces.items():
            if len(faces.tracks) > before.get(space, 0):
                faces.add_rivals(before.get(space, 0), times_ms)
    return dict(sorted(spaces.items()))


def _read_faces(clip: Clip) -> Iterator[tuple[Embedding, float]]:
    """The vector of each track, and the quality that is said after it."""
    last: Embedding | None = None
    for one in clip.findings:
        if isinstance(one, Embedding) and one.track is not None:
            if last is not None:
                yield last, UNKNOWN
            last = one
        elif isinstance(one, Measure) and one.name == QUALITY and last is not None:
            yield last, one.value
            last = None
    if last is not None:
        yield last, UNKNOWN


def _read_former(clip: Clip) -> Iterator[tuple[str, int]]:
    """The number that each track had."""
    for one in clip.former:
        if isinstance(one, Relation) and one.object.kind is EndKind.PERSON:
            yield one.subject.value, int(one.object.value.removeprefix("p"))


def _tell(
    faces: _Faces,
    numbers: Integers,
    scores: NDArray[np.float64],
    answers: list[list[Finding]],
) -> None:
    """Add a Relation for each face to the answer of its clip."""
    columns = (faces.clips, faces.tracks, faces.start_ms, faces.end_ms)
    rows = zip(*columns, numbers.tolist(), scores.tolist(), strict=True)
    for clip, track, start_ms, end_ms, number, score in rows:
        subject, person = End(EndKind.TRACK, track), End(EndKind.PERSON, name_person(number))
        answers[clip].append(Relation(start_ms, end_ms, subject, IS, person, score))
