"""Faces of single pictures as vectors: as the analyzer says them, the largest first."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Clip, Picture
from analyzers.error import SettingsError
from analyzers.face_detector import Faces, YunetDetector
from analyzers.face_embedder import CROP_PX, TEMPLATE, make_space, normalise
from analyzers.face_embedders import make_face_embedder
from analyzers.face_reading import FaceReader, make_face_reader
from analyzers.faces import FacesAnalyzer, make_faces
from analyzers.finding import Embedding
from analyzers.profiles import WORLD_FACES


class Patches:
    """Takes every light column of a dark picture for part of a face, from gap to gap."""

    name = "patches"

    def ensure_available(self) -> None:
        """Nothing is needed."""

    def find_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Faces]:
        return [self._find(picture) for picture in pictures]

    def _find(self, picture: NDArray[np.uint8]) -> Faces:
        light = picture.mean(axis=(0, 2)) > 100
        edges = np.flatnonzero(np.diff(light.astype(int), prepend=0, append=0)).reshape(-1, 2)
        boxes = np.array([(low, 0, high, len(picture)) for low, high in edges], np.float32)
        boxes = boxes.reshape(-1, 4) / np.float32([*picture.shape[1::-1]] * 2)
        sides = boxes[:, 2:] - boxes[:, :2]
        points = boxes[:, None, :2] + np.array(TEMPLATE, np.float32) / CROP_PX * sides[:, None]
        return Faces(boxes, np.linspace(1, 0.5, len(boxes), dtype=np.float32), points)


class Colours:
    """A face's mean colour."""

    space = make_space("faces.colours.00000000", 3)

    def ensure_available(self) -> None:
        """Nothing is needed."""

    def encode_faces(self, crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        means = [crop.mean(axis=(0, 1)) for crop in crops]
        return normalise(np.array(means, np.float32).reshape(-1, 3))


def show(*strips: tuple[int, tuple[int, int, int]]) -> NDArray[np.uint8]:
    """Strips of some widths and colours, with dark gaps between."""
    gap = np.zeros((60, 10, 3), np.uint8)
    parts = [gap]
    for width, colour in strips:
        parts += [np.full((60, width, 3), colour, np.uint8), gap]
    return np.concatenate(parts, axis=1)


RED, BLUE = (250, 120, 60), (60, 120, 250)


def test_the_faces_of_each_picture_come_largest_first() -> None:
    reader = FaceReader(Patches(), Colours())
    one, none, two = reader.read_faces([show((40, RED)), show(), show((20, RED), (50, BLUE))])
    assert [len(one), len(none), len(two)] == [1, 0, 2]
    assert none.vectors.shape == (0, 3)
    assert one.vectors[0].argmax() == 0
    assert two.vectors.argmax(axis=1).tolist() == [2, 0]
    assert two.boxes[0, 2] - two.boxes[0, 0] > two.boxes[1, 2] - two.boxes[1, 0]
    assert reader.space is Colours.space
    assert reader.read_faces([]) == []


def test_a_face_has_the_vector_that_the_analyzer_gives_it() -> None:
    picture = show((40, RED))
    keyframe = Picture(50, 0, 100, picture)
    (found,) = FacesAnalyzer(Patches(), Colours()).analyze([Clip(0, 100, keyframes=[keyframe])])
    (embedding,) = (one for one in found if isinstance(one, Embedding))
    (read,) = FaceReader(Patches(), Colours()).read_faces([picture])
    assert read.vectors[0] == pytest.approx(embedding.vector)
    assert read.boxes[0] == pytest.approx(embedding.box)


def test_the_space_of_an_index_tells_what_reads_faces_for_it() -> None:
    analyzer = make_faces(face_detector="a.onnx", face_embedder=WORLD_FACES)
    (space,) = analyzer.spaces
    assert (space.encoder, space.detector) == (WORLD_FACES, "a.onnx")
    assert FacesAnalyzer(Patches(), Colours()).spaces == (Colours.space,)
    with pytest.raises(SettingsError, match="--face-embedder nothing"):
        make_face_reader("nothing")
    with pytest.raises(SettingsError, match="--face-detector anything"):
        make_face_reader(space.encoder, "anything")
    assert make_face_reader(space.encoder).space.name == space.name


def test_two_pictures_of_one_face_are_alike(material: Path) -> None:
    pytest.importorskip("ncnn")
    models = material / "models"
    reader = FaceReader(
        YunetDetector(str(models / "yunet_n_dynamic.onnx")),
        make_face_embedder(str(models / "mobilefacenet.param")),
    )
    from indexer.media import open_video

    shown = []
    with open_video(material / "videos" / "intel" / "asl_gestures" / "sister.mkv") as video:
        for frame in video.read():
            if frame.time_ms > 1500:
                break
            shown.append(frame.picture(960))
    first, last = reader.read_faces([shown[5], shown[-1]])
    assert float(first.vectors[0] @ last.vectors[0]) > 0.5
