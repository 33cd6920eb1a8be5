"""What the verbs of the command line do: make the parts, run them, print what came of it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from indexer.collection import Collection
from indexer.filling.indexing import Indexer, Options
from indexer.filling.progress import ProgressBars, Silent, print_report
from indexer.filling.report import Note
from indexer.filling.scanning import find_video_files
from indexer.settings import IndexSettings, read_settings

EXIT_PROBLEMS = 3
EXIT_INTERRUPTED = 130
DEFAULT_SHOTS = "auto"


def run_index(
    paths: Sequence[Path], folder: Path, flags: Mapping[str, Any], *, as_json: bool
) -> int:
    """Index what the paths name; returns the exit code."""
    from analyzers.device import pick_device
    from analyzers.registry import Choices, ensure_available, make_analyzers
    from indexer.segmenters import segmenter_name

    settings = read_settings(flags, os.environ)
    unreadable: list[tuple[Path, str]] = []
    files = find_video_files(paths, unreadable)
    device = pick_device(settings.device)
    choices = Choices(
        face_detector=settings.face_detector,
        face_embedder=settings.face_embedder,
        face_fps=settings.face_fps,
        detector=settings.detector,
        object_fps=settings.object_fps,
        action_model=settings.action_model,
    )
    analyzers = make_analyzers(
        settings.analyzers, settings.profile, settings.encoder, device, choices
    )
    segmenter_name(settings.shots, device)  # a wrong one stops before any work
    options = _options(settings, device)
    if not folder.exists():
        ensure_available(analyzers)  # before anything is made
    named = [Path(os.path.abspath(path)) for path in paths]
    watcher = Silent() if as_json else ProgressBars()
    try:
        with Collection.create(folder, settings.catalog) as collection, watcher:
            indexer = Indexer(collection, analyzers, options, watcher)
            indexer.report.warnings += [Note(str(at), "open", why) for at, why in unreadable]
            report = indexer.run(files, named)
    except KeyboardInterrupt:
        typer.echo("shotseek: interrupted; run the same command again to go on", err=True)
        return EXIT_INTERRUPTED
    if as_json:
        typer.echo(json.dumps(report.to_json()))
    else:
        print_report(report, Console())
    return report.exit_code


def _options(settings: IndexSettings, device: str) -> Options:
    from indexer.segmenters import make_segmenter, segmenter_name

    return Options(
        make_segmenter=lambda path: make_segmenter(settings.shots, video=path, device=device),
        name_segmenter=lambda path: segmenter_name(settings.shots, device, path),
        resegment=settings.shots != DEFAULT_SHOTS,
        workers=settings.workers or max(1, (os.cpu_count() or 2) // 2),
    )


def print_shots(folder: Path, name: str, *, as_json: bool) -> None:
    """Print the shots of one video."""
    with Collection.open_(folder) as collection:
        video = collection.find_video(name)
        shots = collection.catalog.find_shots(video)
        times: dict[int, list[int]] = {shot.number: [] for shot in shots}
        for keyframe in collection.catalog.find_keyframes(video):
            times[keyframe.shot].append(keyframe.time_ms)
    if as_json:
        rows = [
            {
                "shot": shot.number,
                "start_ms": shot.start_ms,
                "end_ms": shot.end_ms,
                "keyframes_ms": times[shot.number],
            }
            for shot in shots
        ]
        typer.echo(json.dumps(rows))
        return
    table = Table("shot", "from", "to", "seconds", "keyframes", title=escape(video.path))
    for shot in shots:
        table.add_row(
            str(shot.number),
            clock(shot.start_ms),
            clock(shot.end_ms),
            f"{(shot.end_ms - shot.start_ms) / 1000:.2f}",
            " ".join(clock(time) for time in times[shot.number]),
        )
    Console().print(table)


def run_check(folder: Path, *, full: bool, as_json: bool) -> int:
    """Check a collection and its search files; returns the exit code."""
    from indexer.generations.checking import check_generations

    with Collection.open_(folder) as collection:
        problems = [*collection.check(full=full), *check_generations(folder)]
    if as_json:
        typer.echo(json.dumps({"problems": [asdict(problem) for problem in problems]}))
    elif not problems:
        typer.echo(f"{folder}: sound")
    else:
        table = Table("what", "where", "what was done, or what to do")
        for problem in problems:
            table.add_row(problem.kind, escape(problem.path), escape(problem.detail))
        Console().print(table)
    return EXIT_PROBLEMS if problems else 0


def run_rebuild(folder: Path, *, as_json: bool) -> None:
    """Make a generation anew, after taking out what tombstones forbid."""
    from indexer.generations.build import build_generation
    from indexer.people.forgetting import sweep
    from indexer.people.people import open_people

    with Collection.open_(folder) as collection:
        with open_people(folder) as people:
            sweep(collection, people)
        name = build_generation(collection)
    answer = {"collection": str(folder), "generation": name}
    typer.echo(json.dumps(answer) if as_json else f"{folder}: generation {name}")


def run_remove(folder: Path, names: Sequence[str], *, as_json: bool) -> None:
    """Remove videos, then bring the search files up to date so that they are found no more."""
    from indexer.generations.build import bring_up_to_date

    with Collection.open_(folder) as collection:
        found = (collection.find_video(name) for name in names)
        videos = list({video.id: video for video in found}.values())
        for video in videos:
            collection.remove_video(video)
        bring_up_to_date(collection)
    paths = [video.path for video in videos]
    typer.echo(
        json.dumps({"removed": paths}) if as_json else "\n".join(f"removed {p}" for p in paths)
    )


def clock(time_ms: int) -> str:
    """A time as people read it: 1:02:03.456."""
    seconds, ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{head}:{seconds:02}.{ms:03}"
