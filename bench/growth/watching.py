"""A process that asks all the time while a collection grows, with the engine that a server holds.

Run as a module (`python -m bench.growth.watching COLLECTION KEYFRAMES SEED`) this file is that
process: it says `ready`, asks until its standard input ends, and then prints what it saw. Knows
nothing of who fills the collection.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np

from bench.growth.base import Base
from bench.growth.checking import Checker, Mixed, Seen
from bench.growth.films import WORD
from indexer.collection import Collection
from search.api.current import CurrentEngine
from search.api.edition import Edition
from search.api.settings import ServeSettings
from search.api.shelf import Shelf
from search.joins.all_of import AllOf
from search.joins.then import Then
from search.leaves.label import LabelLeaf
from search.leaves.text import TextLeaf
from search.leaves.words import WordsLeaf
from search.options import SearchOptions
from search.query import Query

TOLD = 10  # reasons why an answer failed or was mixed
END_S = 60.0  # that the process is given to print what it saw
FILMS = Query(root=WordsLeaf(text=WORD, where="title"))
OF_FILMS = SearchOptions(k=100_000, per_video=1)
SHORT = SearchOptions(k=100)
OTHERS = {
    "a text": Query(root=TextLeaf(text="red")),
    "a text and a label": Query(
        root=AllOf(children=(TextLeaf(text="blue"), LabelLeaf(name="colour/green")))
    ),
    "two words": Query(root=WordsLeaf(text="ba be")),
    "then": Query(root=Then(stages=(TextLeaf(text="red"), TextLeaf(text="dark")))),
}


@dataclass(frozen=True)
class Sighting:
    """What the first answer of one generation found of the films that are added."""

    generation: str
    revision: int  # of the catalog, that the generation was made from
    answered: float  # when the answer was there, seconds since 1970
    films: frozenset[int]  # by number


@dataclass
class Watched:
    """What one process saw."""

    answers: int = 0
    failed: list[str] = field(default_factory=list)  # reasons
    mixed: list[str] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)  # of answers
    sightings: list[Sighting] = field(default_factory=list)  # in order
    seen: set[Seen] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "answers": self.answers,
            "failed": self.failed,
            "mixed": self.mixed,
            "times_ms": [round(each, 2) for each in self.times_ms],
            "sightings": [
                [each.generation, each.revision, each.answered, sorted(each.films)]
                for each in self.sightings
            ],
            "seen": sorted(self.seen),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Watched":
        """What `to_json` gave."""
        sightings = [
            Sighting(generation, revision, answered, frozenset(films))
            for generation, revision, answered, films in told["sightings"]
        ]
        seen = {(str(each[0]), str(each[1]), *each[2:]) for each in told["seen"]}
        return cls(**{**told, "sightings": sightings, "seen": seen})


class Watcher:
    """Starts the process, and ends it; a context manager. It asks from the beginning."""

    def __init__(self, collection: Path, base: Base) -> None:
        words = [str(each) for each in (collection, base.keyframes, base.seed)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.growth.watching", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Watcher":
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise subprocess.CalledProcessError(self._process.wait(), "bench.growth.watching")
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:  # closes its pipes, and waits
            if self._process.poll() is None:
                self._process.kill()

    def end(self) -> Watched:
        """What it saw until now; it asks no more."""
        out, _ = self._process.communicate(timeout=END_S)
        return Watched.from_json(json.loads(out))


class Asking:
    """Asks one question after the other, and looks at the answers."""

    def __init__(self, current: CurrentEngine, base: Base) -> None:
        self._current = current
        self._checker = Checker(base)
        self.watched = Watched(seen=self._checker.seen)

    def ask_all(self) -> None:
        """All questions, that for the films before each of the others."""
        for name, query in OTHERS.items():
            self._try("films", FILMS, OF_FILMS)
            self._try(name, query, SHORT)

    def _try(self, name: str, query: Query, options: SearchOptions) -> None:
        watched = self.watched
        watched.answers += 1
        try:
            self._ask(name, query, options)
        except Mixed as mixed:
            watched.mixed.append(f"{name}: {mixed}")
        except Exception as error:  # whatever it is, who asked has no answer
            watched.failed.append(f"{name}: {error!r}")

    def _ask(self, name: str, query: Query, options: SearchOptions) -> None:
        began = time.perf_counter()
        edition = self._current.edition()
        result = edition.engine.search(query, options)
        self.watched.times_ms.append((time.perf_counter() - began) * 1000)
        answered = time.time()
        if result.generation != edition.engine.generation.name:
            raise Mixed(f"the answer is of {result.generation}")
        self._checker.check(name, result, same_scores=name not in ("films", "two words"))
        if query is FILMS:
            self._sight(edition, self._checker.find_films(result), answered)

    def _sight(self, edition: Edition, films: frozenset[int], answered: float) -> None:
        """Every answer of a generation finds the same films, whether asked early or late."""
        generation, sightings = edition.engine.generation, self.watched.sightings
        if sightings and sightings[-1].generation == generation.name:
            if films != sightings[-1].films:
                raise Mixed(f"{generation.name} finds other films than before")
        elif any(each.generation == generation.name for each in sightings):
            raise Mixed(f"{generation.name} answers again, after a newer one")
        else:
            sighting = Sighting(generation.name, generation.revision, answered, films)
            sightings.append(sighting)


def main(arguments: Sequence[str]) -> None:
    """Ask until there is no more standard input, then say what was seen, as JSON."""
    folder, keyframes, seed = arguments
    over = Event()
    Thread(target=_wait_for_end, args=(over,), daemon=True).start()
    with Collection.open_(Path(folder)) as collection:
        shelf = Shelf(collection, ())
        current = CurrentEngine(Path(folder), ServeSettings(device="cpu"), _no_picture, shelf)
        asking = Asking(current, Base(int(keyframes), int(seed)))
        asking.ask_all()  # so that everything is mapped, and the encoder is there
        asking.watched.times_ms.clear()
        current.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while not over.is_set():
            asking.ask_all()
        current.stop()
    sys.stdout.write(json.dumps(asking.watched.to_json()) + "\n")


def _wait_for_end(over: Event) -> None:
    with suppress(ValueError):
        sys.stdin.read()
    over.set()


def _no_picture(name: str) -> bytes:
    raise LookupError(name)


def percentile(values: Sequence[float], share: float) -> float:
    """Of times; 0 where there are none."""
    return round(float(np.percentile(values, share)), 3) if len(values) else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
