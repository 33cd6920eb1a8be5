"""Finds faces with their five landmarks in pictures, by YuNet.

The one door to the face modules of OpenCV. YuNet (Wu et al., "YuNet: A Tiny Millisecond-level Face
Detector", 2023; weights under MIT) runs on the CPU. Knows nothing of who a face is, of tracks, of
where pictures come from. What it takes for a face may be a drawing or a statue of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analyzers.error import LibraryMissing, ModelUnavailable, SettingsError
from analyzers.models import get_weights, hash_file
from analyzers.profiles import Job

LONGEST_PX = 1280  # larger pictures are looked at in this size
MIN_SCORE = 0.65  # below it hands and elbows begin
MAX_OVERLAP = 0.3  # IoU of two boxes that are two faces
MOST_BOXES = 5000  # looked at in one picture before those that overlap are thrown away
LANDMARKS = 5  # right eye, left eye, nose, right and left corner of the mouth, as the person's own
SUFFIX = ".onnx"


@dataclass(frozen=True, eq=False)
class Faces:
    """The faces of one picture, best first, as arrays side by side."""

    boxes: NDArray[np.float32]  # (n, 4) x0, y0, x1, y1, fractions inside the picture
    scores: NDArray[np.float32]  # (n,) in [0, 1]
    landmarks: NDArray[np.float32]  # (n, 5, 2) fractions; they may lie outside the picture

    def __len__(self) -> int:
        return len(self.scores)


class FaceDetector(Protocol):
    """Finds the faces of pictures: batch in, batch out, same order.

    Construction is cheap; weights load at first use.
    """

    @property
    def name(self) -> str:
        """Names model and weights; may read the weights."""

    def ensure_available(self) -> None:
        """Fetch the weights if they are not here.

        Raises:
            ModelUnavailable: they cannot be had.
            LibraryMissing: what runs them is not installed.
        """

    def find_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Faces]:
        """The faces of (h, w, 3) RGB pictures of any sizes."""


class YunetDetector:
    """YuNet by `FaceDetectorYN` of OpenCV.

    Args:
        spec: `yunet`, or the path of such a model: outputs cls, obj, bbox and kps of the strides 8,
            16 and 32; any input size.
        min_score: of a face, [0, 1].
        longest_px: larger pictures are averaged down to this longer side.

    Raises:
        SettingsError: the path is none of an ONNX file.
    """

    def __init__(
        self, spec: str = "yunet", *, min_score: float = MIN_SCORE, longest_px: int = LONGEST_PX
    ) -> None:
        if spec != "yunet" and not spec.endswith(SUFFIX):
            raise SettingsError(f"--face-detector {spec}: give yunet or the path of an ONNX file")
        self._spec, self._min_score, self._longest_px = spec, min_score, longest_px

    @property
    def name(self) -> str:
        """`yunet.` and 8 digits of the SHA-256 of the weights."""
        return f"yunet.{hash_file(self._weights)[:8]}"

    def ensure_available(self) -> None:
        """Fetch the weights if they are not here; errors as in `FaceDetector`."""
        if find_spec("cv2") is None:
            raise LibraryMissing("faces need OpenCV: pip install 'shotseek[index]'")
        _ = self._weights

    def find_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Faces]:
        """The faces of (h, w, 3) RGB pictures of any sizes.

        Raises:
            ModelUnavailable: the file holds no YuNet.
        """
        return [self._find(picture) for picture in pictures]

    def _find(self, picture: NDArray[np.uint8]) -> Faces:
        small = shrink(picture, self._longest_px)
        height, width = small.shape[:2]
        self._model.setInputSize((width, height))
        _, rows = self._model.detect(np.ascontiguousarray(small[:, :, ::-1]))
        return _read_rows(rows, width, height)

    @cached_property
    def _weights(self) -> Path:
        return get_weights(self._spec, Job.FIND_FACES, "--face-detector FILE")

    @cached_property
    def _model(self) -> Any:
        import cv2

        logging = cv2.utils.logging
        level = logging.setLogLevel(logging.LOG_LEVEL_ERROR)  # OpenCV 5 warns of its own default
        try:
            return cv2.FaceDetectorYN.create(
                str(self._weights), "", (32, 32), self._min_score, MAX_OVERLAP, MOST_BOXES
            )
        except cv2.error as error:
            raise ModelUnavailable(
                f"{self._weights} cannot be used as a face detector: it holds no YuNet"
            ) from error
        finally:
            logging.setLogLevel(level)


def shrink(picture: NDArray[np.uint8], longest_px: int) -> NDArray[np.uint8]:
    """The picture (h, w, 3) averaged down to this longer side; smaller ones as they are."""
    import cv2

    height, width = picture.shape[:2]
    scale = longest_px / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small: NDArray[np.uint8] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small


def _read_rows(rows: NDArray[np.float32] | None, width: int, height: int) -> Faces:
    """Rows (n, 15) in px: x, y, width, height, five landmarks, score."""
    if rows is None:
        rows = np.empty((0, 15), np.float32)
    size = np.array([width, height], np.float32)
    low, extent = rows[:, :2], rows[:, 2:4]
    boxes = np.concatenate([low / size, (low + extent) / size], axis=1).clip(0, 1)
    landmarks = rows[:, 4:14].reshape(-1, LANDMARKS, 2) / size
    seen = (boxes[:, :2] < boxes[:, 2:]).all(axis=1) & np.isfinite(rows).all(axis=1)
    kept = np.flatnonzero(seen)
    kept = kept[np.argsort(-rows[kept, 14], kind="stable")]
    return Faces(boxes[kept], rows[kept, 14].clip(0, 1), landmarks[kept])
