"""Writes the columns of tracks, their boxes, and what stands for a box or a track alone.

Nothing is written where nothing was followed. In memory are held the tracks of one part of the
content, and about twice `streams.CHUNK_BYTES`.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.generations.content import (
    ClusterPart,
    ContentBroken,
    CropContent,
    LabelPart,
    TrackPart,
)
from indexer.generations.layout import Layout
from indexer.generations.names import Names
from indexer.generations.storage import ArrayWriter
from indexer.generations.streams import Grouper, GrowingColumn
from indexer.generations.strings import pack_strings
from indexer.generations.track_moments import Followed, narrow_ms
from indexer.generations.track_table import NO_CLUSTER, PartTracks, TrackBoxes, no_tracks
from indexer.generations.vector_writing import write_matrix

BOX_COLUMNS: dict[str, DTypeLike] = {
    "shot": np.int32,
    "time_ms": np.int32,
    "box": np.dtype((np.float32, (4,))),
    "score": np.float32,
    "track": np.int32,
}
COLUMNS = ("video", "shot", "start_ms", "end_ms", "kind")


def write_tracks(
    writer: ArrayWriter,
    layout: Layout,
    parts: Iterable[TrackPart],
    clusters: Iterable[ClusterPart],
) -> Followed:
    """Write `tracks.*`: a column for each fact, and `tracks.boxes.*` grouped by kind.

    Tracks without a box, and those of videos without shots, are left out.
    """
    stream = _TrackStream(writer)
    for part in parts:
        stream.push(part, layout)
    tracks = stream.write(writer)
    followed = Followed(layout, tracks)
    if len(tracks):
        _write_clusters(writer, followed, len(tracks), clusters)
    return followed


class _TrackStream:
    """Tracks as they come, in order; what is written at the end."""

    def __init__(self, writer: ArrayWriter) -> None:
        self._count = 0
        self._kinds = Names()
        self._columns = {name: GrowingColumn(np.int32, writer) for name in COLUMNS}
        self._id = GrowingColumn(np.uint8, writer)
        self._id_sizes = GrowingColumn(np.int64, writer)
        self._boxes = Grouper(BOX_COLUMNS, writer)

    def push(self, part: TrackPart, layout: Layout) -> None:
        """Add the tracks of some videos."""
        owner = np.repeat(np.arange(len(part.video)), part.sizes)
        shot = layout.shots_at(part.video[owner], part.time_ms)
        first = np.cumsum(part.sizes) - part.sizes
        seen = np.flatnonzero(part.sizes)
        seen = seen[shot[first[seen]] >= 0]
        order = seen[np.lexsort((part.start_ms[seen], shot[first[seen]]))]
        number = np.full(len(part.video), -1)
        number[order] = self._count + np.arange(len(order))
        kind = self._kinds.number(part.kind)
        values = (
            part.video[order], shot[first[order]], narrow_ms(part.start_ms[order]),
            narrow_ms(part.end_ms[order]), kind[order],
        )  # fmt: skip
        for column, value in zip(self._columns.values(), values, strict=True):
            column.push(value)
        data, beginnings = pack_strings([part.id[one] for one in order.tolist()])
        self._id.push(data)
        self._id_sizes.push(np.diff(beginnings))
        kept = np.flatnonzero(number[owner] >= 0)
        by = kept[np.lexsort((number[owner[kept]], part.time_ms[kept], shot[kept]))]
        time_ms, track = narrow_ms(part.time_ms[by]), number[owner[by]]
        boxes = (shot[by], time_ms, part.box[by], part.score[by], track)
        self._boxes.push(kind[owner[by]], boxes)
        self._count += len(order)

    def write(self, writer: ArrayWriter) -> PartTracks:
        """Write everything, and give it."""
        if not self._count:
            self._boxes.close()
            return no_tracks()
        columns = {name: one.write(f"tracks.{name}") for name, one in self._columns.items()}
        id_data = self._id.write("tracks.id.data")
        sizes = np.concatenate([np.zeros(1, np.int64), *self._id_sizes.read()])
        self._id_sizes.close()
        id_first = np.cumsum(sizes)
        writer.write("tracks.id.first", id_first)
        order = self._kinds.write(writer, "tracks.kinds", ("name",))
        columns["kind"][:] = np.argsort(order)[columns["kind"]]
        grouped = self._boxes.write("tracks.boxes", order)
        first_box = grouped.pop("first")
        return PartTracks(
            kinds=(),
            clusters=(),
            cluster=np.zeros(0, np.int32),
            id_data=id_data,
            id_first=id_first,
            first_box=first_box,
            boxes=TrackBoxes(**grouped),
            **columns,
        )


def _write_clusters(
    writer: ArrayWriter, followed: Followed, count: int, parts: Iterable[ClusterPart]
) -> None:
    """Write `tracks.cluster` (t,), and `tracks.clusters.name` sorted."""
    names = Names()
    cluster = writer.create("tracks.cluster", (count,), np.int32)
    cluster[:] = NO_CLUSTER
    for part in parts:
        track = followed.find_numbers(part.video, part.track)
        known = np.flatnonzero(track >= 0)
        worst_first = known[np.argsort(-part.score[known], kind="stable")[::-1]]
        cluster[track[worst_first]] = names.number(part.cluster)[worst_first]
    order = names.write(writer, "tracks.clusters", ("name",))
    cluster[:] = np.append(np.argsort(order), NO_CLUSTER)[cluster]


def write_crops(
    writer: ArrayWriter, layout: Layout, content: CropContent, followed: Followed
) -> None:
    """Write `crops.<space>.*`: columns by (shot, time), and the vectors as those of a space are.

    Raises ContentBroken where the parts hold other than the announced number of vectors, vectors of
    another length, or vectors of a video without shots.
    """
    if content.count:
        shape = (content.count, content.space.dim)
        vectors = _order_crops(writer, layout, content, followed)
        write_matrix(writer, f"crops.{content.space.name}", shape, vectors)


def _order_crops(
    writer: ArrayWriter, layout: Layout, content: CropContent, followed: Followed
) -> Iterator[NDArray[np.float32]]:
    """The vectors of each part in order, after their columns are filled."""
    prefix, count = f"crops.{content.space.name}", content.count
    columns = {
        name: writer.create(f"{prefix}.{name}", (count,), np.int32)
        for name in ("shot", "time_ms", "track")
    }
    boxes = writer.create(f"{prefix}.box", (count, 4), np.float32)
    filled = 0
    for part in content.parts:
        video = np.full(len(part.vectors), part.video)
        span_ms = (part.start_ms, part.end_ms)
        found = followed.find_moments(video, span_ms, part.box, part.track)
        end = filled + len(video)
        if end > count or (found.shot < 0).any() or part.vectors.shape[1] != content.space.dim:
            raise _broken(content)
        by = np.lexsort((found.time_ms, found.shot))
        for name, column in columns.items():
            column[filled:end] = getattr(found, name)[by]
        boxes[filled:end] = part.box[by]
        yield part.vectors[by]
        filled = end
    if filled != count:
        raise _broken(content)


def _broken(content: CropContent) -> ContentBroken:
    return ContentBroken(
        f"space {content.space.name}: its files do not hold the {content.count} vectors of boxes"
        " that the catalog names: run `shotseek check`, then `shotseek index` again"
    )


class BoxStream:
    """The boxes of labels as they come, grouped by label at the end."""

    def __init__(self, writer: ArrayWriter, layout: Layout, followed: Followed) -> None:
        self._layout, self._followed = layout, followed
        self._boxes = Grouper(BOX_COLUMNS, writer)

    def push(self, part: LabelPart, numbers: NDArray[np.int32]) -> None:
        """Add those labels (k,) of a part that have a box; `numbers` (k,) are theirs."""
        if part.box is None:
            return
        boxed = np.flatnonzero(~np.isnan(part.box[:, 0]))
        if not len(boxed):
            return
        ids = [part.track[one] for one in boxed.tolist()] if len(part.track) else ()
        span_ms = (part.start_ms[boxed], part.end_ms[boxed])
        found = self._followed.find_moments(part.video[boxed], span_ms, part.box[boxed], ids)
        inside = np.flatnonzero(found.shot >= 0)
        by = inside[np.lexsort((found.time_ms[inside], found.shot[inside]))]
        place = boxed[by]
        facts = (part.box[place], part.score[place], found.track[by])
        self._boxes.push(numbers[place], (found.shot[by], found.time_ms[by], *facts))

    def write(self, order: NDArray[np.int64]) -> None:
        """Write `labels.boxes.*` if there are any; `order` as of the labels' other columns."""
        if len(self._boxes):
            self._boxes.write("labels.boxes", order)
        else:
            self._boxes.close()
