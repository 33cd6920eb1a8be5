"""Whole trainings of what people are seen with: samples, weights, figures, the finished folder.

Shows how far it is. Knows where each thing is kept and nothing of how it is done.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.train.course import show_progress
from bench.train.encoder import has_halves
from bench.train.memory import keep_memory
from bench.train.people.card import write_action_card, write_detector_card, write_face_card
from bench.train.people.drawing import PeopleDrawing, draw_people
from bench.train.people.samples import PeopleSamples
from bench.train.schooling import Lesson, Schooling, SchoolPoint, SchoolSettings

UNSEEN_FILMS = 40  # of the validation split while it learns, of the test split at the end
FILMS_OF_CAST = 10  # where people have to be told apart in other clothes


@dataclass(frozen=True)
class PeopleCourse:
    """What is to be trained, with what, and where it is put."""

    out: Path
    work: Path
    films: int
    seed: int
    minutes: float
    resume: bool = False


def train_detector(course: PeopleCourse) -> None:
    """Draw, train, measure on the test split and write `world-people.onnx` with its card.

    Raises:
        TrainingError: there is nothing to go on with, or it was begun with other settings.
    """
    from bench.train.people.detector_lesson import DetectorLesson, judge_detector
    from bench.train.people.export import export_detector
    from bench.train.people.reading import build_reader

    samples, unseen, tests = (_draw(course, split, 1) for split in _SPLITS)
    schooling = _train(course, DetectorLesson(samples, unseen), "detector.pt")
    network = schooling.make_model()
    reader = build_reader(network).eval()
    chosen = judge_detector(reader, unseen, range(len(unseen)))
    figures = judge_detector(reader, tests, range(len(tests)))
    export_detector(
        course.out / "world-people.onnx", network,
        chosen["person clear score there"], chosen["face clear score there"],
    )  # fmt: skip
    card = write_detector_card(course.films, len(samples), schooling, figures)
    (course.out / "README.md").write_text(card, encoding="utf-8")


def train_faces(course: PeopleCourse) -> None:
    """Draw, train, measure on the test split and write `world-faces.onnx` with its card.

    Raises:
        TrainingError: there is nothing to go on with, or it was begun with other settings.
    """
    from bench.train.people.export import export_embedder
    from bench.train.people.face_crops import FaceSamples
    from bench.train.people.face_lesson import FaceLesson

    samples, unseen, tests = (FaceSamples(_draw(course, split, FILMS_OF_CAST)) for split in _SPLITS)
    lesson = FaceLesson(samples, unseen)
    schooling = _train(course, lesson, "faces.pt")
    network = schooling.make_model()
    gate, f1 = lesson.choose_gate(network)
    figures = {**FaceLesson(samples, tests).judge(network), "gate": gate, "gate F1": f1}
    export_embedder(course.out / "world-faces.onnx", network, gate)
    card = write_face_card(course.films, samples, schooling, figures)
    (course.out / "README.md").write_text(card, encoding="utf-8")


def train_actions(course: PeopleCourse) -> None:
    """Draw, train, measure on the test split and write `world-actions.onnx` with its card.

    Raises:
        TrainingError: there is nothing to go on with, or it was begun with other settings.
    """
    from bench.train.people.action_lesson import ActionLesson, judge_actions
    from bench.train.people.export import export_actions

    samples, unseen, tests = (_draw(course, split, 1) for split in _SPLITS)
    schooling = _train(course, ActionLesson(samples, unseen), "actions.pt")
    network = schooling.make_model()
    chosen = judge_actions(network, unseen)
    figures = judge_actions(network, tests, score=chosen.score)
    export_actions(course.out / "world-actions.onnx", network, chosen.score)
    card = write_action_card(course.films, len(samples), schooling, figures)
    (course.out / "README.md").write_text(card, encoding="utf-8")


_SPLITS = ("train", "validation", "test")


def _draw(course: PeopleCourse, split: str, films_of_cast: int) -> PeopleSamples:
    """The samples of a split; drawn where they are missing."""
    films = course.films if split == "train" else min(UNSEEN_FILMS, course.films)
    folder = course.work / "people"
    drawing = PeopleDrawing(folder, course.seed, split, films_of_cast=films_of_cast)
    with show_progress(Console(stderr=True)) as progress:
        bar = progress.add_task(f"{split}: films drawn", total=films)
        for there in draw_people(drawing, films, os.cpu_count() or 1):
            progress.update(bar, completed=there)
    return PeopleSamples(folder, [drawing.name(number) for number in range(films)])


def _train(course: PeopleCourse, lesson: Lesson, name: str) -> Schooling:
    settings = SchoolSettings(seed=course.seed, minutes=course.minutes, halves=has_halves("cpu"))
    keep_memory()
    schooling = Schooling(lesson, settings)
    if course.resume:
        schooling.restore(course.work / name)
    console = Console(stderr=True)
    with show_progress(console) as progress:
        bar = progress.add_task("trained, %", total=100, completed=int(100 * schooling.share))
        tell = _make_teller(console, lambda done: progress.update(bar, completed=done))
        schooling.run(course.work / name, tell)
    return schooling


def _make_teller(
    console: Console, show: Callable[[int], None]
) -> Callable[[float, SchoolPoint | None], None]:
    def tell(share: float, point: SchoolPoint | None) -> None:
        show(int(100 * share))
        if point is not None:
            told = ", ".join(f"{name} {figure:g}" for name, figure in point.figures.items())
            console.print(f"step {point.step}, loss {point.loss:.3f}; {told}")

    return tell
