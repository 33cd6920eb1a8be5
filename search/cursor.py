"""The place of the next page: opaque to those who carry it. Knows no hits."""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from hashlib import blake2b

from search.error import CursorExpired, QueryInvalid
from search.options import SearchOptions
from search.query import Query

FARTHEST = 10**9  # hits


@dataclass(frozen=True)
class Cursor:
    """How many hits were shown, of which query, from which generation."""

    generation: str
    offset: int
    query: str  # a digest of the query and of the options that order its hits


def digest_of(query: Query, options: SearchOptions) -> str:
    """Tells queries apart; the number of hits on a page may change between pages."""
    listed = options.model_dump(mode="json", exclude={"k", "cursor"})
    # Not model_dump_json: it has no way to write the lone surrogates of names that are no UTF-8.
    text = json.dumps([query.model_dump(mode="json"), listed])
    return blake2b(text.encode(), digest_size=8).hexdigest()


def write_cursor(cursor: Cursor) -> str:
    """As a word of letters, digits, - and _."""
    data = json.dumps(asdict(cursor), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def read_cursor(text: str, generation: str, digest: str) -> int:
    """The number of hits already shown.

    Raises:
        CursorExpired: it is of another generation or another query.
        QueryInvalid: it is no cursor.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = Cursor(**json.loads(data))
        offset = int(cursor.offset)
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise QueryInvalid("cursor: it is not one that a search gave") from error
    if cursor.generation != generation:
        raise CursorExpired("the collection has changed since that page: search again from the top")
    if cursor.query != digest:
        raise CursorExpired("the cursor is of another query: search again from the top")
    if not 0 <= offset <= FARTHEST:
        raise QueryInvalid("cursor: it is not one that a search gave")
    return offset
