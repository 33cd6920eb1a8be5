"""What came back, as typed answers or as errors. Knows no routes."""

import json
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from search.client.error import ApiError, ApiFailed, ApiRefused
from search.client.transport import Response
from search.wire import Problem

Answer = TypeVar("Answer", bound=BaseModel)
BUG = 500
CHECK = "is this the address of `shotseek serve`?"


def read_answer(kind: type[Answer], answer: Response, url: str) -> Answer:
    """A typed answer.

    Raises:
        ApiFailed: it is no JSON, or of another shape.
    """
    try:
        return kind.model_validate(_json_of(answer))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "it"
        raise ApiFailed(
            f"{url}: the answer is not what this version knows ({place}: {first['msg']}); {CHECK}"
        ) from None
    except ValueError as error:
        raise ApiFailed(f"{url}: the answer is {_form(answer)}, not JSON; {CHECK}") from error


def refusal_in(answer: Response, url: str) -> ApiError:
    """The error that an answer outside 200-299 means."""
    if 300 <= answer.status < 400:
        return ApiFailed(f"{url}: leads elsewhere{_target(answer)}; give the address itself")
    try:
        problem = Problem.model_validate(_json_of(answer))
    except ValueError:
        said = f"answered {answer.status} with {_form(answer)}, not as a shotseek API does"
        return ApiFailed(f"{url}: {said}; {CHECK}")
    if problem.status == BUG:
        return ApiFailed(" ".join(f"{url}: {problem.detail} ({problem.hint})".split()))
    return ApiRefused(problem)


def _json_of(answer: Response) -> Any:
    try:
        return json.loads(answer.body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _form(answer: Response) -> str:
    """The type of an answer, as far as it is fit to be shown."""
    named = answer.headers.get("content-type", "").partition(";")[0].strip()
    return (
        named
        if named.isascii() and named.isprintable() and 0 < len(named) < 60
        else "no known type"
    )


def _target(answer: Response) -> str:
    """Where a redirect leads, without what may be secret in it."""
    try:
        parts = urlsplit(answer.headers.get("location", ""))
    except ValueError:
        return ""
    place = f"{parts.scheme}://{parts.hostname}" if parts.hostname else parts.path
    return f", to {ascii(place[:200])[1:-1]}" if place else ""
