"""Made-up documents whose words are as unevenly frequent as those of a language.

The word of rank r has a share of 1 / (r + 2.7) ** 1.05 (Zipf's law as Mandelbrot corrected it), so
that the first is about every twentieth word. Knows no grammar and no meaning.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

VOCABULARY = 400_000
SHIFT, EXPONENT = 2.7, 1.05
LENGTH_SPREAD = 0.6  # of the logarithm of a document's length
FREQUENT = 4  # words of which the most frequent pairs are made
QUERY_SHARES = (1e-5, 1e-2)  # of documents that hold a word of a query log
CONSONANTS, VOWELS = "bcdfghjklmnprstvwyz", "aeiou"


def draw_lengths(documents: int, words: int, seed: int) -> NDArray[np.int64]:
    """How many words each document has (d,), log-normal, about `words` in all."""
    weights = np.random.default_rng([seed, 5]).lognormal(0, LENGTH_SPREAD, documents)
    lengths: NDArray[np.int64] = np.rint(weights * (words / weights.sum())).astype(np.int64)
    return np.maximum(lengths, 1, out=lengths)


def draw_documents(
    lengths: NDArray[np.int64], parts: Iterable[slice], seed: int
) -> Iterator[list[str]]:
    """The texts of documents of these lengths, part by part."""
    chance, upto, spelled = np.random.default_rng([seed, 6]), _add_up_shares(), _spell_all()
    for part in parts:
        ends = np.cumsum(lengths[part])
        words = spelled[np.searchsorted(upto, chance.random(ends[-1]))].tolist()
        begins = [0, *ends[:-1].tolist()]
        yield [" ".join(words[a:b]) for a, b in zip(begins, ends.tolist(), strict=True)]


def draw_log_pairs(
    count: int, texts: Sequence[str], lengths: NDArray[np.int64], seed: int
) -> list[str]:
    """Two words each, as a log of queries has them: both of one document, neither too frequent.

    Args:
        count: how many.
        texts: documents to take them from.
        lengths: of all documents, from which the words' shares follow.
        seed: the same seed gives the same pairs.
    """
    chance = np.random.default_rng([seed, 7])
    usual = set(_spell_all()[_ranks_between(QUERY_SHARES, lengths)].tolist())
    pairs: list[str] = []
    for number in chance.permutation(len(texts)):
        words = sorted(usual.intersection(texts[number].split()))
        if len(words) > 1:
            pairs.append(" ".join(chance.choice(words, 2, replace=False)))
        if len(pairs) == count:
            break
    return pairs


def draw_frequent_pairs(count: int, seed: int) -> list[str]:
    """Two each of the four most frequent words."""
    chance, words = np.random.default_rng([seed, 8]), _spell_all()[:FREQUENT]
    return [" ".join(chance.choice(words, 2, replace=False)) for _ in range(count)]


def _ranks_between(shares: tuple[float, float], lengths: NDArray[np.int64]) -> slice:
    """The ranks of the words that so large a share of the documents holds."""
    chances = np.diff(_add_up_shares(), prepend=0)
    sample = lengths[:: max(1, len(lengths) // 1000)]
    tried = np.unique(np.geomspace(1, VOCABULARY, 2000).astype(int)) - 1
    held = 1 - np.mean((1 - chances[tried]) ** sample[:, None], axis=0)  # descending
    low, high = shares
    inside = tried[(held >= low) & (held <= high)]
    return slice(int(inside[0]), int(inside[-1]) + 1)


@cache
def _add_up_shares() -> NDArray[np.float64]:
    """(VOCABULARY,) the shares of each word and all more frequent ones."""
    upto = np.cumsum((np.arange(VOCABULARY) + SHIFT) ** -EXPONENT)
    return np.asarray(upto / upto[-1])


@cache
def _spell_all() -> NDArray[np.object_]:
    """(VOCABULARY,) words, the more frequent the shorter: `ba`, `be`, ... `babaca`, ..."""
    syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    words, longer = list(syllables), list(syllables)
    while len(words) < VOCABULARY:
        longer = [word + syllable for word in longer for syllable in syllables]
        words += longer
    return np.array(words[:VOCABULARY], object)
