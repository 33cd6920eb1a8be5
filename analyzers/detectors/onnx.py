"""Any ONNX detector, on onnxruntime.

The model takes one input (n, 3, height, width) float32, n fixed to 1 or free, sizes fixed or free
(then 640), and answers in one of these layouts, which its outputs' names and shapes tell:

    boxes, scores, labels   (n, k, 4) x0 y0 x1 y1, (n, k), (n, k): finished; fractions of the input,
                            or px with the word `px`. A second input (n, 2), the picture's size as
                            in exports of RT-DETR and D-FINE, is fed ones: then they are fractions.
    logits, pred_boxes      (n, k, classes) before the sigmoid, (n, k, 4) middle and size as
                            fractions: exports of RT-DETR and D-FINE from transformers
    one (n, 4 + classes, k) or its transpose: middle and size in px, scores in [0, 1] (YOLOv8 kind)
    one (n, 5 + classes, k) the same with the score that anything is there (YOLOv5 kind)
    one (n, 5 + classes, rows, columns)   FastestDet

NanoDet and YOLOX as they are usually exported leave their grids to the reader and are none of
these: export them with the decoding inside. Classes are COCO's 80 unless the file's metadata
(`names`, a list or dict) or the word `names=FILE` say others. Pixels are 0 to 1, RGB (FastestDet:
BGR), stretched to the input (YOLO kinds: letterbox), unless words behind the path, or metadata of
the same names, say otherwise:

    FILE.onnx,score=0.6,names=FILE,mean=123.7/116.3/103.5,std=58.4/57.1/57.4,bgr,letterbox,px

Knows nothing of what the weights were trained on or under which licence they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.detector import Detections, collect_detections
from analyzers.detectors.layouts import Form, Layout, Raw, find_layout, suppress
from analyzers.detectors.vocabulary import (
    COCO_NAMES,
    clean_vocabulary,
    name_fully,
    parse_names,
    read_names,
)
from analyzers.detectors.words import Use, Words, read_metadata
from analyzers.error import LibraryMissing, ModelUnavailable
from analyzers.models import hash_file
from analyzers.onnx_session import first_line, open_session

BATCH = 8
FREE_PX = 640  # the size of an input that takes any
GREY = 114  # beside a picture that keeps its shape, as detectors of the YOLO kind were trained
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class _Opened:
    """A loaded model and how it is used."""

    session: Any
    layout: Layout
    form: Form
    names: tuple[str, ...]
    use: Use
    batch: int


class OnnxDetector:
    """A detector of an ONNX file.

    Args:
        file: the model.
        words: what is said of it beside its path.
        device: `cuda` uses the GPU where onnxruntime has its CUDA provider, else the CPU.
    """

    def __init__(self, file: Path, words: Words | None = None, *, device: str = "cpu") -> None:
        self._file, self._words, self._device = file, words or Words(), device

    @property
    def name(self) -> str:
        """The file's stem, 8 digits of its SHA-256, and the words."""
        self._see_file()
        said = str(self._words)
        if self._words.names is not None:
            said += f" {hash_file(self._words.names)[:8]}"
        return f"{self._file.stem}.{hash_file(self._file)[:8]} {said}".strip()

    @property
    def names(self) -> tuple[str, ...]:
        """`vocabulary/name` of each class; loads the model."""
        return self._opened.names

    def ensure_available(self) -> None:
        """Load the model; errors as in `Detector`."""
        self._see_file()
        _ = self._opened

    def detect(self, pictures: Sequence[Pixels]) -> list[Detections]:
        """What is in (h, w, 3) RGB pictures of any sizes.

        Raises:
            ModelUnavailable: the model cannot be run on them.
        """
        step = self._opened.batch
        return [
            one
            for start in range(0, len(pictures), step)
            for one in self._detect(pictures[start : start + step])
        ]

    def _detect(self, pictures: Sequence[Pixels]) -> list[Detections]:
        opened = self._opened
        size_px, keep_shape = opened.form.size_px, opened.use.letterbox
        fitted = [fit(one, size_px, keep_shape=keep_shape) for one in pictures]
        outputs = _run(opened, np.stack([each for each, _ in fitted]), self._file)
        raws = opened.layout.read(outputs, opened.form)
        return [_collect(raw, shown, opened) for raw, (_, shown) in zip(raws, fitted, strict=True)]

    def _see_file(self) -> None:
        if find_spec("onnxruntime") is None:
            raise LibraryMissing("ONNX detectors need onnxruntime: pip install 'shotseek[index]'")
        if not self._file.is_file():
            raise ModelUnavailable(f"--detector: there is no file {self._file}")

    @cached_property
    def _opened(self) -> _Opened:
        self._see_file()
        session = open_session(self._file, self._device)
        held = dict(session.get_modelmeta().custom_metadata_map)
        picture = session.get_inputs()[0].shape
        if len(picture) != 4 or picture[1] != 3:
            raise ModelUnavailable(
                f"{self._file} takes {picture}, not (n, 3, height, width): no detector?"
            )
        shapes = {
            one.name: tuple(size if isinstance(size, int) else None for size in one.shape)
            for one in session.get_outputs()
        }
        names = _find_names(self._words.names, held.get("names", ""), self._file)
        layout = find_layout(shapes, len(names))
        if layout is None:
            told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
            raise ModelUnavailable(
                f"{self._file} answers {told}: no layout of analyzers/detectors/onnx.py for "
                f"{len(names)} classes; for others give {self._file},names=FILE"
            )
        use = self._words.apply(read_metadata(held, self._file).apply(layout.use))
        height, width = (size if isinstance(size, int) else FREE_PX for size in picture[2:])
        form = Form((width, height), len(names), use.px)
        batch = 1 if isinstance(picture[0], int) else BATCH
        return _Opened(session, layout, form, names, use, batch)


def fit(
    picture: Pixels, size_px: tuple[int, int], *, keep_shape: bool
) -> tuple[Pixels, tuple[float, float, float, float]]:
    """The picture (h, w, 3) in this size, and which part of it shows it, as fractions.

    Averaged where it becomes smaller. With `keep_shape` grey fills what is left on both sides.
    """
    import cv2

    width, height = size_px
    inner = size_px
    if keep_shape:
        scale = min(width / picture.shape[1], height / picture.shape[0])
        inner = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    shrinks = inner[0] < picture.shape[1] or inner[1] < picture.shape[0]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(picture), inner, interpolation=way)
    if inner == size_px:
        return small, (0.0, 0.0, 1.0, 1.0)
    x, y = (width - inner[0]) // 2, (height - inner[1]) // 2
    whole = np.full((height, width, 3), GREY, np.uint8)
    whole[y : y + inner[1], x : x + inner[0]] = small
    return whole, (x / width, y / height, (x + inner[0]) / width, (y + inner[1]) / height)


def _run(opened: _Opened, pictures: Pixels, file: Path) -> dict[str, NDArray[np.generic]]:
    """The outputs of one batch (n, h, w, 3) by name."""
    first, *others = opened.session.get_inputs()
    fed: dict[str, NDArray[np.generic]] = {first.name: opened.use.prepare(pictures)}
    for one in others:
        kind = np.float32 if "float" in one.type else np.int64
        fed[one.name] = np.ones((len(pictures), 2), kind)
    names = [one.name for one in opened.session.get_outputs()]
    try:
        return dict(zip(names, opened.session.run(names, fed), strict=True))
    except Exception as error:  # of onnxruntime's own kinds, which share no base
        raise ModelUnavailable(f"{file} cannot be run: {first_line(error)}") from error


def _collect(raw: Raw, shown: tuple[float, float, float, float], opened: _Opened) -> Detections:
    """What stays of one picture, its boxes as fractions of the picture itself."""
    min_score = opened.use.score
    sure = np.flatnonzero((raw.scores >= min_score) & (raw.classes < len(opened.names)))
    sure = sure[raw.classes[sure] >= 0]
    some = Raw(raw.boxes[sure], raw.scores[sure], raw.classes[sure])
    if opened.layout.max_overlap is not None:
        stays = suppress(some, opened.layout.max_overlap)
        some = Raw(some.boxes[stays], some.scores[stays], some.classes[stays])
    x0, y0, x1, y1 = shown
    origin = np.array([x0, y0, x0, y0], np.float32)
    extent = np.array([x1 - x0, y1 - y0, x1 - x0, y1 - y0], np.float32)
    return collect_detections((some.boxes - origin) / extent, some.scores, some.classes, min_score)


def _find_names(file: Path | None, held: str, model: Path) -> tuple[str, ...]:
    """Those of the file, else those that the model's metadata hold, else COCO's."""
    names = read_names(file) if file is not None else parse_names(held) or COCO_NAMES
    return name_fully(names, clean_vocabulary((file or model).stem))
