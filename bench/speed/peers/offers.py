"""Which peers there are, and the building of those that are installed, all from one stream."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from operator import methodcaller
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.speed.peers.faiss_indexes import make_flat, make_hnsw, make_sq8
from bench.speed.peers.lancedb_table import LancePeer
from bench.speed.peers.peer import Offer, Peer, Size
from bench.speed.peers.postgres_table import make_graph, make_scan

PEERS = "pip install 'shotseek[peers]'"
FAISS = "pip install 'shotseek[cpu]'"
LONGEST = 200  # characters of what an error says
Tell = Callable[[str], None]
OFFERS = (
    Offer("FAISS Flat", "faiss", FAISS, make_flat, bytes_per_number=4),
    Offer("FAISS SQ8", "faiss", FAISS, make_sq8, bytes_per_number=1),
    Offer("FAISS HNSW", "faiss", FAISS, make_hnsw, 5, is_slow=True),
    Offer("LanceDB IVF_SQ", "lancedb", PEERS, LancePeer, disk_bytes_per_number=6),
    Offer("pgvector scan", "pgserver", PEERS, make_scan, disk_bytes_per_number=8),
    Offer("pgvector HNSW", "pgserver", PEERS, make_graph, 0, 16, is_slow=True),
)


@dataclass(eq=False)
class Built:
    """A peer that holds all vectors."""

    who: str
    peer: Peer
    build_s: float = 0.0
    grown_bytes: int = 0  # this process, while it was built
    closing: ExitStack = field(default_factory=ExitStack)  # lets go of everything

    @property
    def rss_mb(self) -> float:
        """What it takes of memory, here and in its server, MB of 2**20 bytes."""
        return round((max(self.grown_bytes, 0) + self.peer.server_bytes()) / 2**20, 1)


def find_offers(*, quick: bool, tell: Tell) -> list[Offer]:
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
    tell: Tell,
    leave_out: Tell | None = None,
) -> Iterator[list[Built]]:
    """Peers with the vectors of a stream in them, until the end of the context.

    One that breaks, as where the disk is full, is left out, and says so in one line.

    Args:
        offers: which.
        vectors: blocks (m, dim), read once for all.
        count: how many vectors these are.
        dim: of each.
        tell: hears what is being done.
        leave_out: hears who is left out, by default as `tell` does.
    """
    with ExitStack() as stack:
        building = _Building(stack, leave_out or tell)
        for offer in offers:
            building.open(offer, count, dim)
        first = 0
        for block in vectors if building.built else ():
            building.go_on(methodcaller("add", first, block))
            first += len(block)
        building.go_on(methodcaller("finish"))
        for each in building.built:
            tell(f"{each.who}: built in {each.build_s:.1f} s")
        yield building.built


class _Building:
    """Peers that are being built side by side."""

    def __init__(self, stack: ExitStack, leave_out: Tell) -> None:
        self._stack, self._leave_out = stack, leave_out
        self.built: list[Built] = []  # that did not break

    def open(self, offer: Offer, count: int, dim: int) -> None:
        """Begin with one more."""
        closing = self._stack.enter_context(ExitStack())
        folder = Path(tempfile.mkdtemp(prefix="shotseek-peer-"))
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            peer = offer.make(Size(count, dim, folder))
        except Exception as error:
            self._drop(offer.who, closing, error)
            return
        closing.callback(peer.close)
        self.built.append(Built(offer.who, peer, closing=closing))

    def go_on(self, act: Callable[[Peer], None]) -> None:
        """Let each do the next part of the building."""
        for each in tuple(self.built):
            try:
                with _watch(each):
                    act(each.peer)
            except Exception as error:
                self.built.remove(each)
                self._drop(each.who, each.closing, error)

    def _drop(self, who: str, closing: ExitStack, error: Exception) -> None:
        """Free what it holds; that it cannot close says nothing new."""
        with suppress(Exception):
            closing.close()
        said = " ".join(f"{type(error).__name__}: {error}".split())
        self._leave_out(f"left out: {who} broke while it was built: {said[:LONGEST]}")


@contextmanager
def _watch(built: Built) -> Iterator[None]:
    """Add up what a part of the building takes."""
    import psutil

    me = psutil.Process()
    before, began = me.memory_info().rss, time.perf_counter()
    yield
    built.build_s += time.perf_counter() - began
    built.grown_bytes += me.memory_info().rss - before
