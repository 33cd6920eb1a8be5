"""Full text over the words of all videos: which documents match an expression, and how well.

Two forms of the same lie side by side. For each word, the documents that hold it and how often:
enough for words alone. And for each word its *places*: numbers that ascend through all documents,
with one empty place between two documents, so that neighbours in a text are neighbours in number
and a phrase never reaches into the next document. Only phrases look at places. Knows nothing of
shots and rows beyond their numbers.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import WordsKind
from indexer.generations.expression import Phrase, Word, parse_expression
from indexer.generations.spans import find_members
from indexer.generations.strings import unpack_string
from indexer.generations.vocabulary import Vocabulary

K1 = 1.2  # how soon further occurrences stop counting
B = 0.75  # how much long documents are held back
LOOKUP = 16  # looking up one document costs as much as writing so many into a table
MANY = 4  # where more than one document in so many is held, they are added up in a table


@dataclass(frozen=True, eq=False)
class WordMatches:
    """The documents that match."""

    docs: NDArray[np.int32]  # (k,) ascending
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
    first_row: NDArray[np.int32]  # (d,) the rows whose time lies in it: first_row up to, not
    end_row: NDArray[np.int32]  # (d,) including, end_row
    length: NDArray[np.int32]  # (d,) in words
    text_data: NDArray[np.uint8]  # the texts one after the other
    text_first: NDArray[np.int64]  # (d + 1,)

    def __len__(self) -> int:
        return len(self.kind)

    def text(self, doc: int) -> str:
        """The text of one document as it was said."""
        return unpack_string(self.text_data, self.text_first, doc)


@dataclass(frozen=True, eq=False)
class Held:
    """The documents that hold one part of an expression."""

    docs: NDArray[np.int32]  # (k,) ascending
    counts: NDArray[np.integer[Any]]  # (k,) how often, > 0


@dataclass(frozen=True, eq=False)
class Postings:
    """The documents and their words; safe to share between threads."""

    documents: DocumentTable
    vocabulary: Vocabulary  # t words
    totals: NDArray[np.int64]  # (2, kinds) documents, and words in them, of each kind
    first_doc: NDArray[np.int64]  # (t + 1,) where each word's documents begin
    doc: NDArray[np.int32]  # (p,) ascending for each word
    count: NDArray[np.integer[Any]]  # (p,) how often the document holds the word
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
        parts = [self.hold(phrase, asked) for phrase in times]
        documents, words = self.totals[:, asked].sum(axis=1).tolist()
        weights = [
            weigh(documents, len(part.docs), often)
            for part, often in zip(parts, times.values(), strict=True)
        ]
        return self.rank(parts, weights, max(words, 1) / max(documents, 1))

    def hold(self, phrase: Phrase, asked: NDArray[np.bool_]) -> Held:
        """The documents that hold a phrase, of the kinds that are `asked` (kinds,)."""
        if len(phrase) == 1:
            held = self._find_word(phrase[0])
        else:
            docs = self.doc_at[self._find_phrase(phrase)]
            starts = np.flatnonzero(np.diff(docs, prepend=-1))
            held = Held(docs[starts], np.diff(starts, append=len(docs)))
        if asked.all():
            return held
        chosen = np.flatnonzero(asked[self.documents.kind[held.docs]])
        return Held(held.docs[chosen], held.counts[chosen])

    def rank(
        self, parts: Sequence[Held], weights: Sequence[float], mean_length: float
    ) -> WordMatches:
        """The documents that hold every part, with BM25.

        Args:
            parts: at least one.
            weights: of each part, by `weigh`.
            mean_length: of a document of the asked kinds, in words.
        """
        order = sorted(range(len(parts)), key=lambda number: len(parts[number].docs))
        docs, counts = self._find_common([parts[number] for number in order])
        norm = K1 * B / mean_length * self.documents.length[docs] + K1 * (1 - B)
        total = np.zeros(len(docs))
        for number, count in zip(order, counts, strict=True):
            total += weights[number] * count / (count + norm)
        return WordMatches(docs, total.astype(np.float32))

    def begin_with(self, text: str, most: int) -> list[tuple[str, int]]:
        """The most frequent words that begin so, and how often each occurs; most frequent first."""
        words = self.vocabulary.find(Word(text, open_end=True))
        counts = self.first[words + 1] - self.first[words]
        if len(words) > most:
            best = np.sort(np.argpartition(-counts, most - 1)[:most])
            words, counts = words[best], counts[best]
        order = np.argsort(-counts, kind="stable")
        return [(self.vocabulary.get(int(words[n])), int(counts[n])) for n in order]

    def kinds_with(self, word: str, most: int) -> NDArray[np.int64]:
        """(kinds,) documents of each kind that overlap a shot, of the first that hold a word.

        `most` documents are looked at.
        """
        documents = self.documents
        docs = self._find_word(Word(word)).docs[:most]
        docs = docs[documents.first_shot[docs] <= documents.last_shot[docs]]
        kinds: NDArray[np.int64] = np.bincount(documents.kind[docs], minlength=len(documents.kinds))
        return kinds

    def _find_common(
        self, parts: Sequence[Held]
    ) -> tuple[NDArray[np.int32], list[NDArray[np.integer[Any]]]]:
        """The documents (k,) that all parts hold, the rarest part first, and the counts of each."""
        docs, counts = parts[0].docs, [parts[0].counts]
        for held in parts[1:]:
            count = self._counts_at(held, docs)
            both = np.flatnonzero(count)
            docs, counts = docs[both], [each[both] for each in (*counts, count)]
        return docs, counts

    def _counts_at(self, held: Held, docs: NDArray[np.int32]) -> NDArray[np.integer[Any]]:
        """How often some documents (k,) hold a part, 0 where they do not.

        Few documents are looked up; many are read from a table of all documents.
        """
        if LOOKUP * len(docs) > len(held.docs) + len(self.documents) // 4:
            table = np.zeros(len(self.documents), held.counts.dtype)
            table[held.docs] = held.counts
            return table[docs]
        at, found = _locate(held.docs, docs)
        counts = np.zeros(len(docs), held.counts.dtype)
        counts[found] = held.counts[at[found]]
        return counts

    def _find_word(self, word: Word) -> Held:
        """The documents of all words that one word of a query stands for."""
        words = self.vocabulary.find(word)
        members = find_members(self.first_doc, words)
        held = Held(self.doc[members], self.count[members])
        return held if len(words) < 2 else _add_up(held, len(self.documents))

    def _find_phrase(self, phrase: Phrase) -> NDArray[np.signedinteger[Any]]:
        """The places where a phrase begins, ascending."""
        lists = [self._find_places(word) for word in phrase]
        rarest = min(range(len(lists)), key=lambda number: len(lists[number]))
        places = lists[rarest] - lists[rarest].dtype.type(rarest)
        for number, held in enumerate(lists):
            if number != rarest:
                places = places[_locate(held, places + held.dtype.type(number))[1]]
        return places

    def _find_places(self, word: Word) -> NDArray[np.signedinteger[Any]]:
        """The places of all words that one word of a query stands for, ascending."""
        words = self.vocabulary.find(word)
        places = self.place[find_members(self.first, words)]
        return places if len(words) < 2 else np.sort(places)


def weigh(documents: int, holding: int, often: int) -> float:
    """What BM25 multiplies the share of a part by: its idf, k1 + 1, and how often it is asked.

    Of `documents` in all, `holding` hold the part.
    """
    return often * math.log1p((documents - holding + 0.5) / (holding + 0.5)) * (K1 + 1)


def _add_up(held: Held, documents: int) -> Held:
    """Documents in any order, some more than once, to each once with the sum of its counts."""
    if MANY * len(held.docs) > documents:
        sums = np.bincount(held.docs, held.counts, minlength=documents)
        docs = np.flatnonzero(sums).astype(np.int32)
        return Held(docs, sums[docs].astype(np.int64))
    by = np.argsort(held.docs, kind="stable")
    docs = held.docs[by]
    starts = np.flatnonzero(np.diff(docs, prepend=-1))
    if len(starts) == 0:
        return held
    return Held(docs[starts], np.add.reduceat(held.counts[by], starts, dtype=np.int64))


def _locate(
    values: NDArray[Any], wanted: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each wanted value (k,) would stand among ascending values, and whether it is there."""
    at = np.searchsorted(values, wanted)
    if len(values) == 0:
        return at, np.zeros(len(wanted), bool)
    return at, values[np.minimum(at, len(values) - 1)] == wanted
