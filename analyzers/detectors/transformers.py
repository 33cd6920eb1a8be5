"""Detectors of transformers: D-FINE, RT-DETR and their kin, known by name or of a folder.

A folder holds `config.json`, the weights and `preprocessor_config.json`, as `save_pretrained` lays
them; the model's own processor prepares pictures and reads boxes. Computed in float32 everywhere.
D-FINE is of Peng et al., "D-FINE: Redefine Regression Task in DETRs as Fine-grained Distribution
Refinement", 2024, RT-DETR of Zhao et al., "DETRs Beat YOLOs on Real-time Object Detection", 2024;
weights under Apache-2.0. Knows nothing of what a folder's weights were trained on.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.detector import Detections, collect_detections
from analyzers.detectors.vocabulary import clean_vocabulary, name_fully
from analyzers.error import LibraryMissing, ModelUnavailable
from analyzers.models import get_weights, hash_file
from analyzers.profiles import Job, find_model

BATCHES = {"cpu": 4, "cuda": 32}  # pictures
MIN_SCORE = 0.5
CONFIG, PROCESSOR = "config.json", "preprocessor_config.json"
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_DIGITS = 8
_PLACEHOLDER = "n/a"  # a number that no class has


@dataclass(frozen=True, eq=False)
class _Loaded:
    """A model ready for use."""

    model: Any
    processor: Any
    names: tuple[str, ...]
    real: NDArray[np.bool_]  # (classes,) whether a number has a class


class TransformersDetector:
    """A detector that transformers loads.

    Args:
        spec: the name of a known model, or a folder.
        min_score: below it nothing is believed; None for the usual.
        device: `cpu` or `cuda`.
    """

    def __init__(self, spec: str, *, min_score: float | None = None, device: str = "cpu") -> None:
        self._spec, self._device = spec, device
        self._min_score = MIN_SCORE if min_score is None else min_score

    @property
    def name(self) -> str:
        """The model's or folder's name, 8 digits of a hash of its files, and the score if said."""
        files = [*sorted(self._find_weights()), self._folder / CONFIG, self._folder / PROCESSOR]
        lines = "\n".join(hash_file(file) for file in files)
        digits = hashlib.sha256(lines.encode()).hexdigest()[:_DIGITS]
        said = "" if self._min_score == MIN_SCORE else f" score={self._min_score:g}"
        return f"{self._stem}.{digits}{said}"

    @property
    def names(self) -> tuple[str, ...]:
        """`vocabulary/name` of each class; loads the model."""
        return self._loaded.names

    def ensure_available(self) -> None:
        """Fetch a known model, load a folder's; errors as in `Detector`."""
        self._see_library()
        _ = self._loaded if find_model(self._spec) is None else self._folder

    def detect(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        """What is in (h, w, 3) RGB pictures of any sizes.

        Raises:
            ModelUnavailable: the weights cannot be had or hold no detector.
        """
        step = BATCHES.get(self._device, BATCHES["cpu"])
        return [
            one
            for start in range(0, len(pictures), step)
            for one in self._detect(pictures[start : start + step])
        ]

    def _detect(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        import torch

        loaded = self._loaded
        tensors = [
            torch.from_numpy(np.ascontiguousarray(one).transpose(2, 0, 1)) for one in pictures
        ]
        fed = loaded.processor(
            images=tensors,
            input_data_format="channels_first",
            return_tensors="pt",
            device=self._device,
        )
        with torch.inference_mode():
            outputs = loaded.model(**fed.to(self._device))
            found = loaded.processor.post_process_object_detection(
                outputs, threshold=self._min_score, target_sizes=[(1, 1)] * len(pictures)
            )
        return [self._collect(one) for one in found]

    def _collect(self, found: Any) -> Detections:
        boxes, scores, classes = (
            found[key].float().cpu().numpy() for key in ("boxes", "scores", "labels")
        )
        numbers = classes.astype(np.int64)
        real = self._loaded.real[numbers]
        return collect_detections(boxes[real], scores[real], numbers[real], self._min_score)

    @property
    def _stem(self) -> str:
        return self._spec if find_model(self._spec) else Path(self._spec).resolve().name

    @cached_property
    def _folder(self) -> Path:
        if find_model(self._spec) is not None:
            own = "--detector FOLDER (or FILE.onnx)"
            return get_weights(self._spec, Job.FIND_OBJECTS, own).parent
        folder = Path(self._spec)
        for name in (CONFIG, PROCESSOR):
            if not (folder / name).is_file():
                raise ModelUnavailable(f"--detector {self._spec}: there is no {folder / name}")
        return folder

    def _find_weights(self) -> list[Path]:
        found = [file for pattern in _WEIGHTS for file in self._folder.glob(pattern)]
        if not found:
            raise ModelUnavailable(f"--detector {self._spec}: no weights lie in {self._folder}")
        return found

    def _see_library(self) -> None:
        if find_spec("transformers") is None:
            raise LibraryMissing("this detector needs transformers: pip install 'shotseek[index]'")

    @cached_property
    def _loaded(self) -> _Loaded:
        self._see_library()
        self._find_weights()
        try:
            model, processor = _load(self._folder)
        except ModelUnavailable:
            raise
        except Exception as error:  # whatever transformers or torch say of the files
            line = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise ModelUnavailable(
                f"--detector {self._spec}: {self._folder} cannot be loaded: {line}"
            ) from error
        labels = model.config.id2label
        names = [str(labels[number]) for number in range(len(labels))]
        real = np.array([name.casefold() != _PLACEHOLDER for name in names])
        full = name_fully(names, clean_vocabulary(self._stem))
        return _Loaded(model.to(self._device).eval(), processor, full, real)


def _load(folder: Path) -> tuple[Any, Any]:
    import torch
    from transformers import AutoImageProcessor, AutoModelForObjectDetection

    with _silence():
        model, told = AutoModelForObjectDetection.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
        )
    if told["missing_keys"] or told["mismatched_keys"]:
        lacking = len(told["missing_keys"]) + len(told["mismatched_keys"])
        raise ModelUnavailable(f"{folder}: {lacking} weights of its {CONFIG} are not in its files")
    return model, AutoImageProcessor.from_pretrained(folder, local_files_only=True)


@contextmanager
def _silence() -> Iterator[None]:
    """Loading shows no bar of its own and complains of nothing that is judged here."""
    from transformers.utils import logging

    level, had_bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if had_bar:
            logging.enable_progress_bar()
