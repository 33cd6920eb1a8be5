"""SFace of the OpenCV model zoo, the default face embedder.

Zhong et al., "SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition", 2021;
weights under Apache-2.0, 128 dimensions. Takes RGB as it is, 0 to 255. OpenCV's `FaceRecognizerSF`
runs the same network on one crop at a time; here it runs on onnxruntime, as every other ONNX model.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.face_embedder import Crop, Preparation, make_space, name_space
from analyzers.face_embedders.onnx import OnnxFaceEmbedder
from analyzers.models import get_weights
from analyzers.profiles import SFACE, Job

PIXELS_AS_THEY_ARE = Preparation()


class SFaceEmbedder:
    """SFace, fetched by name or of a file.

    Args:
        spec: `sface`, or the path of its ONNX file.
        device: as of `OnnxFaceEmbedder`.
    """

    def __init__(self, spec: str = SFACE, *, device: str = "cpu") -> None:
        self._spec, self._device = spec, device

    @cached_property
    def space(self) -> Space:
        """`faces.sface.` and 8 digits of the SHA-256 of the weights."""
        return make_space(name_space(SFACE, [self._weights]), self._network.space.dim)

    @property
    def gate(self) -> float | None:
        """What the file says; the published one says nothing."""
        return self._network.gate

    def ensure_available(self) -> None:
        """Fetch the weights if they are not here; errors as in `FaceEmbedder`."""
        self._network.ensure_available()

    def encode_faces(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        """Crops to (n, 128) unit vectors."""
        return self._network.encode_faces(crops)

    @cached_property
    def _weights(self) -> Path:
        return get_weights(self._spec, Job.TELL_FACES, f"--face-embedder {SFACE}:FILE")

    @cached_property
    def _network(self) -> OnnxFaceEmbedder:
        return OnnxFaceEmbedder(self._weights, PIXELS_AS_THEY_ARE, device=self._device)
