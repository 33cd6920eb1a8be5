"""The figures of a speed run as pictures."""

from pathlib import Path
from typing import Any

from bench.speed.contests import LEAF, OURS
from bench.speed.figures import Heat, SpeedFigures
from bench.speed.over_http import MANY


def draw_plots(figures: SpeedFigures, folder: Path) -> list[Path]:
    """Draw our rows in memory reads, and peers by time and recall, as PNG files.

    Args:
        figures: of one run.
        folder: made if need be.

    Returns:
        The files that were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {"speed.png": _draw_ours(figures.heats[-1], figures.dim)}
    pictures["speed_peers.png"] = _draw_peers(figures)
    for name, picture in pictures.items():
        picture.savefig(folder / name)
    return [folder / name for name in pictures]


def _draw_ours(heat: Heat, dim: int) -> Any:
    """A bar for each row from its p50 to its p95; what waits among 16 clients is no reading."""
    figure, axes = _begin(f"{heat.keyframes:,} keyframes, {dim} dimensions")
    rows = [row for row in heat.rows if row.who == OURS and row.name != MANY]
    names = [row.name for row in rows]
    p50 = [row.p50_ms / heat.memory_read_ms for row in rows]
    p95 = [row.times_memory_read for row in rows]
    axes.hlines(names, p50, p95, linewidth=5, alpha=0.4)
    axes.plot(p50, names, "o", label="p50")
    axes.plot(p95, names, "|", markersize=12, label="p95")
    axes.axvline(1, color="grey", linestyle=":", label="reading the matrix once")
    axes.set(xlim=(0, None), xlabel=f"times {heat.memory_read_ms:.1f} ms")
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.legend(frameon=False)
    return figure


def _draw_peers(figures: SpeedFigures) -> Any:
    """One mark for each engine and size: how long a text takes, how much of the best is found."""
    figure, axes = _begin("The best 1,000 of one text: ours with hits by video, peers bare")
    for heat, marker in zip(figures.heats, ("^", "o")[-len(figures.heats) :], strict=True):
        ours = heat.find(LEAF)
        found = [ours, *(row for row in heat.rows if row.who in heat.build_s)]
        axes.plot(
            [row.p50_ms for row in found], [row.recall_1000 for row in found],
            marker, alpha=0.85, label=f"{heat.keyframes:,} keyframes",
        )  # fmt: skip
        for row in found:
            place = (row.p50_ms, row.recall_1000)
            axes.annotate(row.who, place, xytext=(4, -9), textcoords="offset points", fontsize=7)
    axes.set(xscale="log", xlabel="p50, ms", ylabel="recall@1000")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("{x:g}")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    return figure


def _begin(title: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), dpi=150, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes
