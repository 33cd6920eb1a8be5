"""Examples of the OpenAPI document about persons. Knows no server."""

from typing import Any

from search.api.examples import ID, MEDIA
from search.person_wire import (
    FaceFound,
    FaceSeen,
    PersonDetails,
    PersonForgotten,
    PersonList,
    PersonSummary,
    ShotFaces,
)

PERSON_ID = f"p-{ID}"
BOX = (0.25, 0.1, 0.5, 0.4)
FACE = FaceFound(
    video=ID,
    name="red-green.mp4",
    shot=f"{ID}@0",
    track="face-0-0",
    start_ms=0,
    end_ms=1600,
    time_ms=800,
    box=BOX,
    quality=71.5,
    face=f"/media/pictures/{ID}@800?box=0.1500,0.0000,0.6000,0.5200",
    media=MEDIA,
)
ANN = PersonSummary(id=PERSON_ID, name="Ann", known=True, appearances=1, videos=1, face=FACE)
PERSON = PersonDetails(**dict(ANN), shots=1, faces=(FACE,)).to_json()
EXPORTED = {
    "said": {
        "person": {"id": PERSON_ID, "name": "Ann", "is_hidden": False},
        "anchors": [],
        "merges": [],
    },
    "faces": [],
    "vectors": [],
}
PERSON_ANSWERS: dict[str, Any] = {
    "list_all_persons": PersonList(persons=(ANN,), total=1, hidden=0).to_json(),
    "get_one_person": PERSON,
    "list_faces": ShotFaces(
        faces=(FaceSeen(**dict(FACE), person=PERSON_ID, person_name="Ann", known=True),)
    ).to_json(),
    "name_face": PERSON,
    "name_person": PERSON,
    "merge_persons": PERSON,
    "split_person": PERSON,
    "hide_person": PERSON,
    "forget_person": PersonForgotten(appearances=1, videos=1, tombstones=1).to_json(),
    "export_person": EXPORTED,
}


def _body(told: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"only": {"summary": told, "value": value}}


AT = {"video": ID, "time_ms": 800, "box": list(BOX)}
PERSON_BODIES: dict[str, dict[str, Any]] = {
    "name_face": {
        "alone": {
            "summary": "The one face that is seen at a moment",
            "value": {"face": {"video": ID, "time_ms": 800}, "name": "Ann"},
        },
        "boxed": {"summary": "One of several", "value": {"face": AT, "name": "Ann"}},
    },
    "name_person": {
        "name": {"summary": "Give a name, or another", "value": {"name": "Ann"}},
        "none": {"summary": "Take the name away", "value": {"name": None}},
    },
    "merge_persons": _body("Who it is, too", {"persons": ["p17", "Anna"]}),
    "split_person": _body("Where it is Bob", {"places": [AT], "name": "Bob"}),
    "hide_person": _body("Out of sight", {"hidden": True}),
    "forget_person": _body("For good", {"confirm": "Ann"}),
}
