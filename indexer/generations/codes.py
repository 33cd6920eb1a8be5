"""Codes of vectors in memory or mapped, and estimates of inner products from them.

Beyond the speed of memory there is a first pass: four bits for every code, in a matrix of their
own, give every vector a rough estimate, and only the most promising are read in full. Both
estimates are on one scale, that of the inner product: a line fitted on a sample of the vectors, for
every query anew, turns the rough one into what is to be expected of the full one. Knows nothing of
the vectors themselves.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.generations.coding import ZERO, Coding
from indexer.generations.kernel import inner_products
from indexer.generations.nibbles import inner_products_at, inner_products_of_nibbles
from indexer.generations.vector_index import Span

SHARE = 0.02  # of the vectors that are read in full after a first pass
SAMPLE_ROWS = 4096  # that the two passes are compared on
NIBBLE_STEP = 11  # steps of a code in one of its nibble: .35 standard deviations, about the best
NIBBLES = 16
Floats: TypeAlias = NDArray[np.float32]


class Estimates(Protocol):
    """Estimates of all inner products."""

    def estimate(self, queries: Floats, span: Span, out: Floats) -> None:
        """Fill (q, end - first) for queries (q, dim) and the vectors of a span."""


@dataclass(frozen=True, eq=False)
class Codes:
    """The codes of m vectors, read from end to end for every query."""

    coding: Coding
    codes: NDArray[np.uint8]  # (m, dim) in C order, in memory or mapped

    def estimate(self, queries: Floats, span: Span, out: Floats) -> None:
        """Fill (q, end - first); see Estimates."""
        if out.size:
            inner_products(self.codes[slice(*span)], *self.coding.prepare(queries), out)


class TwoPasses:
    """Every vector by its nibbles, the most promising by its codes."""

    def __init__(self, codes: Codes, nibbles: NDArray[np.uint8]) -> None:
        """Nibbles as `pack_nibbles` makes them of the codes."""
        self._codes = codes
        self._nibbles = nibbles

    def estimate(self, queries: Floats, span: Span, out: Floats) -> None:
        """Fill (q, end - first); see Estimates."""
        if not out.size:
            return
        coding = self._codes.coding
        whole, *rough = prepare_nibbles(coding, queries)
        slope, level, least = self._compare(queries, whole, *rough)
        factor, offset = rough[0] * slope, rough[1] * slope + level
        inner_products_of_nibbles(self._nibbles[slice(*span)], whole, factor, offset, out)
        for query, (scores, enough) in enumerate(zip(out, least, strict=True)):
            promising = np.flatnonzero(scores >= enough)
            prepared = coding.prepare(queries[query : query + 1])
            codes = self._codes.codes
            scores[promising] = inner_products_at(codes, promising + span[0], *prepared)[0]

    def _compare(
        self, queries: Floats, whole: NDArray[np.int8], factor: Floats, offset: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """The line (slope, level) from rough estimates to full ones, each (q,).

        And the least estimate on that line at which a vector is promising.
        """
        codes, nibbles = self._sample
        rough = np.empty((len(queries), len(nibbles)), np.float32)
        full = np.empty_like(rough)
        inner_products_of_nibbles(nibbles, whole, factor, offset, rough)
        codes.estimate(queries, (0, len(nibbles)), full)
        middle, level = rough.mean(axis=1), full.mean(axis=1)
        spread = rough - middle[:, None]
        variance = np.square(spread).sum(axis=1)
        variance[variance == 0] = 1
        slope = np.maximum((spread * (full - level[:, None])).sum(axis=1) / variance, 0)
        level -= slope * middle
        least = np.quantile(rough, 1 - SHARE, axis=1).astype(np.float32)
        return slope, level, least * slope + level

    @cached_property
    def _sample(self) -> tuple[Codes, NDArray[np.uint8]]:
        """Some vectors from all over, copied into memory."""
        count = len(self._nibbles)
        chosen = np.linspace(0, count - 1, min(count, SAMPLE_ROWS)).astype(np.int64)
        codes = Codes(self._codes.coding, self._codes.codes[chosen])
        return codes, self._nibbles[chosen]


def pack_nibbles(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(k, dim) codes to (k, (dim + 1) // 2) bytes, as `nibbles.inner_products_of_nibbles` says."""
    coarse = (codes.astype(np.int16) - ZERO) // NIBBLE_STEP + NIBBLES // 2
    nibbles = np.clip(coarse, 0, NIBBLES - 1).astype(np.uint8)
    lower, upper = np.split(np.pad(nibbles, ((0, 0), (0, nibbles.shape[1] % 2))), 2, axis=1)
    upper <<= 4
    packed: NDArray[np.uint8] = np.bitwise_or(lower, upper)
    return packed


def prepare_nibbles(coding: Coding, queries: Floats) -> tuple[NDArray[np.int8], Floats, Floats]:
    """(q, dim) queries to what `nibbles.inner_products_of_nibbles` takes.

    A nibble stands for the middle of what it covers.
    """
    whole, unit = coding.prepare_bytes(queries)
    factor = unit * NIBBLE_STEP
    offset = queries @ coding.mean - factor * (NIBBLES - 1) / 2 * whole.sum(axis=1)
    padded = np.pad(whole, ((0, 0), (0, whole.shape[1] % 2)))
    return padded.astype(np.int8), factor.astype(np.float32), offset.astype(np.float32)
