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
    format: int = FORMAT


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Write the manifest of a folder; gives its path."""
    path = folder / NAME
    path.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return path


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder.

    Raises FileNotFoundError where there is none, GenerationUnreadable where its format is another.
    """
    facts = json.loads((folder / NAME).read_text(encoding="utf-8"))
    if facts["format"] > FORMAT:
        raise GenerationUnreadable(
            f"{folder} is of format {facts['format']}, this shotseek reads {FORMAT}: "
            "update shotseek, or make it again with `shotseek rebuild`"
        )
    if facts["format"] < FORMAT:
        raise GenerationUnreadable(f"{folder} is of an older format: run `shotseek rebuild`")
    spaces = tuple(_read_space(space) for space in facts.pop("spaces"))
    return Manifest(**facts | {"spaces": spaces, "kinds": tuple(facts["kinds"])})


def _read_space(facts: dict[str, Any]) -> Space:
    ranges = {name: Range(**facts[name]) for name in ("text_range", "image_range")}
    return Space(**facts | ranges)
