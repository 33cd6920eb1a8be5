"""The interface of what is measured beside ours: vectors in, the nearest thousand out.

`tests/bench/test_speed_peers.py` is its specification.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Peer(Protocol):
    """Another engine with vectors in it."""

    def add(self, first: int, vectors: NDArray[np.float32]) -> None:
        """Take in unit vectors (m, dim), numbered from `first`."""

    def finish(self) -> None:
        """Build what is built when all vectors are there."""

    def top(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """(dim,) to the numbers (<= k,) of the vectors with the largest inner products."""

    def server_bytes(self) -> int:
        """What it takes of memory outside this process."""

    def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True)
class Size:
    """What a peer is built for."""

    count: int
    dim: int
    folder: Path  # empty, its own


@dataclass(frozen=True)
class Offer:
    """A peer that can be measured where its package is installed."""

    who: str
    package: str  # its import name
    install: str  # how it is installed
    make: Callable[[Size], Peer]
    bytes_per_number: int = 0  # of memory, in this process
    disk_bytes_per_number: int = 0
    is_slow: bool = False  # to build: left out of quick runs
