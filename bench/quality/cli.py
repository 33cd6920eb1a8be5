"""The verb `bench quality`. Parses and prints; what is done stands in the other modules."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.output import Json, Out, find_folder, hand_out, tell

if TYPE_CHECKING:
    from bench.quality.dataset import Dataset
    from bench.quality.figures import QualityFigures
    from bench.quality.ranker import Product

WORLD = "world"

Seed = Annotated[int, typer.Option(help="Of the made world and of the tasks.")]
Films = Annotated[
    Path | None,
    typer.Option(
        help="Where films and collections are kept.", show_default="in the temporary folder"
    ),
]
Quick = Annotated[
    bool, typer.Option("--quick", help="A third of the films, 100 tasks of each kind.")
]
Encoder = Annotated[
    str | None,
    typer.Option(help="The encoder that is judged.", show_default="world; of your own: the first"),
]
Own = Annotated[
    Path | None, typer.Option(help="Instead of the made world: a collection of your own.")
]
Annotations = Annotated[
    Path | None,
    typer.Option(help="Right answers in it, as a CSV file: see bench/quality/README.md."),
]
Plots = Annotated[Path | None, typer.Option(help="Draw the figures into this folder.")]
Trec = Annotated[
    Path | None, typer.Option(help="Write runs and judgements as TREC does to this folder.")
]
Keep = Annotated[Path | None, typer.Option(help="Write the score of every task to this file.")]
Against = Annotated[
    Path | None, typer.Option(help="Compare with the scores that --keep wrote earlier.")
]


def quality(  # noqa: PLR0913 - one argument is one flag
    *,
    quick: Quick = False,
    seed: Seed = 7,
    encoder: Encoder = None,
    folder: Films = None,
    collection: Own = None,
    annotations: Annotations = None,
    plots: Plots = None,
    trec: Trec = None,
    keep: Keep = None,
    against: Against = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Search the made world, or your own videos, for what is known to be there; count how well."""
    from rich.console import Console

    from bench.quality.comparison import read_scores, write_scores
    from bench.quality.judging import QUICK, WHOLE, judge, prepare_world
    from bench.quality.ranker import Product
    from bench.quality.tables import show_quality

    earlier = read_scores(against) if against is not None else {}
    data = _read_own(collection, annotations)
    if data is None:
        encoder, amount = encoder or WORLD, QUICK if quick else WHOLE
        data = prepare_world(find_folder(folder), seed, encoder, amount, tell)
    product = Product(data.collection, encoder)
    figures = judge(data, product, earlier, tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_quality(figures, Console())
    if keep is not None:
        write_scores(keep, figures)
    _draw(figures, plots)
    _write_trec(data, product, trec)


def _read_own(collection: Path | None, annotations: Path | None) -> "Dataset | None":
    """A collection of one's own; None if the made world is meant."""
    from analyzers.error import SettingsError
    from bench.quality.dataset import read_own

    if collection is not None and annotations is not None:
        return read_own(collection, annotations)
    if collection is not None or annotations is not None:
        raise SettingsError("--collection and --annotations go together: give both or neither")
    return None


def _draw(figures: "QualityFigures", folder: Path | None) -> None:
    if folder is not None:
        from bench.quality.plots import draw_plots

        draw_plots(figures, folder)


def _write_trec(data: "Dataset", product: "Product", folder: Path | None) -> None:
    if folder is not None:
        from bench.quality.trec_files import write_trec

        write_trec(folder, data.tasks, product)
