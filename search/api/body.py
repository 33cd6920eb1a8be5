"""Bounds what a request may send: how large its body is, how long it takes, how it is coded.

Counts what arrives and keeps nothing of it. Knows no routes.
"""

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.api.problem import problem_response

SMALLER = "send a smaller body, or raise --body-mb on the server"
FASTER = "send the body faster, or raise --body-seconds on the server"
PLAIN = "send the body as it is, without Content-Encoding"


class BodyGuard:
    """Refuses bodies that are too large (413), too slow (408) or compressed (415)."""

    def __init__(self, app: ASGIApp, most_bytes: int, most_s: float) -> None:
        self._app, self._most, self._most_s = app, most_bytes, most_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with a bounded `receive`, or answer at once where the headers tell enough."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            response = problem_response(415, "the body is compressed", PLAIN)
            return await response(scope, receive, send)
        # h11 lets pass only digits, at most 20 of them.
        if int(headers.get(b"content-length", b"0")) > self._most:
            response = problem_response(413, self._too_large, SMALLER)
            return await response(scope, receive, send)
        return await self._app(scope, self._bounded(receive), send)

    @property
    def _too_large(self) -> str:
        return f"the body is larger than {self._most:,} bytes"

    def _bounded(self, receive: Receive) -> Receive:
        ends = time.monotonic() + self._most_s
        count, whole = 0, False

        async def receive_bounded() -> Message:
            nonlocal count, whole
            if whole:  # what follows is the end of the connection, whenever it comes
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), ends - time.monotonic())
            except TimeoutError:
                raise _TooSlow(f"the body took longer than {self._most_s:g} s") from None
            count += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if count > self._most:
                raise _TooLarge(self._too_large)
            return message

        return receive_bounded


class _TooLarge(HTTPException):
    def __init__(self, detail: str) -> None:
        super().__init__(413, detail, {"Connection": "close"})


class _TooSlow(HTTPException):
    def __init__(self, detail: str) -> None:
        super().__init__(408, detail, {"Connection": "close"})
