"""Small films in which people are followed, and what reads faces and texts for them."""

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from analyzers.encoder import Range, Space
from analyzers.face_reading import ReadFaces
from analyzers.finding import (
    Box,
    Embedding,
    End,
    EndKind,
    Finding,
    Label,
    Relation,
    Track,
)
from indexer.generations.content import Content
from indexer.generations.generation import Generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory
from search.encoders import Encoders
from search.engine import SearchEngine
from search.hits import Hit, SearchResult
from search.options import SearchOptions
from search.persons import Said
from search.query import read_query
from search.why import score_from_why

FACES = Space("faces.plain.0a1b2c3d", 4, "", Range(-0.3, 1), Range(-0.3, 1))
WORDS = Space("drawn", 4, "drawn", Range(0, 0.8), Range(0, 1))
LEFT, RIGHT = (0.1, 0.1, 0.4, 1.0), (0.6, 0.1, 0.9, 1.0)  # where people stand
SHOT_MS, EACH_MS = 1000, 200
LOOKS = {"ann": (1, 0, 0, 0), "bob": (0, 1, 0, 0), "cem": (0, 0, 1, 0)}
TEXTS = {"a kick": (1, 0, 0, 0), "a song": (0, 1, 0, 0)}
PIXELS = {"ann": (250, 0, 0), "bob": (0, 250, 0), "cem": (0, 0, 250)}


def unit(*values: float) -> NDArray[np.float32]:
    vector = np.array(values)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def face_in(body: Box) -> Box:
    """The head of a body that stands."""
    x0, y0, x1, _ = body
    return (x0 + (x1 - x0) / 3, y0, x1 - (x1 - x0) / 3, y0 + 0.15)


@dataclass
class Film:
    """Gathers what was found in one video, shot by shot: five keyframes each."""

    uid: str
    shots: int = 0
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    def shot(self) -> int:
        """Begins another one; says when."""
        self.shots += 1
        return (self.shots - 1) * SHOT_MS

    def times(self, start: int) -> list[int]:
        return [start + 100 + EACH_MS * number for number in range(5)]

    def face(
        self,
        start: int,
        looks: Sequence[float],
        box: Box,
        seen: Sequence[int] = range(5),
        cluster: str | None = None,
    ) -> str:
        """A face that is followed, at some of the keyframes; its track."""
        times = np.array([self.times(start)[number] for number in seen])
        track, end = f"face-{start}-{len(self.findings)}", start + SHOT_MS
        boxes, scores = np.tile(np.float32(box), (len(times), 1)), np.ones(len(times), np.float32)
        self._add("faces", Track(start, end, track, "face", times, boxes, scores))
        vector = unit(*looks)
        self._add("faces", Embedding(start, end, FACES.name, vector, box, track))
        if cluster is not None:
            ends = End(EndKind.TRACK, track), End(EndKind.PERSON, cluster)
            self._add("persons", Relation(start, end, ends[0], "is", ends[1]))
        return track

    def act(self, start: int, box: Box, scores: dict[int, float], name: str = "carry") -> None:
        """A body that is followed, and an action at some keyframes, each with its score."""
        times, end = np.array(self.times(start)), start + SHOT_MS
        track = f"coco/person-{start}-{len(self.findings)}"
        boxes, sure = np.tile(np.float32(box), (5, 1)), np.ones(5, np.float32)
        self._add("objects", Track(start, end, track, "coco/person", times, boxes, sure))
        for number, score in scores.items():
            span = (start + EACH_MS * number, start + EACH_MS * (number + 1))
            self._add("actions", Label(*span, "action", name, score, box, track))

    def look(self, start: int, box: Box, number: int, vector: Sequence[float]) -> None:
        """The picture of a person at one keyframe, as a vector."""
        span = (start + EACH_MS * number, start + EACH_MS * (number + 1))
        self._add("actions", Embedding(*span, WORDS.name, unit(*vector), box))

    def _add(self, by: str, finding: Finding) -> None:
        self.findings.append((by, finding))

    def finish(self) -> PlainVideo:
        shots = [(number * SHOT_MS, (number + 1) * SHOT_MS) for number in range(self.shots)]
        keyframes = [time for start, _ in shots for time in self.times(start)]
        return PlainVideo(self.uid, shots, keyframes, self.findings, name=f"{self.uid}.mp4")


def describe(*films: Film) -> Content:
    return content_of([film.finish() for film in films], [FACES, WORDS])


def build(*films: Film) -> Generation:
    return build_in_memory(describe(*films))


class DrawnEncoder:
    """Knows the texts by heart."""

    space = WORDS

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([unit(*TEXTS[text]) for text in texts])

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        raise NotImplementedError


class PlainReader:
    """Sees one face in each patch of a known colour, as high as the picture; largest first."""

    space = FACES

    def read_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[ReadFaces]:
        return [self._read(picture) for picture in pictures]

    def _read(self, picture: NDArray[np.uint8]) -> ReadFaces:
        widths = {name: int((picture[0] == PIXELS[name]).all(axis=-1).sum()) for name in PIXELS}
        names = sorted((name for name in widths if widths[name]), key=lambda name: -widths[name])
        boxes = np.tile(np.float32((0, 0, 1, 1)), (len(names), 1))
        vectors = np.stack([unit(*LOOKS[name]) for name in names]) if names else np.zeros((0, 4))
        return ReadFaces(boxes, vectors.astype(np.float32))


def make_encoders() -> Encoders:
    return Encoders({WORDS.name: DrawnEncoder()}, faces={FACES.name: PlainReader()})


def picture_of(*names: str, widths: Sequence[int] = (6, 4, 2)) -> str:
    """A picture file, in base64, of some people side by side."""
    strips = [
        np.full((4, width, 3), PIXELS[name]) for name, width in zip(names, widths, strict=False)
    ]
    pixels = np.concatenate([*strips, np.zeros((4, 1, 3))], axis=1).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def search(generation: Generation, root: dict[str, Any], said: Said | None = None) -> SearchResult:
    people = None if said is None else lambda: said
    engine = SearchEngine(generation, make_encoders(), people=people)
    result = engine.search(read_query(json.dumps(root)), SearchOptions(k=100))
    for hit in result.hits:
        assert 0 < hit.score <= 1
        assert score_from_why(json.loads(json.dumps(hit.to_json()["why"]))) == pytest.approx(
            hit.score, abs=1e-6
        )
    return result


def found(result: SearchResult) -> list[str]:
    return [hit.shot for hit in result.hits]


def told(hit: Hit, *names: str) -> list[Any]:
    return [hit.why.evidence(name) for name in names]
