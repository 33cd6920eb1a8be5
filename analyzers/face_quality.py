"""How well a face can be recognised, from its size, pose and sharpness.

Only geometry and contrast, no model: it knows nothing of masks, hands, sunglasses or light, and a
face that is drawn sharply is a good one. Meant for choosing among samples of one track.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analyzers.face_embedder import CROP_PX, Crop

SHARP = 100.0  # variance of the Laplacian at which sharpness counts half
RIGHT_EYE, LEFT_EYE, NOSE, RIGHT_MOUTH, LEFT_MOUTH = range(5)


def measure_quality(
    boxes: NDArray[np.floating],
    landmarks: NDArray[np.floating],
    crops: Sequence[Crop],
    size_px: tuple[int, int],
) -> NDArray[np.float32]:
    """Quality (n,) in [0, 100]: `100 * cbrt(size * pose * sharpness)`, each of them in [0, 1].

    - size: shorter side of the box in px over 112, at most 1;
    - pose: `turn * nod`. With the nose projected on the line from eye to eye, turn is the shorter
      of the two parts over the longer, 0 if it falls outside. With the nose projected on the line
      from the middle of the eyes to the middle of the mouth, nod is twice the shorter part over
      the whole, 0 if it falls outside. A frontal face has about 1 for both, a profile 0;
    - sharpness: `v / (v + 100)` with v the variance of the Laplacian of the aligned grey crop,
      grey levels 0 to 255.

    The cube root is the geometric mean: one bad property spoils the whole.

    Args:
        boxes: (n, 4) fractions.
        landmarks: (n, 5, 2) fractions.
        crops: the n aligned crops.
        size_px: width and height of the picture.
    """
    if not len(boxes):
        return np.empty(0, np.float32)
    extent_px = (boxes[:, 2:] - boxes[:, :2]) * np.array(size_px)
    size = np.minimum(extent_px.min(axis=1) / CROP_PX, 1)
    pose = _measure_pose(landmarks * np.array(size_px))
    variance = _measure_contrast(crops)
    product = size * pose * variance / (variance + SHARP)
    return np.asarray(100 * np.cbrt(product), np.float32)


def _measure_pose(points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Turn times nod (n,) of landmarks (n, 5, 2) in px."""
    eyes = (points[:, RIGHT_EYE] + points[:, LEFT_EYE]) / 2
    mouth = (points[:, RIGHT_MOUTH] + points[:, LEFT_MOUTH]) / 2
    across = _project(points[:, NOSE], points[:, RIGHT_EYE], points[:, LEFT_EYE])
    down = _project(points[:, NOSE], eyes, mouth)
    turn = np.minimum(across, 1 - across) / np.maximum(across, 1 - across)
    nod = 2 * np.minimum(down, 1 - down)
    return np.asarray(turn.clip(0, 1) * nod.clip(0, 1), np.float64)


def _project(
    point: NDArray[np.floating], start: NDArray[np.floating], end: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Where on the lines from start (0) to end (1) points (n, 2) fall; 0 on lines of no length."""
    line = (end - start).astype(np.float64)
    length = (line**2).sum(axis=1)
    along = ((point - start) * line).sum(axis=1)
    places: NDArray[np.float64] = np.zeros_like(length)
    np.divide(along, length, out=places, where=length > 0)
    return places


def _measure_contrast(crops: Sequence[Crop]) -> NDArray[np.float64]:
    """Variance (n,) of the Laplacian (4 neighbours) of the grey crops, ITU-R BT.601 weights."""
    grey = np.stack(crops).astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    inner = grey[:, 1:-1, 1:-1]
    around = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    return np.asarray((around - 4 * inner).var(axis=(1, 2)), np.float64)
