"""Numbers for names that come in any order, and the names written sorted. Knows not what of."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.generations.storage import ArrayWriter
from indexer.generations.strings import pack_strings


class Names:
    """Numbers for tuples of strings, in order of appearance."""

    def __init__(self) -> None:
        self._numbers: defaultdict[tuple[str, ...], int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__

    def number(self, *columns: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of the tuples that stand side by side in the columns."""
        tuples = zip(*columns, strict=True)
        return np.fromiter(map(self._numbers.__getitem__, tuples), np.int32, len(columns[0]))

    def write(self, writer: ArrayWriter, prefix: str, parts: Sequence[str]) -> NDArray[np.int64]:
        """Write `<prefix>.<part>.data|first`, sorted; gives the numbers in that order."""
        names = list(self._numbers)
        order = sorted(range(len(names)), key=names.__getitem__)
        for column, part in enumerate(parts):
            data, first = pack_strings([names[number][column] for number in order])
            writer.write(f"{prefix}.{part}.data", data)
            writer.write(f"{prefix}.{part}.first", first)
        return np.array(order, np.int64)
