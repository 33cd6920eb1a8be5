"""The verbs `demo` and `bench`. Parses and prints; what is done stands in the other modules."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

bench = typer.Typer(help="Measure speed and memory on this machine.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
Out = Annotated[Path | None, typer.Option(help="Write the JSON object to this file as well.")]
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
    """Read made videos in three ways: decode, decode and scale, our whole pass without models."""
    from rich.console import Console

    from bench.decode import Plan, find_sizes, measure_decoding
    from bench.machine import describe_machine
    from bench.tables import show_decoding

    plan = Plan(_find_folder(folder), find_sizes(sizes), seconds, rounds)
    figures = measure_decoding(plan, describe_machine(), _tell)
    _hand_out(figures.to_json(), out, as_json=as_json)
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
    figures = measure_long_video(find_sizes(size)[0], hours, _find_folder(folder), _tell)
    _hand_out(figures.to_json(machine), out, as_json=as_json)
    if not as_json:
        show_memory(figures, machine, Console())


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
    picture_screens(demo, out, _tell)


def _find_folder(folder: Path | None) -> Path:
    import tempfile

    return folder or Path(tempfile.gettempdir(), "shotseek-bench")


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _hand_out(figures: dict[str, Any], out: Path | None, *, as_json: bool) -> None:
    text = json.dumps(figures, indent=2)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
    if as_json:
        typer.echo(text)
