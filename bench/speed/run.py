"""A speed run: collections, peers and the machine's limit, all timed in turns."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.origin import find_origin
from bench.speed.asking import open_engine
from bench.speed.collection import JUDGED, Plan, keep_collection
from bench.speed.contests import HITS, LEAF, OURS, draw_asked, list_contests
from bench.speed.figures import LIMIT, Heat, SpeedFigures, SpeedRow, make_row
from bench.speed.limit import MemoryReader, find_matrix
from bench.speed.load import Load, measure_load
from bench.speed.over_http import HttpFigures, measure_http
from bench.speed.peers.offers import Built, find_offers, open_peers
from bench.speed.peers.peer import Offer
from bench.speed.race import Entrant, Timing, race
from bench.speed.recall import Truth
from bench.speed.vectors import draw_vectors
from search.api.running import settle_heap

QUERIES = 64
SMALL = 250_000  # keyframes, where peers are measured that build too slowly for more
LONGEST_BUILD_S = 600.0
MEMORY_SHARE = 0.6  # of what is free, that peers may take together
DISK_SHARE = 0.8
BARE = "one text leaf, bare top 1,000"
READING = "reading the matrix once"
SLOW_MS = 1000.0  # who is slower is asked fewer of the judged queries
HTTP_SHARE = 0.5  # of the seconds of the load, for each way of asking over HTTP or the engine
Tell = Callable[[str], None]


@dataclass(frozen=True)
class SpeedRun:
    """What is to be measured."""

    keyframes: int = 2_500_000
    dim: int = 512
    rounds: int = 50
    most_s: float = 30.0  # that one entrant may spend
    load_s: float = 60.0
    peers: bool = True
    quick: bool = False
    seed: int = 7


@dataclass(frozen=True)
class _Apart:
    """What processes of their own were measured at."""

    load: Load
    http: HttpFigures


def measure_speed(folder: Path, asked: SpeedRun, tell: Tell) -> SpeedFigures:
    """Measure everything, peers that build slowly in a smaller collection.

    Args:
        folder: where made collections are kept for the next run.
        asked: what is to be measured.
        tell: hears what is being done.
    """
    origin = find_origin()
    left_out: list[str] = []

    def leave_out(line: str) -> None:
        left_out.append(line)
        tell(line)

    offers = find_offers(quick=asked.quick, tell=leave_out) if asked.peers else []
    heats = []
    if offers and asked.keyframes > SMALL:
        heats.append(_run_heat(folder, asked, SMALL, offers, tell, leave_out))
        growth = asked.keyframes / SMALL * log(asked.keyframes) / log(SMALL)
        offers = list(find_fast(offers, heats[0], growth, leave_out))
    offers = list(find_fitting(offers, asked, leave_out))
    heats.append(_run_heat(folder, asked, asked.keyframes, offers, tell, leave_out))
    return SpeedFigures(tuple(heats), asked.dim, tuple(left_out), origin)


def find_fast(
    offers: Sequence[Offer], small: Heat, growth: float, leave_out: Tell
) -> Iterator[Offer]:
    """Those that would be built in time if it takes so many times as long: n log n for graphs.

    Who broke while it was built has said so before.
    """
    for offer in offers:
        if offer.who not in small.build_s:
            continue
        seconds = small.build_s[offer.who] * growth
        if seconds <= LONGEST_BUILD_S:
            yield offer
        else:
            leave_out(
                f"measured at {SMALL:,} only: {offer.who} would be built in {seconds / 60:.0f} min"
            )


def find_fitting(offers: Sequence[Offer], asked: SpeedRun, leave_out: Tell) -> Iterator[Offer]:
    """Those that fit into memory and on the disk together."""
    import psutil

    room = {
        "memory": psutil.virtual_memory().available * MEMORY_SHARE,
        "disk": shutil.disk_usage(tempfile.gettempdir()).free * DISK_SHARE,
    }
    numbers = asked.keyframes * asked.dim
    for offer in offers:
        needed = {
            "memory": numbers * offer.bytes_per_number,
            "disk": numbers * offer.disk_bytes_per_number,
        }
        short = next((kind for kind in room if needed[kind] > room[kind]), None)
        if short is not None:
            gigabytes = f"{needed[short] / 2**30:.1f} GB of {short}"
            leave_out(f"left out: {offer.who} needs {gigabytes}, more than is free")
            continue
        room = {kind: free - needed[kind] for kind, free in room.items()}
        yield offer


def _run_heat(
    folder: Path,
    asked: SpeedRun,
    keyframes: int,
    offers: Sequence[Offer],
    tell: Tell,
    leave_out: Tell | None = None,
) -> Heat:
    plan = Plan(keyframes, asked.dim, asked.seed)
    collection = keep_collection(folder, plan, tell)
    apart = _measure_apart(collection, plan, asked.load_s, tell)
    vectors = draw_vectors(plan.keyframes, plan.dim, plan.seed)
    with open_peers(offers, vectors, plan.keyframes, plan.dim, tell, leave_out) as peers:
        return _time_all(collection, plan, asked, peers, apart, tell)


def _measure_apart(collection: Path, plan: Plan, load_s: float, tell: Tell) -> _Apart:
    tell(f"a process of its own answers for {load_s:.0f} s")
    load = measure_load(collection, plan, load_s)
    return _Apart(load, measure_http(collection, plan, load_s * HTTP_SHARE, tell))


def _time_all(
    collection: Path, plan: Plan, asked: SpeedRun, peers: Sequence[Built], apart: _Apart, tell: Tell
) -> Heat:
    """Ours, the peers and the limit in turns; then what each finds of the true best."""
    engine = open_engine(collection, plan, QUERIES)
    queries, matrix = plan.queries(QUERIES), find_matrix(collection, plan.keyframes, plan.dim)
    bare = [_enter(built, queries) for built in peers]
    ours = list_contests(engine, plan, draw_asked(plan, QUERIES))
    settle_heap()  # as the server does
    tell(f"{len(bare) + len(ours) + 1} ways in turns, {asked.rounds} rounds")
    with closing(MemoryReader(matrix)) as reader:
        reading = Entrant(READING, LIMIT, lambda number: reader.read())
        limit, *timings = race([reading, *ours, *bare], asked.rounds, asked.most_s)
    tell("recall")
    truth, by_who = Truth(collection, plan), {built.who: built for built in peers}
    found = truth.recall_ours(engine, HITS)
    heat = (plan.keyframes, plan.dim, limit.best_ms)

    def row_of(timing: Timing) -> SpeedRow:
        if timing.who == OURS:
            recall = found if timing.name == LEAF else None
            return make_row(heat, timing, recall_1000=recall, rss_mb=apart.load.rss_mb)
        built, most = by_who[timing.who], 4 if timing.p50_ms > SLOW_MS else JUDGED
        recall = truth.recall_rows(built.peer.top, HITS, most)
        return make_row(heat, timing, recall_1000=recall, rss_mb=built.rss_mb)

    return Heat(
        plan.keyframes, plan.shape.videos, plan.shape.shots, limit.best_ms,
        (make_row(heat, limit), *map(row_of, timings)), truth.recall_ours(engine, 10 * HITS),
        apart.load, apart.http, {built.who: round(built.build_s, 1) for built in peers},
    )  # fmt: skip


def _enter(built: Built, queries: NDArray[np.float32]) -> Entrant:
    return Entrant(BARE, built.who, lambda number: built.peer.top(queries[number % QUERIES], HITS))
