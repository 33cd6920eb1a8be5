"""Writes the documents and their postings."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations import streams
from indexer.generations.content import KINDS, WordsPart
from indexer.generations.layout import Layout
from indexer.generations.storage import ArrayWriter
from indexer.generations.streams import Grouper, GrowingColumn
from indexer.generations.strings import pack_strings
from indexer.generations.tokens import BREAK, find_words_of
from indexer.generations.vocabulary import pack_vocabulary

COLUMNS = {
    "kind": np.uint8,
    "video": np.int32,
    "start_ms": np.int64,
    "end_ms": np.int64,
    "first_shot": np.int32,
    "last_shot": np.int32,
    "first_row": np.int32,
    "end_row": np.int32,
    "length": np.int32,
}

NARROW_PLACES = 2**31 - 2**20  # with room for the length of a phrase
TEXTS_AT_ONCE = 1 << 14


def write_words(writer: ArrayWriter, layout: Layout, parts: Iterable[WordsPart]) -> int:
    """Write `documents.*`, `vocabulary.*` and `postings.*`; gives the number of documents.

    In memory are held one part, the distinct words, and about ten times `streams.CHUNK_BYTES`.
    """
    words = _WordStream(writer)
    for part in parts:
        words.push(part, layout)
    words.write(writer)
    return words.documents


class _WordStream:
    """Documents as they come, in order; what is written at the end."""

    def __init__(self, writer: ArrayWriter) -> None:
        self.documents = 0
        self._places = 0  # the next free one
        self._totals = np.zeros((2, len(KINDS)), np.int64)
        self._columns = {name: GrowingColumn(dtype, writer) for name, dtype in COLUMNS.items()}
        self._text = GrowingColumn(np.uint8, writer)
        self._text_sizes = GrowingColumn(np.int64, writer)
        self._doc_at = GrowingColumn(np.int32, writer)
        self._postings = Grouper({"place": np.int64}, writer)
        self._numbers = _Numbers()
        self._numbers.number([BREAK])  # is 0

    def push(self, part: WordsPart, layout: Layout) -> None:
        """Add documents."""
        starts = range(0, len(part.text), TEXTS_AT_ONCE)
        lengths = [self._push_texts(part.text[a : a + TEXTS_AT_ONCE]) for a in starts]
        length = np.concatenate([np.zeros(0, np.int64), *lengths])
        interval = (part.video, part.start_ms, part.end_ms)
        first_row, end_row = layout.rows_inside(*interval)
        end_row = np.where(part.end_ms > part.start_ms, end_row, first_row)  # a moment has none
        shots, rows = layout.overlapping(*interval), (first_row, end_row)
        values: tuple[NDArray[Any], ...] = (part.kind, *interval, *shots, *rows, length)
        for column, value in zip(self._columns.values(), values, strict=True):
            column.push(value)
        self._totals[0] += np.bincount(part.kind, minlength=len(KINDS))
        self._totals[1] += np.bincount(part.kind, length, len(KINDS)).astype(np.int64)

    def _push_texts(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Add the texts of the next documents (d,); gives how many words each has.

        The break behind the words of a text takes the empty place that ends its document.
        """
        data, beginnings = pack_strings(texts)
        self._text.push(data)
        self._text_sizes.push(np.diff(beginnings))
        numbers = self._numbers.number(find_words_of(texts))
        held = np.flatnonzero(numbers)
        self._postings.push(numbers[held] - 1, [self._places + held])
        taken = np.diff(np.flatnonzero(numbers == 0), prepend=-1)  # places of each document
        docs = np.arange(self.documents, self.documents + len(texts), dtype=np.int32)
        self._doc_at.push(np.repeat(docs, taken))
        self._places += len(numbers)
        self.documents += len(texts)
        return taken - 1

    def write(self, writer: ArrayWriter) -> None:
        """Write everything."""
        for name, column in self._columns.items():
            column.write(f"documents.{name}")
        self._text.write("documents.text_data")
        sizes = np.concatenate([np.zeros(1, np.int64), *self._text_sizes.read()])
        self._text_sizes.close()
        writer.write("documents.text_first", np.cumsum(sizes))
        data, first, order = pack_vocabulary(self._numbers.words[1:])
        writer.write("vocabulary.data", data)
        writer.write("vocabulary.first", first)
        writer.write("postings.totals", self._totals)
        doc_at = self._doc_at.write("postings.doc_at")
        width = np.int32 if self._places < NARROW_PLACES else np.int64
        grouped = self._postings.write("postings", order, {"place": width})
        _write_documents(writer, grouped["first"], grouped["place"], doc_at)


class _Numbers:
    """Numbers for words, in order of their appearance."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__

    @property
    def words(self) -> list[str]:
        """Those that appeared."""
        return list(self._numbers)

    def number(self, words: list[str]) -> NDArray[np.int32]:
        """(k,) the numbers of these words."""
        return np.fromiter(map(self._numbers.__getitem__, words), np.int32, len(words))


def _write_documents(
    writer: ArrayWriter,
    first: NDArray[np.int64],
    place: NDArray[np.signedinteger[Any]],
    doc_at: NDArray[np.int32],
) -> None:
    """Write `postings.first_doc|doc|count`: the documents of each word, from its places."""
    first_doc = np.zeros(len(first), np.int64)
    docs, counts = GrowingColumn(np.int32, writer), GrowingColumn(np.int32, writer)
    most = 0
    for begin, end in _batches(first):
        starts = first[begin:end] - first[begin]
        doc = doc_at[place[first[begin] : first[end]]]
        new = np.diff(doc, prepend=-1) != 0
        new[starts] = True
        places = np.flatnonzero(new)
        count = np.diff(places, append=len(doc))
        first_doc[begin:end] = len(docs) + np.searchsorted(places, starts)
        docs.push(doc[places])
        counts.push(count)
        most = max(most, int(count.max()))
    first_doc[-1] = len(docs)
    writer.write("postings.first_doc", first_doc)
    docs.write("postings.doc")
    counts.write("postings.count", np.min_scalar_type(most))


def _batches(first: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Neighbouring groups whose members fit a chunk, or one that does not, from begin to end."""
    begin, most = 0, streams.CHUNK_BYTES // 8
    while begin < len(first) - 1:
        end = int(np.searchsorted(first, first[begin] + most, "right")) - 1
        end = max(end, begin + 1)
        yield begin, end
        begin = end
