"""The verb `search` against an API: the same flags, the same hits. Knows no output.

Flags become a query tree here, as they do for a folder, so that errors are the same too.
"""

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzers.error import SettingsError, ShotseekError
from search.asking import Asked, build_query
from search.client.client import SearchClient
from search.client.error import ApiRefused
from search.error import AskedWrong
from search.hits import SearchResult
from search.leaves.image import ImageLeaf
from search.leaves.person import PersonLeaf
from search.leaves.person_action import PersonActionLeaf
from search.node import Node
from search.options import SearchOptions
from search.query import Query
from search.where import KnownNames

TOKEN_FILE = "SHOTSEEK_TOKEN_FILE"
PAGE = 1000  # hits that an API gives at once
ANSWER_S = 120.0  # the first question may wait for a model to be read
AS_FOLDERS_SAY = (404, 409, 410, 422)  # the detail is the message of the same error here


@dataclass(frozen=True)
class Remote:
    """An API and what it asks for."""

    url: str
    token_file: Path | None = None

    def connect(self) -> SearchClient:
        """A client for it.

        Raises:
            SettingsError: the address or the file of the token cannot be used.
        """
        return SearchClient(self.url, token=_read_token(self._file), timeout_s=ANSWER_S)

    @property
    def _file(self) -> Path | None:
        named = os.environ.get(TOKEN_FILE)
        return self.token_file or (Path(named) if named else None)

    def explain(self, error: ApiRefused) -> ShotseekError:
        """The same error in the words of the command line."""
        if error.status == 401 and self._file is None:
            return SettingsError(f"{self.url} asks for a token: --token-file FILE")
        if error.status == 401:
            return SettingsError(f"--token-file {self._file}: {self.url} does not know this token")
        if error.status not in AS_FOLDERS_SAY:
            return error
        return SettingsError(" ".join(error.detail.split()))


def search_remotely(remote: Remote, asked: Asked, options: SearchOptions) -> SearchResult:
    """Ask an API what `--collection URL` asks.

    Raises:
        SettingsError: flags cannot be used, or the API says so.
        ApiError: there is no answer.
    """
    client = remote.connect()
    try:
        query = _build(client, asked)
        return _join(client, query, options)
    except ApiRefused as error:
        raise remote.explain(error) from error


def _build(client: SearchClient, asked: Asked) -> Query:
    known = client.labels().known() if asked.where else KnownNames()
    query = build_query(asked, known)
    if asked.image is None and not asked.faces:
        return query
    return query.model_copy(update={"root": _hand_in(query.root, client, asked)})


def _hand_in(node: Node, client: SearchClient, asked: Asked) -> Node:
    """The tree with its pictures handed in: their bytes travel apart from the query."""
    parts: dict[str, object] = {}
    if isinstance(node, ImageLeaf) and asked.image is not None:
        parts = {"picture": "", "id": _upload(client, node.picture, "image", asked.image)}
    elif isinstance(node, PersonLeaf) and node.pictures:
        files = zip(node.pictures, asked.faces, strict=True)
        ids = tuple(_upload(client, picture, "face", path) for picture, path in files)
        parts = {"pictures": (), "ids": ids}
    elif isinstance(node, PersonActionLeaf):
        parts = {"person": _hand_in(node.person, client, asked)}
    for name in {"child", "children", "stages"} & set(type(node).model_fields):
        part = getattr(node, name)
        if isinstance(part, Node):
            parts[name] = _hand_in(part, client, asked)
        else:
            parts[name] = tuple(_hand_in(one, client, asked) for one in part)
    return node.model_copy(update=parts)


def _upload(client: SearchClient, picture: str, flag: str, path: Path) -> str:
    try:
        return client.upload_picture(base64.b64decode(picture)).id
    except ApiRefused as error:
        if error.status in (413, 422):
            raise AskedWrong(flag, error.detail, given=str(path)) from error
        raise


def _join(client: SearchClient, query: Query, options: SearchOptions) -> SearchResult:
    """As many hits as were asked for, from as many pages as that takes."""
    pages = [*_pages(client, query, options)]
    hits = tuple(hit for page in pages for hit in page.hits)
    first, last = pages[0], pages[-1]
    took_ms = sum(page.took_ms for page in pages)
    named = {name: getattr(first, name) for name in SearchResult.model_fields}
    return SearchResult(**{**named, "hits": hits, "took_ms": took_ms, "cursor": last.cursor})


def _pages(client: SearchClient, query: Query, options: SearchOptions) -> Iterator[SearchResult]:
    left = options.k
    while left > 0:
        asked = options.model_copy(update={"k": min(left, PAGE)})
        page = client.search(query, **asked.model_dump())
        yield page
        left -= len(page.hits)
        if page.cursor is None:
            return
        options = options.model_copy(update={"cursor": page.cursor})


def _read_token(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise SettingsError(f"--token-file {path}: {reason}") from error
    if not token:
        raise SettingsError(f"--token-file {path}: it is empty")
    return token
