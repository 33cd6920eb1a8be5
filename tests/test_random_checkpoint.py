"""A checkpoint with random weights goes the way of the real ones: from the flag to hits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.collection import Collection
from search.engine import SearchEngine
from search.leaves.image import ImageLeaf
from search.options import SearchOptions
from search.query import Query

pytestmark = pytest.mark.slow

Run = Callable[..., Any]
ARCHITECTURE = "ViT-S-32-alt"  # the smallest that open_clip lists
NAMES = (
    "sam2/02_cups.mp4",
    "sam2/01_dog.mp4",
    "intel/car-detection.mp4",
    "moviepy/chaplin.mp4",
    "moviepy/big_buck_bunny_0_30.webm",
    "pyscenedetect/testvideo.mp4",
    "ffmpeg-python/in.mp4",
)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import open_clip
    import torch

    file: Path = tmp_path_factory.mktemp("weights") / "random.pt"
    with torch.random.fork_rng():
        torch.manual_seed(11)
        torch.save(open_clip.create_model(ARCHITECTURE).state_dict(), file)
    return file


@pytest.fixture(scope="module")
def collection(
    shotseek: Run, material: Path, checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder: Path = tmp_path_factory.mktemp("random") / "c"
    files = [material / "videos" / name for name in NAMES]
    flags = ("--encoder", f"{ARCHITECTURE}:{checkpoint}", "--analyzers", "embed", "--json")
    ran = shotseek("index", *files, *flags, "--collection", folder)
    assert ran.code == 0, ran.err
    assert [name.partition(":")[0] for name in ran.json["seconds"]["analyzers"]] == ["embed"]
    return folder


def test_stored_vectors_are_those_of_open_clip(collection: Path, checkpoint: Path) -> None:
    import open_clip
    import torch
    from PIL import Image

    model, _, prepare = open_clip.create_model_and_transforms(
        ARCHITECTURE, pretrained=str(checkpoint)
    )
    model.eval()
    with Collection.open_(collection) as opened:
        video = opened.find_video("chaplin.mp4")
        found = opened.find_findings(video)
        times = [each.time_ms for each in opened.catalog.find_keyframes(video)]
        pictures = [Image.open(opened.pictures(video) / f"{time}.jpg") for time in times]
    with torch.inference_mode():
        rows = model.encode_image(torch.stack([prepare(picture) for picture in pictures]))
    theirs = torch.nn.functional.normalize(rows, dim=-1).numpy()
    ours = np.stack([each.vector for each in found])  # type: ignore[union-attr]
    assert np.abs(ours - theirs).max() < 1e-4


def test_a_keyframe_finds_its_own_shot_first(collection: Path) -> None:
    with Collection.open_(collection) as opened:
        asked = [
            (video.name, shot.start_ms, opened.pictures(video) / f"{keyframe.time_ms}.jpg")
            for video in opened.catalog.find_videos()
            for shot in opened.catalog.find_shots(video)[:2]
            for keyframe in opened.catalog.find_keyframes(video)
            if keyframe.shot == shot.number
        ]
    engine = SearchEngine(collection)
    one_each = {(name, start): picture for name, start, picture in asked}
    for (name, start), picture in one_each.items():
        query = Query(root=ImageLeaf.of(picture.read_bytes(), picture.name))
        first = engine.search(query, SearchOptions(k=1)).hits[0]
        assert (first.video, first.start_ms) == (name, start)


def test_words_are_encoded_by_the_same_model(shotseek: Run, collection: Path) -> None:
    ran = shotseek("search", "a woman with red cups", "--collection", collection, "--json")
    assert ran.json["space"].startswith(f"{ARCHITECTURE}.")
    assert len(ran.json["hits"]) > 5


def test_another_model_under_the_stored_name_is_refused(
    shotseek: Run, collection: Path, checkpoint: Path
) -> None:
    changed = bytearray(checkpoint.read_bytes())
    import torch

    state = torch.load(checkpoint, weights_only=True)
    name = next(iter(state))
    state[name] = state[name] + 1
    torch.save(state, checkpoint)
    try:
        ran = shotseek("search", "red cups", "--collection", collection, "--json")
    finally:
        checkpoint.write_bytes(bytes(changed))
    assert ran.code == 2
    assert "space" in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_weights_that_cannot_be_had_stop_before_any_work(
    shotseek: Run, material: Path, tmp_path: Path
) -> None:
    environment = {"HF_HOME": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1"}
    folder = tmp_path / "c"
    ran = shotseek("index", material / "videos" / NAMES[0], "--collection", folder, env=environment)
    assert ran.code == 2
    assert not folder.exists()
    for way_out in ("models fetch", "--encoder", "--profile demo", "SigLIP2"):
        assert way_out in ran.err
