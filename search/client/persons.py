"""Persons through the HTTP API, with typed answers. Knows no store, no pictures."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from search.client.address import quote_name
from search.client.words import Value
from search.person_wire import (
    Box,
    FaceFound,
    PersonDetails,
    PersonForgotten,
    PersonList,
    ShotFaces,
)
from search.wire import Wire

Answer = TypeVar("Answer", bound=BaseModel)
ROOT = "/v1/persons"
FORGET_S = 900.0  # search files may have to be written anew


class Ask(Protocol):
    """Asks one question of the API; raises ApiError."""

    def __call__(
        self,
        kind: type[Answer],
        method: str,
        path: str,
        parameters: Mapping[str, Value] | None = None,
        body: bytes | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """The answer as a value of `kind`."""


class Exported(Wire):
    """Everything that is stored of a person, as the server tells it."""

    model_config = ConfigDict(frozen=True, extra="allow")


class PersonsClient:
    """The persons of one API: `client.persons.name("p17", "Ann")`; safe to share between threads.

    Persons are named by their id or name, clusters of faces by their id. All questions raise what
    those of SearchClient raise.
    """

    def __init__(self, ask: Ask) -> None:
        """Use `SearchClient.persons`."""
        self._ask = ask

    def list_(
        self, text: str = "", *, hidden: bool = False, limit: int = 100, offset: int = 0
    ) -> PersonList:
        """The persons whose names contain a text; without one also clusters without a name."""
        asked: dict[str, Value] = {"text": text, "limit": limit, "offset": offset}
        if hidden:
            asked["hidden"] = "true"
        return self._ask(PersonList, "GET", ROOT, asked)

    def get(self, id: str, *, limit: int = 200, offset: int = 0) -> PersonDetails:
        """One person, and where it is seen."""
        asked: dict[str, Value] = {"limit": limit, "offset": offset}
        return self._ask(PersonDetails, "GET", _path(id), asked)

    def in_shot(self, shot: str) -> ShotFaces:
        """The faces of a shot (VIDEO_ID@MS), and whose they are."""
        return self._ask(ShotFaces, "GET", f"/v1/shots/{quote_name(shot)}/faces")

    def name(self, id: str, name: str | None) -> PersonDetails:
        """Name a person or a cluster; None takes a name away."""
        return self._tell(PersonDetails, _path(id, "name"), {"name": name})

    def name_face(
        self, video: str, time_ms: int, name: str | None = None, *, box: Box | None = None
    ) -> PersonDetails:
        """Say who is seen at a moment of a video (its id); of several faces the box says which."""
        face = {"video": video, "time_ms": time_ms, "box": box}
        return self._tell(PersonDetails, ROOT, {"face": face, "name": name})

    def merge(self, persons: Sequence[str], into: str) -> PersonDetails:
        """Make one person of several."""
        return self._tell(PersonDetails, _path(into, "merge"), {"persons": list(persons)})

    def split(self, id: str, faces: Sequence[FaceFound], name: str | None = None) -> PersonDetails:
        """Make another person of some faces of one; gives the new one."""
        places = [{"video": face.video, "time_ms": face.time_ms, "box": face.box} for face in faces]
        return self._tell(PersonDetails, _path(id, "split"), {"places": places, "name": name})

    def hide(self, id: str) -> PersonDetails:
        """Keep a person out of sight."""
        return self._tell(PersonDetails, _path(id, "hidden"), {"hidden": True})

    def unhide(self, id: str) -> PersonDetails:
        """Show a person again."""
        return self._tell(PersonDetails, _path(id, "hidden"), {"hidden": False})

    def forget(self, id: str, *, confirm: str) -> PersonForgotten:
        """Remove all that is stored of a person, for good; may take minutes.

        Args:
            id: the person.
            confirm: its name or id once more; the API refuses anything else.
        """
        return self._tell(
            PersonForgotten, _path(id, "forget"), {"confirm": confirm}, timeout_s=FORGET_S
        )

    def export(self, id: str) -> dict[str, Any]:
        """Everything that is stored of a person."""
        return self._ask(Exported, "GET", _path(id, "export")).to_json()

    def _tell(
        self, kind: type[Answer], path: str, told: object, timeout_s: float | None = None
    ) -> Answer:
        return self._ask(kind, "POST", path, None, json.dumps(told).encode(), timeout_s)


def _path(id: str, act: str = "") -> str:
    return "/".join(filter(None, (ROOT, quote_name(id), act)))
