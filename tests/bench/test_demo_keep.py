"""API and page of the demonstration, left running: on a terminal, and however they are ended."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from bench.demo import Demo, try_out
from bench.serving import HOST, Service, ServiceFailed, clean_environment, find_port, running
from search.client import ApiError, SearchClient

COMMAND = str(Path(sys.executable).with_name("shotseek"))
READY = "running until you press Ctrl-C"
pytestmark = pytest.mark.timeout(200)


class Kept:
    """A demonstration with its processes, and what it said so far."""

    def __init__(self, place: Path, *words: str, on_terminal: bool) -> None:
        left_out = {key: value for key, value in os.environ.items() if key != "CI"}
        surprises = {"SHOTSEEK_ANALYZERS": "none", "STREAMLIT_SERVER_BASE_URL_PATH": "elsewhere"}
        self.reading, output = pty.openpty() if on_terminal else os.pipe()
        self.process = subprocess.Popen(
            [COMMAND, "demo", *words],
            cwd=place,
            env=left_out | surprises,
            stdin=output if on_terminal else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_own_terminal if on_terminal else _usual_signals,
        )
        os.close(output)
        self.said = ""

    def read_until(self, words: str, within_s: float = 150) -> None:
        """Read on until it has said the words; "" for all of it."""
        late = time.monotonic() + within_s
        while not words or words not in self.said:
            assert time.monotonic() < late, self.said
            if not select.select([self.reading], [], [], 1)[0]:
                continue
            try:
                part = os.read(self.reading, 65536)
            except OSError:  # so a terminal says that nobody is there any more
                part = b""
            self.said += part.decode(errors="replace").replace("\r\n", "\n")
            if not part:
                assert not words, self.said
                return

    def family(self) -> list[psutil.Process]:
        """The processes that it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, how: Callable[["Kept"], object]) -> tuple[int, float]:
        """End it so; its exit code, and in how many seconds."""
        family, began = self.family(), time.monotonic()
        assert len(family) >= 2
        how(self)
        self.read_until("", 30)
        code = self.process.wait(10)
        took = time.monotonic() - began
        _, alive = psutil.wait_procs(family, timeout=2)
        assert not alive, "orphans"
        assert "Traceback" not in self.said
        return code, took


def _usual_signals() -> None:
    """Whoever runs the tests in the background may have them ignore some."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _own_terminal() -> None:
    import fcntl
    import termios

    _usual_signals()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def address(said: str, name: str) -> str:
    return re.findall(rf"^The {name}: +(http://[\d.]+:\d+)/", said, re.MULTILINE)[0]


def press_ctrl_c(kept: Kept) -> None:
    os.write(kept.reading, b"\x03")


def press_it_twice(kept: Kept) -> None:
    press_ctrl_c(kept)
    time.sleep(0.05)
    press_ctrl_c(kept)


@pytest.mark.slow
@pytest.mark.parametrize("how", [press_ctrl_c, press_it_twice])
def test_on_a_terminal_both_run_until_ctrl_c(place: Path, how: Callable[[Kept], None]) -> None:
    kept = Kept(place, on_terminal=True)
    kept.read_until(READY)
    client = SearchClient(address(kept.said, "API"))
    assert client.search("a red car on a snowy street at night").hits[0].video == "cold_night.mp4"
    page = SearchClient(address(kept.said, "page"))
    assert b"<html" in page.read_media("/")
    code, took = kept.end(how)
    assert code == 0, kept.said
    assert took < 7
    assert "Both are ended." in kept.said


def terminate(kept: Kept) -> None:
    kept.process.terminate()


def hang_up(kept: Kept) -> None:
    kept.process.send_signal(signal.SIGHUP)


@pytest.mark.slow
@pytest.mark.parametrize("how", [terminate, hang_up])
def test_without_a_terminal_keep_leaves_both_until_a_signal(
    place: Path, how: Callable[[Kept], None]
) -> None:
    kept = Kept(place, "--keep", on_terminal=False)
    kept.read_until(READY)
    assert kept.end(how)[0] == 0, kept.said


@pytest.mark.slow
@pytest.mark.parametrize(("word", "name"), [("serve", "the API"), ("ui", "the page")])
def test_where_one_dies_it_says_which_and_ends_the_other(place: Path, word: str, name: str) -> None:
    kept = Kept(place, "--keep", on_terminal=False)
    kept.read_until(READY)

    def kill_one(kept: Kept) -> None:
        next(one for one in kept.family() if word in one.cmdline()).kill()

    code, _ = kept.end(kill_one)
    assert code == 2
    assert f"shotseek: {name} ended by itself (exit code -9)" in kept.said


@pytest.mark.slow
def test_interrupted_before_both_run_it_leaves_nothing(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "--keep", on_terminal=False)
    kept.read_until("$ ")
    time.sleep(1)
    family = kept.family()
    kept.process.terminate()
    kept.read_until("", 30)
    assert kept.process.wait(10) == 130
    assert not psutil.wait_procs(family, timeout=5)[1]
    assert "Traceback" not in kept.said


@pytest.mark.slow
def test_a_port_that_another_program_takes_in_that_moment_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server((HOST, 0)) as faster:
        taken = faster.getsockname()[1]
        monkeypatch.setattr(
            "bench.demo.find_port", lambda port: find_port(0) if not port else taken
        )
        Demo(tmp_path).run()
    said, log = capfd.readouterr()
    assert f"--port {taken}" in said
    assert "The page answers." in said
    assert "ended by itself" not in said + log


def test_a_service_that_does_not_start_shows_the_end_of_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("serve", "--collection", str(tmp_path / "nowhere"), "--port", "0")
    service = Service("the API", words, 1, "/healthz", tmp_path / "api.log")
    expected = r"^the API ended by itself \(exit code 2\); the end of its log .*api\.log stands"
    with pytest.raises(ServiceFailed, match=expected), running([service], tmp_path):
        pytest.fail("it cannot be running")
    assert "  | shotseek: " in capsys.readouterr().err


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "api.log").mkdir()
    service = Service("the API", ("serve",), 1, "/healthz", tmp_path / "api.log")
    with (
        pytest.raises(ServiceFailed, match=r"api\.log: Is a directory$"),
        running([service], tmp_path),
    ):
        pytest.fail("it cannot be running")


def test_what_is_no_api_fails_the_trial(tmp_path: Path) -> None:
    """Something that answers 200 to nothing we ask: the reason is told, and the exit code is 2."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            port = server.server_address[1]
            other = Service("the API", (), port, "/", tmp_path / "log")
            with pytest.raises(ApiError, match="not as a shotseek API does") as failed:
                try_out(other, other)
        finally:
            server.shutdown()
            thread.join()
    assert failed.value.exit_code == 2


def test_a_port_that_is_taken_is_not_insisted_on() -> None:
    import socket

    with socket.create_server((HOST, 0)) as server:
        taken = server.getsockname()[1]
        assert find_port(taken) not in (0, taken)
    assert find_port(taken) == taken


def test_children_get_no_settings_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHOTSEEK_PROFILE", "SHOTSEEK_SERVE_PORT", "STREAMLIT_SERVER_PORT"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("SHOTSEEK_DEBUG", "1")
    kept = {name for name in clean_environment() if name.startswith(("SHOTSEEK_", "STREAMLIT_"))}
    assert "SHOTSEEK_DEBUG" in kept
    assert kept <= {"SHOTSEEK_DEBUG", "SHOTSEEK_CATALOG_PASSWORD"}
