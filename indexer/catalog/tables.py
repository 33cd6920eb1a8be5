"""The tables of the catalog. A change here needs a migration (`migrations/versions/`) and `SCHEMA`.

Times are integer milliseconds. Findings are keyed by (video, run, position): they lie on the disk
in the order in which they are read. Vectors are not here.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from indexer.storable import pack_text, unpack_text

SCHEMA = "0001"  # the newest migration
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class AnyText(sa.types.TypeDecorator[str]):
    """Text of any characters, NUL and broken file names included."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make it storable."""
        return None if value is None else pack_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Give it back."""
        return None if value is None else unpack_text(value)


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC, as microseconds since 1970: the same in every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Count the microseconds."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Give the moment back."""
        return None if value is None else EPOCH + value * MICROSECOND


NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
metadata = sa.MetaData(naming_convention=NAMING)


def _column(name: str, kind: type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _of_video(name: str, key: str, *columns: sa.Column[Any]) -> sa.Table:
    """A table of parts of a video, which go when the video goes."""
    return sa.Table(
        name,
        metadata,
        sa.Column("video_id", sa.BigInteger, nullable=False),
        sa.Column(key, sa.BigInteger, nullable=False),
        _column("start_ms", sa.BigInteger),
        _column("end_ms", sa.BigInteger),
        *columns,
        sa.PrimaryKeyConstraint("video_id", key),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )


def _findings(name: str, *columns: sa.Column[Any]) -> sa.Table:
    """A table of findings, which go when their run goes."""
    return sa.Table(
        name,
        metadata,
        sa.Column("video_id", sa.BigInteger, nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),  # in the run, as emitted
        _column("start_ms", sa.BigInteger),
        _column("end_ms", sa.BigInteger),
        *columns,
        sa.PrimaryKeyConstraint("video_id", "run_id", "position"),
        sa.ForeignKeyConstraint(
            ["video_id", "run_id"], ["runs.video_id", "runs.id"], ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )


def _box() -> list[sa.Column[Any]]:
    """Fractions of width and height; NULL where the finding is about the whole picture."""
    return [sa.Column(name, sa.Double) for name in ("x0", "y0", "x1", "y1")]


facts = sa.Table(  # counters: revision, videos_revision, last_video, last_run
    "facts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    _column("value", sa.BigInteger),
)

videos = sa.Table(
    "videos",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("uid", sa.Text, nullable=False, unique=True),
    sa.Column("path", AnyText, nullable=False, unique=True),
    _column("size_bytes", sa.BigInteger),
    _column("mtime_ns", sa.BigInteger),
    _column("sample_hash", sa.Text),
    sa.Column("full_hash", sa.Text),
    _column("side_cars", sa.Text),
    _column("segmenter", AnyText),
    _column("decoder", AnyText),
    _column("first_ms", sa.BigInteger),
    _column("end_ms", sa.BigInteger),
    _column("frames", sa.BigInteger),
    _column("format", AnyText),
    _column("codec", AnyText),
    _column("width", sa.BigInteger),
    _column("height", sa.BigInteger),
    _column("fps", sa.Double),
    _column("duration_ms", sa.BigInteger),
    _column("bit_rate", sa.BigInteger),
    _column("tags", sa.JSON),  # [[key, value], ...]
    _column("warnings", sa.JSON),  # [text, ...]
    _column("added_at", Moment),
    _column("revision", sa.BigInteger),
    _column("pictures", sa.Text),  # the staging folder its pictures came from, "" without any
)

shots = _of_video("shots", "number")
scenes = _of_video("scenes", "number")
keyframes = _of_video(
    "keyframes", "time_ms", _column("shot", sa.BigInteger), _column("sharpness", sa.Double)
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("video_id", sa.BigInteger, nullable=False),
    _column("analyzer", AnyText),
    _column("version", AnyText),
    _column("state", sa.Text),
    sa.Column("reason", AnyText),
    _column("seconds", sa.Double),
    _column("finished_at", Moment),
    sa.Column("generation", AnyText),
    _column("decoder", sa.Text),
    sa.UniqueConstraint("video_id", "analyzer"),
    sa.UniqueConstraint("video_id", "id"),
    sa.ForeignKeyConstraint(["video_id"], ["videos.id"], ondelete="CASCADE"),
)

collection_runs = sa.Table(
    "collection_runs",
    metadata,
    sa.Column("analyzer", AnyText, primary_key=True),
    _column("version", AnyText),
    _column("generation", AnyText),
    _column("seconds", sa.Double),
    _column("finished_at", Moment),
)

files = sa.Table(
    "files",
    metadata,
    sa.Column("path", sa.Text, primary_key=True),  # relative to the collection
    sa.Column("video_id", sa.BigInteger, nullable=False),
    sa.Column("run_id", sa.BigInteger, nullable=False),
    _column("kind", sa.Text),
    _column("owner", AnyText),
    _column("sha256", sa.Text),
    _column("rows", sa.BigInteger),
    sa.ForeignKeyConstraint(
        ["video_id", "run_id"], ["runs.video_id", "runs.id"], ondelete="CASCADE"
    ),
    sa.Index(None, "video_id", "run_id"),
)

words = _findings(
    "words",
    _column("kind", sa.Text),
    _column("text", AnyText),
    _column("score", sa.Double),
    *_box(),
    sa.Column("language", AnyText),
)
labels = _findings(
    "labels",
    _column("vocabulary", AnyText),
    _column("name", AnyText),
    _column("score", sa.Double),
    *_box(),
    sa.Column("track", AnyText),
)
measures = _findings(
    "measures", _column("name", AnyText), _column("value", sa.Double), _column("unit", AnyText)
)
tracks = _findings(
    "tracks", _column("track", AnyText), _column("kind", AnyText), _column("samples", sa.BigInteger)
)
relations = _findings(
    "relations",
    _column("subject_kind", sa.Text),
    _column("subject", AnyText),
    _column("predicate", AnyText),
    _column("object_kind", sa.Text),
    _column("object", AnyText),
    _column("score", sa.Double),
)

failures = sa.Table(
    "failures",
    metadata,
    sa.Column("path", AnyText, primary_key=True),
    _column("stage", AnyText),
    _column("reason", AnyText),
    _column("size_bytes", sa.BigInteger),
    _column("mtime_ns", sa.BigInteger),
    _column("failed_at", Moment),
)
