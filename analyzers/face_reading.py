"""Faces in single pictures as vectors, by the steps of the analyzer `faces`: what a query shows.

Knows nothing of clips, tracks or persons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.face_detector import FaceDetector, Faces
from analyzers.face_detectors import make_face_detector
from analyzers.face_embedder import FaceEmbedder, align_faces
from analyzers.face_embedders import make_face_embedder
from analyzers.profiles import PROFILES, YUNET


@dataclass(frozen=True, eq=False)
class ReadFaces:
    """The faces of one picture, largest first."""

    boxes: NDArray[np.float32]  # (n, 4) fractions
    vectors: NDArray[np.float32]  # (n, dim) unit

    def __len__(self) -> int:
        return len(self.boxes)


class FaceReader:
    """Finds, aligns and encodes faces: batch in, batch out, same order.

    Args:
        detector: finds the faces.
        embedder: tells them apart.
    """

    def __init__(self, detector: FaceDetector, embedder: FaceEmbedder) -> None:
        self._detector, self._embedder = detector, embedder

    @property
    def space(self) -> Space:
        """That of the vectors; may load the weights."""
        return self._embedder.space

    def read_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[ReadFaces]:
        """The faces of (h, w, 3) RGB pictures of any sizes.

        Raises:
            ModelUnavailable: weights are not here.
            LibraryMissing: what runs them is not installed.
        """
        self._detector.ensure_available()
        self._embedder.ensure_available()
        found = [_largest_first(faces) for faces in self._detector.find_faces(pictures)]
        crops = [
            crop
            for picture, faces in zip(pictures, found, strict=True)
            for crop in align_faces(picture, faces.landmarks)
        ]
        vectors = self._embedder.encode_faces(crops)
        ends = np.cumsum([len(faces) for faces in found])
        parts = np.split(vectors, ends[:-1]) if found else []
        return [ReadFaces(faces.boxes, own) for faces, own in zip(found, parts, strict=True)]


def make_face_reader(embedder: str, detector: str = "", device: str = "cpu") -> FaceReader:
    """The reader with these models (specs).

    Args:
        embedder: as `--face-embedder` takes it.
        detector: as `--face-detector` takes it; "" where a collection does not tell: that of the
            profile with this embedder.
        device: where the embedder runs.

    Raises:
        SettingsError: a spec names none.
    """
    usual = {each.face_embedder: each.face_detector for each in reversed(PROFILES)}
    found_by = make_face_detector(detector or usual.get(embedder, YUNET))
    return FaceReader(found_by, make_face_embedder(embedder, device))


def _largest_first(faces: Faces) -> Faces:
    sides = faces.boxes[:, 2:] - faces.boxes[:, :2]
    order = np.argsort(-sides.prod(axis=1), kind="stable")
    return Faces(faces.boxes[order], faces.scores[order], faces.landmarks[order])
