"""Full text over several parts: every part finds its own documents, all are ranked alike.

How rare a word is, and how long a document is on the average, is counted over the living documents
of all parts, so that a document scores what it would score in one part. Documents have dense
numbers; those of dead videos have none.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.finding import WordsKind
from indexer.generations.expression import Phrase, Word, parse_expression
from indexer.generations.postings import Held, Postings, WordMatches, weigh
from indexer.generations.stretches import Found, Numbering


class PartedWords:
    """What `Postings` answers, over those of several parts."""

    def __init__(
        self, parts: Sequence[Postings], numbering: Numbering, points_to: Mapping[str, Numbering]
    ) -> None:
        """`numbering` of the documents; `points_to` names the columns that hold other numbers."""
        self._parts = tuple(parts)
        self._numbering = numbering
        self.documents = PartedDocuments(parts, numbering, points_to)
        counted = [_count_living(part, numbering, at) for at, part in enumerate(parts)]
        self._totals = np.sum(counted, axis=0)

    def find(self, expression: str, kinds: Collection[WordsKind] = tuple(WordsKind)) -> WordMatches:
        """The documents that match, with their BM25; see `Postings`."""
        asked = np.array([kind in kinds for kind in self.documents.kinds])
        times = Counter(parse_expression(expression))
        held = [self._hold(list(times), asked, part) for part in range(len(self._parts))]
        documents, words = self._totals[:, asked].sum(axis=1).tolist()
        holding = [sum(len(each.docs) for each in column) for column in zip(*held, strict=True)]
        pairs = zip(holding, times.values(), strict=True)
        weights = [weigh(documents, count, often) for count, often in pairs]
        mean = max(words, 1) / max(documents, 1)
        found = [
            part.rank(each, weights, mean) for part, each in zip(self._parts, held, strict=True)
        ]
        places = zip(found, self._numbering.parts, strict=True)
        return WordMatches(
            np.concatenate([living.place(one.docs)[1] for one, living in places]),
            np.concatenate([one.bm25 for one in found]),
        )

    def begin_with(self, text: str, most: int) -> list[tuple[str, int]]:
        """The most frequent words that begin so, and how often each occurs.

        Dead documents are counted in: it is about which to suggest.
        """
        counts: Counter[str] = Counter()
        for part in self._parts:
            counts.update(dict(part.begin_with(text, most)))
        return counts.most_common(most)

    def kinds_with(self, word: str, most: int) -> NDArray[np.int64]:
        """(kinds,) of which kinds the documents are that hold a word and overlap a shot.

        Looks at no more than `most` documents of each part.
        """
        kinds = len(self.documents.kinds)
        counts = np.zeros(kinds, np.int64)
        for number, part in enumerate(self._parts):
            (held,) = self._hold([(Word(word),)], np.ones(kinds, bool), number)
            table, docs = part.documents, held.docs[:most]
            docs = docs[table.first_shot[docs] <= table.last_shot[docs]]
            counts += np.bincount(table.kind[docs], minlength=kinds)
        return counts

    def _hold(self, phrases: Sequence[Phrase], asked: NDArray[np.bool_], part: int) -> list[Held]:
        """The living documents of one part that hold each phrase."""
        held = [self._parts[part].hold(phrase, asked) for phrase in phrases]
        living = self._numbering.parts[part]
        if living.keeps_all:
            return held
        which = [living.place(each.docs)[0] for each in held]
        return [Held(each.docs[w], each.counts[w]) for each, w in zip(held, which, strict=True)]


class PartedDocuments:
    """What `DocumentTable` tells, over those of several parts."""

    def __init__(
        self, parts: Sequence[Postings], numbering: Numbering, points_to: Mapping[str, Numbering]
    ) -> None:
        self._tables = [part.documents for part in parts]
        self._numbering = numbering
        self.kinds: tuple[WordsKind, ...] = self._tables[0].kinds

        def column(name: str) -> PartedColumn:
            columns = [getattr(table, name) for table in self._tables]
            return PartedColumn(columns, numbering, points_to.get(name))

        self.kind, self.length = column("kind"), column("length")
        self.video = column("video")
        self.start_ms, self.end_ms = column("start_ms"), column("end_ms")
        self.first_shot, self.last_shot = column("first_shot"), column("last_shot")
        self.first_row, self.end_row = column("first_row"), column("end_row")

    def __len__(self) -> int:
        return len(self._numbering)

    def text(self, doc: int) -> str:
        """The text of one document as it was said."""
        part, number = self._numbering.find(doc)
        return self._tables[part].text(number)


class PartedColumn:
    """One column of several parts; its values are moved where they are numbers themselves."""

    def __init__(
        self,
        columns: Sequence[NDArray[Any]],
        numbering: Numbering,
        points_to: Numbering | None,
    ) -> None:
        self._columns = columns
        self._numbering = numbering
        self._points_to = points_to

    def __getitem__(self, numbers: Any) -> Any:
        """One value, or those (k,) of numbers (k,)."""
        asked = np.asarray(numbers)
        values = self._numbering.gather(np.atleast_1d(asked), self._read, self._columns[0][:0])
        return values if asked.ndim else values[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All values."""
        whole: NDArray[Any] = np.asarray(self[np.arange(len(self._numbering))], dtype)
        return whole

    def _read(self, found: Found) -> NDArray[Any]:
        values: NDArray[Any] = self._columns[found.part][found.numbers]
        if self._points_to is None:
            return values
        shift = self._points_to.parts[found.part].shift[found.stretch]
        return (values + shift).astype(values.dtype)


def _count_living(part: Postings, numbering: Numbering, number: int) -> NDArray[np.int64]:
    """(2, kinds) the documents of one part that count, and the words in them."""
    living = numbering.parts[number]
    if living.keeps_all:
        return part.totals
    kinds, kind = len(part.documents.kinds), living.pick(part.documents.kind)
    words = np.bincount(kind, living.pick(part.documents.length), minlength=kinds)
    return np.stack((np.bincount(kind, minlength=kinds), words)).astype(np.int64)
