"""A collection, an API and a page for the tests of the page, started as a user starts them."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page

from bench.videos import Coding, write_video

PATIENCE_S = 40  # other work on the machine may slow a page down; it is no failure
CALM_MS = 600
RESTS = """(least) => {
    const app = document.querySelector('[data-testid="stApp"]');
    const now = performance.now();
    if (app?.dataset.testScriptState !== "notRunning") window.restless = now;
    return now - (window.restless ??= now) >= least;
}"""
HOSTILE_NAME = "<img src=x onerror=alert(1)>.mp4"
HOSTILE_TEXT = "[x](javascript:alert(1)) $latex$ :dog: `code` www.evil.example"
COLOURS = {
    "red": (220, 20, 20),
    "green": (20, 160, 40),
    "blue": (20, 40, 220),
    "yellow": (240, 220, 20),
}


def frames(names: list[str], seconds: int = 2) -> Iterator[np.ndarray]:
    for name in names:
        for number in range(25 * seconds):
            frame = np.full((180, 320, 3), COLOURS[name], np.uint8)
            frame[60:120, 20 + number : 60 + number] = 255
            yield frame


def make_collection(videos: Path, folder: Path, shotseek: Any) -> Path:
    """Three videos: one that browsers play, one that they do not, one from a stranger."""
    names = list(COLOURS)
    fast = {"preset": "ultrafast", "g": "12"}
    write_video(videos / "colours.mp4", frames(names), Coding(options=fast))
    write_video(videos / "old.avi", frames(names[::-1]), Coding(codec="mpeg4", options={}))
    write_video(videos / HOSTILE_NAME, frames(["blue", "red"]), Coding(options=fast))
    cue = f"1\n00:00:00,000 --> 00:00:01,800\n{HOSTILE_TEXT}\n"
    (videos / HOSTILE_NAME).with_suffix(".srt").write_text(cue)
    words = ("--encoder", "toy", "--shots", "fixed:2", "--analyzers", "toy,colours,subtitles")
    ran = shotseek("index", videos, "--collection", folder, *words)
    assert ran.code == 0, ran.err
    return folder


@contextmanager
def serve(collection: Path, port: int, *words: str) -> Iterator[str]:
    line = ["serve", "--collection", str(collection), "--port", str(port), *words]
    with run(line, f"http://127.0.0.1:{port}/healthz"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def show(api: str, *words: str) -> Iterator[str]:
    port = free_port()
    page = f"http://127.0.0.1:{port}"
    with run(["ui", "--api", api, "--port", str(port), *words], f"{page}/_stcore/health"):
        yield page


@contextmanager
def run(words: list[str], sign_of_life: str) -> Iterator[None]:
    line = [sys.executable, "-m", "shotseek", *words]
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(line, text=True, **kept) as process:
        try:
            wait_for(sign_of_life)
            yield
        finally:
            process.terminate()
            said, _ = process.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in said, said


def wait_for(address: str) -> None:
    until = time.monotonic() + 3 * PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            assert time.monotonic() < until, f"nothing answers at {address}"
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def visit(page: Page, address: str) -> None:
    """Open a page, and wait until it is drawn."""
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page's script has rested a while.

    Keys and clicks that come sooner may meet what is about to go; nobody sees what is not drawn.
    """
    page.evaluate("() => { delete window.restless; }")
    page.wait_for_function(RESTS, arg=CALM_MS)


def tiles(page: Page, layout: str = "grid") -> Locator:
    return page.locator(f".tiles.{layout} .tile")


def box(page: Page, name: str = "Search") -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)
