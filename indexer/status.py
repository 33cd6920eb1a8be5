"""Says what a collection holds, for people and for scripts. Changes nothing."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from indexer.catalog.glance import CATALOG_FILE
from indexer.collection import Collection
from indexer.generations.opening import describe_generation

PARTS = ("vectors", "tracks", "indexes", "keyframes")


@dataclass(frozen=True)
class AnalyzerStatus:
    """How many videos one version of an analyzer has been run on."""

    name: str
    version: str
    done: int
    failed: int
    stale: int


def print_status(folder: Path, *, as_json: bool) -> None:
    """Print what a collection holds."""
    with Collection.open_(folder) as collection:
        facts = read_status(collection)
    if as_json:
        typer.echo(json.dumps(facts))
        return
    console = Console()
    console.print(
        f"[bold]{escape(str(folder))}[/bold]: {facts['videos']} videos, "
        f"{facts['hours']:.2f} hours, {facts['shots']} shots, {facts['keyframes']} keyframes"
    )
    console.print(_search_files(facts["generation"]))
    _print_table(console, "spaces", facts["spaces"], ("name", "dim", "encoder"))
    columns = ("name", "version", "done", "failed", "stale")
    _print_table(console, "analyzers", facts["analyzers"], columns)
    _print_table(console, "failures", facts["failures"], ("path", "stage", "reason"))
    sizes = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in facts["bytes"].items())
    console.print(f"on disk: {sizes}")


def read_status(collection: Collection) -> dict[str, Any]:
    """The object that `status --json` prints."""
    counts = collection.catalog.counts()
    videos = collection.catalog.find_videos()
    generation = describe_generation(collection.folder)
    return {
        "collection": str(collection.folder),
        "id": collection.id,
        "videos": counts.videos,
        "shots": counts.shots,
        "keyframes": counts.keyframes,
        "hours": sum(video.end_ms - video.first_ms for video in videos) / 3_600_000,
        "spaces": [asdict(space) for space in collection.spaces.values()],
        "analyzers": [asdict(status) for status in _analyzers(collection)],
        "failures": [
            {"path": failure.path, "stage": failure.stage, "reason": failure.reason}
            for failure in collection.find_failures()
        ],
        "generation": generation
        and {
            **generation,
            "fresh": not generation["damage"] and generation["revision"] == collection.revision,
        },
        "bytes": _sizes(collection.folder),
    }


def _analyzers(collection: Collection) -> list[AnalyzerStatus]:
    standing: dict[tuple[str, str], Counter[str]] = {}
    for run in collection.catalog.read_runs():
        standing.setdefault((run.analyzer, run.version), Counter())[run.state] += 1
    return [
        AnalyzerStatus(name, version, states["done"], states["failed"], states["stale"])
        for (name, version), states in sorted(standing.items())
    ]


def _sizes(folder: Path) -> dict[str, int]:
    sizes = {"catalog": sum(path.stat().st_size for path in folder.glob(f"{CATALOG_FILE}*"))}
    for part in PARTS:
        files = (path for path in (folder / part).rglob("*") if path.is_file())
        sizes[part] = sum(path.stat().st_size for path in files)
    return sizes


def _search_files(generation: dict[str, Any] | None) -> str:
    if generation is None:
        return "no search files yet: run `shotseek rebuild`"
    if generation["damage"]:
        return f"search files: {generation['damage']}"
    state = "up to date" if generation["fresh"] else "older than the catalog: `shotseek rebuild`"
    return f"search files: generation {generation['name']}, {state}"


def _print_table(
    console: Console, title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]
) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(row[column])) for column in columns))
    console.print(table)
