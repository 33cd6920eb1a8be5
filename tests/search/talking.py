"""Asks a server over its socket, for tests; and a collection with something to read in it."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

SAID = """1
00:00:00,000 --> 00:00:01,500
A red wall in Paris

2
00:00:02,000 --> 00:00:03,000
The parrot sees a green wall
"""


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    url: str,
    parameters: dict[str, Any] | None = None,
    *,
    method: str = "GET",
    body: bytes | None = None,
    **headers: str,
) -> Answer:
    """One request; `If_None_Match=...` sets the header of that name."""
    if parameters:
        url += ("&" if "?" in url else "?") + urlencode(parameters, doseq=True)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, headers=named, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def post(url: str, body: bytes, content_type: str, **parameters: Any) -> Answer:
    return ask(url, parameters, method="POST", body=body, Content_Type=content_type)


def walls(*colours: tuple[int, int, int]) -> Iterator[NDArray[np.uint8]]:
    """40 frames of each colour, with a darker bar that moves."""
    for colour in colours:
        for number in range(40):
            frame = np.full((96, 128, 3), colour, np.uint8)
            frame[:, number : number + 8] //= 2
            yield frame


def make_told(shotseek: Callable[..., Any], plain_videos: Path, folder: Path) -> Path:
    """A collection of the plain videos, of which one has subtitles; gives its folder."""
    videos = Path(shutil.copytree(plain_videos, folder / "videos"))
    (videos / "red-green.srt").write_text(SAID, encoding="utf-8")
    collection = folder / "told.collection"
    ran = shotseek("index", videos, "--collection", collection, "--encoder", "toy")
    assert ran.code == 0, ran.err
    return collection
