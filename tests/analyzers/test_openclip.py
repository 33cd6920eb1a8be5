"""The open_clip encoder gives what open_clip itself gives, by any of its three names."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from analyzers.checkpoint import Weights, parse_weights
from analyzers.error import ModelUnavailable, SettingsError
from analyzers.openclip import LARGE, OpenClipEncoder, find_settings, find_source
from analyzers.profiles import MODELS, Job

Pictures = list[NDArray[np.uint8]]
ARCHITECTURE = "ViT-S-32-alt"  # the smallest that open_clip lists: 43 M parameters
TEXTS = ["a dog on a beach", "two people shaking hands", ""]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights of a small architecture that open_clip knows."""
    import open_clip
    import torch

    torch.set_num_threads(1)  # two threads on a busy machine mostly wait for each other
    file = tmp_path_factory.mktemp("weights") / "small.pt"
    with torch.random.fork_rng():
        torch.manual_seed(5)
        torch.save(open_clip.create_model(ARCHITECTURE).state_dict(), file)
    return file


@pytest.fixture(scope="module")
def real(pictures: Pictures) -> Pictures:
    """Pictures as large and smooth as those of videos, besides the odd ones."""
    random = np.random.default_rng(11)
    few = [Image.fromarray(random.integers(0, 256, (9, 16, 3), np.uint8)) for _ in range(3)]
    sizes = [(1280, 720), (426, 240), (200, 360)]
    smooth = [
        one.resize(size, Image.Resampling.BICUBIC) for one, size in zip(few, sizes, strict=True)
    ]
    return [*pictures, *(np.asarray(one) for one in smooth)]


def own_vectors(
    pictures: Pictures, name: str, weights: str | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What open_clip gives, one picture at a time, in float32."""
    import open_clip
    import torch

    model, _, prepare = open_clip.create_model_and_transforms(name, pretrained=weights)
    model.eval()
    with torch.inference_mode():
        rows = [model.encode_image(prepare(Image.fromarray(one))[None]) for one in pictures]
        texts = model.encode_text(open_clip.get_tokenizer(name)(TEXTS))
    unit = torch.nn.functional.normalize
    return unit(torch.cat(rows), dim=-1).numpy(), unit(texts, dim=-1).numpy()


@pytest.fixture(scope="module")
def exact(checkpoint: Path) -> OpenClipEncoder:
    return OpenClipEncoder(f"{ARCHITECTURE}:{checkpoint}", precision="float32")


@pytest.fixture(scope="module")
def exact_images(exact: OpenClipEncoder, real: Pictures) -> NDArray[np.float32]:
    return exact.encode_images(real)


def test_float32_vectors_of_a_checkpoint_are_those_of_open_clip(
    exact: OpenClipEncoder, exact_images: Any, checkpoint: Path, real: Pictures
) -> None:
    images, texts = own_vectors(real, ARCHITECTURE, str(checkpoint))
    assert np.abs(exact_images - images).max() < 1e-4
    assert np.abs(exact.encode_texts(TEXTS) - texts).max() < 1e-4


def test_float32_vectors_of_a_folder_are_those_of_open_clip(
    tiny_folder: Path, real: Pictures
) -> None:
    spec = f"local-dir:{tiny_folder}"
    images, texts = own_vectors(real, spec)
    encoder = OpenClipEncoder(spec, precision="float32")
    assert np.abs(encoder.encode_images(real) - images).max() < 1e-4
    assert np.abs(encoder.encode_texts(TEXTS) - texts).max() < 1e-4


def test_bfloat16_vectors_point_the_same_way(
    exact: OpenClipEncoder, exact_images: Any, checkpoint: Path, real: Pictures
) -> None:
    half = OpenClipEncoder(f"{ARCHITECTURE}:{checkpoint}", precision="bfloat16")
    assert (half.precision, exact.precision) == ("bfloat16", "float32")
    for one, other in (
        (exact_images, half.encode_images(real)),
        (exact.encode_texts(TEXTS), half.encode_texts(TEXTS)),
    ):
        assert ((one * other).sum(axis=1) >= 0.999).all()
        assert (one != other).any()


def test_small_models_compute_in_float32_on_any_cpu(tiny_folder: Path) -> None:
    assert OpenClipEncoder(f"local-dir:{tiny_folder}").precision == "float32"
    assert LARGE < 87_000_000  # the picture tower of ViT-B, of the profiles fast and standard


def test_a_picture_finds_itself_first(exact_images: Any) -> None:
    nearest = (exact_images @ exact_images.T).argmax(axis=1)
    assert (nearest == np.arange(len(exact_images))).all()


def test_a_space_is_named_by_its_weights_wherever_they_lie(
    tiny_folder: Path, tmp_path: Path
) -> None:
    moved = shutil.copytree(tiny_folder, tmp_path / "elsewhere")
    name = OpenClipEncoder(f"local-dir:{tiny_folder}").space.name
    assert name.startswith("local.")
    assert OpenClipEncoder(f"local-dir:{moved}").space.name == name
    weights = moved / "open_clip_model.safetensors"
    file = OpenClipEncoder(f"ViT-B-32:{weights}").space
    assert file.name == f"ViT-B-32.{_sha256(weights)[:8]}"
    assert file.encoder == f"ViT-B-32:{weights.resolve()}"
    weights.write_bytes(weights.read_bytes() + b"x")
    assert OpenClipEncoder(f"local-dir:{moved}").space.name != name


def test_a_relative_path_stays_valid_elsewhere(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_folder.parent)
    space = OpenClipEncoder(f"local-dir:{tiny_folder.name}").space
    assert space.encoder == f"local-dir:{tiny_folder.resolve()}"
    monkeypatch.chdir(tiny_folder)
    space = OpenClipEncoder("ViT-B-32:open_clip_model.safetensors").space
    assert space.encoder == f"ViT-B-32:{tiny_folder.resolve() / 'open_clip_model.safetensors'}"


def test_a_tag_names_the_space_without_any_weights() -> None:
    space = OpenClipEncoder("ViT-B-16-SigLIP2-256:WebLI").space
    assert (space.name, space.dim) == ("ViT-B-16-SigLIP2-256.webli", 768)
    assert space.encoder == "ViT-B-16-SigLIP2-256:webli"
    assert space.text_range.low < 0  # SigLIP's cosines lie lower than those of CLIP
    assert OpenClipEncoder("ViT-B/32:openai").space.text_range.low == 0


@pytest.mark.parametrize(
    ("spec", "error", "part"),
    [
        ("ViT-B-32", SettingsError, "ARCH:TAG, ARCH:FILE or local-dir:DIR"),
        (":openai", SettingsError, "ARCH:TAG"),
        ("ViT-B-23:openai", SettingsError, "did you mean ViT-B-32"),
        ("ViT-B-32:no/such.pt", ModelUnavailable, "no file no/such.pt"),
        ("ViT-B-32:missing.safetensors", ModelUnavailable, "no file"),
        ("local-dir:/no/such/folder", ModelUnavailable, "open_clip_config.json"),
    ],
)
def test_a_name_that_names_nothing_is_refused_at_once(
    spec: str, error: type[Exception], part: str
) -> None:
    with pytest.raises(error, match=re.escape(part)) as raised:
        OpenClipEncoder(spec)
    assert "\n" not in str(raised.value)


def test_an_unknown_tag_is_refused_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"did you mean .*openai"):
        OpenClipEncoder("ViT-B-32:opnai").ensure_available()


def test_an_unknown_precision_is_refused(tiny_folder: Path) -> None:
    with pytest.raises(SettingsError, match="float32"):
        OpenClipEncoder(f"local-dir:{tiny_folder}", precision="float23")


def test_a_checkpoint_of_another_architecture_is_refused_before_any_work(checkpoint: Path) -> None:
    encoder = OpenClipEncoder(f"ViT-S-32:{checkpoint}")
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as raised:
        encoder.ensure_available()
    assert "\n" not in str(raised.value)
    assert "--profile demo" in str(raised.value)


@pytest.mark.parametrize("broken", ["config", "weights", "nothing"])
def test_a_broken_folder_is_refused_before_any_work(
    broken: str, tiny_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_folder, tmp_path / "broken")
    if broken == "config":
        (folder / "open_clip_config.json").write_text('{"model_cfg": []}', encoding="utf-8")
    elif broken == "weights":
        (folder / "open_clip_model.safetensors").write_bytes(b"\x08" + b"\0" * 40)
    else:
        (folder / "open_clip_model.safetensors").unlink()
    with pytest.raises(ModelUnavailable, match=str(folder)) as raised:
        OpenClipEncoder(f"local-dir:{folder}").ensure_available()
    assert "\n" not in str(raised.value)


def test_local_weights_that_load_are_available(tiny_folder: Path) -> None:
    OpenClipEncoder(f"local-dir:{tiny_folder}").ensure_available()


def test_a_folder_may_bring_its_own_tokenizer(
    tiny_folder: Path, tmp_path: Path, pictures: Pictures
) -> None:
    """As SigLIP does; no network is asked for it."""
    folder = shutil.copytree(tiny_folder, tmp_path / "words")
    config = json.loads((folder / "open_clip_config.json").read_text(encoding="utf-8"))
    config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "nobody/nothing"
    (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    write_tokenizer(folder)
    encoder = OpenClipEncoder(f"local-dir:{folder}")
    started = time.monotonic()
    same, other, unknown = encoder.encode_texts(["red dog", "dog red", "xyz"])
    assert time.monotonic() - started < 60
    assert same @ other < 0.9999
    assert same @ unknown < 0.9999
    own = OpenClipEncoder(f"local-dir:{tiny_folder}")
    assert np.allclose(encoder.encode_images(pictures), own.encode_images(pictures), atol=1e-6)
    assert encoder.space.name != own.space.name


def test_the_models_that_we_name_lie_where_open_clip_looks() -> None:
    import open_clip

    for model in MODELS:
        if model.hub is None or model.job is not Job.ENCODE:
            continue
        weights = parse_weights(model.name)
        published = open_clip.get_pretrained_cfg(weights.architecture, str(weights.tag))
        assert published["hf_hub"] == f"{model.hub.repo}/"
        assert model.hub.text_repos == weights.design.text_repos
        assert find_source(weights) == model.hub


def test_a_siglip_checkpoint_gets_the_transform_of_its_published_weights() -> None:
    """open_clip itself would give it the means of CLIP, and cut off the sides."""
    settings = find_settings(Weights("ViT-B-16-SigLIP2-256", path=Path("/a/file.pt")))
    assert settings["image_mean"] == (0.5, 0.5, 0.5)
    assert settings["image_resize_mode"] == "squash"
    assert (
        find_settings(Weights("ViT-H-14", path=Path("/a/file.pt"))).get("image_resize_mode") is None
    )


def test_a_tag_brings_the_activation_it_was_trained_with() -> None:
    assert find_settings(Weights("ViT-B-32", tag="openai"))["force_quick_gelu"]
    assert not find_settings(Weights("ViT-B-32", tag="laion2b_s34b_b79k"))["force_quick_gelu"]


@pytest.mark.slow
def test_a_tag_loads_from_the_cache_of_the_hub_without_a_network(tmp_path: Path) -> None:
    """By the path that the real weights take: RN50:openai, here with random weights."""
    script = """
import sys, pathlib, torch, open_clip, numpy as np
from safetensors.torch import save_file
from PIL import Image
from analyzers.openclip import OpenClipEncoder
torch.manual_seed(1)
model = open_clip.create_model("RN50", force_quick_gelu=True).eval()
repo = pathlib.Path(sys.argv[1]) / "hub" / "models--timm--resnet50_clip.openai"
folder = repo / "snapshots" / ("a" * 40)
folder.mkdir(parents=True)
(repo / "refs").mkdir()
(repo / "refs" / "main").write_text("a" * 40)
save_file(model.state_dict(), folder / "open_clip_model.safetensors")
encoder = OpenClipEncoder("RN50:openai", precision="float32")
encoder.ensure_available()
picture = np.random.default_rng(0).integers(0, 256, (100, 200, 3), np.uint8)
prepare = open_clip.image_transform(224, is_train=False)
with torch.inference_mode():
    own = model.encode_image(prepare(Image.fromarray(picture))[None])
own = torch.nn.functional.normalize(own, dim=-1).numpy()
assert np.abs(encoder.encode_images([picture]) - own).max() < 1e-4
assert encoder.encode_texts(["a dog"]).shape == (1, 1024)
"""
    env = {**os.environ, "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.gpu
def test_a_gpu_gives_the_same_vectors_as_the_cpu_and_tells_its_speed(
    checkpoint: Path, real: Pictures, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cosine >= 0.999 with autocast; 1e-3 in float32 (kernels may use TF32)."""
    spec = f"{ARCHITECTURE}:{checkpoint}"
    cpu = OpenClipEncoder(spec, "cpu", precision="float32").encode_images(real)
    exact = OpenClipEncoder(spec, "cuda", precision="float32").encode_images(real)
    assert np.abs(exact - cpu).max() < 1e-3
    encoder = OpenClipEncoder(spec, "cuda")
    assert encoder.precision == "autocast"
    assert ((encoder.encode_images(real) * cpu).sum(axis=1) >= 0.999).all()
    many = real * 64
    started = time.perf_counter()
    encoder.encode_images(many)
    rate = len(many) / (time.perf_counter() - started)
    with capsys.disabled():
        sys.stdout.write(f"\n{ARCHITECTURE} on a GPU: {rate:.0f} pictures per second\n")


def write_tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = {"<pad>": 0, "</s>": 1, "<unk>": 2, "red": 3, "dog": 4}
    plain: Any = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=plain, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)


def _sha256(file: Path) -> str:
    import hashlib

    return hashlib.sha256(file.read_bytes()).hexdigest()
