"""Starts API and page as processes of their own, waits until both answer, and ends both for sure.

What they say goes to log files; the end of a log is shown when its process ends before it should.
Each process leads a group of its own, so that what it starts ends with it, and a Ctrl-C reaches
only us. Knows nothing of what is served, and cannot end anything once it is itself killed by -9.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from analyzers.error import ShotseekError

HOST = "127.0.0.1"
START_S = 90.0  # a slow disk reads the page's libraries for long
GRACE_S = 5.0  # between asking to end and ending
POLL_S = 0.1
TAIL = 15  # lines of a log
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServiceFailed(ShotseekError):
    """A process did not start, or ended before it should; the end of its log was shown."""


class PortLost(ServiceFailed):
    """A process did not start because another program took its port in that moment."""


@dataclass(frozen=True)
class Service:
    """What is to be started."""

    name: str
    words: tuple[str, ...]  # behind `shotseek`
    port: int
    health: str  # the path that answers 200 once it is ready
    log: Path

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def running(services: Sequence[Service], folder: Path) -> Iterator["Watch"]:
    """Start all, wait until all answer, and end all, however the block is left.

    Args:
        services: what to start.
        folder: where the processes run; its `shotseek.toml`, not the person's, would be read.

    Raises:
        ServiceFailed: one did not start.
        PortLost: because its port is taken.
    """
    with ExitStack() as stack:
        processes: list[subprocess.Popen[bytes]] = []
        stack.callback(_stop, processes)
        for service in services:
            processes.append(_start(service, folder))
        watch = Watch(services, processes)
        watch.wait_until_ready()
        yield watch


class Watch:
    """Looks after the processes that were started."""

    def __init__(
        self, services: Sequence[Service], processes: Sequence[subprocess.Popen[bytes]]
    ) -> None:
        self._pairs = list(zip(services, processes, strict=True))

    def wait_until_ready(self) -> None:
        """Return when all answer.

        Raises:
            ServiceFailed: one ended, or does not answer in time.
            PortLost: one ended, and another program has its port.
        """
        late = time.monotonic() + START_S
        waiting = [service for service, _ in self._pairs]
        while True:
            self._check_start()
            waiting = [service for service in waiting if not _answers(service)]
            if not waiting:
                return
            if time.monotonic() > late:
                raise _failure(waiting[0], f"did not answer within {START_S:g} s")
            time.sleep(POLL_S)

    def wait_for_ever(self) -> None:
        """Return never; a signal interrupts the waiting.

        Raises:
            ServiceFailed: one of the processes ended.
        """
        while True:
            self.check()
            time.sleep(POLL_S)

    def _check_start(self) -> None:
        try:
            self.check()
        except ServiceFailed as error:
            ended = [one for one, process in self._pairs if process.poll() is not None]
            if any(find_port(one.port) != one.port for one in ended):
                raise PortLost(str(error)) from error
            raise

    def check(self) -> None:
        """Make sure that all are running.

        Raises:
            ServiceFailed: one has ended.
        """
        for service, process in self._pairs:
            code = process.poll()
            if code is not None:
                raise _failure(service, f"ended by itself (exit code {code})")


def find_port(preferred: int) -> int:
    """The preferred port if it is free on this machine, else any other that is."""
    for port in (preferred, 0):
        try:
            with socket.create_server((HOST, port)) as server:
                return int(server.getsockname()[1])
        except OSError:
            continue
    raise ServiceFailed("no port is free on this machine: end other servers and try again")


def clean_environment() -> dict[str, str]:
    """This environment without what would change how the commands behave."""
    known = {"SHOTSEEK_DEBUG", "SHOTSEEK_CATALOG_PASSWORD"}
    ours = ("SHOTSEEK_", "STREAMLIT_")
    return {k: v for k, v in os.environ.items() if k in known or not k.startswith(ours)}


def command_line(words: Sequence[str]) -> list[str]:
    """The command of this installation; a folder `search` in the current one shadows nothing."""
    return [sys.executable, "-P", "-m", "shotseek", *words]


def end_on_signals() -> None:
    """Let the first Ctrl-C, SIGTERM or end of the terminal raise KeyboardInterrupt.

    Those that follow are ignored: nothing may interrupt the ending of what was started.
    """
    heeded = [one for one in SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]  # as by nohup

    def interrupt(number: int, frame: FrameType | None) -> None:
        for one in heeded:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    for one in heeded:
        signal.signal(one, interrupt)


def _failure(service: Service, what: str) -> ServiceFailed:
    """Show the end of the log; an error of one line that names the log."""
    text = service.log.read_text(encoding="utf-8", errors="replace")
    for line in text.rstrip().splitlines()[-TAIL:]:
        sys.stderr.write(f"  | {line}\n")
    return ServiceFailed(f"{service.name} {what}; the end of its log {service.log} stands above")


def _start(service: Service, folder: Path) -> subprocess.Popen[bytes]:
    try:
        log = service.log.open("wb")
    except OSError as error:
        raise ServiceFailed(f"{service.log}: {error.strerror}") from error
    with log:
        return subprocess.Popen(
            command_line(service.words),
            cwd=folder,
            env=clean_environment() | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _answers(service: Service) -> bool:
    from search.client.error import ApiUnreachable
    from search.client.transport import HttpTransport, Request

    try:
        asked = Request("GET", service.address + service.health)
        return HttpTransport().send(asked, 2.0).status == 200
    except ApiUnreachable:
        return False


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End all; a Ctrl-C meanwhile does not leave one behind."""
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in SIGNALS]
    for process in processes:
        _signal(process, signal.SIGTERM)
    late = time.monotonic() + GRACE_S
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, late - time.monotonic()))
        _signal(process, signal.SIGKILL)  # and what it may have started
        process.wait()
    for number, handler in before:
        signal.signal(number, handler)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says so of a group that has ended
        os.killpg(process.pid, number)
