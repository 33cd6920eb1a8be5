"""Small random collections, written down as plain values, and a tiny honest encoder for them."""

import base64
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analyzers.encoder import Range, Space
from analyzers.face_reading import ReadFaces
from analyzers.finding import Embedding, Finding, Label, Measure, Track, Words, WordsKind
from indexer.generations.generation import Generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory
from search.encoders import Encoders

TEXTS = ("a red car", "a dog", "snow", "two people", "night", "the sea")
PIXELS = ((250, 0, 0), (0, 250, 0), (0, 0, 250), (90, 90, 90))
SAID = ("stop", "the", "exit", "stopped", "way", "one")
LABELS = (("coco", "person"), ("coco", "dog"), ("zoo", "dog"))
COLOURS = ("red", "white")
MEASURES = ("brightness", "faces")
FACES = Space("faces.palette", 4, "", Range(-0.4, 0.9), Range(-0.3712, 0.9131))
DAY_MS = 86_400_000
MAY_2024 = round(datetime(2024, 5, 1, tzinfo=UTC).timestamp() * 1000)


def unit(*values: float) -> NDArray[np.float32]:
    vector = np.array(values)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


# What pictures, texts and keyframes are turned into: few, so that equal scores are common.
PALETTE = tuple(
    unit(*random.Random(seed).choices((-2, -1, 0, 1, 2, 3), k=3), 1) for seed in range(12)
)


@dataclass(frozen=True)
class PaletteEncoder:
    """Each text and each colour of a picture has its vector."""

    space: Space

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([PALETTE[TEXTS.index(text)] for text in texts])

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return np.stack(
            [PALETTE[6 + PIXELS.index(tuple(picture[0, 0].tolist()))] for picture in pictures]
        )


class PaletteReader:
    """Sees one face in each picture, by its colour."""

    space = FACES

    def read_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[ReadFaces]:
        vectors = PaletteEncoder(FACES).encode_images(pictures)
        return [ReadFaces(np.float32([[0, 0, 1, 1]]), vector[None]) for vector in vectors]


@cache
def picture_of(pixel: tuple[int, int, int]) -> str:
    """A picture file of one colour, in base64."""
    file = io.BytesIO()
    Image.new("RGB", (4, 3), pixel).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@dataclass(frozen=True)
class World:
    videos: Sequence[PlainVideo]
    spaces: Sequence[Space]
    generation: Generation

    @property
    def encoders(self) -> Encoders:
        made = {space.name: PaletteEncoder(space) for space in self.spaces if space != FACES}
        return Encoders(made, faces={FACES.name: PaletteReader()})


def make_world(seed: int) -> World:
    dice = random.Random(seed)
    spaces = [
        Space("one", 4, "palette", Range(-0.2131, 0.9372), Range(0.1137, 0.9731)),
        Space("two", 4, "palette", Range(0.1212, 0.8131), Range(-0.5127, 0.9914)),
        FACES,
    ]
    videos = [make_video(number, dice) for number in range(dice.choice((0, 1, 2, 3, 3, 4, 4, 5)))]
    videos = without_lone_crops(videos)
    return World(videos, spaces, build_in_memory(content_of(videos, spaces)))


def without_lone_crops(videos: Sequence[PlainVideo]) -> list[PlainVideo]:
    """Vectors of crops only in spaces of whole pictures too: no text is asked in others."""
    said = [one for video in videos for _, one in video.findings if isinstance(one, Embedding)]
    whole = {one.space for one in said if one.box is None} | {FACES.name}
    return [
        replace(
            video,
            findings=[
                (by, one)
                for by, one in video.findings
                if not isinstance(one, Embedding) or one.space in whole
            ],
        )
        for video in videos
    ]


def make_video(number: int, dice: random.Random) -> PlainVideo:
    shots, keyframes, findings = [], [], []
    time_ms = dice.choice((0, 0, 130))
    for _ in range(dice.choice((0, 1, 3, 5, 7, 8))):
        start, end = time_ms, time_ms + dice.choice((400, 1000, 1000, 2600))
        shots.append((start, end))
        spans = [(start, end)]
        if dice.random() < 0.4:
            middle = (start + end) // 2
            spans = [(start, middle), (middle, end)]
        times = [dice.randrange(*span) for span in spans]
        keyframes += times
        for span in spans:
            findings += look_at(span, dice)
        findings += look_at_shot(start, end, dice)
        findings += see_faces((start, end), times, dice)
        time_ms = end + dice.choice((0, 0, 0, 240))
    last = time_ms or 1
    if shots and dice.random() < 0.7:
        title = " ".join(dice.choices(SAID, k=2))
        findings.append(("container", Words(0, last, WordsKind.TITLE, title)))
    name = f"{dice.choice('ab')}.mp4"
    return PlainVideo(
        f"uid{number}",
        shots,
        keyframes,
        findings,
        name=name,
        path=f"films/{number}/{name}",
        width=dice.choice((320, 640, 1280)),
        height=dice.choice((240, 360)),
        date_ms=MAY_2024 + dice.choice((-400, -1, 0, 3, 31, 400)) * DAY_MS + dice.choice((0, 5)),
        size_bytes=dice.choice((1000, 2000)),
    )


def look_at(span: tuple[int, int], dice: random.Random) -> list[tuple[str, Finding]]:
    """What is found in one keyframe."""
    found = [*see_likeness(span, dice), *see_colours(span, dice), *see_things(span, dice)]
    for _ in range(dice.choice((0, 0, 1, 2))):
        line = " ".join(dice.choices(SAID, k=dice.randint(1, 4)))
        found.append(("ocr", Words(*span, WordsKind.READ, line)))
    return found


def see_likeness(span: tuple[int, int], dice: random.Random) -> Iterator[tuple[str, Finding]]:
    for space, often in (("one", 0.9), ("two", 0.5)):
        if dice.random() < often:
            yield space, Embedding(*span, space, dice.choice(PALETTE))
        if dice.random() < often * 0.3:
            yield space, Embedding(*span, space, dice.choice(PALETTE), (0.1, 0.1, 0.5, 0.5))


def see_faces(
    span: tuple[int, int], times: Sequence[int], dice: random.Random
) -> Iterator[tuple[str, Finding]]:
    """Faces that are followed, each with one vector and the box of one of its moments."""
    for number in range(dice.choice((0, 0, 1, 2))):
        seen = np.array(sorted(dice.sample(times, dice.randint(1, len(times)))))
        left = np.arange(len(seen), dtype=np.float32) / 4
        boxes = np.stack([left, left * 0, left + 0.25, left * 0 + 0.5], axis=1)
        track, best = f"face-{span[0]}-{number}", dice.randrange(len(seen))
        yield "faces", Track(*span, track, "face", seen, boxes, np.ones(len(seen), np.float32))
        x0, y0, x1, y1 = boxes[best].tolist()
        yield (
            "faces",
            Embedding(*span, FACES.name, dice.choice(PALETTE), (x0, y0, x1, y1), track),
        )


def see_colours(span: tuple[int, int], dice: random.Random) -> Iterator[tuple[str, Finding]]:
    for name in COLOURS:
        if dice.random() < 0.4:
            yield "colours", Label(*span, "colour", name, dice.choice((0.04, 0.2, 0.5)))
    if dice.random() < 0.3:
        yield "colours", Label(*span, "colour", dice.choice(COLOURS), 0.9, (0, 0, 0.3, 0.3))


def see_things(span: tuple[int, int], dice: random.Random) -> Iterator[tuple[str, Finding]]:
    for vocabulary, name in LABELS:
        for _ in range(dice.choice((0, 0, 0, 1, 2))):
            box = dice.choice((None, (0.0, 0.0, 1.0, 1.0)))
            yield "things", Label(*span, vocabulary, name, dice.choice((0.5, 0.75)), box)


def look_at_shot(start: int, end: int, dice: random.Random) -> list[tuple[str, Finding]]:
    """What is found in a stretch that may reach into the shots beside it."""
    found: list[tuple[str, Finding]] = []
    if dice.random() < 0.4:
        stretch = (start + dice.choice((0, 150)), end + dice.choice((-200, 0, 700)))
        line = " ".join(dice.choices(SAID, k=dice.randint(1, 6)))
        found.append(("subtitles", Words(*stretch, WordsKind.SUBTITLE, line)))
    for name in MEASURES:
        for _ in range(dice.choice((0, 1, 1, 2)) if start > 130 else 1):
            found.append(("meter", Measure(start, end, name, dice.choice((0.0, 0.25, 1.0, 3.0)))))
    if dice.random() < 0.2:
        found.append(("other", Label(start, end, "coco", "dog", 0.25)))
    return found
