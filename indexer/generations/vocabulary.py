"""The distinct words of all documents, sorted, and which of them a word of a query stands for."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.generations.expression import Word
from indexer.generations.strings import pack_strings

BREAK = b"\n"  # between words; inside none


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """t words in the order of their UTF-8 bytes, each followed by a line break."""

    data: NDArray[np.uint8]  # (b,)
    first: NDArray[np.int64]  # (t + 1,) where each word begins

    def __len__(self) -> int:
        return len(self.first) - 1

    def get(self, number: int) -> str:
        """One word."""
        start, end = self.first[number : number + 2]
        return self.data[start : end - 1].tobytes().decode("utf-8", "replace")

    def find(self, word: Word) -> NDArray[np.int64]:
        """The numbers of the words that it stands for, ascending.

        A binary search where the beginning of the word is given, else a scan of all words.
        """
        text = word.text.encode("utf-8", "replace")
        if word.open_start:
            return self._scan(text if word.open_end else text + BREAK)
        if word.open_end:
            return np.arange(self._place(text), self._place(text + b"\xff"))
        place = self._place(text)
        return np.arange(place, place + (self._get(place) == text))

    def _get(self, number: int) -> bytes | None:
        """One word; None past the last."""
        if number >= len(self):
            return None
        return self.data[self.first[number] : self.first[number + 1] - 1].tobytes()

    def _place(self, text: bytes) -> int:
        """The number of the first word that is not smaller."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if (self._get(middle) or b"") < text:
                low = middle + 1
            else:
                high = middle
        return low

    def _scan(self, text: bytes) -> NDArray[np.int64]:
        """The words that hold the bytes."""
        found = re.finditer(re.escape(text), self.data.data)
        places = np.fromiter((match.start() for match in found), np.int64)
        return np.unique(np.searchsorted(self.first, places, "right") - 1)


def pack_vocabulary(
    words: list[str],
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct words in any order to a Vocabulary's bytes and beginnings, and their order (t,).

    The order lists the numbers of the given words as they follow each other when sorted.
    """
    order = sorted(range(len(words)), key=words.__getitem__)  # code points = bytes
    data, first = pack_strings([words[number] + "\n" for number in order])
    return data, first, np.array(order, np.int64)
