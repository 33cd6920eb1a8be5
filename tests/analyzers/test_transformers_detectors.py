"""Detectors of transformers: a tiny D-FINE and RT-DETR made on the spot."""

import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.detectors import make_detector
from analyzers.error import ModelUnavailable, SettingsError
from tests.analyzers.small_detectors import save_d_fine, save_rt_detr

Pixels = NDArray[np.uint8]
SAVED = {"d-fine": save_d_fine, "rt-detr": save_rt_detr}


@pytest.fixture(scope="module", params=SAVED)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SAVED[request.param](tmp_path_factory.mktemp("tiny") / request.param)


@pytest.fixture(scope="module")
def films() -> list[Pixels]:
    """Six pictures of several sizes, smooth enough that resizing leaves something of them."""
    random = np.random.default_rng(5)
    coarse = [random.integers(0, 256, (6, 8, 3), np.uint8) for _ in range(6)]
    return [one.repeat(20 + n, axis=0).repeat(20 - n, axis=1) for n, one in enumerate(coarse)]


def test_it_finds_what_the_library_finds(folder: Path, films: list[Pixels]) -> None:
    import torch
    from PIL import Image
    from transformers import AutoImageProcessor, AutoModelForObjectDetection

    processor = AutoImageProcessor.from_pretrained(folder)
    model = AutoModelForObjectDetection.from_pretrained(folder).eval()
    found = make_detector(f"{folder},score=0.02").detect(films)
    for picture, ours in zip(films, found, strict=True):
        height, width = picture.shape[:2]
        with torch.inference_mode():
            said = model(**processor(images=Image.fromarray(picture), return_tensors="pt"))
        (theirs,) = processor.post_process_object_detection(
            said, threshold=0.02, target_sizes=[(height, width)]
        )
        boxes = theirs["boxes"].numpy() / np.array([width, height, width, height])
        assert len(ours) > 3
        assert np.allclose(ours.scores, theirs["scores"].numpy(), atol=1e-5)
        assert np.allclose(ours.boxes, boxes.clip(0, 1), atol=1e-4)
        assert np.array_equal(ours.classes, theirs["labels"].numpy())


def test_names_are_cocos_and_the_version_follows_the_files(folder: Path, tmp_path: Path) -> None:
    detector = make_detector(str(folder))
    assert (detector.names[0], detector.names[16]) == ("coco/person", "coco/dog")
    assert detector.name.startswith(f"{folder.name}.")
    other = shutil.copytree(folder, tmp_path / folder.name)
    assert make_detector(str(other)).name == detector.name
    assert make_detector(f"{other},score=0.3").name != detector.name
    file = other / "preprocessor_config.json"
    changed = {**json.loads(file.read_text("utf-8")), "size": {"height": 96, "width": 96}}
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert make_detector(str(other)).name != detector.name


def test_numbers_without_a_class_are_let_go(
    folder: Path, tmp_path: Path, films: list[Pixels]
) -> None:
    other = shutil.copytree(folder, tmp_path / "gaps")
    config = json.loads((other / "config.json").read_text("utf-8"))
    found = make_detector(f"{folder},score=0.02").detect(films)
    gone = int(found[0].classes[0])
    config["id2label"][str(gone)] = "N/A"
    config["label2id"] = {name: int(number) for number, name in config["id2label"].items()}
    (other / "config.json").write_text(json.dumps(config), encoding="utf-8")
    left = make_detector(f"{other},score=0.02").detect(films)
    assert all(gone not in one.classes for one in left)
    assert sum(map(len, left)) == sum(int((one.classes != gone).sum()) for one in found)


def test_folders_that_hold_no_detector_are_refused_in_one_line(
    folder: Path, tmp_path: Path
) -> None:
    lacking = shutil.copytree(folder, tmp_path / "lacking")
    (lacking / "model.safetensors").unlink()
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"no weights")
    other = shutil.copytree(folder, tmp_path / "other")
    config = json.loads((other / "config.json").read_text("utf-8"))
    (other / "config.json").write_text(json.dumps({**config, "decoder_layers": 3}), "utf-8")
    (tmp_path / "empty").mkdir()
    for place, said in (
        (lacking, "no weights lie"),
        (broken, "cannot be loaded"),
        (other, "are not in its files"),
        (tmp_path / "empty", "there is no .*config.json"),
    ):
        with pytest.raises(ModelUnavailable, match=said) as refused:
            make_detector(str(place)).ensure_available()
        assert len(str(refused.value).splitlines()) == 1
    with pytest.raises(SettingsError, match="no folder"):
        make_detector(str(tmp_path / "none"))


def test_a_known_model_that_cannot_be_had_names_the_ways_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analyzers.models._find_cached", lambda repo, names: None)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    detector = make_detector("d-fine-small")
    for ask in (detector.ensure_available, lambda: detector.name):
        with pytest.raises(ModelUnavailable, match="--detector FOLDER") as refused:
            ask()
        assert "shotseek models fetch d-fine-small" in str(refused.value)


@pytest.mark.gpu
def test_a_gpu_finds_what_a_cpu_finds_and_is_not_left_waiting(
    folder: Path, films: list[Pixels], capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    cpu, gpu = (make_detector(f"{folder},score=0.02", device) for device in ("cpu", "cuda"))
    for one, other in zip(cpu.detect(films), gpu.detect(films), strict=True):
        count = min(len(one), len(other))
        assert abs(len(one) - len(other)) <= 1
        assert np.allclose(one.scores[:count], other.scores[:count], atol=2e-3)
    many = films * 32
    gpu.detect(many)
    started = time.perf_counter()
    gpu.detect(many)
    rate = len(many) / (time.perf_counter() - started)
    with capsys.disabled():
        print(f"\n{folder.name} on CUDA: {rate:.0f} pictures per second")  # noqa: T201 - asked for
