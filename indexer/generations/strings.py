"""Columns of strings as two arrays: UTF-8 bytes, and where each string begins."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray


def pack_strings(strings: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Bytes (b,) and beginnings (k + 1,); lone surrogates of odd file names are kept."""
    joined = "".join(strings)
    data = joined.encode("utf-8", "surrogatepass")
    one_each = len(data) == len(joined)  # a byte for each character
    measured = strings if one_each else [one.encode("utf-8", "surrogatepass") for one in strings]
    first = np.fromiter(accumulate(map(len, measured), initial=0), np.int64, len(strings) + 1)
    return np.frombuffer(data, np.uint8), first


def unpack_string(data: NDArray[np.uint8], first: NDArray[np.int64], number: int) -> str:
    """One of the strings."""
    return data[first[number] : first[number + 1]].tobytes().decode("utf-8", "surrogatepass")


def unpack_strings(data: NDArray[np.uint8], first: NDArray[np.int64]) -> tuple[str, ...]:
    """All strings."""
    whole, ends = data.tobytes(), first.tolist()
    return tuple(whole[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(ends))
