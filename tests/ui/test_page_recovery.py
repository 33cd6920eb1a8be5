"""The page when its API is stopped, slow, empty, unbuilt, locked: it says so, and recovers."""

import contextlib
import shutil
import socket
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.page_trial import box, free_port, make_collection, serve, settle, show, tiles, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory, shotseek: Any) -> Path:
    videos, folder = tmp_path_factory.mktemp("videos"), tmp_path_factory.mktemp("made")
    return make_collection(videos, folder / "trial.collection", shotseek)


def test_a_stopped_api_is_said_and_found_again(collection: Path, page: Page) -> None:
    port = free_port()
    with show(f"http://127.0.0.1:{port}") as address:
        page.goto(f"{address}/?text=something+red")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(f"Nothing answers at http://127.0.0.1:{port}.")
        expect(alert).to_contain_text("shotseek serve --collection DIR")
        with serve(collection, port):
            expect(page.get_by_text("10 hits")).to_be_visible()
        box(page).fill("something else")
        box(page).press("Enter")
        expect(alert).to_be_visible()
        with serve(collection, port):
            expect(page.get_by_text("10 hits")).to_be_visible()


def test_with_a_token_media_still_show_and_browsers_never_see_it(
    collection: Path, page: Page, tmp_path: Path
) -> None:
    secret = "a-token-of-some-length-0123456789"
    (tmp_path / "token").write_text(secret)
    seen: list[str] = []
    page.on("request", lambda asked: seen.append(f"{asked.url} {asked.headers}"))
    page.on("websocket", lambda line: line.on("framereceived", lambda data: seen.append(str(data))))
    given = ("--token-file", str(tmp_path / "token"))
    with serve(collection, free_port(), *given) as api:
        with show(api, *given) as address:
            page.goto(f"{address}/?where=colour%3Dred")
            expect(page.locator(".item[data-picture=shown]").first).to_be_visible()
        with show(api) as address:
            page.goto(address)
            expect(page.get_by_text("asks for a token")).to_be_visible()
    assert seen
    assert not any(secret in one for one in seen)


def test_an_empty_collection_says_how_to_fill_it(shotseek: Any, tmp_path: Path, page: Page) -> None:
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "broken.mp4").write_bytes(b"")
    shotseek("index", tmp_path / "videos", "--collection", tmp_path / "c", "--encoder", "toy")
    with serve(tmp_path / "c", free_port()) as api, show(api) as address:
        page.goto(address)
        expect(page.get_by_text("This collection has no videos yet")).to_be_visible()
        expect(page.get_by_text("shotseek index VIDEOS")).to_be_visible()


def test_a_collection_without_search_files_is_waited_for(
    collection: Path, shotseek: Any, tmp_path: Path, page: Page
) -> None:
    copy = shutil.copytree(collection, tmp_path / "copy.collection")
    shutil.rmtree(copy / "indexes")
    with serve(copy, free_port()) as api, show(api) as address:
        page.goto(f"{address}/?text=something+red")
        expect(page.get_by_text("shotseek rebuild --collection DIR")).to_be_visible()
        shotseek("rebuild", "--collection", copy)
        expect(page.get_by_text("10 hits")).to_be_visible()


def test_a_slow_api_is_waited_for_and_given_up(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTSEEK_UI_TIMEOUT_S", "7")
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with show(f"http://127.0.0.1:{server.server_port}") as address:
            page.goto(address)
            expect(page.get_by_text("asking the API")).to_be_visible()
            expect(page.get_by_text("still waiting for the API")).to_be_visible()
            expect(page.get_by_text("its answer took too long")).to_be_visible()
            expect(page.get_by_role("button", name="Try again")).to_be_visible()
        server.shutdown()


class Slow(BaseHTTPRequestHandler):
    """Alive, but nothing else is answered in time."""

    def do_GET(self) -> None:
        if self.path != "/healthz":
            time.sleep(8)
        body = b'{"status": "ok", "generation": "1", "version": "0"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_waits_move_nothing_so_that_what_is_typed_stays(collection: Path, page: Page) -> None:
    with (
        serve(collection, free_port()) as api,
        ThreadingHTTPServer(("127.0.0.1", 0), Late) as server,
    ):
        Late.api, Late.delay_s = api, 1.0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with show(f"http://127.0.0.1:{server.server_port}") as address:
            visit(page, address)
            expect(tiles(page)).to_have_count(3)
            Late.delay_s = 0.0
            box(page).fill("something red")
            box(page).press("Enter")
            box(page, "Then").fill("typed meanwhile")
            expect(page.get_by_text("10 hits")).to_be_visible()
            settle(page)
            expect(box(page, "Then")).to_have_value("typed meanwhile")
            expect(box(page, "Then")).to_be_focused()
        server.shutdown()


class Late(BaseHTTPRequestHandler):
    """Hands every question on to an API, some time later."""

    api, delay_s = "", 0.0

    def do_GET(self) -> None:
        time.sleep(self.delay_s)
        with urllib.request.urlopen(self.api + self.path) as answer:
            body = answer.read()
        self.send_response(200)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_taken_ports_and_wrong_settings_are_one_line(shotseek: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = shotseek("ui", "--port", port)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert f"--port {port}" in ran.err
    ran = shotseek("ui", "--api", "nowhere", "--port", "0")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
