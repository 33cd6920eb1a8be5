"""Runs Streamlit with the page until it is told to stop. Knows no screens."""

import asyncio
import ipaddress
import os
import signal
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

from analyzers.error import LibraryMissing, SettingsError
from ui.settings import UiSettings

UPLOAD_MB = 20
ACCENT = {"light": "#0b7a75", "dark": "#2fb9b0"}


class PortTaken(SettingsError):
    """Nothing can be served there; one line that says what to do."""


def run_page(settings: UiSettings) -> None:
    """Serve the page and print its address.

    Raises:
        LibraryMissing: Streamlit is not installed.
        PortTaken: the port or the host cannot be had.
        SettingsError: the token cannot be read.
    """
    if find_spec("streamlit") is None:
        raise LibraryMissing("shotseek ui needs streamlit: pip install 'shotseek[ui]'")
    settings.read_token()  # a page that could ask nothing should not start
    port = find_port(settings)
    if not is_loopback(settings.host):
        sys.stderr.write(
            f"shotseek: the page has no login: everyone who reaches {settings.host}:{port} can "
            "search; put a proxy that asks for one before it\n"
        )
    os.environ.update(settings.environment())
    from streamlit import config

    for name, value in streamlit_options(settings.host, port).items():
        config.set_option(name, value)
    asyncio.run(_serve(settings, port))


def streamlit_options(host: str, port: int) -> dict[str, object]:
    """Streamlit's own options."""
    options: dict[str, object] = {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": UPLOAD_MB,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showSidebarNavigation": False,
        "logger.hideWelcomeMessage": True,
        "logger.level": "error",
        "global.developmentMode": False,
        "ui.hideTopBar": True,
    }
    return options | {f"theme.{name}.primaryColor": colour for name, colour in ACCENT.items()}


def find_port(settings: UiSettings) -> int:
    """The port to listen at, free a moment ago.

    Raises:
        PortTaken: it is not free, or the host is none of this machine's.
    """
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        with socket.create_server((settings.host, settings.port), family=family) as bound:
            return int(bound.getsockname()[1])
    except OSError as error:
        raise PortTaken(
            f"--host {settings.host} --port {settings.port}: {error.strerror or error}; "
            "choose another, or port 0 for any"
        ) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _serve(settings: UiSettings, port: int) -> None:
    from streamlit.web.bootstrap import prepare_streamlit_environment
    from streamlit.web.server import Server

    script = str(Path(__file__).with_name("app.py"))
    server = Server(script, False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    prepare_streamlit_environment(script)
    await server.start()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    sys.stdout.write(f"the page is at http://{host}:{port} (Ctrl-C stops)\n")
    sys.stdout.flush()
    await server.stopped
