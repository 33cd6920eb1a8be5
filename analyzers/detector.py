"""The interface of models that find persons and things in pictures.

`analyzers/detectors/` holds the implementations. Knows nothing of tracks, of clips, of where
pictures come from, nor of which classes there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Detections:
    """What is seen in one picture, surest first, as arrays side by side."""

    boxes: NDArray[np.float32]  # (n, 4) x0, y0, x1, y1, fractions inside the picture
    scores: NDArray[np.float32]  # (n,) in [0, 1]
    classes: NDArray[np.int64]  # (n,) places in the detector's `names`

    def __len__(self) -> int:
        return len(self.scores)


class Detector(Protocol):
    """Finds what it has names for in pictures: batch in, batch out, same order.

    Construction is cheap; weights load at first use. What is found in a picture does not depend on
    the others of the batch. `tests/analyzers/test_detector_contract.py` is its specification.
    """

    @property
    def name(self) -> str:
        """Names model, weights and all else that changes what is found; may read the weights."""

    @property
    def names(self) -> tuple[str, ...]:
        """`vocabulary/name` of each class, `coco/person`; may load the weights."""

    def ensure_available(self) -> None:
        """Fetch the weights if they are not here.

        Raises:
            ModelUnavailable: they cannot be had or cannot be used.
            LibraryMissing: what runs them is not installed.
        """

    def detect(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        """What is in (h, w, 3) RGB pictures of any sizes."""


def collect_detections(
    boxes: NDArray[np.floating],
    scores: NDArray[np.floating],
    classes: NDArray[np.integer],
    min_score: float,
) -> Detections:
    """Raw findings as `Detections`: boxes cut to the picture, poor and empty ones left out.

    Args:
        boxes: (n, 4) x0, y0, x1, y1, fractions of the picture; they may reach beyond it.
        scores: (n,).
        classes: (n,).
        min_score: below it nothing is believed.
    """
    inside = np.asarray(boxes, np.float32).reshape(-1, 4).clip(0, 1)
    certain = np.asarray(scores, np.float32)
    kept = (inside[:, :2] < inside[:, 2:]).all(axis=1) & (certain >= min_score)  # no NaN passes
    order = np.flatnonzero(kept)
    order = order[np.argsort(-certain[order], kind="stable")]
    return Detections(
        inside[order], certain[order].clip(0, 1), np.asarray(classes, np.int64)[order]
    )
