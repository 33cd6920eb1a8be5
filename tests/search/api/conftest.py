"""A small collection, and real servers on real sockets that answer for one."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

TOKEN = "a-token-of-the-tests-0123456789"

Served = Callable[..., str]


@pytest.fixture(scope="session")
def small_collection(
    shotseek: Callable[..., Any], plain_videos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Three plain videos, as `shotseek index --profile demo` stores them; never changed."""
    folder = tmp_path_factory.mktemp("small") / "small.collection"
    ran = shotseek("index", plain_videos, "--collection", folder, "--encoder", "toy")
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Start servers: `address = served(folder, token=..., queries=2)`; stopped after the module.

    Other names are those of ServeSettings; `cache` is a folder of its own unless it is given.
    """
    from search.api.running import make_server
    from search.api.serving import Serving
    from search.api.settings import ServeSettings

    running: list[tuple[Any, threading.Thread]] = []

    def start(folder: Path, *, token: str | None = None, **settings: Any) -> str:
        settings.setdefault("cache", tmp_path_factory.mktemp("cache"))
        serving = Serving.open_(folder, ServeSettings(**settings), token)
        server = make_server(serving)
        bound = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        running.append((server, thread))
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server did not start in 20 s"
            time.sleep(0.01)
        host, port = bound.getsockname()
        return f"http://{host}:{port}"

    yield start
    for server, _ in running:
        server.should_exit = True
    for _, thread in running:
        thread.join(20)
        assert not thread.is_alive(), "the server did not stop in 20 s"


@pytest.fixture(scope="module")
def small_address(served: Served, small_collection: Path) -> str:
    """The address of a server of the small collection that asks for no token."""
    return served(small_collection)


@pytest.fixture(scope="module")
def guarded_address(served: Served, small_collection: Path) -> str:
    """The address of one that asks for TOKEN."""
    return served(small_collection, token=TOKEN)


@pytest.fixture(scope="session")
def token() -> str:
    """What guarded servers ask for."""
    return TOKEN


def say(address: str, request: bytes, *, wait_s: float = 20, end: bool = False) -> bytes:
    """Everything that a server answers to raw bytes until it closes the connection."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    with closing(socket.create_connection((host, int(port)), timeout=wait_s)) as line:
        try:
            line.sendall(request)
            if end:
                line.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was read; the answer may still be there
        parts = []
        try:
            while part := line.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            pass
        return b"".join(parts)


@pytest.fixture(scope="session")
def raw() -> Callable[..., bytes]:
    """Say raw bytes to a server: `raw(address, b"GET / HTTP/1.1...")`."""
    return say
