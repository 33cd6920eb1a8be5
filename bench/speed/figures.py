"""The figures of a speed run, their targets, and how they are written down."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.origin import Origin
from bench.speed.contests import FEEDBACK, FEW, FREQUENT_WORDS, HALF, LEAF, LOG_WORDS, OURS, THEN
from bench.speed.load import Load
from bench.speed.over_http import CLIENTS, HttpFigures
from bench.speed.race import Timing

SQ8 = "FAISS SQ8"
LIMIT = "memory"  # who reads the matrix once


@dataclass(frozen=True)
class SpeedRow:
    """How fast one engine does one thing, in a collection of one size."""

    name: str
    who: str
    keyframes: int
    dim: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    times_memory_read: float  # p95 over the time to read the matrix of bytes once
    recall_1000: float | None = None  # of the true best 1,000; None where there is no such list
    rss_mb: float | None = None  # of who does it, mapped pages counted; MB of 2**20 bytes

    def to_json(self) -> dict[str, Any]:
        """One object."""
        told = asdict(self)
        recall, rss_mb = told.pop("recall_1000"), told.pop("rss_mb")
        return {**told, "recall@1000": recall, "rss_mb": rss_mb}


@dataclass(frozen=True)
class Target:
    """A figure beside what it should be: at most, or at least."""

    name: str
    reached: float
    target: float
    is_most: bool = True

    @property
    def verdict(self) -> str:
        """`ok` or `missed`."""
        good = self.reached <= self.target if self.is_most else self.reached >= self.target
        return "ok" if good else "missed"

    def to_json(self) -> dict[str, Any]:
        """One object."""
        told = asdict(self)
        bound = "most" if told.pop("is_most") else "least"
        return {**told, "bound": bound, "verdict": self.verdict}


@dataclass(frozen=True)
class Heat:
    """Everything that was measured in collections of one size, in turns."""

    keyframes: int
    videos: int
    shots: int
    memory_read_ms: float  # the best: what times are compared with
    rows: tuple[SpeedRow, ...]
    recall_10000: float  # ours
    load: Load
    http: HttpFigures
    build_s: Mapping[str, float]  # of each peer

    @property
    def http_rows(self) -> tuple[SpeedRow, ...]:
        """What was asked over HTTP; not compared with reading the matrix."""
        size = (self.keyframes, self.rows[0].dim, self.memory_read_ms)
        return make_row(size, self.http.one), make_row(size, self.http.many)

    def find(self, name: str, who: str = OURS) -> SpeedRow:
        """The row of that name.

        Raises:
            StopIteration: there is none.
        """
        return next(row for row in self.rows if row.name == name and row.who == who)


@dataclass(frozen=True)
class SpeedFigures:
    """A whole run: the size that was asked for, and a smaller one for peers that build slowly."""

    heats: tuple[Heat, ...]  # the largest last
    dim: int
    left_out: Sequence[str]
    origin: Origin

    @property
    def targets(self) -> tuple[Target, ...]:
        """Those of the largest size. They were set for 2.5 million keyframes on two cores."""
        return judge(self.heats[-1], self.dim)

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench speed --json` prints it."""
        targets = self.targets
        return {
            "bench": "speed",
            **self.origin.to_json(),
            "dim": self.dim,
            "memory_read_ms": {str(heat.keyframes): heat.memory_read_ms for heat in self.heats},
            "rows": [row.to_json() for heat in self.heats for row in (*heat.rows, *heat.http_rows)],
            "recall@10000": {str(heat.keyframes): heat.recall_10000 for heat in self.heats},
            "load": {str(heat.keyframes): asdict(heat.load) for heat in self.heats},
            "http": {str(heat.keyframes): heat.http.to_json() for heat in self.heats},
            "build_s": {str(heat.keyframes): dict(heat.build_s) for heat in self.heats},
            "left_out": list(self.left_out),
            "targets": [target.to_json() for target in targets],
            "verdict": "missed" if any(it.verdict == "missed" for it in targets) else "ok",
        }


def make_row(
    heat: tuple[int, int, float],
    timing: Timing,
    recall_1000: float | None = None,
    rss_mb: float | None = None,
) -> SpeedRow:
    """A row of what was timed.

    Args:
        heat: keyframes, dimensions and the time that one reading takes, ms.
        timing: of the race.
        recall_1000: where it is known.
        rss_mb: where it is known.
    """
    keyframes, dim, memory_read_ms = heat
    times = round(timing.p95_ms / memory_read_ms, 3)
    spans = (timing.p50_ms, timing.p95_ms, timing.p99_ms)
    names = (timing.name, timing.who)
    return SpeedRow(*names, keyframes, dim, *spans, times, recall_1000, rss_mb)


def judge(heat: Heat, dim: int) -> tuple[Target, ...]:
    """What was reached beside what should be."""
    x = heat.memory_read_ms
    leaf, then = heat.find(LEAF), heat.find(THEN)
    targets = [
        Target("one text leaf, p50 in memory reads", round(leaf.p50_ms / x, 3), 1.8),
        Target("one text leaf, p95 in memory reads", leaf.times_memory_read, 2.5),
        Target("then of two stages, p50 in memory reads", round(then.p50_ms / x, 3), 2.5),
        Target("then of two stages, p95 in memory reads", then.times_memory_read, 3.5),
    ]
    for name in (FEW, HALF):
        slower_ms = round(heat.find(name).p50_ms - leaf.p50_ms, 3)
        targets.append(Target(f"{name}, p50 over the leaf alone, ms", slower_ms, 15))
    feedback = heat.find(FEEDBACK).times_memory_read
    largest_mb = round(heat.keyframes * dim / 2**20 + 0.9 * 1024, 1)
    targets += [
        Target("feedback round, p95 in memory reads", feedback, 6),
        Target("recall@1000", leaf.recall_1000 or 0.0, 0.99, is_most=False),
        Target("recall@10000", heat.recall_10000, 0.98, is_most=False),
        Target(f"{LOG_WORDS}, p95 ms", heat.find(LOG_WORDS).p95_ms, 50),
        Target(f"{FREQUENT_WORDS}, p95 ms", heat.find(FREQUENT_WORDS).p95_ms, 250),
        Target("memory under load, MB", heat.load.rss_mb, largest_mb),
        Target("opened to first answer, s", heat.load.first_answer_s, 2),
        Target("HTTP over the engine, 1 client, p50 ms", heat.http.over_ms, 8),
        Target(
            f"HTTP, {CLIENTS} clients, share of the engine's throughput",
            heat.http.share,
            0.9,
            is_most=False,
        ),
    ]
    peer = [row for row in heat.rows if row.who == SQ8]
    if peer:
        gain = round(peer[0].p50_ms / leaf.p50_ms, 3)
        targets.append(Target(f"times as fast as {SQ8}'s bare top 1,000", gain, 1.6, is_most=False))
    return tuple(targets)
