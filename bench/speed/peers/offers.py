"""Which peers there are, and the building of those that are installed, all from one stream."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.speed.peers.faiss_indexes import make_flat, make_hnsw, make_sq8
from bench.speed.peers.lancedb_table import LancePeer
from bench.speed.peers.peer import Offer, Peer, Size
from bench.speed.peers.postgres_table import make_graph, make_scan

PEERS = "pip install 'shotseek[peers]'"
FAISS = "pip install 'shotseek[cpu]'"
OFFERS = (
    Offer("FAISS Flat", "faiss", FAISS, make_flat, bytes_per_number=4),
    Offer("FAISS SQ8", "faiss", FAISS, make_sq8, bytes_per_number=1),
    Offer("FAISS HNSW", "faiss", FAISS, make_hnsw, 5, is_slow=True),
    Offer("LanceDB IVF_SQ", "lancedb", PEERS, LancePeer),
    Offer("pgvector scan", "pgserver", PEERS, make_scan),
    Offer("pgvector HNSW", "pgserver", PEERS, make_graph, is_slow=True),
)


@dataclass
class Built:
    """A peer that holds all vectors."""

    who: str
    peer: Peer
    build_s: float = 0.0
    grown_bytes: int = 0  # this process, while it was built

    @property
    def rss_mb(self) -> float:
        """What it takes of memory, here and in its server, MB of 2**20 bytes."""
        return round((max(self.grown_bytes, 0) + self.peer.server_bytes()) / 2**20, 1)


def find_offers(*, quick: bool, tell: Callable[[str], None]) -> list[Offer]:
    """The peers that are installed and, for a quick run, built soon; says what is left out."""
    found = []
    for offer in OFFERS:
        if find_spec(offer.package) is None:
            tell(f"left out: {offer.who} is not installed: {offer.install}")
        elif offer.is_slow and quick:
            tell(f"left out of quick runs: {offer.who} takes minutes to build")
        else:
            found.append(offer)
    return found


@contextmanager
def open_peers(
    offers: Sequence[Offer],
    vectors: Iterable[NDArray[np.float32]],
    count: int,
    dim: int,
    tell: Callable[[str], None],
) -> Iterator[list[Built]]:
    """Peers with the vectors of a stream in them, until the end of the context.

    Args:
        offers: which.
        vectors: blocks (m, dim), read once for all.
        count: how many vectors these are.
        dim: of each.
        tell: hears what is being done.
    """
    with ExitStack() as stack:
        built = [_open(offer, count, dim, stack) for offer in offers]
        first = 0
        for block in vectors if built else ():
            for each in built:
                with _watch(each):
                    each.peer.add(first, block)
            first += len(block)
        for each in built:
            with _watch(each):
                each.peer.finish()
            tell(f"{each.who}: built in {each.build_s:.1f} s")
        yield built


def _open(offer: Offer, count: int, dim: int, stack: ExitStack) -> Built:
    folder = Path(tempfile.mkdtemp(prefix="shotseek-peer-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    built = Built(offer.who, offer.make(Size(count, dim, folder)))
    stack.callback(built.peer.close)
    return built


@contextmanager
def _watch(built: Built) -> Iterator[None]:
    """Add up what a part of the building takes."""
    import psutil

    me = psutil.Process()
    before, began = me.memory_info().rss, time.perf_counter()
    yield
    built.build_s += time.perf_counter() - began
    built.grown_bytes += me.memory_info().rss - before
