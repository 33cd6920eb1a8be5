"""Hits as HTML with the pictures inside, for notebooks. Knows no API.

Names and recognised text come from outside: everything is escaped, and only bytes that begin as a
JPEG or PNG does become pictures.
"""

import base64
import html
from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING

from analyzers.error import ShotseekError
from search.listing import cells
from search.wire import Found, Media

if TYPE_CHECKING:
    from search.client.found import MediaReader

MOST_PICTURES = 24
AT_ONCE = 8
PICTURE_S = 5.0
LARGEST = 1_000_000  # bytes of one picture
STARTS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
HEAD = ("", "rank", "score", "video", "time", "why")
STYLE = "width:160px;height:90px;object-fit:contain;background:#8883"
EMPTY = f'<div style="{STYLE}"></div>'


def write_page(found: Found, read: "MediaReader | None") -> str:
    """A table of hits; the first have their pictures, if `read` can get them."""
    pictures = _pictures(found.media[:MOST_PICTURES], read)
    head = "".join(f"<th>{name}</th>" for name in HEAD)
    rows = []
    for number, hit in enumerate(found.hits):
        picture = pictures[number] if number < len(pictures) else ""
        texts = "".join(f"<td>{_escape(cell)}</td>" for cell in cells(hit))
        rows.append(f"<tr><td>{picture}</td>{texts}</tr>")
    notes = "".join(f"<p>note: {_escape(note)}</p>" for note in found.notes)
    said = f"<p>{found.total} hits, {len(found.hits)} shown</p>" if found.hits else "<p>no hits</p>"
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<div>{notes}{table if rows else ''}{said}</div>"


def _pictures(media: Sequence[Media], read: "MediaReader | None") -> list[str]:
    """One element for each; a picture that cannot be had leaves its place empty."""
    from concurrent.futures import ThreadPoolExecutor

    if read is None or not media:
        return []
    gave_up = Event()

    def show(one: Media) -> str:
        if gave_up.is_set():
            return EMPTY
        try:
            data = read(one.small, timeout_s=PICTURE_S)
        except ShotseekError as error:
            if not hasattr(error, "problem"):  # no answer at all: do not wait for it again
                gave_up.set()
            return EMPTY
        return _element(data)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(show, media))


def _element(data: bytes) -> str:
    kind = next((kind for start, kind in STARTS.items() if data.startswith(start)), None)
    if kind is None or len(data) > LARGEST:
        return EMPTY
    text = base64.b64encode(data).decode("ascii")
    return f'<img alt="" style="{STYLE}" src="data:{kind};base64,{text}">'


def _escape(text: str) -> str:
    """As text, whatever it holds; what is no Unicode is written out."""
    return html.escape(text.encode("utf-8", "backslashreplace").decode("utf-8"))
