"""The figures of a quality run as tables for people."""

from math import isfinite

from rich.console import Console
from rich.table import Table

from bench.evaluate.ranking import KnownItemFigures
from bench.quality.figures import QualityFigures
from bench.tables import show_interval, show_verdict, tabulate_shots


def show_quality(figures: QualityFigures, console: Console) -> None:
    """Known items, topics, shots; baselines below, then each target beside what was reached."""
    console.print(
        f"{figures.dataset}: {figures.films} films, {figures.shots} shots, space "
        f"{figures.space}; commit {figures.origin.commit or 'unknown'}",
        highlight=False,
    )
    console.print(_tabulate_known(figures))
    console.print(
        f"Ad-hoc topics: {figures.ad_hoc.n}, MAP {figures.ad_hoc.map:.3f}, recall@100 "
        f"{figures.ad_hoc.recall_100:.3f}. `then` gains {figures.then_gains.value:+.3f} "
        f"({figures.then_gains.low:+.3f} to {figures.then_gains.high:+.3f}) reciprocal rank.",
        highlight=False,
    )
    if figures.cuts is not None:
        console.print(tabulate_shots({"as indexed": figures.cuts}))
    if figures.baselines:
        console.print(_tabulate_baselines(figures))
    if figures.targets:
        console.print(_tabulate_targets(figures))
    for kind, gain in figures.gains.items():
        sure = "clear" if gain.is_clear else "not clear"
        console.print(f"{kind}: {show_interval(gain)} over the earlier run, {sure}")
    machine = figures.origin.machine
    spent = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in figures.seconds.items())
    console.print(f"{machine.cpu}, {machine.cores} cores; {spent}", highlight=False)


def _tabulate_known(figures: QualityFigures) -> Table:
    table = Table(title="Known items: recall among the first so many, with its 95 % interval at 10")
    headings = ("asked by", "n", "@1", "@10", "@100", "median rank", "MRR")
    for heading in (*headings, "@10"):
        table.add_column(heading, justify="left" if heading == "asked by" else "right")
    bounds = {
        f"{kind} caption": f"{it.low:.2f} to {it.high:.2f}"
        for kind, it in figures.recall_10.items()
    }
    rows = {
        **{f"{kind} caption": each for kind, each in figures.known_by_text.items()},
        "a picture": figures.by_picture,
        "a pair, the first": figures.pairs["single"],
        "a pair, by then": figures.pairs["then"],
    }
    for name, each in rows.items():
        if each.n:
            table.add_row(name, str(each.n), *_known_cells(each), bounds.get(name, ""))
    return table


def _known_cells(each: KnownItemFigures) -> tuple[str, ...]:
    median = f"{each.median_rank:.0f}" if isfinite(each.median_rank) else "-"
    recalls = (each.recall_1, each.recall_10, each.recall_100)
    return (*(f"{recall:.3f}" for recall in recalls), median, f"{each.mrr:.3f}")


def _tabulate_baselines(figures: QualityFigures) -> Table:
    table = Table(title="The same captions, recall@10, by other means")
    table.add_column("engine")
    for kind in figures.known_by_text:
        table.add_column(kind, justify="right")
    table.add_column("what it looks at")
    ours = (f"{each.recall_10:.3f}" for each in figures.known_by_text.values())
    table.add_row("shotseek", *ours, f"the space {figures.space}", style="bold")
    for each in figures.baselines:
        known = (each.known.get(kind) for kind in figures.known_by_text)
        cells = (f"{one.recall_10:.3f}" if one else "" for one in known)
        table.add_row(each.name, *cells, each.says)
    return table


def _tabulate_targets(figures: QualityFigures) -> Table:
    table = Table(title="Targets")
    for heading in ("figure", "reached", "target", ""):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for each in figures.targets:
        reached, target = f"{each.reached:.3f}", f">= {each.target:.2f}"
        table.add_row(each.name, reached, target, show_verdict(each.verdict))
    return table
