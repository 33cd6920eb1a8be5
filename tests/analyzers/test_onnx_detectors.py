"""Detectors of ONNX files: layouts, words beside the path, names, what is refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.detector import Detections
from analyzers.detectors import make_detector
from analyzers.detectors.layouts import Raw, suppress
from analyzers.detectors.onnx import fit
from analyzers.detectors.vocabulary import COCO_NAMES, name_fully, parse_names
from analyzers.error import ModelUnavailable, SettingsError
from tests.analyzers.small_detectors import INPUT_PX, save_answers, save_reddest

NAMES = ["person", "dog", "cup"]
BOX = (0.25, 0.5, 0.5, 1.0)
MIDDLE = np.array([0.375, 0.75, 0.25, 0.5])  # of the same box
PX = np.array([*INPUT_PX, *INPUT_PX])
LOGIT = np.log(0.9 / 0.1)
PICTURE = np.zeros((32, 64, 3), np.uint8)  # of the input's own shape


def floats(*values: object) -> NDArray[np.float32]:
    return np.array([values], np.float32)


FINISHED = {
    "labels": np.array([[1, 0]], np.int64),
    "boxes": floats(BOX, (0, 0, 0.1, 0.1)),
    "scores": floats(0.9, 0.1),
}
QUERIES = {
    "logits": floats((-9, LOGIT, -9), (-9, -9, -9)),
    "pred_boxes": floats(MIDDLE, MIDDLE),
}
ROWS = floats(
    (*MIDDLE * PX, 0, 0.9, 0.1),
    (*MIDDLE * PX * 1.05, 0, 0.8, 0.1),  # the same thing again
    (0, 0, 0, 0, 0.1, 0, 0),
    *[(5, 5, 2, 2, 0, 0, 0)] * 10,
)
OBJECTNESS = np.insert(ROWS, 4, 1.0, axis=2)


def cells() -> NDArray[np.float32]:
    """FastestDet's grid of 2 x 4 cells with the box in the lower row, second column."""
    grid = np.full((1, 5 + len(NAMES), 2, 4), -9, np.float32)
    grid[:, [0, *range(5, 8)]] = 0
    inverse = [np.arctanh(0.5), np.arctanh(0.5), np.log(0.25 / 0.75), 0.0]
    grid[0, :, 1, 1] = (1.0, *inverse, 0.0, 0.9, 0.1)
    return grid


ANSWERS = {
    "boxes, scores, labels": FINISHED,
    "logits, pred_boxes": QUERIES,
    "rows": {"output0": ROWS},
    "rows lying": {"output0": ROWS.transpose(0, 2, 1)},
    "rows with objectness": {"output0": OBJECTNESS},
    "FastestDet": {"758": cells()},
}


def find(spec: str, picture: NDArray[np.uint8] = PICTURE) -> Detections:
    (found,) = make_detector(spec).detect([picture])
    return found


@pytest.mark.parametrize("layout", ANSWERS)
def test_every_layout_gives_the_same_dog(layout: str, tmp_path: Path) -> None:
    file = save_answers(tmp_path / "pets.onnx", ANSWERS[layout], names=NAMES)
    found = find(str(file))
    assert make_detector(str(file)).names == ("pets/person", "pets/dog", "pets/cup")
    assert found.classes.tolist() == [1]
    assert np.allclose(found.scores, 0.9, atol=1e-6)
    assert np.allclose(found.boxes, [BOX], atol=1e-6)


def test_finished_boxes_may_be_in_px(tmp_path: Path) -> None:
    answers = {**FINISHED, "boxes": FINISHED["boxes"] * PX.astype(np.float32)}
    file = save_answers(tmp_path / "px.onnx", answers, names=NAMES)
    assert np.allclose(find(f"{file},px").boxes, [BOX], atol=1e-6)
    said = save_answers(tmp_path / "said.onnx", answers, names=NAMES, metadata={"px": "yes"})
    assert np.allclose(find(str(said)).boxes, [BOX], atol=1e-6)


def test_a_score_is_believed_from_where_it_is_said(tmp_path: Path) -> None:
    file = save_answers(tmp_path / "two.onnx", FINISHED, names=NAMES)
    assert [len(find(f"{file},score={s}")) for s in (0.05, 0.5, 0.95)] == [2, 1, 0]


def test_labels_beyond_the_names_are_let_go(tmp_path: Path) -> None:
    file = save_answers(tmp_path / "few.onnx", FINISHED, names=NAMES[:1])
    assert find(f"{file},score=0").classes.tolist() == [0]


@pytest.mark.parametrize(
    ("colour", "words", "score"),
    [
        ((255, 0, 0), "", 1.0),
        ((255, 0, 0), ",bgr", 0.0),
        ((255, 0, 0), ",mean=127.5,std=255", 0.5),
        ((255, 9, 9), ",mean=51/9/9,std=204/1/1", 1.0),
        ((0, 0, 51), ",bgr=yes", 0.2),
    ],
)
def test_pixels_are_prepared_as_said(
    colour: tuple[int, int, int], words: str, score: float, tmp_path: Path
) -> None:
    file = save_reddest(tmp_path / "reddest.onnx")
    picture = np.full((20, 30, 3), colour, np.uint8)
    assert find(f"{file},score=0{words}", picture).scores == pytest.approx([score], abs=1e-3)


def test_words_win_over_metadata(tmp_path: Path) -> None:
    file = save_reddest(tmp_path / "reddest.onnx", metadata={"bgr": "true", "author": "?"})
    blue = np.full((20, 30, 3), (0, 0, 255), np.uint8)
    assert find(str(file), blue).scores == pytest.approx([1.0])
    assert len(find(f"{file},bgr=no", blue)) == 0


def test_a_letterbox_keeps_the_shape_and_boxes_are_of_the_picture(tmp_path: Path) -> None:
    tall = np.full((100, 50, 3), 255, np.uint8)
    fitted, shown = fit(tall, INPUT_PX, keep_shape=True)
    assert fitted.shape == (32, 64, 3)
    assert shown == (24 / 64, 0, 40 / 64, 1)
    assert (fitted[:, 24:40] == 255).all()
    assert (fitted[:, :24] == 114).all()
    answers = {**FINISHED, "boxes": floats((0, 0, 1, 1), (0.5, 0.5, 1, 1))}
    answers["scores"] = floats(0.9, 0.8)
    file = save_answers(tmp_path / "whole.onnx", answers, names=NAMES)
    assert np.allclose(find(f"{file},letterbox", tall).boxes, [(0, 0, 1, 1), (0.5, 0.5, 1, 1)])
    assert np.allclose(find(str(file), tall).boxes, [(0, 0, 1, 1), (0.5, 0.5, 1, 1)])
    middle = {**answers, "boxes": floats((28 / 64, 0.25, 36 / 64, 0.75), (0, 0, 0.2, 1))}
    beside = find(f"{save_answers(file, middle, names=NAMES)},letterbox", tall)
    assert np.allclose(beside.boxes, [(0.25, 0.25, 0.75, 0.75)])  # the other lies on the grey


def test_classes_are_named_by_a_file_by_metadata_or_are_cocos(tmp_path: Path) -> None:
    eighty = save_answers(tmp_path / "coco.onnx", {"o": np.zeros((1, 84, 100), np.float32)})
    assert make_detector(str(eighty)).names[16] == "coco/dog"
    mixed = save_answers(tmp_path / "m.onnx", FINISHED, names=["coco/person", "world/ball"])
    assert make_detector(str(mixed)).names == ("coco/person", "world/ball")
    (tmp_path / "Pets 2.txt").write_text("cat\ndog\nhen\n", encoding="utf-8")
    detector = make_detector(f"{mixed},names={tmp_path / 'Pets 2.txt'}")
    assert detector.names == ("pets-2/cat", "pets-2/dog", "pets-2/hen")
    assert detector.name != make_detector(str(mixed)).name


def test_lists_of_coco_spelt_otherwise_or_with_gaps_are_known() -> None:
    other = [{"airplane": "aeroplane", "tv": "tvmonitor"}.get(one, one) for one in COCO_NAMES]
    assert name_fully(other, "x")[4] == "coco/airplane"
    gaps = [*COCO_NAMES[:11], "N/A", *COCO_NAMES[11:]]
    assert name_fully(gaps, "x")[12] == "coco/stop sign"
    assert name_fully(["cabinet/shelf", "person"], "o365") == ("o365/cabinet/shelf", "o365/person")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('["a", "b"]', ("a", "b")),
        ("{0: 'a', 1: 'b'}", ("a", "b")),
        ('{"1": "b", "0": "a"}', ("a", "b")),
        ("{0: 'a', 2: 'b'}", ()),
        ("", ()),
        ("a b", ()),
        ("7", ()),
    ],
)
def test_names_in_metadata_are_a_list_or_a_dict(text: str, names: tuple[str, ...]) -> None:
    assert parse_names(text) == names


@given(
    st.lists(
        st.tuples(
            st.integers(0, 6), st.integers(0, 6), st.integers(1, 6), st.integers(1, 6),
            st.integers(1, 9), st.integers(0, 1),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_suppression_keeps_the_surest_as_the_plain_way_does(
    rows: list[tuple[int, int, int, int, int, int]],
) -> None:
    table = np.array(rows, np.float32).reshape(-1, 6)
    boxes = np.concatenate([table[:, :2], table[:, :2] + table[:, 2:4]], axis=1)
    raw = Raw(boxes, table[:, 4], table[:, 5].astype(np.int64))
    kept: list[int] = []
    for place in np.argsort(-raw.scores, kind="stable").tolist():
        rivals = [one for one in kept if raw.classes[one] == raw.classes[place]]
        if all(share(boxes[one], boxes[place]) <= 0.4 for one in rivals):
            kept.append(place)
    assert suppress(raw, 0.4).tolist() == kept


def share(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Intersection over union."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    common = float(max(sides[0], 0) * max(sides[1], 0))
    areas = [float((box[2:] - box[:2]).prod()) for box in (one, other)]
    return common / (sum(areas) - common)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("yolo", "no folder and no model is named 'yolo'"),
        ("d-fine-smal", "did you mean d-fine-small"),
        ("a.onnx,sore=1", "'sore' is none of names"),
        ("a.onnx,score=2", "from 0 to 1"),
        ("a.onnx,score", "from 0 to 1"),
        ("a.onnx,std=0", "above 0"),
        ("a.onnx,mean=1/2", "one number, or three"),
        ("a.onnx,bgr=perhaps", "yes or no"),
        ("a.onnx,names", "names wants a file"),
        ("d-fine-small,bgr", "only score=NUMBER"),
    ],
)
def test_a_spec_that_cannot_be_used_is_refused(spec: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        make_detector(spec)
    assert len(str(refused.value).splitlines()) == 1


def test_files_that_are_no_detectors_are_refused_in_one_line(
    tmp_path: Path, material: Path
) -> None:
    (tmp_path / "text.onnx").write_text("no model", encoding="utf-8")
    yunet = material / "models" / "yunet_n_dynamic.onnx"
    fastest = material / "models" / "FastestDet.onnx"
    three = tmp_path / "three.txt"
    three.write_text("\n".join(NAMES), encoding="utf-8")
    for spec, said in (
        (str(tmp_path / "none.onnx"), "there is no file"),
        (str(tmp_path / "text.onnx"), "cannot be loaded"),
        (str(yunet), "no layout"),
        (str(save_answers(tmp_path / "q.onnx", QUERIES)), "for 80 classes"),
        (f"{fastest},names={three}", "for 3 classes"),
    ):
        with pytest.raises(ModelUnavailable, match=said) as refused:
            make_detector(spec).ensure_available()
        assert len(str(refused.value).splitlines()) == 1
    with pytest.raises(SettingsError, match="cannot be read"):
        make_detector(f"{fastest},names={tmp_path / 'none.txt'}").ensure_available()
