"""Asking over HTTP gives what the command line gives, and says what is wrong in its own words."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from talking import ask, make_told, post

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def told(shotseek: Run, plain_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_told(shotseek, plain_videos, tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def address(served: Callable[..., str], told: Path) -> str:
    return served(told)


def flags_of(parameters: dict[str, Any]) -> list[str]:
    """The same for the command line."""
    words = []
    for name, value in parameters.items():
        for one in value if isinstance(value, list) else [value]:
            flag = {"text": "", "k": "-k"}.get(name, f"--{name.replace('_', '-')}")
            words += [flag, str(one)] if flag else [str(one)]
    return words


@pytest.mark.parametrize(
    "parameters",
    [
        {"text": "green"},
        {"text": "a red wall", "k": 2, "space": "toy"},
        {"like": "blue-white.mp4@2.5"},
        {"text": "red", "then": ["green"], "within": "30"},
        {"text": "blue", "then": ["white"]},
        {"where": ["subtitle=wall"]},
        {"where": ["subtitle=wall", "time<1", "width>=100", "video!=green.mp4"]},
        {"text": "green", "where": ["duration>2", "duration<=0:03.5", "height=96", "size>1kB"]},
        {"where": ["colour=blue"]},
        {"where": ["codec/h264=present", "label=container/mp4"]},
        {"text": "wall", "group": "video", "per_video": 1},
        {"text": "green", "sort": "time", "min_score": 0.2},
        {"text": "green", "distinct": 0.9, "k": 3},
    ],
    ids=lambda parameters: " ".join(flags_of(parameters)),
)
def test_hits_are_those_of_the_command_line(
    shotseek: Run, address: str, told: Path, parameters: dict[str, Any]
) -> None:
    printed = shotseek("search", *flags_of(parameters), "--collection", told, "--json")
    answer = ask(f"{address}/v1/search", parameters)
    assert answer.status == 200, answer.body
    found, wanted = answer.json, printed.json
    assert found["hits"] == wanted["hits"]
    for each in (found, wanted):
        del each["took_ms"]
    assert len(found.pop("media")) == len(found["hits"])
    assert found == wanted


def test_the_next_page_follows(shotseek: Run, address: str, told: Path) -> None:
    first = ask(f"{address}/v1/search", {"text": "wall", "k": 2}).json
    second = ask(f"{address}/v1/search", {"text": "wall", "k": 2, "cursor": first["cursor"]}).json
    words = ("search", "wall", "-k", 2, "--cursor", first["cursor"], "--collection", told, "--json")
    assert second["hits"] == shotseek(*words).json["hits"]
    assert [hit["rank"] for hit in second["hits"]] == [3, 4]
    other = ask(f"{address}/v1/search", {"text": "blue", "cursor": first["cursor"]})
    assert other.status == 410
    assert ask(f"{address}/v1/search", {"text": "a", "cursor": "%%%"}).status == 422


def test_a_picture_handed_in_scores_as_a_file_does(
    shotseek: Run, address: str, told: Path, tmp_path: Path
) -> None:
    picture = Image.effect_noise((1900, 900), 90).convert("RGB")
    picture.paste((20, 160, 30), (0, 0, 1500, 900))
    picture.save(tmp_path / "query.jpg", quality=85)
    data = (tmp_path / "query.jpg").read_bytes()
    id = post(f"{address}/v1/pictures", data, "image/jpeg").json["id"]
    found = ask(f"{address}/v1/search", {"picture": id}).json["hits"]
    words = ("search", "--image", tmp_path / "query.jpg", "--collection", told, "--json")
    wanted = shotseek(*words).json["hits"]
    assert [(hit["shot"], hit["score"]) for hit in found] == [
        (hit["shot"], hit["score"]) for hit in wanted
    ]


def test_a_tree_is_asked_with_the_same_options(address: str) -> None:
    tree = {"version": 1, "root": {"kind": "text", "text": "green"}}
    asked = {"k": 2, "sort": "time", "group": "video"}
    data = json.dumps(tree).encode()
    posted = ask(
        f"{address}/v1/search", asked, method="POST", body=data, Content_Type="application/json"
    )
    assert posted.status == 200
    assert (
        posted.json["hits"] == ask(f"{address}/v1/search", {**asked, "text": "green"}).json["hits"]
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"where": "zzz=3"}, "where zzz: there is no such key here"),
        ({"where": "width"}, "where width: write KEY=VALUE"),
        ({"where": "width="}, "where width=: a value is missing"),
        ({"where": "read<3"}, "where read<3: read takes = and != only"),
        ({"like": "green.mp4"}, "like green.mp4: write VIDEO@SECONDS"),
        ({"like": "green.mp4@99"}, "green.mp4 runs from"),
        ({"text": "a", "within": "3"}, "within: it says how soon"),
        ({"text": "a", "then": "b", "within": "x"}, "within x: a time is seconds"),
        ({"then": "b"}, "then: it needs something to follow"),
        ({}, "nothing was asked"),
        ({"text": "a", "group": "shot"}, "group"),
        ({"text": "a", "sort": "name"}, "sort"),
        ({"text": "a", "k": 0}, "k"),
        ({"text": "a", "min_score": "nan"}, "min_score"),
        ({"text": "a", "distinct": 0.5}, "distinct"),
        ({"text": "a", "colour": "red"}, "colour"),
        ({"text": "a", "space": "clap"}, "clap"),
        ({"picture": "0" * 32}, "unknown or has expired; hand it in again"),
        ({"picture": "../../etc/passwd"}, "picture"),
        ({"face": "../../etc/passwd"}, "face"),
        ({"face": ["0" * 32] * 17}, "face"),
        ({"face": "0" * 32}, "unknown or has expired; hand it in again"),
        ({"where": "does=: a walk", "face": ["0" * 32]}, "unknown or has expired"),
        ({"where": "does=: a walk"}, "where does=: a walk: write does=PERSON: ACTION"),
        ({"where": "does=Ann: a walk", "gaps": "perhaps"}, "gaps"),
        ({"where": "does=Ann: a walk", "extension": "on"}, "extension"),
        ({"text": "a", "identity": "false"}, "identity: it says how a filter does=PERSON"),
        ({"where": 'subtitle="open'}, "a quotation mark is not closed"),
        ({"where": "colour=redd"}, "the nearest is red"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_of_parameters(address: str, asked: Any, said: str) -> None:
    answer = ask(f"{address}/v1/search", asked)
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert said in answer.json["detail"]
    assert "--" not in answer.json["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        {"where": "person=Ann"},
        {"where": "does=Ann: a walk", "identity": "False", "gaps": "false", "extension": "off"},
    ],
    ids=str,
)
def test_where_nobody_was_looked_for_it_is_said_how(address: str, asked: Any) -> None:
    answer = ask(f"{address}/v1/search", asked)
    assert answer.status == 422
    assert "the collection knows no faces" in answer.json["detail"]
    assert answer.json["hint"]


def test_choices_are_listed_in_the_description(address: str) -> None:
    paths = ask(f"{address}/openapi.json").json["paths"]
    for path, method in (("search", "get"), ("search", "post"), ("similar", "get")):
        parameters = paths[f"/v1/{path}"][method]["parameters"]
        by_name = {one["name"]: one["schema"] for one in parameters}
        assert by_name["group"]["enum"] == ["none", "video"]
        assert by_name["sort"]["enum"] == ["score", "time"]


def test_sixteen_at_once_get_what_one_gets(address: str) -> None:
    asked = [{"text": text} for text in ("red", "green", "blue", "white")]
    asked += [{"where": "subtitle=wall"}, {"text": "red", "then": "green"}]
    alone = [ask(f"{address}/v1/search", one).json["hits"] for one in asked]
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda one: ask(f"{address}/v1/search", one), asked * 20))
    assert [answer.status for answer in together] == [200] * len(together)
    assert [answer.json["hits"] for answer in together] == alone * 20
