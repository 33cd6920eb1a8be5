"""Writes the columns of labels and measures."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.generations.columns import max_at
from indexer.generations.content import LabelPart, MeasurePart
from indexer.generations.layout import Layout
from indexer.generations.names import Names
from indexer.generations.storage import ArrayWriter
from indexer.generations.streams import Grouper
from indexer.generations.track_moments import Followed
from indexer.generations.track_writing import BoxStream


def write_measures(writer: ArrayWriter, layout: Layout, parts: Iterable[MeasurePart]) -> None:
    """Write `measures.*`: for each name and unit, pairs of shot and value in order of the shots."""
    names = Names()
    pairs = Grouper({"shots": np.int32, "values": np.float64}, writer)
    for part in parts:
        said, shots = _expand(*layout.overlapping(part.video, part.start_ms, part.end_ms))
        by = np.argsort(shots, kind="stable")
        numbers = names.number(part.name, part.unit)
        pairs.push(numbers[said[by]], [shots[by], part.value[said[by]]])
    pairs.write("measures", names.write(writer, "measures", ("name", "unit")))


def write_labels(
    writer: ArrayWriter, layout: Layout, parts: Iterable[LabelPart], followed: Followed
) -> None:
    """Write `labels.*`: for each label its shots, and its rows where it was given without a box.

    Where it was given with one, `labels.boxes.*` too.
    """
    names = Names()
    shots = Grouper({"shots": np.int32, "counts": np.int32, "scores": np.float32}, writer)
    rows = Grouper({"rows": np.int32, "scores": np.float32}, writer)
    boxes = BoxStream(writer, layout, followed)
    for part in parts:
        numbers = names.number(part.vocabulary, part.name)
        shots.push(*_label_shots(part, numbers, layout))
        rows.push(*_label_rows(part, numbers, layout))
        boxes.push(part, numbers)
    order = names.write(writer, "labels", ("vocabulary", "name"))
    shots.write("labels.shots", order)
    rows.write("labels.rows", order)
    boxes.write(order)


def _label_shots(
    part: LabelPart, numbers: NDArray[np.int32], layout: Layout
) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """Labels, and their shots, counts and scores; by shot."""
    together = (numbers, part.run, part.video, part.start_ms, part.end_ms)
    by, starts = _groups(*together)  # a group: instances at once
    counts = np.diff(starts, append=len(by))
    scores = max_at(part.score[by], starts)
    one = by[starts]  # of each group
    interval = (part.video[one], part.start_ms[one], part.end_ms[one])
    group, shot = _expand(*layout.overlapping(*interval))
    label = numbers[one][group]
    by, starts = _groups(shot, label)
    columns = [max_at(values[group][by], starts) for values in (counts, scores)]
    return label[by[starts]], [shot[by[starts]], *columns]


def _label_rows(
    part: LabelPart, numbers: NDArray[np.int32], layout: Layout
) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """Labels without a box, and their rows and scores; by row."""
    whole = ~part.boxed
    interval = (part.video[whole], part.start_ms[whole], part.end_ms[whole])
    first, end = layout.rows_inside(*interval)
    said, row = _expand(first, end - 1)
    label, score = numbers[whole][said], part.score[whole][said]
    by, starts = _groups(row, label)
    return label[by[starts]], [row[by[starts]], max_at(score[by], starts)]


def _expand(
    first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranges (k,), last inclusive, to (which range, number) pairs (p,)."""
    sizes = np.maximum(last - first + 1, 0)
    which = np.repeat(np.arange(len(first)), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return which, first[which] + within


def _groups(*keys: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """An order (k,) that sorts by the keys, first key first, and where each new group begins."""
    by = np.lexsort(keys[::-1])
    new = np.ones(len(by), bool)
    new[1:] = np.any([key[by][1:] != key[by][:-1] for key in keys], axis=0)
    return by, np.flatnonzero(new)
