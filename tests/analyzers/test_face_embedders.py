"""The specification of `FaceEmbedder`, aligned crops, and that real faces are told apart.

The ONNX models are made here: a few layers with known or random weights. The ncnn model and the
clips are real.
"""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.error import ModelUnavailable, SettingsError
from analyzers.face_detector import YunetDetector
from analyzers.face_embedder import (
    CROP_PX,
    TEMPLATE,
    FaceEmbedder,
    Preparation,
    align_faces,
    fit_similarity,
    normalise,
)
from analyzers.face_embedders import make_face_embedder
from analyzers.face_embedders.ncnn import NcnnFaceEmbedder
from analyzers.face_embedders.onnx import OnnxFaceEmbedder
from analyzers.face_embedders.sface import SFaceEmbedder

Pixels = NDArray[np.uint8]
SAME_PERSON = (("bird", "thanks"), ("book", "walk"), ("eat", "sister"), ("help", "yes"))
LEAST_FACES = 20
DIM = 16


def write_model(file: Path, batch: int | str = "n", *, seed: int = 0) -> Path:
    """A network that averages 8 x 8 squares and multiplies them with random weights."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    side = CROP_PX // 8
    weights = np.random.default_rng(seed).normal(size=(3 * side * side, DIM)).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["face"], ["small"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Flatten", ["small"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["vector"]),
    ]
    shape = [batch, 3, CROP_PX, CROP_PX]
    graph = helper.make_graph(
        nodes,
        "faces",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [batch, DIM])],
        [numpy_helper.from_array(weights, "weights")],
    )
    opset = helper.make_opsetid("", 17)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=8), file)
    return file


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("faces") / "tiny.onnx")


@pytest.fixture(scope="module", params=["onnx", "onnx one by one", "sface", "ncnn"])
def embedder(request: pytest.FixtureRequest, model: Path) -> FaceEmbedder:
    if request.param == "onnx":
        return make_face_embedder(str(model))
    if request.param == "onnx one by one":
        return make_face_embedder(str(write_model(model.with_name("one.onnx"), 1)))
    if request.param == "sface":
        return make_face_embedder(f"sface:{model}")
    return make_face_embedder(str(real_model(request.getfixturevalue("material"))))


@pytest.fixture(scope="module")
def crops() -> list[Pixels]:
    random = np.random.default_rng(5)
    return [random.integers(0, 256, (CROP_PX, CROP_PX, 3), np.uint8) for _ in range(35)]


def real_model(material: Path) -> Path:
    pytest.importorskip("ncnn")
    return material / "models" / "mobilefacenet.param"


def test_vectors_are_unit_float32_rows_in_the_order_of_the_crops(
    embedder: FaceEmbedder, crops: list[Pixels]
) -> None:
    vectors = embedder.encode_faces(crops)
    assert vectors.shape == (len(crops), embedder.space.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    for index in (0, 17, 34):
        assert np.allclose(embedder.encode_faces([crops[index]])[0], vectors[index], atol=1e-4)


def test_no_crops_give_no_vectors(embedder: FaceEmbedder) -> None:
    assert embedder.encode_faces([]).shape == (0, embedder.space.dim)


def test_the_space_is_named_by_its_weights_and_encodes_no_text(embedder: FaceEmbedder) -> None:
    assert re.fullmatch(r"faces\.[A-Za-z0-9_-]+\.[0-9a-f]{8}", embedder.space.name)
    assert embedder.space.encoder == ""


def test_what_says_no_gate_has_none(embedder: FaceEmbedder) -> None:
    assert embedder.gate is None


@pytest.mark.parametrize("said", ["0.6", "none", "1.5"])
def test_a_model_may_say_from_which_cosine_on_faces_are_one_persons(
    said: str, model: Path, tmp_path: Path
) -> None:
    import onnx

    made = onnx.load(model)
    onnx.helper.set_model_props(made, {"gate": said})
    onnx.save(made, tmp_path / "gated.onnx")
    embedder = OnnxFaceEmbedder(tmp_path / "gated.onnx")
    if said == "0.6":
        assert embedder.gate == 0.6
    else:
        with pytest.raises(ModelUnavailable, match=rf"gated\.onnx says gate '{said}'"):
            _ = embedder.gate


def test_a_blank_crop_is_no_trouble(embedder: FaceEmbedder) -> None:
    (vector,) = embedder.encode_faces([np.zeros((CROP_PX, CROP_PX, 3), np.uint8)])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_a_moved_file_is_the_same_space_and_other_weights_are_another(
    model: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "tiny.onnx"
    moved.write_bytes(model.read_bytes())
    assert OnnxFaceEmbedder(moved).space == OnnxFaceEmbedder(model).space
    write_model(moved, seed=1)
    assert OnnxFaceEmbedder(moved).space != OnnxFaceEmbedder(model).space


def test_pixels_prepared_otherwise_are_another_space(model: Path) -> None:
    usual, other = make_face_embedder(str(model)), make_face_embedder(f"{model},mean=0,std=1")
    assert usual.space != other.space
    assert make_face_embedder(f"{model},mean=127.5").space == usual.space


def test_preparation_is_what_was_asked_for(model: Path, crops: list[Pixels]) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(model))
    crop = crops[0].astype(np.float32).transpose(2, 0, 1)
    for words, prepared in {
        "": (crop - 127.5) / 127.5,
        ",mean=10,std=2": (crop - 10) / 2,
        ",mean=0,std=1,bgr": crop[::-1],
    }.items():
        (raw,) = session.run(None, {"face": np.ascontiguousarray(prepared[None], np.float32)})
        got = make_face_embedder(f"{model}{words}").encode_faces(crops[:1])
        assert np.allclose(got, raw / np.linalg.norm(raw), atol=1e-4), words


def test_sface_takes_pixels_as_they_are(model: Path, crops: list[Pixels]) -> None:
    plain = OnnxFaceEmbedder(model, Preparation())
    sface = SFaceEmbedder(str(model))
    assert np.array_equal(sface.encode_faces(crops[:3]), plain.encode_faces(crops[:3]))
    assert sface.space.name.startswith("faces.sface.")


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("facenet", "give sface"),
        ("model.pt", "give sface"),
        ("model.onnx,mean", "'mean' is none of"),
        ("model.onnx,std=0", "'std=0' is none of"),
        ("model.onnx,std=x", "'std=x' is none of"),
    ],
)
def test_a_spec_that_names_none_is_refused(spec: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        make_face_embedder(spec)


@pytest.mark.parametrize("spec", ["gone.onnx", "gone.param", "sface:gone.onnx"])
def test_a_file_that_is_not_there_is_told(spec: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"there is no file gone\."):
        make_face_embedder(spec).ensure_available()


def test_files_that_hold_something_else_are_told(tmp_path: Path, crops: list[Pixels]) -> None:
    for name in ("text.onnx", "text.param", "text.bin"):
        (tmp_path / name).write_text("no model")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        OnnxFaceEmbedder(tmp_path / "text.onnx").encode_faces(crops[:1])
    pytest.importorskip("ncnn")
    with pytest.raises(ModelUnavailable, match=r"is no \.param file"):
        NcnnFaceEmbedder(tmp_path / "text.param").encode_faces(crops[:1])


def test_a_model_of_something_else_is_told(material: Path, crops: list[Pixels]) -> None:
    with pytest.raises(ModelUnavailable, match="no face embedder"):
        OnnxFaceEmbedder(material / "models" / "FastestDet.onnx").encode_faces(crops[:1])


def test_without_a_network_the_ways_out_of_sface_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzers.models.find_weights", lambda source: None)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match=r"models fetch sface.*--face-embedder sface:FILE"):
        make_face_embedder("sface").ensure_available()


def test_a_similarity_is_found_again() -> None:
    random = np.random.default_rng(1)
    for turn, scale in ((0.3, 2.0), (-2.5, 0.1), (3.0, 1.0)):
        matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        shift, points = random.normal(size=2), random.normal(size=(5, 2))
        found = fit_similarity(points, points @ matrix.T + shift)
        assert np.allclose(found, np.column_stack([matrix, shift]))


def test_no_similarity_fits_better_in_the_least_squares_sense_and_none_mirrors() -> None:
    random = np.random.default_rng(2)
    points, targets = random.normal(size=(5, 2)), random.normal(size=(5, 2))
    mirrored = points * (-1, 1)
    for goal in (targets, mirrored):
        found = fit_similarity(points, goal)
        assert np.linalg.det(found[:, :2]) > 0
        least = error_of(found, points, goal)
        for _ in range(200):
            a, b, x, y = random.normal(scale=0.05, size=4)
            nearby = found + np.array([[a, -b, x], [b, a, y]])
            assert error_of(nearby, points, goal) >= least - 1e-12


def error_of(transform: NDArray[np.float64], points: Pixels, goal: Pixels) -> float:
    moved = points @ transform[:, :2].T + transform[:, 2]
    return float(((moved - goal) ** 2).sum())


@pytest.mark.parametrize("scale", [0.4, 1.0, 3.0, 9.0])
def test_landmarks_come_to_lie_on_the_template(scale: float) -> None:
    turn = 0.4
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = np.array(TEMPLATE) @ matrix.T + (70 * scale, 20 * scale)
    side = int(220 * scale)
    rows, columns = np.indices((side, side))
    picture = np.zeros((side, side, 3), np.uint8)
    for x, y in points:
        inside = max(1.5, 2 * scale) - np.hypot(columns - x, rows - y)
        light = (255 * (inside + 0.5).clip(0, 1)).astype(np.uint8)
        picture = np.maximum(picture, light[:, :, None])
    (crop,) = align_faces(picture, points[None] / side)
    assert crop.shape == (CROP_PX, CROP_PX, 3)
    grey = crop[:, :, 0].astype(np.float64)
    for x, y in TEMPLATE:
        near = grey[int(y) - 5 : int(y) + 7, int(x) - 5 : int(x) + 7]
        down, across = np.indices(near.shape)
        assert (across * near).sum() / near.sum() + int(x) - 5 == pytest.approx(x, abs=0.3)
        assert (down * near).sum() / near.sum() + int(y) - 5 == pytest.approx(y, abs=0.3)


def test_crops_of_odd_landmarks_are_black_rather_than_an_error() -> None:
    picture = np.full((40, 60, 3), 200, np.uint8)
    outside = np.array(TEMPLATE) / CROP_PX + 5
    same = np.full((5, 2), 0.5)
    one, other = align_faces(picture, np.stack([outside, same]))
    assert not one.any()
    assert not other.any()
    assert align_faces(picture, np.empty((0, 5, 2))) == []


def test_rows_of_zeros_become_unit_vectors() -> None:
    assert np.allclose(np.linalg.norm(normalise(np.zeros((2, 4), np.float32)), axis=1), 1)


@pytest.fixture(scope="module")
def look(material: Path) -> Callable[[str], NDArray[np.float32]]:
    """The vectors of the best face of every second frame of a clip."""
    from indexer.media import open_video

    detector = YunetDetector(str(material / "models" / "yunet_n_dynamic.onnx"))
    embedder = NcnnFaceEmbedder(real_model(material))

    def vectors(clip: str) -> NDArray[np.float32]:
        crops: list[Pixels] = []
        with open_video(material / "videos" / "intel" / "asl_gestures" / f"{clip}.mkv") as video:
            frames = [frame.picture(640) for frame in list(video.read())[::2]]
        for picture in frames:
            (faces,) = detector.find_faces([picture])
            crops += align_faces(picture, faces.landmarks[:1])
        return embedder.encode_faces(crops)

    return vectors


def test_the_same_person_in_another_clip_is_nearer_than_other_persons(
    look: Callable[[str], NDArray[np.float32]],
) -> None:
    seen = {clip: look(clip) for pair in SAME_PERSON for clip in pair}
    assert min(map(len, seen.values())) >= LEAST_FACES
    right = asked = 0
    for pair in (*SAME_PERSON, *(pair[::-1] for pair in SAME_PERSON)):
        anchors, same = (seen[clip] for clip in pair)
        others = np.concatenate([seen[clip] for clip in seen if clip not in pair])
        nearer = (anchors @ same.T)[:, :, None] > (anchors @ others.T)[:, None, :]
        right, asked = right + int(nearer.sum()), asked + nearer.size
    assert right / asked >= 0.9
