"""What a server takes of memory, measured in a process that does nothing but open and answer.

Run as a module (`python -m bench.speed.load FOLDER KEYFRAMES DIM SEED SECONDS`) this file is that
process. There is no model in it; mapped pages are counted.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.speed.asking import ask, leaf, open_engine
from bench.speed.collection import Plan
from bench.speed.contests import HITS, draw_asked, list_contests
from search.api.running import settle_heap

QUERIES = 64


@dataclass(frozen=True)
class Load:
    """One process under load."""

    first_answer_s: float  # from opening the collection to the first hits
    rss_mb: float  # the highest seen, MB of 2**20 bytes
    queries: int
    seconds: float


def measure_load(collection: Path, plan: Plan, seconds: float) -> Load:
    """Let a fresh process answer for so long.

    Raises:
        subprocess.CalledProcessError: it broke; what it said went to stderr.
    """
    words = [str(each) for each in (collection, plan.keyframes, plan.dim, plan.seed, seconds)]
    command = [sys.executable, "-P", "-m", "bench.speed.load", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Load(**json.loads(done.stdout))


def answer_for(collection: Path, plan: Plan, seconds: float) -> Load:
    """Open the collection in this process, and ask everything in turn."""
    import psutil

    me = psutil.Process()
    began = time.perf_counter()
    engine = open_engine(collection, plan, QUERIES)
    ask(engine, leaf(0), HITS, by_video=True)
    first_answer_s = time.perf_counter() - began
    contests = list_contests(engine, plan, draw_asked(plan, QUERIES))
    settle_heap()  # as the server does
    number, most, began = 0, me.memory_info().rss, time.perf_counter()
    while number < len(contests) or time.perf_counter() - began < seconds:
        contests[number % len(contests)].act(number)
        most = max(most, me.memory_info().rss)
        number += 1
    spent = time.perf_counter() - began
    return Load(round(first_answer_s, 3), round(most / 2**20, 1), number, round(spent, 1))


def main(arguments: Sequence[str]) -> None:
    """Answer for a while and say what was seen, as JSON."""
    folder, keyframes, dim, seed, seconds = arguments
    plan = Plan(int(keyframes), int(dim), int(seed))
    sys.stdout.write(json.dumps(asdict(answer_for(Path(folder), plan, float(seconds)))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
