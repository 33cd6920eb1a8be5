"""What can be asked by keyword, as types and as parameters of an address. Knows no API."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict
from urllib.parse import urlencode

from search.client.address import is_utf8, to_bytes

Value = str | bool | int | float | Sequence[str] | None


class ListingWords(TypedDict, total=False):
    """How hits are listed."""

    k: int  # hits on a page; 20 unless given
    group: Literal["none", "video"]
    sort: Literal["score", "time"]
    per_video: int | None
    min_score: float | None
    distinct: float | None  # cosine from which on a hit is folded under one that looks the same
    cursor: str | None  # of the next page
    space: str | None


class SearchWords(ListingWords, total=False):
    """What is looked for beside a text; all but `then` holds in the first stage."""

    picture: str | bytes | Path | None  # the id of an upload, a picture's bytes, or its file
    face: str | bytes | Path | Sequence[str | bytes | Path] | None  # pictures of one person
    like: str | None  # VIDEO@SECONDS: a moment
    then: str | Sequence[str]  # what comes a little later
    within: float | str | None  # how soon, in seconds or m:ss
    where: str | Sequence[str]  # KEY=VALUE; also != < <= > >=
    identity: bool | None  # of does=PERSON: ACTION: check that it is the person (ICV)
    gaps: bool | None  # of the same: fill in gaps within a shot (DTE)
    extension: Literal["capped", "published", "off"] | None  # lift shots by those near them (DTE)


LISTING = frozenset(ListingWords.__annotations__)
SEARCH = frozenset(SearchWords.__annotations__)
LISTS = ("face", "then", "where")


def check_words(words: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Keywords that were given, without those that are None; lists as tuples of texts.

    Raises:
        TypeError: one is unknown.
    """
    for name in words:
        if name not in known:
            raise TypeError(f"there is no keyword {name!r}; there are {', '.join(sorted(known))}")
    given = {name: value for name, value in words.items() if value is not None}
    for name in LISTS:
        if name in given:
            value = given[name]
            given[name] = (value,) if isinstance(value, str | bytes | Path) else tuple(value)
    if "within" in given:
        given["within"] = str(given["within"])
    return given


def write_parameters(values: Mapping[str, Value]) -> str:
    """`?name=value&...`, or nothing."""
    pairs = [
        (name, to_bytes(str(one)))
        for name, value in values.items()
        if value is not None
        for one in ((value,) if isinstance(value, str | int | float) else value)
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


def all_utf8(values: Mapping[str, Value]) -> bool:
    """Whether all texts come out the same if they travel in an address."""
    return all(
        is_utf8(str(one))
        for value in values.values()
        if value is not None
        for one in ((value,) if isinstance(value, str | int | float) else value)
    )
