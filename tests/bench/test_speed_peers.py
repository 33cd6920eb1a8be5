"""The contract of peers: what a peer holds it finds, the nearest first."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.speed.peers.offers import OFFERS, Built, find_offers, open_peers
from bench.speed.peers.peer import Offer, Size
from bench.speed.run import SpeedRun, find_fitting
from bench.speed.vectors import draw_queries, draw_vectors

ROWS, DIM = 600, 384


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    return np.concatenate(list(draw_vectors(ROWS, DIM, 1)))


@pytest.fixture(scope="module", params=OFFERS, ids=lambda offer: offer.who)
def built(request: pytest.FixtureRequest, vectors: NDArray[np.float32]) -> Iterator[Built]:
    offer: Offer = request.param
    pytest.importorskip(offer.package, reason=f"{offer.who} is not installed: {offer.install}")
    blocks = [vectors[:250], vectors[250:]]
    with open_peers([offer], blocks, ROWS, DIM, lambda line: None) as peers:
        yield peers[0]


def test_a_peer_finds_the_true_neighbours(built: Built, vectors: NDArray[np.float32]) -> None:
    for query in draw_queries(3, DIM, 1):
        true = np.argsort(-(vectors @ query))[:50]
        found = built.peer.top(query, 50)
        assert len(set(found.tolist())) == 50
        assert np.isin(found, true).mean() >= 0.9


def test_a_vector_is_its_own_nearest(built: Built, vectors: NDArray[np.float32]) -> None:
    found = [int(built.peer.top(vectors[row], 1)[0]) for row in (0, 249, 250, 599)]
    assert found == [0, 249, 250, 599]


def test_what_it_takes_is_counted(built: Built) -> None:
    assert built.build_s > 0
    assert built.rss_mb >= 0
    assert (built.peer.server_bytes() > 0) == ("pgvector" in built.who)


def test_what_is_not_installed_is_left_out_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.speed.peers.offers.find_spec", lambda package: None)
    said: list[str] = []
    assert find_offers(quick=False, tell=said.append) == []
    assert len(said) == len(OFFERS)
    assert any("LanceDB" in line and "pip install 'shotseek[peers]'" in line for line in said)


def test_quick_runs_leave_out_what_builds_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.speed.peers.offers.find_spec", lambda package: package)
    said: list[str] = []
    found = {offer.who for offer in find_offers(quick=True, tell=said.append)}
    assert "FAISS SQ8" in found
    assert not any("HNSW" in who for who in found)
    assert all("HNSW" in line for line in said)


class Frail:
    """A peer of a few lines, which breaks at one step."""

    def __init__(self, size: Size, breaks: str) -> None:
        (size.folder / "table").touch()
        self._breaks, self._vectors = breaks, np.empty((0, size.dim), np.float32)
        self._break_at("make")

    def _break_at(self, step: str) -> None:
        if self._breaks == step:
            raise OSError(28, "No space left\non device")

    def add(self, first: int, vectors: NDArray[np.float32]) -> None:
        if first:
            self._break_at("add")
        self._vectors = np.concatenate((self._vectors, vectors))

    def finish(self) -> None:
        self._break_at("finish")

    def top(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        return np.argsort(-(self._vectors @ query))[:k]

    def server_bytes(self) -> int:
        return 0

    def close(self) -> None:
        if self._breaks:
            raise ConnectionError("the server is gone")


@pytest.mark.parametrize("step", ["make", "add", "finish"])
def test_a_peer_that_breaks_is_left_out_in_one_line(
    step: str, vectors: NDArray[np.float32], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    offers = [
        Offer("frail", "numpy", "", lambda size: Frail(size, step)),
        Offer("sound", "numpy", "", lambda size: Frail(size, "")),
    ]
    said: list[str] = []
    blocks = [vectors[:250], vectors[250:]]
    with open_peers(offers, blocks, ROWS, DIM, lambda line: None, said.append) as peers:
        assert [each.who for each in peers] == ["sound"]
        assert peers[0].peer.top(vectors[300], 1).tolist() == [300]
        assert len(list(tmp_path.iterdir())) == 1
    reason = "OSError: [Errno 28] No space left on device"
    assert said == [f"left out: frail broke while it was built: {reason}"]
    assert not list(tmp_path.iterdir())


def test_peers_are_left_out_that_do_not_fit_on_the_disk_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = shutil.disk_usage("/")._replace(free=10 * 2**30)
    monkeypatch.setattr("shutil.disk_usage", lambda path: free)
    tables = [
        Offer(who, "numpy", "", lambda size: Frail(size, ""), disk_bytes_per_number=bytes_each)
        for who, bytes_each in (("first", 6), ("second", 6), ("third", 1))
    ]
    said: list[str] = []
    kept = list(find_fitting(tables, SpeedRun(2_000_000, 512), said.append))
    assert [offer.who for offer in kept] == ["first", "third"]
    assert said == ["left out: second needs 5.7 GB of disk, more than is free"]
