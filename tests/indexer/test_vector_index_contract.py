"""What every VectorIndex keeps; a new implementation joins MAKERS."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.generations import coded_index
from indexer.generations.coded_index import CodedIndex
from indexer.generations.codes import TwoPasses, pack_nibbles
from indexer.generations.coding import learn_coding, read_coding, write_coding
from indexer.generations.exact import ExactIndex
from indexer.generations.faiss_index import FaissIndex
from indexer.generations.storage import ArrayWriter, FolderWriter, MemoryWriter, open_arrays
from indexer.generations.vector_index import VectorIndex

Vectors = NDArray[np.float32]
TOLERANCE = 1e-5
HALVES_TOLERANCE = 1e-3  # of inner products with unit vectors as float16
ESTIMATES_TOLERANCE = 0.02  # of those with codes; a step is .008 in 16 dimensions
ROUGH_TOLERANCE = 0.15  # of those with nibbles


def mapped(folder: Path, vectors: Vectors) -> Vectors:
    FolderWriter(folder).write("vectors", vectors)
    return open_arrays(folder, ["vectors.npy"])["vectors"]


def write_coded(writer: ArrayWriter, vectors: Vectors) -> None:
    coding = learn_coding(vectors if len(vectors) else np.ones((1, vectors.shape[1]), np.float32))
    write_coding(writer, "toy", coding)
    writer.write("codes", coding.encode(vectors))
    writer.write("halves", vectors.astype(np.float16))


def coded(vectors: Vectors, device: str = "cpu", first_pass: bool = False) -> CodedIndex:
    writer = MemoryWriter()
    write_coded(writer, vectors)
    coding = read_coding(writer.arrays, "toy")
    assert coding is not None
    codes = writer.arrays["codes"]
    nibbles = pack_nibbles(codes) if first_pass else None
    return CodedIndex(coding, codes, writer.open_rows("halves"), nibbles, device)


def coded_in_files(folder: Path, vectors: Vectors) -> CodedIndex:
    with FolderWriter(folder) as writer:
        write_coded(writer, vectors)
    arrays = open_arrays(folder, [path.name for path in folder.iterdir()])
    coding = read_coding(arrays, "toy")
    assert coding is not None
    return CodedIndex(coding, arrays["codes"], arrays.open_rows("halves"))


def coded_without_faiss(vectors: Vectors) -> CodedIndex:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded_index, "has_faiss", lambda: False)
        return coded(vectors)


MAKERS: dict[str, Callable[[Path, Vectors], VectorIndex]] = {
    "exact": lambda folder, vectors: ExactIndex(vectors),
    "exact, mapped": lambda folder, vectors: ExactIndex(mapped(folder, vectors)),
    "faiss": lambda folder, vectors: FaissIndex(vectors),
    "faiss, mapped": lambda folder, vectors: FaissIndex(mapped(folder, vectors)),
    "coded": lambda folder, vectors: coded_without_faiss(vectors),
    "coded, faiss": lambda folder, vectors: coded(vectors),
    "coded, faiss, in files": coded_in_files,
    "coded, two passes": lambda folder, vectors: coded(vectors, first_pass=True),
}
Make = Callable[[Vectors], VectorIndex]


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    if "faiss" in request.param:
        pytest.importorskip("faiss")
    maker = MAKERS[request.param]
    return lambda vectors: maker(tmp_path_factory.mktemp("vectors"), vectors)


def random_vectors(count: int, dim: int, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def plain_scores(queries: Vectors, vectors: Vectors) -> NDArray[np.float64]:
    return np.array(
        [[np.dot(q.astype(np.float64), v.astype(np.float64)) for v in vectors] for q in queries]
    ).reshape(len(queries), len(vectors))


def tolerance(index: VectorIndex) -> float:
    """Of the scores of what was looked at closely."""
    return TOLERANCE if index.is_exact else HALVES_TOLERANCE


def estimates_tolerance(index: VectorIndex) -> float:
    """Of the scores of all."""
    if isinstance(index, CodedIndex):
        return ROUGH_TOLERANCE if isinstance(index._estimates, TwoPasses) else ESTIMATES_TOLERANCE
    return TOLERANCE


def check_top(
    index: VectorIndex, vectors: Vectors, queries: Vectors, k: int, within: NDArray[np.bool_] | None
) -> None:
    """The results are the best scores, in order, of distinct allowed vectors, padded."""
    ids, scores = index.top(queries, k, within)
    assert ids.shape == scores.shape == (len(queries), k)
    allowed = np.arange(len(vectors)) if within is None else np.flatnonzero(within)
    found = min(k, len(allowed))
    exact = plain_scores(queries, vectors)
    for query in range(len(queries)):
        given_ids, given_scores = ids[query, :found], scores[query, :found]
        best = np.sort(exact[query, allowed])[::-1][:found]
        np.testing.assert_allclose(given_scores, best, atol=tolerance(index))
        np.testing.assert_allclose(given_scores, exact[query, given_ids], atol=tolerance(index))
        assert len(set(given_ids)) == found
        assert set(given_ids) <= set(allowed)
        pairs = list(zip(-given_scores, given_ids, strict=True))
        assert pairs == sorted(pairs), "best first, smaller ids first among equals"
    assert (ids[:, found:] == -1).all()
    assert (scores[:, found:] == -np.inf).all()


@pytest.mark.parametrize("queries", [0, 1, 3, 4, 9])
def test_scores_are_the_inner_products_of_all_vectors(make: Make, queries: int) -> None:
    vectors, asked = random_vectors(50, 16), random_vectors(queries, 16, seed=1)
    index = make(vectors)
    scores = index.scores(asked)
    assert scores.dtype == np.float32
    assert scores.shape == (queries, 50)
    np.testing.assert_allclose(
        scores, plain_scores(asked, vectors), atol=estimates_tolerance(index)
    )
    assert index.is_exact == (not isinstance(index, CodedIndex))


@pytest.mark.parametrize("queries", [1, 2, 5])
def test_scores_of_a_stretch_are_written_where_they_are_wanted(make: Make, queries: int) -> None:
    index, asked = make(random_vectors(50, 16)), random_vectors(queries, 16, seed=1)
    whole = np.full((queries, 60), 7, np.float32)
    given_back = index.scores(asked, whole[:, 3:13], (20, 30))
    assert np.shares_memory(given_back, whole)
    np.testing.assert_allclose(whole[:, 3:13], index.scores(asked)[:, 20:30], atol=TOLERANCE)
    assert (whole[:, :3] == 7).all()
    assert (whole[:, 13:] == 7).all()
    assert index.scores(asked, span=(9, 9)).shape == (queries, 0)


@pytest.mark.parametrize("queries", [0, 1, 2, 5])
def test_rescoring_gives_the_inner_products_themselves(make: Make, queries: int) -> None:
    vectors, asked = random_vectors(50, 16), random_vectors(queries, 16, seed=1)
    index, ids = make(vectors), np.array([49, 3, 4, 5, 3, 0])
    scores = index.rescore(asked, ids)
    assert scores.dtype == np.float32
    exact = plain_scores(asked, vectors)[:, ids]
    np.testing.assert_allclose(scores, exact, atol=tolerance(index))
    assert index.rescore(asked, ids[:0]).shape == (queries, 0)


def test_many_are_rescored_in_blocks(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, asked = random_vectors(50, 16), random_vectors(2, 16, seed=1)
    index = make(vectors)
    whole = index.rescore(asked, np.arange(50))
    monkeypatch.setattr(coded_index, "CLOSE_AT_ONCE", 7)
    np.testing.assert_allclose(index.rescore(asked, np.arange(50)), whole, atol=TOLERANCE)


def test_scores_may_be_changed_by_who_asked(make: Make) -> None:
    index, asked = make(random_vectors(5, 8)), random_vectors(1, 8, seed=1)
    before = index.scores(asked).copy()
    index.scores(asked)[:] = 7
    assert (index.scores(asked) == before).all()


def test_the_vectors_themselves_can_be_had_and_changed(make: Make) -> None:
    vectors = random_vectors(5, 4)
    index = make(vectors)
    taken = index.get_vectors(np.array([3, 0]))
    before = taken.tolist()
    np.testing.assert_allclose(taken, vectors[[3, 0]], rtol=0 if index.is_exact else 2**-11)
    taken[:] = 0
    assert index.get_vectors(np.array([3, 0])).tolist() == before
    assert index.get_vectors(np.arange(0)).shape == (0, 4)


@pytest.mark.parametrize("k", [0, 1, 7, 40, 60])
@pytest.mark.parametrize("share", [None, 0.0, 0.1, 1.0])
def test_top_gives_the_best_of_the_allowed(make: Make, k: int, share: float | None) -> None:
    vectors, asked = random_vectors(40, 16), random_vectors(3, 16, seed=1)
    within = None if share is None else np.random.default_rng(2).random(40) < share
    check_top(make(vectors), vectors, asked, k, within)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_top_agrees_with_plain_python_where_scores_are_equal(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 20))
    numbers = st.sampled_from([0.0, 1.0, -1.0, 0.5])
    cells = data.draw(st.lists(numbers, min_size=count * 2, max_size=count * 2))
    vectors = np.array(cells, np.float32).reshape(count, 2)
    asked = np.array([[1.0, 0.0], [0.0, 0.0], [0.5, -0.5]], np.float32)
    within = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), bool)
    k = data.draw(st.integers(0, 25))
    for index in (ExactIndex(vectors), FaissIndex(vectors), coded(vectors)):
        check_top(index, vectors, asked, k, data.draw(st.sampled_from([None, within])))


def test_vectors_of_zeros_score_zero(make: Make) -> None:
    vectors = np.zeros((3, 4), np.float32)
    asked = random_vectors(1, 4)
    np.testing.assert_allclose(make(vectors).scores(asked), 0, atol=1e-7)
    assert make(vectors).top(asked, 5)[0].tolist() == [[0, 1, 2, -1, -1]]


def test_no_vectors_give_no_results(make: Make) -> None:
    index = make(np.zeros((0, 4), np.float32))
    asked = random_vectors(2, 4)
    assert len(index) == 0
    assert index.scores(asked).shape == (2, 0)
    ids, scores = index.top(asked, 3, np.zeros(0, bool))
    assert (ids == -1).all()
    assert (scores == -np.inf).all()


def test_faiss_searches_the_mapped_file_without_a_copy(tmp_path: Path) -> None:
    faiss = pytest.importorskip("faiss")
    vectors = mapped(tmp_path, random_vectors(1000, 8))
    for search in (FaissIndex(vectors)._faiss, coded_in_files(tmp_path, vectors)._faiss):
        assert search is not None
        opened = search.open(faiss)
        assert opened.ntotal == 1000
        assert not opened.codes.is_owned


def test_faiss_opens_codes_as_its_own_kind(tmp_path: Path) -> None:
    faiss = pytest.importorskip("faiss")
    vectors = random_vectors(200, 16)
    coding = learn_coding(vectors)
    kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
    index = faiss.IndexScalarQuantizer(16, kind, faiss.METRIC_INNER_PRODUCT)
    index.add_sa_codes(coding.encode(vectors))
    decoded = index.reconstruct_n(0, 200) * coding.step @ coding.rotation + coding.mean
    np.testing.assert_allclose(decoded, vectors, atol=ESTIMATES_TOLERANCE)


@pytest.mark.gpu
def test_a_gpu_gives_what_the_cpu_gives(capsys: pytest.CaptureFixture[str]) -> None:
    faiss = pytest.importorskip("faiss")
    if not hasattr(faiss, "GpuIndexFlatIP") or not faiss.get_num_gpus():
        pytest.skip("FAISS without GPUs")
    vectors, asked = random_vectors(200_000, 256), random_vectors(64, 256, seed=1)
    index = FaissIndex(vectors, device="cuda")
    ids, scores = index.top(asked, 100)
    started = perf_counter()
    index.top(asked, 100)
    seconds = perf_counter() - started
    expected_ids, expected = FaissIndex(vectors).top(asked, 100)
    np.testing.assert_allclose(scores, expected, atol=1e-4)
    assert (ids == expected_ids).mean() > 0.99
    check_top(index, vectors[:500], asked[:2], 5, np.arange(200_000) < 500)
    with capsys.disabled():
        print(f"\nFAISS on the GPU: {len(asked) / seconds:.0f} queries/s over 200,000 x 256")  # noqa: T201 (throughput)


@pytest.mark.gpu
def test_a_gpu_finds_coded_vectors_as_the_cpu_does() -> None:
    faiss = pytest.importorskip("faiss")
    if not hasattr(faiss, "GpuIndexFlatIP") or not faiss.get_num_gpus():
        pytest.skip("FAISS without GPUs")
    vectors, asked = random_vectors(100_000, 256), random_vectors(16, 256, seed=1)
    ids, scores = coded(vectors, device="cuda").top(asked, 100)
    expected_ids, expected = FaissIndex(vectors).top(asked, 100)
    np.testing.assert_allclose(scores, expected, atol=HALVES_TOLERANCE)
    assert (ids == expected_ids).mean() > 0.98
