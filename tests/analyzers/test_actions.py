"""The analyzer of actions: its findings, with a model by rule and with small real ones."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from analyzers.action_model import CropForm, SeenPerson
from analyzers.action_models import make_action_model
from analyzers.action_models.kinetics import PICTURES, KineticsModel, list_kinetics
from analyzers.actions import ActionsAnalyzer, cut_out
from analyzers.clip import Clip, Picture
from analyzers.error import ModelUnavailable, SettingsError
from analyzers.finding import Box, Embedding, Finding, Label
from analyzers.interactions import find_interactions
from analyzers.registry import Choices, make_analyzers
from analyzers.toy import ToyEncoder

EACH_MS = 200
ANN, BOB = (0.1, 0.2, 0.3, 0.9), (0.6, 0.2, 0.8, 0.9)
CUP, CAR = (0.28, 0.5, 0.34, 0.6), (0.0, 0.0, 1.0, 1.0)


class Reddish:
    """Tells `action/glow` by how red a person is, on average over the window."""

    name, names, crop, wants_whole, least = "reddish", ("action/glow",), CropForm(8), False, 0.1

    def __init__(self, window: int = 1) -> None:
        self.window = window
        self.shown: list[int] = []

    def ensure_available(self) -> None:
        """It needs nothing."""

    def tell(self, windows: Sequence[Sequence[SeenPerson]]) -> np.ndarray:
        self.shown += [len(window) for window in windows]
        red = [np.mean([one.crop[4, 4, 0] / 255 for one in window]) for window in windows]
        return np.array(red, np.float32).reshape(-1, 1)


def say(number: int, name: str, box: Box, track: str, score: float = 0.9) -> Label:
    return Label(number * EACH_MS, (number + 1) * EACH_MS, "coco", name, score, box, track)


def clip_of(*seen: list[Label], red: Sequence[int] = (200, 200, 200)) -> Clip:
    """A picture for each list of what was found in it."""
    pictures = []
    for number in range(len(seen)):
        pixels = np.full((90, 160, 3), 20, np.uint8)
        pixels[:, :, 0] = red[number]
        start = number * EACH_MS
        pictures.append(Picture(start + 100, start, start + EACH_MS, pixels))
    found = tuple(one for each in seen for one in each)
    return Clip(0, len(seen) * EACH_MS, keyframes=pictures, frames=pictures, findings=found)


def analyze(clip: Clip, model: Reddish) -> list[Finding]:
    (found,) = ActionsAnalyzer(ToyEncoder(), model).analyze([clip])
    return found


def labels_of(findings: list[Finding]) -> list[Label]:
    return [one for one in findings if isinstance(one, Label)]


def test_each_person_in_a_picture_gives_a_vector_and_its_actions_with_box_and_track() -> None:
    clip = clip_of([say(0, "person", ANN, "a"), say(0, "person", BOB, "b")], [])
    found = analyze(clip, Reddish())
    told = [(one.vocabulary, one.name, one.box, one.track) for one in labels_of(found)]
    assert told == [("action", "glow", ANN, "a"), ("action", "glow", BOB, "b")]
    assert labels_of(found)[0].score == pytest.approx(200 / 255)
    vectors = [one for one in found if isinstance(one, Embedding)]
    assert [(one.box, one.track) for one in vectors] == [(ANN, "a"), (BOB, "b")]
    assert {(one.start_ms, one.end_ms) for one in found} == {(0, EACH_MS)}
    assert {one.space for one in vectors} == {ToyEncoder().space.name}


def test_what_is_too_unsure_is_not_told() -> None:
    assert not labels_of(analyze(clip_of([say(0, "person", ANN, "a")], red=[5]), Reddish()))


def test_without_persons_nothing_is_told() -> None:
    assert analyze(clip_of([say(0, "dog", ANN, "d")], []), Reddish()) == []


def test_a_model_of_clips_is_shown_windows_of_one_track_and_tells_each_picture_of_them() -> None:
    model = Reddish(window=2)
    seen = [[say(n, "person", ANN, "a"), say(n, "person", BOB, "b")] for n in range(3)]
    found = labels_of(analyze(clip_of(*seen, red=[200, 100, 50]), model))
    assert sorted(model.shown) == [1, 1, 2, 2]
    scores = {(one.track, one.start_ms): one.score for one in found}
    for track in "ab":
        assert scores[track, 0] == scores[track, 200] == pytest.approx(150 / 255)
        assert scores[track, 400] == pytest.approx(50 / 255)


def test_clips_do_not_meet_though_their_tracks_have_one_name() -> None:
    model = Reddish(window=4)
    clip = clip_of([say(0, "person", ANN, "a")], [say(1, "person", ANN, "a")])
    answers = ActionsAnalyzer(ToyEncoder(), model).analyze([clip, clip])
    assert model.shown == [2, 2]
    assert [len(labels_of(one)) for one in answers] == [2, 2]


def test_a_thing_within_reach_is_told_with_the_persons_box_and_one_beyond_is_not() -> None:
    near, far = say(0, "cup", CUP, "c", 0.6), say(0, "car", CAR, "d")
    found = analyze(
        clip_of([say(0, "person", ANN, "a"), say(0, "person", BOB, "b"), near, far]), Reddish()
    )
    (told,) = [one for one in labels_of(found) if one.vocabulary == "interaction"]
    assert (told.name, told.box, told.track) == ("with cup", ANN, "a")
    assert told.score == pytest.approx(0.6)
    assert [one.track for one in found if isinstance(one, Embedding)] == ["a", "b", "a"]


def test_a_thing_half_within_reach_counts_half() -> None:
    person = say(0, "person", (0.0, 0.0, 0.4, 1.0), "a", 1.0)
    (met,) = find_interactions([person], [say(0, "bag", (0.4, 0.4, 0.6, 0.6), "t", 1.0)])
    assert met.score == pytest.approx(0.5)
    assert met.union == (0.0, 0.0, 0.6, 1.0)


def test_a_person_at_the_border_is_cut_out_with_grey_beyond() -> None:
    pixels = np.full((50, 100, 3), 250, np.uint8)
    crop = cut_out(pixels, (0.0, 0.0, 0.2, 1.0), CropForm(40, 1.0))
    assert crop.shape == (40, 40, 3)
    assert crop[20, 30].tolist() == [250] * 3
    assert crop[20, 2].tolist() == [114] * 3


def test_the_version_tells_model_space_and_rate() -> None:
    version = ActionsAnalyzer(ToyEncoder(), Reddish(), frames_per_second=5).version
    assert version == f"1 reddish {ToyEncoder().space.name} 5/s"


def test_a_list_of_actions_is_told_by_the_encoder(tmp_path: Path) -> None:
    listed = tmp_path / "actions.txt"
    listed.write_text("# of ours\nred shirt\n\nblue shirt\nred shirt\n")
    model = make_action_model(f"prompts:{listed}", ToyEncoder())
    assert model.names == ("action/red shirt", "action/blue shirt")
    red, blue = ToyEncoder().encode_images(
        [np.full((9, 9, 3), each, np.uint8) for each in ((220, 20, 20), (20, 20, 220))]
    )
    crop = np.zeros((2, 2, 3), np.uint8)
    scores = model.tell([[SeenPerson(crop, one, one)] for one in (red, blue)])
    assert scores.shape == (2, 2)
    assert scores[0, 0] > scores[0, 1]
    assert scores[1, 1] > scores[1, 0]


@pytest.mark.parametrize(
    ("content", "says"), [("", "0 actions"), ("x" * 201, ":1: an action has at most 200")]
)
def test_a_list_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, content: str, says: str
) -> None:
    listed = tmp_path / "actions.txt"
    listed.write_text(content)
    with pytest.raises(SettingsError, match=f"actions.txt.*{says}"):
        _ = make_action_model(f"prompts:{listed}", ToyEncoder()).names


def test_an_unknown_model_is_refused_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="s3d"):
        make_analyzers("+actions", "demo", ["toy"], choices=Choices(action_model="s3"))


def test_actions_bring_objects_along_and_share_the_encoder() -> None:
    made = make_analyzers("actions", "demo", ["toy"], choices=Choices(object_fps=5))
    assert [one.name for one in made] == ["objects", "actions"]
    assert made[0].wants == made[1].wants


def test_kinetics_has_400_names_that_bear_their_vocabulary() -> None:
    assert len(list_kinetics()) == len(set(list_kinetics())) == 400
    assert "kinetics400/juggling balls" in KineticsModel("s3d").names


@pytest.fixture(scope="module")
def s3d_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """torchvision's S3D with chance weights, as a file of its real ones looks."""
    import torch
    from torchvision.models.video import s3d

    torch.manual_seed(1)
    path = tmp_path_factory.mktemp("kinetics") / "s3d.pth"
    torch.save(s3d().state_dict(), path)
    return path


def test_torchvisions_model_tells_shares_of_400_actions_of_any_number_of_pictures(
    s3d_file: Path,
) -> None:
    model = make_action_model(f"s3d:{s3d_file}", ToyEncoder())
    model.ensure_available()
    rng = np.random.default_rng(3)
    crops = rng.integers(0, 255, (PICTURES, 256, 256, 3), np.uint8)
    seen = [SeenPerson(one, np.zeros(1, np.float32), None) for one in crops]
    scores = model.tell([seen, seen[:3]])
    assert scores.shape == (2, 400)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-4)
    assert np.abs(scores[0] - scores[1]).max() > 0
    np.testing.assert_allclose(model.tell([seen[:3]])[0], scores[1], atol=1e-5)


@pytest.mark.gpu
def test_torchvisions_model_tells_the_same_on_a_gpu(s3d_file: Path) -> None:
    import time

    rng = np.random.default_rng(3)
    crops = rng.integers(0, 255, (PICTURES, 256, 256, 3), np.uint8)
    window = [SeenPerson(one, np.zeros(1, np.float32), None) for one in crops]
    plain, fast = (KineticsModel("s3d", s3d_file, device=each) for each in ("cpu", "cuda"))
    np.testing.assert_allclose(fast.tell([window]), plain.tell([window]), atol=2e-3)
    began = time.perf_counter()
    fast.tell([window] * 32)
    rate = 32 / (time.perf_counter() - began)
    print(f"\ns3d on CUDA: {rate:.0f} clips per second")  # noqa: T201 - asked for


def test_wrong_weights_are_refused_by_name_and_remedy(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pth"
    wrong.write_bytes(b"no weights")
    with pytest.raises(
        ModelUnavailable, match=r"wrong\.pth: no weights of s3d.*--action-model s3d:"
    ):
        KineticsModel("s3d", wrong).ensure_available()
    with pytest.raises(SettingsError, match=r"missing\.pth: no such file"):
        KineticsModel("s3d", tmp_path / "missing.pth").ensure_available()


def make_head(path: Path, **said: str) -> Path:
    """A head that tells `action/red` and `action/blue` by the mean of these channels."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    pick = np.array([[1, 0], [0, 0], [0, 1]], np.float32) / 255
    nodes = [
        helper.make_node("ReduceMean", ["pictures"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["mean", "pick"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "head",
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, 16, 16])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 2])],
        [numpy_helper.from_array(pick, "pick")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, said)
    onnx.save(model, path)
    return path


def test_a_head_of_crops_is_read_with_its_names(tmp_path: Path) -> None:
    file = make_head(tmp_path / "head.onnx", names='["action/red", "action/blue"]', around="1.5")
    model = make_action_model(str(file), ToyEncoder())
    assert model.crop == CropForm(16, 1.5)
    crops = [np.full((16, 16, 3), each, np.uint8) for each in ((255, 0, 0), (0, 0, 51))]
    scores = model.tell([[SeenPerson(one, np.zeros(1, np.float32), None)] for one in crops])
    np.testing.assert_allclose(scores, [[1, 0], [0, 0.2]], atol=1e-5)
    found = labels_of(analyze_with(str(file), clip_of([say(0, "person", ANN, "a")])))
    assert [(one.vocabulary, one.name) for one in found] == [("action", "red")]


def analyze_with(spec: str, clip: Clip) -> list[Finding]:
    encoder = ToyEncoder()
    (found,) = ActionsAnalyzer(encoder, make_action_model(spec, encoder)).analyze([clip])
    return found


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "list no `names`"),
        ({"names": '["red", "blue"]'}, "vocabulary/name"),
        ({"names": '["a/red", "a/blue"]', "around": "wide"}, "`around` is no number: wide"),
    ],
)
def test_a_head_that_does_not_say_what_it_tells_is_refused(
    tmp_path: Path, said: dict[str, str], complaint: str
) -> None:
    model = make_action_model(str(make_head(tmp_path / "head.onnx", **said)), ToyEncoder())
    with pytest.raises(ModelUnavailable, match=f"head.onnx.*{complaint}"):
        model.ensure_available()
