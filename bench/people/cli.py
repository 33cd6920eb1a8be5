"""The verb `bench people`. Parses and prints; what is done stands in the other modules."""

from pathlib import Path
from typing import Annotated

import typer

from bench.output import Json, Out, find_folder, hand_out, tell

Truths = Annotated[
    Path | None, typer.Option(help="Where truths are kept.", show_default="in the temporary folder")
]


def people(  # noqa: PLR0913 - one argument is one flag
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="A third of the films, 3 cells of the grid, 2 seeds.")
    ] = False,
    pixels: Annotated[
        bool, typer.Option("--pixels", help="From pixels instead: films are indexed and asked.")
    ] = False,
    films: Annotated[int, typer.Option(min=2, help="With --pixels: how many.")] = 16,
    seed: Annotated[int, typer.Option(help="Of the made world and of the topics.")] = 7,
    folder: Truths = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Search the made world's true boxes, made worse, for persons who do something.

    With --pixels the product looks at the films itself, with the models of the profile demo.
    """
    from rich.console import Console

    if pixels:
        from bench.people.pixel_report import report_pixels
        from bench.people.pixels import measure_pixels

        told = report_pixels(measure_pixels(find_folder(folder), seed, films, tell), seed)
        hand_out(told.to_json(), out, as_json=as_json)
        if not as_json:
            told.show(Console())
        return

    from bench.people.report import show_people
    from bench.people.run import QUICK, WHOLE, measure_people

    figures = measure_people(find_folder(folder), seed, QUICK if quick else WHOLE, tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_people(figures, Console())
