"""Persons on the page, in a real browser: seen, named, joined, parted, hidden, forgotten."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from search.client import SearchClient
from tests.cast import RIGHT, make_cast
from tests.ui.page_trial import free_port, serve, settle, show, tiles, visit

pytestmark = pytest.mark.browser
SHOWN = """(node) => {
    const img = node.querySelector("img");
    return img.complete && img.naturalWidth > 40;
}"""
WHOLE = """(img) => img.decode().then(() => img.naturalWidth > 20)"""
EDGES = """(box) => {
    const [inner, outer] = [box, box.closest("figure")].map((one) => one.getBoundingClientRect());
    return [
        (inner.left - outer.left) / outer.width, (inner.top - outer.top) / outer.height,
        (inner.right - outer.left) / outer.width, (inner.bottom - outer.top) / outer.height,
    ];
}"""


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory, shotseek: Any) -> Path:
    """Two films with three people; never changed."""
    videos, folder = tmp_path_factory.mktemp("films"), tmp_path_factory.mktemp("cast")
    return make_cast(videos, folder / "cast.collection", shotseek)


@pytest.fixture
def site(cast: Path, tmp_path: Path) -> Iterator[tuple[str, SearchClient]]:
    """A page, and a client of its API, over a collection of this test's own."""
    own = shutil.copytree(cast, tmp_path / "own.collection")
    with serve(own, free_port(), "--cache", str(tmp_path / "c")) as api, show(api) as address:
        yield address, SearchClient(api)


def faces(page: Page) -> Locator:
    return tiles(page, "faces")


def choose(page: Page, *places: int) -> None:
    """With the keyboard alone."""
    for place in places:
        faces(page).nth(place).focus()
        page.keyboard.press(" ")
        settle(page)


def names(client: SearchClient) -> list[tuple[str | None, int]]:
    return [(one.name, one.appearances) for one in client.persons.list_().persons]


def test_persons_are_named_joined_and_parted(site: tuple[str, SearchClient], page: Page) -> None:
    address, client = site
    visit(page, address)
    page.get_by_role("link", name="Persons").click()
    settle(page)
    expect(faces(page)).to_have_count(3)
    for number in range(3):
        assert faces(page).nth(number).evaluate(SHOWN)
    choose(page, 1)
    page.get_by_label("Who is this?").fill("Ann")
    page.keyboard.press("Enter")
    expect(page.locator(".tiles.faces .title").first).to_have_text("Ann")
    settle(page)
    choose(page, 0, 2)
    page.get_by_role("button", name="These 2 are one person: Ann").click()
    expect(faces(page)).to_have_count(2)
    settle(page)
    assert names(client) == [("Ann", 3), (None, 3)]
    faces(page).nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/person\?.*person=p1"))
    expect(faces(page)).to_have_count(3)
    settle(page)
    choose(page, 2)
    page.get_by_label("1 chosen: who is it instead?").fill("Cleo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cleo")).to_be_visible()
    assert names(client) == [("Ann", 3), ("Cleo", 1), (None, 2)]


def test_a_shot_shows_where_the_person_is(site: tuple[str, SearchClient], page: Page) -> None:
    address, _ = site
    visit(page, f"{address}/person?person=p1")
    page.get_by_role("link", name="search for this person").click()
    expect(tiles(page)).to_have_count(3)
    settle(page)
    tiles(page).first.click()
    page.wait_for_url(re.compile(r"/shot\?"))
    drawn = page.locator(".boxed .box")
    expect(drawn).to_have_count(1)
    expect(drawn.locator(".label")).to_have_text("p1")
    settle(page)
    assert page.locator(".boxed").evaluate(SHOWN)
    assert drawn.evaluate(EDGES) == pytest.approx(RIGHT, abs=0.02)


def test_hidden_and_forgotten_persons_go(site: tuple[str, SearchClient], page: Page) -> None:
    address, client = site
    ann = client.persons.name("p0", "Ann")
    visit(page, f"{address}/persons")
    choose(page, 2)
    page.get_by_role("button", name="Hide").click()
    expect(faces(page)).to_have_count(2)
    settle(page)
    faces(page).first.click()
    page.wait_for_url(re.compile(r"/person\?"))
    settle(page)
    page.get_by_text("Forget\u2026").click()
    box = page.get_by_label("To go on, write")
    box.fill("ann")
    box.press("Enter")
    expect(page.get_by_text("Nothing was removed")).to_be_visible()
    assert client.persons.get(ann.id).name == "Ann"
    settle(page)
    box.fill("Ann")
    page.get_by_role("button", name="Forget for good").click()
    page.wait_for_url(re.compile(r"/persons"))
    expect(faces(page)).to_have_count(1)
    assert names(client) == [(None, 3)]


def test_a_face_is_named_beside_its_shot(site: tuple[str, SearchClient], page: Page) -> None:
    address, client = site
    client.persons.name("p1", "Bob")
    shot = next(face.shot for face in client.persons.get("p0").faces if face.start_ms == 4000)
    visit(page, f"{address}/shot?id={shot}")
    seen = page.locator(".st-key-people")
    expect(seen.get_by_role("link")).to_have_text(["Bob", "no name yet"])
    expect(seen.locator("img")).to_have_count(2)
    for number in range(2):
        assert seen.locator("img").nth(number).evaluate(WHOLE)
    seen.get_by_role("button", name="Who is this?").click()
    box = page.get_by_label("The name of who this is")
    box.fill("Ann")
    box.press("Enter")
    expect(seen.get_by_role("link")).to_have_text(["Ann", "Bob"])
    expect(box).to_have_count(0)
    assert names(client) == [("Ann", 2), ("Bob", 3), (None, 1)]
    settle(page)
    seen.get_by_role("link", name="Ann").click()
    page.wait_for_url(re.compile(r"/person\?.*person=p-"))
    expect(page.get_by_role("heading", name="Ann")).to_be_visible()


def test_a_person_is_searched_by_pictures_of_the_face(
    site: tuple[str, SearchClient], page: Page
) -> None:
    address, client = site
    face = client.persons.get("p0").face
    assert face is not None
    files = [
        {"name": name, "mimeType": "image/jpeg", "buffer": client.read_media(path)}
        for name, path in (("a.jpg", face.face or ""), ("b.jpg", face.media.picture))  # type: ignore[union-attr]
    ]
    visit(page, address)
    page.get_by_role("button", name="Face").click()
    page.locator('input[type="file"]').set_input_files(files)
    page.wait_for_url(re.compile(r"face=[0-9a-f]{32}&face=[0-9a-f]{32}"))
    expect(page.get_by_text("shows this person")).to_be_visible()
    expect(page.locator(".st-key-chip-faces img")).to_have_count(2)
    expect(page.get_by_text("face-embedder painted")).to_be_visible()  # these are no real faces
    settle(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="drop the person").click()
    expect(page.get_by_text("shows this person")).to_have_count(0)
    assert "face=" not in page.url


def test_how_who_does_what_is_checked_stands_in_the_address(
    site: tuple[str, SearchClient], page: Page
) -> None:
    address, _ = site
    visit(page, f"{address}/?where=person%3Dp0")
    expect(tiles(page).first).to_be_visible()
    expect(page.get_by_role("button", name="Who does it")).to_have_count(0)
    visit(page, f"{address}/?where=does%3Dp0%3A+a+walk")
    page.get_by_role("button", name="Who does it").click()
    for label, told in (("Only who acts", "identity=no"), ("Gaps within", "gaps=no")):
        page.locator("label").filter(has_text=label).click()
        page.wait_for_url(re.compile(told))
        settle(page)
    page.get_by_role("combobox", name="Shots are lifted").click()
    page.get_by_role("option", name="not at all").click()
    page.wait_for_url(re.compile("identity=no&gaps=no&extension=off"))


def test_a_page_behind_the_last_is_the_last(site: tuple[str, SearchClient], page: Page) -> None:
    address, _ = site
    for path, count in (("persons?page=7", 3), ("person?person=p0&page=3", 2)):
        visit(page, f"{address}/{path}")
        expect(faces(page)).to_have_count(count)
        page.wait_for_url(re.compile(f"^(?!.*page=).*{path.partition('?')[0]}"))


def test_without_faces_the_page_says_how_to_find_some(
    tmp_path_factory: pytest.TempPathFactory, shotseek: Any, page: Page
) -> None:
    videos, folder = tmp_path_factory.mktemp("films"), tmp_path_factory.mktemp("plain")
    plain = make_cast(videos, folder / "plain.collection", shotseek, faces=False)
    with serve(plain, free_port(), "--cache", str(folder / "c")) as api, show(api) as address:
        visit(page, f"{address}/persons")
        expect(page.get_by_text("--analyzers +faces")).to_be_visible()
