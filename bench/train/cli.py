"""The verbs of `bench train`. Parses and prints; what is done stands in the other modules."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

T = TypeVar("T")

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


Out = Annotated[Path, typer.Option(help="Folder for the finished model.")]
Minutes = Annotated[float, typer.Option(min=0.01, help="Of training, without drawing.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a stopped run.")]


@train.command()
def detector(
    *,
    out: Out,
    minutes: Minutes = 60,
    films: Films = 600,
    seed: Seed = 5,
    work: Work = None,
    resume: Resume = False,
) -> None:
    """Train the detector of persons, faces and things, and write it as ONNX."""
    from bench.train.people.course import PeopleCourse, train_detector

    _follow(train_detector, PeopleCourse(out, work or _find_folder(), films, seed, minutes, resume))


@train.command()
def faces(
    *,
    out: Out,
    minutes: Minutes = 30,
    films: Films = 400,
    seed: Seed = 5,
    work: Work = None,
    resume: Resume = False,
) -> None:
    """Train the face embedding and write it as ONNX."""
    from bench.train.people.course import PeopleCourse, train_faces

    _follow(train_faces, PeopleCourse(out, work or _find_folder(), films, seed, minutes, resume))


@train.command()
def actions(
    *,
    out: Out,
    minutes: Minutes = 30,
    films: Films = 600,
    seed: Seed = 5,
    work: Work = None,
    resume: Resume = False,
) -> None:
    """Train the head that tells what a person does, and write it as ONNX."""
    from bench.train.people.course import PeopleCourse, train_actions

    _follow(train_actions, PeopleCourse(out, work or _find_folder(), films, seed, minutes, resume))


def _follow(act: Callable[[T], None], course: T) -> None:
    from bench.train.error import TrainingError

    try:
        act(course)
    except TrainingError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from None


def _find_folder() -> Path:
    import tempfile

    return Path(tempfile.gettempdir(), "shotseek-bench", "train")
