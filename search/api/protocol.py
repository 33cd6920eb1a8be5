"""HTTP/1.1 as uvicorn speaks it; what is no HTTP gets a problem too. Knows no routes."""

import asyncio
import socket

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from search.api.problem import MEDIA_TYPE, problem_text

HINT = "send HTTP/1.1 with an address and headers of at most 64 KiB"


class ProblemProtocol(H11Protocol):
    """As uvicorn's, but for the answer to bytes that are no request, and without waiting."""

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Send what is written at once, also while the client has not confirmed what came before.

        asyncio sees to that only where a socket was made for TCP by name; otherwise the end of an
        answer would wait for up to 40 ms (RFC 9293, 3.7.4).
        """
        line = transport.get_extra_info("socket")
        if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def send_400_response(self, msg: str) -> None:
        """Answer with a problem, and close the connection."""
        body = problem_text(400, msg, HINT).encode("ascii")
        headers = [
            (b"content-type", MEDIA_TYPE.encode("ascii")),
            (b"content-length", str(len(body)).encode("ascii")),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        reason = b"Bad Request"
        for event in (
            h11.Response(status_code=400, headers=headers, reason=reason),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.close()
