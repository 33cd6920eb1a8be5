"""The grammar of full-text expressions.

    expression := part+            every part must occur in the document, in any order
    part       := chunk | '"' chunk+ '"'
    chunk      := '*'? characters without white space or star '*'?

The words of one part must stand side by side, in order: `"new york"`, and `e-mail` as well, which
is two words. A star before the first or after the last word of a chunk stands for any characters
there: `light*`, `*house`, `*ring*`. Case and accents make no difference. Knows nothing of
documents.
"""

from dataclasses import dataclass

from analyzers.error import ShotseekError
from indexer.generations.tokens import find_words


class QuerySyntax(ShotseekError):
    """A full-text expression cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True)
class Word:
    """One word to look for; open at an end means that any characters may stand there."""

    text: str  # folded
    open_start: bool = False
    open_end: bool = False


Phrase = tuple[Word, ...]  # words side by side, at least one


def parse_expression(expression: str) -> list[Phrase]:
    """The parts of an expression, each a phrase of one or more words.

    Raises QuerySyntax where a quotation is not closed, a star stands inside a word, or no word is
    left.
    """
    pieces = expression.split('"')
    if len(pieces) % 2 == 0:
        raise QuerySyntax(f"a quotation mark is not closed in: {expression}")
    phrases: list[Phrase] = []
    for number, piece in enumerate(pieces):
        chunks = [_read_chunk(chunk) for chunk in piece.split()]
        phrases += [tuple(word for chunk in chunks for word in chunk)] if number % 2 else chunks
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        raise QuerySyntax(f"there is no word to look for in: {expression!r}")
    return phrases


def _read_chunk(chunk: str) -> Phrase:
    start, star, end = chunk.strip("*").partition("*")
    if star:
        raise QuerySyntax(
            f"a star stands before or after a word, not inside: in place of {chunk}, try "
            f"{start}* *{end.lstrip('*')}"
        )
    texts = find_words(chunk)
    last = len(texts) - 1
    return tuple(
        Word(text, chunk.startswith("*") and number == 0, chunk.endswith("*") and number == last)
        for number, text in enumerate(texts)
    )
