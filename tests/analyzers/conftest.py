"""What the tests of analyzers share: a small open_clip model with random weights, and clips."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Clip, Container, Cue, Picture, SideCar, Sound
from analyzers.face_detector import FaceDetector, Faces
from analyzers.face_embedder import CROP_PX, TEMPLATE, make_space, normalise
from analyzers.faces import FacesAnalyzer
from analyzers.finding import Embedding, Finding, Label, Measure
from analyzers.objects import ObjectsAnalyzer
from tests.analyzers.small_detectors import LightSides

TINY = {
    "model_cfg": {
        "embed_dim": 48,
        "vision_cfg": {
            "image_size": 64,
            "layers": 2,
            "width": 64,
            "patch_size": 16,
            "head_width": 32,
        },
        "text_cfg": {
            "context_length": 24,
            "vocab_size": 49408,
            "width": 32,
            "heads": 2,
            "layers": 2,
        },
    },
    "preprocess_cfg": {
        "mean": [0.5, 0.4, 0.3],
        "std": [0.2, 0.3, 0.4],
        "interpolation": "bilinear",
        "resize_mode": "squash",
    },
}


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `local-dir:` with a model of two layers and random weights."""
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "open_clip_config.json").write_text(json.dumps(TINY), encoding="utf-8")
    with torch.random.fork_rng():
        torch.manual_seed(7)
        model = CLIP(**TINY["model_cfg"])
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return folder


@pytest.fixture(scope="session")
def pictures() -> list[NDArray[np.uint8]]:
    """Pictures of many sizes and contents: plain, noisy, striped, one pixel, very flat."""
    random = np.random.default_rng(3)
    sizes = [(48, 64), (90, 31), (1, 1), (2, 300), (240, 320), (64, 64)]
    noisy = [random.integers(0, 256, (*size, 3), np.uint8) for size in sizes]
    ramp = np.linspace(0, 255, 160).astype(np.uint8)
    striped = np.stack([np.tile(ramp, (120, 1)), np.tile(ramp[::-1], (120, 1))] * 2, -1)
    plain = [np.full((36, 52, 3), colour, np.uint8) for colour in ((220, 20, 20), (0, 0, 0))]
    return [*noisy, np.ascontiguousarray(striped[..., :3]), *plain]


class LightPatch:
    """Takes the light part of a picture for a face, if it is in the middle of something darker."""

    name = "light-patch"

    def ensure_available(self) -> None:
        """Nothing is needed."""

    def find_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Faces]:
        """At most one face a picture."""
        return [self._find(picture) for picture in pictures]

    def _find(self, picture: NDArray[np.uint8]) -> Faces:
        size = np.array(picture.shape[1::-1], np.float32)
        rows, columns = np.nonzero(picture.mean(axis=2) > 150)
        whole = len(rows) in (0, picture.shape[0] * picture.shape[1])
        if whole:
            return Faces(np.empty((0, 4)), np.empty(0), np.empty((0, 5, 2)))
        low = np.array([columns.min(), rows.min()]) / size
        high = np.array([columns.max() + 1, rows.max() + 1]) / size
        box = np.concatenate([low, high]).astype(np.float32)
        points = low + np.array(TEMPLATE) / CROP_PX * (high - low)
        return Faces(box[None], np.array([0.9], np.float32), points[None].astype(np.float32))


class Thumbnail:
    """A face's colours in 4 x 4 squares, about their mean."""

    space = make_space("faces.thumbnail.00000000", 48)

    def ensure_available(self) -> None:
        """Nothing is needed."""

    def encode_faces(self, crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Crops to (n, 48)."""
        if not crops:
            return np.empty((0, 48), np.float32)
        squares = np.stack(crops).reshape(-1, 4, 28, 4, 28, 3).mean(axis=(2, 4)).reshape(-1, 48)
        return normalise((squares - squares.mean(axis=1, keepdims=True)).astype(np.float32))


@pytest.fixture(scope="session")
def make_plain_faces() -> Callable[..., FacesAnalyzer]:
    """The analyzer of faces with small models that need no weights."""

    def make(*, frames_per_second: float | None = None) -> FacesAnalyzer:
        return FacesAnalyzer(LightPatch(), Thumbnail(), frames_per_second=frames_per_second)

    return make


@pytest.fixture(scope="session")
def light_patch() -> FaceDetector:
    """A detector that needs no weights."""
    return LightPatch()


@pytest.fixture(scope="session")
def make_plain_objects() -> Callable[..., ObjectsAnalyzer]:
    """The analyzer of objects with a detector that needs no weights."""

    def make(*, frames_per_second: float | None = None) -> ObjectsAnalyzer:
        return ObjectsAnalyzer(LightSides(), frames_per_second=frames_per_second)

    return make


@pytest.fixture(scope="session")
def write_on() -> Callable[[str], NDArray[np.uint8]]:
    """A white picture with black text on it."""
    from PIL import Image, ImageDraw, ImageFont

    def write(text: str) -> NDArray[np.uint8]:
        picture = Image.new("RGB", (480, 120), "white")
        ImageDraw.Draw(picture).text((20, 40), text, "black", ImageFont.load_default(36))
        return np.asarray(picture)

    return write


@pytest.fixture(scope="session")
def clips(
    pictures: list[NDArray[np.uint8]], write_on: Callable[[str], NDArray[np.uint8]]
) -> list[Clip]:
    """Clips of all kinds: with everything, with nothing, with tiny pictures, not from time 0."""
    bare = Clip(5_000, 9_000, shots=((5_000, 9_000),))
    full = Clip(
        2_000,
        12_000,
        shots=((2_000, 7_000), (7_000, 12_000)),
        keyframes=_spread(2_000, 12_000, [write_on("HELLO WORLD"), pictures[6]]),
        frames=_spread(2_000, 12_000, pictures[:1] * 10),
        sound=Sound(2_000, 16_000, np.sin(np.arange(160_000) / 9).astype(np.float32)),
        container=CONTAINER,
        cues=(Cue(2_500, 4_000, "hello"), Cue(11_000, 14_000, "beyond the end", "en")),
        side_cars=(SideCar("film.en.srt", "1\n00:00:03,000 --> 00:00:05,000\ngood morning\n"),),
        findings=(*_faces(2_000, 7_000), *_persons(2_000, 12_000)),
    )
    tiny = Clip(0, 40, shots=((0, 40),), keyframes=_spread(0, 40, [pictures[2], pictures[3]]))
    silent = Clip(
        0,
        900,
        shots=((0, 900),),
        keyframes=_spread(0, 900, [pictures[7], pictures[8], write_on("42")]),
        sound=Sound(0, 16_000, np.empty(0, np.float32)),
        container=CONTAINER,
    )
    return [full, bare, tiny, silent]


CONTAINER = Container(
    "my film.mp4", "mov,mp4", "h264", 640, 360, 25.0, 12_000, 400_000, 0, (("title", "A day"),)
)


def _faces(start_ms: int, end_ms: int) -> tuple[Finding, ...]:
    """What an analyzer of faces says of two that are seen at once."""
    vectors = np.eye(2, 48, dtype=np.float32)
    return tuple(
        finding
        for track, vector in zip("ab", vectors, strict=True)
        for finding in (
            Embedding(start_ms, end_ms, "faces.thumbnail.00000000", vector, track=track),
            Measure(start_ms, end_ms, "face_quality", 50.0),
        )
    )


def _persons(start_ms: int, end_ms: int) -> tuple[Finding, ...]:
    """What an analyzer of objects says of somebody in both keyframes."""
    middle = (start_ms + end_ms) // 2
    return tuple(
        Label(*span, "coco", "person", 0.9, (0.2, 0.1, 0.6, 1.0), "coco/person-2000-0")
        for span in ((start_ms, middle), (middle, end_ms))
    )


def _spread(start_ms: int, end_ms: int, shown: list[NDArray[np.uint8]]) -> tuple[Picture, ...]:
    """Pictures whose spans partition the stretch."""
    edges = np.linspace(start_ms, end_ms, len(shown) + 1).astype(int).tolist()
    spans = zip(edges, edges[1:], shown, strict=False)
    return tuple(Picture((a + b) // 2, a, b, pixels) for a, b, pixels in spans)
