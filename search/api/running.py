"""Runs the server until it is told to stop. Knows no routes."""

import errno
import gc
import importlib.util
import ipaddress
import logging
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from analyzers.error import LibraryMissing, SettingsError, ShotseekError
from search.api.settings import ServeSettings

if TYPE_CHECKING:
    import uvicorn

    from search.api.serving import Serving

LIBRARIES = ("fastapi", "uvicorn", "prometheus_client", "av", "sqlalchemy")
SHORTEST_TOKEN = 16
MAKE_TOKEN = "make one: openssl rand -hex 32 > {}"
_IN_USE = (errno.EADDRINUSE, errno.EACCES)
INTERRUPTED = 130  # the exit code
FINISH_S = 2  # that answers are given to end by themselves
LEAVE_S = 4.0  # until the process ends whatever is still being made
COLLECT_AFTER = 50_000  # objects more than before: about 10,000 hits
log = logging.getLogger("shotseek")


def run_server(folder: Path, settings: ServeSettings) -> None:
    """Serve a collection until a signal ends it.

    Raises:
        LibraryMissing: what serving needs is not installed.
        SettingsError: the port is taken, the token is missing or no token.
        ShotseekError: the collection cannot be opened.
        KeyboardInterrupt: Ctrl-C.
    """
    check_libraries()
    from search.api.serving import Serving

    token = read_token(settings)
    place = _resolve(settings)
    if token is None and not _is_loopback(place):
        raise SettingsError(
            f"--host {settings.host}: others than this machine could ask, so a token is needed: "
            "openssl rand -hex 32 > FILE, then --token-file FILE"
        )
    serving = Serving.open_(folder, settings, token)
    bound = _bind(place, settings)
    server = make_server(serving)
    codes = _end_soon(server, serving)
    _tell(folder, serving, bound)
    threading.Thread(target=_warm_up, args=(serving,), daemon=True).start()
    server.run(sockets=[bound])
    if codes[-1] == INTERRUPTED:  # where the shell has us ignore SIGINT, nobody else says it
        raise KeyboardInterrupt


def check_libraries() -> None:
    """See that all is installed that serving needs.

    Raises:
        LibraryMissing: something is not.
    """
    for name in LIBRARIES:
        if importlib.util.find_spec(name) is None:
            raise LibraryMissing(f"shotseek serve needs {name}: pip install 'shotseek[serve]'")


def make_server(serving: "Serving") -> "uvicorn.Server":
    """The server as it is run, not yet started."""
    import uvicorn

    from search.api.app import make_app
    from search.api.protocol import ProblemProtocol

    config = uvicorn.Config(
        make_app(serving),
        http=ProblemProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="error",  # what clients send wrong is no matter of the log
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=FINISH_S,
    )
    return uvicorn.Server(config)


def settle_heap() -> None:
    """Have the garbage collector pass over all that is there now, as long as the process lives.

    For a process that has loaded what it answers with: libraries and a model are hundreds of
    thousands of objects, and going through them holds a query up for 0.1 s and more each time.
    Hits come and go by the thousand without being garbage, so it is also started less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def read_token(settings: ServeSettings) -> str | None:
    """The token of its file; None without a file.

    Raises:
        SettingsError: the file cannot be read, or holds no good token.
    """
    file = settings.token_file
    if file is None:
        return None
    remedy = MAKE_TOKEN.format(file)
    try:
        token = file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"--token-file {file}: {error.strerror}; {remedy}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"--token-file {file}: it is no text in ASCII; {remedy}") from error
    if not token:
        raise SettingsError(f"--token-file {file}: it is empty; {remedy}")
    if not all("!" <= sign <= "~" for sign in token):
        raise SettingsError(f"--token-file {file}: it holds more than one word; {remedy}")
    if len(token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"--token-file {file}: a token has {SHORTEST_TOKEN} characters or more; {remedy}"
        )
    return token


Place = tuple[socket.AddressFamily, str]


def _resolve(settings: ServeSettings) -> Place:
    """Where to listen, as an address."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(
            f"--host {settings.host}: {reason}; name an address of this machine, such as 127.0.0.1"
        ) from error
    family, _, _, _, address = found[0]
    return family, str(address[0])


def _is_loopback(place: Place) -> bool:
    address = ipaddress.ip_address(place[1].partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None)
    return bool((inner or address).is_loopback)


def _bind(place: Place, settings: ServeSettings) -> socket.socket:
    try:
        return socket.create_server((place[1], settings.port), family=place[0])
    except OSError as error:
        if error.errno in _IN_USE:
            raise SettingsError(
                f"--port {settings.port}: {os.strerror(error.errno or 0)}; "
                "choose another, or 0 for any"
            ) from error
        raise SettingsError(
            f"--host {settings.host}: {os.strerror(error.errno or 0)}; "
            "name an address of this machine, such as 127.0.0.1"
        ) from error


def _tell(folder: Path, serving: "Serving", bound: socket.socket) -> None:
    host, port = bound.getsockname()[:2]
    where = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    name = str(folder).encode("utf-8", "backslashreplace").decode("utf-8")
    videos = serving.collection.catalog.counts().videos
    count = "1 video" if videos == 1 else f"{videos} videos"
    asks = "clients send the token, and media addresses are signed"
    open_ = "no token is asked for, and media addresses are not signed"
    sys.stdout.write(
        f"serving {name} at {where} (Ctrl-C stops)\n{count}; {asks if serving.token else open_}\n"
    )
    sys.stdout.flush()


def _warm_up(serving: "Serving") -> None:
    """Make the text encoder before the first query needs it; then what is there will stay."""
    from search.leaves.text import TextLeaf
    from search.options import SearchOptions
    from search.query import Query

    try:
        serving.current.get().search(Query(root=TextLeaf(text="a picture")), SearchOptions(k=1))
    except ShotseekError as error:
        log.warning("the text encoder is not ready: %s", error)
    except Exception:
        log.exception("the text encoder is not ready")
    settle_heap()


def _end_soon(server: "uvicorn.Server", serving: "Serving") -> list[int]:
    """Have signals end the process in a few seconds, also while threads are at work.

    A thread waits for the signal, as what a handler may do is little. The list that is returned
    ends with the exit code that the signals ask for.
    """
    told = threading.Event()
    codes = [0]

    def on_signal(sig: int, frame: FrameType | None) -> None:
        codes.append(INTERRUPTED if sig == signal.SIGINT else 0)
        told.set()
        handle(sig, frame)

    def leave() -> None:
        told.wait()
        serving.clips.close()
        time.sleep(LEAVE_S)
        sys.stderr.write("shotseek: left while requests were still being answered\n")
        sys.stderr.flush()
        os._exit(codes[-1])

    handle = server.handle_exit
    server.handle_exit = on_signal  # type: ignore[method-assign]
    # When all is over uvicorn raises the signal again: without this, SIGTERM would be a failure.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    threading.Thread(target=leave, name="leave", daemon=True).start()
    return codes
