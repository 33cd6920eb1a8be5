"""Says what a collection holds, for people and for scripts. Changes nothing."""

import json
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from indexer.collection import Collection
from indexer.collection_status import read_status


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
