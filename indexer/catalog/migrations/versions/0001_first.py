"""The first tables: videos with their parts, runs with their files, findings, failures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _make_counters()
    _make_videos()
    _make_runs()
    _make_findings()
    _make_failures()


def _needed(name: str, kind: type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [_needed(name, sa.Text) for name in names]


def _integers(*names: str) -> list[sa.Column[Any]]:
    return [_needed(name, sa.BigInteger) for name in names]


def _make_counters() -> None:
    op.create_table(
        "facts",
        *_texts("key"),
        *_integers("value"),
        sa.PrimaryKeyConstraint("key", name="pk_facts"),
    )
    op.execute(
        "INSERT INTO facts (key, value) VALUES "
        "('revision', 0), ('videos_revision', 0), ('last_video', 0), ('last_run', 0)"
    )


def _make_videos() -> None:
    op.create_table(
        "videos",
        *_integers("id"),
        *_texts("uid", "path"),
        *_integers("size_bytes", "mtime_ns"),
        *_texts("sample_hash"),
        sa.Column("full_hash", sa.Text),
        *_texts("side_cars", "segmenter", "decoder"),
        *_integers("first_ms", "end_ms", "frames"),
        *_texts("format", "codec"),
        *_integers("width", "height"),
        _needed("fps", sa.Double),
        *_integers("duration_ms", "bit_rate"),
        _needed("tags", sa.JSON),
        _needed("warnings", sa.JSON),
        *_integers("added_at", "revision"),
        *_texts("pictures"),
        sa.PrimaryKeyConstraint("id", name="pk_videos"),
        sa.UniqueConstraint("uid", name="uq_videos_uid"),
        sa.UniqueConstraint("path", name="uq_videos_path"),
    )
    _make_part("shots", "number")
    _make_part("scenes", "number")
    _make_part("keyframes", "time_ms", *_integers("shot"), _needed("sharpness", sa.Double))


def _make_part(name: str, key: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        *_integers("video_id", key, "start_ms", "end_ms"),
        *columns,
        sa.PrimaryKeyConstraint("video_id", key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=f"fk_{name}_videos", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )


def _make_runs() -> None:
    op.create_table(
        "runs",
        *_integers("id", "video_id"),
        *_texts("analyzer", "version", "state"),
        sa.Column("reason", sa.Text),
        _needed("seconds", sa.Double),
        *_integers("finished_at"),
        sa.Column("generation", sa.Text),
        *_texts("decoder"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("video_id", "analyzer", name="uq_runs_video_id_analyzer"),
        sa.UniqueConstraint("video_id", "id", name="uq_runs_video_id_id"),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name="fk_runs_videos", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "collection_runs",
        *_texts("analyzer", "version", "generation"),
        _needed("seconds", sa.Double),
        *_integers("finished_at"),
        sa.PrimaryKeyConstraint("analyzer", name="pk_collection_runs"),
    )
    op.create_table(
        "files",
        *_texts("path"),
        *_integers("video_id", "run_id"),
        *_texts("kind", "owner", "sha256"),
        *_integers("rows"),
        sa.PrimaryKeyConstraint("path", name="pk_files"),
        _key_of_run("files"),
    )
    op.create_index("ix_files_video_id_run_id", "files", ["video_id", "run_id"])


def _make_findings() -> None:
    score = _needed("score", sa.Double)
    box = [sa.Column(name, sa.Double) for name in ("x0", "y0", "x1", "y1")]
    language, track = sa.Column("language", sa.Text), sa.Column("track", sa.Text)
    _make_finding("words", *_texts("kind", "text"), score, *box, language)
    _make_finding("labels", *_texts("vocabulary", "name"), score, *box, track)
    _make_finding("measures", *_texts("name"), _needed("value", sa.Double), *_texts("unit"))
    _make_finding("tracks", *_texts("track", "kind"), *_integers("samples"))
    ends = _texts("subject_kind", "subject", "predicate", "object_kind", "object")
    _make_finding("relations", *ends, score)


def _make_finding(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        *_integers("video_id", "run_id", "position", "start_ms", "end_ms"),
        *(column._copy() for column in columns),
        sa.PrimaryKeyConstraint("video_id", "run_id", "position", name=f"pk_{name}"),
        _key_of_run(name),
        sqlite_with_rowid=False,
    )


def _key_of_run(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["video_id", "run_id"],
        ["runs.video_id", "runs.id"],
        name=f"fk_{name}_runs",
        ondelete="CASCADE",
    )


def _make_failures() -> None:
    op.create_table(
        "failures",
        *_texts("path", "stage", "reason"),
        *_integers("size_bytes", "mtime_ns", "failed_at"),
        sa.PrimaryKeyConstraint("path", name="pk_failures"),
    )
