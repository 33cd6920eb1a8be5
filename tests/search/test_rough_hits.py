"""Hits above a first pass: exact where they were settled, and said to be estimates where not."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding
from indexer.generations import vector_writing
from indexer.generations.generation import Generation
from indexer.generations.opening import open_generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import write_generation
from search.engine import SearchEngine
from search.feedback import learn, list_believed, start_feedback
from search.hits import Hit
from search.options import SearchOptions
from search.query import Query
from search.why import score_from_why

DIM, SHOTS, VIDEOS = 32, 150, 8
BLOCKS = (10, 20, 40)
SPACE = Space("rough", DIM, "", Range(-1, 1), Range(-1, 1))
TEXT = {"kind": "text", "text": "0"}
THEN = {"kind": "then", "stages": [TEXT, {"kind": "text", "text": "1"}]}
EITHER = {"kind": "any_of", "children": [TEXT, {"kind": "text", "text": "1"}]}
HALF = 2e-3  # how far float16 is off
Vectors = NDArray[np.float32]


def draw(count: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, DIM)) + 0.3
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


class Numbers:
    """Texts are numbers, each with a vector."""

    space = SPACE

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return draw(9, 1)[[int(text) for text in texts]]

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> Vectors:
        raise AssertionError("nobody asks with a picture here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Videos of shots of two keyframes, coded."""
    vectors, films = draw(2 * SHOTS * VIDEOS, 0), []
    for number in range(VIDEOS):
        spans = [(n * 1000, (n + 1) * 1000) for n in range(SHOTS)]
        times = [start + part for start, _ in spans for part in (200, 700)]
        own = vectors[2 * SHOTS * number :][: 2 * SHOTS]
        found = [("m", Embedding(at, at + 1, "rough", one))
                 for at, one in zip(times, own, strict=True)]  # fmt: skip
        films.append(PlainVideo(f"uid{number}", spans, times, found))
    folder = tmp_path_factory.mktemp("rough")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_writing, "EXACT_MOST", 0)
        write_generation(folder, content_of(films, [SPACE]))
    return folder


@pytest.fixture
def rough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SearchEngine:
    monkeypatch.setattr("search.engine.BLOCKS", BLOCKS)
    return SearchEngine(open_generation(folder, first_pass="always"), {"rough": Numbers()})


def list_all(engine: SearchEngine, root: dict[str, Any], k: int) -> Iterator[Hit]:
    """Every hit, page by page."""
    options = SearchOptions(k=k)
    while True:
        page = engine.search(Query.model_validate({"root": root}), options)
        yield from page.hits
        if page.cursor is None:
            return
        options = options.model_copy(update={"cursor": page.cursor})


def true_scores(root: dict[str, Any]) -> Vectors:
    """(s,) by loops over float32; -1 where nothing follows."""
    cosines = draw(2 * SHOTS * VIDEOS, 0) @ draw(9, 1)[:2].T
    first, second = ((cosines + 1) / 2).reshape(-1, 2, 2).max(axis=1).T
    if root is TEXT:
        return first
    if root is EITHER:
        return np.maximum(first, second)
    scores = np.full(len(first), -1, np.float32)
    for shot in range(len(first)):
        after = second[shot + 1 : min(shot + 5, (shot // SHOTS + 1) * SHOTS)]
        if len(after):
            scores[shot] = 1 - (1 - first[shot]) * (1 - after.max())
    return scores


def number_of(hit: Hit) -> int:
    return int(hit.video_id.removeprefix("uid")) * SHOTS + hit.start_ms // 1000


@pytest.mark.parametrize("root", [TEXT, EITHER, THEN], ids=["text", "any_of", "then"])
@pytest.mark.parametrize("k", [7, 500])
def test_hits_are_exact_to_the_last_block_and_calibrated_estimates_beyond(
    rough: SearchEngine, root: dict[str, Any], k: int
) -> None:
    truth, hits = true_scores(root), list(list_all(rough, root, k))
    assert sorted(map(number_of, hits)) == np.flatnonzero(truth >= 0).tolist()
    assert not any(hit.estimated for hit in hits[: BLOCKS[-1]])
    deep = [hit for hit in hits if hit.estimated]
    assert len(deep) > 0.9 * len(hits)
    off = np.array([hit.score - truth[number_of(hit)] for hit in hits])
    estimated = np.array([hit.estimated for hit in hits])
    assert abs(off[~estimated]).max() < HALF
    assert abs(off[estimated]).max() > 2 * HALF
    assert abs(off[estimated].mean()) < 0.2 * truth[truth >= 0].std()
    for hit in hits[:: len(hits) // 50]:
        assert score_from_why(hit.to_json()["why"]) == pytest.approx(hit.score, abs=2e-6)


@pytest.mark.parametrize("root", [TEXT, THEN], ids=["text", "then"])
def test_the_best_of_all_are_among_those_settled(rough: SearchEngine, root: dict[str, Any]) -> None:
    hits = list(list_all(rough, root, 40))[:40]
    best = np.argsort(-true_scores(root))[:20]
    assert np.isin(best, [number_of(hit) for hit in hits]).mean() > 0.9


def test_feedback_learns_from_a_first_pass_what_it_learns_without(folder: Path) -> None:
    def believe(generation: Generation, liked: list[int], disliked: list[int]) -> Vectors:
        space = generation.spaces["rough"]
        before = start_feedback(space.row_scores(draw(1, 1))[0], space.rows)
        after = learn(before, space, liked, disliked, sigma=0.2)
        engine = SearchEngine(generation, {"rough": Numbers()})
        assert list_believed(after, engine.layout, SearchOptions(), 9).shape == (9,)
        return after.log_p

    ways = [open_generation(folder, first_pass=way) for way in ("always", "never")]
    for liked, disliked in (([3], [4]), ([3, 40, 41], [5, 6, 7, 300])):
        one, other = (believe(each, liked, disliked) for each in ways)
        assert np.corrcoef(one, other)[0, 1] > 0.95
