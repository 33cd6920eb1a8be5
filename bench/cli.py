"""The verbs `demo` and `bench`. Parses and prints; what is done stands in the other modules."""

from pathlib import Path
from typing import Annotated

import typer

from bench.facets.cli import facets
from bench.growth.cli import growth
from bench.output import Json, Out, find_folder, hand_out, tell
from bench.people.cli import people
from bench.quality.cli import WORLD, Films, Seed, quality
from bench.speed.cli import speed
from bench.train.cli import train
from bench.world.cli import world

bench = typer.Typer(
    help="Measure how well the product finds, and how fast; make the world it is measured on.",
    no_args_is_help=True,
)
bench.add_typer(world, name="world")
bench.add_typer(train, name="train")
bench.command()(quality)
bench.command()(speed)
bench.command()(growth)
bench.command()(people)
bench.command()(facets)

Videos = Annotated[
    Path | None,
    typer.Option(help="Where the made videos are kept.", show_default="in the temporary folder"),
]


def demo(
    folder: Annotated[
        Path, typer.Option(help="Where the films and their collection are put.")
    ] = Path("shotseek-demo"),
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave API and page running even without a terminal.")
    ] = False,
) -> None:
    """Make a few short films, index them, search them, start API and page.

    On a terminal both run until Ctrl-C. With CI=true, or where the output is no terminal, both are
    tried over HTTP and ended.

    Exit codes: 0 all good, 2 something does not work, 130 interrupted before both were running.
    """
    import os
    import sys

    from bench.demo import Demo
    from bench.serving import end_on_signals

    end_on_signals()
    is_watched = sys.stdout.isatty() and os.environ.get("CI", "").lower() not in ("true", "1")
    try:
        Demo(folder).run(keep=keep or is_watched)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@bench.command()
def decode(
    *,
    seconds: Annotated[float, typer.Option(min=1, help="Length of the made videos.")] = 60.0,
    sizes: Annotated[str, typer.Option(help="Which videos, by height.")] = "360p,720p,1080p",
    rounds: Annotated[int, typer.Option(min=1, help="The best of so many is told.")] = 3,
    folder: Videos = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Read made videos: decode, decode and scale, our whole pass without models, another's way."""
    from rich.console import Console

    from bench.decode import Plan, find_sizes, measure_decoding
    from bench.machine import describe_machine
    from bench.tables import show_decoding

    plan = Plan(find_folder(folder), find_sizes(sizes), seconds, rounds)
    figures = measure_decoding(plan, describe_machine(), tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_decoding(figures, Console())


@bench.command()
def memory(
    *,
    hours: Annotated[float, typer.Option(min=0.001, help="Length of the long video.")] = 2.0,
    size: Annotated[str, typer.Option(help="Its height.")] = "360p",
    folder: Videos = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Watch the memory of our whole pass, without models, over a long video."""
    from rich.console import Console

    from bench.decode import find_sizes
    from bench.long_video import measure_long_video
    from bench.machine import describe_machine
    from bench.tables import show_memory

    machine = describe_machine()
    figures = measure_long_video(find_sizes(size)[0], hours, find_folder(folder), tell)
    hand_out(figures.to_json(machine), out, as_json=as_json)
    if not as_json:
        show_memory(figures, machine, Console())


@bench.command()
def shots(  # noqa: PLR0913 - one argument is one flag
    *,
    scores: Annotated[
        Path | None,
        typer.Option(help="Instead of made films: a folder of scores, see bench/README.md."),
    ] = None,
    threshold: Annotated[float, typer.Option(help="A frame that scores more is a border.")] = 0.296,
    segmenter: Annotated[
        str, typer.Option(help="Which ones, as `index --shots` takes them: a,b.")
    ] = "adaptive,content",
    films: Annotated[int, typer.Option(min=1, help="How many made films.")] = 20,
    quick: Annotated[bool, typer.Option("--quick", help="6 films.")] = False,
    seed: Seed = 7,
    folder: Films = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Count borders between shots that were found, missed, and found where there is none."""
    from rich.console import Console

    from bench.quality.world_films import make_films
    from bench.shots import judge_scores, judge_segmenters
    from bench.tables import show_shots

    if scores is not None:
        figures = judge_scores(scores, threshold)
    else:
        made = make_films(find_folder(folder), seed, 6 if quick else films, tell)
        figures = judge_segmenters(made, [name.strip() for name in segmenter.split(",")], tell)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_shots(figures, Console())


@bench.command()
def users(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="A third of the films, 100 tasks of each kind.")
    ] = False,
    seed: Seed = 7,
    encoder: Annotated[str, typer.Option(help="The encoder that is judged.")] = WORLD,
    folder: Films = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Let simulated users search the made world, with ours and with simpler engines."""
    from rich.console import Console

    from bench.quality.judging import QUICK, WHOLE, prepare_world
    from bench.tables import show_users
    from bench.users.trial import try_product

    data = prepare_world(find_folder(folder), seed, encoder, QUICK if quick else WHOLE, tell)
    figures = try_product(data, encoder, tell, seed)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_users(figures, Console())


@bench.command()
def replay(
    folder: Annotated[Path, typer.Argument(help="With the logs of CVHunter at VBS 2022.")],
    *,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Analyse another tool's logs again: what is counted must come out as it was published."""
    from rich.console import Console

    from bench.replay import replay as analyse
    from bench.tables import show_replay

    figures = analyse(folder)
    hand_out(figures.to_json(), out, as_json=as_json)
    if not as_json:
        show_replay(figures, Console())


@bench.command()
def screens(
    *,
    out: Annotated[Path, typer.Option(help="Where the pictures are put.")] = Path("ui/pictures"),
    folder: Annotated[
        Path, typer.Option(help="Where the demonstration's films and collection are put.")
    ] = Path("shotseek-demo"),
) -> None:
    """Take pictures of the page's screens, light and dark, with Chromium."""
    from bench.demo import Demo
    from bench.screens import picture_screens

    demo = Demo(folder)
    demo.fill()
    picture_screens(demo, out, tell)
