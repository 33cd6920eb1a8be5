"""Where an API is: its address, checked before anything is sent. Knows no requests."""

import re
from urllib.parse import quote, urlsplit

from analyzers.error import SettingsError

SUCH_AS = "write an address such as http://127.0.0.1:8000"
SCHEMES = ("http", "https")

_BLANK = re.compile(r"[\s\x00-\x1f\x7f\\]")


def is_address(text: str) -> bool:
    """Whether a text means an API rather than a folder."""
    return text.casefold().startswith(tuple(f"{scheme}://" for scheme in SCHEMES))


def read_address(text: str) -> str:
    """The address of an API without a slash at its end; it may have a path.

    Raises:
        SettingsError: it is none, or holds what does not belong there, such as a password.
    """
    shown = ascii(text)[1:-1]
    if _BLANK.search(text.strip()):
        raise SettingsError(f"{shown}: an address holds no blanks; {SUCH_AS}")
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise SettingsError(f"{shown}: {error}; {SUCH_AS}") from error
    if parts.scheme not in SCHEMES or not parts.hostname or port == 0:
        raise SettingsError(f"{shown}: this is no address of an API; {SUCH_AS}")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(f"{parts.hostname}: an address holds no password; hand in a token")
    if parts.query or parts.fragment or text.strip().endswith(("?", "#")):
        raise SettingsError(f"{shown}: leave out what follows the path; {SUCH_AS}")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def read_token(text: str | None) -> str | None:
    """A token as it can be sent; None if it is empty.

    Raises:
        SettingsError: it has blanks or characters that no header can carry; it is not shown.
    """
    token = (text or "").strip()
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise SettingsError("the token holds characters that cannot be sent: use letters, digits")
    return token or None


def quote_name(name: str) -> str:
    """A name or id as one part of a path, `/` and bytes that are no UTF-8 included.

    Raises:
        SettingsError: it is empty, or one that addresses give another meaning.
    """
    if name in ("", ".", ".."):
        raise SettingsError(f"{name!r} is no id and no name")
    return quote(to_bytes(name), safe="@")


def to_bytes(text: str) -> bytes:
    """UTF-8; names of files that are none become the bytes that they are on disk."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, which stands for no byte
        return text.encode("utf-8", "surrogatepass")


def is_utf8(text: str) -> bool:
    """Whether it can travel in an address and come out the same."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
