"""Texts that no database holds, made storable and back again without loss.

File names may hold bytes that are no UTF-8 (Python keeps them as lone surrogates), texts that were
read may hold NUL; PostgreSQL, SQLite and Parquet each refuse some of these. Such a text is stored
as ESC and its Python escapes, every other text as it is.
"""

ESCAPE = "\x1b"


def pack_text(text: str) -> str:
    """The text as it is stored."""
    if "\x00" not in text and not text.startswith(ESCAPE) and _is_unicode(text):
        return text
    return ESCAPE + text.encode("unicode_escape").decode("ascii")


def unpack_text(stored: str) -> str:
    """The text that `pack_text` made this of."""
    if not stored.startswith(ESCAPE):
        return stored
    return stored[1:].encode("ascii").decode("unicode_escape")


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
