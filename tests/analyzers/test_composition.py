"""How pictures are filled: what is said of each keyframe, and of real clips."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from analyzers.clip import Clip, Picture
from analyzers.composition import CompositionAnalyzer, make_composition
from analyzers.face_detector import FaceDetector
from analyzers.finding import Finding, Label, Measure
from analyzers.registry import make_analyzers

DARK = np.zeros((40, 60, 3), np.uint8)
SMALL = (0.1, 0.1, 0.2, 0.3)


def seen(name: str, start_ms: int, end_ms: int, score: float = 0.9) -> Label:
    return Label(start_ms, end_ms, "coco", name, score, SMALL, "t")


def told(findings: Sequence[Finding]) -> dict[str, float]:
    numbers = {one.name: one.value for one in findings if isinstance(one, Measure)}
    labels = {
        f"{one.vocabulary}/{one.name}": one.score for one in findings if isinstance(one, Label)
    }
    return {**numbers, **labels}


def test_each_keyframe_is_told_by_what_is_seen_in_it(light_patch: FaceDetector) -> None:
    keyframes = (Picture(500, 0, 1_000, DARK), Picture(1_500, 1_000, 2_000, DARK))
    objects = (
        seen("person", 0, 1_000), seen("car", 0, 1_000), seen("dog", 0, 1_000),
        seen("person", 1_400, 1_600, 0.5),
    )  # fmt: skip
    clip = Clip(0, 2_000, keyframes=keyframes, findings=objects)
    ((*said,),) = CompositionAnalyzer(light_patch).analyze([clip])
    first = told([one for one in said if one.start_ms == 0])
    second = told([one for one in said if one.start_ms == 1_000])
    assert first == {
        "persons": 1, "vehicles": 1, "faces": 0, "covered_area": pytest.approx(0.02),
        "bustle/few large": 1, "shot_size/extreme long shot": 1,
    }  # fmt: skip
    assert second["persons"] == 1
    assert second["bustle/few people"] == 0.5  # the person is doubtful


def test_an_empty_picture_is_unpopulated(light_patch: FaceDetector) -> None:
    clip = Clip(0, 1_000, keyframes=(Picture(0, 0, 1_000, DARK),))
    (said,) = CompositionAnalyzer(light_patch).analyze([clip])
    assert told(said) == {
        "persons": 0, "vehicles": 0, "faces": 0, "covered_area": 0, "bustle/unpopulated": 1,
    }  # fmt: skip


def test_it_brings_the_objects_along_and_nothing_personal() -> None:
    names = [one.name for one in make_analyzers("composition", "demo")]
    assert names == ["objects", "composition"]
    assert "composition" not in [one.name for one in make_analyzers(None, "demo")]


def test_faces_of_real_pictures_are_counted(material: Path) -> None:
    import cv2

    model = material / "models" / "yunet_n_dynamic.onnx"
    analyzer = make_composition(face_detector=str(model))
    files = sorted((material / "images" / "faces").iterdir())
    clips = [
        Clip(0, 1, keyframes=(Picture(0, 0, 1, cv2.imread(str(file))[:, :, ::-1].copy()),))
        for file in files
    ]
    faces = [told(said)["faces"] for said in analyzer.analyze(clips)]
    assert sorted(faces) == [3, 3, 3, 4]
