"""Vectors of several parts: found as if they stood in one."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.encoder import Range, Space
from analyzers.finding import Embedding
from indexer.generations import parted_index
from indexer.generations.coded_index import CodedIndex
from indexer.generations.coding import learn_coding
from indexer.generations.exact import ExactIndex
from indexer.generations.manifest import Manifest, UsedPart
from indexer.generations.opening import finish
from indexer.generations.parted_index import PartedIndex
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.storage import MemoryRows
from indexer.generations.stretches import Numbering, make_numbering
from indexer.generations.vector_index import VectorIndex
from indexer.generations.writing import build_part_in_memory

SPACE = Space("toy", 4, "toy", Range(0, 1), Range(0, 1))


def numbering_of(living: Sequence[Sequence[bool]]) -> Numbering:
    starts, ends = [], []
    for alive in living:
        edges = np.flatnonzero(np.diff(np.array(alive, np.int8), prepend=0, append=0))
        starts.append(edges[::2])
        ends.append(edges[1::2])
    return make_numbering(starts, ends, [len(alive) for alive in living])


def coded(vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> VectorIndex:
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


def plain(number: int, vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> PlainVideo:
    """A video with its vector, if there is one of that number."""
    said = [("e", Embedding(0, 9, "toy", vector)) for vector in vectors[number : number + 1]]
    return PlainVideo(str(number), [(0, 9)], [5], said, id=number + 1)


@pytest.mark.parametrize("count", [0, 1, 30])
def test_what_is_added_is_coded_as_what_is_there(count: int) -> None:
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(60 + count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    coding = learn_coding(vectors)
    parts = [
        build_part_in_memory(
            content_of([plain(number, vectors) for number in numbers], [SPACE]),
            {"toy": coding},
            name,
        )
        for name, numbers in (("base", range(60)), ("added", range(60, 61 + count)))
    ]
    used = tuple(UsedPart(part.manifest.name) for part in parts)
    generation = finish(Manifest("g", "", 0, "", (SPACE,), used, {}, 0), parts)
    found = generation.spaces["toy"]
    assert not found.is_exact
    assert found.index.coding is parts[0].spaces["toy"].index.coding
    assert found.known.sum() == 60 + count
    truth = vectors[:3] @ vectors.T
    np.testing.assert_allclose(found.row_scores(vectors[:3])[:, : len(vectors)], truth, atol=0.05)
    exact = found.rescore_rows(vectors[:3], np.array([59, 60, 3]))
    np.testing.assert_allclose(exact[:, 0], truth[:, 59], atol=0.002)
    assert np.isnan(exact[:, 1]).all() == (count == 0)
