"""What a person may be called, and which names are the same. Knows no database."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from secrets import token_hex

from indexer.people.error import NameRefused

LONGEST_NAME = 200  # characters
NEAREST = 3
ID = re.compile("p-[0-9a-f]{16}")
CLUSTER = re.compile("p[0-9]+")  # as the analyzer `persons` numbers them


def create_id() -> str:
    """A new public id."""
    return f"p-{token_hex(8)}"


def clean_name(name: str) -> str:
    """The name as it is kept: composed characters, single spaces.

    Raises:
        NameRefused: it is empty, too long, not plain text, or looks like an id of a person or a
            cluster: whoever asks for that would get the person of the name.
    """
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not kept:
        raise NameRefused("a person cannot have an empty name; give at least one letter")
    if len(kept) > LONGEST_NAME:
        raise NameRefused(f"a name has at most {LONGEST_NAME} characters, this one {len(kept)}")
    if not kept.isprintable():
        raise NameRefused(f"{kept!a}: not a name; leave out the characters that cannot be shown")
    if ID.fullmatch(kept.casefold()):
        raise NameRefused(f"{kept}: looks like the id of a person; choose another name")
    if CLUSTER.fullmatch(kept.casefold()):
        raise NameRefused(f"{kept}: looks like a cluster of faces; choose another name")
    return kept


def can_be_stored(text: str) -> bool:
    """Whether it can be in a database at all: no NUL, no half of a character."""
    return not any(each == "\0" or "\ud800" <= each <= "\udfff" for each in text)


def name_key(name: str) -> str:
    """What two spellings of one name have in common: small and capital letters are the same."""
    folded = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFC", folded)


def nearest_names(name: str, names: Iterable[str]) -> str:
    """The end of a message that says which names are near; empty where none is."""
    by_key = {name_key(each): each for each in names}
    near = get_close_matches(name_key(name), by_key, NEAREST)
    return f"; the nearest: {', '.join(by_key[key] for key in near)}" if near else ""
