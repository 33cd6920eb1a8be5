"""The figures of a run as tables for people."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from bench.growth.figures import GrowthFigures, Phase
from bench.speed.figures import Target
from bench.tables import show_verdict

ROWS = (
    ("seconds", "seconds", "{:.0f}"),
    ("films added", "added", "{:,}"),
    ("films removed", "removed", "{:,}"),
    ("generations that answered", "generations", "{:,}"),
    ("answers", "answers", "{:,}"),
    ("failed", "failed", "{:,}"),
    ("mixed", "mixed", "{:,}"),
    ("answer, p50 ms", "answer_p50_ms", "{:.1f}"),
    ("answer, p95 ms", "answer_p95_ms", "{:.1f}"),
    ("from commit to found, p50 s", "delay_p50_s", "{:.2f}"),
    ("from commit to found, p95 s", "delay_p95_s", "{:.2f}"),
    ("from commit to found, slowest s", "delay_max_s", "{:.2f}"),
)  # what, field of a phase, how it is written


def show_growth(figures: GrowthFigures, console: Console) -> None:
    """How long indexing took, what a searching process saw, and each target."""
    times = figures.times
    console.print(
        f"Indexing {figures.films:,} films of {figures.film_s} s took"
        f" {', '.join(f'{each:.1f}' for each in times.alone_s)} s alone, and"
        f" {', '.join(f'{each:.1f}' for each in times.added_s)} s beside {figures.videos:,} videos"
        f" with {figures.keyframes:,} keyframes: {times.ratio:.2f} times as long.",
        highlight=False,
    )
    console.print(_tabulate_phases(figures.phases))
    for phase in figures.phases.values():
        for reason in phase.reasons:
            console.print(reason, highlight=False, markup=False)
    console.print(_tabulate_targets(figures.targets))
    machine, commit = figures.origin.machine, figures.origin.commit or "unknown"
    console.print(
        f"{machine.cpu}, {machine.cores} cores; commit {commit}, {figures.origin.measured_at}",
        highlight=False,
    )


def _tabulate_phases(phases: Mapping[str, Phase]) -> Table:
    table = Table(title="Searched meanwhile")
    for heading in ("what", *phases):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for what, field, form in ROWS:
        table.add_row(what, *(form.format(getattr(each, field)) for each in phases.values()))
    return table


def _tabulate_targets(targets: tuple[Target, ...]) -> Table:
    table = Table(title="Targets, set for 1,000 videos beside 17,235 on two cores")
    for heading in ("figure", "reached", "at most", ""):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for each in targets:
        reached, most = f"{each.reached:.3f}", f"{each.target:g}"
        table.add_row(each.name, reached, most, show_verdict(each.verdict))
    return table
