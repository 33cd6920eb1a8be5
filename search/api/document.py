"""Completes the OpenAPI document: problems, statuses, media, token, examples. Knows no answers.

FastAPI writes what it can see: parameters, bodies, models. The rest follows from them, or stands
in `examples.py`.
"""

from typing import Any

from search.api.examples import ANSWERS, PARAMETERS, TREES
from search.api.guard import OPEN
from search.api.person_examples import PERSON_ANSWERS, PERSON_BODIES, PERSON_ID
from search.api.problem import documented_problem, problem_example
from search.wire import Problem

OF_BODIES = (400, 408, 413, 415)
MEDIA = ("get_picture", "get_video_file", "get_clip")
METRICS = "text/plain"
BODIES = {"search_tree": TREES, **PERSON_BODIES}
UNFAILING = ("/healthz", "/metrics")  # need neither search files nor the catalog
RANGE = {
    "name": "Range",
    "in": "header",
    "required": False,
    "description": "A part of the file, such as bytes=0-1023.",
    "schema": {"type": "string"},
    "example": "bytes=0-1023",
}

Json = dict[str, Any]


def write_document(made: Json, *, with_token: bool) -> Json:
    """The whole document from the one that FastAPI made, which is changed.

    Args:
        made: as FastAPI made it.
        with_token: whether the server asks for one.
    """
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas[Problem.__name__] = Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, operations in made["paths"].items():
        for operation in operations.values():
            _complete(operation, path)
            _set_access(operation, path, with_token=with_token)
            _add_problem_examples(operation)
            responses = operation["responses"]
            operation["responses"] = {key: responses[key] for key in sorted(responses)}
    if with_token:
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["info"]["description"] = (
        "Every error is a Problem as application/problem+json. Each GET also answers HEAD. Times "
        "are milliseconds. A request that is no HTTP, or whose address or headers are longer than "
        "64 KiB, is answered with 400."
    )
    if not with_token:
        made["info"]["description"] += (
            " As no token is asked for, a request to another name than an address or localhost is "
            "answered with 421."
        )
    return made


def _complete(operation: Json, path: str) -> None:
    """What follows from the operation itself."""
    id, responses = operation["operationId"], operation["responses"]
    for parameter in operation.get("parameters", ()):
        parameter.update(PARAMETERS.get(parameter["name"], {}))
        parameter.update(IDS.get(id, {}).get(parameter["name"], {}))
    statuses = {*OF_BODIES, 422} if "requestBody" in operation else set()
    statuses |= {422} if operation.get("parameters") else set()
    statuses |= {503} if path not in UNFAILING else set()
    responses.update({str(status): documented_problem(status) for status in statuses})
    if "requestBody" in operation:
        _add_bodies(operation)
    if id in MEDIA:
        _document_media(operation)
    if path == "/metrics":
        responses["200"]["content"] = {METRICS: {"schema": {"type": "string"}}}
    _add_answer(operation)


def _add_answer(operation: Json) -> None:
    """An example of the answer, where it is no file."""
    for status, answer in operation["responses"].items():
        for kind, content in answer.get("content", {}).items():
            if status.startswith("2") and kind in ("application/json", METRICS):
                content["example"] = {**ANSWERS, **PERSON_ANSWERS}[operation["operationId"]]


IDS: dict[str, dict[str, Json]] = {
    "get_one_video": {"id": {"example": "red-green.mp4"}},
    "get_one_shot": {"id": {"example": "8c6f2d0e9b1a4753@1600"}},
    "get_picture": {"id": {"example": "8c6f2d0e9b1a4753@1600.small"}},
    "get_video_file": {"id": {"example": "8c6f2d0e9b1a4753"}},
    **{id: {"id": {"example": PERSON_ID}} for id in (*PERSON_BODIES, *PERSON_ANSWERS)},
    "get_clip": {"shot": {"example": "8c6f2d0e9b1a4753@1600"}},
}


def _add_bodies(operation: Json) -> None:
    content = operation["requestBody"]["content"]
    if "application/json" in content:
        content["application/json"]["examples"] = BODIES[operation["operationId"]]
    operation["requestBody"]["required"] = True


def _document_media(operation: Json) -> None:
    parts = operation["responses"]["206"]
    several = {"multipart/byteranges": {"schema": {"type": "string", "format": "binary"}}}
    parts["content"] = {**parts["content"], **several}
    operation["parameters"].append(RANGE)


def _set_access(operation: Json, path: str, *, with_token: bool) -> None:
    """401, and for media 403, are answered only where a token is asked for."""
    responses = operation["responses"]
    if with_token and path not in OPEN:
        responses["401"] = documented_problem(401)
        operation["security"] = [{"token": []}]
    else:
        responses.pop("401", None)
    if not with_token:
        responses.pop("403", None)


def _add_problem_examples(operation: Json) -> None:
    for status, answer in operation["responses"].items():
        for kind, content in answer.get("content", {}).items():
            if kind == "application/problem+json":
                content["example"] = problem_example(int(status))
