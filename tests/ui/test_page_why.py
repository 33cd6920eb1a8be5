"""Reasons in words, for the forms of `why` that the engine gives."""

import pytest

from search.hits import Why
from search.query import KINDS
from ui.why import write_why

TEXT = {"kind": "text", "score": 0.5, "asked": "a boat", "space": "toy", "cosine": 0.3}
RED = {"kind": "colour", "score": 0.39, "asked": "red", "area": 0.39, "min_area": 0.05}
READ = {
    "kind": "words",
    "score": 0.4,
    "asked": '"fresh honey"',
    "where": "any",
    "found": "FRESH HONEY 5",
    "source": "read",
    "bm25": 3.5,
}
LABEL = {"kind": "label", "score": None, "asked": "coco/dog >= 1", "count": 2, "confidence": 0.9}
FPS = {"kind": "metadata", "score": None, "asked": "fps > 20.0", "found": 32.0}
FILE = {"kind": "metadata", "score": None, "asked": "video = a.mp4", "found": "a.mp4"}
SHOT = {"kind": "shot", "score": 0.9, "asked": "f", "asked_ms": 5, "cosine": 0.9}
PICTURE = {"kind": "image", "score": 0.7, "asked": "dog.jpg", "cosine": 0.9}


@pytest.mark.parametrize(
    ("why", "line"),
    [
        (TEXT, '"a boat" 0.50'),
        (RED, "red 0.39"),
        (READ, 'read "FRESH HONEY 5"'),
        (LABEL, "coco/dog 0.90"),
        (FPS, "fps > 20.0 (32)"),
        (FILE, "video = a.mp4"),
        (SHOT, "alike 0.90"),
        (PICTURE, "picture 0.70"),
        (
            {"kind": "all_of", "score": 0.4, "children": [RED, READ]},
            'red 0.39 · read "FRESH HONEY 5"',
        ),
        (
            {"kind": "any_of", "score": 0.4, "children": [RED, {**TEXT, "match": False}]},
            "red 0.39",
        ),
        ({"kind": "then", "score": 0.4, "children": [RED, TEXT]}, 'red 0.39 → "a boat" 0.50'),
        ({"kind": "not", "score": None, "children": [{**RED, "match": False}]}, "not red"),
        ({**TEXT, "known": False}, "a boat unknown"),
        ({"kind": "hologram", "score": 0.2, "asked": "depth"}, "depth 0.20"),
        ({"kind": "hologram", "score": None}, "hologram"),
    ],
)
def test_reasons_in_words(why: dict[str, object], line: str) -> None:
    assert write_why(Why.model_validate(why)) == line


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_line_even_without_evidence(kind: str) -> None:
    assert write_why(Why(kind=kind, score=0.5, children=(Why(kind="text", score=0.5),)))


def test_long_and_hostile_texts_stay_one_short_line() -> None:
    line = write_why(Why.model_validate({**READ, "found": "<b>\n\ud800" + "x" * 5000}))
    assert "\n" not in line
    assert len(line) < 80
    line.encode()
