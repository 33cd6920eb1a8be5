"""Vectors as one byte per number: how they are written, and how queries are turned to meet them.

A vector is centred and turned by an orthogonal matrix, so that no few dimensions dominate; each
number is then a whole number of steps, kept as 128 + that, -127 to 127: what FAISS calls
`QT_8bit_direct_signed`. The inner product of a query q with a vector x is

    q.x = q.mean + (rotation q).(rotation (x - mean))
        ~ q.mean + sum of (rotation q) * step * (code - 128)

so that only the vectors are rounded. Knows nothing of where the codes lie.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.generations.kernel import MOST_QUERY_NUMBER, MOST_QUERY_SUM
from indexer.generations.storage import Arrays, ArrayWriter, Rows

SAMPLE_ROWS = 20_000  # that a coding is learned from
SPREADS = 4.0  # standard deviations that the 127 steps to either side reach
MOST = 127  # steps to either side
ZERO = 128  # the code of none
LEAST_STEP = 1e-9  # where all vectors are equal
FIELDS = ("mean", "rotation", "step")
SEED = 0


@dataclass(frozen=True, eq=False)
class Coding:
    """How the vectors of one space are written as codes."""

    mean: NDArray[np.float32]  # (dim,)
    rotation: NDArray[np.float32]  # (dim, dim) orthogonal, one new axis a row
    step: NDArray[np.float32]  # (dim,) along each new axis

    def encode(self, vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
        """(k, dim) vectors to codes (k, dim); what lies too far out is drawn in."""
        steps = (vectors - self.mean) @ self.rotation.T
        steps /= self.step
        np.clip(np.rint(steps, out=steps), -MOST, MOST, out=steps)
        steps += ZERO
        return steps.astype(np.uint8)

    def turn(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """(q, dim) queries to the weights (q, dim) of codes, less 128, in the inner products.

        One product after the other: where cores are busy, the threads of BLAS would wait for each
        other longer than this takes.
        """
        weights: NDArray[np.float32] = np.vecdot(queries[:, None], self.rotation) * self.step
        return weights

    def prepare(
        self, queries: NDArray[np.float32]
    ) -> tuple[NDArray[np.int16], NDArray[np.float32], NDArray[np.float32]]:
        """(q, dim) queries to what `kernel.inner_products` takes.

        Gives whole numbers (q, dim), as large as its sums allow, factors (q,) and offsets (q,).
        """
        weights = self.turn(queries).astype(np.float64)
        largest = abs(weights).max(axis=1, initial=0)
        room = MOST_QUERY_SUM - weights.shape[1]  # rounding adds half a unit to each number
        factor = np.maximum(largest / MOST_QUERY_NUMBER, abs(weights).sum(axis=1) / room)
        factor[factor == 0] = 1
        whole = np.rint(weights / factor[:, None])
        offset = queries @ self.mean - factor * ZERO * whole.sum(axis=1)
        return whole.astype(np.int16), factor.astype(np.float32), offset.astype(np.float32)

    def prepare_bytes(
        self, queries: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(q, dim) queries to whole numbers (q, dim), -127 to 127, and what one stands for (q,).

        The product of both is about `turn`. FAISS 1.15 cuts queries to whole bytes where codes are
        bytes; older ones take any numbers.
        """
        weights = self.turn(queries)
        unit = abs(weights).max(axis=1, initial=0) / MOST
        unit[unit == 0] = 1
        return np.rint(weights / unit[:, None]), unit


def learn_coding(sample: NDArray[np.float32]) -> Coding:
    """The coding for vectors like these (k, dim).

    The rotation is drawn by chance, always the same one: it spreads what few dimensions hold over
    all of them, which loses less than principal axes with a step for each.
    """
    dim = sample.shape[1]
    mean = sample.mean(axis=0, dtype=np.float64).astype(np.float32)
    rotation = draw_rotation(dim)
    spread = ((sample - mean) @ rotation.T).std(axis=0)
    step = np.maximum(SPREADS / MOST * spread, LEAST_STEP)
    return Coding(mean, rotation, step.astype(np.float32))


def draw_rotation(dim: int) -> NDArray[np.float32]:
    """An orthogonal matrix (dim, dim), the same each time."""
    normal = np.random.default_rng(SEED).standard_normal((dim, dim))
    return np.linalg.qr(normal)[0].astype(np.float32)


def read_sample(rows: Rows) -> NDArray[np.float32]:
    """Some of the rows (k, dim) by chance, or all where they are few."""
    chance = np.random.default_rng(SEED)
    count = rows.shape[0]
    chosen = chance.choice(count, min(count, SAMPLE_ROWS), replace=False)
    return rows.read(np.sort(chosen)).astype(np.float32)


def write_coding(writer: ArrayWriter, prefix: str, coding: Coding) -> None:
    """Keep the coding of the vectors whose arrays begin with that."""
    for field in FIELDS:
        writer.write(f"{prefix}.{field}", getattr(coding, field))


def read_coding(arrays: Arrays, prefix: str) -> Coding | None:
    """The coding of the vectors whose arrays begin with that; None where there is none."""
    if f"{prefix}.{FIELDS[0]}" not in arrays:
        return None
    return Coding(*(arrays[f"{prefix}.{field}"] for field in FIELDS))
