"""A run: films are indexed alone and beside the base in turns, then while all is searched.

After that, films come and go in a loop. The product's own command does the indexing, in a process
of its own. Queries are asked only in the phases in which answers are watched: where times are
compared, nothing else is at work.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.growth.base import ANALYZERS, FILMS, Base, copy_base, keep_base
from bench.growth.figures import GrowthFigures, Phase, Times, sum_up
from bench.growth.films import SECONDS, keep_films
from bench.growth.ledger import Ledger
from bench.growth.watching import Watcher
from bench.origin import find_origin
from indexer.collection import Collection

SETTLE_S = 10.0  # after the last commit, so that its answer is seen
BATCH = 20  # films that come at once under load
MOST_PRESENT = 100  # films under load; then as many go as came
Tell = Callable[[str], None]


@dataclass(frozen=True)
class GrowthRun:
    """What is to be measured."""

    keyframes: int = 2_500_000
    films: int = 1000
    rounds: int = 2
    load_s: float = 600.0
    seed: int = 7


def measure_growth(folder: Path, asked: GrowthRun, tell: Tell) -> GrowthFigures:
    """Measure everything.

    Args:
        folder: where what is made is kept for the next run.
        asked: what is to be measured.
        tell: hears what is being done.

    Raises:
        subprocess.CalledProcessError: a process broke; what it said went to stderr.
    """
    origin = find_origin()
    base = Base(asked.keyframes, asked.seed)
    films = keep_films(folder, asked.films, tell)
    place = keep_base(folder, base, tell)
    times = _time(place, films, asked.rounds, tell)
    scene = _Scene(place, base, films)
    adding = scene.add_all(tell)
    load = scene.go_on(asked.load_s, tell) if asked.load_s else None
    shape = base.shape
    figures = (shape.videos, shape.rows, len(films), SECONDS, times, adding, load, origin)
    return GrowthFigures(*figures)


def _time(place: Path, films: Sequence[Path], rounds: int, tell: Tell) -> Times:
    """Alone and beside the base, in turns."""
    alone_s, added_s = [], []
    for number in range(1, rounds + 1):
        shutil.rmtree(place / "alone", ignore_errors=True)
        alone_s.append(_index(place / "alone", films))
        tell(f"round {number}: {len(films):,} films alone in {alone_s[-1]:.1f} s")
        added_s.append(_index(copy_base(place, place / "grown"), [place / FILMS, *films]))
        tell(f"round {number}: beside the base in {added_s[-1]:.1f} s")
    return Times(tuple(alone_s), tuple(added_s))


def _index(collection: Path, films: Sequence[Path]) -> float:
    """Run the product's command; how long it took, seconds."""
    words = ["index", *map(str, films), "--collection", str(collection), "--analyzers", ANALYZERS]
    began = time.perf_counter()
    command = [sys.executable, "-P", "-m", "shotseek", *words, "--device", "cpu", "--json"]
    subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return round(time.perf_counter() - began, 2)


class _Scene:
    """Films come and go in copies of the base, which is searched meanwhile."""

    def __init__(self, place: Path, base: Base, films: Sequence[Path]) -> None:
        self._place = place
        self._base = base
        self._films = films

    def add_all(self, tell: Tell) -> Phase:
        """All at once."""
        tell(f"adding {len(self._films):,} films while all is searched")

        def change(collection: Path, ledger: Ledger) -> None:
            _index(collection, [self._place / FILMS, *self._films])
            ledger.note_added()

        return self._watch(change)

    def go_on(self, seconds: float, tell: Tell) -> Phase:
        """Some come, some go, until the time is over."""
        tell(f"adding and removing films for {seconds:.0f} s while all is searched")

        def change(collection: Path, ledger: Ledger) -> None:
            first, ends = 0, time.monotonic() + seconds
            while time.monotonic() < ends:
                batch = self._films[first : first + BATCH]
                first = (first + BATCH) % len(self._films)
                _index(collection, batch)
                ledger.note_added()
                spare = ledger.present[:-MOST_PRESENT] or ledger.present[:1]
                ledger.remove(spare)

        return self._watch(change)

    def _watch(self, change: Callable[[Path, Ledger], None]) -> Phase:
        collection = copy_base(self._place, self._place / "grown")
        began = time.perf_counter()
        with (
            Collection.open_(collection) as opened,
            Watcher(collection, self._base) as watcher,
        ):
            ledger = Ledger(opened)
            change(collection, ledger)
            time.sleep(SETTLE_S)
            watched = watcher.end()
            return sum_up(watched, ledger.stays, ledger.facts, time.perf_counter() - began)
