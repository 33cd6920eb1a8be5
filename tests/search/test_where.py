"""The grammar of --where."""

from typing import Any

import pytest

from analyzers.error import SettingsError
from search.where import KEYS, KnownNames, read_time, read_where

KNOWN = KnownNames(("coco/person", "action/carrying a bag", "colour/teal"), ("brightness",))


def fields(text: str) -> dict[str, Any]:
    return read_where(text, KNOWN).model_dump(mode="json")


def fact(field: str, op: str, value: object) -> dict[str, Any]:
    return {"kind": "metadata", "field": field, "op": op, "value": value}


def label(name: str, op: str = ">=", count: int = 1) -> dict[str, Any]:
    return {"kind": "label", "name": name, "op": op, "count": count}


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("read=new york", {"kind": "words", "text": "new york", "where": "read"}),
        ('title="a = b"', {"kind": "words", "text": '"a = b"', "where": "title"}),
        ("subtitle = hot*", {"kind": "words", "text": "hot*", "where": "subtitle"}),
        ("colour=white", {"kind": "colour", "name": "white", "min_area": 0.05}),
        ("colour=WHITE", {"kind": "colour", "name": "white", "min_area": 0.05}),
        ("colour=teal", {"kind": "colour", "name": "teal", "min_area": 0.05}),
        ("label=person", label("person")),
        ("coco/person=present", label("coco/person")),
        ("Coco=Person", label("Coco/Person")),
        ("coco/person>=2", label("coco/person", ">=", 2)),
        ("Coco/Person<3", label("Coco/Person", "<", 3)),
        ("action/carrying a bag=0", label("action/carrying a bag", "=", 0)),
        ("video=a.mp4", fact("video", "=", "a.mp4")),
        ("time>=1:30", fact("time", ">=", 90_000)),
        ("time<2.5", fact("time", "<", 2500)),
        ("duration>1:00:00", fact("duration", ">", 3_600_000)),
        ("date=2024-05", fact("date", "=", "2024-05")),
        ("width<=640", fact("width", "<=", 640)),
        ("size>1.5MB", fact("size", ">", 1_500_000)),
        ("size>10kb", fact("size", ">", 10_000)),
        ("size<2GB", fact("size", "<", 2 * 10**9)),
        ("size<500", fact("size", "<", 500)),
        ("brightness>-0.5", fact("brightness", ">", -0.5)),
    ],
)
def test_a_filter_is_read(text: str, node: dict[str, Any]) -> None:
    assert fields(text) == node


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("carrying a bag", {"name": "carrying a bag"}),
        ("Action/Carrying a bag", {"name": "Action/Carrying a bag"}),
        ("riding a bike", {"text": "riding a bike"}),
    ],
)
def test_an_action_is_listed_or_in_words(text: str, given: dict[str, str]) -> None:
    action = {"kind": "action", "name": "", "text": "", "space": None, **given}
    assert fields(f"action={text}") == action
    does = fields(f"does=Ann: {text}")
    assert (does["kind"], does["action"]) == ("person_action", action)
    assert does["person"] == fields("person=Ann")
    assert does["person"]["name"] == "Ann"


@pytest.mark.parametrize("text", ["does=Ann", "does=: a walk", "does=Ann:", "person<Ann"])
def test_who_does_what_needs_both(text: str) -> None:
    with pytest.raises(SettingsError, match=r"write does=PERSON: ACTION|takes = and != only"):
        read_where(text, KNOWN)


@pytest.mark.parametrize("key", ["read", "colour", "video", "coco/person", "label"])
def test_unequal_is_not_equal(key: str) -> None:
    value = {"colour": "red", "coco/person": "2"}.get(key, "x")
    assert fields(f"{key}!={value}") == {"kind": "not", "child": fields(f"{key}={value}")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colur=red", "no such key here; the nearest is colour"),
        ("coco/persn>1", "the nearest is coco/person"),
        ("COCO/PERSN>1", "the nearest is coco/person"),
        ("brighness>1", "the nearest is brightness"),
        ("colour=whit", "no colour whit; the nearest is white"),
        ("colour=WHIT", "no colour WHIT; the nearest is white"),
        ("colour>red", "colour takes = and != only"),
        ("label>2", "label takes = and != only"),
        ("read<x", "read takes = and != only"),
        ("video<x", "by = only"),
        ("coco/person=many", "compared with a count"),
        ("coco/person>-1", "compared with a count"),
        ("time=soon", "a time is seconds or m:ss"),
        ("date=May", "a date is 2024"),
        ("width=wide", "with a number"),
        ("brightness=nan", "finite"),
        ("size=big", "a size is bytes"),
        ("read=", "a value is missing"),
        ("read", "write KEY=VALUE"),
        ("=x", "write KEY=VALUE"),
        ("", "write KEY=VALUE"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        read_where(text, KNOWN)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_its_own_nearest(key: str) -> None:
    with pytest.raises(SettingsError, match=f"the nearest is {key}$"):
        read_where(f"{key}x=1", KNOWN)


@pytest.mark.parametrize(
    ("text", "ms"), [("0", 0), ("90", 90_000), ("1.2345", 1234), ("1:02", 62_000)]
)
def test_times_are_read(text: str, ms: int) -> None:
    assert read_time(text) == ms
