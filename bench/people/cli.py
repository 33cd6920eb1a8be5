"""The verb `bench people`. Parses and prints; what is done stands in the other modules."""

from pathlib import Path
from typing import Annotated

import typer

from bench.output import Json, Out, find_folder, hand_out, tell

Truths = Annotated[
    Path | None, typer.Option(help="Where truths are kept.", show_default="in the temporary folder")
]


def people(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="A third of the films, 3 cells of the grid, 2 seeds.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the made world and of the topics.")] = 7,
    folder: Truths = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Search the made world's true boxes, made worse, for persons who do something."""
    from rich.console import Console

    from bench.people.report import show_people
    from bench.people.run import QUICK, WHOLE, measure_people

    figures = measure_people(find_folder(folder), seed, QUICK if quick else WHOLE, tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_people(figures, Console())
