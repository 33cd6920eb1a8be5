"""Subtitles of streams and side-cars: every oddity that files out there have."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.clip import Clip, Container, Cue, SideCar
from analyzers.finding import Words, WordsKind
from analyzers.subtitles import (
    SubtitlesAnalyzer,
    find_language,
    normalise_language,
    parse_cues,
    plain_text,
)

FILM = Container("the.end.mp4", "mp4", "h264", 640, 360, 25.0, 10_000, 1000, 0)
SRT = """1
00:00:01,000 --> 00:00:02,500
Good morning,
everyone.

2
00:00:03,000 --> 00:00:04,000
Good night.
"""


def analyze(*side_cars: tuple[str, str], cues: tuple[Cue, ...] = ()) -> list[Words]:
    cars = tuple(SideCar(name, text) for name, text in side_cars)
    clip = Clip(0, 10_000, container=FILM, cues=cues, side_cars=cars)
    return [words for words in SubtitlesAnalyzer().analyze([clip])[0] if isinstance(words, Words)]


def parsed(text: str) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, plain_text(cue.text)) for cue in parse_cues(text)]


def test_a_subrip_file_becomes_words() -> None:
    assert analyze(("the.end.en.srt", SRT)) == [
        Words(1000, 2500, WordsKind.SUBTITLE, "Good morning, everyone.", language="en"),
        Words(3000, 4000, WordsKind.SUBTITLE, "Good night.", language="en"),
    ]


def test_a_webvtt_file_becomes_words() -> None:
    text = """WEBVTT - a title
Kind: captions

NOTE
not to be seen
00:00:00.000 --> 00:00:09.000
nor this

STYLE
::cue { color: red }

REGION
id:fred

intro
00:01.000 --> 00:02.000 align:start position:10%
<v Roger>Hello <i>there</i>, <c.yellow.big>you</c>&nbsp;&amp; me</v>

01:00:01.000 --> 01:00:02.5
<00:00:03.000>late<rt>r</rt>
"""
    assert parsed(text) == [(1000, 2000, "Hello there, you & me"), (3601000, 3602500, "later")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_make_no_difference(end: str) -> None:
    assert parsed("\ufeff" + SRT.replace("\n", end)) == parsed(SRT)
    assert len(parsed(SRT)) == 2
    assert parsed("\ufeff00:01.000 --> 00:02.000\nfirst of all") == [(1000, 2000, "first of all")]


@pytest.mark.parametrize(
    ("timing", "span"),
    [
        ("00:00:01,5 --> 00:00:02,25", (1500, 2250)),
        ("0:1.000 --> 0:2.000", (1000, 2000)),
        ("  00:00:01.000-->00:00:02.000", (1000, 2000)),
        ("00:00:01,000 --> 00:00:02,000 X1:40 X2:600 Y1:20 Y2:50", (1000, 2000)),
        ("00:00:01:000 --> 00:00:02:000", (1000, 2000)),
        ("00:00:01 --> 00:00:02", (1000, 2000)),
        ("100:00:01,000 --> 100:00:02,123456", (360001000, 360002123)),
        ("00:00:05,000 --> 00:00:02,000", (2000, 5000)),
        ("-00:00:01,500 --> 00:00:02,000", (-1500, 2000)),
    ],
)
def test_times_are_read_in_all_their_spellings(timing: str, span: tuple[int, int]) -> None:
    assert parsed(f"1\n{timing}\nhello\n") == [(*span, "hello")]


@pytest.mark.parametrize(
    "timing",
    ["00:00:01,000 -> 00:00:02,000", "00:00:01,000 --> ", "one --> two", "1 --> 2", "-->", ""],
)
def test_blocks_that_are_not_understood_are_skipped(timing: str) -> None:
    assert parsed(f"1\n{timing}\nlost\n\n{SRT}") == parsed(SRT)


def test_a_missing_empty_line_or_number_loses_no_cue() -> None:
    text = "00:00:01,000 --> 00:00:02,000\none\n2\n00:00:02,000 --> 00:00:03,000\n1984\n"
    assert parsed(text) == [(1000, 2000, "one"), (2000, 3000, "1984")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"{\an8}<i>Above</i>", "Above"),
        ("{b}bold{/b} {y:i}slanted", "bold slanted"),
        ('<font color="#ff0000">red</font>', "red"),
        (r"first\Nsecond\hthird", "first second third"),
        ("I <3 you & 1 < 2 > 0", "I <3 you & 1 < 2 > 0"),
        ("&lt;b&gt; &quot;x&quot; &#8212; &lrm;y", '<b> "x" — y'),
        ("hy\u00adphen\u200b  and\u00a0space", "hyphen and space"),
        ("<i></i>", ""),
    ],
)
def test_markup_is_left_out(text: str, expected: str) -> None:
    assert plain_text(text) == expected


def test_cues_are_cut_to_the_video() -> None:
    clip = Clip(
        2000,
        5000,
        cues=(
            Cue(0, 2000, "before"),
            Cue(1000, 3000, "start"),
            Cue(4000, 9000, "end"),
            Cue(5000, 6000, "after"),
            Cue(3000, 3000, "never"),
            Cue(3000, 4000, " <b> </b>"),
        ),
    )
    found = SubtitlesAnalyzer().analyze([clip, Clip(0, 10)])
    assert [(w.start_ms, w.end_ms, w.text) for w in found[0] if isinstance(w, Words)] == [
        (2000, 3000, "start"),
        (4000, 5000, "end"),
    ]
    assert found[1] == []


def test_words_come_in_order_of_time() -> None:
    cues = (Cue(4000, 5000, "c"), Cue(1000, 3000, "b"), Cue(1000, 2000, "a"))
    assert [words.text for words in analyze(cues=cues)] == ["a", "b", "c"]


def test_a_stream_and_its_side_car_are_one() -> None:
    cues = (Cue(1100, 2600, "Good morning,\neveryone.", "eng"), Cue(3000, 4000, "GOOD NIGHT."))
    found = analyze(("the.end.srt", SRT), cues=cues)
    assert [(w.start_ms, w.end_ms, w.language) for w in found] == [
        (1000, 2600, "en"),
        (3000, 4000, None),
    ]


def test_the_same_words_later_or_in_another_language_stay() -> None:
    cues = (
        Cue(1000, 2000, "No.", "en"),
        Cue(2000, 3000, "No.", "en"),
        Cue(1000, 2000, "No.", "es"),
    )
    assert [(w.start_ms, w.language) for w in analyze(cues=cues)] == [
        (1000, "en"),
        (1000, "es"),
        (2000, "en"),
    ]


@pytest.mark.parametrize(
    ("name", "video", "language"),
    [
        ("film.en.vtt", "film.mp4", "en"),
        ("film.srt", "film.mp4", None),
        ("the.end.srt", "the.end.mp4", None),
        ("the.end.eng.srt", "the.end.mp4", "en"),
        ("film.pt_br.forced.srt", "film.mp4", "pt-BR"),
        ("film.forced.zh-hans.srt", "film.mp4", "zh-Hans"),
        ("film.sdh.srt", "film.mp4", None),
        ("film.fr.srt", None, "fr"),
        ("other.de.srt", "film.mp4", "de"),
    ],
)
def test_the_language_is_in_the_name(name: str, video: str | None, language: str | None) -> None:
    assert find_language(name, video) == language


def test_languages_of_streams_become_bcp_47() -> None:
    tags = ["eng", "und", "ger", "EN_gb", None, "", "gsw", "english"]
    assert [normalise_language(tag) for tag in tags] == [
        "en", None, "de", "en-GB", None, None, "gsw", None,
    ]  # fmt: skip


@given(st.text(alphabet="0123456789:.,->\n\r <i>{\\an8}WEBVTTNOTE&amp;", max_size=200))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for start_ms, end_ms, _ in parsed(text):
        assert start_ms <= end_ms


SPANS = st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from("ab"))


@given(st.lists(SPANS, max_size=12))
def test_merging_keeps_every_moment_of_every_text(spans: list[tuple[int, int, str]]) -> None:
    cues = tuple(Cue(start, end, text) for start, end, text in spans)
    clip = replace(Clip(0, 15), cues=cues)
    found = [w for w in SubtitlesAnalyzer().analyze([clip])[0] if isinstance(w, Words)]
    shown = {(t, c.text) for c in cues for t in range(c.start_ms, min(c.end_ms, 15))}
    told = [(t, words.text) for words in found for t in range(words.start_ms, words.end_ms)]
    assert set(told) == shown
    assert len(told) == len(shown)  # none twice


def test_ten_thousand_equal_cues_are_no_trouble() -> None:
    cues = tuple(Cue(i, i + 1, "la") for i in range(10_000))
    assert len(analyze(cues=cues)) == 10_000


def test_real_subtitle_streams_are_found(material: object) -> None:
    from pathlib import Path

    from indexer.media import open_video

    with open_video(Path(str(material)) / "videos/torchcodec/nasa_13013.mp4") as reader:
        cues = tuple(part for part in reader.read(cues=True) if isinstance(part, Cue))
        clip = Clip(0, reader.container.duration_ms, container=reader.container, cues=cues)
    found = [words for words in SubtitlesAnalyzer().analyze([clip])[0] if isinstance(words, Words)]
    assert found
    assert all(0 <= words.start_ms < words.end_ms <= clip.end_ms for words in found)
