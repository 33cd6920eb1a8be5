"""Everything that can be asked of a catalog, answered from one unchanging view of it.

Knows no files: vectors and dense tracks are named here, not read.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexer.catalog import bulk, rows, tables
from indexer.catalog.findings import KINDS, READ_TABLES, Placed, finding_of
from indexer.records import (
    CollectionRun,
    Counts,
    Failure,
    FileKind,
    Keyframe,
    Run,
    RunStanding,
    RunState,
    Scene,
    Shot,
    StoredFile,
    TrackSpan,
    Video,
)
from indexer.video_name import NamedVideo


class CatalogReader:
    """Answers from one view; what others commit meanwhile is not seen."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def revision(self) -> int:
        """A number that grows with every change of what generations are made from."""
        return self._fact("revision")

    @property
    def videos_revision(self) -> int:
        """Like `revision`, but not moved by runs over the whole collection."""
        return self._fact("videos_revision")

    def counts(self) -> Counts:
        """How many videos, shots and keyframes there are."""
        counted = [tables.videos, tables.shots, tables.keyframes]
        queries = [sa.select(sa.func.count()).select_from(t).scalar_subquery() for t in counted]
        return Counts(*self._connection.execute(sa.select(*queries)).one())

    def total_ms(self) -> int:
        """How long all videos are together."""
        table = tables.videos
        query = sa.select(sa.func.sum(table.c.end_ms - table.c.first_ms))
        return int(self._connection.scalar(query) or 0)

    def find_videos(self, ids: Sequence[int] | None = None) -> list[Video]:
        """All videos, or those with these ascending ids, by id."""
        query = sa.select(tables.videos).order_by(tables.videos.c.id)
        found = self._about(query, tables.videos.c.id, ids)
        return [rows.video_of(row) for row in found]

    def read_revisions(self) -> dict[int, int]:
        """By id, ascending: the collection's revision at which each video last changed."""
        table = tables.videos
        query = sa.select(table.c.id, table.c.revision).order_by(table.c.id)
        return {row.id: row.revision for row in self._connection.execute(query)}

    def find_video(self, column: str, value: int | str) -> Video | None:
        """The video with this `id`, `uid`, `path` or `pictures`, if there is one."""
        query = sa.select(tables.videos).where(tables.videos.c[column] == value)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else rows.video_of(row)

    def find_names(self) -> list[NamedVideo]:
        """What all videos can be called by."""
        table = tables.videos
        query = sa.select(table.c.id, table.c.uid, table.c.path)
        return [NamedVideo(*row) for row in self._connection.execute(query)]

    def find_pictured(self) -> dict[str, str]:
        """The uids and paths of the videos that have pictures."""
        table = tables.videos
        query = sa.select(table.c.uid, table.c.path).where(table.c.pictures != "")
        return {row.uid: row.path for row in self._connection.execute(query)}

    def find_shots(self, video: Video) -> list[Shot]:
        """The shots of a video, by number."""
        found = self._parts(tables.shots, video)
        return [Shot(row.number, row.start_ms, row.end_ms) for row in found]

    def find_keyframes(self, video: Video) -> list[Keyframe]:
        """The keyframes of a video, by time."""
        return [rows.keyframe_of(row) for row in self._parts(tables.keyframes, video)]

    def find_keyframes_in(self, video: Video, span: tuple[int, int]) -> list[Keyframe]:
        """Those of the keyframes whose time lies in a span of ms; its end is exclusive."""
        table = tables.keyframes
        asked = (table.c.video_id == video.id) & table.c.time_ms.between(span[0], span[1] - 1)
        query = sa.select(table).where(asked).order_by(table.c.time_ms)
        return [rows.keyframe_of(row) for row in self._connection.execute(query)]

    def find_scenes(self, video: Video) -> list[Scene]:
        """The scenes of a video, by number."""
        found = self._parts(tables.scenes, video)
        return [Scene(row.number, row.start_ms, row.end_ms) for row in found]

    def find_runs(self, video: Video) -> list[Run]:
        """The runs on a video with their files, in the order in which they came."""
        files: dict[int, list[StoredFile]] = {}
        for run_id, file in self.find_run_files(video):
            files.setdefault(run_id, []).append(file)
        query = sa.select(tables.runs).where(tables.runs.c.video_id == video.id)
        found = self._connection.execute(query.order_by(tables.runs.c.id))
        return [rows.run_of(row, files.get(row.id, [])) for row in found]

    def read_runs(self) -> list[RunStanding]:
        """What stands of every analyzer for every video, by video, in one question."""
        names = ["video_id", "analyzer", "version", "state"]
        columns = self.read_columns("runs", names)
        lines = zip(*(columns[name] for name in names), strict=True)
        return [RunStanding(int(v), a, version, STATES[s]) for v, a, version, s in lines]

    def count_runs(self) -> list[tuple[str, str, RunState, int]]:
        """Analyzer, version, state, and on how many videos it stands so."""
        key = [tables.runs.c[name] for name in ("analyzer", "version", "state")]
        query = sa.select(*key, sa.func.count().label("videos")).group_by(*key)
        found = self._connection.execute(query)
        return [(row.analyzer, row.version, STATES[row.state], row.videos) for row in found]

    def find_collection_runs(self) -> list[CollectionRun]:
        """The runs over the whole collection, by analyzer."""
        query = sa.select(tables.collection_runs).order_by(tables.collection_runs.c.analyzer)
        return [rows.collection_run_of(row) for row in self._connection.execute(query)]

    def find_failures(self) -> list[Failure]:
        """The videos that could not be indexed, by path."""
        query = sa.select(tables.failures)
        found = [rows.failure_of(row) for row in self._connection.execute(query)]
        return sorted(found, key=lambda failure: failure.path)

    def find_run_files(self, video: Video) -> list[tuple[int, StoredFile]]:
        """The files of a video's runs with the run ids, by run and path."""
        table = tables.files
        query = sa.select(table).where(table.c.video_id == video.id)
        found = self._connection.execute(query.order_by(table.c.run_id, table.c.path))
        return [(row.run_id, rows.file_of(row)) for row in found]

    def find_files(
        self,
        kind: FileKind | None = None,
        owner: str | None = None,
        ids: Sequence[int] | None = None,
    ) -> list[tuple[int, StoredFile]]:
        """Files with the ids of their videos, by video; of one kind, of one space or analyzer.

        Of all videos, or of those with these ascending ids.
        """
        table = tables.files
        query = sa.select(table).order_by(table.c.video_id, table.c.run_id, table.c.path)
        if kind is not None:
            query = query.where(table.c.kind == str(kind))
        if owner is not None:
            query = query.where(table.c.owner == owner)
        found = self._about(query, table.c.video_id, ids)
        return [(row.video_id, rows.file_of(row)) for row in found]

    def find_files_of(self, analyzer: str) -> list[StoredFile]:
        """The files of all runs of one analyzer."""
        runs, files = tables.runs, tables.files
        query = sa.select(files).join(runs, runs.c.id == files.c.run_id)
        found = self._connection.execute(query.where(runs.c.analyzer == analyzer))
        return [rows.file_of(row) for row in found]

    def find_run_ids(self, video: Video, analyzers: Sequence[str] | None) -> list[int]:
        """The ids of a video's runs, all or those of some analyzers, in order."""
        table = tables.runs
        query = sa.select(table.c.id).where(table.c.video_id == video.id).order_by(table.c.id)
        if analyzers is not None:
            query = query.where(table.c.analyzer.in_(analyzers))
        return list(self._connection.scalars(query))

    def find_track_spans(self, video: Video, span: tuple[int, int]) -> list[TrackSpan]:
        """The tracks that overlap a span of ms, whose end is exclusive; their points not read."""
        table, runs = tables.tracks, tables.runs
        asked = (
            (table.c.video_id == video.id)
            & (table.c.start_ms < span[1])
            & (table.c.end_ms > span[0])
        )
        query = sa.select(table, runs.c.analyzer).join(runs, runs.c.id == table.c.run_id)
        found = self._connection.execute(
            query.where(asked).order_by(table.c.run_id, table.c.position)
        )
        return [
            TrackSpan(row.analyzer, row.track, row.kind, row.start_ms, row.end_ms, row.samples)
            for row in found
        ]

    def find_placed(
        self,
        video: Video,
        run_ids: Sequence[int],
        span: tuple[int, int] | None = None,
        kinds: Collection[type] | None = None,
    ) -> dict[int, list[Placed]]:
        """By run: the findings that are in tables, with their positions, in any order.

        Args:
            video: whose.
            run_ids: of these runs.
            span: only those that overlap it, in ms; the end is exclusive.
            kinds: only findings of these classes.
        """
        found: dict[int, list[Placed]] = {run_id: [] for run_id in run_ids}
        wanted = READ_TABLES if kinds is None else {KINDS[kind][0] for kind in kinds}
        for table in wanted:
            asked = (table.c.video_id == video.id) & table.c.run_id.in_(run_ids)
            if span is not None:
                asked &= (table.c.start_ms < span[1]) & (table.c.end_ms > span[0])
            for row in self._connection.execute(sa.select(table).where(asked)):
                found[row.run_id].append((row.position, finding_of(row, table)))
        return found

    def read_columns(
        self, table: str, columns: Sequence[str], ids: Sequence[int] | None = None
    ) -> dict[str, Any]:
        """Whole columns of one table side by side, ordered by video and the rest of its key.

        Integers as int64 (n,), floats as float64 (n,) with NaN for none, texts as lists. Of all
        videos, or of those with these ascending ids: then nothing else is touched.
        """
        chosen = [tables.metadata.tables[table].c[name] for name in columns]
        return bulk.join_chunks(self.read_chunks(table, columns, ids=ids), chosen)

    def read_chunks(
        self,
        table: str,
        columns: Sequence[str],
        rows: int = bulk.CHUNK_ROWS,
        ids: Sequence[int] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The same in parts that each hold whole videos: about `rows` rows, or one video's."""
        whole = tables.metadata.tables[table]
        chosen = [whole.c[name] for name in columns]
        key = [whole.c.video_id, *(c for c in whole.primary_key if c.name != "video_id")]
        return bulk.read_chunks(self._connection, chosen, key, rows, ids)

    def _about(
        self, query: sa.Select[Any], video_id: sa.Column[Any], ids: Sequence[int] | None
    ) -> Iterator[sa.Row[Any]]:
        """The rows of a question that is ordered by video, about all videos or some."""
        if ids is None:
            yield from self._connection.execute(query)
            return
        for some in bulk.split_ids(ids):
            yield from self._connection.execute(query.where(video_id.in_(some)))

    def _fact(self, key: str) -> int:
        query = sa.select(tables.facts.c.value).where(tables.facts.c.key == key)
        return int(self._connection.execute(query).scalar_one())

    def _parts(self, table: sa.Table, video: Video) -> Sequence[sa.Row[Any]]:
        query = sa.select(table).where(table.c.video_id == video.id)
        return self._connection.execute(query.order_by(*table.primary_key)).all()


STATES = {str(state): state for state in RunState}
