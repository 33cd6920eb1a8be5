"""Lists and feedback over codes as they are, in one part or several, beside plain loops."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding
from indexer.generations import vector_writing
from indexer.generations.coded_index import CodedIndex
from indexer.generations.codes import pack_nibbles
from indexer.generations.coding import learn_coding
from indexer.generations.exact import ExactIndex
from indexer.generations.opening import open_generation
from indexer.generations.parted_index import PartedIndex
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.space_index import SpaceIndex
from indexer.generations.storage import MemoryRows
from indexer.generations.stretches import make_numbering
from indexer.generations.vector_index import VectorIndex
from indexer.generations.writing import write_generation
from search.cosines import find_cosines
from search.engine import SearchEngine
from search.feedback import learn, start_feedback
from search.hits import Hit
from search.leaves.text import TextLeaf
from search.options import SearchOptions
from search.query import Query

DIM, SHOTS, VIDEOS = 32, 40, 6
STEPS = (50, 110, 300)  # the last is beyond the end
SPACE = Space("many", DIM, "", Range(-1, 1), Range(-1, 1))
NEAR = 2e-6  # of scores that are rounded to six digits
Vectors = NDArray[np.float32]
Coded = tuple[SearchEngine, bool]  # whether a first pass goes ahead


def as_units(vectors: NDArray[np.floating[Any]]) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def draw(count: int, seed: int) -> Vectors:
    return as_units(np.random.default_rng(seed).standard_normal((count, DIM)) + 0.3)


def draw_looks() -> Vectors:
    """Two keyframes for each shot; of every look there are some that are nearly the same."""
    chance = np.random.default_rng(3)
    looks = draw(70, 0)[chance.integers(70, size=2 * SHOTS * VIDEOS)]
    return as_units(looks + chance.normal(scale=0.02, size=looks.shape))


class Numbers:
    """Texts are numbers, each with a vector."""

    space = SPACE

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return draw(9, 1)[[int(text) for text in texts]]

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> Vectors:
        raise AssertionError("nobody asks with a picture here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    films = []
    for number, own in enumerate(np.split(draw_looks(), VIDEOS)):
        spans = [(n * 1000, (n + 1) * 1000) for n in range(SHOTS)]
        times = [start + part for start, _ in spans for part in (200, 700)]
        found = [("m", Embedding(at, at + 1, "many", one))
                 for at, one in zip(times, own, strict=True)]  # fmt: skip
        films.append(PlainVideo(f"uid{number}", spans, times, found))
    folder = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_writing, "EXACT_MOST", 0)
        write_generation(folder, content_of(films, [SPACE]))
    return folder


@pytest.fixture(params=["never", "always"])
def coded(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Coded:
    for name in ("engine.BLOCKS", "engine.STEPS", "paging.STEPS"):
        monkeypatch.setattr(f"search.{name}", STEPS)
    generation = open_generation(folder, first_pass=request.param)
    return SearchEngine(generation, {"many": Numbers()}), request.param == "always"


def ask(engine: SearchEngine, text: int, k: int, **options: object) -> Iterator[Hit]:
    """Every hit, page by page."""
    query = Query.model_validate({"root": {"kind": "text", "text": str(text)}})
    listing = SearchOptions.model_validate({"k": k, **options})
    while True:
        page = engine.search(query, listing)
        yield from page.hits
        if page.cursor is None:
            return
        listing = listing.model_copy(update={"cursor": page.cursor})


def number_of(hit: Hit) -> int:
    return int(hit.video_id.removeprefix("uid")) * SHOTS + hit.start_ms // 1000


def kept_vectors() -> NDArray[np.float64]:
    """(2 s, DIM) what is kept of every vector beside its code."""
    return draw_looks().astype(np.float16).astype(np.float64)


def true_scores(text: int) -> NDArray[np.float64]:
    """(s,) of the better keyframe of each shot."""
    cosines = kept_vectors() @ draw(9, 1)[text].astype(np.float64)
    return ((cosines + 1) / 2).reshape(-1, 2).max(axis=1)


def list_plainly(scores: NDArray[np.float64], group: str, per_video: int | None) -> list[int]:
    """The numbers of all shots in order, by sorting."""
    videos = [
        sorted(range(first, first + SHOTS), key=lambda shot: -scores[shot])[:per_video]
        for first in range(0, len(scores), SHOTS)
    ]
    videos.sort(key=lambda shots: -scores[shots[0]])
    every = [shot for shots in videos for shot in shots]
    return every if group == "video" else sorted(every, key=lambda shot: -scores[shot])


@pytest.mark.parametrize("text", range(4))
@pytest.mark.parametrize("k", [7, 300])
@pytest.mark.parametrize(
    ("group", "per_video"), [("video", None), ("video", 3), ("none", None), ("none", 3)]
)
def test_lists_from_codes_are_those_of_a_plain_sort(
    coded: Coded, text: int, k: int, group: str, per_video: int | None
) -> None:
    engine, is_rough = coded
    hits, scores = list(ask(engine, text, k, group=group, per_video=per_video)), true_scores(text)
    listed, truth = [number_of(hit) for hit in hits], list_plainly(scores, group, per_video)
    assert [hit.rank for hit in hits] == list(range(1, len(truth) + 1))
    assert len(set(listed)) == len(truth)
    assert not any(hit.estimated for hit in hits)
    assert [hit.score for hit in hits] == pytest.approx(scores[listed].tolist(), abs=NEAR)
    if group == "video":
        videos = [shot // SHOTS for shot in listed]
        assert sum(a != b for a, b in pairwise(videos)) == VIDEOS - 1
    if is_rough:
        assert (
            np.isin(truth[:20], listed[:20]).mean() > 0.85
        )  # nibbles of so few numbers tell little
    else:
        assert [hit.score for hit in hits] == pytest.approx(scores[truth].tolist(), abs=NEAR)


def fold_plainly(listed: list[int], looks: NDArray[np.float64], least: float) -> dict[int, int]:
    """The shots that stay, in order, and how many are folded under each; by loops."""
    stay: dict[int, int] = {}
    for shot, look in zip(listed, looks, strict=True):
        at = {before: looks[listed.index(before)] for before in stay}
        like = next((before for before, other in at.items() if other @ look >= least), None)
        stay[shot if like is None else like] = 0 if like is None else stay[like] + 1
    return stay


@pytest.mark.parametrize("group", ["none", "video"])
@pytest.mark.parametrize("k", [9, 300])
@pytest.mark.parametrize("least", [0.8, 0.97])
def test_what_is_folded_over_codes_is_what_a_plain_loop_folds(
    coded: Coded, group: str, k: int, least: float
) -> None:
    engine, is_rough = coded
    scores, vectors = true_scores(2), kept_vectors()
    listed = [number_of(hit) for hit in ask(engine, 2, 300, group=group)]
    if not is_rough:
        assert listed == list_plainly(scores, group, None)
    asked = draw(9, 1)[2].astype(np.float64)
    best = [2 * shot + int(np.argmax(vectors[2 * shot : 2 * shot + 2] @ asked)) for shot in listed]
    looks = vectors[best] / np.linalg.norm(vectors[best], axis=1, keepdims=True)
    hits = list(ask(engine, 2, k, group=group, distinct=least))
    truth = fold_plainly(listed, looks, least)
    assert 10 < len(truth) < len(listed) - 10
    assert [number_of(hit) for hit in hits] == list(truth)
    if k > len(listed):
        assert [hit.similar for hit in hits] == list(truth.values())


def spread_over(kinds: Sequence[str], vectors: Vectors) -> SpaceIndex:
    """Parts of these kinds: exact, in codes, or in codes that a first pass goes ahead of."""

    def make(kind: str, own: Vectors) -> VectorIndex:
        if kind == "exact":
            return ExactIndex(own)
        coding = learn_coding(own)
        codes = coding.encode(own)
        nibbles = pack_nibbles(codes) if kind == "rough" else None
        return CodedIndex(coding, codes, MemoryRows(own.astype(np.float16)), nibbles)

    cuts = np.linspace(0, len(vectors), len(kinds) + 1).astype(int)
    parts = [vectors[a:b] for a, b in pairwise(cuts)]
    indexes = [make(*each) for each in zip(kinds, parts, strict=True)]
    ends = [np.array([len(part)]) for part in parts]
    numbering = make_numbering([np.zeros(1, np.int64)] * len(parts), ends, [len(p) for p in parts])
    row = np.arange(len(vectors), dtype=np.int32)
    return SpaceIndex(SPACE, PartedIndex(indexes, numbering, DIM), row, len(vectors))


@pytest.mark.parametrize(
    ("kinds", "off"),
    [
        (["exact", "exact"], 1e-4),
        (["coded"], 0.1),
        (["coded", "exact", "coded"], 0.1),
        (["coded", "rough", "exact"], 0.2),
    ],
)
@pytest.mark.parametrize(("likes", "dislikes"), [([3], [400]), ([3, 700, 80], [5, 650, 333, 9])])
def test_feedback_over_parts_and_codes_is_the_formula_in_a_loop(
    kinds: list[str], off: float, likes: list[int], dislikes: list[int]
) -> None:
    vectors, sigma = draw(900, 5), 0.3
    prior = start_feedback(vectors @ draw(1, 6)[0], len(vectors))
    found = learn(prior, spread_over(kinds, vectors), likes, dislikes, sigma=sigma)
    wide = vectors.astype(np.float64)
    expected = prior.log_p.astype(np.float64)
    for row in range(len(vectors)):
        beside = sum(np.exp(wide[row] @ wide[other] / sigma) for other in dislikes)
        for like in likes:
            near = np.exp(wide[row] @ wide[like] / sigma)
            expected[row] += np.log(near / (near + beside))
    expected -= expected.max()
    assert abs(found.log_p - expected).max() < off
    assert np.argmax(found.log_p) == np.argmax(expected)


class Ready:
    """Where the one space of a test comes from."""

    def __init__(self, index: SpaceIndex) -> None:
        self._index = index

    def space(self, name: str) -> SpaceIndex:
        return self._index

    def of_texts(self, space: str, texts: Sequence[str]) -> Vectors:
        return Numbers().encode_texts(texts)

    def unknown_words(self, space: str, text: str) -> tuple[str, ...]:
        return ()


def error_of(index: SpaceIndex) -> float:
    leaf = TextLeaf(text="1")
    return find_cosines([leaf], "many", Ready(index))[leaf].error  # type: ignore[arg-type]


def test_how_far_estimates_are_off_is_asked_of_every_part() -> None:
    many, few = draw(8000, 8), draw(60, 9)
    fine = spread_over(["coded"], many).index
    coarse = learn_coding(few)
    coarse = type(coarse)(coarse.mean, coarse.rotation, coarse.step * 20)
    rough = CodedIndex(coarse, coarse.encode(few), MemoryRows(few.astype(np.float16)))
    sizes = [np.array([8000]), np.array([60])]
    numbering = make_numbering([np.zeros(1, np.int64)] * 2, sizes, [8000, 60])
    row = np.arange(8060, dtype=np.int32)
    both = SpaceIndex(SPACE, PartedIndex([fine, rough], numbering, DIM), row, 8060)
    assert both.estimated == ((0, 8000), (8000, 8060))
    off = abs(both.row_scores(draw(9, 1)[1:2])[0] - np.concatenate((many, few)) @ draw(9, 1)[1])
    assert off.max() > 10 * off[:8000].max()
    assert off.max() < error_of(both) < 20 * off.max()
    assert error_of(both) == pytest.approx(6 * np.sqrt(np.square(off[8000:]).mean()), rel=0.1)
    assert error_of(spread_over(["coded"], many)) < off.max()
    exact = spread_over(["exact", "exact"], many)
    assert (exact.estimated, error_of(exact)) == ((), 0.0)
