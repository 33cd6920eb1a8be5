"""The interface of models that tell faces apart, and the aligned crops that they look at.

A face is turned, scaled and moved so that its five landmarks come to lie on those of a standard
face of 112 x 112 px: SFace, ArcFace, MobileFaceNet and their kin were trained on such crops.
`analyzers/face_embedders/` holds the implementations. Knows nothing of detectors or of persons.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.models import hash_file

CROP_PX = 112
# The landmarks of the standard face, px, in the order of `face_detector.Faces` (Deng et al.,
# "ArcFace", 2019, code; the person's right eye is on the left of the picture).
TEMPLATE = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)
FACE_COSINES = Range(-0.3, 1.0)  # those of two faces; below lies nothing that occurs
_DIGITS = 8

Crop = NDArray[np.uint8]  # (112, 112, 3) RGB


class FaceEmbedder(Protocol):
    """Aligned crops to unit vectors of one space: batch in, batch out, same order.

    Construction is cheap; weights load at first use. `tests/analyzers/test_face_embedders.py` is
    its specification.
    """

    @property
    def space(self) -> Space:
        """`faces.NAME.` and 8 digits of the SHA-256 of the weights; may load them."""

    @property
    def gate(self) -> float | None:
        """The cosine, on average, from which on faces are one person's; None: it does not say."""

    def ensure_available(self) -> None:
        """Fetch the weights if they are not here.

        Raises:
            ModelUnavailable: they cannot be had.
            LibraryMissing: what runs them is not installed.
        """

    def encode_faces(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        """Crops to (n, dim) unit vectors."""


@dataclass(frozen=True)
class Preparation:
    """How the pixels of a crop become numbers: `(pixel - mean) / std`, RGB unless `bgr`."""

    mean: float = 0.0
    std: float = 1.0
    bgr: bool = False

    def apply(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        """(n, 3, 112, 112), contiguous."""
        stacked = np.stack(crops).astype(np.float32).transpose(0, 3, 1, 2)
        channels = stacked[:, ::-1] if self.bgr else stacked
        prepared: NDArray[np.float32] = (channels - np.float32(self.mean)) / np.float32(self.std)
        return np.ascontiguousarray(prepared)


def name_space(name: str, files: Sequence[Path], preparation: str = "") -> str:
    """The space of weights in these files.

    The digits are those of the file's SHA-256; where there are several files, or pixels are
    prepared in another way than the model's own, they are of a hash of all that.
    """
    parts = [*map(hash_file, files), *([preparation] if preparation else [])]
    whole = parts[0] if len(parts) == 1 else hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"faces.{re.sub(r'[^A-Za-z0-9_-]', '_', name)}.{whole[:_DIGITS]}"


def make_space(name: str, dim: int) -> Space:
    """The space of a face embedder; no text or whole picture is encoded into it."""
    return Space(name, dim, "", FACE_COSINES, FACE_COSINES)


def normalise(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (n, dim) at unit length; a row of zeros, which no face gives, becomes the first axis."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.zeros_like(vectors, dtype=np.float32)
    unit[:, :1] = 1
    np.divide(vectors, length, out=unit, where=length > 0)
    return unit


def fit_similarity(
    points: NDArray[np.floating], targets: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Turn, scale and shift that bring points nearest to targets in the least-squares sense.

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns",
    1991, equations 39 to 43: never a reflection.

    Args:
        points: (n, 2), not all the same.
        targets: (n, 2).

    Returns:
        (2, 3), for column vectors (x, y, 1).
    """
    source, target = np.asarray(points, np.float64), np.asarray(targets, np.float64)
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    from_mean, to_mean = source - source_mean, target - target_mean
    left, strengths, right = np.linalg.svd(to_mean.T @ from_mean / len(source))
    signs = np.array([1.0, np.sign(np.linalg.det(left) * np.linalg.det(right)) or 1.0])
    turn = left @ np.diag(signs) @ right
    spread = (from_mean**2).sum() / len(source)
    scaled = turn * (strengths @ signs / spread)
    return np.column_stack([scaled, target_mean - scaled @ source_mean])


def align_faces(picture: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> list[Crop]:
    """The aligned crop of each face; what lies outside the picture is black.

    A face much larger than the crop is averaged down first, so that no pattern of pixels comes in.

    Args:
        picture: (h, w, 3) RGB.
        landmarks: (n, 5, 2) fractions of width and height.
    """
    size_px = np.array(picture.shape[1::-1])
    return [_align(picture, points * size_px) for points in np.asarray(landmarks, np.float64)]


def _align(picture: NDArray[np.uint8], points_px: NDArray[np.float64]) -> Crop:
    import cv2

    template = np.array(TEMPLATE)
    if np.ptp(points_px, axis=0).max() <= 0:
        return np.zeros((CROP_PX, CROP_PX, 3), np.uint8)  # no face has all landmarks in one place
    transform = fit_similarity(points_px, template)
    reduction = int(1 / np.hypot(*transform[:, 0]))
    if reduction >= 2:
        picture, offset = _reduce_around(picture, transform, reduction)
        middle = (reduction - 1) / 2  # of the square that became one pixel
        transform = fit_similarity((points_px - offset - middle) / reduction, template)
    shown: Crop = cv2.warpAffine(picture, transform, (CROP_PX, CROP_PX), flags=cv2.INTER_LINEAR)
    return shown


def _reduce_around(
    picture: NDArray[np.uint8], transform: NDArray[np.float64], reduction: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The part of the picture that the crop shows, averaged over squares, and where it begins."""
    from PIL import Image

    corners = np.array([[0, 0], [CROP_PX, 0], [0, CROP_PX], [CROP_PX, CROP_PX]], np.float64)
    seen = (corners - transform[:, 2]) @ np.linalg.inv(transform[:, :2]).T
    height, width = picture.shape[:2]
    low = np.floor(seen.min(axis=0)).clip(0, (width - 1, height - 1)).astype(np.int64)
    high = np.ceil(seen.max(axis=0)).clip(low + 1, (width, height)).astype(np.int64)
    part = np.ascontiguousarray(picture[low[1] : high[1], low[0] : high[0]])
    return np.asarray(Image.fromarray(part).reduce(reduction)), low
