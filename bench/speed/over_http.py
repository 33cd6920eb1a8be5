"""What HTTP costs on top of the engine: the same questions put to both, in turns, in one run.

The question is one text leaf, 1,000 hits grouped by video. The engine is asked in this process, the
server (`http_server.py`) over connections that are kept open; each is idle while the other works,
and both have the same cores and map the same files. The client reads an answer's bytes and looks at
its status, no more; yet what it does takes time from the same cores, and counts as the server's.
One answer is decoded and compared with the engine's before anything is timed.

Many at once: 16 threads ask the engine itself, each its next question as soon as it has its hits;
then 16 threads ask the server so. Both have one interpreter's lock for all that is no loop over
rows, and a heap that is settled as `shotseek serve` settles its own. The engine's threads need not
make bytes of their hits; the server lets queries that wait share a pass over the vectors
(`search/shared_pass.py`), so it may be the faster of the two. Knows no peer, no target.
"""

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any

from analyzers.error import ShotseekError
from bench.speed.asking import ask, leaf, open_engine
from bench.speed.collection import Plan
from bench.speed.contests import HITS, LEAF, OURS
from bench.speed.http_server import HOST, QUERIES, serving
from bench.speed.race import Entrant, Timing, race, sum_up
from search.api.running import settle_heap
from search.hits import SearchResult

CLIENTS = 16
ONE = f"{LEAF} over HTTP, 1 client"
MANY = f"{LEAF} over HTTP, {CLIENTS} clients"
MOST_ROUNDS = 200
STRETCHES = 4  # that many at once ask in each way: engine, HTTP, HTTP, engine
FEWEST_EACH = 2  # answers of each thread in a stretch
WAIT_S = 60.0
Act = Callable[[int], object]


class HttpWrong(ShotseekError):
    """The server did not answer as the engine does."""


@dataclass(frozen=True)
class HttpFigures:
    """What HTTP costs on top of the engine."""

    engine: Timing  # asked one after the other, in turns with `one`
    one: Timing  # client over HTTP
    many: Timing  # clients over HTTP: how long each waits
    engine_per_s: float  # answers of the engine to as many threads
    many_per_s: float
    answer_bytes: int  # of one body

    @property
    def over_ms(self) -> float:
        """By how much one client's median is above the engine's."""
        return round(self.one.p50_ms - self.engine.p50_ms, 3)

    @property
    def share(self) -> float:
        """Of the engine's throughput, that many clients get."""
        return round(self.many_per_s / self.engine_per_s, 3)

    def to_json(self) -> dict[str, Any]:
        """One object: what stands in no row."""
        return {
            "engine_p50_ms": self.engine.p50_ms,
            "over_p50_ms": self.over_ms,
            "engine_per_s": self.engine_per_s,
            "http_per_s": self.many_per_s,
            "share": self.share,
            "answer_bytes": self.answer_bytes,
        }


def measure_http(
    collection: Path, plan: Plan, seconds: float, tell: Callable[[str], None]
) -> HttpFigures:
    """Ask the engine and a server, one client first, then many at once.

    Args:
        collection: a made one.
        plan: how it was made.
        seconds: that each of the four ways is given, but for a few rounds at least.
        tell: hears what is being done.

    Raises:
        HttpWrong: the server refused a question, or has other hits than the engine.
        subprocess.CalledProcessError: the server did not start.
    """
    tell(f"a server and the engine are asked in turns, then {CLIENTS} at once")
    engine = open_engine(collection, plan, QUERIES)

    def ask_engine(number: int) -> SearchResult:
        return ask(engine, leaf(number), HITS, by_video=True)

    with serving(collection, plan) as port, _settled_heap(), ExitStack() as stack:
        clients = list(islice(connect(port, stack), CLIENTS))
        body = clients[0](0)
        check_hits(body, ask_engine(0))
        entrants = [
            Entrant(LEAF, OURS, ask_engine),
            Entrant(ONE, OURS, clients[0]),
        ]
        bare, one = race(entrants, MOST_ROUNDS, seconds)
        rush, http_rush = Rush([entrants[0].act] * CLIENTS), Rush(clients)
        for number in range(STRETCHES):
            for each in (rush, http_rush)[:: 1 if number % 2 == 0 else -1]:
                each.go_on(seconds / STRETCHES)
    many = sum_up(Entrant(MANY, OURS, clients[0]), http_rush.waits_ms)
    return HttpFigures(bare, one, many, rush.per_s, http_rush.per_s, len(body))


@contextmanager
def _settled_heap() -> Iterator[None]:
    """The garbage collector of this process spares it as it does the server's."""
    before = gc.get_threshold()
    settle_heap()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def check_hits(body: bytes, found: SearchResult) -> None:
    """See that an answer holds the shots that the engine found.

    Raises:
        HttpWrong: it does not.
    """
    if [hit["shot"] for hit in json.loads(body)["hits"]] != [hit.shot for hit in found.hits]:
        raise HttpWrong("over HTTP other shots are found than by the engine itself")


def connect(port: int, stack: ExitStack) -> Iterator[Callable[[int], bytes]]:
    """Clients, each with a connection of its own that is kept open until the stack ends.

    Each gives the body of the answer to the text of a number, and raises HttpWrong where the
    server refused it.
    """
    while True:
        connection = HTTPConnection(HOST, port, timeout=WAIT_S)
        stack.callback(connection.close)
        yield _client(connection)


def _client(connection: HTTPConnection) -> Callable[[int], bytes]:
    def ask_over_http(number: int) -> bytes:
        connection.request("GET", f"/v1/search?text={number}&k={HITS}&group=video")
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise HttpWrong(f"the server answered {answer.status}: {body[:200]!r}")
        return body

    return ask_over_http


@dataclass
class Rush:
    """Threads that ask all at once, each without a pause."""

    acts: Sequence[Act]  # of each thread its own
    waits_ms: list[float] = field(default_factory=list)  # of every answer
    answers: int = 0  # after each thread has had one
    spent_s: float = 0.0  # for these

    @property
    def per_s(self) -> float:
        """Answers."""
        return round(self.answers / self.spent_s, 3)

    def go_on(self, seconds: float) -> None:
        """Ask for so long; what is asked by then is waited for."""
        ends = time.perf_counter() + seconds

        def work(thread: int) -> list[tuple[float, float]]:
            spans: list[tuple[float, float]] = []
            while len(spans) < FEWEST_EACH or time.perf_counter() < ends:
                began = time.perf_counter()
                self.acts[thread](thread + len(spans) * len(self.acts))
                spans.append((began, time.perf_counter()))
            return spans

        with ThreadPoolExecutor(len(self.acts)) as pool:
            spans = [span for each in pool.map(work, range(len(self.acts))) for span in each]
        self.waits_ms += [(end - began) * 1000 for began, end in spans]
        done = sorted(end for _, end in spans)[len(self.acts) - 1 :]
        self.answers += len(done) - 1
        self.spent_s += done[-1] - done[0]
