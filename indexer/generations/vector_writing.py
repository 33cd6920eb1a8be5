"""Writes the vectors of one space, and the row of each."""

import numpy as np
from numpy.typing import NDArray

from indexer.generations.content import ContentBroken, SpaceContent, VectorPart
from indexer.generations.layout import Layout
from indexer.generations.storage import ArrayWriter


def write_space(writer: ArrayWriter, layout: Layout, content: SpaceContent) -> None:
    """Write `space.<name>.vectors` (m, dim) float32 and `space.<name>.row` (m,), by row.

    Raises ContentBroken where the parts hold other than the announced number of vectors, vectors
    of another length, or vectors of a video without shots.
    """
    space = content.space
    vectors = writer.create(f"space.{space.name}.vectors", (content.count, space.dim), np.float32)
    row = writer.create(f"space.{space.name}.row", (content.count,), np.int32)
    filled = 0
    for part in content.parts:
        end = filled + len(part.vectors)
        cut = layout.first_shot[part.video + 1] > layout.first_shot[part.video]
        if not cut or end > content.count or part.vectors.shape[1:] != (space.dim,):
            raise _broken(content)
        rows = _rows_of(part, layout)
        by = np.argsort(rows, kind="stable")
        vectors[filled:end], row[filled:end] = part.vectors[by], rows[by]
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
    there is none (a box between two keyframes), the nearest keyframe of the shot that holds its
    time.
    """
    video = np.full(len(part.time_ms), part.video)
    nearest = layout.nearest_rows(video, part.time_ms)
    first, end = layout.rows_inside(video, part.start_ms, part.end_ms)
    inside = np.clip(nearest, first, np.maximum(end - 1, first))
    return np.where(end > first, inside, nearest)
