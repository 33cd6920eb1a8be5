"""The machine's limit: how long reading a matrix of bytes once takes, with all cores."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.generations.kernel import count_threads

STRETCH = 1 << 17  # numbers of 4 bytes that one step of one thread reads


class MemoryReader:
    """Reads a matrix from end to end, as the largest of numbers of 4 bytes.

    Of what numpy offers nothing was seen to read faster: with 8 bytes it takes up to 1.6 times as
    long, longer than our own kernel, which multiplies as well.

    Args:
        matrix: (m, dim) bytes, in memory or mapped.
    """

    def __init__(self, matrix: NDArray[np.uint8]) -> None:
        flat = matrix.reshape(-1)
        self._numbers = flat[: len(flat) // 4 * 4].view(np.int32)
        self._threads = ThreadPoolExecutor(count_threads())
        self._borders = np.linspace(0, len(self._numbers), count_threads() + 1).astype(int).tolist()

    def read(self) -> int:
        """Read everything once; gives the largest number, so that nothing can be left out."""
        parts = zip(self._borders[:-1], self._borders[1:], strict=True)
        return max(self._threads.map(self._read_part, parts))

    def _read_part(self, part: tuple[int, int]) -> int:
        first, end = part
        stretches = (
            self._numbers[at : min(at + STRETCH, end)] for at in range(first, end, STRETCH)
        )
        return max((int(each.max()) for each in stretches), default=0)

    def close(self) -> None:
        """End its threads."""
        self._threads.shutdown()


def find_matrix(collection: Path, keyframes: int, dim: int) -> NDArray[np.uint8]:
    """The mapped codes of a collection's newest search files; others as large where it has none."""
    files = sorted((collection / "indexes").glob("**/space.*.codes.npy"))
    if files:
        codes: NDArray[np.uint8] = np.load(files[-1], mmap_mode="r")
        if codes.shape == (keyframes, dim):
            return np.asarray(codes)
    return np.ones((keyframes, dim), np.uint8)  # a small collection keeps floats
