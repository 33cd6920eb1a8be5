"""Writes the vectors of one space, and the row of each.

Few vectors are written as they are. Many are written twice: as float16, and as codes for what is
read from end to end at every query. Memory stays bounded, however many there are.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.generations.codes import pack_nibbles
from indexer.generations.coding import Coding, learn_coding, read_sample, write_coding
from indexer.generations.content import ContentBroken, SpaceContent, VectorPart
from indexer.generations.layout import Layout
from indexer.generations.storage import ArrayWriter, Rows

EXACT_MOST = 50_000  # vectors that are searched as they are: 0.1 GB, a few ms
BLOCK_ROWS = 1 << 13  # coded at once


def write_space(writer: ArrayWriter, layout: Layout, content: SpaceContent) -> None:
    """Write `space.<name>.row` (m,) and the vectors (m, dim), by row; see `write_matrix`.

    Raises ContentBroken where the parts hold other than the announced number of vectors, vectors
    of another length, or vectors of a video without shots.
    """
    prefix = f"space.{content.space.name}"
    row = writer.create(f"{prefix}.row", (content.count,), np.int32)
    shape = (content.count, content.space.dim)
    write_matrix(writer, prefix, shape, _order_vectors(layout, content, row))


def write_matrix(
    writer: ArrayWriter,
    prefix: str,
    shape: tuple[int, int],
    blocks: Iterable[NDArray[np.float32]],
) -> None:
    """Write vectors (m, dim) that come in blocks (k, dim), read once.

    Up to EXACT_MOST vectors are `<prefix>.vectors`, float32. More of them are `.halves`
    (float16), `.codes`, `.nibbles` of them for a first pass, and the coding, which is learned from
    these vectors: that of others may not reach as far as these lie apart.
    """
    if shape[0] <= EXACT_MOST:
        _write_blocks(writer, f"{prefix}.vectors", shape, np.float32, blocks)
        return
    _write_blocks(writer, f"{prefix}.halves", shape, np.float16, blocks)
    halves = writer.open_rows(f"{prefix}.halves")
    coding = learn_coding(read_sample(halves))
    write_coding(writer, prefix, coding)
    _write_codes(writer, prefix, coding, halves)


def _write_blocks(
    writer: ArrayWriter,
    name: str,
    shape: tuple[int, int],
    dtype: DTypeLike,
    blocks: Iterable[NDArray[np.float32]],
) -> None:
    with writer.stream(name, shape, dtype) as vectors:
        for block in blocks:
            vectors.append(block)


def _write_codes(writer: ArrayWriter, prefix: str, coding: Coding, halves: Rows) -> None:
    count, dim = halves.shape
    with (
        writer.stream(f"{prefix}.codes", (count, dim), np.uint8) as codes,
        writer.stream(f"{prefix}.nibbles", (count, (dim + 1) // 2), np.uint8) as nibbles,
    ):
        for ids in _blocks(halves):
            coded = coding.encode(halves.read(ids).astype(np.float32))
            codes.append(coded)
            nibbles.append(pack_nibbles(coded))


def _blocks(rows: Rows) -> Iterator[NDArray[np.int64]]:
    """The positions of all rows, so many at a time that they fit in memory."""
    for first in range(0, rows.shape[0], BLOCK_ROWS):
        yield np.arange(first, min(first + BLOCK_ROWS, rows.shape[0]))


def _order_vectors(
    layout: Layout, content: SpaceContent, row: NDArray[np.int32]
) -> Iterator[NDArray[np.float32]]:
    """The vectors of each part by row, after their rows (m,) are filled in."""
    filled = 0
    for part in content.parts:
        end = filled + len(part.vectors)
        cut = layout.first_shot[part.video + 1] > layout.first_shot[part.video]
        if not cut or end > content.count or part.vectors.shape[1:] != (content.space.dim,):
            raise _broken(content)
        rows = _rows_of(part, layout)
        by = np.argsort(rows, kind="stable")
        row[filled:end] = rows[by]
        yield part.vectors[by]
        filled = end
    if filled != content.count:
        raise _broken(content)


def _broken(content: SpaceContent) -> ContentBroken:
    return ContentBroken(
        f"space {content.space.name}: its files do not hold the {content.count} vectors of"
        f" {content.space.dim} numbers that the catalog names: run `shotseek check`, then"
        " `shotseek index` again"
    )


def _rows_of(part: VectorPart, layout: Layout) -> NDArray[np.int64]:
    """The row (m,) of each vector.

    That of the keyframe in its span, the one nearest to its time where there are several; where
    there is none, the nearest keyframe of the shot that holds its time.
    """
    video = np.full(len(part.time_ms), part.video)
    nearest = layout.nearest_rows(video, part.time_ms)
    first, end = layout.rows_inside(video, part.start_ms, part.end_ms)
    inside = np.clip(nearest, first, np.maximum(end - 1, first))
    return np.where(end > first, inside, nearest)
