"""Figures as tables for people. Knows nothing of how they were measured."""

from collections.abc import Iterable, Mapping
from math import isfinite

from rich.console import Console
from rich.table import Table

from bench.decode import DecodeFigures
from bench.evaluate.cuts import ShotFigures
from bench.evaluate.intervals import Interval
from bench.machine import Machine
from bench.memory import MemoryFigures
from bench.replay import FeedbackSession, ReplayFigures
from bench.replay_log import MISSED
from bench.shots import BorderFigures
from bench.users.summary import AdHocSummary, KnownItemSummary
from bench.users.trial import UserFigures

COLOUR = {"ok": "green", "missed": "red"}


def show_decoding(figures: DecodeFigures, console: Console) -> None:
    """Frames per second of each way and size, the ratios of ours to the others with targets."""
    table = _begin("Reading videos, frames per second", "video",
                   "Mbit/s", "plain", "scaled", "ours", "PySceneDetect", "sharpest",
                   "peak MB")  # fmt: skip
    judged = Table("video", "ours to", title="Ours to the others")
    for heading in ("ratio", "target", ""):
        judged.add_column(heading, justify="right")
    for each in figures.sizes:
        speeds = (f"{fps:.0f}" for fps in each.fps.values())
        table.add_row(each.name, f"{each.megabits_per_second:.1f}", *speeds, f"{each.peak_mb:.0f}")
        for name, it in each.ratios.items():
            cells = f"{it.ratio:.2f}", f">= {it.target:.2f}", show_verdict(it.verdict)
            judged.add_row(each.name, name, *cells)
    console.print(table)
    console.print(judged)
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
        show_verdict(figures.verdict),
        f"{figures.fps:.0f}",
    )
    console.print(table)
    _show_machine(machine, console)


def show_shots(figures: BorderFigures, console: Console) -> None:
    """Precision, recall and F1 of each detector, cuts and gradual ones apart."""
    console.print(f"{figures.dataset}: {figures.videos} videos", highlight=False)
    console.print(tabulate_shots(figures.found, figures.tolerance))
    for each in figures.targets:
        console.print(
            f"{each.name}: {each.reached:.4f}, target {each.target:.2f} +- {each.within:.3f}: "
            + show_verdict(each.verdict),
            highlight=False,
        )
    _show_machine(figures.origin.machine, console)


def show_users(figures: UserFigures, console: Console) -> None:
    """How users fared with each engine, every figure with its interval."""
    known = _begin("Known items: found, median time and acts until then", "engine",
                   "found", "seconds", "interactions", "wrong", "score", "ours gains")  # fmt: skip
    ad_hoc = _begin("Ad-hoc topics: what was collected", "engine",
                    "right", "recall", "wrong", "score", "ours gains")  # fmt: skip
    for name, each in figures.engines.items():
        known.add_row(name, *_known_cells(each.known), show_interval(each.known_gain, 0))
        if each.ad_hoc is not None:
            ad_hoc.add_row(name, *_ad_hoc_cells(each.ad_hoc), show_interval(each.ad_hoc_gain, 0))
    console.print(f"{figures.dataset}: {figures.films} films", highlight=False)
    console.print(known)
    if ad_hoc.row_count:
        console.print(ad_hoc)
    for name, each in figures.engines.items():
        console.print(f"[bold]{name}[/bold]: {each.says}", highlight=False)
    _show_machine(figures.origin.machine, console)


def show_replay(figures: ReplayFigures, console: Console) -> None:
    """Table 1 of the study, its correlations, and its table 2 in full."""
    queries = _begin("Text queries", "by", "n", "words", "letters",
                     "<= 10", "<= 100", "<= 500", "missed", "median", "temporal")  # fmt: skip
    for it in figures.operators:
        queries.add_row(
            str(it.operator), str(it.text_queries),
            f"{it.mean_words:.2f}", f"{it.mean_characters:.2f}",
            *(str(it.within[at]) for at in (0, 3, 5)),
            str(it.missed), f"{it.median_rank:g}", str(it.temporal),
        )  # fmt: skip
    console.print(queries)
    told = (figures.words_correlation, figures.characters_correlation)
    words, characters = ("none" if r is None else f"{r:.2f}" for r in told)
    console.print(
        f"Rank above the task's best, with words {words}, with characters {characters} "
        f"({figures.correlated_queries} queries)",
        highlight=False,
    )
    console.print(_tabulate_feedback(figures.sessions))


def tabulate_shots(found: Mapping[str, ShotFigures], tolerance: str = "80 ms") -> Table:
    """Precision, recall and F1 of each detector, for cuts, gradual ones and all."""
    table = _begin(f"Shot borders, within {tolerance}", "found by",
                   "kind", "n", "precision", "recall", "F1")  # fmt: skip
    for name, figures in found.items():
        for kind in ("cuts", "gradual", "all"):
            counts = getattr(figures, kind)
            shares = (counts.precision, counts.recall, counts.f1)
            n = str(counts.right + counts.missed)
            table.add_row(name, kind, n, *(f"{share:.3f}" for share in shares))
    return table


def show_interval(interval: Interval | None, digits: int = 3) -> str:
    """A figure with its bounds, `-` for what is not finite; nothing of None."""
    if interval is None:
        return ""
    value, low, high = (
        f"{each:.{digits}f}" if isfinite(each) else "-"
        for each in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"


def show_verdict(verdict: str) -> str:
    """`ok` or `missed` in its colour."""
    return f"[{COLOUR[verdict]}]{verdict}[/{COLOUR[verdict]}]"


def _tabulate_feedback(sessions: Iterable[FeedbackSession]) -> Table:
    table = _begin("Feedback", "task", "operator", "temporal", "ranks")
    for each in sessions:
        ranks = (each.first_rank, *(step.rank for step in each.steps))
        shown = " > ".join("-" if rank == MISSED else str(rank) for rank in ranks)
        table.add_row(each.task, str(each.operator), "yes" if each.is_temporal else "", shown)
    return table


def _known_cells(known: KnownItemSummary) -> tuple[str, ...]:
    return (
        show_interval(known.found, 2),
        show_interval(known.seconds, 0),
        show_interval(known.interactions, 0),
        show_interval(known.wrong, 2),
        show_interval(known.score, 0),
    )


def _ad_hoc_cells(ad_hoc: AdHocSummary) -> tuple[str, ...]:
    return (
        show_interval(ad_hoc.right, 1),
        show_interval(ad_hoc.recall, 2),
        show_interval(ad_hoc.wrong, 2),
        show_interval(ad_hoc.score, 0),
    )


def _begin(title: str, first: str, *headings: str) -> Table:
    table = Table(title=title)
    table.add_column(first)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _show_machine(machine: Machine, console: Console) -> None:
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    console.print(
        f"{machine.cpu}, {machine.cores} cores, load {machine.load}; {versions}", highlight=False
    )
