"""What can be filtered by; every suggestion is accepted as `where` and finds something."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from talking import ask, make_told

from analyzers.finding import Label, Measure, Words, WordsKind
from indexer.generations.generation import Generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory
from search.api.suggesting import Filters
from search.engine import SearchEngine
from search.query import Query
from search.where import known_names, read_where

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def address(
    served: Callable[..., str],
    shotseek: Run,
    plain_videos: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    return served(make_told(shotseek, plain_videos, tmp_path_factory.mktemp("names")))


def suggest(address: str, text: str, limit: int = 100) -> list[dict[str, Any]]:
    answer = ask(f"{address}/v1/suggest", {"text": text, "limit": limit})
    assert answer.status == 200
    found: list[dict[str, Any]] = answer.json["suggestions"]
    return found


def test_labels_and_measures_with_counts(address: str) -> None:
    told = ask(f"{address}/v1/labels").json
    labels = {label["name"]: (label["vocabulary"], label["shots"]) for label in told["labels"]}
    assert labels["codec/h264"] == ("codec", 5)
    assert labels["colour/green"][0] == "colour"


def test_every_suggestion_finds_something(address: str) -> None:
    kinds = set()
    for text in (
        "",
        "p",
        "read=",
        "subtitle=wa",
        "wall",
        "green",
        "codec",
        "h264",
        "mp4",
        "%",
        '"',
    ):
        for one in suggest(address, text, 500):
            found = ask(f"{address}/v1/search", {"where": one["where"]})
            assert found.status == 200, (one, found.body)
            assert found.json["total"] > 0, one
            kinds.add(one["kind"])
    assert kinds == {"label", "colour", "measure", "video", "word"}


def test_words_come_with_their_place_and_number(address: str) -> None:
    words = [one for one in suggest(address, "WALL") if one["kind"] == "word"]
    assert words == [{"where": "subtitle=wall", "name": "wall", "kind": "word", "count": 2}]
    assert suggest(address, "subtitle=pa")[0]["where"] in ("subtitle=paris", "subtitle=parrot")
    assert not [one for one in suggest(address, "read=pa") if one["kind"] == "word"]
    assert not [one for one in suggest(address, "a red") if one["kind"] == "word"]


def test_what_begins_so_comes_first_then_the_frequent(address: str) -> None:
    found = suggest(address, "gree", 3)
    assert found[0]["name"].startswith("green")
    assert len(suggest(address, "", 2)) == 2
    assert ask(f"{address}/v1/suggest", {"limit": 0}).status == 422


def finds(engine: SearchEngine, where: str) -> int:
    node = read_where(where, known_names(engine.generation))
    return engine.search(Query(root=node)).total


def test_odd_names_are_suggested_only_where_they_can_be_asked() -> None:
    span = (0, 1000)
    said = [
        *(Label(*span, "odd", name, 1.0) for name in ("a=b", " edge ", "", "x<y", "Ünï", "\udcff")),
        Label(*span, "colour", "mauve", 0.01),  # less than a colour's filter asks for
        Measure(*span, "width", 3.0, "px"),  # the key of a fact of the video
        Measure(*span, "a<b", 3.0, ""),
        *(Measure(*span, "tiny", value, "") for value in (1e-9, 1.23456e-9, 9.87654e-9)),
        Measure(*span, "minus", -12345.678, ""),
        Measure(*span, "odd/a=b", 1.0, ""),
        Words(*span, WordsKind.READ, "über straße ĳ 東京"),
        Words(5000, 6000, WordsKind.READ, "nowhere"),
    ]
    videos = [
        PlainVideo("0" * 12, [span], findings=[("by", one) for one in said], name="\udcff a.mp4"),
        PlainVideo("1" * 12, [span], name=" edge.mp4 "),
        PlainVideo("2" * 12, [], name="empty.mp4"),
    ]
    engine = SearchEngine(build_in_memory(content_of(videos)))
    filters = Filters(engine)
    found = [*filters.suggest("", 100)]
    for typed in ("uber", "strasse", "nowh", "東", "i", "o", "t"):
        found += filters.suggest(typed, 100)
    for one in found:
        assert finds(engine, one.where) > 0, one
    names = {one.name for one in found}
    assert {"a=b", "Ünï", "tiny", "minus", " edge.mp4 ", "uber", "strasse", "東"} <= names
    assert not {" edge ", "mauve", "width", "a<b", "empty.mp4", "nowhere", "\udcff"} & names


def test_the_films(films: Generation) -> None:
    engine = SearchEngine(films)
    for one in Filters(engine).suggest("", 100):
        assert finds(engine, one.where) > 0, one


def test_a_million_words_take_no_longer() -> None:
    words = [f"w{n:06}" for n in range(1_000_000)]
    text = " ".join(words)
    said = ("ocr", Words(0, 1000, WordsKind.READ, text))
    video = PlainVideo("0" * 12, [(0, 1000)], findings=[said])
    engine = SearchEngine(build_in_memory(content_of([video])))
    assert len(engine.generation.words.vocabulary) == 1_000_000
    filters = Filters(engine)
    for typed in ("w", "w1", "w123456", "read=w99", "x"):
        began = time.perf_counter()
        found = filters.suggest(typed, 20)
        took = time.perf_counter() - began
        assert took < 0.3, f"{typed}: {took * 1000:.0f} ms"
        assert len(found) == {"w123456": 1, "x": 0}.get(typed, 20)
