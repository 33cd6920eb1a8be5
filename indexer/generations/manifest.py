"""What generations and their parts say of themselves: JSON files, written last of each folder.

A *part* holds some whole videos: a folder of arrays that never changes. A *generation* is a list of
parts, in order, each with the videos in it that are dead: removed, or in a later part as they are
now. Knows nothing of what the arrays mean.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from analyzers.encoder import Range, Space
from analyzers.error import ShotseekError

FORMAT = 2
NAME = "manifest.json"
PARTS = "parts"  # the folder of parts, beside the generations
Made = TypeVar("Made")


class GenerationMissing(ShotseekError):
    """There is no complete generation, or not the one that was named."""


class GenerationUnreadable(ShotseekError):
    """A generation is of another format, or its files are damaged."""


@dataclass(frozen=True)
class PartManifest:
    """One part: what lies in its folder."""

    name: str
    spaces: tuple[Space, ...]
    kinds: tuple[str, ...]  # what the numbers of `documents.kind` mean
    counts: Mapping[str, int]
    files: Mapping[str, int]  # sizes in bytes
    notes: tuple[str, ...] = ()  # what people should know while what is missing is missing
    format: int = FORMAT


@dataclass(frozen=True)
class UsedPart:
    """A part as one generation uses it."""

    name: str
    dead: tuple[int, ...] = ()  # insertion numbers of videos in it that do not count, ascending


@dataclass(frozen=True)
class Manifest:
    """One generation: where it comes from and which parts it has."""

    name: str
    collection_id: str
    revision: int  # the catalog's, read before anything else
    created: str  # ISO 8601, UTC
    spaces: tuple[Space, ...]
    parts: tuple[UsedPart, ...]  # at least one
    counts: Mapping[str, int]  # of the parts together, without dead videos
    bytes: int  # of all files of the parts
    notes: tuple[str, ...] = ()  # what people should know
    format: int = FORMAT


def write_manifest(folder: Path, manifest: Manifest | PartManifest) -> Path:
    """Write the manifest of a folder; gives its path."""
    path = folder / NAME
    path.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return path


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation's folder.

    Raises FileNotFoundError where there is none, GenerationUnreadable where its format is another
    or it is damaged.
    """
    return _read(folder, _make_manifest)


def read_part_manifest(folder: Path) -> PartManifest:
    """The manifest of a part's folder; raises like `read_manifest`."""
    return _read(folder, _make_part_manifest)


def find_damaged(indexes: Path, manifest: Manifest) -> Path | None:
    """The first file of a generation's parts that is not there, or has another size.

    Raises GenerationUnreadable where a part's manifest is damaged.
    """
    for used in manifest.parts:
        folder = indexes / PARTS / used.name
        try:
            files = read_part_manifest(folder).files
        except FileNotFoundError:
            return folder / NAME
        for name, size in files.items():
            if not _has_size(folder / name, size):
                return folder / name
    return None


def _has_size(file: Path, size: int) -> bool:
    try:
        return file.stat().st_size == size
    except FileNotFoundError:
        return False


def _read(folder: Path, make: Callable[[dict[str, Any]], Made]) -> Made:
    text = (folder / NAME).read_bytes()
    try:
        facts = json.loads(text)
        _check_format(folder, facts["format"])
        return make(facts)
    except (ValueError, TypeError, LookupError) as error:
        raise GenerationUnreadable(f"{folder / NAME} is damaged: run `shotseek rebuild`") from error


def _check_format(folder: Path, number: int) -> None:
    if number > FORMAT:
        raise GenerationUnreadable(
            f"{folder} is of format {number}, this shotseek reads {FORMAT}: "
            "update shotseek, or make it again with `shotseek rebuild`"
        )
    if number < FORMAT:
        raise GenerationUnreadable(f"{folder} is of an older format: run `shotseek rebuild`")


def _make_manifest(facts: dict[str, Any]) -> Manifest:
    parts = tuple(UsedPart(each["name"], tuple(each["dead"])) for each in facts["parts"])
    more = {"spaces": _read_spaces(facts), "parts": parts, "notes": tuple(facts["notes"])}
    return Manifest(**facts | more)


def _make_part_manifest(facts: dict[str, Any]) -> PartManifest:
    texts = {name: tuple(facts[name]) for name in ("kinds", "notes")}
    return PartManifest(**facts | texts | {"spaces": _read_spaces(facts)})


def _read_spaces(facts: dict[str, Any]) -> tuple[Space, ...]:
    return tuple(_read_space(space) for space in facts["spaces"])


def _read_space(facts: dict[str, Any]) -> Space:
    ranges = {name: Range(**facts[name]) for name in ("text_range", "image_range")}
    return Space(**facts | ranges)
