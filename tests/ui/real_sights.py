"""What a person would look at on the real videos: films that play, pictures in view, the focus.

Reads the page only; what it should show is told by the API.
"""

import io
import re
import time
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TimedOut

from tests.ui.page_trial import PATIENCE_S, box, settle, tiles, visit
from tests.ui.real_page import DEEP, Site

COPY_PICTURE = """async (data) => {
    const picture = await createImageBitmap(await (await fetch(data)).blob());
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""
MOST_LOOKS = 20
WATCH_IT_MOVE = """(film, patience) => new Promise((done) => {
    const until = performance.now() + patience;
    const look = () => {
        const moved = film.times.some((time) => time > film.times[0]);
        if (moved || performance.now() > until) setTimeout(() => done(film.times), 1000);
        else setTimeout(look, 50);
    };
    look();
})"""
STOP_AT = """(film, time) => new Promise((done) => {
    const shown = () => requestAnimationFrame(() => requestAnimationFrame(done));
    const look = () => {
        if (film.seeking || Math.abs(film.currentTime - time) > 0.001) return;
        film.removeEventListener("seeked", look);
        shown();
    };
    film.controls = false;
    film.pause();
    film.addEventListener("seeked", look);
    film.currentTime = time;
})"""
STANDS = """(film) => JSON.stringify({ at: film.currentTime, of: film.duration,
    paused: film.paused, ready: film.readyState, stood: film.times })"""
IN_VIEW = f"""() => {{
    {DEEP}
    const seen = (node) => {{
        const box = node.getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight;
    }};
    return deep(".tiles.grid .item").filter(seen).map((node) =>
        node.querySelector("img").src.split("/media/pictures/")[1]?.split(/[.?]/)[0] ?? "none");
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
    if (!node || node.matches("body, main")) return "";
    const named = ["aria-label", "title", "placeholder"].map((name) => node?.getAttribute(name));
    return [...named, node?.innerText, node?.localName].filter(Boolean).join(" | ");
}"""


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
    settle(page)


def open_shot(page: Page, site: Site, name: str, number: int) -> dict[str, Any]:
    """Find a video, open one of its shots; what the API says of that hit."""
    hits = site.hits(name)
    visit(page, f"{site.page}/?where=video%3D{name}&sort=time")
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
    second = (hit["time_ms"] - offset) / 1000 + 0.001
    film.evaluate(STOP_AT, second)
    kept = keyframe(site, hit["shot"])
    width, height = film.evaluate("film => [film.videoWidth, film.videoHeight]")
    tall, wide = Image.open(io.BytesIO(kept)).height, Image.open(io.BytesIO(kept)).width
    assert width / height == pytest.approx(wide / tall, rel=0.02)
    shown = [crop(film.screenshot(), width / height)]
    while unlikeness(shown[-1], kept) >= 12 and len(shown) < MOST_LOOKS:
        # A busy machine paints a frame after it was reached, or drops it: it is asked for anew,
        # from elsewhere, as a film that stands there already is not painted again.
        page.wait_for_timeout(500)
        film.evaluate(STOP_AT, second + 1 if second < 1 else second - 1)
        film.evaluate(STOP_AT, second)
        shown.append(crop(film.screenshot(), width / height))
    assert unlikeness(shown[-1], kept) < 12, f"at {second} of {film.evaluate(STANDS)}"


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


def times_of(playing: Locator) -> list[float]:
    """Where a film stood, in seconds, from its start until a second after it has moved."""
    return [float(one) for one in playing.evaluate(WATCH_IT_MOVE, PATIENCE_S * 1000)]


def point_until(tile: Locator, playing: Locator) -> None:
    """Point at a tile, once more where that was lost while the page was drawn anew."""
    for _ in range(5):
        tile.hover()
        try:
            playing.wait_for(timeout=8000)
            return
        except TimedOut:
            tile.page.mouse.move(0, 0)
    expect(playing).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called so, for as long as a patient person would."""
    settle(page)
    met: list[str] = []
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        page.keyboard.press("Tab")
        met.append(str(page.evaluate(FOCUSED)))
        if re.search(name, met[-1]):
            return
    pytest.fail(f"no Tab leads to {name}: {list(dict.fromkeys(met))}")


def keyframe(site: Site, shot: str) -> bytes:
    """The picture that was indexed of a shot."""
    address = site.ask(f"/v1/shots/{quote(shot)}")["media"]["picture"]
    with urlopen(site.public + address) as answer:
        return bytes(answer.read())


def stands_at(page: Page, time_ms: int) -> None:
    """Wait until the film plays within two seconds after this."""
    page.wait_for_function(
        f"([from]) => {{ {DEEP} const film = deep('.player video')[0];"
        " const offset = Number(deep('.player')[0]?.dataset.offsetMs) / 1000;"
        " const at = offset + film?.currentTime;"
        " return film && !film.seeking && at > from + 0.05 && at < from + 2; }",
        arg=[time_ms / 1000],
    )


def wait_for_new_address(page: Page, before: str) -> None:
    """Wait until the page has gone on from an address, and its script has run."""
    page.wait_for_function("before => location.href !== before", arg=before)
    settle(page)
