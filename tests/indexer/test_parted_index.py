"""Vectors of several parts: found as if they stood in one."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding
from indexer.generations import parted_index, vector_writing
from indexer.generations.coded_index import CodedIndex
from indexer.generations.coding import learn_coding
from indexer.generations.content import Content
from indexer.generations.exact import ExactIndex
from indexer.generations.manifest import Manifest, UsedPart
from indexer.generations.opening import finish
from indexer.generations.parted_index import PartedIndex
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.space_index import SpaceIndex
from indexer.generations.storage import MemoryRows
from indexer.generations.stretches import Numbering, make_numbering
from indexer.generations.vector_index import VectorIndex
from indexer.generations.writing import build_part_in_memory

DIM = 32
SPACE = Space("toy", DIM, "toy", Range(0, 1), Range(0, 1))
Vectors: TypeAlias = NDArray[np.float32]


def numbering_of(living: Sequence[Sequence[bool]]) -> Numbering:
    starts, ends = [], []
    for alive in living:
        edges = np.flatnonzero(np.diff(np.array(alive, np.int8), prepend=0, append=0))
        starts.append(edges[::2])
        ends.append(edges[1::2])
    return make_numbering(starts, ends, [len(alive) for alive in living])


@given(st.lists(st.lists(st.booleans(), max_size=12), min_size=1, max_size=4))
def test_one_number_is_found_where_several_are(living: list[list[bool]]) -> None:
    numbering = numbering_of(living)
    truth = [(part, n) for part, each in enumerate(living) for n, lives in enumerate(each) if lives]
    assert [numbering.find(number) for number in range(len(numbering))] == truth


def coded(vectors: Vectors) -> VectorIndex:
    coding = learn_coding(vectors if len(vectors) else np.ones((1, 4), np.float32))
    return CodedIndex(coding, coding.encode(vectors), MemoryRows(vectors.astype(np.float16)))


@settings(max_examples=80, deadline=None)
@given(
    living=st.lists(st.lists(st.booleans(), max_size=40), min_size=1, max_size=4),
    few_runs=st.sampled_from((0, 1, 16)),
    in_codes=st.booleans(),
    seed=st.integers(0, 99),
)
def test_vectors_of_parts_are_found_as_if_they_stood_in_one(
    living: list[list[bool]], few_runs: int, in_codes: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    vectors = [rng.normal(size=(len(alive), 4)).astype(np.float32) for alive in living]
    make = coded if in_codes else ExactIndex
    index = PartedIndex([make(each) for each in vectors], numbering_of(living), 4)
    left = [each[np.array(alive, bool)] for each, alive in zip(vectors, living, strict=True)]
    truth = ExactIndex(np.concatenate(left))
    queries = rng.normal(size=(2, 4)).astype(np.float32)
    near = {"atol": 0.3 if in_codes else 1e-5}
    assert len(index) == len(truth)
    low, high = sorted(rng.integers(0, len(truth) + 1, 2).tolist())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parted_index, "FEW_RUNS", few_runs)
        np.testing.assert_allclose(index.scores(queries), truth.scores(queries), **near)
        stretch = index.scores(queries, span=(low, high))
        np.testing.assert_allclose(stretch, truth.scores(queries)[:, low:high], **near)
    ids = rng.permutation(len(truth))[: len(truth) // 2 + 1]
    near = {"atol": 0.01 if in_codes else 1e-5}
    np.testing.assert_allclose(index.rescore(queries, ids), truth.rescore(queries, ids), **near)
    np.testing.assert_allclose(index.get_vectors(ids), truth.get_vectors(ids), **near)
    if not in_codes:
        within = rng.random(len(truth)) < 0.5
        for chosen in (None, within):
            found, expected = index.top(queries, 5, chosen), truth.top(queries, 5, chosen)
            np.testing.assert_array_equal(found[0], expected[0])
            np.testing.assert_allclose(found[1], expected[1], rtol=1e-5)


def film(name: str, vectors: Vectors) -> Content:
    """A video of so many keyframes."""
    spans = [(n * 10, n * 10 + 9) for n in range(len(vectors))]
    said = [
        ("e", Embedding(*span, "toy", vector)) for span, vector in zip(spans, vectors, strict=True)
    ]
    return content_of([PlainVideo(name, spans, [5 + a for a, _ in spans], said, id=1)], [SPACE])


def joined(*vectors: Vectors) -> SpaceIndex:
    """The vectors of parts, each written for itself."""
    parts = [build_part_in_memory(film(str(n), each), str(n)) for n, each in enumerate(vectors)]
    used = tuple(UsedPart(part.manifest.name) for part in parts)
    return finish(Manifest("g", "", 0, "", (SPACE,), used, {}, 0), parts).spaces["toy"]


def of_length_one(vectors: NDArray[np.float64]) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@settings(max_examples=6, deadline=None)
@given(
    spread=st.sampled_from((0.01, 0.1, 1)),
    added=st.sampled_from((1, 900, 1100)),
    seed=st.integers(0, 99),
)
def test_what_is_added_may_be_unlike_all_that_is_there(
    spread: float, added: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    alike = of_length_one(rng.normal(size=(1, DIM)) + spread * rng.normal(size=(2000, DIM)))
    other = of_length_one(rng.normal(size=(added, DIM)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_writing, "EXACT_MOST", 1000)
        space = joined(alike, other)
    vectors = np.concatenate((alike, other))
    queries = of_length_one(other[:5] + 0.1 * rng.normal(size=(len(other[:5]), DIM)))
    truth = queries @ vectors.T
    scores = space.row_scores(queries)
    assert not space.is_exact
    if added < 1000:
        np.testing.assert_allclose(scores[:, 2000:], truth[:, 2000:], atol=1e-5)
    for query, estimates, exact in zip(queries, scores, truth, strict=True):
        close = np.argsort(-estimates)[:150]
        found = close[np.argsort(-space.rescore_rows(query[None], close)[0])[:100]]
        # No worse than the hundredth best, but for what the rows' 16 bits cannot tell apart.
        assert exact[found].min() >= np.sort(exact)[-100] - 5e-4
        assert exact[found[0]] == pytest.approx(exact.max(), abs=1e-3)
