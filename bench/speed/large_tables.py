"""The figures of two sizes as tables for people."""

from rich.console import Console
from rich.table import Table

from bench.speed.large import LargeFigures
from bench.tables import show_verdict


def show_large(figures: LargeFigures, console: Console) -> None:
    """Every row, then each target beside what was reached."""
    dim = figures.rows[0].dim
    table = Table(title=f"1,000 hits by video, {dim} dimensions: both sizes in turns")
    for heading in ("keyframes", "what", "p50 ms", "p95 ms", "p99 ms", "p95/read", "recall"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in figures.rows:
        times = (f"{ms:.1f}" for ms in (row.p50_ms, row.p95_ms, row.p99_ms))
        recall = "" if row.recall_1000 is None else f"{row.recall_1000:.3f}"
        read = f"{row.times_memory_read:.2f}"
        table.add_row(f"{row.keyframes:,}", row.name, *times, read, recall)
    console.print(table)
    judged = Table(title="Targets")
    for heading in ("figure", "reached", "target", ""):
        judged.add_column(heading, justify="left" if heading == "figure" else "right")
    for each in figures.targets:
        sign = "<=" if each.is_most else ">="
        cells = f"{each.reached:.3f}", f"{sign} {each.target:g}", show_verdict(each.verdict)
        judged.add_row(each.name, *cells)
    console.print(judged)
    machine, commit = figures.origin.machine, figures.origin.commit or "unknown"
    console.print(
        f"{machine.cpu}, {machine.cores} cores; commit {commit}, {figures.origin.measured_at}",
        highlight=False,
    )
