"""Figures as tables for people. Knows nothing of how they were measured."""

from rich.console import Console
from rich.table import Table

from bench.decode import DecodeFigures
from bench.machine import Machine
from bench.memory import MemoryFigures

COLOUR = {"ok": "green", "missed": "red"}


def show_decoding(figures: DecodeFigures, console: Console) -> None:
    """Frames per second of each way and size, the ratio of ours to scaled beside its target."""
    table = Table(title="Reading videos, frames per second")
    for heading in ("video", "Mbit/s", "plain", "scaled", "ours", "ratio", "target", ""):
        table.add_column(heading, justify="left" if heading == "video" else "right")
    table.add_column("peak MB", justify="right")
    for each in figures.sizes:
        table.add_row(
            each.name,
            f"{each.megabits_per_second:.1f}",
            *(f"{fps:.0f}" for fps in (each.plain_fps, each.scaled_fps, each.ours_fps)),
            f"{each.ratio:.2f}",
            f">= {each.target:.2f}",
            _judged(each.verdict),
            f"{each.peak_mb:.0f}",
        )
    console.print(table)
    for name, meaning in figures.settings.items():
        console.print(f"[bold]{name}[/bold]: {meaning}", highlight=False)
    _show_machine(figures.machine, console)


def show_memory(figures: MemoryFigures, machine: Machine, console: Console) -> None:
    """Peak and growth of one pass, the peak beside its target."""
    table = Table(title=f"Memory of our pass over {figures.minutes:.0f} minutes of video, MB")
    headings = ["loaded", *(f"quarter {n + 1}" for n in range(len(figures.quarters_mb)))]
    for heading in (*headings, "growth", "peak", "target", "", "fps"):
        table.add_column(heading, justify="right")
    table.add_row(
        *(f"{mb:.0f}" for mb in (figures.start_mb, *figures.quarters_mb, figures.growth_mb)),
        f"{figures.peak_mb:.0f}",
        f"< {figures.target_mb:.0f}",
        _judged(figures.verdict),
        f"{figures.fps:.0f}",
    )
    console.print(table)
    _show_machine(machine, console)


def _show_machine(machine: Machine, console: Console) -> None:
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    console.print(
        f"{machine.cpu}, {machine.cores} cores, load {machine.load}; {versions}", highlight=False
    )


def _judged(verdict: str) -> str:
    return f"[{COLOUR[verdict]}]{verdict}[/{COLOUR[verdict]}]"
