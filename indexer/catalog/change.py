"""One change of the catalog: what is written inside one transaction.

The revision moves once, and only if something changed that generations are made from. Knows no
files: their names and hashes are handed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from indexer.catalog import rows, tables
from indexer.catalog.bulk import insert_rows
from indexer.catalog.findings import finding_rows
from indexer.catalog.reader import CatalogReader
from indexer.records import (
    CollectionResult,
    Failure,
    FoundVideo,
    Keyframe,
    Result,
    RunStanding,
    RunState,
    Scene,
    Shot,
    StoredFile,
    Video,
)


@dataclass(frozen=True)
class Segmentation:
    """How a video is divided."""

    shots: Sequence[Shot]
    keyframes: Sequence[Keyframe]
    scenes: Sequence[Scene]


class CatalogChange(CatalogReader):
    """Reads and writes inside one transaction; sees what it has written itself."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        facts = tables.facts
        # PostgreSQL: other writers wait here until this transaction has ended.
        locked = sa.select(facts.c.value).where(facts.c.key == "revision").with_for_update()
        self._connection.execute(locked)
        self._moved: set[str] = set()

    def put_video(
        self, found: FoundVideo, uid: str, segmentation: Segmentation, pictures: str
    ) -> Video:
        """Insert a video, or put it in the place of the one with its uid: same id, all else anew.

        `pictures` names the staging folder of its pictures.
        """
        old = self.find_video("uid", uid)
        if old is None:
            video_id, added_at = self._count_up("last_video"), datetime.now(UTC)
        else:
            video_id, added_at = old.id, old.added_at
            self.delete_video(old)
        statement = sa.insert(tables.videos).values(
            id=video_id,
            uid=uid,
            added_at=added_at,
            pictures=pictures,
            revision=self._move_videos(),
            **rows.video_values(found),
        )
        self._connection.execute(statement)
        insert_rows(self._connection, tables.shots, rows.shot_rows(video_id, segmentation.shots))
        keyframes = rows.keyframe_rows(video_id, segmentation.keyframes)
        insert_rows(self._connection, tables.keyframes, keyframes)
        insert_rows(self._connection, tables.scenes, rows.shot_rows(video_id, segmentation.scenes))
        return self.get_video(video_id)

    def get_video(self, video_id: int) -> Video:
        """A video that is known to be there."""
        video = self.find_video("id", video_id)
        assert video is not None  # no other writer is at work
        return video

    def delete_video(self, video: Video) -> None:
        """Delete a video with everything that belongs to it."""
        self._move_videos()
        self._connection.execute(sa.delete(tables.videos).where(_is(video)))

    def put_run(
        self,
        video: Video,
        result: Result,
        files: Sequence[StoredFile],
        generation: str | None = None,
    ) -> None:
        """Insert what an analyzer said, in the place of what it said before.

        A run that failed again changes nothing for generations.
        """
        old = sa.select(tables.runs.c.state).where(_run_of(video, result.analyzer))
        before = self._connection.execute(old).scalar_one_or_none()
        self._connection.execute(sa.delete(tables.runs).where(_run_of(video, result.analyzer)))
        run_id = self._count_up("last_run")
        values = {"id": run_id, "video_id": video.id, "generation": generation}
        self._connection.execute(sa.insert(tables.runs).values(**values, **rows.run_values(result)))
        for table, cells in finding_rows(video.id, run_id, result.findings):
            insert_rows(self._connection, table, cells)
        owned = {"video_id": video.id, "run_id": run_id}
        for file in files:
            self._connection.execute(sa.insert(tables.files).values(**owned, **_cells(file)))
        if result.reason is None or before not in (None, str(RunState.FAILED)):
            self._touch(video, by_collection=generation is not None)

    def put_collection_run(self, result: CollectionResult) -> None:
        """Remember a run over the whole collection; what it said of videos is put run by run."""
        table, runs = tables.collection_runs, tables.runs
        self._connection.execute(sa.delete(table).where(table.c.analyzer == result.analyzer))
        self._connection.execute(
            sa.insert(table).values(
                analyzer=result.analyzer,
                version=result.version,
                generation=result.generation,
                seconds=result.seconds,
                finished_at=datetime.now(UTC),
            )
        )
        again = sa.update(runs).where(runs.c.analyzer == result.analyzer)
        self._connection.execute(again.values(generation=result.generation))

    def delete_run(self, video_id: int, analyzer: str) -> None:
        """Delete what an analyzer of the whole collection said of a video."""
        table = tables.runs
        said = (table.c.video_id == video_id) & (table.c.analyzer == analyzer)
        self._touch_all(sa.select(table.c.video_id).where(said))
        self._connection.execute(sa.delete(table).where(said))

    def set_place(self, video: Video, path: str) -> None:
        """The video lies elsewhere now."""
        self._update(video, path=path, revision=self._move_findings())

    def set_stamp(self, video: Video, size_bytes: int, mtime_ns: int) -> None:
        """The file has another time, but is the same."""
        revision = self._move_findings()
        self._update(video, size_bytes=size_bytes, mtime_ns=mtime_ns, revision=revision)

    def set_side_cars(self, video: Video, side_cars: str) -> None:
        """The side-cars are known as they are now."""
        self._update(video, side_cars=side_cars)

    def set_hashes(self, video: Video, full_hash: str | None, sample_hash: str) -> None:
        """The file's hashes are known."""
        self._update(video, full_hash=full_hash, sample_hash=sample_hash)

    def set_stale(self, runs: Sequence[RunStanding], reason: str) -> None:
        """These runs have to be made anew; what they said stands until then."""
        for run in runs:
            table = tables.runs
            asked = (table.c.video_id == run.video_id) & (table.c.analyzer == run.analyzer)
            change = sa.update(table).where(asked, table.c.version == run.version)
            values = {"state": str(RunState.STALE), "reason": reason}
            self._connection.execute(change.values(values))

    def delete_file(self, path: str, reason: str) -> None:
        """A file is no more: its run has to be made anew."""
        table, runs = tables.files, tables.runs
        self._touch_all(sa.select(table.c.video_id).where(table.c.path == path))
        run_id = sa.select(table.c.run_id).where(table.c.path == path).scalar_subquery()
        change = sa.update(runs).where(runs.c.id == run_id)
        values = {"state": str(RunState.STALE), "reason": reason}
        self._connection.execute(change.values(values))
        self._connection.execute(sa.delete(table).where(table.c.path == path))

    def put_failure(self, failure: Failure) -> None:
        """Remember that a file could not be indexed."""
        self.delete_failure(failure.path)
        names = ("path", "stage", "reason", "size_bytes", "mtime_ns", "failed_at")
        values = {name: getattr(failure, name) for name in names}
        self._connection.execute(sa.insert(tables.failures).values(**values))

    def delete_failure(self, path: str) -> None:
        """Forget that a file could not be indexed."""
        self._connection.execute(sa.delete(tables.failures).where(tables.failures.c.path == path))

    def _touch(self, video: Video, *, by_collection: bool) -> None:
        revision = self._move_findings() if by_collection else self._move_videos()
        self._update(video, revision=revision)

    def _touch_all(self, ids: sa.Select[tuple[int]]) -> None:
        """What was found in these videos has changed, by no run of theirs."""
        table = tables.videos
        change = sa.update(table).where(table.c.id.in_(ids))
        self._connection.execute(change.values(revision=self._move_findings()))

    def _update(self, video: Video, **values: Any) -> None:
        self._connection.execute(sa.update(tables.videos).where(_is(video)).values(**values))

    def _move_videos(self) -> int:
        self._move("videos_revision")
        return self._move_findings()

    def _move_findings(self) -> int:
        return self._move("revision")

    def _move(self, key: str) -> int:
        """Count up once in this transaction."""
        if key in self._moved:
            return self._fact(key)
        self._moved.add(key)
        return self._count_up(key)

    def _count_up(self, key: str) -> int:
        facts = tables.facts
        raised = sa.update(facts).where(facts.c.key == key).values(value=facts.c.value + 1)
        self._connection.execute(raised)
        return self._fact(key)


def _is(video: Video) -> sa.ColumnElement[bool]:
    return tables.videos.c.id == video.id


def _run_of(video: Video, analyzer: str) -> sa.ColumnElement[bool]:
    return (tables.runs.c.video_id == video.id) & (tables.runs.c.analyzer == analyzer)


def _cells(file: StoredFile) -> dict[str, Any]:
    return {
        "path": file.path,
        "kind": str(file.kind),
        "owner": file.owner,
        "sha256": file.sha256,
        "rows": file.rows,
    }
