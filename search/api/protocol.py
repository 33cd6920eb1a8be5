"""HTTP/1.1 as uvicorn speaks it; what is no HTTP gets a problem too. Knows no routes."""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from search.api.problem import MEDIA_TYPE, problem_text

HINT = "send HTTP/1.1 with an address and headers of at most 64 KiB"


class ProblemProtocol(H11Protocol):
    """As uvicorn's, but for the answer to bytes that are no request."""

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
