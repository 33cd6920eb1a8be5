"""The sound of one rate, kept until the shot it belongs to is known.

Knows nothing of decoding and of shots.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analyzers.clip import Sound
from indexer.shelf import Shelf, Shelved

JOIN_MS = 2  # stretches that begin this near to where the last one ended go on from there


class Tape:
    """Takes stretches of sound in order and gives the sound of one shot after the other.

    Sample n is the sound from n / hz seconds on; a shot has those from `start_ms * hz // 1000` up
    to `end_ms * hz // 1000`. Holes are silent, and so is what lies behind the last stretch. Until
    the first stretch comes, shots have no samples at all.
    """

    def __init__(self, hz: int) -> None:
        """Hear one rate."""
        self.hz = hz
        self._next: int | None = None  # the sample after the last one heard
        self._stretches: deque[tuple[int, int, Shelved]] = deque()  # from, to, samples
        self._waiting: list[NDArray[np.float32]] = []
        self._waiting_from = 0
        self._shelf = Shelf()

    def hear(self, sound: Sound) -> None:
        """Take the next stretch."""
        at = sound.start_ms * self.hz // 1000
        if self._next is None or abs(at - self._next) * 1000 > JOIN_MS * self.hz:
            self._store()
            self._next = self._waiting_from = at
        self._waiting.append(sound.samples)
        self._next += len(sound.samples)
        if self._next - self._waiting_from >= self.hz:
            self._store()

    def has_heard(self, end_ms: int) -> bool:
        """Whether the sound up to this time has come."""
        return self._next is not None and self._next >= end_ms * self.hz // 1000

    def take(self, start_ms: int, end_ms: int) -> Sound:
        """The sound of a stretch of time; what lies before its end is forgotten."""
        first, last = (ms * self.hz // 1000 for ms in (start_ms, end_ms))
        self._store()
        if self._next is None:
            return Sound(start_ms, self.hz, np.zeros(0, np.float32))
        samples = Shelf().join(self._pieces(first, last), np.float32)
        while self._stretches and self._stretches[0][1] <= last:
            self._stretches.popleft()
        self._shelf = Shelf()
        return Sound(start_ms, self.hz, samples)

    def _pieces(self, first: int, last: int) -> Iterator[NDArray[np.float32]]:
        """The samples of this range, in pieces of about a second."""
        at = first
        for begin, end, stretch in self._stretches:
            here, until = max(begin, at), min(end, last)
            if here < until:
                yield from self._silence(here - at)
                yield stretch.array()[here - begin : until - begin]
                at = until
        yield from self._silence(last - at)

    def _silence(self, count: int) -> Iterator[NDArray[np.float32]]:
        for begin in range(0, count, self.hz):
            yield np.zeros(min(self.hz, count - begin), np.float32)

    def _store(self) -> None:
        if self._waiting:
            samples = np.concatenate(self._waiting)
            span = self._waiting_from, self._waiting_from + len(samples)
            self._stretches.append((*span, self._shelf.put(samples)))
            self._waiting_from = span[1]
            self._waiting = []
