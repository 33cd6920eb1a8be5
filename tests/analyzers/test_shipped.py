"""The models that lie in the package: small, described, found by name, good enough to try."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.checkpoint import find_shipped, parse_weights
from analyzers.openclip import OpenClipEncoder
from analyzers.profiles import MODELS, Job, find_model, get_profile
from analyzers.registry import make_analyzers, make_encoder

MOST_BYTES, MOST_TOGETHER = 6_000_000, 24_000_000
ENCODER = "world"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def encoder() -> OpenClipEncoder:
    return OpenClipEncoder(ENCODER)


def list_files() -> list[Path]:
    """All that lies in the folders of `weights/`."""
    return [file for file in find_shipped("").glob("*/*") if file.is_file()]


def test_every_shipped_file_is_small_and_every_model_has_a_card() -> None:
    files = list_files()
    assert {file.parent.name for file in files} == {one.name for one in MODELS if one.is_shipped}
    sizes = [file.stat().st_size for file in files]
    assert max(sizes) < MOST_BYTES
    assert sum(sizes) < MOST_TOGETHER
    for model in MODELS:
        if model.is_shipped:
            folder = find_shipped(model.name)
            assert "gets wrong" in (folder / "README.md").read_text(encoding="utf-8")
            largest = max(file.stat().st_size for file in folder.iterdir())
            assert abs(model.size_bytes - largest) < 100_000


def test_weights_are_stored_in_half_precision(encoder: OpenClipEncoder) -> None:
    from safetensors import safe_open

    file = find_shipped(ENCODER) / "open_clip_model.safetensors"
    with safe_open(file, "np") as weights:
        kinds = {weights.get_slice(name).get_dtype() for name in weights.keys()}  # noqa: SIM118 - no mapping
    assert "F16" in kinds
    assert "F32" not in kinds


def test_a_shipped_model_is_named_by_itself_wherever_the_package_lies(
    encoder: OpenClipEncoder,
) -> None:
    assert encoder.space.encoder == ENCODER
    assert encoder.space.name.startswith("world.")
    assert parse_weights(ENCODER).path == find_shipped(ENCODER)
    assert make_encoder(encoder.space.encoder).space == encoder.space


def test_the_demo_profile_uses_it_and_needs_no_download() -> None:
    assert get_profile("demo").encoders == (ENCODER,)
    model = find_model(ENCODER)
    assert model is not None
    assert (model.job, model.hub, model.library) == (Job.ENCODE, None, None)
    (embed,) = make_analyzers("embed", "demo")
    assert embed.name.startswith("embed:world.")


def test_its_vocabulary_is_small_and_knows_whole_words(encoder: OpenClipEncoder) -> None:
    tokens = json.loads((find_shipped(ENCODER) / "tokenizer.json").read_text(encoding="utf-8"))
    assert len(tokens["model"]["vocab"]) <= 8000
    assert encoder.find_unknown_words("a red car on a snowy street at night") == ()
    assert encoder.find_unknown_words("a zeppelin in Timbuktu") == ("zeppelin", "Timbuktu")


def draw_shots(count: int) -> tuple[list[NDArray[np.uint8]], list[str]]:
    """One picture and the expert caption of shots of films and people that it never saw."""
    from bench.world.captions import write_captions
    from bench.world.film import draw_frame
    from bench.world.seen import describe
    from bench.world.story import plan_video

    pictures, captions = [], []
    for number in range(count):
        plan = plan_video(11, "test", number)
        truth = write_captions(describe(plan))
        at = 1 + number % (len(plan.shots) - 1)
        shot, told = plan.shots[at], truth.shots[at]
        if told.captions is not None:
            pictures.append(draw_frame(plan, shot, (shot.end_ms - shot.start_ms) // 80 * 40))
            captions.append(told.captions.expert)
    return pictures, captions


def test_it_finds_most_shots_of_unseen_films_by_their_caption(encoder: OpenClipEncoder) -> None:
    pictures, captions = draw_shots(60)
    cosines = encoder.encode_texts(captions) @ encoder.encode_images(pictures).T  # (n, n)
    ranks = (cosines > np.diagonal(cosines)[:, None]).sum(axis=1)
    assert (ranks < 3).mean() >= 0.8


def test_the_stated_range_holds_true_and_false_captions(encoder: OpenClipEncoder) -> None:
    pictures, captions = draw_shots(30)
    cosines = encoder.encode_texts(captions) @ encoder.encode_images(pictures).T
    bounds = encoder.space.text_range
    assert bounds.low < np.diagonal(cosines).mean() < bounds.high
    assert cosines.mean() < np.diagonal(cosines).mean() - 0.25 * (bounds.high - bounds.low)


def test_the_folder_is_packed_into_the_wheel() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["analyzers"]
    packed = {file for pattern in patterns for file in (ROOT / "analyzers").glob(pattern)}
    assert {file.resolve() for file in packed} >= {file.resolve() for file in list_files()}
