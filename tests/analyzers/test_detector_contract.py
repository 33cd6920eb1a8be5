"""The specification of `Detector`: what each of them has to keep."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.detector import Detections, Detector
from analyzers.detectors import make_detector
from tests.analyzers.small_detectors import LightSides, save_d_fine, save_reddest, save_rt_detr

TOLERANCE = 1e-4


@pytest.fixture(
    scope="module", params=["light-sides", "FastestDet", "reddest", "d-fine", "rt-detr"]
)
def detector(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Detector:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "light-sides":
        return LightSides()
    if request.param == "FastestDet":
        material: Path = request.getfixturevalue("material")
        return make_detector(f"{material / 'models' / 'FastestDet.onnx'},score=0.05")
    if request.param == "reddest":
        return make_detector(f"{save_reddest(folder / 'reddest.onnx')},score=0")
    save = save_d_fine if request.param == "d-fine" else save_rt_detr
    return make_detector(f"{save(folder / 'tiny')},score=0.01")


@pytest.fixture(scope="module")
def shown(pictures: list[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """More than a batch, and views that are not contiguous."""
    return [*pictures, pictures[4][::-1, ::-1], pictures[0][:, ::2]]


@pytest.fixture(scope="module")
def found(detector: Detector, shown: list[NDArray[np.uint8]]) -> list[Detections]:
    return detector.detect(shown)


def test_it_names_itself_and_its_classes(detector: Detector) -> None:
    assert detector.name == detector.name.strip() != ""
    assert all(vocabulary and name for vocabulary, _, name in map(split, detector.names))
    assert len(set(detector.names)) == len(detector.names)


def split(name: str) -> tuple[str, str, str]:
    return name.partition("/")


def test_what_is_there_is_available(detector: Detector) -> None:
    detector.ensure_available()


def test_no_pictures_give_nothing(detector: Detector) -> None:
    assert detector.detect([]) == []


def test_each_picture_gets_arrays_of_one_length(
    shown: list[NDArray[np.uint8]], found: list[Detections]
) -> None:
    assert len(found) == len(shown)
    assert any(len(one) for one in found)
    for one in found:
        assert one.boxes.shape == (len(one), 4)
        assert one.scores.shape == one.classes.shape == (len(one),)
        assert (one.boxes.dtype, one.scores.dtype) == (np.float32, np.float32)
        assert one.classes.dtype == np.int64


def test_boxes_lie_in_the_picture_and_the_surest_come_first(
    detector: Detector, found: list[Detections]
) -> None:
    for one in found:
        assert ((one.boxes >= 0) & (one.boxes <= 1)).all()
        assert (one.boxes[:, :2] < one.boxes[:, 2:]).all()
        assert ((one.scores >= 0) & (one.scores <= 1)).all()
        assert (np.diff(one.scores) <= 0).all()
        assert ((one.classes >= 0) & (one.classes < len(detector.names))).all()


def test_a_picture_alone_gives_the_same(
    detector: Detector, shown: list[NDArray[np.uint8]], found: list[Detections]
) -> None:
    for picture, together in reversed(list(zip(shown, found, strict=True))):
        (alone,) = detector.detect([picture])
        assert np.allclose(alone.scores, together.scores, atol=TOLERANCE)
        clear = np.diff(together.scores, prepend=2, append=-1)  # of equals any may come first
        sure = (clear[:-1] < -TOLERANCE) & (clear[1:] < -TOLERANCE)
        assert np.array_equal(alone.classes[sure], together.classes[sure])
        assert np.allclose(alone.boxes[sure], together.boxes[sure], atol=TOLERANCE)
