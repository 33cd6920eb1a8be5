"""What a page of hits shows of itself: as lines, on a terminal, in a notebook."""

import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.console import Console

from search.client import ApiRefused, ApiUnreachable, FoundHits, SearchClient
from search.wire import Problem

HOSTILE = "<img src=x onerror=alert(1)>\"'&\udcff\x1b[31m\n</td><script>alert(2)</script>"
JPEG = b"\xff\xd8\xff\xe0 as good as a picture"
WHY = {"kind": "words", "score": None, "source": "read", "found": HOSTILE}


def page(count: int, **changed: Any) -> FoundHits:
    """Hits of a video with a hostile name, in whose pictures hostile text was read."""
    hits = [
        {
            **{"rank": n + 1, "video": HOSTILE, "video_id": "ab", "shot": f"ab@{n}", "why": WHY},
            **{"start_ms": n, "end_ms": n + 1, "time_ms": n, "score": 0.5},
        }
        for n in range(count)
    ]
    media = [
        {
            **{"picture": f"/p/{n}", "small": f"/s/{n}", "play": "/v", "play_from_ms": 0},
            **{"clip": f"/c/{n}", "clip_from_ms": n},
        }
        for n in range(count)
    ]
    rest = {"space": None, "took_ms": 1.0, "total": 100, "generation": "g", "notes": [HOSTILE]}
    return FoundHits.model_validate({"hits": hits, "media": media, **rest, **changed})


class Reader:
    """Gives a picture for every address, or what it was told to."""

    def __init__(self, *said: bytes | Exception) -> None:
        self.said, self.asked = said, []

    def __call__(self, address: str, *, timeout_s: float | None = None) -> bytes:
        self.asked.append(address)
        said = self.said[int(address.rpartition("/")[2]) % len(self.said)]
        if isinstance(said, Exception):
            raise said
        return said


class Tags(HTMLParser):
    """The tags of a page, its texts, and the attributes of its pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.pictures: list[dict[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "img":
            self.pictures.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_hits_are_iterated_and_indexed() -> None:
    found = page(3)
    assert len(found) == 3
    assert [hit.rank for hit in found] == [1, 2, 3]
    assert (found[0].rank, found[-1].rank, len(found[1:])) == (1, 3, 2)
    assert [(m.hit.rank, m.media.small) for m in found.moments()][2] == (3, "/s/2")
    assert not page(0)
    assert found == page(3)


def test_lines_are_short_and_plain() -> None:
    shown = repr(page(50)).splitlines()
    assert len(shown) == 21
    assert shown[0].startswith("   1  0.500  <img src=x")
    assert shown[-1] == "100 hits, 20 shown"
    assert "\x1b" not in repr(page(50))
    assert repr(page(0, total=0)) == "no hits"
    assert str(page(2, total=2)).count("\n") == 1


def test_a_terminal_shows_a_table_without_markup() -> None:
    screen = Console(file=io.StringIO(), width=200, force_terminal=True)
    screen.print(page(2))
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "rank" in shown
    assert "\x1b[31m" not in shown
    screen.print(page(0))


def test_a_notebook_shows_text_as_text() -> None:
    shown = page(2).reading_by(Reader(JPEG))._repr_html_()
    shown.encode()
    read = Tags(shown)
    assert read.tags == {"div", "p", "table", "thead", "tbody", "tr", "th", "td", "img"}
    assert "<script>alert(2)</script>" in "".join(read.texts)
    assert {*read.pictures[0]} == {"alt", "style", "src"}
    assert all(str(one["src"]).startswith("data:image/jpeg;base64,/9j/") for one in read.pictures)


def test_without_a_client_a_notebook_shows_a_table() -> None:
    read = Tags(page(2)._repr_html_())
    assert read.pictures == []
    assert {"0.500", "0:00.000-0:00.001", "100 hits, 2 shown"} <= {*read.texts}
    assert "no hits" in page(0, total=0)._repr_html_()


def test_only_the_first_have_pictures() -> None:
    reader = Reader(JPEG)
    read = Tags(page(60).reading_by(reader)._repr_html_())
    assert len(read.pictures) == len(reader.asked) == 24
    assert sorted(reader.asked, key=lambda one: int(one[3:])) == [f"/s/{n}" for n in range(24)]


@pytest.mark.parametrize(
    "said",
    [
        ApiRefused(Problem(title="Gone", status=404, detail="gone", hint="")),
        b"<svg onload=alert(1)>",
        b"",
        JPEG + b"x" * 1_000_001,
    ],
)
def test_a_picture_that_cannot_be_had_leaves_its_place(said: bytes | Exception) -> None:
    shown = page(4).reading_by(Reader(said, JPEG))._repr_html_()
    assert len(Tags(shown).pictures) == 2
    assert "onload" not in shown
    assert len(re.findall(r"<td><div style=[^>]+></div></td>", shown)) == 2


def test_a_server_that_is_gone_is_not_asked_for_each_picture() -> None:
    reader = Reader(ApiUnreachable("gone"))
    assert Tags(page(24).reading_by(reader)._repr_html_()).pictures == []
    assert len(reader.asked) <= 8


def test_a_real_page_shows_real_pictures(api: str) -> None:
    found = SearchClient(api).search("green")
    read = Tags(found._repr_html_())
    assert len(read.pictures) == len(found) > 2
    assert "bad  <b>&.mp4" in read.texts
    assert "b" not in read.tags
    assert repr(found).splitlines()[0].startswith("   1  ")


def test_fields_of_a_newer_server_are_let_pass() -> None:
    assert page(1, mood="fine").total == 100
