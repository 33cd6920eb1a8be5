"""What the page asks of the API, each answer kept for a moment. Knows no Streamlit.

An answer that was asked for moments ago is not asked for again: a page runs from the top whenever
anything on it changes.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, TypeVar

from search.client import ApiError, SearchClient
from search.client.persons import PersonsClient
from search.person_wire import PersonDetails, PersonList, ShotFaces
from search.wire import (
    CollectionStatus,
    Found,
    Health,
    PictureUploaded,
    ShotDetails,
    Suggestion,
    VideoDetails,
    VideoList,
)
from ui.filters import asks_who_does
from ui.settings import UiSettings
from ui.state import State

Answer = TypeVar("Answer")
SOON_S, LATER_S = 10.0, 60.0
PROBE_S = 2.0  # for a sign of life
SUGGESTED = 300


class Api:
    """One API behind the page; safe to share between threads.

    Args:
        settings: where it is, for the page and for browsers.
    """

    def __init__(self, settings: UiSettings) -> None:
        self.url = settings.api.rstrip("/")
        self.public = (settings.public_api or settings.api).rstrip("/")
        token = settings.read_token()
        self.has_token = token is not None
        self._client = SearchClient(self.url, token=token, timeout_s=settings.timeout_s)
        self._probe = SearchClient(self.url, token=token, timeout_s=PROBE_S)
        self._kept = Kept()

    def address(self, path: str) -> str:
        """The whole address of a path, as browsers see it."""
        return f"{self.public}{path}"

    def search(self, state: State) -> Found:
        """The hits of what a state asks."""
        return self._keep(("search", ask_key(state)), SOON_S, lambda: self._search(state))

    def _search(self, state: State) -> Found:
        asked = ask_key(state)
        return self._client.search(
            state.text or None,
            picture=state.picture or None,
            like=state.like or None,
            then=state.then,
            within=(state.within or None) if state.then else None,
            where=state.where,
            face=state.faces or None,
            identity=None if asked.identity else False,
            gaps=None if asked.gaps else False,
            extension=None if asked.extension == "capped" else asked.extension,
            k=state.k,
            group=state.group,
            sort=state.sort,
            distinct=state.distinct,
        )

    def shot(self, id: str) -> ShotDetails:
        """One shot with everything that is known of it."""
        return self._keep(("shot", id), SOON_S, lambda: self._client.shot(id))

    def video(self, id: str) -> VideoDetails:
        """One video with all its shots."""
        return self._keep(("video", id), LATER_S, lambda: self._client.video(id))

    def videos(self, text: str, limit: int, offset: int) -> VideoList:
        """Some of the videos whose names contain a text."""
        key = ("videos", text, limit, offset)
        return self._keep(
            key, SOON_S, lambda: self._client.videos(text, limit=limit, offset=offset)
        )

    def suggestions(self) -> tuple[Suggestion, ...]:
        """The most frequent filters."""
        return self._keep(
            ("suggest",), LATER_S, lambda: self._client.suggest("", limit=SUGGESTED)
        ).suggestions

    def collection(self) -> CollectionStatus:
        """What is indexed."""
        return self._keep(("collection",), 2.0, self._client.collection)

    def persons(self, text: str, limit: int, offset: int, *, hidden: bool) -> PersonList:
        """Some of the persons whose names contain a text."""
        page = {"limit": limit, "offset": offset}
        return self._keep(
            ("persons", text, limit, offset, hidden),
            SOON_S,
            lambda: self._client.persons.list_(text, hidden=hidden, **page),
        )

    def person(self, id: str, limit: int, offset: int) -> PersonDetails:
        """One person, with some of its faces."""
        return self._keep(
            ("person", id, limit, offset),
            SOON_S,
            lambda: self._client.persons.get(id, limit=limit, offset=offset),
        )

    def faces(self, shot: str) -> ShotFaces:
        """The faces of a shot, and whose they are."""
        return self._keep(("faces", shot), SOON_S, lambda: self._client.persons.in_shot(shot))

    def tell(self, say: Callable[[PersonsClient], Answer]) -> Answer:
        """Say something of persons; what was asked before may be otherwise now."""
        try:
            return say(self._client.persons)
        finally:
            self.forget()

    def upload(self, picture: bytes) -> PictureUploaded:
        """Hand in a query picture."""
        return self._client.upload_picture(picture)

    def query_picture(self, id: str) -> bytes:
        """A query picture that was handed in."""
        path = f"/media/pictures/{id}"
        return self._keep(("picture", id), LATER_S, lambda: self._client.read_media(path))

    def probe(self) -> Health | None:
        """A sign of life, None if there is none soon."""
        try:
            return self._probe.health()
        except ApiError:
            return None

    def forget(self) -> None:
        """Ask for everything anew."""
        self._kept = Kept()

    def _keep(self, key: Hashable, for_s: float, ask: Callable[[], Answer]) -> Answer:
        return self._kept.get(key, for_s, ask)


def ask_key(state: State) -> State:
    """The state without what does not change the hits."""
    plain = replace(state, shot="", time_ms=None, name="", person="", hidden=False, page=1)
    if any(map(asks_who_does, state.where)):
        return plain
    return replace(plain, identity=True, gaps=True, extension="capped")


class Kept:
    """Answers by what was asked, the latest few hundred; safe to share between threads."""

    MOST = 300

    def __init__(self) -> None:
        self._rows: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, for_s: float, ask: Callable[[], Answer]) -> Answer:
        """The answer, asked for if none is younger than `for_s`; errors are not kept."""
        with self._lock:
            asked_at, answer = self._rows.get(key, (-for_s - 1, None))
        if time.monotonic() - asked_at < for_s and answer is not None:
            return answer  # type: ignore[no-any-return]
        fresh = ask()
        with self._lock:
            self._rows[key] = (time.monotonic(), fresh)
            self._rows.move_to_end(key)
            while len(self._rows) > self.MOST:
                self._rows.popitem(last=False)
        return fresh
