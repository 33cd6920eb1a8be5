"""Any ONNX face embedder, on onnxruntime.

The model takes (n, 3, 112, 112) float32, n fixed to 1 or free, and gives (n, dim). ArcFace models
of insightface (`w600k_r50.onnx`, `glintr100.onnx`) take RGB with mean 127.5 and standard deviation
127.5, the usual preparation; others say theirs after the path, see `face_embedders`. Metadata of
the file may hold `gate`: the cosine, on average over the pairs of two groups of tracks, from which
on both are one person. Knows nothing of what the weights were trained on or under which licence
they are.
"""

import math
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.error import LibraryMissing, ModelUnavailable
from analyzers.face_embedder import (
    CROP_PX,
    Crop,
    Preparation,
    make_space,
    name_space,
    normalise,
)
from analyzers.onnx_session import open_session

USUAL = Preparation(mean=127.5, std=127.5)
BATCH = 32
GATE = "gate"


class OnnxFaceEmbedder:
    """A face embedder of an ONNX file.

    Args:
        file: the model.
        preparation: of the pixels; stands in the space's name where it is not the usual one.
        device: `cuda` uses the GPU where onnxruntime has its CUDA provider, else the CPU.
    """

    def __init__(
        self, file: Path, preparation: Preparation = USUAL, *, device: str = "cpu"
    ) -> None:
        self._file, self._preparation, self._device = file, preparation, device

    @cached_property
    def space(self) -> Space:
        """Named by the file's stem and its SHA-256."""
        other = "" if self._preparation == USUAL else repr(self._preparation)
        blank = np.zeros((CROP_PX, CROP_PX, 3), np.uint8)
        self.ensure_available()
        name = name_space(self._file.stem, [self._file], other)
        return make_space(name, self.encode_faces([blank]).shape[1])

    @property
    def gate(self) -> float | None:
        """What the file's metadata say.

        Raises:
            ModelUnavailable: they say what is no cosine.
        """
        said = self._session.get_modelmeta().custom_metadata_map.get(GATE)
        try:
            gate = None if said is None else float(said)
        except ValueError:
            gate = math.nan
        if gate is not None and not -1 <= gate <= 1:
            raise ModelUnavailable(f"{self._file} says {GATE} {said!r}, which is no cosine")
        return gate

    def ensure_available(self) -> None:
        """See that file and library are here; errors as in `FaceEmbedder`."""
        if find_spec("onnxruntime") is None:
            raise LibraryMissing("faces need onnxruntime: pip install 'shotseek[index]'")
        if not self._file.is_file():
            raise ModelUnavailable(f"--face-embedder: there is no file {self._file}")

    def encode_faces(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        """Crops to (n, dim) unit vectors; errors as in `_session`."""
        if not crops:
            return np.empty((0, self.space.dim), np.float32)
        step = BATCH if not isinstance(self._input.shape[0], int) else 1
        parts = [
            self._run(self._preparation.apply(crops[start : start + step]))
            for start in range(0, len(crops), step)
        ]
        return normalise(np.concatenate(parts))

    def _run(self, prepared: NDArray[np.float32]) -> NDArray[np.float32]:
        (first, *_) = self._session.run(None, {self._input.name: prepared})
        vectors = np.asarray(first, np.float32)
        return vectors.reshape(len(prepared), -1)

    @property
    def _input(self) -> Any:
        return self._session.get_inputs()[0]

    @cached_property
    def _session(self) -> Any:
        """The loaded model.

        Raises:
            ModelUnavailable: the file holds none that takes such crops.
        """
        session = open_session(self._file, self._device)
        shape = session.get_inputs()[0].shape
        fixed = [size for size in shape[1:] if isinstance(size, int)]
        if len(shape) != 4 or not set(fixed) <= {3, CROP_PX}:
            raise ModelUnavailable(
                f"{self._file} takes {shape}, not (n, 3, {CROP_PX}, {CROP_PX}): no face embedder?"
            )
        return session
