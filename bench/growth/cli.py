"""The verb `bench growth`. Parses and prints; what is done stands in the other modules."""

from typing import Annotated

import typer

from bench.output import Json, Out, find_folder, hand_out, tell
from bench.speed.cli import Kept


def growth(  # noqa: PLR0913 - one argument is one flag
    *,
    keyframes: Annotated[int, typer.Option(min=1000, help="Of what is there.")] = 2_500_000,
    films: Annotated[int, typer.Option(min=1, help="How many are added.")] = 1000,
    rounds: Annotated[int, typer.Option(min=1, help="How often indexing is timed.")] = 2,
    load_s: Annotated[float, typer.Option(min=0, help="How long films come and go.")] = 600.0,
    quick: Annotated[
        bool, typer.Option("--quick", help="250,000 keyframes, 100 films, 30 s.")
    ] = False,
    folder: Kept = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Add films to a collection of V3C's size while it is searched, and take them out again."""
    from rich.console import Console

    from bench.growth.run import GrowthRun, measure_growth
    from bench.growth.tables import show_growth

    asked = GrowthRun(keyframes, films, rounds, load_s)
    if quick:
        asked = GrowthRun(min(keyframes, 250_000), min(films, 100), rounds, min(load_s, 30.0))
    figures = measure_growth(find_folder(folder), asked, tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_growth(figures, Console())
