"""What containers say: titles, texts, rates, formats, cameras, dates."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analyzers.clip import Clip, Container
from analyzers.container import (
    ContainerAnalyzer,
    find_camera,
    find_creation_ms,
    find_format,
    find_title,
)
from analyzers.finding import Finding, Label, Measure, Words, WordsKind

FILM = Container(
    name="big_buck-bunny.trailer.mp4",
    format="mov,mp4,m4a,3gp,3g2,mj2",
    codec="h264",
    width=640,
    height=360,
    fps=25.0,
    duration_ms=8000,
    size_bytes=1_000_000,
    bit_rate=900_000,
)
RESERVED = {  # keys that search answers from the video's own columns
    "read", "subtitle", "title", "video", "time", "duration", "date", "width", "height", "colour",
    "label", "size",
}  # fmt: skip


def analyze(container: Container) -> list[Finding]:
    return ContainerAnalyzer().analyze([Clip(0, 8000, container=container)])[0]


def texts(container: Container) -> list[str]:
    return [f.text for f in analyze(container) if isinstance(f, Words)]


def measures(container: Container) -> dict[str, tuple[float, str]]:
    return {f.name: (f.value, f.unit) for f in analyze(container) if isinstance(f, Measure)}


def labels(container: Container) -> set[str]:
    return {f"{f.vocabulary}/{f.name}" for f in analyze(container) if isinstance(f, Label)}


def tagged(**tags: str) -> Container:
    return replace(FILM, tags=tuple(tags.items()))


def test_the_title_tag_is_the_title() -> None:
    assert texts(tagged(encoder="Lavf", title=" The  Tramp ")) == ["The Tramp"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("big_buck-bunny.trailer.mp4", "big buck bunny trailer"),
        ("My%20Movie.MOV", "My Movie"),
        ("no suffix", "no suffix"),
        (".mp4", "mp4"),
        ("京都の秋.mkv", "京都の秋"),
    ],
)
def test_without_a_title_the_files_name_is_made_readable(name: str, title: str) -> None:
    assert find_title(replace(FILM, name=name)) == title


def test_a_name_without_any_letter_gives_no_words() -> None:
    assert texts(replace(FILM, name="__.mp4")) == []


def test_descriptive_tags_follow_the_title_each_text_once() -> None:
    film = tagged(
        comment="Shot in 1914",
        description="A tramp and a policeman",
        synopsis="a tramp and a POLICEMAN",
        title="Chaplin",
        handler_name="VideoHandler",
        encoder="Lavf58",
    )
    assert texts(film) == ["Chaplin", "A tramp and a policeman", "Shot in 1914"]
    assert all(f.kind is WordsKind.TITLE for f in analyze(film) if isinstance(f, Words))


def test_tags_with_a_language_and_empty_tags_are_understood() -> None:
    film = replace(FILM, tags=(("title", " \0"), ("title-eng", "Dawn"), ("comment", "x" * 9000)))
    assert texts(film)[0] == "Dawn"
    assert len(texts(film)[1]) == 2000


def test_rates_are_measured_with_their_units() -> None:
    assert measures(FILM) == {"fps": (25.0, "1/s"), "bit_rate": (900_000.0, "bit/s")}


def test_an_unknown_bit_rate_is_that_of_the_whole_file() -> None:
    assert measures(replace(FILM, bit_rate=0))["bit_rate"] == (1_000_000.0, "bit/s")


def test_what_is_not_known_is_not_measured() -> None:
    unknown = replace(FILM, bit_rate=0, duration_ms=0, fps=0.0)
    assert measures(unknown) == {}
    assert measures(replace(unknown, fps=float("nan"))) == {}
    assert measures(replace(unknown, fps=float("inf"))) == {}


def test_no_measure_takes_a_name_that_search_reserves() -> None:
    film = tagged(title="x", creation_time="2020-01-01T00:00:00Z")
    assert not RESERVED & set(measures(film))


def test_format_and_codec_are_labels() -> None:
    assert labels(FILM) == {"container/mp4", "codec/h264"}
    assert "codec/av1" in labels(replace(FILM, codec="libdav1d"))


@pytest.mark.parametrize(
    ("name", "demuxer", "expected"),
    [
        ("a.mov", "mov,mp4,m4a,3gp,3g2,mj2", "mov"),
        ("a.M4V", "mov,mp4,m4a,3gp,3g2,mj2", "mp4"),
        ("a.mkv", "matroska,webm", "matroska"),
        ("a.webm", "matroska,webm", "webm"),
        ("a", "mov,mp4,m4a,3gp,3g2,mj2", "mov"),
        ("a.dat", "mpegts", "mpegts"),
    ],
)
def test_the_format_has_one_name(name: str, demuxer: str, expected: str) -> None:
    assert find_format(replace(FILM, name=name, format=demuxer)) == expected


@pytest.mark.parametrize(
    ("tags", "camera"),
    [
        (
            {"com.apple.quicktime.make": "Apple", "com.apple.quicktime.model": "iPhone 12"},
            "Apple iPhone 12",
        ),
        ({"make": "Canon", "model": "Canon EOS 5D"}, "Canon EOS 5D"),
        ({"com.android.manufacturer": "Google", "com.android.model": "Pixel 6"}, "Google Pixel 6"),
        ({"model": "HERO8"}, "HERO8"),
        ({"make": "Sony"}, "Sony"),
        ({}, ""),
    ],
)
def test_the_camera_is_make_and_model(tags: dict[str, str], camera: str) -> None:
    film = tagged(**tags)
    assert find_camera(film) == camera
    assert {name for name in labels(film) if name.startswith("camera/")} == (
        {f"camera/{camera}"} if camera else set()
    )


def ms(iso: str) -> int:
    return round(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"creation_time": "2014-11-05T13:51:33.000000Z"}, ms("2014-11-05T13:51:33")),
        ({"creation_time": "2013-10-21 15:37:13"}, ms("2013-10-21T15:37:13")),
        (
            {
                "creation_time": "2020-01-01T10:00:00Z",
                "com.apple.quicktime.creationdate": "2019-12-31T12:00:00+0200",
            },
            ms("2019-12-31T10:00:00"),
        ),
        ({"date": "1914"}, ms("1914-01-01")),
        ({"date": "2013-05"}, ms("2013-05-01")),
        ({"date": "2013:05:07 10:11:12"}, ms("2013-05-07T10:11:12")),
        ({"date": "20130507"}, ms("2013-05-07")),
        ({"creation_time": "1904-01-01T00:00:00.000000Z", "date": "2001"}, ms("2001-01-01")),
        ({"creation_time": "1970-01-01T00:00:00.000000Z"}, None),
        ({"date": "last summer"}, None),
        ({"date": "0001-01-01T00:00:00+05:00"}, None),
        ({}, None),
    ],
)
def test_the_date_comes_from_tags(tags: dict[str, str], expected: int | None) -> None:
    assert find_creation_ms(tagged(**tags)) == expected


def test_all_findings_span_the_whole_video() -> None:
    found = analyze(tagged(title="x", comment="y", make="Sony"))
    assert len(found) == 7
    assert {(f.start_ms, f.end_ms) for f in found} == {(0, 8000)}


def test_a_clip_without_a_container_gives_nothing() -> None:
    clips = [Clip(0, 10), Clip(0, 10, container=FILM)]
    assert [len(found) for found in ContainerAnalyzer().analyze(clips)] == [0, 5]
