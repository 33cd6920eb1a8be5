"""What the page's tests share: one Chromium, and a fresh page whose errors fail the test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.ui.page_trial import PATIENCE_S

ABSENT = "no Chromium: install it, or name it in SHOTSEEK_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser; $SHOTSEEK_CHROMIUM names another one than the first on PATH."""
    found = os.environ.get("SHOTSEEK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found and os.environ.get("CI") == "true":
        pytest.fail(ABSENT)
    if not found:
        pytest.skip(ABSENT)
    expect.set_options(timeout=PATIENCE_S * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that remembers nothing; an uncaught error in it fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_S * 1000)
    page = context.new_page()
    thrown: list[str] = []
    logged: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", lambda line: logged.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert not thrown, f"errors in the page: {thrown}; its console: {logged}"
