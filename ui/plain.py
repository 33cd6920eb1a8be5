"""Texts of videos as they are shown: never as markup. Knows no Streamlit, no API.

What stands in a video (its name, its subtitles, what was read in its pictures) is written by
strangers. Components and `st.text` take it as `clean` leaves it; where Streamlit reads Markdown,
`escape` keeps it from doing so.
"""

import re
import unicodedata
from datetime import UTC, datetime

JOINER = "\u2060"  # has no width, and ends what Markdown would take for one word
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# Links, emoji and arrows are found in the finished text, where a backslash no longer helps.
_LATE = re.compile(r"[:@]|-(?=[->])|<(?=-)|www(?=\.)", re.IGNORECASE)
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


def clean(text: str, most: int = 500) -> str:
    """One line that any screen can show: no control signs, no lone surrogates, not too long."""
    kept = "".join(_seen(sign) for sign in text[: 4 * most])
    line = " ".join(kept.split())
    return line if len(line) <= most else f"{line[: most - 1]}\u2026"


def escape(text: str, most: int = 500) -> str:
    """The same for where Markdown is read; reads as the text itself."""
    parted = _LATE.sub(lambda found: found[0] + JOINER, clean(text, most))
    return _MARKS.sub(r"\\\1", parted)


def code(text: str) -> str:
    """A command or an address as Markdown shows it letter by letter, to be copied."""
    return f"`` {clean(text).replace('`', ' ')} ``"


def clock(time_ms: int) -> str:
    """A time in a video: `1:12.3`; hours only where there are any."""
    tenths = max(0, time_ms) // 100
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{head}:{rest // 10:02}.{rest % 10}"


def moment(iso: str) -> str:
    """A moment as people read it: `2026-11-23 09:32 UTC`; what is no ISO 8601 stays as it is."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return clean(iso)
    return f"{(at if at.tzinfo is None else at.astimezone(UTC)):%Y-%m-%d %H:%M} UTC"


def size(count: int) -> str:
    """Bytes as people read them."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} TB"


def _seen(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cs":
        return "\ufffd"
    if sign in _DIRECTIONS:
        return ""
    return " " if kind in ("Cc", "Zl", "Zp") else sign
