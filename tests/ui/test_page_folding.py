"""Hits that look the same: chosen in the form, counted in the caption, told by the tile."""

import pytest
from streamlit.testing.v1 import AppTest

from search.hits import Hit, Why
from search.wire import Found, Media
from ui.api import Api
from ui.screens.search_screen import say_how_many
from ui.settings import UiSettings
from ui.tiles import tiles_of_hits

CHOICE = "Hits that look the same"
MEDIA = Media(picture="/p", small="/s", play="/v", play_from_ms=0, clip="/c", clip_from_ms=0)


def form() -> None:
    """The form alone; nothing answers where it looks for an API."""
    from ui.api import Api
    from ui.memory import read_address
    from ui.place import Place
    from ui.screens.search_form import show_form
    from ui.settings import UiSettings

    api = Api(UiSettings(api="http://127.0.0.1:9"))
    show_form(Place(api, read_address().state, {}, "search"))


def open_form(**asked: str) -> AppTest:
    page = AppTest.from_function(form, default_timeout=60)
    page.query_params.update(asked)
    page.run()
    assert not page.exception
    return page


def choice(page: AppTest) -> list[str]:
    """What is chosen, and what could be."""
    found = next(one for one in page.selectbox if one.label == CHOICE)
    return [found.format_func(found.value), *found.options]


def choose(page: AppTest, value: str) -> None:
    next(one for one in page.selectbox if one.label == CHOICE).set_value(value).run()
    assert not page.exception


def test_the_form_folds_nothing_until_it_is_told() -> None:
    page = open_form(text="boat", k="240")
    assert choice(page)[0] == "all shown"
    choose(page, "0.99")
    assert page.query_params == {"text": "boat", "k": "240", "distinct": "0.99"}
    assert choice(page)[0] == "folded if nearly the same (0.99)"
    choose(page, "")
    assert page.query_params == {"text": "boat", "k": "240"}


def test_the_form_shows_any_cosine_of_the_address_and_leaves_it() -> None:
    page = open_form(text="boat", distinct=".9")
    assert choice(page)[0] == choice(page)[-1] == "folded from a cosine of 0.9 on"
    next(one for one in page.text_input if one.label == "Search").set_value("ship").run()
    assert page.query_params == {"text": "ship", "distinct": "0.9"}


def found(similar: list[int], total: int, cursor: str | None = None) -> Found:
    hits = [make_hit(number, count) for number, count in enumerate(similar)]
    media = [MEDIA] * len(hits)
    return Found(
        hits=tuple(hits),
        media=tuple(media),
        space="toy",
        took_ms=1,
        total=total,
        generation="1",
        cursor=cursor,
    )


def make_hit(number: int, similar: int) -> Hit:
    return Hit(
        rank=number + 1,
        video="film.mp4",
        video_id="f",
        shot=f"f@{number}",
        start_ms=number,
        end_ms=number + 1,
        time_ms=number,
        score=0.5,
        why=Why(kind="text", score=0.5),
        similar=similar,
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (found([0], 1), "1 hit"),
        (found([0, 0], 2), "2 hits"),
        (found([0, 0], 4000, "next"), "the first 2 of 4,000 hits"),
        (found([3, 0], 5), "2 of 5 hits, 3 folded under hits that look the same"),
        (
            found([1500, 8], 4000, "next"),
            "the first 2 of 4,000 hits, 1,508 folded under hits that look the same",
        ),
    ],
)
def test_what_is_folded_is_never_counted_as_shown(answer: Found, said: str) -> None:
    assert say_how_many(answer) == said


def test_a_tile_says_for_how_many_it_stands_and_nothing_for_itself_alone() -> None:
    tiles = tiles_of_hits(found([1500, 1, 0], 1504), Api(UiSettings()))
    told = [(tile.badge, tile.badge_name) for tile in tiles]
    assert told == [
        ("+1,500", "1,500 more that look the same"),
        ("+1", "1 more that looks the same"),
        ("", ""),
    ]
