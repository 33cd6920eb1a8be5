"""Four short films of plain colours, written down as plain values. One second is one shot."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import Embedding, Finding, Label, Measure, Words, WordsKind
from analyzers.toy import ToyEncoder
from indexer.generations.content import Content
from indexer.generations.plain_content import PlainVideo, content_of

PAINT = {
    "red": (200, 20, 20),
    "green": (20, 160, 30),
    "blue": (20, 40, 220),
    "white": (250, 250, 250),
    "black": (5, 5, 5),
}
Found: TypeAlias = tuple[tuple[str, Finding], ...]
BOX = (0.1, 0.1, 0.4, 0.4)


def painted(colour: str) -> NDArray[np.uint8]:
    """A picture of one colour, (h, w, 3)."""
    return np.full((24, 32, 3), PAINT[colour], np.uint8)


def film_content() -> Content:
    """Everything that a generation of the films is made from."""
    parade = (*look_at("red blue white red green"), *said_in_parade())
    videos = [
        make_film("a1", "parade.mp4", 5, parade),
        make_film("b2", "night.mp4", 4, look_at("black black blue red"), path="city/night.mp4"),
        make_film("c3", "night.mp4", 2, look_at("white red"), path="sea/night.mp4"),
        make_film("d4", "blank.mkv", 2),
    ]
    videos[1] = replace(videos[1], width=1280)
    videos[2] = replace(videos[2], date_ms=to_ms("2023-12-31"))
    return content_of(videos, [ToyEncoder().space])


def to_ms(day: str) -> int:
    """Midnight, UTC."""
    return round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def make_film(uid: str, name: str, shots: int, found: Found = (), *, path: str = "") -> PlainVideo:
    """A film whose shots are a second long, with a keyframe in the middle of each."""
    return PlainVideo(
        uid,
        [(n * 1000, n * 1000 + 1000) for n in range(shots)],
        [n * 1000 + 500 for n in range(shots)],
        found,
        name=name,
        path=path or f"films/{name}",
        width=640,
        height=480,
        date_ms=to_ms("2024-05-01"),
        size_bytes=shots * 1000,
    )


def look_at(colours: str) -> Found:
    """What is found in shots of one colour each."""
    found: list[tuple[str, Finding]] = []
    for n, colour in enumerate(colours.split()):
        span = (n * 1000, n * 1000 + 1000)
        vector = ToyEncoder().encode_images([painted(colour)])[0]
        found.append(("toy", Embedding(*span, "toy", vector)))
        found.append(("colours", Label(*span, "colour", colour, 1.0)))
    return tuple(found)


def said_in_parade() -> Found:
    """Words, labels and measures of the first film."""
    return (
        ("container", Words(0, 5000, WordsKind.TITLE, "The great parade")),
        ("ocr", Words(1000, 2000, WordsKind.READ, "No entry")),
        ("ocr", Words(1000, 2000, WordsKind.READ, "after dark")),
        ("subtitles", Words(1800, 3200, WordsKind.SUBTITLE, "Here they come, here they come!")),
        ("things", Label(0, 1000, "coco", "person", 0.9, BOX)),
        ("things", Label(0, 1000, "coco", "person", 0.8, BOX)),
        ("things", Label(2000, 3000, "coco", "person", 0.7, BOX)),
        ("things", Label(2000, 3000, "action", "carrying a bag", 0.6)),
        ("light", Measure(0, 1000, "brightness", 0.25, "")),
        ("light", Measure(1000, 5000, "brightness", 0.75, "")),
    )
