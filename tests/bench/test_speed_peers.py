"""The contract of peers: what a peer holds it finds, the nearest first."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.speed.peers.offers import OFFERS, Built, find_offers, open_peers
from bench.speed.peers.peer import Offer
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
