"""Errors as application/problem+json (RFC 9457), every one with a hint. Knows no routes.

Which error means which status stands here, in one table.
"""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from analyzers.error import LibraryMissing, ModelUnavailable, SettingsError, ShotseekError
from indexer.error import (
    AmbiguousVideo,
    CatalogUnreachable,
    CollectionBusy,
    CollectionChanged,
    CollectionDamaged,
    SpaceMismatch,
    VideoMissing,
)
from indexer.generations.manifest import GenerationMissing, GenerationUnreadable
from indexer.people.error import (
    AmbiguousFace,
    FaceMissing,
    NameRefused,
    NameTaken,
    NothingLeft,
    PersonMissing,
)
from search.api.addresses import AddressInvalid
from search.api.hiding import hide_folders
from search.api.pictures import PictureNotKept
from search.clips.error import ClipStopped, ClipUnavailable, ClipUnwritten, TooBusy
from search.error import AskedWrong, CursorExpired, PictureUnreadable, QueryInvalid, QueryTooSlow
from search.nearest import find_nearest
from search.query import explain_invalid
from search.wire import Problem

MEDIA_TYPE = "application/problem+json"
ASK_OTHERWISE = "change what is asked, as the detail says"
MAKE_ROOM = "make room on the server, or choose another folder: --cache"
LONGEST = 1000  # characters of a detail: what was asked may be in it
SHOWN_NAME = 100  # characters of a parameter's name
RETRY = {"Retry-After": "2"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HINTS = {
    400: "send what GET /openapi.json tells, as JSON in UTF-8",
    404: "GET /openapi.json lists the routes",
    405: "GET /openapi.json lists the routes",
    416: "ask for bytes of the file, such as Range: bytes=0-1023",
    500: "please report it",
}
EXAMPLES = {
    400: "the body is no JSON: Expecting value at character 0",
    401: "this API asks for a token",
    403: "this address has expired",
    404: "the collection has no video with the id 8c6f2d0e9b1a4753",
    409: "there is a person named Ann already; choose another name, or merge the two",
    410: "the collection has changed since that page: search again from the top",
    413: "the body is larger than 16,000,000 bytes",
    422: "query: root.text: Field required",
    503: "too many queries at once",
}
# The first class that an error belongs to decides: status, hint.
STATUS: dict[type[ShotseekError], tuple[int, str]] = {
    AddressInvalid: (403, "take a fresh address from an answer of the API"),
    CursorExpired: (410, "search again without the cursor"),
    QueryTooSlow: (503, "ask for less, or raise --query-seconds"),
    GenerationMissing: (503, "try again soon; the server picks up search files by itself"),
    GenerationUnreadable: (503, "run `shotseek rebuild` on the server"),
    CatalogUnreachable: (503, "start the catalog's database, then try again"),
    ModelUnavailable: (503, "lay the model ready on the server: `shotseek models fetch`"),
    LibraryMissing: (503, "install what the detail names on the server"),
    SpaceMismatch: (409, "index again, or bring the former weights back"),
    AmbiguousVideo: (422, "name the video by its id"),
    VideoMissing: (404, "GET /v1/videos lists what there is"),
    PersonMissing: (404, "GET /v1/persons lists who there is"),
    FaceMissing: (404, "GET /v1/persons/ID lists where a person is seen"),
    AmbiguousFace: (422, "add the box of one of them"),
    NameTaken: (409, "choose another name, or merge the two"),
    NameRefused: (422, ASK_OTHERWISE),
    NothingLeft: (409, "name the person instead, or split fewer of its faces"),
    CollectionBusy: (503, "try again in a few seconds"),
    CollectionChanged: (503, "try again in a few seconds"),
    CollectionDamaged: (503, "run `shotseek check` on the server"),
    ClipStopped: (503, "try again, or raise --clip-seconds"),
    ClipUnwritten: (503, MAKE_ROOM),
    PictureNotKept: (503, MAKE_ROOM),
    ClipUnavailable: (404, "if videos were moved: --media-root; if one is damaged: index it anew"),
    TooBusy: (503, "try again in a few seconds"),
    PictureUnreadable: (422, "hand in a JPEG or PNG"),
    QueryInvalid: (422, ASK_OTHERWISE),
    SettingsError: (422, ASK_OTHERWISE),
    ShotseekError: (422, ASK_OTHERWISE),
}


log = logging.getLogger("shotseek")


class Refused(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self, status: int, detail: str, hint: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.hint, self.headers = status, detail, hint, headers


def problem_text(status: int, detail: str, hint: str) -> str:
    """One problem as JSON in ASCII."""
    shown = detail if len(detail) <= LONGEST else f"{detail[:LONGEST]}..."
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=shown, hint=hint)
    return json.dumps(problem.to_json())


def problem_response(
    status: int, detail: str, hint: str, headers: Mapping[str, str] | None = None
) -> Response:
    """One problem as an answer."""
    text = problem_text(status, detail, hint)
    return Response(text, status, dict(headers or {}), MEDIA_TYPE)


def hint_for(status: int) -> str:
    """What to do about a status where nothing more is known."""
    return HINTS.get(status, ASK_OTHERWISE)


def install(app: FastAPI) -> None:
    """Have the app answer all errors with problems."""
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(ShotseekError, _on_shotseek)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem_response(error.status, error.detail, error.hint, error.headers)


def _on_shotseek(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShotseekError)
    status, hint = next(found for kind, found in STATUS.items() if isinstance(error, kind))
    headers = RETRY if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return problem_response(status, _tell(error, status), hint, headers)


def _tell(error: ShotseekError, status: int) -> str:
    """What clients read of an error: nothing of where things are on the server."""
    if isinstance(error, AskedWrong):
        return error.plain
    if isinstance(error, CatalogUnreachable):  # names the database, its user and its machine
        log.warning("%s", error)
        return "the catalog's database does not answer"
    return hide_folders(str(error)) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else str(error)


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    first = errors[0]
    if first["type"] == "json_invalid":
        detail = f"the body is no JSON: {first['ctx']['error']} at character {first['loc'][-1]}"
        return problem_response(400, detail, hint_for(400))
    if first["loc"][0] == "body":
        inner = [{**one, "loc": one["loc"][1:]} for one in errors]
        return problem_response(422, explain_invalid(inner), ASK_OTHERWISE)
    return problem_response(422, _explain_parameter(request, first), ASK_OTHERWISE)


def _explain_parameter(request: Request, first: Mapping[str, Any]) -> str:
    """What is wrong with a parameter of the address, by its name."""
    place = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    if first["type"] != "extra_forbidden":
        return f"{place}: {str(first['msg']).removeprefix('Value error, ')}"
    near = find_nearest(place[:SHOWN_NAME], _parameters(request))
    hint = f"; the nearest is {near}" if near else ""
    return f"{place[:SHOWN_NAME]}: there is no such parameter{hint}"


def _parameters(request: Request) -> list[str]:
    """The names that the route asked for takes in its address."""
    paths = request.app.openapi()["paths"]
    operation = paths.get(getattr(request.scope.get("route"), "path_format", ""), {})
    known = operation.get(request.method.lower(), {}).get("parameters", [])
    return [str(one["name"]) for one in known]


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, headers = error.status_code, dict(error.headers or {})
    detail = str(error.detail)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_find_methods(request))
        headers["Allow"] = allowed
        detail = f"{request.method} is not answered here, only {allowed}"
    elif status == HTTPStatus.NOT_FOUND:
        detail = "there is no such address"
    elif status == HTTPStatus.BAD_REQUEST:
        detail = "the body cannot be read: it is no JSON, no UTF-8, or nested too deep"
    return problem_response(status, detail, hint_for(status), headers)


def _find_methods(request: Request) -> list[str]:
    found = [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
    return ["HEAD", *found] if "GET" in found else found


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: the problems that a route may answer with, besides those of every route.

    Those that come from having parameters, a body, or a token are added by `document.py`.
    """
    return {status: documented_problem(status) for status in sorted(statuses)}


def documented_problem(status: int) -> dict[str, Any]:
    """One problem for OpenAPI."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": schema}},
    }


def problem_example(status: int) -> dict[str, Any]:
    """What such a problem may look like, for OpenAPI."""
    detail = EXAMPLES.get(status, HTTPStatus(status).phrase)
    return dict(json.loads(problem_text(status, detail, hint_for(status))))
