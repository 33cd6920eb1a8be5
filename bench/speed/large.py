"""Four times as many keyframes beside one: does time grow alike, and what does a first pass win.

Both collections are asked the same in turns: one text, and two in sequence, with 1,000 hits by
video; the large one once with every code read (`exact path`), once with a first pass over four bits
of each (`first pass`). What is found is compared with exact scores. Knows no peer.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.origin import Origin, find_origin
from bench.speed.asking import ReadyEncoder, ask, leaf
from bench.speed.collection import Plan, keep_collection
from bench.speed.contests import HITS, LEAF, OURS, THEN
from bench.speed.figures import LIMIT, SpeedRow, Target, make_row
from bench.speed.limit import MemoryReader, find_matrix
from bench.speed.race import Entrant, Timing, race
from bench.speed.recall import Truth
from bench.speed.run import QUERIES, READING
from indexer.generations.codes import FirstPass
from indexer.generations.opening import open_generation
from search.engine import SearchEngine
from search.joins.then import Then
from search.query import AnyNode

TIMES = 4  # as many keyframes in the large collection
EXACT, ROUGH = "exact path", "first pass"
PATHS: dict[str, FirstPass] = {EXACT: "never", ROUGH: "always"}
MOST_TIMES = {EXACT: 4.2, ROUGH: 3.0}  # as long as the exact path takes in the small collection
LEAST_RECALL = 0.95
ASKED: dict[str, Callable[[int], AnyNode]] = {
    LEAF: leaf,
    THEN: lambda number: Then(stages=(leaf(number), leaf(number + 1))),
}
Tell = Callable[[str], None]


@dataclass(frozen=True)
class LargeFigures:
    """What was measured at both sizes."""

    rows: tuple[SpeedRow, ...]  # the limit's and ours, of the small collection first
    origin: Origin

    @property
    def targets(self) -> tuple[Target, ...]:
        """Median times over those of the small collection, and what is found in the large one."""
        return tuple(self._judge())

    def _judge(self) -> Iterator[Target]:
        ours = {(row.name, row.keyframes): row for row in self.rows if row.who == OURS}
        small, large = sorted({keyframes for _, keyframes in ours})
        for what in ASKED:
            before = ours[name_row(what, EXACT), small]
            for path, most in MOST_TIMES.items():
                row = ours[name_row(what, path), large]
                times = round(row.p50_ms / before.p50_ms, 3)
                yield Target(f"{row.name}, in times of {small:,} keyframes", times, most)
            found = ours[name_row(what, ROUGH), large].recall_1000 or 0.0
            name = f"{name_row(what, ROUGH)}, recall@1000"
            yield Target(name, found, LEAST_RECALL, is_most=False)

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench speed --large --json` prints it."""
        targets = self.targets
        return {
            "bench": "speed --large",
            **self.origin.to_json(),
            "rows": [row.to_json() for row in self.rows],
            "targets": [target.to_json() for target in targets],
            "verdict": "missed" if any(it.verdict == "missed" for it in targets) else "ok",
        }


def name_row(what: str, path: str) -> str:
    """What was asked, and on which path."""
    return f"{what}, {path}"


def measure_large(folder: Path, small: Plan, rounds: int, tell: Tell) -> LargeFigures:
    """Measure a collection and one that is four times as large.

    Args:
        folder: where made collections are kept for the next run.
        small: the smaller one.
        rounds: how often each way is timed.
        tell: hears what is being done.
    """
    origin = find_origin()
    large = Plan(small.keyframes * TIMES, small.dim, small.seed)
    with (
        closing(_Side(folder, small, [EXACT], tell)) as one,
        closing(_Side(folder, large, list(PATHS), tell)) as other,
    ):
        tell(f"{len(one.entrants) + len(other.entrants)} ways in turns, {rounds} rounds")
        timings = race([*one.entrants, *other.entrants], rounds)
        rows = [*one.make_rows(timings, tell), *other.make_rows(timings[len(one.entrants) :], tell)]
    return LargeFigures(tuple(rows), origin)


class _Side:
    """A collection of one size, opened for each path that is taken through it."""

    def __init__(self, folder: Path, plan: Plan, paths: Sequence[str], tell: Tell) -> None:
        self._plan, self._place = plan, keep_collection(folder, plan, tell)
        encoders = {plan.space.name: ReadyEncoder(plan.space, plan.queries(QUERIES))}
        self._engines = {
            path: SearchEngine(open_generation(self._place, first_pass=PATHS[path]), encoders)
            for path in paths
        }
        reader = MemoryReader(find_matrix(self._place, plan.keyframes, plan.dim))
        self.close = reader.close
        self.entrants = [Entrant(READING, LIMIT, lambda number: reader.read())]
        for path, engine in self._engines.items():
            for what in ASKED:
                self.entrants.append(Entrant(name_row(what, path), OURS, _search(engine, what)))

    def make_rows(self, timings: Sequence[Timing], tell: Tell) -> Iterator[SpeedRow]:
        """The rows of these entrants, whose timings come first, with what each path finds."""
        tell(f"recall in {self._plan.keyframes:,} keyframes")
        limit, *ours = timings[: len(self.entrants)]
        heat = (self._plan.keyframes, self._plan.dim, limit.best_ms)
        truth = Truth(self._place, self._plan)
        found: dict[str, float] = {}
        for path, engine in self._engines.items():
            found[name_row(LEAF, path)] = truth.recall_ours(engine, HITS)
            found[name_row(THEN, path)] = truth.recall_then(engine, HITS)
        yield make_row(heat, limit)
        yield from (make_row(heat, timing, found[timing.name]) for timing in ours)


def _search(engine: SearchEngine, what: str) -> Callable[[int], object]:
    make = ASKED[what]
    return lambda number: ask(engine, make(number), HITS, by_video=True)
