"""The real videos behind an API and a page, and a witness of all that a browser asks and is told.

API and page are processes of their own; browsers know the API by another name than the page does,
as behind a proxy. Where a token is set, the witness holds it against everything the browser saw.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Response, WebSocket

from tests.ui.page_trial import free_port, serve, show

TOKEN = "5f1d0c6c0ffee5ea7ab1e5ca1ab1e0ddba11"
FILMS = (
    "pyscenedetect/testvideo.mp4",
    "pyscenedetect/fades.mp4",
    "pyscenedetect/delayed_start.mp4",
    "torchcodec/h265_10bits.mp4",
    "torchcodec/testsrc2_mpeg4.avi",
    "imageio/newtonscradle.gif",
    "decord/video_90.mov",
    "decord/corrupted.mp4",
    "decord/flipping_a_pancake.mkv",
    "moviepy/big_buck_bunny_0_30.webm",
)
MEDIA = re.compile(r"/media/(pictures|videos|clips)/")
# Opened below the root, Streamlit's script looks for its server beside the page first, then above.
LOOKS_FOR_ITS_SERVER = re.compile(r"/(shot|collection|persons?)/_stcore/(health|host-config)")

WATCH_VIDEOS = """(() => {
    window.pointed = 0;
    addEventListener("pointerdown", () => (window.pointed += 1), true);
    window.films = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        const times = (this.times ??= []);
        if (!times.length) {
            window.films.push(this);
            times.push(this.currentTime);
            for (const name of ["playing", "timeupdate", "seeked", "ended"]) {
                this.addEventListener(name, () => times.push(this.currentTime));
            }
        }
        return play.call(this);
    };
})()"""

DEEP = """const deep = (selector) => {
    const found = [];
    const walk = (root) => {
        found.push(...root.querySelectorAll(selector));
        for (const node of root.querySelectorAll("*")) if (node.shadowRoot) walk(node.shadowRoot);
    };
    walk(document);
    return found;
};"""


@dataclass(frozen=True)
class Site:
    """An API and a page of one collection.

    Attributes:
        page: the address of the page.
        api: the API's address as the page knows it.
        public: its address as browsers know it.
        token: what the API asks for, "" for nothing.
    """

    page: str
    api: str
    public: str
    token: str

    def ask(self, path: str) -> Any:
        """What the API answers to somebody who may ask."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        with urllib.request.urlopen(
            urllib.request.Request(self.api + path, headers=headers)
        ) as is_:
            return json.load(is_)

    def hits(self, name: str) -> list[dict[str, Any]]:
        """The shots of a video in the order of time, as the API finds them."""
        return list(self.ask(f"/v1/search?where={quote(f'video={name}')}&sort=time&k=50")["hits"])


@contextmanager
def run_site(collection: Path, folder: Path, token: str, *words: str) -> Iterator[Site]:
    """Start both; `words` are more of `shotseek serve`."""
    port, file = free_port(), folder / "token"
    file.write_text(token + "\n")
    secret = ("--token-file", str(file)) if token else ()
    kept = ("--cache", str(folder / "cache"))
    public = f"http://localhost:{port}"
    with (
        serve(collection, port, *kept, *secret, *words) as api,
        show(api, "--public-api", public, *secret) as page,
    ):
        yield Site(page, api, public, token)


def status_of(address: str) -> int:
    """What a stranger who has nothing but the address gets."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


def forgeries(signed: str, other: str) -> list[str]:
    """What somebody could make of the signed address of a small picture, knowing another one."""
    bare, _, signature = signed.partition("?")
    until = int(parse_qs(signature)["expires"][0])
    return [
        bare,
        signed[:-1] + ("B" if signed[-1] == "A" else "A"),
        signed.replace(f"expires={until}", f"expires={until + 3600}"),
        urlsplit(other)._replace(query=signature).geturl(),
        signed.replace(".small", ""),
        f"{bare}?expires={until}&signature=",
        f"{bare}?expires={until}",
    ]


@dataclass
class Witness:
    """All that one page asked, was told and complained about."""

    page: Page
    site: Site
    requests: list[Request] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    frames: list[str | bytes] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.add_init_script(WATCH_VIDEOS)
        page.on("request", lambda one: self.requests.append(one))
        page.on("response", lambda one: self.answers.append(one))
        page.on("requestfailed", self._lose)
        page.on("websocket", self._listen)
        page.on("console", self._complain)

    def _lose(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a player stops fetching what nobody watches
            self.lost.append(f"{request.url}: {request.failure}")

    def _listen(self, socket: WebSocket) -> None:
        for name in ("framesent", "framereceived"):
            socket.on(name, lambda payload: self.frames.append(payload))

    def _complain(self, line: ConsoleMessage) -> None:
        path = urlsplit(line.location["url"]).path
        if line.type == "error" and not LOOKS_FOR_ITS_SERVER.fullmatch(path):
            self.complaints.append(f"{line.text} {line.location['url']}")

    def pictures(self) -> list[str]:
        """The ids of the keyframes asked for so far, in order."""
        paths = [urlsplit(one.url).path for one in self.requests]
        found = (path.partition("/media/pictures/")[2] for path in paths)
        return [one.removesuffix(".small") for one in found if one]

    def media(self) -> list[str]:
        """The addresses of media asked for so far, in order."""
        return [one.url for one in self.requests if MEDIA.match(urlsplit(one.url).path)]

    def judge(self) -> None:
        """Say what no page may have done, whatever the test was about."""
        assert not self.complaints, self.complaints
        assert not self.lost, self.lost
        homes = {urlsplit(self.site.page).netloc, urlsplit(self.site.public).netloc}
        met = {urlsplit(one.url).netloc for one in self.requests if one.url.startswith("http")}
        assert met <= homes, f"strangers were asked: {met - homes}"
        self._judge_media()
        if self.site.token:
            self._judge_secrecy()

    def _judge_media(self) -> None:
        addresses = self.media()
        assert all(one.startswith(f"{self.site.public}/media/") for one in addresses), addresses
        if self.site.token:
            signed = [
                {"expires", "signature"} <= set(parse_qs(urlsplit(a).query)) for a in addresses
            ]
            assert all(signed), addresses
        got = [
            (a.status, a.url) for a in self.answers if urlsplit(a.url).path.startswith("/media/")
        ]
        assert {status for status, _ in got} <= {200, 206}, got

    def _judge_secrecy(self) -> None:
        token, page = self.site.token, self.page
        assert self.frames, "nothing was overheard"
        told = [one if isinstance(one, bytes) else one.encode() for one in self.frames]
        assert not any(token.encode() in one for one in told), "the token is in a websocket frame"
        heads = [(one.url, one.headers, one.post_data_buffer) for one in self.requests]
        assert token not in repr(heads), "the token is in a request"
        assert "uthorization" not in repr([head for _, head, _ in heads])
        assert token not in repr([(one.url, one.headers) for one in self.answers])
        assert token not in page.content()
        stores = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"
        assert token not in page.evaluate(stores)
        assert token not in repr(page.context.storage_state())


@contextmanager
def witness(page: Page, site: Site) -> Iterator[Witness]:
    """Watch a page; what it did is judged when the test has passed."""
    seen = Witness(page, site)
    yield seen
    seen.judge()


def index(shotseek: Any, videos: list[Path], collection: Path, *words: str) -> Path:
    """Make a collection of real videos; skips where one of them is not there."""
    missing = [video.name for video in videos if not video.is_file()]
    if missing:
        pytest.skip(f"the material lacks {', '.join(missing)}")
    ran = shotseek("index", *videos, "--collection", collection, "--encoder", "toy", *words)
    assert ran.code == 0, ran.err
    return collection
