"""Keeps search files up to date while a collection is filled, so that what is stored is found soon.

Knows nothing of who fills it.
"""

import time
from threading import Event, Thread

from indexer.collection import Collection
from indexer.generations.build import Opened, bring_up_to_date
from indexer.generations.planning import QUICK

EVERY_S = 1.0
REST = 4  # times as long as a build computed: it takes no more than a fifth of one core


class Follower:
    """A thread that looks for what was committed; a context manager.

    What goes wrong in it is left to the build that everything is brought up to date with at the
    end, which says so.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._opened: Opened = {}
        self._over = Event()
        self._thread = Thread(target=self._follow, name="search files", daemon=True)

    def __enter__(self) -> "Follower":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Waits for the build that goes on, if any."""
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        seen, pause_s = self._look(), EVERY_S
        while not self._over.wait(pause_s):
            began = time.thread_time()  # waiting for a disk, or for its turn, makes no one wait
            now = self._look()
            if now != seen and self._build():
                seen = now
            pause_s = max(EVERY_S, REST * (time.thread_time() - began))

    def _look(self) -> int | None:
        try:
            return self._collection.revision
        except Exception:  # a database may be away for a while, in many ways
            return None

    def _build(self) -> bool:
        try:
            bring_up_to_date(self._collection, rules=QUICK, opened=self._opened)
        except Exception:  # it goes on; the build at the end says what is wrong
            return False
        return True
