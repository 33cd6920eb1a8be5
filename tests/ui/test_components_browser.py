"""Grid, filmstrip, player and keyboard in a real browser, against a real server of media."""

import importlib.util
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.page_trial import PATIENCE_S, wait_for
from tests.ui.page_trial import settle as rest
from tests.ui.real_sights import point_until

HERE = Path(__file__).parent
HOSTILE = "<img src=x onerror=alert(1)>"
QUIET = ("--server.headless=true", "--server.fileWatcherType=none", "--server.address=127.0.0.1")
# Scripts that run in the page.
FIND = """const find = (root) => root.querySelector(".player video") ?? Array.from(
    root.querySelectorAll("*")).map((node) => node.shadowRoot && find(node.shadowRoot))
    .find(Boolean);"""
AT_LEAST = f"(at) => {{ {FIND} return find(document)?.currentTime >= at - 0.001; }}"
AT = f"(at) => {{ {FIND} return Math.abs(find(document)?.currentTime - at) < 0.01; }}"
PAUSED = f"() => {{ {FIND} return find(document)?.paused; }}"
COPY_PICTURE = """async ([width, height]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "teal";
    pen.fillRect(0, 0, width, height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server of pictures and videos; `asked` tells what browsers wanted."""
    spec = importlib.util.spec_from_file_location("component_media", HERE / "component_media.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.serve_media(tmp_path_factory.mktemp("media")) as server:
        yield server


@pytest.fixture
def media(served: Any) -> Any:
    served.asked.clear()
    served.broken = False
    return served


@pytest.fixture(scope="module")
def trial(served: Any) -> Iterator[str]:
    """The address of a running page of components."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = [sys.executable, "-m", "streamlit", "run", HERE / "component_page.py", *QUIET]
    line += [f"--server.port={port}", "--browser.gatherUsageStats=false"]
    env = {**os.environ, "COMPONENT_MEDIA": served.address, "PYTHONPATH": str(HERE.parents[1])}
    with subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.kill()


def open_page(page: Page, address: str, count: int = 200) -> None:
    page.goto(address)
    expect(page.locator(".item")).to_have_count(count)
    settle(page)


def settle(page: Page) -> None:
    """Wait until Streamlit rests and every picture in view is there."""
    rest(page)
    expect(page.locator('.item[data-picture="loading"]')).to_have_count(0)


def in_view(page: Page) -> set[int]:
    """Numbers of the tiles that the window shows, from 0."""
    return set(
        page.locator(".item").evaluate_all(
            """nodes => nodes.flatMap((node, number) => {
                const box = node.getBoundingClientRect();
                return box.bottom > 0 && box.top < innerHeight ? [number] : [];
            })"""
        )
    )


def focused(page: Page) -> str:
    """The label of what has the focus, inside components too."""
    return page.evaluate(
        """() => {
            let node = document.activeElement;
            while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
            return node?.ariaLabel ?? node?.tagName ?? "";
        }"""
    )


def second(page: Page, selector: str) -> float:
    return page.locator(selector).evaluate("video => video.currentTime")


def event(page: Page) -> Any:
    return expect(page.get_by_text(re.compile(r"^event ")))


def test_only_pictures_in_view_are_fetched(page: Page, trial: str, media: Any) -> None:
    open_page(page, trial)
    first = in_view(page)
    assert 0 < len(first) < 40
    assert media.pictures() == first
    page.locator(".item").nth(199).scroll_into_view_if_needed()
    settle(page)
    assert media.pictures() == first | in_view(page)
    shown = page.locator('.item[data-picture="shown"] img')
    assert all(shown.evaluate_all("pictures => pictures.map((img) => img.naturalWidth > 0)"))


def test_two_hundred_tiles_paint_within_two_seconds(page: Page, trial: str, media: Any) -> None:
    taken = [time_painting(page, trial)]
    while taken[-1] >= 2000 and len(taken) < 3:  # other work on the machine slows one of them
        taken.append(time_painting(page, trial))
    assert min(taken) < 2000, taken
    settle(page)
    assert media.pictures() == in_view(page)


def time_painting(page: Page, trial: str) -> float:
    """The milliseconds from a click until 200 tiles and the pictures in view are painted."""
    open_page(page, f"{trial}?wait=1", count=0)
    page.get_by_role("button", name="again").evaluate(
        "button => { window.began = performance.now(); button.click(); }"
    )
    page.locator(".item").nth(199).wait_for(state="attached")
    page.locator('.item[data-picture="shown"]').nth(8).wait_for()
    return float(
        page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame("
            "() => done(performance.now() - window.began))))"
        )
    )


def pictures_asked(media: Any) -> int:
    return sum(path.startswith("/pictures/") for path in media.asked)


def test_a_new_run_keeps_tiles_pictures_and_focus(page: Page, trial: str, media: Any) -> None:
    open_page(page, trial)
    first, before = in_view(page), pictures_asked(media)
    page.locator(".tile").first.evaluate("tile => { tile.kept = true; }")
    page.locator(".tile").nth(1).focus()
    page.keyboard.press("m")
    event(page).to_have_text("event similar video1@1")
    settle(page)
    page.locator(".tile").nth(2).click()
    event(page).to_have_text("event open video2@2")
    settle(page)
    page.locator(".similar").nth(1).click()
    event(page).to_have_text("event similar video1@1")
    page.locator(".tile").nth(1).focus()
    settle(page)
    assert page.locator(".tile").first.evaluate("tile => tile.kept")
    assert focused(page).startswith("2, film 1")
    assert pictures_asked(media) == before, "addresses signed anew are the same pictures"
    page.locator(".tile").first.focus()
    page.get_by_label("fewer").evaluate("box => box.click()")
    expect(page.locator(".item")).to_have_count(100)
    settle(page)
    assert focused(page).startswith("2, "), "the tile is gone, the keyboard is still in the grid"
    assert page.locator(".rank").first.text_content() == "2"
    assert media.pictures() <= first | {number * 2 + 1 for number in in_view(page)}


def test_grouped_by_video_with_texts_as_they_are(page: Page, trial: str, media: Any) -> None:
    open_page(page, f"{trial}?count=20", count=20)
    assert page.locator(".title").nth(3).text_content() == HOSTILE
    assert page.locator(".why").nth(3).text_content() == HOSTILE
    page.get_by_text("grouped").click()
    expect(page.locator(".head .name").nth(3)).to_have_text(HOSTILE)
    assert page.locator('img[src="x"]').count() == 0
    expect(page.locator(".head .name").first).to_have_text("film 0 about ships.mp4")
    assert page.locator(".group").count() == 7
    ranks = page.locator(".group").first.locator(".rank").all_text_contents()
    assert ranks == ["1", "8", "15"]
    page.get_by_text("grouped").click()
    expect(page.locator(".group")).to_have_count(1)
    assert page.locator(".rank").all_text_contents() == [str(rank) for rank in range(1, 21)]


def test_the_keyboard_reaches_and_opens_every_tile(page: Page, trial: str, media: Any) -> None:
    open_page(page, trial)
    page.get_by_label("grouped").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "1, film 0 about ships.mp4 at 0:02, score 0.92"
    columns = len(
        page.locator(".item").evaluate_all(
            "nodes => nodes.filter((node) => node.offsetTop === nodes[0].offsetTop)"
        )
    )
    for key, rank in (("ArrowRight", 2), ("ArrowDown", 2 + columns), ("ArrowLeft", 1 + columns)):
        page.keyboard.press(key)
        assert focused(page).startswith(f"{rank}, ")
    for key, rank in (("ArrowUp", 1), ("ArrowUp", 1), ("End", 200), ("Home", 1)):
        page.keyboard.press(key)
        assert focused(page).startswith(f"{rank}, ")
    page.keyboard.press("PageDown")
    assert int(focused(page).split(",")[0]) > columns
    page.keyboard.press("PageUp")
    assert focused(page).startswith("1, ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    event(page).to_have_text("event open video1@1")
    page.keyboard.press("Tab")
    assert "score" not in focused(page), "one stop, then out"


def test_hover_and_space_play_the_moment(page: Page, trial: str, media: Any) -> None:
    open_page(page, trial)
    point_until(page.locator(".tile").first, page.locator(".tile video.ready"))
    seen: list[float] = []
    until = time.monotonic() + PATIENCE_S
    while seen == sorted(seen):
        assert time.monotonic() < until, "it begins again at the end of the moment"
        seen.append(second(page, ".tile video"))
        page.wait_for_timeout(100)
    assert all(1.99 <= at <= 3.3 for at in seen), seen
    assert page.locator(".tile video").evaluate("video => video.muted")
    page.mouse.move(5, 5)
    expect(page.locator(".tile video")).to_have_count(0)
    page.locator(".tile").nth(1).focus()
    page.keyboard.press("Space")
    page.locator(".tile video.ready").wait_for()
    page.keyboard.press("Space")
    expect(page.locator(".tile video")).to_have_count(0)
    page.locator(".tile").nth(4).hover()
    expect(page.locator(".note").nth(4)).to_have_text("does not play here")
    expect(page.locator(".item").nth(4)).to_have_attribute("data-picture", "shown")
    expect(page.locator(".tile video")).to_have_count(0)


def test_pictures_that_failed_come_back(page: Page, trial: str, media: Any) -> None:
    media.broken = True
    open_page(page, trial)
    expect(page.locator(".item").first).to_have_attribute("data-picture", "failed")
    media.broken = False
    page.get_by_role("button", name="again").click()
    expect(page.locator(".item").first).to_have_attribute("data-picture", "shown")


def test_the_selected_tile_is_marked_and_in_view(page: Page, trial: str, media: Any) -> None:
    open_page(page, f"{trial}?selected=video3@150")
    tile = page.locator('.tile[aria-current="true"]')
    expect(tile).to_be_in_viewport(ratio=0.9)
    assert page.locator(".item").nth(150).locator(tile).count() == 1
    assert focused(page).startswith("151, ")


def test_the_player_starts_at_the_moment_and_seeks(page: Page, trial: str, media: Any) -> None:
    page.goto(f"{trial}?show=player")
    player = page.locator(".player")
    expect(player).to_have_attribute("data-source", "video")
    page.wait_for_function(AT_LEAST, arg=2.4)
    assert 2.4 <= second(page, ".player video") < 5
    expect(player).to_have_attribute("data-offset-ms", "0")
    page.keyboard.press("Space")
    page.wait_for_function(PAUSED)
    page.locator(".player video").evaluate("video => { video.kept = true; }")
    page.get_by_text("later").click()
    page.wait_for_function(AT_LEAST, arg=4.0)
    assert second(page, ".player video") == pytest.approx(4.0, abs=0.01)
    expect(page.locator(".player .time")).to_have_text("0:04.00")
    assert page.locator(".player video").evaluate("video => video.kept")
    for key, at in ((".", 4.04), (",", 4.0), ("l", 8.0), ("j", 3.0), ("Shift+ArrowRight", 8.0)):
        page.keyboard.press(key)
        page.wait_for_function(AT, arg=at)
    settle(page)
    page.keyboard.press("n")
    event(page).to_contain_text("next")
    settle(page)
    page.get_by_role("button", name="previous").click()
    event(page).to_contain_text("previous")


def test_keys_typed_into_a_box_are_text(page: Page, trial: str, media: Any) -> None:
    page.goto(f"{trial}?show=player")
    page.wait_for_function(AT_LEAST, arg=2.4)
    settle(page)
    page.get_by_label("Search").press_sequentially("no jumping, please.")
    expect(page.get_by_label("Search")).to_have_value("no jumping, please.")
    assert not page.locator(".player video").evaluate("video => video.paused")
    event(page).to_have_text("event none")


@pytest.mark.parametrize("play", ["broken", "hevc"])
def test_the_player_falls_back_on_the_clip(page: Page, trial: str, media: Any, play: str) -> None:
    page.goto(f"{trial}?show=player&play={play}&clip=slow")
    player = page.locator(".player")
    expect(player).to_have_attribute("data-source", "clip")
    expect(page.get_by_text("preparing the clip")).to_be_visible()
    expect(player).to_have_attribute("data-offset-ms", "2000")
    page.wait_for_function(AT_LEAST, arg=0.4)
    assert second(page, ".player video") < 2.9
    expect(page.get_by_text("preparing the clip")).to_have_count(0)
    assert page.locator(".player .time").text_content() >= "0:02.40"


def test_the_player_ends_with_the_picture(page: Page, trial: str, media: Any) -> None:
    page.goto(f"{trial}?show=player&play=late&clip=broken")
    expect(page.locator(".player")).to_have_attribute("data-source", "picture")
    expect(page.get_by_text("plays here: download it")).to_be_visible()
    assert page.locator(".player .still").evaluate("img => img.decode().then(() => true)")
    late = media.folder / "videos" / "late.mp4"
    late.write_bytes((media.folder / "videos" / "film.mp4").read_bytes())
    page.get_by_role("button", name="try again").click()
    expect(page.locator(".player")).to_have_attribute("data-source", "video")
    page.wait_for_function(AT_LEAST, arg=2.4)


def test_the_filmstrip_stands_at_the_current_shot(page: Page, trial: str, media: Any) -> None:
    page.goto(f"{trial}?show=player")
    current = page.locator('.strip .tile[aria-current="true"]')
    expect(current).to_have_attribute("aria-label", re.compile("^21, "))
    settle(page)
    box = current.bounding_box()
    assert box
    assert 400 < box["x"] + box["width"] / 2 < 880
    assert page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTop") == 0
    assert len(media.pictures() - {1}) <= 10
    current.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    event(page).to_contain_text("video0@21")


def test_a_pasted_picture_is_sent_once(page: Page, trial: str, media: Any) -> None:
    open_page(page, f"{trial}?show=keys", count=8)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for _ in range(3):
        page.get_by_role("button", name="again").click()
        settle(page)
    page.evaluate(COPY_PICTURE, [2000, 1000])
    page.keyboard.press("Control+v")
    expect(page.get_by_text("pictures 1", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("^pasted .* ffd8ff"))).to_be_visible()
    shown = page.locator('[data-testid="stImage"] img')
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("img => [img.naturalWidth, img.naturalHeight]") == [1280, 640]
    page.evaluate("() => navigator.clipboard.writeText('a red boat')")
    page.get_by_label("Search").focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_label("Search")).to_have_value("a red boat")
    settle(page)
    expect(page.get_by_text("pictures 1", exact=True)).to_be_visible()


def test_the_page_wide_keys_and_their_help(page: Page, trial: str, media: Any) -> None:
    open_page(page, f"{trial}?show=keys", count=8)
    page.locator(".tile").nth(2).focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page).startswith("3, ")
    page.keyboard.press("?")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.type("what?/")
    expect(page.get_by_label("Search")).to_have_value("what?/")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Escape")
    assert focused(page).startswith("3, ")
    page.get_by_text("hidden").click()
    expect(page.locator(".item")).to_have_count(0)
    page.keyboard.press("?")
    expect(dialog).to_have_count(0)
    page.get_by_text("hidden").click()
    expect(page.locator(".item")).to_have_count(8)
    settle(page)
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
