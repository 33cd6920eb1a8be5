"""The page on the real videos, in a real browser, with and without a token.

A light core runs always; the rest is slow. Whatever a test is about, its witness also judges that
nothing complained, that every picture and film came from the API by an address that is signed
where there is a token, and that the browser never met the token.
"""

import base64
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.page_trial import box, settle, tiles, visit
from tests.ui.real_page import (
    FILMS,
    TOKEN,
    Site,
    Witness,
    forgeries,
    index,
    run_site,
    status_of,
    witness,
)
from tests.ui.real_sights import (
    COPY_PICTURE,
    IN_VIEW,
    TIME_PAINTING,
    check_it_plays,
    check_it_shows_the_keyframe,
    ids,
    keyframe,
    open_shot,
    point_until,
    search,
    stands_at,
    tab_to,
    times_of,
    wait_for_new_address,
)

MANY = "intel/one-by-one-person-detection.mp4"
FEW_ANALYZERS = ("--analyzers", "toy,colours,subtitles,container")
# Which shot of which video: where there are several, not the first, so that its second is not 0.
PLAYED = ("testvideo.mp4", "testsrc2_mpeg4.avi", "h265_10bits.mp4", "newtonscradle.gif")
CORE = tuple(zip(PLAYED, (3, 0, 0, 0), strict=True))
MORE = (
    ("fades.mp4", -1),
    ("flipping_a_pancake.mkv", -1),
    ("big_buck_bunny_0_30.webm", 2),
    ("video_90.mov", 0),
    ("corrupted.mp4", 0),
    ("delayed_start.mp4", 0),
)
slow = pytest.mark.slow
pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize(
    ("name", "number"), [*CORE, *(pytest.param(*one, marks=slow) for one in MORE)]
)
def test_an_opened_shot_plays_at_its_second(
    site: Site, seen: Witness, name: str, number: int
) -> None:
    hit = open_shot(seen.page, site, name, number)
    check_it_plays(seen.page, hit)
    check_it_shows_the_keyframe(seen.page, site, hit)


@slow
def test_neighbours_play_at_their_second(site: Site, seen: Witness) -> None:
    page, shots = seen.page, site.hits("testvideo.mp4")
    open_shot(page, site, "testvideo.mp4", 1)
    page.get_by_role("button", name=re.compile("^next")).click()
    expect(page.get_by_text("shot 3 of 5")).to_be_visible()
    stands_at(page, site.ask(f"/v1/shots/{shots[2]['shot']}")["time_ms"])
    settle(page)
    page.keyboard.press("n")
    expect(page.get_by_text("shot 4 of 5")).to_be_visible()
    stands_at(page, site.ask(f"/v1/shots/{shots[3]['shot']}")["time_ms"])
    settle(page)
    page.get_by_role("button", name=re.compile("previous")).click()
    expect(page.get_by_text("shot 3 of 5")).to_be_visible()
    settle(page)
    page.keyboard.press("p")
    expect(page.get_by_text("shot 2 of 5")).to_be_visible()
    stands_at(page, site.ask(f"/v1/shots/{shots[1]['shot']}")["time_ms"])


@slow
def test_upload_a_picture(site: Site, seen: Witness) -> None:
    page, shot = seen.page, site.hits("newtonscradle.gif")[0]["shot"]
    visit(page, site.page)
    page.get_by_role("button", name="Picture").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload", exact=True).click()
    file = {"name": "cradle.jpg", "mimeType": "image/jpeg", "buffer": keyframe(site, shot)}
    chooser.value.set_files(file)
    page.wait_for_url(re.compile(r"picture=[0-9a-f]{8,}"))
    expect(page.get_by_text("looks like this picture")).to_be_visible()
    expect(page.locator(".tiles.grid .item").first).to_have_attribute("data-id", shot)


@slow
def test_paste_a_picture(site: Site, seen: Witness) -> None:
    page, shot = seen.page, site.hits("flipping_a_pancake.mkv")[0]["shot"]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.page)
    visit(page, site.page)
    expect(tiles(page).first).to_be_visible()
    data = base64.b64encode(keyframe(site, shot)).decode()
    page.evaluate(COPY_PICTURE, f"data:image/jpeg;base64,{data}")
    page.locator("body").press("Control+v")
    page.wait_for_url(re.compile(r"picture=[0-9a-f]{8,}"))
    expect(page.get_by_text("looks like this picture")).to_be_visible()
    expect(page.locator(".tiles.grid .item").first).to_have_attribute("data-id", shot)


@slow
def test_what_comes_then_and_sharing_it(site: Site, seen: Witness, chromium: Browser) -> None:
    page = seen.page
    visit(page, site.page)
    search(page, "something green")
    then = box(page, "Then")
    then.fill("something pink")
    then.press("Enter")
    page.wait_for_url(re.compile("then="))
    expect(page.get_by_text(re.compile(r"^\d+ hits?"))).to_be_visible()
    settle(page)
    wanted = site.ask("/v1/search?text=something%20green&then=something%20pink&k=60")["hits"]
    expect(tiles(page)).to_have_count(len(wanted))
    assert ids(page) == [hit["shot"] for hit in wanted]
    assert wanted
    with chromium.new_context() as fresh, witness(fresh.new_page(), site) as other:
        visit(other.page, page.url)
        expect(tiles(other.page)).to_have_count(len(wanted))
        assert ids(other.page) == ids(page)
        expect(box(other.page)).to_have_value("something green")
        expect(box(other.page, "Then")).to_have_value("something pink")


@slow
def test_a_shared_shot_plays_elsewhere(site: Site, seen: Witness, chromium: Browser) -> None:
    hit = open_shot(seen.page, site, "testvideo.mp4", 3)
    with chromium.new_context() as fresh, witness(fresh.new_page(), site) as other:
        visit(other.page, seen.page.url)
        check_it_plays(other.page, hit)


@slow
@pytest.mark.parametrize(("name", "number"), [("testvideo.mp4", 3), ("newtonscradle.gif", 0)])
def test_the_pointer_plays_the_moment(site: Site, seen: Witness, name: str, number: int) -> None:
    page, hit = seen.page, site.hits(name)[number]
    visit(page, f"{site.page}/?where=video%3D{name}&sort=time")
    tile = page.locator(".tiles.grid .item").nth(number)
    expect(tile).to_have_attribute("data-picture", "shown")  # nobody points at what is not there
    playing = page.locator(".item[data-playing] video.ready")
    point_until(tile, playing)
    offset = site.ask(f"/v1/shots/{hit['shot']}")["media"]["play_from_ms"] / 1000
    times = [offset + one for one in times_of(playing)]
    assert times[0] == pytest.approx(hit["time_ms"] / 1000, abs=0.05)
    assert max(times) > times[0]
    assert hit["start_ms"] / 1000 - 0.05 <= min(times) <= max(times) <= hit["end_ms"] / 1000 + 1
    page.mouse.move(0, 0)
    expect(page.locator(".item video")).to_have_count(0)


@slow
def test_the_keyboard_alone_searches(site: Site, seen: Witness) -> None:
    page = seen.page
    visit(page, site.page)
    page.locator(".st-key-keys .says").wait_for(state="attached")  # what listens has come
    expect(box(page)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("something green")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("text="))
    tab_to(page, r"^Then \|")
    page.keyboard.type("something pink")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("then="))
    tab_to(page, r"^Within seconds")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("within=9"))
    tab_to(page, r"^Filters")
    page.keyboard.type("video=big_buck_bunny_0_30.webm")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("where="))
    settle(page)
    page.keyboard.press("Escape")
    tab_to(page, "Listing")
    page.keyboard.press("Enter")
    tab_to(page, "by rank")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("group=video"))
    expect(page.locator(".tiles.grid.grouped")).to_be_visible()
    settle(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(tiles(page).first).to_be_focused()
    assert page.evaluate("window.pointed") == 0


@slow
def test_the_keyboard_alone_hands_in_a_picture(site: Site, seen: Witness) -> None:
    page = seen.page
    visit(page, site.page)
    expect(page.get_by_role("button", name="Picture")).to_be_visible()
    tab_to(page, "Picture")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Upload", exact=True)).to_be_visible()
    tab_to(page, "Upload")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    shot = site.hits("newtonscradle.gif")[0]["shot"]
    file = {"name": "cradle.jpg", "mimeType": "image/jpeg", "buffer": keyframe(site, shot)}
    chooser.value.set_files(file)
    page.wait_for_url(re.compile(r"picture=[0-9a-f]{8,}"))
    page.keyboard.press("Escape")
    expect(page.get_by_text("looks like this picture")).to_be_visible()
    tab_to(page, "drop the picture")
    page.keyboard.press("Enter")
    expect(page.get_by_text("looks like this picture")).to_have_count(0)
    assert page.evaluate("window.pointed") == 0


@slow
def test_the_keyboard_alone_looks(site: Site, seen: Witness) -> None:
    page = seen.page
    visit(page, f"{site.page}/?where=video%3Dtestvideo.mp4&sort=time")
    page.locator(".st-key-keys .says").wait_for(state="attached")
    expect(tiles(page)).to_have_count(5)
    tab_to(page, r"^1, testvideo")
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home", "ArrowRight"):
        page.keyboard.press(key)
    expect(tiles(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/shot\?"))
    expect(page.get_by_text("shot 2 of 5")).to_be_visible()
    expect(page.locator(".player video")).to_be_visible()
    for number, key in ((3, "n"), (4, "N"), (3, "p"), (2, "P")):
        settle(page)
        page.keyboard.press(key)
        expect(page.get_by_text(f"shot {number} of 5")).to_be_visible()
    film = page.locator(".player video")
    page.keyboard.press(" ")
    expect(film).to_have_js_property("paused", True)
    before = film.evaluate("film => film.currentTime")
    page.keyboard.press("l")
    assert film.evaluate("film => film.currentTime") > before + 4
    assert page.evaluate("window.pointed") == 0


@slow
def test_the_keyboard_alone_goes_everywhere(site: Site, seen: Witness) -> None:
    page, shots = seen.page, site.hits("testvideo.mp4")
    visit(page, f"{site.page}/shot?id={shots[1]['shot']}")
    expect(page.locator(".player video")).to_be_visible()
    tab_to(page, "next shot")
    page.keyboard.press("Enter")
    expect(page.get_by_text("shot 3 of 5")).to_be_visible()
    tab_to(page, "Share")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The address of this moment")).to_be_visible()
    page.keyboard.press("Escape")
    tab_to(page, "Download")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.path().stat().st_size > 1000
    tab_to(page, r"^3, 0:06")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("shot 4 of 5")).to_be_visible()
    tab_to(page, "more like this")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("like="))
    expect(page.get_by_text("looks like testvideo.mp4 at")).to_be_visible()
    expect(tiles(page).nth(1)).to_be_visible()
    tab_to(page, r"^1, ")
    page.keyboard.press("ArrowRight")
    before = page.url
    page.keyboard.press("m")
    wait_for_new_address(page, before)
    tab_to(page, r"Collection \| a")
    page.keyboard.press("Enter")
    expect(page.get_by_text("can be searched")).to_be_visible()
    tab_to(page, r"^Videos")
    page.keyboard.type("cradle")
    page.keyboard.press("Enter")
    expect(tiles(page)).to_have_count(1)
    expect(tiles(page).first).to_contain_text("newtonscradle")
    tab_to(page, r"^1, newtonscradle")
    page.keyboard.press("Enter")
    expect(page.get_by_text("shot 1 of 1")).to_be_visible()
    assert page.evaluate("window.pointed") == 0


@pytest.fixture(params=["", TOKEN], ids=["open", "token"])
def large(
    many: Path, tmp_path: Path, page: Page, request: pytest.FixtureRequest
) -> Iterator[Witness]:
    """A page of a collection with more than 200 shots."""
    with run_site(many, tmp_path, request.param) as site, witness(page, site) as seen:
        yield seen


@slow
def test_200_hits_are_painted_at_once_and_only_what_is_in_view_is_fetched(large: Witness) -> None:
    page, taken = large.page, []
    for text in ("something red", "a person who walks", "something blue"):
        visit(page, f"{large.site.page}/?k=240")
        expect(tiles(page)).to_have_count(1)
        box(page).fill(text)
        page.evaluate(TIME_PAINTING)
        before = len(large.pictures())
        page.keyboard.press("Enter")
        page.wait_for_function("() => window.painted")
        taken.append(round(page.evaluate("window.painted")))
        expect(tiles(page)).to_have_count(240)  # and the start's one is gone
        page.wait_for_timeout(500)
        fetched, in_view = large.pictures()[before:], set(page.evaluate(IN_VIEW))
        assert set(fetched) <= in_view
        assert len(fetched) == len(set(fetched))
        assert len(taken) > 1 or set(fetched) == in_view  # later a browser has some of them
    sys.stdout.write(f"painted after {taken} ms, {len(in_view)} pictures in view\n")
    assert min(taken) < 2000, taken  # other work on the machine slows one, a slow page all
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 600)
    scrolled = f"seen => ({IN_VIEW})().some((one) => !seen.includes(one))"
    page.wait_for_function(scrolled, arg=list(in_view))
    page.wait_for_timeout(1000)
    fetched = large.pictures()[before:]
    assert set(fetched) <= in_view | set(page.evaluate(IN_VIEW))


@slow
def test_media_addresses_are_for_their_holder_only(site: Site, seen: Witness) -> None:
    page = seen.page
    visit(page, f"{site.page}/?where=video%3Dtestvideo.mp4&sort=time")
    expect(page.locator(".tiles.grid [data-picture=shown]")).to_have_count(5)
    one, other = seen.media()[:2]
    assert status_of(one) == status_of(other) == 200
    assert status_of(f"{site.public}/v1/collection") == (401 if site.token else 200)
    if not site.token:
        return
    forged = forgeries(one, other)
    assert [status_of(address) for address in forged] == [403] * len(forged)
    assert status_of(one) == 200


@slow
def test_an_expired_address_is_refused(films: Path, tmp_path: Path, page: Page) -> None:
    with (
        run_site(films, tmp_path, TOKEN, "--media-hours", "0.006") as site,
        witness(page, site) as seen,
    ):
        visit(page, f"{site.page}/?where=video%3Dtestvideo.mp4&sort=time")
        expect(page.locator(".tiles.grid [data-picture=shown]")).to_have_count(5)
        address = seen.media()[0]
        until = int(parse_qs(urlsplit(address).query)["expires"][0])
        assert time.time() < until, "too slow a machine to see it before it expires"
        assert status_of(address) == 200
        time.sleep(until + 1.1 - time.time())
        assert status_of(address) == 403
