"""What a collection holds, as plain values. Changes nothing, prints nothing."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.catalog.glance import CATALOG_FILE
from indexer.catalog.reader import CatalogReader
from indexer.collection import Collection
from indexer.generations.opening import describe_generation
from indexer.people.store import PEOPLE_FILE

PARTS = ("vectors", "tracks", "facets", "indexes", "keyframes")


@dataclass(frozen=True)
class AnalyzerStatus:
    """How many videos one version of an analyzer has been run on."""

    name: str
    version: str
    done: int
    failed: int
    stale: int


def read_status(collection: Collection) -> dict[str, Any]:
    """The object that `status --json` prints."""
    with collection.catalog.reading() as reader:
        counts, total_ms, revision = reader.counts(), reader.total_ms(), reader.revision
        analyzers, failures = read_analyzers(reader), reader.find_failures()
    generation = describe_generation(collection.folder)
    return {
        "collection": str(collection.folder),
        "id": collection.id,
        "videos": counts.videos,
        "shots": counts.shots,
        "keyframes": counts.keyframes,
        "hours": total_ms / 3_600_000,
        "spaces": [asdict(space) for space in collection.spaces.values()],
        "analyzers": [asdict(status) for status in analyzers],
        "failures": [
            {"path": failure.path, "stage": failure.stage, "reason": failure.reason}
            for failure in failures
        ],
        "generation": generation
        and {
            **generation,
            "fresh": not generation["damage"] and generation["revision"] == revision,
        },
        "bytes": read_sizes(collection.folder),
    }


def read_analyzers(reader: CatalogReader) -> list[AnalyzerStatus]:
    """How far every version of every analyzer has come."""
    standing: dict[tuple[str, str], Counter[str]] = {}
    for analyzer, version, state, videos in reader.count_runs():
        standing.setdefault((analyzer, version), Counter())[state] += videos
    return [
        AnalyzerStatus(name, version, states["done"], states["failed"], states["stale"])
        for (name, version), states in sorted(standing.items())
    ]


def read_sizes(folder: Path) -> dict[str, int]:
    """Bytes on disk by part; looks at every file. What goes meanwhile is not counted."""
    databases = {"catalog": CATALOG_FILE, "people": PEOPLE_FILE}
    sizes = {
        name: sum(_size(str(path)) for path in folder.glob(f"{file}*"))
        for name, file in databases.items()
    }
    for part in PARTS:
        sizes[part] = sum(map(_size, _files(folder / part)))
    return sizes


def _files(folder: Path) -> Iterator[str]:
    for here, _, names in os.walk(folder):
        yield from (os.path.join(here, name) for name in names)


def _size(file: str) -> int:
    with suppress(FileNotFoundError):
        return os.stat(file).st_size
    return 0
