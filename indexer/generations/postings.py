"""Full text over the words of all videos: which documents match an expression, and how well.

Every word of every document has a *place*: a number that ascends through all documents, with one
empty place between two documents, so that neighbours in a text are neighbours in number and a
phrase never reaches into the next document. For each word of the vocabulary its places are kept.
Knows nothing of shots beyond their numbers.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import WordsKind
from indexer.generations.expression import Phrase, Word, parse_expression
from indexer.generations.strings import unpack_string
from indexer.generations.vocabulary import Vocabulary

K1 = 1.2  # how soon further occurrences stop counting
B = 0.75  # how much long documents are held back


@dataclass(frozen=True, eq=False)
class WordMatches:
    """The documents that match."""

    docs: NDArray[np.int64]  # (k,) ascending
    bm25: NDArray[np.float32]  # (k,) > 0


@dataclass(frozen=True, eq=False)
class DocumentTable:
    """The documents, in order of their videos.

    A document is what one analyzer said of one kind with one start and end, joined by spaces.
    """

    kinds: tuple[WordsKind, ...]
    kind: NDArray[np.uint8]  # (d,) index into `kinds`
    video: NDArray[np.int32]  # (d,) index into the videos
    start_ms: NDArray[np.int64]  # (d,)
    end_ms: NDArray[np.int64]  # (d,) exclusive
    first_shot: NDArray[np.int32]  # (d,) it overlaps the shots first_shot to last_shot, inclusive;
    last_shot: NDArray[np.int32]  # (d,) last_shot < first_shot where it overlaps none
    length: NDArray[np.int32]  # (d,) in words
    text_data: NDArray[np.uint8]  # the texts one after the other
    text_first: NDArray[np.int64]  # (d + 1,)

    def __len__(self) -> int:
        return len(self.kind)

    def text(self, doc: int) -> str:
        """The text of one document as it was said."""
        return unpack_string(self.text_data, self.text_first, doc)


@dataclass(frozen=True, eq=False)
class Postings:
    """The documents and the places of their words; safe to share between threads."""

    documents: DocumentTable
    vocabulary: Vocabulary  # t words
    first: NDArray[np.int64]  # (t + 1,) where each word's places begin
    place: NDArray[np.signedinteger[Any]]  # (w,) ascending for each word
    doc_at: NDArray[np.int32]  # (w + d,) the document of each place; an empty one ends it

    def find(self, expression: str, kinds: Collection[WordsKind] = tuple(WordsKind)) -> WordMatches:
        """The documents of the asked kinds that hold every part of the expression, with BM25.

        BM25 sums over the parts (a part asked twice counts twice)
        `ln(1 + (N - n + .5) / (n + .5)) * f (k1 + 1) / (f + k1 (1 - b + b L / A))`
        with f the occurrences of the part (a phrase, a word, or any word that a star allows) in the
        document, n the documents that hold it, N all documents, L the document's length and A the
        mean length in words; n, N and A count the documents of the asked kinds only. Robertson and
        Zaragoza 2009, equation 3.15, with Lucene's idf, which is never negative.

        Raises QuerySyntax for a quotation that is not closed, or no word at all.
        """
        asked = np.array([kind in kinds for kind in self.documents.kinds])
        times = Counter(parse_expression(expression))
        parts = [(*self._count(phrase, asked), often) for phrase, often in times.items()]
        parts.sort(key=lambda part: len(part[0]))
        docs = parts[0][0]
        for held, _, _ in parts[1:]:
            docs = docs[_locate(held, docs)[1]]
        norm = self._norm(docs, asked)
        total = np.zeros(len(docs))
        for held, counts, often in parts:
            count = counts[_locate(held, docs)[0]] if len(docs) else counts[:0]
            total += often * self._idf(len(held), asked) * count * (K1 + 1) / (count + norm)
        return WordMatches(docs.astype(np.int64), total.astype(np.float32))

    @cached_property
    def _totals(self) -> NDArray[np.float64]:
        """(2, kinds) documents, and words in them, of each kind."""
        documents, kinds = self.documents, len(self.documents.kinds)
        words = np.bincount(documents.kind, documents.length, minlength=kinds)
        return np.stack((np.bincount(documents.kind, minlength=kinds), words))

    def _idf(self, holding: int, asked: NDArray[np.bool_]) -> float:
        documents = self._totals[0, asked].sum()
        return float(np.log1p((documents - holding + 0.5) / (holding + 0.5)))

    def _norm(self, docs: NDArray[np.int32], asked: NDArray[np.bool_]) -> NDArray[np.float64]:
        """(k,) what BM25 adds below to the count of each document."""
        documents, words = self._totals[:, asked].sum(axis=1)
        mean = max(words, 1) / max(documents, 1)
        norm: NDArray[np.float64] = K1 * (1 - B + B * self.documents.length[docs] / mean)
        return norm

    def _count(
        self, phrase: Phrase, asked: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The documents of asked kinds that hold a phrase, ascending, and how often each does."""
        docs = self.doc_at[self._find_phrase(phrase)]
        if not asked.all():
            docs = docs[asked[self.documents.kind[docs]]]
        starts = np.flatnonzero(np.diff(docs, prepend=-1))
        return docs[starts], np.diff(starts, append=len(docs))

    def _find_phrase(self, phrase: Phrase) -> NDArray[np.signedinteger[Any]]:
        """The places where a phrase begins, ascending."""
        lists = [self._find_word(word) for word in phrase]
        rarest = min(range(len(lists)), key=lambda number: len(lists[number]))
        places = lists[rarest] - lists[rarest].dtype.type(rarest)
        for number, held in enumerate(lists):
            if number != rarest:
                places = places[_locate(held, places + held.dtype.type(number))[1]]
        return places

    def _find_word(self, word: Word) -> NDArray[np.signedinteger[Any]]:
        """The places of all words that one word of a query stands for, ascending."""
        words = self.vocabulary.find(word)
        if len(words) == 0:
            return self.place[:0]
        if words[-1] - words[0] + 1 == len(words):  # neighbours: one stretch
            places = self.place[self.first[words[0]] : self.first[words[-1] + 1]]
        else:
            places = np.concatenate([self.place[self.first[w] : self.first[w + 1]] for w in words])
        return places if len(words) == 1 else np.sort(places)


def _locate(
    values: NDArray[Any], wanted: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each wanted value (k,) would stand among ascending values, and whether it is there."""
    at = np.searchsorted(values, wanted)
    if len(values) == 0:
        return at, np.zeros(len(wanted), bool)
    return at, values[np.minimum(at, len(values) - 1)] == wanted
