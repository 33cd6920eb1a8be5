"""A whole training of the encoder: samples, vocabulary, weights, the finished folder.

Shows how far it is. Knows where each thing is kept and nothing of how it is done.
"""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.train.card import write_card
from bench.train.design import Design, count_weights
from bench.train.drawing import Drawing, draw_samples
from bench.train.encoder import EncoderTraining, Settings, has_halves, read_training
from bench.train.export import export_encoder
from bench.train.figures import Point, write_figures
from bench.train.judging import Judge
from bench.train.memory import keep_memory
from bench.train.samples import DrawnSamples
from bench.train.tokens import learn_tokens

JUDGED_FILMS = 60  # of the validation split; the first thousand shots are looked at


@dataclass(frozen=True)
class Course:
    """What is to be trained, with what, and where it is put."""

    out: Path
    work: Path
    films: int
    seed: int
    minutes: float


def train_encoder(course: Course, *, resume: bool) -> None:
    """Do all of it, or the rest of what was stopped.

    Raises:
        TrainingError: there is nothing to go on with, or it was begun with other settings.
    """
    import torch

    console = Console(stderr=True)
    samples, unseen = draw_all(course)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    settings = Settings(
        seed=course.seed, minutes=course.minutes, device=device, halves=has_halves(device)
    )
    keep_memory()
    cv2.setNumThreads(1)  # batches are made beside the model, which wants the cores
    checkpoint = course.work / "encoder.pt"
    if resume:
        training = read_training(checkpoint, settings)
    else:
        design = Design()
        rows = range(len(samples.shots))
        captions = (text for row in rows for text in samples.get_wordings(row))
        tokens = learn_tokens(captions, design.context_length)
        training = EncoderTraining(design, settings, tokens)
    judge = Judge(training.design, training.tokens, unseen)
    _run(training, samples, judge, checkpoint, console)
    _export(course, training, judge, len(samples.shots))
    console.print(f"{course.out}: use it by --encoder local-dir:{course.out}")


def draw_all(course: Course) -> tuple[DrawnSamples, DrawnSamples]:
    """The samples to train on and those to judge by; drawn where they are missing."""
    folder = course.work / "samples"
    with show_progress(Console(stderr=True)) as progress:
        drawn = []
        for split, films in (("train", course.films), ("validation", JUDGED_FILMS)):
            drawing = Drawing(folder, course.seed, split)
            bar = progress.add_task(f"{split}: films drawn", total=films)
            for there in draw_samples(drawing, films, os.cpu_count() or 1):
                progress.update(bar, completed=there)
            drawn.append(DrawnSamples(folder, [drawing.name(each) for each in range(films)]))
    return drawn[0], drawn[1]


def _run(
    training: EncoderTraining, samples: DrawnSamples, judge: Judge, file: Path, console: Console
) -> None:
    with show_progress(console) as progress:
        bar = progress.add_task("trained, %", total=100, completed=int(100 * training.share))

        def tell(share: float, point: Point | None) -> None:
            progress.update(bar, completed=int(100 * share))
            if point is not None:
                settings = {**asdict(training.design), **asdict(training.settings)}
                write_figures(file.with_name("encoder.json"), training.points, settings)
                console.print(_describe(point))

        training.run(samples, judge, file, tell)


def _describe(point: Point) -> str:
    recalls = (
        f"{kind} {recall.at_1:.3f}/{recall.at_10:.3f}"
        for kind, recall in (
            ("expert", point.judged.expert),
            ("novice", point.judged.novice),
            ("terse", point.judged.terse),
        )
    )
    return (
        f"{point.minutes:.1f} min, step {point.step}, {point.samples_per_second:.0f} pairs/s, "
        f"loss {point.loss:.3f}; recall@1/@10: {', '.join(recalls)}"
    )


def _export(course: Course, training: EncoderTraining, judge: Judge, pictures: int) -> None:
    model = training.make_encoder()
    sizes = {
        "weights": count_weights(model),
        "pieces": len(training.tokens),
        "films": course.films,
        "pictures": pictures,
    }
    card = write_card(
        training.design, training.settings, training.points[-1], judge.choose(model), sizes
    )
    ranges = judge.measure(model)
    export_encoder(course.out, model, training.design, training.tokens, ranges, card)


def show_progress(console: Console) -> Progress:
    """A line for each part of a long work."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )
