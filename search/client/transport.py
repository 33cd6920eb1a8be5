"""One request to one answer: the only door to urllib3. Knows no routes.

An answer is taken as it is: redirects are not followed, so that a token goes to no other host.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from analyzers.error import SettingsError
from search.client.error import ApiError, ApiFailed, ApiUnreachable

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

CONNECT_S = 5.0
CHUNK = 1 << 16
MOST_KEPT = 64  # connections that stay open
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """What is sent; shown without its headers, which may hold a token."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """Where it goes, without what was asked and without signatures: for messages."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str]  # keys in lower case
    body: bytes = field(repr=False)


class Transport(Protocol):
    """Sends a request; safe to share between threads."""

    def send(self, request: Request, timeout_s: float) -> Response:
        """The answer, whatever its status; redirects are answers too.

        Raises:
            ApiUnreachable: there is none, or not in time.
            ApiFailed: it is no HTTP, or too large.
        """


class HttpTransport:
    """Over the network, keeping connections open.

    Args:
        most_bytes: answers that are larger are refused.
    """

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        import urllib3

        self._pool = urllib3.PoolManager(maxsize=MOST_KEPT)
        self._most_bytes = most_bytes

    def send(self, request: Request, timeout_s: float) -> Response:
        """Send it; once more if a connection that was kept open had been closed meanwhile."""
        import urllib3

        try:
            try:
                return self._send(request, timeout_s)
            except urllib3.exceptions.ProtocolError:
                return self._send(request, timeout_s)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _explain(error, request, timeout_s) from error
        except ValueError as error:  # a header or a host that cannot be written
            raise SettingsError(f"{request.place}: this cannot be asked for") from error

    def _send(self, request: Request, timeout_s: float) -> Response:
        import urllib3

        end = time.monotonic() + timeout_s
        answer = self._pool.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            body=request.body,
            timeout=urllib3.Timeout(connect=min(CONNECT_S, timeout_s), read=timeout_s),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            body = self._read(answer, request, end)
        except BaseException:
            answer.close()
            raise
        answer.release_conn()
        headers = {key.lower(): value for key, value in answer.headers.items()}
        return Response(answer.status, headers, body)

    def _read(self, answer: "BaseHTTPResponse", request: Request, end: float) -> bytes:
        parts = bytearray()
        while part := answer.read1(CHUNK):
            parts += part
            if len(parts) > self._most_bytes:
                most = self._most_bytes >> 20
                raise ApiFailed(f"{request.place}: the answer is larger than {most} MiB")
            if time.monotonic() > end:
                raise ApiUnreachable(f"{request.place}: the answer did not end in time")
        return bytes(parts)


def _explain(error: Exception, request: Request, timeout_s: float) -> ApiError:
    """What the network said, with the remedy."""
    from urllib3 import exceptions

    if isinstance(error, exceptions.DecodeError | exceptions.BodyNotHttplibCompatible):
        return ApiFailed(f"{request.place}: the answer cannot be unpacked")
    connect_s = min(CONNECT_S, timeout_s)
    # The first that fits: some are derived from later ones.
    known: list[tuple[type[Exception], str]] = [
        (exceptions.NameResolutionError, "no machine of this name is known; is it written right?"),
        (exceptions.NewConnectionError, _unconnected(error)),
        (
            exceptions.ConnectTimeoutError,
            f"no connection within {connect_s:g} s; is the machine reachable?",
        ),
        (exceptions.TimeoutError, f"no answer within {timeout_s:g} s; try again, or wait longer"),
        (exceptions.SSLError, _untrusted(error)),
        (exceptions.LocationValueError, "no machine can have this name; is it written right?"),
        (Exception, "the connection broke before the answer was there; is it HTTP that is spoken?"),
    ]
    said = next(text for kind, text in known if isinstance(error, kind))
    return ApiUnreachable(f"{request.place}: {said}")


def _unconnected(error: Exception) -> str:
    if isinstance(error.__cause__, ConnectionRefusedError):
        return "nothing listens there; is `shotseek serve` running?"
    return "there is no way to this machine; is the network up?"


def _untrusted(error: Exception) -> str:
    text = str(error.args[0] if error.args else error)
    reason = text.rpartition(" (_ssl")[0] or text  # without its place in a source file
    reason = reason.partition("] ")[2] or reason
    if "certificate" in reason:
        return f"TLS failed ({reason}); does SSL_CERT_FILE name who signed its certificate?"
    return f"TLS failed ({reason}); is it https:// that is spoken?"
