"""How a picture is filled: persons, faces and vehicles counted, bustle, shot size, covered area.

Rules on boxes; of what `objects` found, and of faces that are only counted and never described, so
this tells nobody from anybody. Knows nothing of the models behind the boxes.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analyzers.analyzer import Scope, Wants
from analyzers.bustle import Boxes, measure_covered, tell_bustle, tell_shot_size
from analyzers.clip import Clip, Picture
from analyzers.face_detector import FaceDetector
from analyzers.face_detectors import make_face_detector
from analyzers.finding import Finding, Label, Measure
from analyzers.profiles import YUNET

PERSONS = frozenset({"person"})
VEHICLES = frozenset(
    {"bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"}
)  # of COCO
BATCH = 32  # pictures held at once
SURE, UNSURE = 1.0, 0.5
DOUBT = 0.6  # objects below it may be none


class CompositionAnalyzer:
    """For each keyframe Measures of what is counted and covered, Labels of bustle and shot size.

    Counted is what `objects` labels `coco/person` and as vehicles of COCO. Bustle that holds only
    with the doubtful ones scores half. No shot size is said where neither a face nor a whole person
    is seen.

    Args:
        detector: finds faces.
    """

    name = "composition"
    scope = Scope.SHOT
    wants = Wants(keyframes=True)
    needs: tuple[str, ...] = ("objects",)

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector

    @property
    def version(self) -> str:
        """Names the model; reads the weights, so it may raise `ModelUnavailable`."""
        return f"1 {self._detector.name}"

    def ensure_available(self) -> None:
        """Make sure that the weights are here.

        Raises:
            ModelUnavailable: they cannot be had or cannot be used.
            LibraryMissing: what runs them is not installed.
        """
        self._detector.ensure_available()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Look at the keyframes of all clips."""
        answers: list[list[Finding]] = [[] for _ in clips]
        shown = ((number, one) for number, clip in enumerate(clips) for one in clip.keyframes)
        while batch := list(islice(shown, BATCH)):
            seen = self._detector.find_faces([picture.pixels for _, picture in batch])
            for (number, picture), faces in zip(batch, seen, strict=True):
                objects = _find_labels(clips[number], picture)
                answers[number] += _tell(picture, objects, faces.boxes)
        return answers


def make_composition(*, device: str = "cpu", face_detector: str = YUNET) -> CompositionAnalyzer:
    """The analyzer with the face detector of a spec, see `face_detectors`; it runs on the CPU.

    Raises:
        SettingsError: it names none.
    """
    return CompositionAnalyzer(make_face_detector(face_detector))


def _find_labels(clip: Clip, picture: Picture) -> list[Label]:
    """What `objects` saw in the picture, or in the one that stands for its moment."""
    return [
        one
        for one in clip.findings
        if isinstance(one, Label) and one.box and one.start_ms <= picture.time_ms < one.end_ms
    ]


def _tell(
    picture: Picture, objects: Sequence[Label], faces: NDArray[np.floating]
) -> Iterator[Finding]:
    span = (picture.start_ms, picture.end_ms)
    persons, vehicles = _boxes(objects, PERSONS), _boxes(objects, VEHICLES)
    yield Measure(*span, "persons", float(len(persons)))
    yield Measure(*span, "vehicles", float(len(vehicles)))
    yield Measure(*span, "faces", float(len(faces)))
    yield Measure(*span, "covered_area", measure_covered(np.concatenate((persons, vehicles))))
    bustle = tell_bustle(persons, vehicles)
    sure = [one for one in objects if one.score >= DOUBT]
    agreed = tell_bustle(_boxes(sure, PERSONS), _boxes(sure, VEHICLES)) is bustle
    yield Label(*span, "bustle", bustle.value, SURE if agreed else UNSURE)
    size = tell_shot_size(persons, faces)
    if size is not None:
        yield Label(*span, "shot_size", size)


def _boxes(objects: Sequence[Label], names: frozenset[str]) -> Boxes:
    """(n, 4) of those classes of COCO."""
    found = [one.box for one in objects if one.vocabulary == "coco" and one.name in names]
    return np.array(found, np.float64).reshape(-1, 4)
