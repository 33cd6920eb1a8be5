"""Sends files: parts of them by Range, nothing that the browser has already. Knows no media.

Answers about ranges are problems like all others; what cannot be understood as a range is ignored,
as RFC 9110 (14.2) has it.
"""

import os
import re
import stat
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from search.api.problem import Refused, problem_response

RANGES = re.compile(r"bytes=\s*(\d*-\d*(?:\s*,\s*\d*-\d*)*)\s*", re.I)
MOST_RANGES = 8
LONGEST_RANGE = 400  # characters
CACHED = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]+')


class Sent(FileResponse):
    """A file that answers 206, 304 or 416 where it was asked so.

    Args:
        path: the file; must be there.
        media_type: what it is.
        save_as: the name under which browsers save it instead of showing it.
        follow: whether it may be a link.

    Raises:
        FileNotFoundError: there is no plain file.
    """

    def __init__(
        self, path: Path, media_type: str, *, save_as: str | None = None, follow: bool = False
    ) -> None:
        status = os.stat(path, follow_symlinks=follow)
        if not stat.S_ISREG(status.st_mode):
            raise FileNotFoundError(path)
        headers = dict(CACHED)
        if save_as is not None:
            headers["Content-Disposition"] = describe_saving(save_as)
        super().__init__(path, headers=headers, media_type=media_type, stat_result=status)
        self._size = status.st_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file, with what was asked of it, or that it has not changed."""
        asked = Headers(scope=scope)
        if self._is_known(asked):
            kept = {
                name: value
                for name, value in self.headers.items()
                if name in ("etag", "last-modified", "cache-control")
            }
            return await Response(None, 304, kept)(scope, receive, send)
        try:
            ranges = read_ranges(asked.get("range", ""), self._size)
        except Refused as refused:
            answer = problem_response(refused.status, refused.detail, refused.hint, refused.headers)
            return await answer(scope, receive, send)
        changed = MutableHeaders(raw=list(scope["headers"]))
        del changed["range"]
        if ranges:
            changed["range"] = "bytes=" + ",".join(f"{first}-{last}" for first, last in ranges)
        await super().__call__({**scope, "headers": changed.raw}, receive, send)

    def _is_known(self, asked: Headers) -> bool:
        """Whether the browser has it: a tag decides, else the time (RFC 9110, 13.1)."""
        tags = asked.get("if-none-match")
        if tags is not None:
            named = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            return "*" in named or self.headers["etag"] in named
        try:
            since = parsedate_to_datetime(asked.get("if-modified-since", ""))
            return parsedate_to_datetime(self.headers["last-modified"]) <= since
        except (ValueError, TypeError):
            return False


def read_ranges(text: str, size: int) -> list[tuple[int, int]]:
    """The bytes that a Range header asks for: first and last of each part that is there.

    None where it is no range in bytes.

    Raises:
        Refused: none of it is there (416), or it asks for too many parts.
    """
    written = RANGES.fullmatch(text) if len(text) <= LONGEST_RANGE else None
    parts = [part.strip() for part in written[1].split(",")] if written else []
    parts = [part for part in parts if part != "-"]
    if not parts:
        return []
    hint = f"ask for bytes below {size}, in at most {MOST_RANGES} parts"
    found = [(first, last) for first, last in (_bounds(p, size) for p in parts) if first <= last]
    if not found or len(parts) > MOST_RANGES:
        said = f"the file has {size} bytes, not those that were asked for"
        said = said if not found else f"{len(parts)} parts were asked for at once"
        raise Refused(416, said, hint, {"Content-Range": f"bytes */{size}"})
    return found


def _bounds(part: str, size: int) -> tuple[int, int]:
    """First and last byte; a part that is not there ends before it begins."""
    first, _, last = part.partition("-")
    if not first:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    if last and int(last) < int(first):
        return 0, -1
    return int(first), min(int(last), size - 1) if last else size - 1


def describe_saving(name: str) -> str:
    """Content-Disposition: the name in ASCII, and as it is (RFC 6266)."""
    whole = name.encode("utf-8", "replace").decode("utf-8")
    clean = NOT_IN_NAMES.sub("_", whole).strip() or "video"
    plain = clean.encode("ascii", "replace").decode("ascii").replace("?", "_")
    written = f'attachment; filename="{plain}"'
    return written if plain == clean else f"{written}; filename*=UTF-8''{quote(clean, safe='')}"
