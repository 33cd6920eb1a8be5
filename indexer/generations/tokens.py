"""Texts to words as full text sees them: folded, without accents, cut at everything else.

A word is a run of letters, digits and their marks. Apostrophes, hyphens and underscores part words:
`the dog's` is `the`, `dog`, `s`; what asks for `dog's` asks for these neighbours. Characters of
Chinese, Japanese and Korean are words of their own. Folding ignores case, compatibility forms
(NFKC) and accents: combining marks of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels; the
voicing marks of kana and the signs of Indic scripts stay.
"""

import re
import unicodedata
from functools import cache

CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
ASCII_WORD = re.compile("[a-z0-9]+")
MARK_CODES = range(0x0300, 0x1E94B)  # holds all marks but the variation selectors


def find_words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    folded = fold(text)
    return (ASCII_WORD if folded.isascii() else _word()).findall(folded)


def fold(text: str) -> str:
    """A text without differences of case, compatibility form and accent."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", spread.translate(_accents()))


@cache
def _accents() -> dict[int, None]:
    """The marks that folding drops, by their canonical combining class.

    Classes (Unicode 4.3): 1 overlays, 10-36 Hebrew, Arabic and Syriac points, 200-240 marks placed
    around a letter; others (7 nukta, 8 kana voicing, 9 virama, ...) make another letter.
    """
    dropped = {1, *range(10, 37), *range(200, 241)}
    return {code: None for code in MARK_CODES if unicodedata.combining(chr(code)) in dropped}


@cache
def _word() -> re.Pattern[str]:
    """A CJK character with its marks, or a run of other letters, digits and marks."""
    marks = "".join(
        chr(code) for code in MARK_CODES if unicodedata.category(chr(code)).startswith("M")
    )
    return re.compile(f"[{CJK}][{marks}]*|(?:(?![{CJK}])[^\\W_]|[{marks}])+")
