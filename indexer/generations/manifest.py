"""What a generation says of itself: one JSON file, written last, so that it marks a whole one."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analyzers.encoder import Range, Space
from analyzers.error import ShotseekError

FORMAT = 1
NAME = "manifest.json"


class GenerationMissing(ShotseekError):
    """There is no complete generation, or not the one that was named."""


class GenerationUnreadable(ShotseekError):
    """A generation is of another format, or its files are damaged."""


@dataclass(frozen=True)
class Manifest:
    """One generation: where it comes from and what lies in its folder."""

    name: str
    collection_id: str
    revision: int  # the catalog's, read before anything else
    created: str  # ISO 8601, UTC
    spaces: tuple[Space, ...]
    kinds: tuple[str, ...]  # what the numbers of `documents.kind` mean
    counts: Mapping[str, int]
    files: Mapping[str, int]  # sizes in bytes
    notes: tuple[str, ...] = ()  # what people should know
    format: int = FORMAT


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Write the manifest of a folder; gives its path."""
    path = folder / NAME
    path.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return path


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder.

    Raises FileNotFoundError where there is none, GenerationUnreadable where its format is another
    or it is damaged.
    """
    text = (folder / NAME).read_bytes()
    try:
        return _parse(folder, json.loads(text))
    except (ValueError, TypeError, LookupError) as error:
        raise GenerationUnreadable(f"{folder / NAME} is damaged: run `shotseek rebuild`") from error


def find_damaged(folder: Path, manifest: Manifest) -> Path | None:
    """The first file of a generation that is not there, or has another size."""
    for name, size in manifest.files.items():
        try:
            if (folder / name).stat().st_size != size:
                return folder / name
        except FileNotFoundError:
            return folder / name
    return None


def _parse(folder: Path, facts: dict[str, Any]) -> Manifest:
    if facts["format"] > FORMAT:
        raise GenerationUnreadable(
            f"{folder} is of format {facts['format']}, this shotseek reads {FORMAT}: "
            "update shotseek, or make it again with `shotseek rebuild`"
        )
    if facts["format"] < FORMAT:
        raise GenerationUnreadable(f"{folder} is of an older format: run `shotseek rebuild`")
    spaces = tuple(_read_space(space) for space in facts.pop("spaces"))
    kinds, notes = tuple(facts["kinds"]), tuple(facts.get("notes", ()))
    return Manifest(**facts | {"spaces": spaces, "kinds": kinds, "notes": notes})


def _read_space(facts: dict[str, Any]) -> Space:
    ranges = {name: Range(**facts[name]) for name in ("text_range", "image_range")}
    return Space(**facts | ranges)
