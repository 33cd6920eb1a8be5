"""Asks the HTTP API, with typed answers. Knows no engine, no collection on disk."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from pydantic import BaseModel

from analyzers.error import SettingsError
from search.client.address import is_utf8, quote_name, read_address, read_token
from search.client.answers import read_answer, refusal_in
from search.client.found import FoundHits
from search.client.persons import PersonsClient
from search.client.transport import HttpTransport, Request, Response, Transport
from search.client.words import (
    LISTING,
    SEARCH,
    ListingWords,
    SearchWords,
    Value,
    all_utf8,
    check_words,
    write_parameters,
)
from search.wire import (
    CollectionStatus,
    Health,
    LabelList,
    PictureUploaded,
    ShotDetails,
    SuggestionList,
    VideoDetails,
    VideoList,
)

if TYPE_CHECKING:
    from search.hits import Hit
    from search.query import Query

Answer = TypeVar("Answer", bound=BaseModel)
JSON, BYTES = "application/json", "application/octet-stream"


class SearchClient:
    """One API, asked synchronously; safe to share between threads.

    Args:
        url: its address, such as `http://127.0.0.1:8000`; may have a path.
        token: what `shotseek serve --token-file` asks for; shown nowhere.
        timeout_s: how long an answer may take.
        transport: another way to send requests, such as a test's.

    Raises:
        SettingsError: the address or the token cannot be used.

    `persons` asks about persons. All questions raise ApiUnreachable, ApiRefused (with `status`,
    `detail`, `hint`) or ApiFailed.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        timeout_s: float = 30.0,
        transport: Transport | None = None,
    ) -> None:
        self.url = read_address(url)
        known = read_token(token)
        self._headers = {"Authorization": f"Bearer {known}"} if known else {}
        self._timeout_s = timeout_s
        self._transport = transport or HttpTransport()
        self.persons = PersonsClient(self._ask)

    def __repr__(self) -> str:
        return f"SearchClient({self.url!r})"

    def search(self, query: "Query | str | None" = None, **words: Unpack[SearchWords]) -> FoundHits:
        """Find moments: `search("a red car", then=["a crowd"], where=["colour=red"], k=50)`.

        Args:
            query: a text, a whole tree, or nothing.
            words: with a text or nothing all of SearchWords, with a tree those of ListingWords.
        """
        return self._search(query, self._settle(words))

    def pages(
        self, query: "Query | str | None" = None, **words: Unpack[SearchWords]
    ) -> Iterator[FoundHits]:
        """The same page by page, until there are no more hits."""
        given = self._settle(words)
        while True:
            page = self._search(query, given)
            yield page
            if page.cursor is None:
                return
            given["cursor"] = page.cursor

    def similar(self, shot: "str | Hit", **words: Unpack[ListingWords]) -> FoundHits:
        """Find what looks like a shot: its id (VIDEO_ID@MS), or a hit."""
        asked = {"shot": _id_of(shot), **check_words(words, LISTING)}
        return self._ask_hits("GET", "/v1/similar", asked)

    def videos(self, text: str = "", *, limit: int = 1000, offset: int = 0) -> VideoList:
        """The videos whose names contain a text."""
        asked: dict[str, Value] = {"text": text, "limit": limit, "offset": offset}
        return self._ask(VideoList, "GET", "/v1/videos", asked)

    def video(self, id: str) -> VideoDetails:
        """One video with its shots, words and labels, by id or name."""
        return self._ask(VideoDetails, "GET", f"/v1/videos/{quote_name(self._find(id))}")

    def shot(self, id: "str | Hit") -> ShotDetails:
        """One shot with its neighbours and everything that is known of it."""
        return self._ask(ShotDetails, "GET", f"/v1/shots/{quote_name(_id_of(id))}")

    def labels(self) -> LabelList:
        """What can be filtered by."""
        return self._ask(LabelList, "GET", "/v1/labels")

    def suggest(self, text: str = "", *, limit: int = 20) -> SuggestionList:
        """Filters that contain what was typed."""
        return self._ask(SuggestionList, "GET", "/v1/suggest", {"text": text, "limit": limit})

    def collection(self) -> CollectionStatus:
        """What the collection holds, and whether it can be searched."""
        return self._ask(CollectionStatus, "GET", "/v1/collection")

    def health(self) -> Health:
        """Whether the API is alive."""
        return self._ask(Health, "GET", "/healthz")

    def upload_picture(self, picture: bytes | Path) -> PictureUploaded:
        """Hand in a query picture, as bytes or as a file; search with `picture=` its id.

        Raises:
            SettingsError: the file cannot be read.
        """
        data = picture if isinstance(picture, bytes) else _read_file(picture)
        return self._ask(PictureUploaded, "POST", "/v1/pictures", body=data)

    def read_media(self, address: str, *, timeout_s: float | None = None) -> bytes:
        """The bytes behind an address of an answer.

        Raises:
            SettingsError: it is not one of this API: the token goes nowhere else.
        """
        path = address.removeprefix(self.url)
        if not path.startswith("/"):
            raise SettingsError(f"{address[:200]}: this is no address of {self.url}")
        return self._send("GET", path, timeout_s=timeout_s).body

    def address(self, path: str) -> str:
        """The whole address of a path that an answer named."""
        return f"{self.url}{path}"

    def _settle(self, words: SearchWords) -> dict[str, Any]:
        """Keywords, with the pictures handed in."""
        given = check_words(words, SEARCH)
        if "picture" in given:
            given["picture"] = self._hand_in(given["picture"])
        if "face" in given:
            given["face"] = tuple(self._hand_in(one) for one in given["face"])
        return given

    def _hand_in(self, picture: str | bytes | Path) -> str:
        """The id of a picture; a text is one already."""
        return picture if isinstance(picture, str) else self.upload_picture(picture).id

    def _search(self, query: "Query | str | None", given: Mapping[str, Any]) -> FoundHits:
        if query is None or isinstance(query, str):
            flat = {"text": query, **given}
            if all_utf8(flat):
                return self._ask_hits("GET", "/v1/search", flat)
            query = self._grow(flat)
        elif more := sorted(given.keys() - LISTING):
            raise SettingsError(f"{more[0]}: a query tree holds all of the query; leave it out")
        listing = {name: value for name, value in given.items() if name in LISTING}
        body = json.dumps(query.model_dump(mode="json")).encode()
        return self._ask_hits("POST", "/v1/search", listing, body)

    def _grow(self, flat: Mapping[str, Any]) -> "Query":
        """The tree of flat words: names that are no UTF-8 travel in JSON, not in an address."""
        from search.asking import Asked, build_query
        from search.error import AskedWrong

        asked = Asked(**{name: value for name, value in flat.items() if name not in LISTING})
        try:
            return build_query(asked, self.labels().known())
        except AskedWrong as error:
            raise SettingsError(error.plain) from error

    def _find(self, video: str) -> str:
        """The id of a video whose name cannot travel in a path; else what was given."""
        if is_utf8(video) and "/" not in video:
            return video
        root = {"kind": "metadata", "field": "video", "value": video}
        body = json.dumps({"version": 1, "root": root}).encode()
        hits = self._ask_hits("POST", "/v1/search", {"k": 1}, body).hits
        return hits[0].video_id if hits else video

    def _ask_hits(
        self, method: str, path: str, parameters: Mapping[str, Value], body: bytes | None = None
    ) -> FoundHits:
        return self._ask(FoundHits, method, path, parameters, body).reading_by(self.read_media)

    def _ask(
        self,
        kind: type[Answer],
        method: str,
        path: str,
        parameters: Mapping[str, Value] | None = None,
        body: bytes | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        asked = path + write_parameters(parameters or {})
        answer = self._send(method, asked, body, timeout_s)
        return read_answer(kind, answer, self.url)

    def _send(
        self, method: str, path: str, body: bytes | None = None, timeout_s: float | None = None
    ) -> Response:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = BYTES if path == "/v1/pictures" else JSON
        request = Request(method, self.address(path), headers, body)
        answer = self._transport.send(request, timeout_s or self._timeout_s)
        if not 200 <= answer.status < 300:
            raise refusal_in(answer, self.url)
        return answer


def _id_of(shot: "str | Hit") -> str:
    return shot if isinstance(shot, str) else shot.shot


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"picture {path}: {error.strerror or error}") from error
