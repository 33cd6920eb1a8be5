"""Texts of strangers: one line, showable, and nothing that Markdown would act on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ui.filters import label_filter, words_filter
from ui.plain import JOINER, clean, clock, escape, moment, size

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "$\\latex{1}$",
    ":dog: :material/home: :red[red]",
    "`code` ```block```",
    "# head\n- list\n1. one",
    "https://evil.example www.evil.example a@evil.example",
    "-> <- -- ~~gone~~ ==marked== **bold** _thin_",
    "&lt;b&gt; &amp; \\* \\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_reads_as_itself(text: str) -> None:
    escaped = escape(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped).replace(JOINER, "") == clean(text)


@given(some.text())
def test_no_mark_stands_without_its_backslash(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r"[!-/:-@\[-`{-~]", re.sub(r"\\[!-/:-@\[-`{-~]", "", escaped))
    shown = re.sub(r"\\(.)", r"\1", escaped)
    assert not re.search(r":\w|://|@\w|www\.", shown)


@given(some.text(some.characters(), max_size=2000))
def test_clean_text_is_one_line_that_can_be_sent(text: str) -> None:
    line = clean(text, 100)
    line.encode()
    assert len(line) <= 100
    assert clean(line, 100) == line
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u202e]", line)


def test_lone_surrogates_are_marked() -> None:
    assert clean("film\ud800.mp4") == "film\ufffd.mp4"


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [(0, "0:00.0"), (72_340, "1:12.3"), (3_600_000, "1:00:00.0"), (-5, "0:00.0")],
)
def test_times(time_ms: int, text: str) -> None:
    assert clock(time_ms) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (1500, "1.5 kB"), (2_340_000_000_000, "2.34 TB")]
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


def test_filters_out_of_what_is_known() -> None:
    assert words_filter("read", 'FRESH "HONEY"!') == 'read="FRESH HONEY"'
    assert words_filter("subtitle", "one two three four five six seven eight nine").endswith(
        'eight"'
    )
    assert words_filter("said", "...") == ""
    assert label_filter("colour/red") == "colour=red"
    assert label_filter("coco/person") == "label=coco/person"


def test_moments_are_read_by_people() -> None:
    assert moment("2026-11-23T09:32:05+00:00") == "2026-11-23 09:32 UTC"
    assert moment("2026-11-23T01:32:05+02:00") == "2026-11-22 23:32 UTC"
    assert moment("some day") == "some day"
