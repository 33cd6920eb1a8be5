"""The verbs of `bench train`. Parses and prints; what is done stands in the other modules."""

from pathlib import Path
from typing import Annotated

import typer

train = typer.Typer(help="Train the small models on the made world.", no_args_is_help=True)

Seed = Annotated[int, typer.Option(help="Of the films, the first weights and the order.")]
Films = Annotated[int, typer.Option(min=1, help="How many films are drawn to train on.")]
Work = Annotated[
    Path | None,
    typer.Option(
        help="Where samples, checkpoint and figures are kept.",
        show_default="in the temporary folder",
    ),
]


@train.command()
def encoder(
    *,
    out: Annotated[Path, typer.Option(help="Folder for the finished encoder.")],
    minutes: Annotated[float, typer.Option(min=0.01, help="Of training, without drawing.")] = 100,
    films: Films = 1500,
    seed: Seed = 7,
    work: Work = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a stopped run.")] = False,
) -> None:
    """Train the text-image encoder and write it as a folder for `--encoder local-dir:OUT`.

    Samples that were drawn before are used again. Exit codes: 0 done, 2 something is wrong.
    """
    from bench.train.course import Course, train_encoder
    from bench.train.error import TrainingError

    course = Course(out, work or _find_folder(), films, seed, minutes)
    try:
        train_encoder(course, resume=resume)
    except TrainingError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from None


@train.command()
def samples(
    *,
    films: Films = 1500,
    seed: Seed = 7,
    work: Work = None,
) -> None:
    """Draw the samples only; what was drawn before is kept."""
    from bench.train.course import Course, draw_all

    draw_all(Course(Path(), work or _find_folder(), films, seed, 0))


def _find_folder() -> Path:
    import tempfile

    return Path(tempfile.gettempdir(), "shotseek-bench", "train")
