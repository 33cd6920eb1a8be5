"""The analyzer of persons: what it says of faces, and real faces in real clips."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Clip, Picture
from analyzers.clustering import Gates
from analyzers.face_embedder import Crop, make_space
from analyzers.faces import make_faces
from analyzers.finding import Embedding, End, EndKind, Finding, Measure, Relation, Track
from analyzers.persons import PersonsAnalyzer
from analyzers.registry import make_analyzers
from bench.people.clusters import judge_pairs

logger = logging.getLogger(__name__)
SPACE, OTHER = "faces.one.00000000", "faces.other.00000000"
ANN, BOB = 0, 1  # axes of their vectors
SAME_PERSON = (("bird", "thanks"), ("book", "walk"), ("eat", "sister"), ("help", "yes"))


def face(track: str, who: int, start_ms: int = 0, space: str = SPACE) -> list[Finding]:
    span = (start_ms, start_ms + 1_000)
    return [
        Embedding(*span, space, np.eye(4, dtype=np.float32)[who], (0.1, 0.1, 0.2, 0.2), track),
        Measure(*span, "face_quality", 60.0),
    ]


def clip_of(*faces: list[Finding], former: Sequence[Finding] = ()) -> Clip:
    findings = tuple(finding for each in faces for finding in each)
    return Clip(0, 10_000, findings=findings, former=tuple(former))


def told(answers: list[list[Finding]]) -> list[dict[str, str]]:
    return [
        {one.subject.value: one.object.value for one in answer if isinstance(one, Relation)}
        for answer in answers
    ]


def test_each_face_is_said_to_be_a_person() -> None:
    clips = [clip_of(face("a", ANN, 500), face("b", BOB)), clip_of(), clip_of(face("a", ANN))]
    first, second, third = PersonsAnalyzer().analyze(clips)
    track, person = End(EndKind.TRACK, "a"), End(EndKind.PERSON, "p0")
    assert first[0] == Relation(500, 1_500, track, "is", person, 1.0)
    assert second == []
    assert third == [Relation(0, 1_000, track, "is", person, 1.0)]
    assert told([first]) == [{"a": "p0", "b": "p1"}]


def test_two_faces_at_once_are_two_persons_however_alike() -> None:
    ((one, other),) = PersonsAnalyzer().analyze([clip_of(face("a", ANN), face("b", ANN))])
    assert isinstance(one, Relation)
    assert isinstance(other, Relation)
    assert one.object != other.object


def track(name: str, *times_ms: int) -> list[Finding]:
    count = len(times_ms)
    boxes, scores = np.full((count, 4), 0.2, np.float32), np.ones(count, np.float32)
    return [Track(0, 1_000, name, "face", np.array(times_ms, np.int64), boxes, scores)]


def test_two_faces_that_take_turns_may_be_one_person() -> None:
    faces = face("a", ANN), face("b", ANN)
    turns = clip_of(*faces, track("a", 0, 400, 800), track("b", 200, 600))
    at_once = clip_of(*faces, track("a", 0, 400, 800), track("b", 200, 400))
    assert told(PersonsAnalyzer().analyze([turns, clip_of(face("c", BOB))])) == [
        {"a": "p0", "b": "p0"},
        {"c": "p1"},
    ]
    assert told(PersonsAnalyzer().analyze([at_once])) == [{"a": "p0", "b": "p1"}]


def test_numbers_of_before_stay_and_faces_of_two_spaces_share_none() -> None:
    first = [clip_of(face("a", ANN), face("b", BOB, 2_000))]
    former = PersonsAnalyzer().analyze(first)[0]
    grown = [
        clip_of(face("c", ANN, space=OTHER), face("d", BOB)),
        clip_of(face("a", ANN), face("b", BOB, 2_000), former=former),
    ]
    assert told(PersonsAnalyzer().analyze(grown)) == [
        {"d": "p1", "c": "p2"},
        {"a": "p0", "b": "p1"},
    ]


def test_a_face_without_a_quality_counts_as_good() -> None:
    bare = [one for one in face("a", ANN) if isinstance(one, Embedding)]
    clips = [clip_of(bare, face("b", BOB)), clip_of(face("c", ANN), bare[:0])]
    assert told(PersonsAnalyzer().analyze(clips)) == [{"a": "p0", "b": "p1"}, {"c": "p0"}]


class Gated:
    """An embedder that states a gate."""

    space = make_space(SPACE, 4)
    gate = 0.9

    def ensure_available(self) -> None: ...

    def encode_faces(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        raise AssertionError(crops)


def test_the_gate_of_an_embedder_holds_in_its_own_space() -> None:
    def alike(space: str) -> list[Clip]:
        turned = [
            replace(one, vector=np.float32([0.8, 0.6, 0, 0])) if isinstance(one, Embedding) else one
            for one in face("b", ANN, 2_000, space)
        ]
        return [clip_of(face("a", ANN, space=space), turned)]

    persons = PersonsAnalyzer(embedder=Gated())
    assert told(persons.analyze(alike(SPACE))) == [{"a": "p0", "b": "p1"}]
    assert told(persons.analyze(alike(OTHER))) == [{"a": "p0", "b": "p0"}]
    said = PersonsAnalyzer(Gates(least_cosine=0.7), Gated())
    assert told(said.analyze(alike(SPACE))) == [{"a": "p0", "b": "p0"}]


def test_nothing_is_said_of_nothing() -> None:
    assert PersonsAnalyzer().analyze([]) == []
    assert PersonsAnalyzer().analyze([clip_of()]) == [[]]


def test_it_runs_only_where_it_is_named_and_brings_the_faces_along() -> None:
    for selection in (None, "all", "+ocr"):
        assert "persons" not in [one.name for one in make_analyzers(selection, "demo")]
    assert [one.name for one in make_analyzers("persons", "demo")] == ["faces", "persons"]


def read_windows(clip: Path, window_ms: int) -> list[Clip]:
    """Stretches of a clip, as if each were a shot, at 5 pictures a second."""
    from indexer.media import open_video

    windows: dict[int, list[Picture]] = {}
    last = -200
    with open_video(clip) as reader:
        for frame in reader.read():
            if frame.time_ms >= last + 200:
                last = frame.time_ms
                picture = Picture(last, last, last + 1, frame.picture(960))
                windows.setdefault(last // window_ms, []).append(picture)
    return [
        Clip(at * window_ms, (at + 1) * window_ms, frames=shown) for at, shown in windows.items()
    ]


def test_the_four_signers_are_told_apart(material: Path) -> None:
    pytest.importorskip("ncnn")
    models = material / "models"
    faces = make_faces(
        face_detector=str(models / "yunet_n_dynamic.onnx"),
        face_embedder=str(models / "mobilefacenet.param"),
        face_fps=5,
    )
    clips, truth = [], []
    for person, names in enumerate(SAME_PERSON):
        for name in names:
            windows = read_windows(material / f"videos/intel/asl_gestures/{name}.mkv", 500)
            found = [finding for each in faces.analyze(windows) for finding in each]
            clips.append(Clip(0, 10_000, findings=tuple(found)))
            truth += [person] * sum(isinstance(one, Embedding) for one in found)
    persons = [who for each in told(PersonsAnalyzer().analyze(clips)) for who in each.values()]
    figures = judge_pairs(np.array(truth), np.unique(persons, return_inverse=True)[1])
    logger.info("pairwise F1 %.3f of %s", figures.f1, figures)
    assert figures.tracks >= 30
    assert figures.f1 >= 0.95, figures
