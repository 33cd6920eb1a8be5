"""What is known of a shot as filters that find more of it. Knows no Streamlit, no API."""

import re

from ui.plain import clean

KINDS = ("read", "said", "subtitle", "title", "caption")
LONGEST = 8  # words of a phrase: more would find only this very place


def words_filter(kind: str, text: str) -> str:
    """The filter for a phrase, "" where it has no words."""
    words = re.findall(r"\w+", clean(text, 400))[:LONGEST]
    key = kind if kind in KINDS else "read"
    return f'{key}="{" ".join(words)}"' if words else ""


def label_filter(name: str) -> str:
    """The filter for a label, VOCABULARY/NAME."""
    vocabulary, _, colour = name.partition("/")
    return f"colour={colour}" if vocabulary == "colour" else f"label={clean(name)}"


def asks_who_does(where: str) -> bool:
    """Whether a filter asks for somebody who does something."""
    return where.partition("=")[0].rstrip("! ") == "does"


def means_faces(where: str) -> bool:
    """Whether it leaves out who does it: that of the pictures of a face."""
    return asks_who_does(where) and where.partition("=")[2].lstrip().startswith(":")


def person_filter(who: str) -> str:
    """The filter for a person, by name or id."""
    return f"person={clean(who)}"
