"""Reads several videos at once in threads, a bounded stretch ahead of whoever takes the events.

Knows nothing of what an event is about.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Event = TypeVar("Event")

AHEAD = 4  # events that may wait for each thread
POLL_SECONDS = 0.2  # how soon a thread notices that it shall stop


class ReadAhead(Generic[Item, Event]):
    """A context manager over the threads; leaving it stops them.

    Events of one item come in order; those of several items are mixed. An exception in a thread is
    raised again in `next`.
    """

    def __init__(
        self, items: Sequence[Item], read: Callable[[Item], Iterator[Event]], workers: int
    ) -> None:
        """Read each item with `read`, `workers` of them at once."""
        self.waited_seconds = 0.0
        self._items = deque(items)
        self._read = read
        self._events: queue.Queue[Event | BaseException | None] = queue.Queue(AHEAD * workers)
        self._stop = threading.Event()
        self._running = max(1, min(workers, len(items)))
        self._threads = [
            threading.Thread(target=self._work, name=f"reader-{number}", daemon=True)
            for number in range(self._running)
        ]

    def __enter__(self) -> "ReadAhead[Item, Event]":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def idle(self) -> bool:
        """Whether the next event would have to be waited for."""
        return self._events.empty()

    def next(self) -> Event | None:
        """The next event, or None when all is read."""
        started = time.perf_counter()
        while self._running:
            event = self._events.get()
            if isinstance(event, BaseException):
                raise event
            if event is not None:
                self.waited_seconds += time.perf_counter() - started
                return event
            self._running -= 1
        return None

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                try:
                    item = self._items.popleft()
                except IndexError:
                    break
                for event in self._read(item):
                    if not self._put(event):
                        return
            self._put(None)
        except BaseException as error:  # whatever it is, the taking thread must hear of it
            self._put(error)

    def _put(self, event: Event | BaseException | None) -> bool:
        while not self._stop.is_set():
            try:
                self._events.put(event, timeout=POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False
