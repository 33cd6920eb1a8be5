"""A network that tells from one crop of a person what it does, as an ONNX file.

Input (n, 3, size, size) float32, RGB, 0 to 255; output `scores` (n, a), each action by itself, 0
to 1. The file's metadata say `names` (a JSON list of `vocabulary/name`) and, where they differ,
`around` (the crop's side, times the longer side of the box), `mean` and `std` of pixels.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.action_model import CropForm, SeenPerson
from analyzers.error import ModelUnavailable
from analyzers.models import hash_file
from analyzers.onnx_session import first_line, open_session

LEAST = 0.2  # searches rank by the score, so doubtful ones are kept
BATCH = 64


@dataclass(frozen=True, eq=False)
class _Opened:
    session: Any
    input: str
    names: tuple[str, ...]
    crop: CropForm
    mean: float
    std: float


class CropHead:
    """What one crop tells.

    Args:
        file: the ONNX file.
        device: `cuda` uses the GPU where onnxruntime has its CUDA provider, else the CPU.
    """

    window = 1
    wants_whole = False
    least = LEAST

    def __init__(self, file: Path, device: str = "cpu") -> None:
        self._file, self._device = file, device

    @property
    def name(self) -> str:
        """The file's stem and 8 digits of its SHA-256."""
        if not self._file.is_file():
            raise ModelUnavailable(f"{self._file}: no such file; give the model of actions' path")
        return f"{self._file.stem}.{hash_file(self._file)[:8]}"

    @property
    def names(self) -> tuple[str, ...]:
        """As the file says; loads it."""
        return self._opened.names

    @property
    def crop(self) -> CropForm:
        """As the file's input and metadata say; loads it."""
        return self._opened.crop

    def ensure_available(self) -> None:
        """Load the file; errors as in `ActionModel`."""
        _ = self.name, self._opened

    def tell(self, windows: Sequence[Sequence[SeenPerson]]) -> NDArray[np.float32]:
        """(n, a).

        Raises:
            ModelUnavailable: the network cannot be run.
        """
        opened = self._opened
        scores = [np.zeros((0, len(opened.names)), np.float32)]
        for start in range(0, len(windows), BATCH):
            crops = np.stack([one.crop for (one,) in windows[start : start + BATCH]])
            pixels = (crops.transpose(0, 3, 1, 2).astype(np.float32) - opened.mean) / opened.std
            try:
                (answer,) = opened.session.run(["scores"], {opened.input: pixels})
            except Exception as error:  # of onnxruntime's own kinds, which share no base
                raise ModelUnavailable(f"{self._file}: {first_line(error)}") from error
            if answer.shape != (len(crops), len(opened.names)):
                raise ModelUnavailable(f"{self._file}: scores {answer.shape} fit no list of names")
            scores.append(np.clip(answer, 0, 1).astype(np.float32))
        return np.concatenate(scores)

    @cached_property
    def _opened(self) -> _Opened:
        session = open_session(self._file, self._device)
        (given,) = session.get_inputs()
        said = session.get_modelmeta().custom_metadata_map
        if not isinstance(given.shape[-1], int):
            raise ModelUnavailable(f"{self._file}: the input's size must be fixed")
        form = CropForm(given.shape[-1], self._number(said, "around", 1.25))
        pixels = self._number(said, "mean", 0), self._number(said, "std", 1)
        return _Opened(session, given.name, self._read_names(said), form, *pixels)

    def _read_names(self, said: Mapping[str, str]) -> tuple[str, ...]:
        try:
            names = json.loads(said["names"])
        except (KeyError, ValueError) as error:
            raise ModelUnavailable(f"{self._file}: its metadata list no `names`") from error
        if not isinstance(names, list) or not all("/" in str(one) for one in names):
            raise ModelUnavailable(f"{self._file}: `names` must be a list of vocabulary/name")
        return tuple(str(one) for one in names)

    def _number(self, said: Mapping[str, str], key: str, usual: float) -> float:
        try:
            return float(said.get(key, usual))
        except ValueError as error:
            raise ModelUnavailable(f"{self._file}: `{key}` is no number: {said[key]}") from error
