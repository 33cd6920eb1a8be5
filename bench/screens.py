"""Pictures of the page's screens, light and dark, for the README.

Makes the demonstration's films and collection, starts API and page, and opens every screen in
Chromium. Knows nothing of what the screens are made of.
"""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from analyzers.error import LibraryMissing
from bench.demo import ASKED, FIRST, SECOND, Demo
from search.client import SearchClient
from search.hits import Hit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTH, HEIGHT = 1280, 800
SCHEMES = ("light", "dark")
SETTLED_MS = 4000  # until pictures and player have come
COLOURS = 256


def picture_screens(demo: Demo, folder: Path, tell: Callable[[str], None]) -> list[Path]:
    """Write `SCREEN-SCHEME.png` for every screen; what was written.

    Raises:
        LibraryMissing: playwright or Chromium is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with demo.serving() as (api, page), open_browser() as browser:
        hit = SearchClient(api).search(ASKED, k=1)[0]
        for scheme in SCHEMES:
            for name, path in _screens(hit).items():
                file = folder / f"{name}-{scheme}.png"
                picture = _picture(browser, f"{page}{path}", scheme, hit.time_ms / 1000)
                file.write_bytes(_shrink(picture))
                tell(f"{file}: {file.stat().st_size / 1000:.0f} kB")
                written.append(file)
    return written


def _screens(hit: Hit) -> dict[str, str]:
    """The address of every screen, as it shows the demonstration's collection."""
    two = urlencode({"text": FIRST, "then": SECOND, "group": "video"})
    looked = urlencode({"text": ASKED, "id": hit.shot, "t": hit.time_ms})
    return {
        "start": "/",
        "search": f"/?{urlencode({'text': ASKED})}",
        "then": f"/?{two}",
        "shot": f"/shot?{looked}",
        "collection": "/collection",
    }


@contextmanager
def open_browser() -> Iterator["Browser"]:
    """Chromium of this machine."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise LibraryMissing(
            "pictures of the page need playwright: pip install '.[dev]'"
        ) from error
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("SHOTSEEK_CHROMIUM") or next(
        filter(None, map(shutil.which, names)), None
    )
    if found is None:
        raise LibraryMissing("pictures of the page need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def _picture(browser: "Browser", address: str, scheme: str, at_s: float) -> bytes:
    viewport = {"width": WIDTH, "height": HEIGHT}
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport=viewport,  # type: ignore[arg-type]
    )
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_timeout(SETTLED_MS)
        player = page.locator(".player video")
        if player.count():
            player.evaluate("(video, at) => { video.pause(); video.currentTime = at; }", at_s)
            page.wait_for_timeout(500)
        return page.screenshot()
    finally:
        context.close()


def _shrink(picture: bytes) -> bytes:
    """The same with few colours, so that a repository can hold it."""
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        opened.convert("RGB").quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
