"""The verb `bench speed`. Parses and prints; what is done stands in the other modules."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.output import Json, Out, find_folder, hand_out, tell

if TYPE_CHECKING:
    from bench.speed.run import SpeedRun

Kept = Annotated[
    Path | None,
    typer.Option(help="Where made collections are kept.", show_default="in the temporary folder"),
]
Plots = Annotated[Path | None, typer.Option(help="Draw the figures into this folder, as PNG.")]


def speed(  # noqa: PLR0913 - one argument is one flag
    *,
    keyframes: Annotated[int, typer.Option(min=1000, help="How many are searched.")] = 2_500_000,
    dim: Annotated[int, typer.Option(min=330, help="Of their vectors: 512, 768, 1152.")] = 512,
    rounds: Annotated[int, typer.Option(min=1, help="How often each way is timed.")] = 50,
    load_s: Annotated[float, typer.Option(help="How long memory is watched under load.")] = 60.0,
    quick: Annotated[
        bool, typer.Option("--quick", help="250,000 keyframes, 15 rounds, peers built soon.")
    ] = False,
    large: Annotated[bool, typer.Option("--large", help="Beside four times as many.")] = False,
    people: Annotated[
        bool, typer.Option("--people", help="Search for persons among a million face tracks.")
    ] = False,
    peers: Annotated[bool, typer.Option(help="Measure other engines beside ours.")] = True,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 7,
    folder: Kept = None,
    plots: Plots = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Time searches in a made collection of V3C's size, beside peers and the machine's limit."""
    from rich.console import Console

    from bench.speed.run import SMALL, SpeedRun, measure_speed
    from bench.speed.tables import show_speed

    asked = SpeedRun(keyframes, dim, rounds, load_s=load_s, peers=peers, seed=seed)
    if quick:
        fewer = min(keyframes, SMALL)
        asked = SpeedRun(fewer, dim, min(rounds, 15), 3.0, 3.0, peers, quick=True, seed=seed)
    if people:
        _time_people(find_folder(folder), rounds, seed, out, as_json=as_json)
        return
    if large:
        _compare_sizes(find_folder(folder), asked, out, as_json=as_json)
        return
    figures = measure_speed(find_folder(folder), asked, tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_speed(figures, Console())
    if plots is not None:
        from bench.speed.plots import draw_plots

        draw_plots(figures, plots)


def _time_people(folder: Path, rounds: int, seed: int, out: Path | None, *, as_json: bool) -> None:
    from rich.console import Console

    from bench.speed.people import measure_people_speed
    from bench.speed.people_files import PeoplePlan
    from bench.speed.people_tables import show_people_times

    times = measure_people_speed(folder, PeoplePlan(seed=seed), rounds, tell)
    hand_out(times.to_json(), out, as_json=as_json)
    if not as_json:
        show_people_times(times, Console())


def _compare_sizes(folder: Path, asked: "SpeedRun", out: Path | None, *, as_json: bool) -> None:
    from rich.console import Console

    from bench.speed.collection import Plan
    from bench.speed.large import measure_large
    from bench.speed.large_tables import show_large

    small = Plan(asked.keyframes, asked.dim, asked.seed)
    figures = measure_large(folder, small, asked.rounds, tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_large(figures, Console())
