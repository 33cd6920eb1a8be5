"""The files of a run: its embeddings, one file per space, and its tracks.

Knows no catalog.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from analyzers.finding import Embedding, Finding, Track
from indexer.records import FileKind, Keyframe, Result, StoredFile
from indexer.staging import StagedFile, Staging
from indexer.tracks import read_tracks, write_tracks
from indexer.vectors import embeddings_of, read_vectors, write_vectors

Placed: TypeAlias = tuple[int, Finding]  # position in its run


@dataclass(frozen=True)
class StagedRun:
    """What an analyzer said, its files written."""

    result: Result
    files: tuple[StagedFile, ...]


def stage_run(staging: Staging, result: Result, keyframes: Sequence[Keyframe]) -> StagedRun:
    """Write the files of a run."""
    spaces: dict[str, list[tuple[int, Embedding]]] = {}
    tracks: list[tuple[int, Track]] = []
    for position, finding in enumerate(result.findings):
        if isinstance(finding, Embedding):
            spaces.setdefault(finding.space, []).append((position, finding))
        elif isinstance(finding, Track):
            tracks.append((position, finding))
    origin = f"{result.analyzer} {result.version}"
    times_ms = np.array(sorted(each.time_ms for each in keyframes), np.int64)
    files = []
    for space, placed in sorted(spaces.items()):
        write_vectors(staging.next_path(), placed, times_ms, origin)
        files.append(staging.add(FileKind.VECTORS, space, len(placed)))
    if tracks:
        write_tracks(staging.next_path(), tracks, origin)
        files.append(staging.add(FileKind.TRACKS, result.analyzer, len(tracks)))
    return StagedRun(result, tuple(files))


def read_run_files(folder: Path, files: Iterable[StoredFile]) -> list[Placed]:
    """The findings that are in files, with their positions, in any order."""
    found: list[Placed] = []
    for file in files:
        path = folder / file.path
        if file.kind is FileKind.VECTORS:
            found.extend(embeddings_of(file.owner, read_vectors(path)))
        else:
            found.extend(read_tracks(path))
    return found
