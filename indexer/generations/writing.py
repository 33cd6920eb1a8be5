"""Writes whole generations: all arrays into a folder under a temporary name, the manifest last.

A generation is complete or not there. One process builds at a time; the others wait. The newest two
whole ones are kept, so that a server can go on with the one it has opened while it opens the next.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from analyzers.error import SettingsError
from indexer.durable import sync_file, sync_folder
from indexer.generations.column_writing import write_labels, write_measures
from indexer.generations.content import KINDS, Content
from indexer.generations.generation import Generation
from indexer.generations.layout import Layout
from indexer.generations.manifest import Manifest, write_manifest
from indexer.generations.opening import (
    HALF_MADE,
    INDEXES,
    find_damage,
    find_generations,
    read_generation,
)
from indexer.generations.storage import ArrayWriter, FolderWriter, MemoryWriter
from indexer.generations.strings import pack_strings
from indexer.generations.vector_writing import write_space
from indexer.generations.word_writing import write_words

KEPT = 2
LOCK = "build.lock"


def write_generation(folder: Path, content: Content) -> str:
    """Write a generation into a collection's folder; gives its name."""
    return write_locked(folder, nullcontext(content), _keep_silent)


def build_in_memory(content: Content) -> Generation:
    """A generation that is written nowhere: for trials, and for tests with many small ones."""
    writer = MemoryWriter()
    manifest = _describe("memory", content, _write_arrays(writer, content, _keep_silent), {})
    return read_generation(manifest, writer.arrays)


def write_locked(
    folder: Path, source: AbstractContextManager[Content], tell: Callable[[str], None]
) -> str:
    """Like `write_generation`, for content that is opened when no other process builds.

    `tell` is told what is being written.
    """
    indexes = folder / INDEXES
    _make_folder(indexes)
    with _lock(indexes):
        for left in indexes.glob(f"*{HALF_MADE}"):
            shutil.rmtree(left)
        name = _next_name(folder)
        temporary = indexes / f"{name}{HALF_MADE}"
        temporary.mkdir()
        try:
            with source as content:
                _write(temporary, name, content, tell)
        except Exception:
            shutil.rmtree(temporary)
            raise
        temporary.rename(indexes / name)
        sync_folder(indexes)
        for old in _superseded(folder):
            (indexes / old).rename(indexes / f"{old}{HALF_MADE}")  # gone at once for who opens it
            shutil.rmtree(indexes / f"{old}{HALF_MADE}")
    return name


def _superseded(folder: Path) -> list[str]:
    """The generations that are damaged, or older than the two newest others."""
    names = find_generations(folder)
    kept = [name for name in names if find_damage(folder, name) is None][-KEPT:]
    return [name for name in names if name not in kept]


def _keep_silent(stage: str) -> None:
    """Tell nobody."""


def _make_folder(indexes: Path) -> None:
    try:
        indexes.mkdir(exist_ok=True)
        (indexes / LOCK).touch()
    except OSError as error:
        raise SettingsError(f"{indexes}: may not be written to: {error.strerror}") from error


@contextmanager
def _lock(indexes: Path) -> Iterator[None]:
    """Wait until no other process builds; the system frees the lock when its holder ends."""
    with (indexes / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _next_name(folder: Path) -> str:
    """A name that sorts behind all others, and that no generation ever had before."""
    names = find_generations(folder)
    number = int(names[-1].partition("-")[0]) + 1 if names else 1
    return f"{number:08}-{token_hex(4)}"


def _write(folder: Path, name: str, content: Content, tell: Callable[[str], None]) -> None:
    with FolderWriter(folder) as writer:
        counts = _write_arrays(writer, content, tell)
    sync_file(write_manifest(folder, _describe(name, content, counts, writer.sync())))
    sync_folder(folder)


def _describe(
    name: str, content: Content, counts: dict[str, int], files: dict[str, int]
) -> Manifest:
    return Manifest(
        name,
        content.collection_id,
        content.revision,
        datetime.now(UTC).isoformat(timespec="seconds"),
        tuple(each.space for each in content.spaces),
        tuple(KINDS),
        counts,
        files,
        tuple(content.notes),
    )


def _write_arrays(
    writer: ArrayWriter, content: Content, tell: Callable[[str], None]
) -> dict[str, int]:
    """Write everything; gives how many videos, shots, ... there are."""
    layout = Layout(content.shots, content.keyframes, len(content.videos.id))
    _write_tables(writer, content, layout)
    for space in content.spaces:
        tell(f"vectors of {space.space.name}")
        write_space(writer, layout, space)
    tell("words")
    documents = write_words(writer, layout, content.words)
    tell("labels and measures")
    write_labels(writer, layout, content.labels)
    write_measures(writer, layout, content.measures)
    return {
        "videos": len(content.videos.id),
        "shots": len(layout.shot_start),
        "rows": len(layout.row),
        "documents": documents,
        **{f"vectors of {space.space.name}": space.count for space in content.spaces},
    }


def _write_tables(writer: ArrayWriter, content: Content, layout: Layout) -> None:
    videos, shots = content.videos, content.shots
    for name in ("id", "duration_ms", "width", "height", "date_ms", "size_bytes"):
        writer.write(f"videos.{name}", getattr(videos, name))
    for name in ("uid", "name", "path"):
        data, first = pack_strings(getattr(videos, name))
        writer.write(f"videos.{name}.data", data)
        writer.write(f"videos.{name}.first", first)
    writer.write("videos.first_shot", layout.first_shot)
    for name in ("video", "number", "start_ms", "end_ms"):
        writer.write(f"shots.{name}", getattr(shots, name))
    writer.write("shots.first_row", layout.first_row)
    writer.write("rows.video", layout.row_video)
    writer.write("rows.shot", layout.row_shot)
    writer.write("rows.time_ms", layout.row_ms)
