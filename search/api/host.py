"""Refuses, where no token is asked for, what was meant for another name than this machine's.

Else any web page could have its own name lead here, and read the answers as if they were its own
(DNS rebinding). Knows no routes.
"""

import ipaddress
import re

from starlette.types import ASGIApp, Receive, Scope, Send

from search.api.problem import problem_response

HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(:[0-9]*)?")
OWN = ("localhost", "")  # HTTP/1.0 needs no name
HINT = "ask by its address, such as http://127.0.0.1:8000, or start it with --token-file"


class HostGuard:
    """Lets pass what asks for an address, `localhost` or one name more."""

    def __init__(self, app: ASGIApp, own: str) -> None:
        self._app = app
        self._own = (*OWN, own.lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 421."""
        if scope["type"] != "http" or self._is_own(_find_host(scope)):
            return await self._app(scope, receive, send)
        said = "this API asks for no token, so it answers to no name but its machine's own"
        return await problem_response(421, said, HINT)(scope, receive, send)

    def _is_own(self, name: str | None) -> bool:
        return name is not None and (name in self._own or _is_address(name))


def _find_host(scope: Scope) -> str | None:
    """The name that was asked for, without its port; None if that cannot be told."""
    named = next((value for name, value in scope["headers"] if name == b"host"), b"")
    read = HOST.fullmatch(named.decode("latin-1").strip().lower())
    return read[1].strip("[]").removesuffix(".") if read else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
