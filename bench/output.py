"""How the verbs of `bench` hand out what they measured. Knows no measurement."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
Out = Annotated[Path | None, typer.Option(help="Write the JSON object to this file as well.")]


def find_folder(folder: Path | None) -> Path:
    """The folder that was asked for, or the one for benches in the temporary folder."""
    import tempfile

    return folder or Path(tempfile.gettempdir(), "shotseek-bench")


def tell(line: str) -> None:
    """One line of progress, beside what is measured."""
    typer.echo(line, err=True)


def hand_out(figures: dict[str, Any], out: Path | None, *, as_json: bool) -> None:
    """Write figures to a file if one is named, and print them if asked."""
    text = json.dumps(figures, indent=2)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
    if as_json:
        typer.echo(text)
