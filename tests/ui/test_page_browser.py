"""The page in a real browser: `shotseek serve` and `shotseek ui` as processes of their own."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.ui.page_trial import (
    COLOURS,
    HOSTILE_TEXT,
    PATIENCE_S,
    box,
    free_port,
    make_collection,
    serve,
    settle,
    show,
    tiles,
    visit,
)
from tests.ui.real_sights import tab_to

TIME = "(video) => video.currentTime"
COPY_PICTURE = """async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 36 });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "rgb(20, 40, 220)";
    pen.fillRect(0, 0, 64, 36);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Trial:
    """A collection, and where its API and its page are."""

    collection: Path
    api: str
    page: str


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory, shotseek: Any) -> Path:
    videos, folder = tmp_path_factory.mktemp("videos"), tmp_path_factory.mktemp("made")
    return make_collection(videos, folder / "trial.collection", shotseek)


@pytest.fixture(scope="module")
def trial(collection: Path) -> Iterator[Trial]:
    port = free_port()
    with serve(collection, port) as api, show(api) as page:
        yield Trial(collection, api, page)


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def wait_for_asked(page: Page, key: str, values: list[str]) -> None:
    page.wait_for_function(
        "([key, values]) => JSON.stringify(new URLSearchParams(location.search).getAll(key))"
        " === JSON.stringify(values)",
        arg=[key, values],
    )


def search(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")
    wait_for_asked(page, "text", [text] if text else [])
    expect(tiles(page).first).to_be_visible()
    settle(page)


def seconds(page: Page) -> float:
    return float(page.locator(".player video").evaluate(TIME))


def blue_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 36), COLOURS["blue"]).save(file, "PNG")
    return file.getvalue()


def test_search_open_a_shot_and_come_back(trial: Trial, page: Page) -> None:
    visit(page, trial.page)
    expect(page.get_by_text("The newest of 3 videos")).to_be_visible()
    search(page, "something red")
    expect(page.get_by_text("10 hits")).to_be_visible()
    tile = tiles(page).nth(2)
    chosen = page.locator(".tiles.grid .item").nth(2).get_attribute("data-id")
    tile.click()
    page.wait_for_url(re.compile(r"/shot\?"))
    assert asked(page)["id"] == [chosen]
    start = int(asked(page)["t"][0]) / 1000
    page.wait_for_function(
        "() => { const find = (root) => root.querySelector('.player video') ?? Array.from("
        "root.querySelectorAll('*')).map((node) => node.shadowRoot && find(node.shadowRoot))"
        ".find(Boolean); return find(document)?.currentTime > 0; }"
    )
    offset = int(page.locator(".player").get_attribute("data-offset-ms") or 0) / 1000
    assert start - 0.1 <= seconds(page) + offset < start + 4
    page.get_by_role("link", name="back to the results").click()
    expect(page.locator(".tiles.grid [aria-current=true]")).to_have_count(1)
    assert asked(page)["text"] == ["something red"]
    assert asked(page)["id"] == [chosen]


def test_the_browsers_own_buttons(trial: Trial, page: Page) -> None:
    visit(page, trial.page)
    search(page, "something red")
    search(page, "something blue")
    page.go_back()
    expect(box(page)).to_have_value("something red")
    settle(page)
    page.go_forward()
    expect(box(page)).to_have_value("something blue")
    settle(page)
    tiles(page).first.click()
    page.wait_for_url(re.compile(r"/shot\?"))
    expect(page.locator(".player")).to_be_visible()
    settle(page)
    page.go_back()
    expect(tiles(page).first).to_be_visible()
    expect(box(page)).to_have_value("something blue")
    expect(page.locator(".tiles.grid [aria-current=true]")).to_have_count(1)


def test_neighbours_by_button_key_and_filmstrip(trial: Trial, page: Page) -> None:
    visit(page, f"{trial.page}/?where=video%3Dcolours.mp4&sort=time")
    tiles(page).first.click()
    check_shot(page, 1)
    page.get_by_role("button", name=re.compile("^next")).click()
    check_shot(page, 2)
    page.locator("body").press("n")
    check_shot(page, 3)
    page.locator("body").press("p")
    check_shot(page, 2)
    tiles(page, "strip").nth(3).click()
    check_shot(page, 4)
    page.go_back()
    expect(page.get_by_text("shot 2 of 4")).to_be_visible()


def check_shot(page: Page, number: int) -> None:
    expect(page.get_by_text(f"shot {number} of 4")).to_be_visible()
    settle(page)


def test_filters_and_what_comes_then(trial: Trial, page: Page) -> None:
    visit(page, trial.page)
    filters = page.get_by_role("combobox", name="Filters")
    filters.fill("colour=red")
    filters.press("Enter")
    wait_for_asked(page, "where", ["colour=red"])
    expect(page.get_by_text(re.compile(r"^3 hits"))).to_be_visible()
    expect(tiles(page).first).to_contain_text("red")
    settle(page)
    filters.press("Escape")
    then = box(page, "Then")
    then.fill("something green")
    then.press("Enter")
    wait_for_asked(page, "then", ["something green"])
    expect(page.get_by_text(re.compile(r"^1 hit"))).to_be_visible()
    settle(page)
    within = box(page, "Within seconds")
    within.fill("5")
    within.press("Enter")
    wait_for_asked(page, "within", ["5"])
    expect(page.get_by_text(re.compile(r"^1 hit"))).to_be_visible()
    expect(box(page, "Then 2")).to_be_visible()


def test_a_shared_address_shows_the_same_in_a_fresh_browser(
    trial: Trial, page: Page, chromium: Browser
) -> None:
    visit(page, trial.page)
    search(page, "something yellow")
    page.get_by_role("button", name="Listing").click()
    page.get_by_role("radio", name="by video").click()
    wait_for_asked(page, "group", ["video"])
    page.keyboard.press("Escape")
    expect(page.locator(".tiles.grid.grouped")).to_be_visible()
    settle(page)
    ids = page.locator(".tiles.grid .item").evaluate_all("nodes => nodes.map((n) => n.dataset.id)")
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_S * 1000)
    other = context.new_page()
    visit(other, page.url)
    expect(other.locator(".tiles.grid.grouped")).to_be_visible()
    expect(box(other)).to_have_value("something yellow")
    there = other.locator(".tiles.grid .item").evaluate_all("nodes => nodes.map(n => n.dataset.id)")
    assert there == ids
    context.close()


def test_hits_that_look_the_same_are_folded_and_found_again(trial: Trial, page: Page) -> None:
    visit(page, f"{trial.page}/?text=something+red")
    expect(tiles(page)).to_have_count(10)
    page.get_by_role("button", name="Listing").click()
    page.get_by_role("combobox", name="Hits that look the same").click()
    page.get_by_role("option", name="folded if alike (0.95)").click()
    wait_for_asked(page, "distinct", ["0.95"])
    expect(tiles(page)).to_have_count(4)
    expect(page.get_by_text("4 of 10 hits, 6 folded under hits that look the same")).to_be_visible()
    expect(page.get_by_role("button", name="More hits")).to_have_count(0)
    settle(page)
    page.keyboard.press("Escape")
    red = page.get_by_role("button", name=re.compile("^1, .*, 2 more that look the same$"))
    expect(red).to_contain_text("+2")
    settle(page)
    red.press("m")
    page.wait_for_url(re.compile(r"like="))
    wait_for_asked(page, "distinct", [])
    expect(page.get_by_text("10 hits")).to_be_visible()


def test_upload_a_picture_and_drop_it(trial: Trial, page: Page) -> None:
    visit(page, trial.page)
    page.get_by_role("button", name="Picture").click()
    files = {"name": "blue.png", "mimeType": "image/png", "buffer": blue_picture()}
    page.locator('input[type="file"]').set_input_files(files)
    page.wait_for_url(re.compile(r"picture=[0-9a-f]{8,}"))
    expect(page.get_by_text("looks like this picture")).to_be_visible()
    expect(tiles(page).first).to_contain_text("picture")
    settle(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="drop the picture").click()
    wait_for_asked(page, "picture", [])


def test_paste_a_picture(trial: Trial, chromium: Browser) -> None:
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_S * 1000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=trial.page)
    page = context.new_page()
    visit(page, f"{trial.page}/collection")
    expect(tiles(page).first).to_be_visible()
    page.evaluate(COPY_PICTURE)
    page.locator("body").press("Control+v")
    page.wait_for_url(re.compile(r"picture=[0-9a-f]{8,}"))
    expect(tiles(page).first).to_be_visible()
    context.close()


def test_more_like_this(trial: Trial, page: Page) -> None:
    visit(page, f"{trial.page}/?where=video%3Dcolours.mp4&sort=time")
    tiles(page).first.click()
    expect(page.get_by_role("link", name="more like this")).to_be_visible()
    settle(page)
    page.get_by_role("link", name="more like this").click()
    page.wait_for_url(re.compile(r"like="))
    expect(page.get_by_text("looks like colours.mp4 at")).to_be_visible()
    expect(tiles(page).first).to_contain_text("alike")


def test_the_keyboard_alone(trial: Trial, page: Page) -> None:
    visit(page, trial.page)
    expect(tiles(page).first).to_be_visible()
    expect(box(page)).to_be_visible()
    page.locator(".st-key-keys .says").wait_for(state="attached")  # what listens has come
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("something green")
    page.keyboard.press("Enter")
    wait_for_asked(page, "text", ["something green"])
    expect(tiles(page)).to_have_count(10)
    settle(page)
    page.keyboard.press("Escape")
    expect(tiles(page).first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tiles(page).nth(1)).to_be_focused()
    page.keyboard.press(" ")
    expect(page.locator(".item[data-playing]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/shot\?"))
    expect(page.locator(".player")).to_be_visible()
    settle(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    tab_to(page, "back to the results")
    page.keyboard.press("Enter")
    expect(tiles(page).first).to_be_visible()
    assert asked(page)["text"] == ["something green"]


def test_the_collection(trial: Trial, page: Page) -> None:
    visit(page, trial.page)
    page.get_by_role("link", name="Collection").click()
    expect(page.get_by_text("can be searched")).to_be_visible()
    expect(tiles(page)).to_have_count(3)
    settle(page)
    name = box(page, "Videos")
    name.fill("old")
    name.press("Enter")
    expect(tiles(page)).to_have_count(1)
    settle(page)
    tiles(page).first.click()
    expect(page.get_by_text("shot 1 of 4")).to_be_visible()


def test_texts_of_strangers_are_shown_as_text(trial: Trial, page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    visit(page, f"{trial.page}/?where=subtitle%3Dlatex")
    expect(tiles(page).first).to_contain_text("<img src=x onerror=alert(1)>.mp4")
    tiles(page).first.click()
    facts = page.locator(".st-key-facts")
    expect(facts).to_contain_text("<img src=x onerror=alert(1)>.mp4")
    expect(facts.get_by_role("link", name=re.compile("evil"))).to_be_visible()
    settle(page)
    said = facts.inner_text().replace("\u2060", "")
    assert HOSTILE_TEXT in said
    assert page.locator("img[src='x'], a[href^='javascript'], .katex, code").count() == 0
    assert page.locator("a[href*='evil.example']:not([href*='where='])").count() == 0


def test_wrong_questions_keep_the_widgets(trial: Trial, page: Page) -> None:
    visit(page, f"{trial.page}/?text=boat&where=colour%3Dreddish&k=lots")
    expect(page.get_by_text("the nearest is red")).to_be_visible()
    expect(page.get_by_text("k in the address is no number")).to_be_visible()
    expect(box(page)).to_have_value("boat")
    visit(page, f"{trial.page}/?where=colour%3Dred&where=subtitle%3Dxyzzy")
    expect(page.get_by_text("Nothing holds for all of this.")).to_be_visible()
    expect(page.get_by_text("subtitle=xyzzy finds nothing by itself")).to_be_visible()
    page.get_by_role("link", name="search without subtitle=xyzzy").click()
    expect(page.get_by_text(re.compile(r"^3 hits"))).to_be_visible()
    visit(page, f"{trial.page}/shot?id=0000@5")
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_address_to_share_is_right_after_a_reload_too(trial: Trial, page: Page) -> None:
    visit(page, f"{trial.page}/?text=red")
    tiles(page).first.click()
    page.wait_for_url(re.compile(r"/shot\?"))
    page.reload()
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Share").click()
    expect(page.locator("[data-testid=stCode]")).to_contain_text(f"{trial.page}/shot?id=")
    expect(page.locator("[data-testid=stCode]")).not_to_contain_text("/shot/shot")


def test_space_in_the_film_itself_plays_and_stops(trial: Trial, page: Page) -> None:
    visit(page, f"{trial.page}/?text=red")
    tiles(page).first.click()
    film = page.locator(".player video")
    expect(film).to_have_js_property("paused", False)
    settle(page)
    film.focus()
    page.keyboard.press("Space")
    expect(film).to_have_js_property("paused", True)
