"""Spaces of many vectors are coded when a generation is written, and searched alike."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.encoder import Range, Space
from analyzers.error import SettingsError
from analyzers.finding import Embedding
from indexer.generations import codes as two_passes
from indexer.generations import kernel, vector_writing
from indexer.generations.coded_index import CodedIndex
from indexer.generations.codes import FirstPass
from indexer.generations.content import Content, ContentBroken, SpaceContent
from indexer.generations.kernel import has_kernel
from indexer.generations.layout import MOST_VIDEOS, Layout
from indexer.generations.opening import WITHOUT_KERNEL, open_generation, read_vectors
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.space_index import SpaceIndex
from indexer.generations.storage import MemoryWriter
from indexer.generations.vector_writing import write_space
from indexer.generations.writing import build_in_memory, write_generation

DIM = 8
SPACE = Space("toy", DIM, "toy", Range(0, 1), Range(0, 1))
ESTIMATE, HALF = 0.03, 1e-3  # how far off estimates and float16 may be
Counts = list[int]  # how many vectors each keyframe has


@pytest.fixture
def coded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_writing, "EXACT_MOST", 0)


def unit_vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((count, DIM)) + 0.5
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def content_with(counts: Counts, per_video: int = 5) -> Content:
    """Videos of so many keyframes, one a second, each with so many vectors."""
    vectors, videos, used = unit_vectors(sum(counts)), [], 0
    for first in range(0, len(counts), per_video):
        findings = []
        for second, count in enumerate(counts[first : first + per_video]):
            for vector in vectors[used : used + count]:
                findings.append(
                    ("t", Embedding(second * 1000, second * 1000 + 1000, "toy", vector))
                )
            used += count
        seconds = len(counts[first : first + per_video])
        keyframes = [second * 1000 + 500 for second in range(seconds)]
        shots = [(second * 1000, second * 1000 + 1000) for second in range(seconds)]
        videos.append(PlainVideo(f"v{first}", shots, keyframes, findings))
    return content_of(videos, [SPACE])


def space_of(counts: Counts) -> SpaceIndex:
    return build_in_memory(content_with(counts)).spaces["toy"]


def plain_rows(counts: Counts, queries: NDArray[np.float32]) -> NDArray[np.float32]:
    """(q, n) the best cosine of each keyframe, by a loop."""
    cosines, ends = queries @ unit_vectors(sum(counts)).T, np.cumsum(counts)
    best = [
        cosines[:, end - count : end].max(axis=1) if count else np.full(len(queries), np.nan)
        for count, end in zip(counts, ends.tolist(), strict=True)
    ]
    return np.array(best, np.float32).reshape(len(counts), len(queries)).T


COUNTS = [[1] * 12, [1] * 9 + [0] + [1] * 3, [2, 0, 3, 1, 1, 1, 4], [0, 0], [3], [0, 0, 1]]


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("counts", COUNTS, ids=str)
@pytest.mark.parametrize("queries", [1, 2, 5])
def test_scores_are_estimates_and_rescoring_is_exact(counts: Counts, queries: int) -> None:
    space, asked = space_of(counts), unit_vectors(queries, 1)
    exact = plain_rows(counts, asked)
    assert space.is_exact == (sum(counts) == 0)
    np.testing.assert_allclose(space.row_scores(asked), exact, atol=ESTIMATE)
    rows = np.random.default_rng(0).integers(0, len(counts), 9)
    np.testing.assert_allclose(space.rescore_rows(asked, rows), exact[:, rows], atol=HALF)
    assert space.rescore_rows(asked, rows[:0]).shape == (queries, 0)


@pytest.mark.parametrize("counts", COUNTS, ids=str)
def test_few_vectors_are_scored_exactly(counts: Counts) -> None:
    space, asked = space_of(counts), unit_vectors(3, 1)
    exact = plain_rows(counts, asked)
    assert space.is_exact
    np.testing.assert_allclose(space.row_scores(asked), exact, atol=1e-6)
    rows = np.arange(len(counts))
    np.testing.assert_allclose(space.rescore_rows(asked, rows), exact, atol=1e-6)


@given(
    counts=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    size=st.integers(1, 40),
    most=st.sampled_from([0, 50_000]),
)
@settings(max_examples=40, deadline=None)
def test_blocks_of_rows_are_the_rows(counts: Counts, size: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_writing, "EXACT_MOST", most)
        space = space_of(counts)
    asked = unit_vectors(2, 1)
    blocks = [(first, block.copy()) for first, block in space.row_blocks(asked, size)]
    assert [first for first, _ in blocks] == list(range(0, len(counts), size))
    whole = np.concatenate([block for _, block in blocks], axis=1)
    np.testing.assert_allclose(whole, space.row_scores(asked), atol=1e-6)


@pytest.mark.usefixtures("coded")
def test_vectors_of_a_row_are_those_said(tmp_path: Path) -> None:
    space = space_of([1, 2, 0])
    np.testing.assert_allclose(space.vectors_of(1), unit_vectors(3)[1:], atol=HALF)
    assert space.vectors_of(2).shape == (0, DIM)


@pytest.mark.usefixtures("coded")
def test_a_coded_generation_is_written_opened_and_searched(tmp_path: Path) -> None:
    counts = [1, 0, 2, 1, 1, 3, 1]
    write_generation(tmp_path, content_with(counts))
    space, asked = open_generation(tmp_path).spaces["toy"], unit_vectors(2, 1)
    in_memory = space_of(counts)
    assert isinstance(space.index, CodedIndex)
    assert (space.row_scores(asked) == in_memory.row_scores(asked)).all(where=space.known)
    assert space.row.tolist() == in_memory.row.tolist()
    for path in tmp_path.rglob("*.npy"):
        path.unlink()
    rows = np.flatnonzero(space.known)
    best = plain_rows(counts, asked)[:, rows]
    np.testing.assert_allclose(space.rescore_rows(asked, rows), best, atol=HALF)


def test_blocks_of_any_size_write_the_same_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_writing, "EXACT_MOST", 0)
    whole = codes_of(content_with([1] * 23))
    monkeypatch.setattr(vector_writing, "BLOCK_ROWS", 4)
    assert (codes_of(content_with([1] * 23)) == whole).all()


@pytest.mark.parametrize(("most", "noted"), [(0, True), (50_000, False)])
def test_a_note_tells_where_much_is_searched_without_compiled_loops(
    most: int, noted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_writing, "EXACT_MOST", most)
    monkeypatch.setattr(kernel, "_load", lambda: None)
    assert (WITHOUT_KERNEL in build_in_memory(content_with([1] * 5)).notes) == noted


@pytest.mark.usefixtures("coded")
def test_nothing_is_noted_where_the_loops_are_compiled() -> None:
    assert build_in_memory(content_with([1] * 5)).notes == ((WITHOUT_KERNEL,), ())[has_kernel()]


@pytest.mark.parametrize(
    ("choice", "above", "goes_ahead"),
    [("auto", 399, True), ("auto", 400, False), ("always", 400, True), ("never", 0, False)],
)
@pytest.mark.usefixtures("coded")
def test_a_first_pass_goes_ahead_by_the_rule_or_as_people_choose(
    choice: FirstPass, above: int, goes_ahead: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = unit_vectors(2, 1)
    whole = space_of([1] * 400).row_scores(asked)
    monkeypatch.setattr(two_passes, "FIRST_PASS_ABOVE", above)
    space = open_generation(folder, first_pass=choice).spaces["toy"]
    scores = space.row_scores(asked)
    off = abs(scores - whole) > 1e-6
    assert off.any() == goes_ahead
    assert not off.all()
    np.testing.assert_allclose(scores, whole, atol=0.15)
    ids, best = space.index.top(asked, 5)
    exact = plain_rows([1] * 400, asked)
    np.testing.assert_allclose(best, -np.sort(-exact)[:, :5], atol=HALF)
    np.testing.assert_allclose(np.take_along_axis(exact, ids, axis=1), best, atol=HALF)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Search files of 400 keyframes, coded."""
    folder = tmp_path_factory.mktemp("coded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_writing, "EXACT_MOST", 0)
        write_generation(folder, content_with([1] * 400))
    return folder


@pytest.mark.usefixtures("coded")
def test_files_without_a_first_pass_are_read_in_full_unless_it_is_wanted_always() -> None:
    content, writer = content_with([1] * 5), MemoryWriter()
    layout = Layout(content.shots, content.keyframes, 1)
    write_space(writer, layout, content.spaces[0])
    del writer.arrays["space.toy.nibbles"]
    assert isinstance(read_vectors(SPACE, writer.arrays, "auto"), CodedIndex)
    with pytest.raises(SettingsError, match=r"first_pass.*toy.*shotseek rebuild"):
        read_vectors(SPACE, writer.arrays, "always")


def codes_of(content: Content) -> NDArray[np.uint8]:
    writer = MemoryWriter()
    layout = Layout(content.shots, content.keyframes, len(content.videos.id))
    write_space(writer, layout, content.spaces[0])
    codes: NDArray[np.uint8] = writer.arrays["space.toy.codes"]
    return codes


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("count", [1, 3, 9])
def test_vectors_other_than_announced_are_refused_when_coded(tmp_path: Path, count: int) -> None:
    content = content_with([1] * 5)
    broken = SpaceContent(SPACE, count, content.spaces[0].parts)
    layout = Layout(content.shots, content.keyframes, 1)
    with pytest.raises(ContentBroken, match="toy"):
        write_space(MemoryWriter(), layout, broken)


def test_more_videos_than_the_keys_of_a_layout_can_tell_apart_are_refused() -> None:
    nothing = content_with([0])
    with pytest.raises(ContentBroken, match="4,194,305 videos"):
        Layout(nothing.shots, nothing.keyframes, MOST_VIDEOS + 1)
