"""`shotseek persons` as people type it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_faces import LEFT, RIGHT, SECOND, cluster, face, film
from typer.testing import CliRunner

from analyzers.error import SettingsError, ShotseekError
from indexer.collection import Collection
from indexer.people.cli import persons
from indexer.people.commands import read_place
from indexer.people.error import FaceMissing, PersonMissing

Type = Callable[..., Any]


@pytest.fixture
def folder(sqlite_collection: Collection, maker: Any) -> Path:
    """Ann in two videos, Bob beside her in one."""
    film(sqlite_collection, maker, "one.mp4", [face("a1"), face("b1", box=RIGHT, seed=1)])
    film(sqlite_collection, maker, "two.mp4", [face("a2", SECOND)])
    cluster(sqlite_collection, {"a1": "p0", "a2": "p0", "b1": "p1"})
    return sqlite_collection.folder


@pytest.fixture
def type_(folder: Path) -> Type:
    """Type `shotseek persons ...`; an error is raised, JSON is read."""

    def run(*words: str, say: str = "") -> Any:
        wide = {"COLUMNS": "200"}
        line = [words[0], *words[1:], "--collection", str(folder)]
        ran = CliRunner(env=wide).invoke(persons, line, input=say)
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.stdout) if "--json" in words else ran.stdout

    return run


def names(type_: Type, *words: str) -> list[tuple[str, int]]:
    return [
        (each["name"] or each["id"], each["tracks"]) for each in type_("list", "--json", *words)
    ]


def test_somebody_is_listed_named_and_shown(type_: Type) -> None:
    assert names(type_) == [("p0", 2), ("p1", 1)]
    assert names(type_, "--least", "2") == [("p0", 2)]
    assert "nobody yet" in type_("list")
    assert type_("name", "p0", "Ann") == "p0 is Ann now\n"
    shown = type_("show", "Ann")
    assert "one.mp4@0:03.000@0.100,0.200,0.300,0.500" in shown
    assert "two.mp4@0:06.000" in shown
    faces = type_("show", "ann", "--json")["faces"]
    assert [(each["track"], each["video_name"]) for each in faces] == [
        ("a1", "one.mp4"),
        ("a2", "two.mp4"),
    ]


def test_faces_are_typed_as_they_are_shown(type_: Type) -> None:
    type_("name", "one.mp4@0:03.000@0.600,0.200,0.800,0.500", "Bob")
    type_("name", "two.mp4@6", "Ann")
    assert names(type_) == [("Ann", 2), ("Bob", 1)]
    type_("split", "Ann", "two.mp4@6", "--name", "Twin")
    assert names(type_) == [("Ann", 1), ("Bob", 1), ("Twin", 1)]
    type_("merge", "Twin", "Bob", "--into", "Ann")
    assert names(type_) == [("Ann", 3)]
    assert type_("name", "Ann") == "Ann has no name any more\n"


def test_hidden_ones_are_shown_when_asked_for(type_: Type) -> None:
    person = type_("hide", "p1", "--json")
    assert names(type_) == [("p0", 2)]
    assert (person["id"], 1) in names(type_, "--hidden")
    type_("unhide", person["id"])
    assert len(names(type_)) == 2


def test_forgetting_is_confirmed(type_: Type) -> None:
    type_("name", "p0", "Ann")
    with pytest.raises(SettingsError, match=r"Ann \(p-.*\), 2 faces in 2 videos: .*--yes"):
        type_("forget", "Ann", "--json")
    with pytest.raises(AssertionError, match="Aborted"):
        type_("forget", "Ann", say="n\n")
    assert ("Ann", 2) in names(type_)
    assert "forgotten: 2 faces in 2 videos" in type_("forget", "Ann", say="y\n")
    assert names(type_) == [("p1", 1)]
    assert type_("forget", "p1", "--yes", "--json")["tracks"] == 1
    assert "--analyzers +faces,+persons" in type_("list")


def test_what_is_stored_is_exported(type_: Type) -> None:
    type_("name", "p0", "Zoë")
    told = type_("export", "zoë", "--json")
    assert told["said"]["person"]["name"] == "Zoë"
    assert len(told["faces"]) == 2
    assert "2 vectors:" in type_("export", "zoë")


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (("show", "Ann"), PersonMissing, "'Ann'"),
        (("name", "one.mp4@99", "Ann"), FaceMissing, "persons show"),
        (("name", "one.mp4@soon", "Ann"), SettingsError, "VIDEO@TIME"),
        (("split", "p0", "one.mp4@1@2,0,3,1"), SettingsError, "left,top,right,bottom"),
        (("name", "one.mp4@1", "Ann"), ShotseekError, "add the box of one"),
    ],
)
def test_errors_say_what_to_do(
    type_: Type, words: tuple[str, ...], error: type[ShotseekError], says: str
) -> None:
    with pytest.raises(error, match=says):
        type_(*words)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.mp4@2.5", ("a.mp4", 2_500, None)),
        ("a@b.mp4@1:02.5", ("a@b.mp4", 62_500, None)),
        ("a.mp4@1:02:03@0.1,0.2,0.3,0.5", ("a.mp4", 3_723_000, LEFT)),
        ("a@b@c.mp4@0@0.1,0.2,0.3,0.5", ("a@b@c.mp4", 0, LEFT)),
    ],
)
def test_places_are_read_from_the_right(text: str, place: object) -> None:
    assert read_place(text) == place


def test_the_verb_is_there(shotseek: Type, folder: Path) -> None:
    ran = shotseek("persons", "show", "Nobody", "--collection", folder)
    assert ran.code == 2
    assert ran.err == (
        "shotseek: no person is called 'Nobody'; `shotseek persons list` shows who is known\n"
    )
