"""Any ncnn face embedder, given by its `.param` file with the `.bin` beside it.

Takes 3 x 112 x 112, the network's first input, and gives its last output. Most such networks
prepare the pixels in their first layers and take RGB as it is, which is usual here too. Runs on the
CPU. Knows nothing of what the weights were trained on or under which licence they are. The one door
to ncnn.
"""

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

USUAL = Preparation()
MAGIC = b"7767517"  # the first line of a .param file


class NcnnFaceEmbedder:
    """A face embedder of two ncnn files.

    Args:
        param: the `.param` file.
        preparation: of the pixels; stands in the space's name where it is not the usual one.
    """

    def __init__(self, param: Path, preparation: Preparation = USUAL) -> None:
        self._param, self._preparation = param, preparation

    @cached_property
    def space(self) -> Space:
        """Named by the file's stem and the SHA-256 of both files together."""
        other = "" if self._preparation == USUAL else repr(self._preparation)
        self.ensure_available()
        name = name_space(self._param.stem, [self._param, self._bin], other)
        blank = np.zeros((CROP_PX, CROP_PX, 3), np.uint8)
        return make_space(name, self.encode_faces([blank]).shape[1])

    @property
    def gate(self) -> None:
        """Such files have no place to say it."""
        return None

    def ensure_available(self) -> None:
        """See that files and library are here; errors as in `FaceEmbedder`."""
        if find_spec("ncnn") is None:
            raise LibraryMissing("models of ncnn need its library: pip install 'shotseek[ncnn]'")
        for file in (self._param, self._bin):
            if not file.is_file():
                raise ModelUnavailable(f"--face-embedder: there is no file {file}")

    def encode_faces(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        """Crops to (n, dim) unit vectors; errors as in `_net`."""
        if not crops:
            return np.empty((0, self.space.dim), np.float32)
        return normalise(np.stack([self._run(crop) for crop in crops]))

    @property
    def _bin(self) -> Path:
        return self._param.with_suffix(".bin")

    def _run(self, crop: Crop) -> NDArray[np.float32]:
        import ncnn

        extractor = self._net.create_extractor()
        prepared = self._preparation.apply([crop])[0]
        # A view that does not keep the array alive, hence the name; and a copy, which ncnn aligns:
        # with AVX-512 it crashes on numpy's own memory.
        pixels = ncnn.Mat(prepared).clone()
        extractor.input(self._net.input_names()[0], pixels)
        failed, vector = extractor.extract(self._net.output_names()[-1])
        if failed:
            raise ModelUnavailable(f"{self._param} gives nothing for a face: no face embedder?")
        return np.array(vector, np.float32).ravel()

    @cached_property
    def _net(self) -> Any:
        """The loaded network.

        Raises:
            ModelUnavailable: the files hold none.
        """
        import ncnn

        if not self._param.read_bytes()[:64].startswith(MAGIC):  # ncnn would print and go on
            raise ModelUnavailable(f"{self._param} is no .param file of ncnn")
        net = ncnn.Net()
        net.opt.use_vulkan_compute = False
        net.opt.num_threads = 1  # its threads wait in busy loops for each of many small layers
        if net.load_param(str(self._param)) or net.load_model(str(self._bin)):
            raise ModelUnavailable(f"{self._param} or {self._bin} cannot be loaded by ncnn")
        return net
