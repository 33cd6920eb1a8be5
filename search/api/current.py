"""Holds the newest generation of a collection open, and swaps to the next one whole.

A query keeps the edition that it began with; the former one goes when its last query ends. Search
files that are damaged or removed change nothing: the ones that are open answer on. Knows no HTTP.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

from analyzers.error import ShotseekError
from indexer.generations.manifest import NAME, GenerationMissing
from indexer.generations.opening import INDEXES, find_generations
from search.api.edition import Edition, find_created
from search.api.settings import ServeSettings
from search.api.shelf import Shelf
from search.encoders import Encoders
from search.engine import SearchEngine
from search.opening import open_newest
from search.persons import OpenPeople
from search.shared_pass import share_passes

LOOK_EVERY_S = 0.5
log = logging.getLogger("shotseek")


class CurrentEngine:
    """The engine of the newest generation; safe to share between threads.

    Args:
        folder: the collection's.
        settings: how search files are opened, where encoders are made, how large pictures may be.
        find_picture: gives the file of a picture that a query names by its id.
        shelf: is read again for every new generation.
        encoders: models that exist already; without them, others are made when first needed.
    """

    def __init__(
        self,
        folder: Path,
        settings: ServeSettings,
        find_picture: Callable[[str], bytes],
        shelf: Shelf,
        encoders: Encoders | None = None,
    ) -> None:
        self._folder = folder
        self._encoders = encoders or Encoders(device=settings.device)
        self._first_pass = settings.first_pass
        self._most_px = int(settings.picture_mp * 1e6)
        self._find_picture = find_picture
        self._shelf = shelf
        self._people = OpenPeople(folder)
        self._edition: Edition | None = None
        self._looked: tuple[str, int] | None = None  # the newest when it was last looked
        self._told = ""
        self._turn = Lock()
        self._over = Event()
        self._thread: Thread | None = None

    def edition(self) -> Edition:
        """The generation to answer from.

        Raises:
            GenerationMissing: nothing was built to search in yet.
        """
        edition = self._edition
        if edition is None:
            self.look()
            edition = self._edition
        if edition is None:
            raise GenerationMissing(
                "the collection has no search files yet: they are made at the end of "
                "`shotseek index`, or by `shotseek rebuild`"
            )
        return edition

    def get(self) -> SearchEngine:
        """The engine to answer from; raises like `edition`."""
        return self.edition().engine

    def look(self) -> None:
        """Open the newest generation if it is another one than before."""
        with self._turn:
            newest = self._find_newest()
            if newest == self._looked:
                return
            try:
                self._shelf.check_place()
                older = self._edition.engine.generation if self._edition else None
                generation = open_newest(self._folder, older, self._first_pass)
            except ShotseekError as error:
                self._tell(f"the newest search files cannot be opened: {error}")
                return
            engine = SearchEngine(
                share_passes(generation),
                self._encoders,
                find_picture=self._find_picture,
                most_px=self._most_px,
                people=self._people,
            )
            self._edition = Edition(engine, find_created(engine, self._folder))
            self._looked, self._told = newest, ""
            try:
                self._shelf.read()  # takes longer; until then it asks the catalog for what is new
            except ShotseekError as error:
                self._tell(f"the catalog cannot be read: {error}")

    def start(self) -> None:
        """Look for newer generations from now on, in a thread of its own."""
        self._thread = Thread(target=self._watch, name="generations", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no longer, and let go of what is known of persons."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self._people.close()

    def _find_newest(self) -> tuple[str, int]:
        """Its name and when it was completed: it may have been made again under the same name."""
        name = max(find_generations(self._folder), default="")
        try:
            return name, (self._folder / INDEXES / name / NAME).stat().st_mtime_ns
        except OSError:
            return name, 0

    def _tell(self, text: str) -> None:
        """Log something once, not every second."""
        if text != self._told:
            log.warning("%s", text)
            self._told = text

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            try:
                self.look()
            except Exception:
                log.exception("looking for newer search files failed; trying again")
