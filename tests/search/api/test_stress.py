"""Sixteen clients ask a real server for a while as videos are added: none fails, memory is flat."""

import io
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image
from talking import ask, post, walls

from bench.videos import write_video

COMMAND = Path(sys.executable).with_name("shotseek")
CLIENTS = 16
GROWTH_MB = 60
COLOURS = ("red", "green", "blue", "white", "black", "orange")


@contextmanager
def serving(folder: Path, cache: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server in a process of its own: its address, and the process."""
    line = [COMMAND, "serve", "--collection", folder, "--port", "0", "--cache", cache]
    with (cache / "log").open("w") as log:
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None, (cache / "log").read_text()
        ends = time.monotonic() + 60
        while ask(f"{address[0]}/healthz").status != 200:
            assert time.monotonic() < ends
        yield address[0], psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


class Client(threading.Thread):
    """Asks one question after the other, of all sorts."""

    def __init__(self, address: str, number: int, over: threading.Event) -> None:
        super().__init__(name=f"client {number}")
        self.address, self.over, self.chance = address, over, Random(number)
        self.times_s: list[float] = []
        self.failures: Counter[str] = Counter()
        self.shots: list[str] = []  # of the last search that found any

    def run(self) -> None:
        while not self.over.is_set():
            began = time.perf_counter()
            path, parameters = self.choose()
            try:
                answer = ask(f"{self.address}/v1/{path}", parameters)
                if answer.status != 200:
                    self.failures[f"{path} {answer.status} {answer.body[:200]!r}"] += 1
                elif path == "search":
                    self.shots = [hit["shot"] for hit in answer.json["hits"]] or self.shots
            except OSError as error:
                self.failures[f"{path} {error}"] += 1
            self.times_s.append(time.perf_counter() - began)

    def choose(self) -> tuple[str, dict[str, Any]]:
        """A path, and what is asked there."""
        one, two = self.chance.choice(COLOURS), self.chance.choice(COLOURS)
        questions: list[tuple[str, dict[str, Any]]] = [
            ("search", {"text": f"a {one} wall"}),
            ("search", {"text": one, "then": two}),
            ("search", {"text": one, "where": ["width>=100", "duration>0"]}),
            ("search", {"where": f"colour={one}", "k": 50}),
            ("search", {"text": one, "group": "video", "sort": "time"}),
            ("search", {"picture": ""}),
            ("videos", {}),
            ("suggest", {"text": one[:2]}),
            ("labels", {}),
            ("collection", {}),
        ]
        if self.shots:
            shot = self.chance.choice(self.shots)
            questions += [("similar", {"shot": shot}), (f"shots/{shot}", {})]
        path, asked = self.chance.choice(questions)
        return path, {"picture": self.picture(one)} if "picture" in asked else asked

    def picture(self, colour: str) -> str:
        """Hand one in; its id."""
        buffer = io.BytesIO()
        Image.new("RGB", (64, 48), colour).save(buffer, "PNG")
        answer = post(f"{self.address}/v1/pictures", buffer.getvalue(), "image/png")
        return str(answer.json["id"])


def add_videos(folder: Path, videos: Path, over: threading.Event, added: list[int]) -> None:
    """Index one new video after the other, each in a process of its own."""
    chance = np.random.default_rng(0)
    while not over.is_set():
        path = videos / f"added {len(added)}.mp4"
        one, two = chance.integers(0, 255, (2, 3)).tolist()
        write_video(path, walls(tuple(one), tuple(two)))
        line = [COMMAND, "index", path, "--collection", folder, "--encoder", "toy"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        added.append(done.returncode)


def watch(process: psutil.Process, seconds: float) -> list[float]:
    """The server's memory in MB, twice a second."""
    ends, found = time.monotonic() + seconds, []
    while time.monotonic() < ends:
        found.append(process.memory_info().rss / 1e6)
        time.sleep(0.5)
    return found


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_many_clients_while_videos_are_added(
    small_collection: Path,
    tmp_path: Path,
    stress_seconds: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = Path(shutil.copytree(small_collection, tmp_path / "c"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "videos").mkdir()
    over = threading.Event()
    added: list[int] = []
    with serving(folder, tmp_path / "cache") as (address, process):
        clients = [Client(address, number, over) for number in range(CLIENTS)]
        writer = threading.Thread(
            target=add_videos, args=(folder, tmp_path / "videos", over, added)
        )
        for thread in (*clients, writer):
            thread.start()
        try:
            rss = watch(process, stress_seconds)
        finally:
            over.set()
            for thread in (*clients, writer):
                thread.join()
    report(clients, rss, len(added), capsys)
    failures = sum((client.failures for client in clients), Counter())
    assert not failures, failures.most_common(5)
    assert added
    assert growth(rss) < GROWTH_MB, f"the server grew by {growth(rss):.0f} MB"


def growth(rss: list[float]) -> float:
    """MB from the first quarter after the warm-up to the last quarter, by medians."""
    warm = rss[len(rss) // 4 :]
    quarter = max(1, len(warm) // 4)
    return float(np.median(warm[-quarter:]) - np.median(warm[:quarter]))


def report(
    clients: list[Client], rss: list[float], added: int, capsys: pytest.CaptureFixture[str]
) -> None:
    times_ms = np.concatenate([client.times_s for client in clients]) * 1000
    p50, p95, p99 = np.percentile(times_ms, (50, 95, 99))
    spots = [f"{rss[int(part * (len(rss) - 1))]:.0f}" for part in (0, 0.25, 0.5, 0.75, 1)]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(times_ms)} queries of {CLIENTS} clients, {added} videos added: "
            f"p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms; "
            f"server {' '.join(spots)} MB, grew {growth(rss):.1f} MB\n"
        )
