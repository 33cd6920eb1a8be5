"""Why a hit was found, in one short line of plain text. Knows no Streamlit, no API.

A kind without words of its own here is named with its score: a new kind needs no change.
"""

from collections.abc import Callable
from typing import Any

from search.hits import Why
from ui.plain import clean

LONGEST = 48  # characters of a quoted text
AND, OR, THEN = " \u00b7 ", " or ", " \u2192 "


def write_why(why: Why) -> str:
    """The reasons, best known first, such as `red 0.39 \u00b7 read "fresh honey"`."""
    return clean(_write(why), 300)


def _write(why: Why) -> str:
    if not why.known:
        return f"{_name(why)} unknown"
    return _WRITERS.get(why.kind, _other)(why)


def _evidence(why: Why, name: str) -> Any:
    return (why.model_extra or {}).get(name)


def _name(why: Why) -> str:
    asked = _evidence(why, "asked")
    return clean(str(asked), LONGEST) if asked not in (None, "") else why.kind


def _quote(text: object) -> str:
    return f'"{clean(str(text), LONGEST)}"'


def _scored(why: Why) -> str:
    return "" if why.score is None else f" {why.score:.2f}"


def _text(why: Why) -> str:
    return f"{_quote(_name(why))}{_scored(why)}"


def _image(why: Why) -> str:
    return f"picture{_scored(why)}"


def _shot(why: Why) -> str:
    return f"alike{_scored(why)}"


def _words(why: Why) -> str:
    source = _evidence(why, "source") or _evidence(why, "where")
    source = "words" if source in (None, "any") else source
    return f"{source} {_quote(_evidence(why, 'found') or _name(why))}"


def _label(why: Why) -> str:
    sure = _evidence(why, "confidence")
    name = _name(why).removesuffix(" >= 1")
    return f"{name} {sure:.2f}" if isinstance(sure, int | float) else name


def _colour(why: Why) -> str:
    return f"{_name(why)}{_scored(why)}"


def _metadata(why: Why) -> str:
    found = _evidence(why, "found")
    asked = _name(why)
    if isinstance(found, float):
        return f"{asked} ({found:g})"
    return asked


def _children(why: Why, between: str) -> str:
    held = [child for child in why.children if child.match] or list(why.children)
    return between.join(filter(None, (_write(child) for child in held)))


def _negation(why: Why) -> str:
    child = why.children[0] if why.children else why
    return f"not {_children(child, AND) if child.children else _name(child)}"


def _other(why: Why) -> str:
    said = _children(why, AND)
    return said or f"{_name(why)}{_scored(why)}"


_WRITERS: dict[str, Callable[[Why], str]] = {
    "text": _text,
    "image": _image,
    "shot": _shot,
    "words": _words,
    "label": _label,
    "colour": _colour,
    "metadata": _metadata,
    "any_of": lambda why: _children(why, OR),
    "then": lambda why: _children(why, THEN),
    "not": _negation,
}
