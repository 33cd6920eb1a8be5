"""Shows people how indexing goes on, on standard error. Knows no collection, no analyzers."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from indexer.filling.planning import Job
from indexer.filling.report import COUNTED, IndexReport, Note

SHOWN_NOTES = 20


class Silent:
    """A watcher that says nothing, for scripts."""

    def __enter__(self) -> "Silent":
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def planned(self, jobs: Sequence[Job]) -> None:
        """Say nothing."""

    def reading(self, job: Job, time_ms: int, end_ms: int) -> None:
        """Say nothing."""

    def done(self, job: Job) -> None:
        """Say nothing."""

    def building(self, what: str) -> None:
        """Say nothing."""


class ProgressBars(Silent):
    """One bar over all videos and one for each video that is being read; a context manager."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._all: TaskID | None = None
        self._bars: dict[Path, TaskID] = {}

    def __enter__(self) -> "ProgressBars":
        self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._progress.stop()

    def planned(self, jobs: Sequence[Job]) -> None:
        """Show how many videos there are to read."""
        self._all = self._progress.add_task("videos", total=len(jobs))

    def reading(self, job: Job, time_ms: int, end_ms: int) -> None:
        """Move the video's own bar; its unit is seconds."""
        path = job.file.path
        if path not in self._bars:
            total = max(1, end_ms // 1000)
            self._bars[path] = self._progress.add_task(escape(path.name[:40]), total=total)
        self._progress.update(self._bars[path], completed=time_ms // 1000)

    def done(self, job: Job) -> None:
        """Drop the video's bar and move the one over all."""
        bar = self._bars.pop(job.file.path, None)
        if bar is not None:
            self._progress.remove_task(bar)
        if self._all is not None:
            self._progress.advance(self._all)

    def building(self, what: str) -> None:
        """Name what is being made for the whole collection."""
        if self._all is not None:
            self._progress.update(self._all, description=what)


def print_report(report: IndexReport, console: Console) -> None:
    """The counts, what went wrong, and how fast each stage was."""
    counts = ", ".join(f"{report.videos[name]} {name}" for name in COUNTED if report.videos[name])
    console.print(f"[bold]{escape(report.collection)}[/bold]: {counts or 'nothing to do'}")
    console.print(f"{report.shots} shots, {report.keyframes} keyframes in the collection")
    _print_notes(console, "failed", report.failures)
    _print_notes(console, "warnings", report.warnings)
    if report.frames or report.analyzer_clips:
        console.print(_stages(report))


def _print_notes(console: Console, title: str, notes: Sequence[Note]) -> None:
    if not notes:
        return
    table = Table(title=title, title_justify="left")
    for column in ("file", "stage", "reason"):
        table.add_column(column, overflow="fold")
    for note in notes[:SHOWN_NOTES]:
        table.add_row(escape(note.path), note.stage, escape(note.reason))
    console.print(table)
    if len(notes) > SHOWN_NOTES:
        console.print(f"... and {len(notes) - SHOWN_NOTES} more; --json lists all")


def _stages(report: IndexReport) -> Table:
    table = Table("stage", "seconds", "per second", title="where the time went")
    table.title_justify = "left"
    rows = [
        ("decoding", report.decode_seconds, report.frames, "frames"),
        ("shots and keyframes", report.shots_seconds, report.frames, "frames"),
    ]
    rows += [
        (name, seconds, report.analyzer_clips[name], "clips")
        for name, seconds in sorted(report.analyzer_seconds.items(), key=lambda item: -item[1])
    ]
    for name, seconds, count, unit in rows:
        rate = f"{count / seconds:.0f} {unit}" if seconds > 0 else ""
        table.add_row(name, f"{seconds:.1f}", rate)
    table.add_row("models waited for decoding", f"{report.waiting_seconds:.1f}", "")
    table.add_row("in all", f"{report.total_seconds:.1f}", "")
    return table
