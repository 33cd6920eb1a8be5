"""The file `collection.json`: what a collection is, written last when one is made.

Knows neither the catalog nor any other file.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from analyzers.encoder import Range, Space
from indexer.durable import write_durably
from indexer.error import CollectionDamaged, CollectionMissing, CollectionTooNew, SpaceMismatch

FORMAT = 1
FILE_NAME = "collection.json"
DRAFT_NAME = "collection.draft.json"  # while the collection is being made


@dataclass(frozen=True)
class CollectionFile:
    """The content of `collection.json`."""

    id: str
    catalog: str | None = None  # a PostgreSQL URL without password; None for catalog.sqlite
    spaces: Mapping[str, Space] = field(default_factory=dict)  # by name
    segmenters: tuple[str, ...] = ()  # that made the shots of its videos
    format: int = FORMAT

    def with_space(self, space: Space) -> "CollectionFile":
        """The same with one more space; of what finds what it encodes, the newest is remembered.

        Raises:
            SpaceMismatch: there is a space of that name of another model.
        """
        known = self.spaces.get(space.name)
        if known is None or (known.dim == space.dim and not known.encoder):
            return replace(self, spaces={**self.spaces, space.name: space})
        if known.dim != space.dim or space.encoder not in ("", known.encoder):
            raise SpaceMismatch(
                f"the space {space.name} is one of {_describe(known)} in this collection, not of "
                f"{_describe(space)}; index with that encoder, or into another collection"
            )
        if space.detector in ("", known.detector):
            return self
        newer = replace(known, detector=space.detector)
        return replace(self, spaces={**self.spaces, space.name: newer})

    def with_segmenter(self, segmenter: str) -> "CollectionFile":
        """The same with one more segmenter."""
        if segmenter in self.segmenters:
            return self
        return replace(self, segmenters=(*self.segmenters, segmenter))


def read_collection_file(folder: Path) -> CollectionFile:
    """Read `collection.json`.

    Raises:
        CollectionMissing: it is not there.
        CollectionDamaged: it cannot be understood.
        CollectionTooNew: it has a newer format.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise CollectionMissing(
            f"{folder}: no collection there; make one with `shotseek index PATH --collection "
            f"{folder}`"
        )
    return _parse(path, path.read_bytes())


def write_collection_file(folder: Path, content: CollectionFile) -> None:
    """Replace `collection.json` in one step; a draft of it goes."""
    write_durably(folder / FILE_NAME, _render(content))
    (folder / DRAFT_NAME).unlink(missing_ok=True)


def draft_collection_file(folder: Path, catalog: str | None) -> CollectionFile:
    """The beginnings of a collection; the same again while it is not finished."""
    path = folder / DRAFT_NAME
    if path.exists():
        draft = _parse(path, path.read_bytes())
        if draft.catalog == catalog:
            return draft
    draft = CollectionFile(id=token_hex(6), catalog=catalog)
    write_durably(path, _render(draft))
    return draft


def _render(content: CollectionFile) -> bytes:
    values = asdict(content)
    values["spaces"] = list(values["spaces"].values())
    return (json.dumps(values, indent=2) + "\n").encode()


def _parse(path: Path, text: bytes) -> CollectionFile:
    try:
        values: dict[str, Any] = json.loads(text)
        if values["format"] > FORMAT:
            raise CollectionTooNew(
                f"{path}: has format {values['format']}, this shotseek knows {FORMAT}; "
                "use a newer shotseek"
            )
        spaces = [_space_of(each) for each in values.pop("spaces")]
        values["segmenters"] = tuple(values["segmenters"])
        return CollectionFile(spaces={space.name: space for space in spaces}, **values)
    except (ValueError, TypeError, KeyError) as error:
        raise CollectionDamaged(
            f"{path}: is damaged ({error}); restore it from a backup, or index anew into another "
            "folder"
        ) from error


def _space_of(values: dict[str, Any]) -> Space:
    text_range, image_range = (Range(**values.pop(n)) for n in ("text_range", "image_range"))
    return Space(**values, text_range=text_range, image_range=image_range)


def _describe(space: Space) -> str:
    return f"{space.dim} dimensions by {space.encoder or 'an unknown encoder'}"
