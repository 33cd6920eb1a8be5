"""Codes of vectors in memory or mapped, and estimates of inner products from them.

Beyond the speed of memory there is a first pass: four bits for every code, in a matrix of their
own, give every vector a rough estimate, and only the most promising are read in full. Both
estimates are on one scale, that of the inner product: a line fitted on a sample of the vectors, for
every query anew, turns the rough one into what is to be expected of the full one. Knows nothing of
the vectors themselves.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.generations.coding import ZERO, Coding
from indexer.generations.kernel import inner_products
from indexer.generations.nibbles import inner_products_at, inner_products_of_nibbles
from indexer.generations.vector_index import Span

FirstPass = Literal["auto", "always", "never"]
FIRST_PASS_ABOVE = 4_000_000  # vectors: all codes of 512 numbers are read in about 60 ms
SHARE = 0.01  # of the vectors that are read in full after a first pass
FEW_QUERIES = 2  # of more, arithmetic takes longer than reading: the codes are as fast in full
QUERIES_KEPT = 4  # of which a first pass is prepared, as they come again for the next stretch
SAMPLE_ROWS = 4096  # that the two passes are compared on
NIBBLE_STEP = 11  # steps of a code in one of its nibble: .35 standard deviations, about the best
NIBBLES = 16
Floats: TypeAlias = NDArray[np.float32]


def wants_first_pass(count: int, choice: FirstPass) -> bool:
    """Whether so many codes are read in two passes: by the rule, unless people choose otherwise."""
    return count > FIRST_PASS_ABOVE if choice == "auto" else choice == "always"


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


@dataclass(frozen=True, eq=False)
class _Rough:
    """Few queries, and what a first pass makes of them."""

    queries: Floats  # (q, dim)
    whole: NDArray[np.int8]  # (q, dim) whole numbers
    factor: Floats  # (q,) of their products with nibbles, on the scale of full estimates
    offset: Floats  # (q,)
    least: Floats  # (q,) the rough estimate at which a vector is promising


class TwoPasses:
    """Every vector by its nibbles, the most promising by its codes; many queries by codes alone."""

    def __init__(self, codes: Codes, nibbles: NDArray[np.uint8]) -> None:
        """Nibbles as `pack_nibbles` makes them of the codes."""
        self._codes = codes
        self._nibbles = nibbles
        self._prepare_once = lru_cache(QUERIES_KEPT)(self._prepare)

    def estimate(self, queries: Floats, span: Span, out: Floats) -> None:
        """Fill (q, end - first); see Estimates."""
        if len(queries) > FEW_QUERIES:
            self._codes.estimate(queries, span, out)
            return
        if not out.size:
            return
        asked = self._prepare_once(queries.astype(np.float32).tobytes())
        nibbles = self._nibbles[slice(*span)]
        inner_products_of_nibbles(nibbles, asked.whole, asked.factor, asked.offset, out)
        for query, (scores, enough) in enumerate(zip(out, asked.least, strict=True)):
            promising = np.flatnonzero(scores >= enough)
            prepared = self._codes.coding.prepare(asked.queries[query : query + 1])
            rows = promising + span[0]
            scores[promising] = inner_products_at(self._codes.codes, rows, *prepared)[0]

    def _prepare(self, asked: bytes) -> _Rough:
        """A line fitted on a sample brings the rough estimates of each query to the full ones."""
        coding = self._codes.coding
        queries = np.frombuffer(asked, np.float32).reshape(-1, len(coding.mean))
        whole, factor, offset = prepare_nibbles(coding, queries)
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
        least = np.quantile(rough, 1 - SHARE, axis=1).astype(np.float32) * slope + level
        return _Rough(queries, whole, factor * slope, offset * slope + level, least)

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
