"""Where a catalog's database stands: URLs, their passwords, what the driver is told.

Knows no tables.
"""

import getpass
import os
import ssl
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from analyzers.error import SettingsError

DRIVER = "postgresql+pg8000"
PASSWORD_VARIABLES = ("SHOTSEEK_CATALOG_PASSWORD", "PGPASSWORD")
SCHEMES = frozenset({"postgres", "postgresql", DRIVER})
OPTIONS = frozenset({"host", "port", "sslmode", "password"})
DEFAULT_PORT = 5432


def parse_address(text: str) -> URL:
    """The URL of a PostgreSQL database, its password (if any) in its place.

    Raises:
        SettingsError: it is no such URL, or has an option that is not known.
    """
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise SettingsError(_refusal("it is no URL")) from error
    if url.drivername not in SCHEMES:
        raise SettingsError(_refusal(f"it begins with {url.drivername}://"))
    unknown = sorted(set(url.query) - OPTIONS)
    if unknown:
        raise SettingsError(_refusal(f"it has the option {unknown[0]}"))
    if "password" in url.query:
        url = url.set(password=_option(url, "password")).difference_update_query(["password"])
    return url.set(drivername=DRIVER)


def public_text(url: URL) -> str:
    """The URL as it may be written down: without the password."""
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    return plain.render_as_string(hide_password=False)


def with_password(url: URL, environment: Mapping[str, str] = os.environ) -> URL:
    """The URL with the password that the environment gives, where it has none of its own."""
    if url.password:
        return url
    given = (environment.get(name) for name in PASSWORD_VARIABLES)
    return url.set(password=next((password for password in given if password), None))


def driver_arguments(url: URL, schema: str) -> dict[str, Any]:
    """What pg8000's `connect` is told; host and port are those of `server_of`."""
    user = url.username or os.environ.get("PGUSER") or getpass.getuser()
    host, _ = server_of(url)
    sslmode = _option(url, "sslmode") or "prefer"
    return {
        "user": user,
        "password": url.password,
        "host": host,
        "database": url.database or user,
        "application_name": "shotseek",
        "startup_params": {"search_path": f'"{schema}"'},
        "ssl_context": False if host.startswith("/") else _ssl_context(sslmode),
    }


def is_same_database(one: URL, other: URL) -> bool:
    """Whether two URLs name one database, whoever asks it."""
    return (server_of(one), one.database) == (server_of(other), other.database)


def server_of(url: URL) -> tuple[str, int]:
    """Host (a folder with a leading slash where the server listens on a Unix socket) and port."""
    host = _option(url, "host") or url.host or "localhost"
    port = url.port or int(_option(url, "port") or DEFAULT_PORT)
    return host, port


def _option(url: URL, name: str) -> str:
    value = url.query.get(name, "")
    return value if isinstance(value, str) else value[-1]


def _ssl_context(mode: str) -> ssl.SSLContext | bool | None:
    """As libpq has it: `require` encrypts, `verify-full` checks the server's certificate too."""
    if mode == "disable":
        return False
    if mode in ("allow", "prefer"):
        return None  # encrypted where the server can
    context = ssl.create_default_context()
    if mode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif mode != "verify-full":
        raise SettingsError(_refusal(f"it has sslmode={mode}"))
    return context


def _refusal(why: str) -> str:
    return (
        f"the catalog's URL cannot be used: {why}; "
        "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE (options: host, port, sslmode)"
    )
