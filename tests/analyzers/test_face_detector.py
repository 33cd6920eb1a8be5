"""Finding faces with the real YuNet: how many, where, in pictures of any size."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from analyzers.error import ModelUnavailable, SettingsError
from analyzers.face_detector import Faces, YunetDetector, shrink

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def detector(material: Path) -> YunetDetector:
    return YunetDetector(str(material / "models" / "yunet_n_dynamic.onnx"))


@pytest.fixture(scope="module")
def samples(material: Path) -> list[Pixels]:
    files = sorted((material / "images" / "faces").glob("sample*.jpg"))
    return [np.asarray(Image.open(file).convert("RGB")) for file in files]


@pytest.fixture(scope="module")
def found(detector: YunetDetector, samples: list[Pixels]) -> list[Faces]:
    return detector.find_faces(samples)


def test_the_faces_of_four_pictures_are_all_found(found: list[Faces]) -> None:
    assert [len(faces) for faces in found] == [3, 3, 3, 4]


@pytest.mark.parametrize("longest_px", [320, 640, 10_000])
def test_they_are_found_at_other_sizes_in_the_same_places(
    longest_px: int, material: Path, samples: list[Pixels], found: list[Faces]
) -> None:
    path = str(material / "models" / "yunet_n_640_640.onnx")
    others = YunetDetector(path, longest_px=longest_px).find_faces(samples[:2])
    for one, other in zip(found[:2], others, strict=True):
        assert len(one) == len(other)
        order, other_order = one.boxes[:, 0].argsort(), other.boxes[:, 0].argsort()
        assert np.allclose(one.boxes[order], other.boxes[other_order], atol=0.03)


def test_landmarks_stand_as_in_a_face(found: list[Faces]) -> None:
    for faces in found:
        right_eye, left_eye, nose, right_mouth, left_mouth = faces.landmarks.transpose(1, 0, 2)
        assert (right_eye[:, 0] < left_eye[:, 0]).all()
        assert (right_mouth[:, 0] < left_mouth[:, 0]).all()
        assert (right_eye[:, 1] < nose[:, 1]).all()
        assert (nose[:, 1] < left_mouth[:, 1]).all()
        low, high = faces.boxes[:, None, :2], faces.boxes[:, None, 2:]
        beyond = (high - low) / 10  # the far corner of a mouth seen from the side
        assert (faces.landmarks >= low - beyond).all()
        assert (faces.landmarks <= high + beyond).all()


def test_arrays_are_float32_side_by_side_best_first(found: list[Faces]) -> None:
    for faces in found:
        assert {faces.boxes.dtype, faces.scores.dtype, faces.landmarks.dtype} == {
            np.dtype(np.float32)
        }
        assert faces.boxes.shape == (len(faces), 4)
        assert faces.landmarks.shape == (len(faces), 5, 2)
        assert (np.diff(faces.scores) <= 0).all()
        assert (faces.scores >= 0.65).all()
        assert (faces.boxes >= 0).all()
        assert (faces.boxes <= 1).all()


def test_pictures_of_any_size_without_a_face_have_none(
    detector: YunetDetector, pictures: list[Pixels]
) -> None:
    assert [len(faces) for faces in detector.find_faces(pictures)] == [0] * len(pictures)
    assert detector.find_faces([]) == []


@pytest.mark.parametrize("width", [401, 403, 417])
def test_odd_sizes_are_no_trouble(
    width: int, detector: YunetDetector, samples: list[Pixels], found: list[Faces]
) -> None:
    odd = np.asarray(Image.fromarray(samples[3]).resize((width, 299)))
    (faces,) = detector.find_faces([odd])
    assert len(faces) == 4
    assert np.allclose(np.sort(faces.boxes[:, 0]), np.sort(found[3].boxes[:, 0]), atol=0.03)


def test_a_face_cut_off_by_the_border_has_a_box_inside_the_picture(
    detector: YunetDetector, samples: list[Pixels], found: list[Faces]
) -> None:
    x0, _, x1, _ = found[0].boxes[0]
    middle = int((x0 + (x1 - x0) * 0.3) * samples[0].shape[1])
    (faces,) = detector.find_faces([samples[0][:, middle:]])
    assert (faces.boxes >= 0).all()
    assert (faces.boxes[:, 0] == 0).any()


def test_what_is_found_does_not_depend_on_the_other_pictures(
    detector: YunetDetector, samples: list[Pixels], found: list[Faces]
) -> None:
    for picture, faces in reversed(list(zip(samples, found, strict=True))):
        (alone,) = detector.find_faces([picture])
        assert np.array_equal(alone.boxes, faces.boxes)


def test_the_name_tells_weights_apart(detector: YunetDetector, material: Path) -> None:
    other = YunetDetector(str(material / "models" / "yunet_n_640_640.onnx"))
    assert detector.name.startswith("yunet.")
    assert detector.name != other.name


def test_nothing_is_printed(
    material: Path, samples: list[Pixels], capfd: pytest.CaptureFixture[str]
) -> None:
    YunetDetector(str(material / "models" / "yunet_n_dynamic.onnx")).find_faces(samples[:1])
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"there is no file .*gone\.onnx"):
        YunetDetector(str(tmp_path / "gone.onnx")).ensure_available()


def test_a_file_that_holds_something_else_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.onnx").write_text("no model")
    with pytest.raises(ModelUnavailable, match="holds no YuNet"):
        YunetDetector(str(tmp_path / "text.onnx")).find_faces([np.zeros((9, 9, 3), np.uint8)])


def test_a_word_that_names_no_detector_is_refused() -> None:
    with pytest.raises(SettingsError, match="give yunet or the path"):
        YunetDetector("yolo")


def test_without_a_network_the_ways_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzers.models.find_weights", lambda source: None)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match=r"models fetch yunet.*--face-detector FILE"):
        YunetDetector().ensure_available()


def test_only_large_pictures_are_shrunk() -> None:
    picture = np.zeros((30, 400, 3), np.uint8)
    assert shrink(picture, 400) is picture
    assert shrink(picture, 100).shape == (8, 100, 3)
    assert shrink(np.zeros((1, 5000, 3), np.uint8), 100).shape == (1, 100, 3)
