"""Faces followed through a shot: where, how well seen, and one vector each to find them again by.

Faces are personal data: this analyzer runs only where it is named. Knows nothing of names or of
persons; which tracks are one person is said elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Picture
from analyzers.encoder import Space
from analyzers.face_detector import FaceDetector, Faces
from analyzers.face_detectors import make_face_detector
from analyzers.face_embedder import Crop, FaceEmbedder, align_faces
from analyzers.face_embedders import make_face_embedder
from analyzers.face_quality import measure_quality
from analyzers.finding import Box, Embedding, Finding, Measure, Track
from analyzers.pooling import GOOD_QUALITY, pool_vectors
from analyzers.profiles import SFACE, YUNET
from analyzers.tracking import Looks, link_tracks

FRAMES_PX = 960  # longer side of frames at a rate; keyframes come as large as they are kept
KIND = "face"


@dataclass(frozen=True, eq=False)
class _Sample:
    """One picture of a clip with its faces, arrays side by side."""

    picture: Picture
    faces: Faces
    qualities: NDArray[np.float32]  # (n,)
    vectors: NDArray[np.float32]  # (n, dim)


@dataclass(frozen=True, eq=False)
class _Seen:
    """One picture with its faces, before they are encoded."""

    picture: Picture
    faces: Faces
    qualities: NDArray[np.float32]
    crops: list[Crop]


class FacesAnalyzer:
    """For each face in a shot a Track with landmarks, an Embedding and a Measure, in this order.

    The Embedding is the mean of the track's well seen samples (`pooling`) with the box of the best
    one. The Measure `face_quality` is the mean quality of the same samples. All three have the
    track's span, from the first to the last picture that shows the face.

    Args:
        detector: finds the faces.
        embedder: tells them apart.
        frames_per_second: how often to look; None for the keyframes.
        spec: makes the embedder again; "" where nobody can.
        detector_spec: the same of the detector.
    """

    name = "faces"
    scope = Scope.SHOT
    needs: tuple[str, ...] = ()
    personal = True

    def __init__(
        self,
        detector: FaceDetector,
        embedder: FaceEmbedder,
        *,
        frames_per_second: float | None = None,
        spec: str = "",
        detector_spec: str = "",
    ) -> None:
        self._detector, self._embedder = detector, embedder
        self._spec, self._detector_spec = spec, detector_spec
        self.wants = Wants(keyframes=True)
        if frames_per_second is not None:
            self.wants = Wants(frames_per_second=frames_per_second, frames_px=FRAMES_PX)

    @property
    def version(self) -> str:
        """Names the models and the rate; reads the weights, so it may raise `ModelUnavailable`."""
        rate = self.wants.frames_per_second
        models = f"1 {self._detector.name} {self._embedder.space.name}"
        return models if rate is None else f"{models} {rate:g}/s"

    @property
    def spaces(self) -> tuple[Space, ...]:
        """The space in which its Embeddings lie; reads the weights."""
        space = self._embedder.space
        return (replace(space, encoder=self._spec, detector=self._detector_spec),)

    def ensure_available(self) -> None:
        """Make sure that the weights of both models are here.

        Raises:
            ModelUnavailable: they cannot be had or cannot be used.
            LibraryMissing: what runs them is not installed.
        """
        self._detector.ensure_available()
        self._embedder.ensure_available()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Find and follow the faces of each clip; those of all clips are encoded together."""
        seen = [[self._look(picture) for picture in self._pictures(clip)] for clip in clips]
        crops = [crop for clip in seen for one in clip for crop in one.crops]
        if not crops:
            return [[] for _ in clips]
        ends = np.cumsum([len(one.crops) for clip in seen for one in clip])
        vectors = iter(np.split(self._embedder.encode_faces(crops), ends[:-1]))
        samples = [
            [_Sample(one.picture, one.faces, one.qualities, next(vectors)) for one in clip]
            for clip in seen
        ]
        return [list(_tell(clip, self._embedder.space.name)) for clip in samples]

    def _pictures(self, clip: Clip) -> Sequence[Picture]:
        return clip.keyframes if self.wants.frames_per_second is None else clip.frames

    def _look(self, picture: Picture) -> _Seen:
        (faces,) = self._detector.find_faces([picture.pixels])
        crops = align_faces(picture.pixels, faces.landmarks)
        size_px = (picture.pixels.shape[1], picture.pixels.shape[0])
        qualities = measure_quality(faces.boxes, faces.landmarks, crops, size_px)
        return _Seen(picture, faces, qualities, crops)


def make_faces(
    *,
    device: str = "cpu",
    face_detector: str = YUNET,
    face_embedder: str = SFACE,
    face_fps: float | None = None,
) -> FacesAnalyzer:
    """The analyzer with these models: specs of `face_detectors` and `face_embedders`.

    Raises:
        SettingsError: one of them names none.
    """
    embedder = make_face_embedder(face_embedder, device)
    detector = make_face_detector(face_detector)
    return FacesAnalyzer(
        detector,
        embedder,
        frames_per_second=face_fps,
        spec=face_embedder,
        detector_spec=face_detector,
    )


def _tell(samples: Sequence[_Sample], space: str) -> Iterator[Finding]:
    """The findings of one clip."""
    samples = [one for one in samples if len(one.faces)]
    if not samples:
        return
    numbers = link_tracks(
        [one.picture.time_ms for one in samples],
        [one.faces.boxes for one in samples],
        [Looks(one.vectors, one.qualities / 100) for one in samples],
    )
    number = np.concatenate(numbers)
    sample = np.repeat(np.arange(len(samples)), [len(one) for one in numbers])
    boxes = np.concatenate([one.faces.boxes for one in samples])
    scores = np.concatenate([one.faces.scores for one in samples])
    landmarks = np.concatenate([one.faces.landmarks for one in samples])
    qualities = np.concatenate([one.qualities for one in samples])
    vectors = np.concatenate([one.vectors for one in samples])
    times_ms = np.array([one.picture.time_ms for one in samples], np.int64)
    for each in range(number.max() + 1):
        rows = np.flatnonzero(number == each)
        first, last = samples[sample[rows[0]]].picture, samples[sample[rows[-1]]].picture
        span, id_ = (first.start_ms, last.end_ms), f"face-{first.start_ms}-{each}"
        yield Track(
            *span, id_, KIND, times_ms[sample[rows]], boxes[rows], scores[rows], landmarks[rows]
        )
        best = rows[qualities[rows].argmax()]
        vector = pool_vectors(vectors[rows], qualities[rows])
        yield Embedding(*span, space, vector, _box(boxes[best]), id_)
        yield Measure(*span, "face_quality", _mean_quality(qualities[rows]))


def _mean_quality(qualities: NDArray[np.float32]) -> float:
    """Of the samples that are pooled."""
    good = qualities[qualities >= GOOD_QUALITY]
    return float((good if len(good) else qualities).mean())


def _box(box: NDArray[np.float32]) -> Box:
    x0, y0, x1, y1 = box.tolist()
    return (x0, y0, x1, y1)
