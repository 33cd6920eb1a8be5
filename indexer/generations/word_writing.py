"""Writes the documents and their postings."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.content import WordsPart
from indexer.generations.layout import Layout
from indexer.generations.storage import ArrayWriter
from indexer.generations.streams import Grouper, GrowingColumn
from indexer.generations.strings import pack_strings
from indexer.generations.tokens import find_words
from indexer.generations.vocabulary import pack_vocabulary

COLUMNS = {
    "kind": np.uint8,
    "video": np.int32,
    "start_ms": np.int64,
    "end_ms": np.int64,
    "first_shot": np.int32,
    "last_shot": np.int32,
    "length": np.int32,
}

NARROW_PLACES = 2**31 - 2**20  # with room for the length of a phrase


def write_words(writer: ArrayWriter, layout: Layout, parts: Iterable[WordsPart]) -> int:
    """Write `documents.*`, `vocabulary.*` and `postings.*`; gives the number of documents.

    Beside one part only the distinct words are held in memory.
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
        self._columns = {name: GrowingColumn(dtype, writer) for name, dtype in COLUMNS.items()}
        self._text = GrowingColumn(np.uint8, writer)
        self._text_sizes = GrowingColumn(np.int64, writer)
        self._doc_at = GrowingColumn(np.int32, writer)
        self._postings = Grouper({"place": np.int64}, writer)
        self._numbers: defaultdict[str, int] = defaultdict()  # of the words, in order of appearance
        self._numbers.default_factory = self._numbers.__len__

    def push(self, part: WordsPart, layout: Layout) -> None:
        """Add documents."""
        found = [find_words(text) for text in part.text]
        length = np.fromiter(map(len, found), np.int64, len(found))
        first, last = layout.overlapping(part.video, part.start_ms, part.end_ms)
        values: tuple[NDArray[Any], ...] = (
            part.kind,
            part.video,
            part.start_ms,
            part.end_ms,
            first,
            last,
            length,
        )
        for column, value in zip(self._columns.values(), values, strict=True):
            column.push(value)
        data, beginnings = pack_strings(part.text)
        self._text.push(data)
        self._text_sizes.push(np.diff(beginnings))
        flat = chain.from_iterable(found)
        numbers = np.fromiter(map(self._numbers.__getitem__, flat), np.int32, length.sum())
        self._postings.push(numbers, [self._take_places(length)])
        self.documents += len(found)

    def _take_places(self, length: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of all words of the next documents (d,), one after the other."""
        docs = np.arange(self.documents, self.documents + len(length))
        self._doc_at.push(np.repeat(docs, length + 1))
        gaps = np.repeat(np.arange(len(length)), length)  # one empty place after each document
        places = self._places + np.arange(length.sum()) + gaps
        self._places += int(length.sum()) + len(length)
        return places

    def write(self, writer: ArrayWriter) -> None:
        """Write everything."""
        for name, column in self._columns.items():
            column.write(f"documents.{name}")
        self._text.write("documents.text_data")
        sizes = np.concatenate([np.zeros(1, np.int64), *self._text_sizes.read()])
        self._text_sizes.close()
        writer.write("documents.text_first", np.cumsum(sizes))
        data, first, order = pack_vocabulary(list(self._numbers))
        writer.write("vocabulary.data", data)
        writer.write("vocabulary.first", first)
        self._doc_at.write("postings.doc_at")
        width = np.int32 if self._places < NARROW_PLACES else np.int64
        self._postings.write("postings", order, {"place": width})
