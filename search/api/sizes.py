"""How large the parts of a collection are on disk. Knows no HTTP."""

import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Thread

from indexer.collection_status import read_sizes

COUNT_EVERY_S = 60.0
REST = 10  # counting takes at most one part in so many of the time


class Sizes:
    """How large the parts of a collection are on disk: counted aside, now and then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = Lock()
        self._next = 0.0  # by time.monotonic
        self._known: Mapping[str, int] = {}

    def get(self) -> dict[str, int]:
        """Bytes by part, as they were counted last; empty at first. Waits for nothing."""
        with self._turn:
            now = time.monotonic()
            if now >= self._next:
                self._next = now + 3600  # until the count is done and says when the next is due
                Thread(target=self._count, name="sizes", daemon=True).start()
            return dict(self._known)

    def _count(self) -> None:
        began = time.monotonic()
        try:
            known: Mapping[str, int] = read_sizes(self._folder)
        except OSError:
            known = self._known
        now = time.monotonic()
        with self._turn:
            self._known = known
            self._next = now + max(COUNT_EVERY_S, REST * (now - began))
