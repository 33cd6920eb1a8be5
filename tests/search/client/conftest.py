"""A collection with odd names behind a real `shotseek serve`; servers that answer oddly."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("shotseek")
TOKEN = "a-token-of-the-clients-0123456789"
NO_UTF8 = os.fsdecode(b"bad\xff <b>&.mp4")
NAMES = {"red-green": "a/été.mp4", "blue-white": "b/été.mp4", "green": NO_UTF8}


@pytest.fixture(scope="session")
def odd_collection(
    shotseek: Callable[..., Any], plain_videos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Three plain videos: two share a name, the name of the third is no UTF-8 and looks like HTML.

    Indexed once, never changed.
    """
    home = tmp_path_factory.mktemp("odd-names")
    for video, name in NAMES.items():
        (home / "videos" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(plain_videos / f"{video}.mp4", home / "videos" / name)
    folder = home / "odd.collection"
    ran = shotseek("index", home / "videos", "--collection", folder, "--encoder", "toy")
    assert ran.code == 0, ran.err
    return folder


def start_server(folder: Path, *words: object) -> tuple[subprocess.Popen[str], str]:
    """`shotseek serve` on a free port, and its address."""
    line = [COMMAND, "serve", "--collection", folder, "--port", "0", *map(str, words)]
    running = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for said in running.stdout:
        if " at http://" in said:
            return running, said.partition(" at ")[2].split()[0]
    raise AssertionError(f"the server ended with {running.wait()}")


def stop_server(running: subprocess.Popen[str]) -> None:
    running.send_signal(signal.SIGTERM)
    running.wait(20)
    assert running.stdout is not None
    running.stdout.close()


@pytest.fixture(scope="session")
def api(odd_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the collection with odd names."""
    running, address = start_server(odd_collection, "--cache", tmp_path_factory.mktemp("cache"))
    yield address
    stop_server(running)


@pytest.fixture(scope="session")
def token_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("token") / "token"
    path.write_text(TOKEN + "\n")
    return path


@pytest.fixture(scope="session")
def guarded_api(
    odd_collection: Path, token_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of one that asks for a token."""
    cache = tmp_path_factory.mktemp("cache")
    words = ("--cache", cache, "--token-file", token_file)
    running, address = start_server(odd_collection, *words)
    yield address
    stop_server(running)


class OddServer:
    """Answers everything with the same, and keeps what it was asked."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        odd = self
        self.asked: list[tuple[str, dict[str, str], bytes]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                given = {key.lower(): value for key, value in self.headers.items()}
                odd.asked.append((self.path, given, self.rfile.read(length)))
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@pytest.fixture
def odd_server() -> Iterator[Callable[..., OddServer]]:
    """Start one: `odd_server(502, {"Content-Type": "text/html"}, b"...")`."""
    started: list[OddServer] = []

    def start(
        status: int = 200, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> OddServer:
        started.append(OddServer(status, headers or {}, body))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def raw_server() -> Iterator[Callable[[bytes, bool], str]]:
    """Start one that says these bytes to each who connects, then closes or keeps silent."""
    bound: list[socket.socket] = []
    threads: list[threading.Thread] = []
    over = threading.Event()

    def start(said: bytes, close: bool) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.settimeout(0.05)
        bound.append(listening)

        def serve() -> None:
            kept = []
            while not over.is_set():
                try:
                    line, _ = listening.accept()
                except TimeoutError:
                    continue
                line.settimeout(1)
                line.recv(65536)
                line.sendall(said)
                line.close() if close else kept.append(line)
            for line in kept:
                line.close()

        threads.append(threading.Thread(target=serve))
        threads[-1].start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    over.set()
    for thread in threads:
        thread.join(10)
    for listening in bound:
        listening.close()
