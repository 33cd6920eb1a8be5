"""The figures of a quality run as pictures. The one door to matplotlib."""

from pathlib import Path
from typing import Any

from bench.quality.figures import QualityFigures

DEPTHS = ("recall@1", "recall@10", "recall@100")
MARKERS = ("o", "s", "^")


def draw_plots(figures: QualityFigures, folder: Path) -> list[Path]:
    """Draw recall by kind of caption, and ours beside the baselines, as PNG files.

    Args:
        figures: of one run.
        folder: made if need be.

    Returns:
        The files that were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawings = {"recall.png": _draw_recall, "baselines.png": _draw_baselines}
    return [_save(draw(figures), folder / name) for name, draw in drawings.items()]


def _draw_recall(figures: QualityFigures) -> Any:
    figure, axes = _begin(figures, "Known items found")
    rows = {
        **{f"{kind} caption": each for kind, each in figures.known_by_text.items()},
        "picture": figures.by_picture,
        "first of a pair": figures.pairs["single"],
        "first then second": figures.pairs["then"],
    }
    for name, each in rows.items():
        if each.n:
            shares = [each.recall_1, each.recall_10, each.recall_100]
            axes.plot(DEPTHS, shares, marker="o", label=f"{name} (n = {each.n})")
    axes.set(ylim=(0, 1.02), ylabel="share of targets")
    axes.legend(frameon=False)
    return figure


def _draw_baselines(figures: QualityFigures) -> Any:
    """One row for each engine, one mark for each kind of caption."""
    figure, axes = _begin(figures, "Recall@10 beside simpler engines")
    engines = {"shotseek": figures.known_by_text}
    engines |= {each.name: each.known for each in figures.baselines}
    names = list(engines)
    for kind, marker in zip(figures.known_by_text, MARKERS, strict=False):
        heights = [engines[name][kind].recall_10 for name in names]
        axes.plot(heights, names, marker, markersize=7, alpha=0.85, label=f"{kind} captions")
    axes.invert_yaxis()
    axes.set(xlim=(-0.02, 1.02), xlabel="recall@10")
    axes.grid(axis="x", alpha=0.3)
    axes.legend(frameon=False, ncols=len(MARKERS), loc="upper center", bbox_to_anchor=(0.5, -0.12))
    return figure


def _begin(figures: QualityFigures, title: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), dpi=150, layout="constrained")
    axes = figure.subplots()
    axes.set_title(f"{title}: {figures.dataset}, {figures.shots} shots", fontsize=10)
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Any, file: Path) -> Path:
    figure.savefig(file)
    return file
