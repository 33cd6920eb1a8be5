"""Persons: who there is and where, what they are called, and that one is to be forgotten.

Whatever changes something is a POST with JSON, which no foreign web page can send unasked.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from indexer.people.person import Place
from search.api.persons import describe_faces, describe_person, list_persons
from search.api.problem import Refused, documented
from search.api.serving import Serving, ServingDep, answer
from search.person_wire import PersonDetails, PersonForgotten, PersonList, ShotFaces

router = APIRouter(tags=["persons"])
MOST = 1000
LONGEST_NAME = 400  # characters; the store refuses shorter ones in its own words
MOST_TOLD = 1000  # persons or places in one request

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Who = Annotated[
    str, Path(max_length=LONGEST_NAME, description="A person's id or name, or a cluster's id.")
]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=10**9)]


class _Told(BaseModel):
    """What somebody says of a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FaceTold(_Told):
    """A face in a video; of several at that time the box says which."""

    video: str = Field(max_length=100, description="Its id.")
    time_ms: int = Field(ge=0, le=10**12)
    box: tuple[Fraction, Fraction, Fraction, Fraction] | None = None


class PlaceTold(_Told):
    """Where a face is, as answers tell it."""

    video: str = Field(max_length=100, description="Its id.")
    time_ms: int = Field(ge=0, le=10**12)
    box: tuple[Fraction, Fraction, Fraction, Fraction]


class FaceNaming(_Told):
    """Who is seen; where a person of that name is known, the face is added to it."""

    face: FaceTold
    name: Name | None = None


class Naming(_Told):
    """A name; null takes it away."""

    name: Name | None


class Merging(_Told):
    """Persons that are the one of the address."""

    persons: list[Name] = Field(min_length=1, max_length=MOST_TOLD)


class Splitting(_Told):
    """Where somebody else is seen, and who."""

    places: list[PlaceTold] = Field(min_length=1, max_length=MOST_TOLD)
    name: Name | None = None


class Hiding(_Told):
    """Whether to keep a person out of sight."""

    hidden: bool


class Forgetting(_Told):
    """The person's name or id once more: what is forgotten does not come back."""

    confirm: Name


FOUND = documented(404, 503)
EXPORTED = {
    "description": "Names, faces and places that are stored",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
CHANGED = documented(404, 409, 503)


@router.get("/v1/persons", response_model=PersonList, responses=documented(503))
def list_all_persons(
    serving: ServingDep,
    text: Annotated[str, Query(max_length=200, description="Part of the name.")] = "",
    hidden: Annotated[bool, Query(description="List hidden ones too.")] = False,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """List named persons, then those without a name, then clusters of faces, the largest first."""
    page = slice(offset, offset + limit)
    found = list_persons(serving, serving.edition(), text, page, with_hidden=hidden)
    return answer(found)


@router.get("/v1/persons/{id}", response_model=PersonDetails, responses=FOUND)
def get_one_person(
    serving: ServingDep, id: Who, limit: Limit = 200, offset: Offset = 0
) -> Response:
    """One person and its faces, in the order of videos and time."""
    page = slice(offset, offset + limit)
    return answer(describe_person(serving, serving.edition(), id, page))


@router.get("/v1/shots/{id}/faces", response_model=ShotFaces, responses=FOUND)
def list_faces(
    serving: ServingDep,
    id: Annotated[str, Path(max_length=100, description="VIDEO_ID@MS: any time in the shot.")],
) -> Response:
    """The faces of a shot and whose they are, but for hidden persons."""
    edition = serving.edition()
    return answer(describe_faces(serving, edition, serving.find_shot(edition, id)))


@router.post("/v1/persons", response_model=PersonDetails, responses=CHANGED)
def name_face(serving: ServingDep, told: FaceNaming) -> Response:
    """Say who is seen at a moment; makes a person where nobody has that name."""
    face = told.face
    seen = serving.persons.gallery().find_at(face.video, face.time_ms, face.box)
    return _tell(serving, serving.persons.gallery().name(seen.place, told.name).id)


@router.post("/v1/persons/{id}/name", response_model=PersonDetails, responses=CHANGED)
def name_person(serving: ServingDep, id: Who, told: Naming) -> Response:
    """Name a person or a cluster; a cluster is added to the person of that name, if there is."""
    return _tell(serving, serving.persons.gallery().name(id, told.name).id)


@router.post("/v1/persons/{id}/merge", response_model=PersonDetails, responses=CHANGED)
def merge_persons(serving: ServingDep, id: Who, told: Merging) -> Response:
    """Make one person of several; the ids and names of all lead to it from now on."""
    return _tell(serving, serving.persons.gallery().merge(told.persons, id).id)


@router.post("/v1/persons/{id}/split", response_model=PersonDetails, responses=CHANGED)
def split_person(serving: ServingDep, id: Who, told: Splitting) -> Response:
    """Make another person of faces of one; the answer is the new one."""
    places = _places(told.places)
    return _tell(serving, serving.persons.gallery().split(id, places, told.name).id)


@router.post("/v1/persons/{id}/hidden", response_model=PersonDetails, responses=CHANGED)
def hide_person(serving: ServingDep, id: Who, told: Hiding) -> Response:
    """Keep a person out of sight, or show it again."""
    gallery = serving.persons.gallery()
    return _tell(serving, (gallery.hide if told.hidden else gallery.unhide)(id).id)


@router.post("/v1/persons/{id}/forget", response_model=PersonForgotten, responses=CHANGED)
def forget_person(serving: ServingDep, id: Who, told: Forgetting) -> Response:
    """Remove all that is stored of a person, for good; may take minutes.

    Names, faces, vectors and tracks go from the collection and its search files. What stays are
    places without a name, so that indexing again does not bring the person back.
    """
    gallery = serving.persons.gallery()
    entry = gallery.get_entry(id)
    if told.confirm.strip() not in (entry.id, entry.name):
        called = entry.id if entry.name is None else f"{entry.name} ({entry.id})"
        raise Refused(
            422,
            f"confirm: to forget {called}, write its name or id here, letter by letter",
            "nothing was removed",
        )
    gone = gallery.forget(entry.id)
    serving.current.look()
    return answer(
        PersonForgotten(appearances=gone.tracks, videos=gone.videos, tombstones=gone.tombstones)
    )


@router.get(
    "/v1/persons/{id}/export",
    responses={**FOUND, 200: EXPORTED},
    response_class=Response,
)
def export_person(serving: ServingDep, id: Who) -> Response:
    """Everything that is stored of a person; videos by name, not by where they are here."""
    told = serving.persons.gallery().export(id)
    faces = tuple(replace(face, path=FilePath(face.path).name) for face in told.faces)
    return Response(replace(told, faces=faces).to_json(), media_type="application/json")


def _places(told: Sequence[PlaceTold]) -> list[Place]:
    return [Place(each.video, each.time_ms, each.box) for each in told]


def _tell(serving: Serving, person: str) -> Response:
    """A person as it is now, with its first faces."""
    return answer(describe_person(serving, serving.edition(), person, slice(0, 200)))
