"""Finds the faces of the made world in pictures, by its detector of persons, faces and things.

The made world is what the project draws itself; of photographs it knows nothing. Its faces are
heads without hair and hat, from the front and from both sides.

**Landmarks are no eyes and mouths here.** They are points that belong to the box alone, placed so
that the aligned crop of `face_embedder` shows the head with hair and hat: in drawn people those
tell more than the features within the face. Hence `face_quality` knows no pose here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.detectors.onnx import fit
from analyzers.error import LibraryMissing, ModelUnavailable
from analyzers.face_detector import Faces
from analyzers.face_embedder import CROP_PX, TEMPLATE
from analyzers.models import hash_file
from analyzers.onnx_session import open_session

HEAD = 1.8  # how large the aligned crop is, times the longer side of a face
OUTPUTS = ["face_boxes", "face_scores"]  # (n, k, 4) fractions of the input, (n, k)
FACE_SCORE = "face_score"  # of the file's metadata: from which on a face is believed


def place_landmarks(boxes: NDArray[np.floating], size_px: tuple[int, int]) -> NDArray[np.float32]:
    """Five points (n, 5, 2) that bring the head into the aligned crop, for boxes (n, 4).

    Both are fractions of a picture that is `size_px` wide and high.
    """
    size = np.array(size_px, np.float64)
    box_px = np.asarray(boxes, np.float64).reshape(-1, 2, 2) * size
    middle = box_px.mean(axis=1)  # (n, 2)
    side = HEAD * (box_px[:, 1] - box_px[:, 0]).max(axis=1)  # (n,)
    inside = np.array(TEMPLATE) / CROP_PX - 0.5  # (5, 2)
    points = middle[:, None] + side[:, None, None] * inside
    return np.asarray(points / size, np.float32)


class WorldFaceDetector:
    """The faces that the detector of the made world finds.

    Args:
        file: as `shotseek bench train detector` writes it; `OnnxDetector` finds persons and things
            by the same file.
        min_score: of a face; the model's own if None.
    """

    def __init__(self, file: Path, *, min_score: float | None = None) -> None:
        self._file, self._min_score = file, min_score

    @property
    def name(self) -> str:
        """`world.` and 8 digits of the SHA-256 of the weights."""
        return f"world.{hash_file(self._file)[:8]}"

    def ensure_available(self) -> None:
        """See that the file and what runs it are here; errors as in `FaceDetector`."""
        if find_spec("onnxruntime") is None:
            raise LibraryMissing("faces need onnxruntime: pip install 'shotseek[index]'")
        if not self._file.is_file():
            raise ModelUnavailable(f"the detector of the made world: there is no file {self._file}")

    def find_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Faces]:
        """The faces of (h, w, 3) RGB pictures of any sizes.

        Raises:
            ModelUnavailable: the file cannot be used.
        """
        return [self._find(picture) for picture in pictures]

    def _find(self, picture: NDArray[np.uint8]) -> Faces:
        opened = self._opened
        shown, (x0, y0, x1, y1) = fit(picture, opened.size_px, keep_shape=True)
        fed = {opened.input: shown.transpose(2, 0, 1)[None].astype(np.float32)}
        boxes, scores = (each[0] for each in opened.session.run(OUTPUTS, fed))
        extent = np.array([x1 - x0, y1 - y0] * 2, np.float32)
        placed = ((boxes - np.array([x0, y0] * 2, np.float32)) / extent).clip(0, 1)
        least = opened.min_score if self._min_score is None else self._min_score
        kept = np.flatnonzero((scores >= least) & (placed[:, :2] < placed[:, 2:]).all(axis=1))
        found = placed[kept[np.argsort(-scores[kept], kind="stable")]]
        points = place_landmarks(found, (picture.shape[1], picture.shape[0]))
        return Faces(found, np.sort(scores[kept])[::-1], points)

    @cached_property
    def _opened(self) -> "_Opened":
        self.ensure_available()
        session = open_session(self._file)
        (picture,) = session.get_inputs()
        held = session.get_modelmeta().custom_metadata_map
        if FACE_SCORE not in held or len(picture.shape) != 4:
            raise ModelUnavailable(
                f"{self._file} is no detector of the made world: it does not say from which "
                f"{FACE_SCORE} on a face is believed"
            )
        height, width = picture.shape[2:]
        return _Opened(session, picture.name, (width, height), float(held[FACE_SCORE]))


@dataclass(frozen=True, eq=False)
class _Opened:
    """The loaded model."""

    session: Any
    input: str
    size_px: tuple[int, int]
    min_score: float
