"""Writes parts and generations: all files into a folder under a temporary name, the manifest last.

Either is complete or not there. One process builds at a time; the others wait. The newest two whole
generations are kept, so that a server can go on with the one it has opened while it opens the next;
parts that neither names are removed. Knows no catalog, nor which videos a part should hold.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from analyzers.encoder import Space
from analyzers.error import SettingsError
from indexer.durable import sync_file, sync_folder
from indexer.generations.column_writing import write_labels, write_measures
from indexer.generations.content import KINDS, Content
from indexer.generations.generation import Generation
from indexer.generations.layout import Layout
from indexer.generations.manifest import (
    PARTS,
    GenerationUnreadable,
    Manifest,
    PartManifest,
    UsedPart,
    read_manifest,
    write_manifest,
)
from indexer.generations.opening import (
    HALF_MADE,
    INDEXES,
    find_damage,
    find_generations,
    finish,
    read_part,
)
from indexer.generations.part import Part
from indexer.generations.storage import ArrayWriter, FolderWriter, MemoryWriter
from indexer.generations.strings import pack_strings
from indexer.generations.track_writing import write_crops, write_tracks
from indexer.generations.vector_writing import write_space
from indexer.generations.word_writing import write_words

KEPT = 2
TRACKS = "tracks"  # counted in every part but those that were written before there were any
LOCK = "build.lock"
Tell = Callable[[str], None]  # is told what is being written


@dataclass(frozen=True)
class Origin:
    """What a generation is made from."""

    collection_id: str
    revision: int
    spaces: tuple[Space, ...]


@dataclass(frozen=True)
class Use:
    """One part of a generation that is to be written."""

    part: PartManifest
    counts: Mapping[str, int]  # of what counts
    notes: tuple[str, ...] = ()  # what people should know
    dead: tuple[int, ...] = ()  # insertion numbers of videos that do not count


def use_all(part: PartManifest) -> Use:
    """A part of which everything counts."""
    return Use(part, part.counts, part.notes)


def write_generation(folder: Path, content: Content) -> str:
    """Write a generation of one part into a collection's folder; gives its name."""
    with Builder(folder) as builder:
        part = builder.write_part(content)
        return builder.write_generation(origin_of(content), [use_all(part)])


def build_in_memory(content: Content) -> Generation:
    """A generation that is written nowhere: for trials, and for tests with many small ones."""
    part = build_part_in_memory(content)
    return finish(
        _compose(part.manifest.name, origin_of(content), [use_all(part.manifest)]), [part]
    )


def build_part_in_memory(content: Content, name: str = "memory") -> Part:
    """A part that is written nowhere."""
    writer = MemoryWriter()
    counts = _write_arrays(writer, content)
    return read_part(_describe(name, content, counts, {}), writer.arrays)


def origin_of(content: Content) -> Origin:
    """Where a generation comes from that holds nothing else."""
    spaces = tuple(each.space for each in content.spaces)
    return Origin(content.collection_id, content.revision, spaces)


class Builder:
    """Writes while no other process does; a context manager. Leaves nothing half-made behind."""

    def __init__(self, folder: Path) -> None:
        """Takes a collection's folder."""
        self._folder = folder
        self._indexes = folder / INDEXES
        self._exit = ExitStack()
        self._name = ""

    def __enter__(self) -> "Builder":
        _make_folders(self._indexes)
        with ExitStack() as entering:
            entering.enter_context(_lock(self._indexes))
            entering.callback(self._clear)
            self._clear()
            self._name = _next_name(self._folder)
            self._exit = entering.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._exit.close()

    def write_part(self, content: Content, tell: Tell = lambda stage: None) -> PartManifest:
        """Write the part of the generation that is named next."""
        with self._making(self._indexes / PARTS / self._name) as temporary:
            with FolderWriter(temporary) as writer:
                counts = _write_arrays(writer, content, tell)
                part = _describe(self._name, content, counts, writer.sync())
            sync_file(write_manifest(temporary, part))
        return part

    def write_generation(self, origin: Origin, uses: Sequence[Use]) -> str:
        """Write the generation itself, and remove those before the last; gives its name."""
        with self._making(self._indexes / self._name) as temporary:
            sync_file(write_manifest(temporary, _compose(self._name, origin, uses)))
        for old in _superseded(self._folder):
            (self._indexes / old).rename(self._indexes / f"{old}{HALF_MADE}")  # gone at once
        return self._name

    @contextmanager
    def _making(self, folder: Path) -> Iterator[Path]:
        """A folder to be filled, which then is there wholly, also after a crash of the machine."""
        temporary = folder.with_name(f"{folder.name}{HALF_MADE}")
        temporary.mkdir()
        yield temporary
        sync_folder(temporary)
        temporary.rename(folder)
        sync_folder(folder.parent)

    def _clear(self) -> None:
        """Remove what is half-made or half-removed, and parts that no generation names."""
        for left in [*self._indexes.glob(f"*{HALF_MADE}"), *self._unused_parts()]:
            shutil.rmtree(left)

    def _unused_parts(self) -> list[Path]:
        named = set()
        for name in find_generations(self._folder):
            with suppress(GenerationUnreadable):
                named |= {used.name for used in read_manifest(self._indexes / name).parts}
        return [part for part in (self._indexes / PARTS).iterdir() if part.name not in named]


def _superseded(folder: Path) -> list[str]:
    """The generations that are damaged, or older than the two newest others."""
    names = find_generations(folder)
    kept = [name for name in names if find_damage(folder, name) is None][-KEPT:]
    return [name for name in names if name not in kept]


def _make_folders(indexes: Path) -> None:
    try:
        indexes.mkdir(exist_ok=True)
        (indexes / PARTS).mkdir(exist_ok=True)
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


def _describe(
    name: str, content: Content, counts: Mapping[str, int], files: Mapping[str, int]
) -> PartManifest:
    spaces = tuple(each.space for each in content.spaces)
    return PartManifest(name, spaces, tuple(KINDS), counts, files, tuple(content.notes))


def _compose(name: str, origin: Origin, uses: Sequence[Use]) -> Manifest:
    counts: dict[str, int] = {}
    for use in uses:
        for what, number in use.counts.items():
            counts[what] = counts.get(what, 0) + number
    return Manifest(
        name,
        origin.collection_id,
        origin.revision,
        datetime.now(UTC).isoformat(timespec="seconds"),
        origin.spaces,
        tuple(UsedPart(use.part.name, use.dead) for use in uses),
        counts,
        sum(size for use in uses for size in use.part.files.values()),
        tuple(dict.fromkeys(note for use in uses for note in use.notes)),
    )


def _write_arrays(
    writer: ArrayWriter, content: Content, tell: Tell = lambda stage: None
) -> dict[str, int]:
    """Write everything; gives how many videos, shots, ... there are."""
    layout = Layout(content.shots, content.keyframes, len(content.videos.id))
    _write_tables(writer, content, layout)
    for space in content.spaces:
        tell(f"vectors of {space.space.name}")
        write_space(writer, layout, space)
    tell("words")
    documents = write_words(writer, layout, content.words)
    tell("tracks")
    followed = write_tracks(writer, layout, content.tracks, content.clusters)
    for crops in content.crops:
        write_crops(writer, layout, crops, followed)
    tell("labels and measures")
    write_labels(writer, layout, content.labels, followed)
    write_measures(writer, layout, content.measures)
    return {
        "videos": len(content.videos.id),
        "shots": len(layout.shot_start),
        "rows": len(layout.row),
        "documents": documents,
        TRACKS: len(followed),
        **{f"vectors of {space.space.name}": space.count for space in content.spaces},
    }


def _write_tables(writer: ArrayWriter, content: Content, layout: Layout) -> None:
    videos, shots = content.videos, content.shots
    for name in ("id", "duration_ms", "width", "height", "date_ms", "size_bytes", "revision"):
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
