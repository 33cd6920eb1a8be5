"""The verb `bench facets`. Parses and prints; what is done stands in the other modules."""

from pathlib import Path
from typing import Annotated

import typer

from bench.output import Json, Out, find_folder, hand_out, tell

Films = Annotated[
    Path | None,
    typer.Option(help="Where films are kept.", show_default="in the temporary folder"),
]


def facets(
    *,
    films: Annotated[int, typer.Option(min=1, help="How many.")] = 16,
    seed: Annotated[int, typer.Option(help="Of the made world.")] = 7,
    folder: Films = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Label films of the made world by packs of its words, and say how right the labels are."""
    from rich.console import Console

    from bench.facets.report import report_facets
    from bench.facets.run import measure_facets

    told = report_facets(measure_facets(find_folder(folder), seed, films, tell), seed)
    hand_out(told.to_json(), out, as_json=as_json)
    if not as_json:
        told.show(Console())
