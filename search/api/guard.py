"""Stands before the routes: token or name, signatures, bodies, origins, headers of all answers.

Each guard is an ASGI application around the next. Knows no routes.
"""

import asyncio
import hmac
import logging

from starlette.datastructures import MutableHeaders, QueryParams
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search.api.addresses import Addresses, AddressInvalid
from search.api.body import BodyGuard
from search.api.host import HostGuard
from search.api.problem import MEDIA_TYPE, RETRY, hint_for, problem_response
from search.api.serving import Serving

OPEN = ("/healthz", "/openapi.json")
MEDIA = "/media/"
KEPT = ("allow", "content-range", "retry-after", "vary", "access-control-allow-origin")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# The page may stand at another origin: it shows media, but nothing in them may run.
MEDIA_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
DATA_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STOPPING = "try again soon, if it is started again"
log = logging.getLogger("shotseek")


class TokenGuard:
    """Lets pass who knows the token; to media also who has a signed address."""

    def __init__(self, app: ASGIApp, token: str, addresses: Addresses) -> None:
        self._app, self._addresses = app, addresses
        self._wanted = token.encode("ascii")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 401 or 403."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            return await self._app(scope, receive, send)
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(given) == 1 and self._is_token(given[0]):
            return await self._app(scope, receive, send)
        if scope["path"].startswith(MEDIA) and not given:
            try:
                self._addresses.check(scope["path"], QueryParams(scope["query_string"]))
            except AddressInvalid as error:
                response = problem_response(403, str(error), "take a fresh one from an answer")
                return await response(scope, receive, send)
            return await self._app(scope, receive, send)
        response = problem_response(
            401,
            "this API asks for a token",
            "send it as Authorization: Bearer TOKEN",
            {"WWW-Authenticate": "Bearer"},
        )
        return await response(scope, receive, send)

    def _is_token(self, header: bytes) -> bool:
        scheme, _, token = header.partition(b" ")
        return hmac.compare_digest(token.strip(), self._wanted) and scheme.lower() == b"bearer"


class _HeadersSent(BaseException):
    """All of an answer to HEAD is sent; no Exception, so that nobody answers it."""


class HeadGuard:
    """Answers HEAD as GET without the body, at every route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on as GET, and stop after the headers: a whole video need not be read."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                raise _HeadersSent

        inner = {**scope, "method": "GET"}
        try:
            await self._app(inner, receive, send_head)
        except _HeadersSent:
            pass
        finally:
            scope["route"] = inner.get("route")


class AnswerGuard:
    """Sees to it that every answer has the headers of safety, and every error is a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what is raised is logged and answered."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        answer = _Answer(scope, receive, send)
        try:
            await self._app(scope, receive, answer.send)
        except asyncio.CancelledError:  # the server stops: there is no time to finish
            if not answer.started:
                said = "the server is being stopped"
                await problem_response(503, said, STOPPING, RETRY)(scope, receive, answer.send)
        except Exception:
            # Not the address itself: names of persons may be in it.
            route = getattr(scope.get("route"), "path_format", "no route")
            log.exception("a bug: %s %s", scope["method"], route)
            if not answer.started:
                said = "the server has a bug; its log shows the traceback"
                await problem_response(500, said, hint_for(500))(scope, receive, answer.send)


class _Answer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._replaced = False
        self.started = False

    async def send(self, message: Message) -> None:
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            if message["status"] >= 400 and headers.get("content-type") != MEDIA_TYPE:
                self._replaced = True
                return await self._replace(message["status"], headers)
            self._add(headers)
        await self._send(message)

    async def _replace(self, status: int, headers: MutableHeaders) -> None:
        """A problem in the place of an error that a library answered in its own way."""
        kept = {name: headers[name] for name in KEPT if name in headers}
        response = problem_response(status, "the request cannot be met", hint_for(status), kept)
        self._add(response.headers)
        await response(self._scope, self._receive, self._send)

    def _add(self, headers: MutableHeaders) -> None:
        is_media = self._scope["path"].startswith(MEDIA)
        for name, value in {**HEADERS, **(MEDIA_HEADERS if is_media else DATA_HEADERS)}.items():
            headers.setdefault(name, value)


def guard(app: ASGIApp, serving: Serving) -> ASGIApp:
    """The app behind all guards."""
    settings = serving.settings
    if serving.token is not None:
        app = TokenGuard(app, serving.token, serving.addresses)
    else:
        app = HostGuard(app, settings.host)
    app = BodyGuard(app, int(settings.body_mb * 1_000_000), settings.body_seconds)
    if settings.cors:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type"),
            expose_headers=("Retry-After",),
        )
    return AnswerGuard(HeadGuard(app))
