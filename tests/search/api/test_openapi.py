"""The document says exactly what the server does: every example in it is asked and checked."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest
from jsonschema import Draft202012Validator

PROBLEM = {"$ref": "#/components/schemas/Problem"}
Json = dict[str, Any]
OPEN = {"/healthz", "/openapi.json"}


@pytest.fixture(scope="module")
def document(small_address: str) -> Json:
    return load(small_address)


def load(address: str) -> Json:
    with urlopen(f"{address}/openapi.json", timeout=20) as answer:
        return dict(json.load(answer))


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def check(document: Json, schema: Json, value: Any) -> None:
    whole = {**schema, "components": document["components"]}
    Draft202012Validator(whole).validate(value)


def test_names_are_those_of_people(document: Json) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", id) for id in ids)
    assert {
        *("search_tree", "search_flat", "search_similar", "list_videos", "get_one_video"),
        *("get_one_shot", "list_labels", "suggest", "get_collection", "get_health"),
        *("keep_picture", "get_picture", "get_video_file", "get_clip", "get_metrics"),
    } <= set(ids)


def test_everything_is_described(document: Json) -> None:
    for _, path, operation in operations(document):
        assert operation["description"]
        for parameter in operation.get("parameters", []):
            told = parameter.get("description") or parameter["schema"].get("description")
            assert told, (path, parameter["name"])
        for status, answer in operation["responses"].items():
            assert answer["description"]
            for kind, content in answer.get("content", {}).items():
                if status.startswith("2") and kind != "application/json":
                    continue
                assert "example" in content, (path, status)


def test_problems_are_one_component(document: Json) -> None:
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for _, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], path
                assert answer["content"]["application/problem+json"]["schema"] == PROBLEM


BODY = {400, 408, 413, 415}
STATUSES = {
    "search_tree": {200, 404, 409, 410, 422, 503} | BODY,
    "search_flat": {200, 404, 409, 410, 422, 503},
    "search_similar": {200, 404, 409, 410, 422, 503},
    "list_videos": {200, 422, 503},
    "get_one_video": {200, 404, 422, 503},
    "get_one_shot": {200, 404, 422, 503},
    "list_labels": {200, 503},
    "suggest": {200, 422, 503},
    "get_collection": {200, 503},
    "get_health": {200},
    "get_metrics": {200},
    "keep_picture": {201, 422, 503} | BODY,
    "get_picture": {200, 206, 304, 404, 416, 422, 503},
    "get_video_file": {200, 206, 304, 404, 416, 422, 503},
    "get_clip": {200, 206, 304, 404, 416, 422, 503},
    "list_all_persons": {200, 422, 503},
    "get_one_person": {200, 404, 422, 503},
    "export_person": {200, 404, 422, 503},
    **{
        id: {200, 404, 409, 422, 503} | BODY
        for id in (
            *("name_face", "name_person", "merge_persons"),
            *("split_person", "hide_person", "forget_person"),
        )
    },
}


def test_each_documents_what_it_can_answer(document: Json) -> None:
    told = {
        operation["operationId"]: {int(status) for status in operation["responses"]}
        for _, _, operation in operations(document)
    }
    assert {name: told[name] - wanted for name, wanted in STATUSES.items()} == {
        name: set() for name in STATUSES
    }
    assert {name: wanted - told[name] for name, wanted in STATUSES.items()} == {
        name: set() for name in STATUSES
    }


def test_a_token_adds_401_and_signatures_403(document: Json, guarded_address: str) -> None:
    guarded = load(guarded_address)
    assert guarded["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert "securitySchemes" not in document["components"]
    plain = {path: op for _, path, op in operations(document)}
    assert not any({"401", "403"} & set(op["responses"]) for op in plain.values())
    for _, path, operation in operations(guarded):
        statuses = set(operation["responses"])
        assert ("401" in statuses) is (path not in OPEN)
        assert ("security" in operation) is (path not in OPEN)
        assert ("403" in statuses) is path.startswith("/media/")


def test_examples_of_answers_fit_their_schemas(document: Json) -> None:
    count = 0
    for _, _, operation in operations(document):
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                if "example" in content:
                    check(document, content["schema"], content["example"])
                    count += 1
    assert count > 50


def asked(document: Json) -> Iterator[tuple[Json, str, str, Any]]:
    """Every operation with its required examples, then with each other example by itself."""
    for method, path, operation in operations(document):
        given = [one for one in operation.get("parameters", []) if "example" in one]
        required = [one for one in given if one.get("required")]
        wanted = [one for one in operation.get("parameters", []) if one.get("required")]
        assert required == wanted, (path, "a required parameter lacks its example")
        optional = [one for one in given if one not in required and one["in"] == "query"]
        base = "text" if operation["operationId"] == "search_flat" else ""
        basis = [one for one in optional if one["name"] == base]
        bodies = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for chosen in [[], *([one] for one in optional)]:
            if [one["name"] for one in chosen] == ["within"]:
                chosen = [one for one in optional if one["name"] in ("then", "within")]
            names = {one["name"]: one for one in [*required, *basis, *chosen]}
            place = fill(path, list(names.values()))
            for body in [one["value"] for one in bodies.get("examples", {}).values()] or [None]:
                yield operation, method.upper(), place, body


def fill(path: str, parameters: list[Json]) -> str:
    query: list[tuple[str, Any]] = []
    for one in parameters:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(str(one["example"])))
        else:
            several = one["example"] if isinstance(one["example"], list) else [one["example"]]
            query += [(one["name"], each) for each in several]
    return f"{path}?{urlencode(query)}" if query else path


def ask(address: str, method: str, path: str, body: Any) -> tuple[int, str, bytes]:
    data = None if body is None else json.dumps(body).encode()
    headers = {} if body is None else {"Content-Type": "application/json"}
    try:
        with urlopen(Request(address + path, data, headers, method=method), timeout=30) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read()


def test_every_example_is_answered_as_documented(document: Json, small_address: str) -> None:
    """Ids are those of no real video: 404 is then what is documented; all else is found."""
    count = 0
    for operation, method, path, body in asked(document):
        if operation["operationId"] == "keep_picture":
            continue  # bytes: test_a_picture_is_kept_as_documented
        status, kind, answer = ask(small_address, method, path, body)
        documented = operation["responses"][str(status)]["content"]
        content = documented[kind.partition(";")[0]]
        has_id = "8c6f2d0e9b1a4753" in path + json.dumps(body)
        assert status == (404 if has_id else 200), (method, path, body, answer[:300])
        if "json" in kind:
            check(document, content["schema"], json.loads(answer))
        count += 1
    assert count > 40


def test_with_real_ids_all_is_found(document: Json, small_address: str) -> None:
    _, _, body = ask(small_address, "GET", "/v1/videos?text=red-green", None)
    video = json.loads(body)["videos"][0]
    _, _, body = ask(small_address, "GET", f"/v1/videos/{video['id']}", None)
    shot = json.loads(body)["shots"][0]["id"]
    frame = video["media"]["small"].rsplit("/", 1)[1]
    places = {
        "get_one_video": f"/v1/videos/{video['id']}",
        "get_one_shot": f"/v1/shots/{shot}",
        "search_similar": f"/v1/similar?shot={shot}",
        "get_picture": f"/media/pictures/{frame}",
        "get_video_file": f"/media/videos/{video['id']}",
        "get_clip": f"/media/clips/{shot}.mp4",
    }
    found = {operation["operationId"]: operation for _, _, operation in operations(document)}
    for id, path in places.items():
        status, kind, answer = ask(small_address, "GET", path, None)
        assert status == 200, (path, answer[:300])
        content = found[id]["responses"]["200"]["content"][kind]
        if kind == "application/json":
            check(document, content["schema"], json.loads(answer))


def test_a_picture_is_kept_as_documented(document: Json, small_address: str) -> None:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(buffer, "PNG")
    headers = {"Content-Type": "application/octet-stream"}
    request = Request(f"{small_address}/v1/pictures", buffer.getvalue(), headers, method="POST")
    with urlopen(request, timeout=20) as answer:
        assert answer.status == 201
        kept = json.load(answer)
    operation = document["paths"]["/v1/pictures"]["post"]
    check(document, operation["responses"]["201"]["content"]["application/json"]["schema"], kept)
    status, kind, _ = ask(small_address, "GET", kept["picture"], None)
    assert (status, kind) == (200, "image/png")
