"""The times of searches for people as a table for people."""

from rich.console import Console
from rich.table import Table

from bench.speed.people import PeopleTimes


def show_people_times(times: PeopleTimes, console: Console) -> None:
    """Every question, with the goal beside its p95."""
    counts = [f"{count:,} {name.replace('_', ' ')}" for name, count in times.counts.items()]
    table = Table(title=", ".join(counts))
    for heading in ("who", "what", "rounds", "best ms", "p50 ms", "p95 ms", "goal ms"):
        table.add_column(heading, justify="left" if heading in ("who", "what") else "right")
    for each in times.timings:
        shown = (f"{ms:.1f}" for ms in (each.best_ms, each.p50_ms, each.p95_ms))
        goal = f"<= {times.goals_ms[each.name]:g}"
        table.add_row(each.name, each.who, str(each.rounds), *shown, goal)
    console.print(table)
    machine, commit = times.origin.machine, times.origin.commit or "unknown"
    console.print(
        f"{machine.cpu}, {machine.cores} cores; commit {commit}, {times.origin.measured_at}",
        highlight=False,
    )
