"""A server of made pictures and videos that remembers what was asked of it, with ranges."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
from PIL import Image, ImageDraw

from analyzers.clip import Sound
from bench.videos import Coding, write_video

COLOURS = ((38, 70, 83), (42, 157, 143), (233, 196, 106), (244, 162, 97), (231, 111, 81))
KINDS = {".jpg": "image/jpeg", ".mp4": "video/mp4"}


class Media(ThreadingHTTPServer):
    """Serves a folder; `asked` holds the path and query of every request."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.asked: list[str] = []
        self.broken = False  # no picture is found while it is set

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def pictures(self) -> set[int]:
        """Numbers of the pictures asked for so far."""
        numbers = (re.match(r"/pictures/(\d+)\.jpg", path) for path in self.asked)
        return {int(number[1]) for number in numbers if number}

    def handle_error(self, request: object, client_address: object) -> None:
        """Browsers hang up on videos they have seen enough of."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Media

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path = Path(self.path.split("?")[0].lstrip("/"))
        if path.stem == "slow":
            time.sleep(1.5)
        if path.parts[0] == "pictures":
            path = Path("pictures", f"{int(path.stem) % 10}.jpg")
            path = Path("absent") if self.server.broken else path
        file = self.server.folder / path
        if file.is_file():
            self.answer(file.read_bytes(), KINDS[file.suffix])
        else:
            self.send_error(404)

    def answer(self, content: bytes, kind: str) -> None:
        wanted = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start = int(wanted[1]) if wanted else 0
        end = int(wanted[2]) + 1 if wanted and wanted[2] else len(content)
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-store")
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content[start:end])))
        self.end_headers()
        self.wfile.write(content[start:end])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve_media(folder: Path) -> Iterator[Media]:
    make_media(folder)
    with Media(folder) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def make_media(folder: Path) -> None:
    for name in ("pictures", "videos"):
        (folder / name).mkdir()
    for number in range(10):
        size = (240, 320) if number == 7 else (320, 180)
        picture = Image.new("RGB", size, COLOURS[number % 5])
        pen = ImageDraw.Draw(picture)
        pen.ellipse((40 + number * 14, 40, 120 + number * 14, 120), fill=COLOURS[(number + 2) % 5])
        pen.rectangle((0, size[1] - 40, size[0], size[1]), fill=COLOURS[(number + 3) % 5])
        picture.save(folder / "pictures" / f"{number}.jpg")
    coding = Coding(options={"preset": "ultrafast", "g": "10"}, muxing={"movflags": "faststart"})
    write_video(folder / "videos" / "film.mp4", frames(200), coding)
    write_video(folder / "videos" / "clip.mp4", frames(75), coding)
    hum = np.sin(np.arange(2 * 16_000) * 0.1).astype(np.float32) * 0.5
    hevc = Coding(codec="libx265", options={"preset": "ultrafast", "x265-params": "log-level=0"})
    write_video(folder / "videos" / "hevc.mp4", frames(50), hevc, sound=Sound(0, 16_000, hum))
    (folder / "videos" / "slow.mp4").write_bytes((folder / "videos" / "clip.mp4").read_bytes())
    (folder / "videos" / "broken.mp4").write_bytes(b"no video" * 500)


def frames(count: int) -> Iterator[np.ndarray]:
    for number in range(count):
        frame = np.full((180, 320, 3), (42, 157, 143), np.uint8)
        frame[60:120, number : number + 60] = (233, 196, 106)
        yield frame
