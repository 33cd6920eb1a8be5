"""Captions changed by chance: made false in one point, or with a slip of the finger.

The false ones teach, and measure, to what a colour, a side and a number belong, which a bag of
words would not know; the slips train the small pieces into which unknown words fall. Knows nothing
of pictures.
"""

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from bench.world.words import COLOURS

Change: TypeAlias = Callable[[str, np.random.Generator], str | None]

_WORD = re.compile(r"[A-Za-z]+")
_SIDES = {"left": "right", "right": "left"}
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LEAST_LETTERS = 4  # shorter words become other words by a slip


def exchange_colours(caption: str, random: np.random.Generator) -> str | None:
    """The caption with two different colours in each other's place; None without two."""
    colours = [word for word in _WORD.finditer(caption) if word[0].lower() in COLOURS]
    if len({word[0].lower() for word in colours}) < 2:
        return None
    first = colours[random.integers(len(colours))]
    others = [word for word in colours if word[0].lower() != first[0].lower()]
    second = others[random.integers(len(others))]
    return _put(caption, [(first, second[0]), (second, first[0])])


def turn_sides(caption: str, random: np.random.Generator) -> str | None:
    """The caption with left and right in each other's place; None without either."""
    sides = [word for word in _WORD.finditer(caption) if word[0].lower() in _SIDES]
    if not sides:
        return None
    return _put(caption, [(word, _SIDES[word[0].lower()]) for word in sides])


def miscount(caption: str, random: np.random.Generator) -> str | None:
    """The caption with one of its numbers one or two off; None without a number."""
    numbers = [word for word in _WORD.finditer(caption) if word[0].lower() in _NUMBERS]
    if not numbers:
        return None
    word = numbers[random.integers(len(numbers))]
    true = _NUMBERS.index(word[0].lower())
    near = [n for n in range(len(_NUMBERS)) if 0 < abs(n - true) <= 2]
    return _put(caption, [(word, _NUMBERS[near[random.integers(len(near))]])])


CHANGES: MappingProxyType[str, Change] = MappingProxyType(
    {"colours": exchange_colours, "sides": turn_sides, "counts": miscount}
)


def contradict(caption: str, random: np.random.Generator) -> str | None:
    """The caption made false in one of these ways; None if none is possible."""
    ways = list(CHANGES.values())
    for number in random.permutation(len(ways)):
        changed: str | None = ways[int(number)](caption, random)
        if changed is not None:
            return changed
    return None


def misspell(caption: str, random: np.random.Generator) -> str:
    """The caption with one letter of one of its longer words missing, doubled or swapped."""
    words = [word for word in _WORD.finditer(caption) if len(word[0]) >= _LEAST_LETTERS]
    if not words:
        return caption
    word = words[random.integers(len(words))]
    letters, at = word[0], int(random.integers(1, len(word[0]) - 1))
    slips = (
        letters[:at] + letters[at + 1 :],
        letters[:at] + letters[at] + letters[at:],
        letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :],
    )
    return _put(caption, [(word, slips[random.integers(len(slips))])])


def _put(caption: str, changes: list[tuple[re.Match[str], str]]) -> str:
    for word, new in sorted(changes, key=lambda change: -change[0].start()):
        caption = caption[: word.start()] + new + caption[word.end() :]
    return caption
