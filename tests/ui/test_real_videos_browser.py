"""The page on the real videos, in a real browser, with and without a token.

A light core runs always; the rest is slow. Whatever a test is about, its witness also judges that
nothing complained, that every picture and film came from the API by an address that is signed
where there is a token, and that the browser never met the token.
"""

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.ui.page_trial import box, tiles
from tests.ui.real_page import (
    DEEP,
    FILMS,
    TOKEN,
    Site,
    Witness,
    index,
    run_site,
    status_of,
    witness,
)

MANY = "intel/one-by-one-person-detection.mp4"
FEW_ANALYZERS = ("--analyzers", "toy,colours,subtitles,container")
# Which shot of which video: where there are several, not the first, so that its second is not 0.
CORE = (("testvideo.mp4", 3), ("testsrc2_mpeg4.avi", 0), ("h265_10bits.mp4", 0))
CORE = (*CORE, ("newtonscradle.gif", 0))
MORE = (
    ("fades.mp4", -1),
    ("flipping_a_pancake.mkv", -1),
    ("big_buck_bunny_0_30.webm", 2),
    ("video_90.mov", 0),
    ("corrupted.mp4", 0),
    ("delayed_start.mp4", 0),
)
STOP_AT = """(video, time) => new Promise((done) => {
    video.controls = false;
    video.pause();
    video.addEventListener("seeked", () => requestVideoFrame(), { once: true });
    const requestVideoFrame = () => requestAnimationFrame(() => requestAnimationFrame(done));
    video.currentTime = time;
})"""
COPY_PICTURE = """async (address) => {
    const picture = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = Object.assign(document.createElement("canvas"), picture);
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""
IN_VIEW = f"""() => {{
    {DEEP}
    const seen = (node) => {{
        const box = node.getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight;
    }};
    return deep(".tiles.grid .item").filter(seen).map((node) => node.querySelector("img").src);
}}"""
TIME_PAINTING = f"""() => {{
    {DEEP}
    addEventListener("keydown", ({{ key }}) => {{
        if (key !== "Enter") return;
        const from = performance.now();
        const look = () => {{
            const items = deep(".tiles.grid .item");
            const seen = items.filter((node) => {{
                const box = node.getBoundingClientRect();
                return box.bottom > 0 && box.top < innerHeight;
            }});
            const there = (node) => node.querySelector("img").complete
                && node.querySelector("img").naturalWidth > 0;
            if (items.length >= 200 && seen.length && seen.every(there)) {{
                requestAnimationFrame(() => (window.painted = performance.now() - from));
            }} else requestAnimationFrame(look);
        }};
        look();
    }}, {{ capture: true, once: true }});
}}"""
FOCUSED = """() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    const named = ["aria-label", "title", "placeholder"].map((name) => node?.getAttribute(name));
    return [...named, node?.innerText, node?.localName].filter(Boolean).join(" | ");
}"""

slow = pytest.mark.slow
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Other work on the machine may slow a page down; it is no failure."""
    expect.set_options(timeout=15_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="session")
def films(material: Path, tmp_path_factory: pytest.TempPathFactory, shotseek: Any) -> Path:
    videos = [material / "videos" / name for name in FILMS]
    return index(shotseek, videos, tmp_path_factory.mktemp("films") / "real", *FEW_ANALYZERS)


@pytest.fixture(scope="session")
def many(material: Path, tmp_path_factory: pytest.TempPathFactory, shotseek: Any) -> Path:
    words = ("--shots", "fixed:0.5", "--analyzers", "toy,colours")
    folder = tmp_path_factory.mktemp("many") / "real"
    return index(shotseek, [material / "videos" / MANY], folder, *words)


@pytest.fixture(scope="module", params=["", TOKEN], ids=["open", "token"])
def site(
    films: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Site]:
    with run_site(films, tmp_path_factory.mktemp("site"), request.param) as site:
        yield site


@pytest.fixture
def seen(site: Site, page: Page) -> Iterator[Witness]:
    with witness(page, site) as seen:
        yield seen


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def ids(page: Page) -> list[str]:
    shown = page.locator(".tiles.grid .item")
    return list(shown.evaluate_all("nodes => nodes.map((node) => node.dataset.id)"))


def search(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")
    page.wait_for_url(re.compile("text="))
    expect(page.get_by_text(re.compile(r"^\d+ hits"))).to_be_visible()


def open_shot(page: Page, site: Site, name: str, number: int) -> dict[str, Any]:
    """Find a video, open one of its shots; what the API says of that hit."""
    hits = site.hits(name)
    page.goto(f"{site.page}/?where=video%3D{name}&sort=time")
    expect(tiles(page)).to_have_count(len(hits))
    tiles(page).nth(number % len(hits)).click()
    page.wait_for_url(re.compile(r"/shot\?"))
    assert asked(page)["id"] == [hits[number]["shot"]]
    expect(page.locator(".player video")).to_be_visible()
    return hits[number]


def played(page: Page) -> list[float]:
    """The seconds of its video at which the player stood, from its start on."""
    page.wait_for_function(
        f"() => {{ {DEEP} const film = deep('.player video')[0];"
        " return film?.times?.some((time) => time > film.times[0]); }"
    )
    offset = int(page.locator(".player").get_attribute("data-offset-ms") or 0) / 1000
    return [offset + one for one in page.locator(".player video").evaluate("film => film.times")]


def check_it_plays(page: Page, hit: dict[str, Any]) -> None:
    times = played(page)
    assert times[0] == pytest.approx(hit["time_ms"] / 1000, abs=0.05)
    assert max(times) > times[0]
    assert times == sorted(times), "it jumped"


def unlikeness(shown: bytes, kept: bytes) -> float:
    """Mean difference of two pictures in grey levels, 0-255."""
    small = [Image.open(io.BytesIO(one)).convert("RGB").resize((32, 32)) for one in (shown, kept)]
    one, other = (np.asarray(picture, np.float64) for picture in small)
    return float(np.abs(one - other).mean())


def check_it_shows_the_keyframe(page: Page, site: Site, hit: dict[str, Any]) -> None:
    """At the hit's second the player shows what was indexed there, the right way up."""
    film = page.locator(".player video")
    offset = int(page.locator(".player").get_attribute("data-offset-ms") or 0)
    film.evaluate(STOP_AT, (hit["time_ms"] - offset) / 1000 + 0.001)
    details = site.ask(f"/v1/shots/{hit['shot']}")
    with urlopen(site.public + details["media"]["picture"]) as answer:
        kept = answer.read()
    width, height = film.evaluate("film => [film.videoWidth, film.videoHeight]")
    tall, wide = Image.open(io.BytesIO(kept)).height, Image.open(io.BytesIO(kept)).width
    assert width / height == pytest.approx(wide / tall, rel=0.02)
    left, _, right, _ = film.evaluate(
        "film => { const box = film.getBoundingClientRect();"
        " return [box.width, box.height, film.clientWidth, film.clientHeight]; }"
    )
    assert left == right
    shown = crop(film.screenshot(), width / height)
    assert unlikeness(shown, kept) < 12


def crop(screenshot: bytes, shape: float) -> bytes:
    """Without the bars beside or above the picture, which is `shape` times as wide as high."""
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    width = min(picture.width, picture.height * shape)
    height = width / shape
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    file = io.BytesIO()
    picture.crop((round(left), round(top), round(left + width), round(top + height))).save(
        file, "PNG"
    )
    return file.getvalue()


@pytest.mark.parametrize(("name", "number"), CORE)
def test_an_opened_shot_plays_at_its_second(
    site: Site, seen: Witness, name: str, number: int
) -> None:
    hit = open_shot(seen.page, site, name, number)
    check_it_plays(seen.page, hit)
    check_it_shows_the_keyframe(seen.page, site, hit)


@slow
@pytest.mark.parametrize(("name", "number"), MORE)
def test_every_other_form_plays_at_its_second(
    site: Site, seen: Witness, name: str, number: int
) -> None:
    hit = open_shot(seen.page, site, name, number)
    check_it_plays(seen.page, hit)
    check_it_shows_the_keyframe(seen.page, site, hit)
