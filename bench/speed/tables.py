"""The figures of a speed run as tables for people."""

from rich.console import Console
from rich.table import Table

from bench.speed.contests import LEAF, OURS
from bench.speed.figures import LIMIT, Heat, SpeedFigures, SpeedRow, Target
from bench.speed.over_http import CLIENTS, HttpFigures
from bench.tables import show_verdict

TIMES = ("p50 ms", "p95 ms", "p99 ms", "p95/read")


def show_speed(figures: SpeedFigures, console: Console) -> None:
    """A table for each size, then each target beside what was reached."""
    for heat in figures.heats:
        console.print(_tabulate_ours(heat, figures.dim))
        if heat.build_s:
            console.print(_tabulate_peers(heat))
        console.print(
            f"Reading the matrix once takes {heat.memory_read_ms:.2f} ms. A process of its own"
            f" answered {heat.load.queries:,} queries in {heat.load.seconds:.0f} s, the first"
            f" {heat.load.first_answer_s:.2f} s after opening. recall@10000"
            f" {heat.recall_10000:.4f}.",
            highlight=False,
        )
        console.print(_tell_http(heat.http), highlight=False)
    console.print(_tabulate_targets(figures.targets))
    for line in figures.left_out:
        console.print(line, highlight=False)
    machine, commit = figures.origin.machine, figures.origin.commit or "unknown"
    console.print(
        f"{machine.cpu}, {machine.cores} cores; commit {commit}, {figures.origin.measured_at}",
        highlight=False,
    )


def _tell_http(http: HttpFigures) -> str:
    return (
        f"Over HTTP {http.one.p50_ms:.1f} ms, where the engine, asked in turns with it, took"
        f" {http.engine.p50_ms:.1f} ms; {CLIENTS} clients got {http.many_per_s:.1f} answers a"
        f" second, as many threads {http.engine_per_s:.1f} of the engine itself."
    )


def _tabulate_ours(heat: Heat, dim: int) -> Table:
    shape = f"{heat.shots:,} shots, {heat.videos:,} videos"
    table = Table(title=f"{heat.keyframes:,} keyframes of {dim} dimensions, {shape}")
    for heading in ("what", *TIMES):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in (*heat.rows, *heat.http_rows):
        if row.who in (OURS, LIMIT):
            table.add_row(row.name, *_show_times(row))
    return table


def _tabulate_peers(heat: Heat) -> Table:
    table = Table(title="One text: ours with hits by video, others the bare best 1,000")
    for heading in ("who", *TIMES, "recall", "MB", "built s"):
        table.add_column(heading, justify="left" if heading == "who" else "right")
    for row in (heat.find(LEAF), *(row for row in heat.rows if row.who in heat.build_s)):
        built = f"{heat.build_s[row.who]:.0f}" if row.who in heat.build_s else ""
        size = "" if row.rss_mb is None else f"{row.rss_mb:.0f}"
        recall = "" if row.recall_1000 is None else f"{row.recall_1000:.3f}"
        table.add_row(row.who, *_show_times(row), recall, size, built)
    return table


def _show_times(row: SpeedRow) -> tuple[str, ...]:
    times = (f"{ms:.1f}" for ms in (row.p50_ms, row.p95_ms, row.p99_ms))
    return (*times, f"{row.times_memory_read:.2f}")


def _tabulate_targets(targets: tuple[Target, ...]) -> Table:
    table = Table(title="Targets, set for 2.5 million keyframes on two cores")
    for heading in ("figure", "reached", "target", ""):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for each in targets:
        sign = "<=" if each.is_most else ">="
        reached, target = f"{each.reached:.3f}", f"{sign} {each.target:g}"
        table.add_row(each.name, reached, target, show_verdict(each.verdict))
    return table
