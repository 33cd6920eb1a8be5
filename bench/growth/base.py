"""A collection of V3C's shape that the product can add to. No films are behind it.

Real: the catalog, with all rows of videos, shots, keyframes, runs, labels and words, inserted by
the catalog's own functions, but those of hundreds of videos in a transaction; a Parquet file of
vectors for each video, by the product's writer, unsynced; the search files, by `rebuild`; an empty
file in the place of every video, so that `index` finds it, and finds it unchanged.

Made: what stands in all that. Shots and keyframes are cut as those of `bench speed`, vectors are
drawn at random around one of their shot; a shot has one colour and ten words, a video a title.
There are no pictures and no scenes. Knows nothing of what is added.
"""

import json
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.analyzer import Analyzer
from analyzers.clip import Container
from analyzers.colours import NAMES, VOCABULARY
from analyzers.encoder import Space
from analyzers.finding import Embedding, Finding, Label, Words, WordsKind
from bench.speed.shape import Shape, draw_shape
from bench.speed.words import draw_documents
from indexer.catalog import tables
from indexer.catalog.bulk import Row, insert_rows
from indexer.catalog.engine import open_sqlite
from indexer.catalog.findings import finding_rows
from indexer.catalog.glance import CATALOG_FILE
from indexer.catalog.rows import keyframe_rows, run_values, shot_rows, video_values
from indexer.catalog.tables import EPOCH, MICROSECOND
from indexer.collection import Collection
from indexer.records import FileKind, FoundVideo, Keyframe, Result, Shot, StoredFile
from indexer.staging import StagedFile, file_sha256, folder_name
from indexer.vectors import write_vectors

RECIPE = 2  # what is kept of another one is made anew
ANALYZERS = "toy,colours,container"  # of what is added, too
SAID_BY = "subtitles"
KEYFRAME_MS = 3312
WORDS_PER_SHOT = 10
NEAR = 0.15  # how far keyframes lie from the middle of their shot
PARTS = ((11, 0.45), (2, 0.1), (96, 0.45), (1, 0.0))  # of a vector of `toy`: width and weight
AT_ONCE = 250  # videos in a transaction
FILMS, COLLECTION, DONE = "films", "collection", "done"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Base:
    """How large the collection is, and where everything in it lies."""

    keyframes: int
    seed: int = 7

    @cached_property
    def shape(self) -> Shape:
        """How it is cut into videos and shots."""
        return draw_shape(self.keyframes, self.seed)

    @cached_property
    def start_ms(self) -> NDArray[np.int64]:
        """(s + 1,) where shots begin, all videos one after the other."""
        return self.shape.first_row * KEYFRAME_MS

    def begin_ms(self, video: int) -> int:
        """What is taken from those times in one video, to make it begin at 0."""
        return int(self.start_ms[self.shape.first_shot[video]])

    def shots_of(self, video: int) -> tuple[Shot, ...]:
        """In order."""
        first, end = self.shape.first_shot[video : video + 2]
        times = (self.start_ms[first : end + 1] - self.begin_ms(video)).tolist()
        return tuple(Shot(n, *times[n : n + 2]) for n in range(len(times) - 1))

    def keyframes_of(self, shots: tuple[Shot, ...]) -> list[Keyframe]:
        """The middle of every stretch of a video's shots."""
        return [
            Keyframe(shot.number, start + KEYFRAME_MS // 2, start, start + KEYFRAME_MS, 1.0)
            for shot in shots
            for start in range(shot.start_ms, shot.end_ms, KEYFRAME_MS)
        ]


def name_video(video: int) -> str:
    """The file of a video of the base, by its number from 0."""
    return f"base-{video:06}.mp4"


def id_of(video: int) -> str:
    """The public id of a video of the base."""
    return f"{video:012x}"


def keep_base(folder: Path, base: Base, tell: Tell) -> Path:
    """The folder with the collection and its films, made now unless an earlier run left it."""
    place = folder / f"growth-{base.keyframes}-{base.seed}-{RECIPE}"
    if (place / DONE).exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    began = time.perf_counter()
    make_base(place, base, tell)
    tell(f"made in {time.perf_counter() - began:.0f} s")
    return place


def make_base(place: Path, base: Base, tell: Tell) -> None:
    """Fill a new collection, and build its search files."""
    from analyzers.registry import make_analyzers
    from indexer.filling.spaces import announce_spaces
    from indexer.generations.build import build_generation

    shape = base.shape
    tell(f"making a catalog of {shape.videos:,} videos with {shape.rows:,} keyframes")
    (place / FILMS).mkdir(parents=True)
    analyzers = make_analyzers(ANALYZERS, "demo")
    with Collection.create(place / COLLECTION) as collection:
        announce_spaces(collection, analyzers)
        _Filling(place, collection, base, analyzers).fill()
        tell("building its search files")
        build_generation(collection, tell)
    (place / DONE).touch()


def copy_base(place: Path, target: Path) -> Path:
    """A collection with the same content, of its own; files that never change are links."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(place / COLLECTION, target, copy_function=_link_what_stays)
    return target


def _row(table: Any, values: dict[str, Any]) -> Row:
    """Values by column as the database keeps them, in order."""
    return tuple(_cell(values[column.name]) for column in table.columns)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value)
    return value if not isinstance(value, datetime) else (value - EPOCH) // MICROSECOND


def _link_what_stays(source: str, target: str) -> None:
    never_changes = source.endswith(".parquet") or "/indexes/parts/" in source
    (os.link if never_changes else shutil.copy2)(source, target)


class _Filling:
    """Writes everything that `index` would have written of these videos."""

    def __init__(
        self, place: Path, collection: Collection, base: Base, analyzers: list[Analyzer]
    ) -> None:
        self._films = place / FILMS
        self._collection = collection
        self._base = base
        self._versions = {**{each.name: each.version for each in analyzers}, SAID_BY: "1"}
        (self._space,) = collection.spaces.values()
        (collection.folder / FileKind.VECTORS / folder_name(self._space.name)).mkdir()
        self._chance = np.random.default_rng([base.seed, 21])

    def fill(self) -> None:
        """Every video; afterwards the catalog counts on from there."""
        texts, videos = self._texts(), self._base.shape.videos
        database = open_sqlite(self._collection.folder / CATALOG_FILE)
        for first in range(0, videos, AT_ONCE):
            rows: dict[Any, list[Row]] = {}
            for video in range(first, min(first + AT_ONCE, videos)):
                for table, cells in self._describe(video, texts):
                    rows.setdefault(table, []).extend(cells)
            with database.writing() as connection:
                for table in tables.metadata.sorted_tables:
                    insert_rows(connection, table, rows.get(table, ()))
                for key in ("revision", "videos_revision", "last_video", "last_run"):
                    count = (first + AT_ONCE) * (len(self._versions) if key == "last_run" else 1)
                    change = "UPDATE facts SET value = ? WHERE key = ?"
                    connection.exec_driver_sql(change, (count, key))
        database.close()

    def _texts(self) -> Iterator[str]:
        """Ten words for each shot."""
        shape = self._base.shape
        lengths = np.full(shape.shots, WORDS_PER_SHOT)
        for texts in draw_documents(lengths, shape.parts(), self._base.seed):
            yield from texts

    def _describe(self, video: int, texts: Iterator[str]) -> Iterator[tuple[Any, list[Row]]]:
        """The rows of one video, by table."""
        shots, id = self._base.shots_of(video), video + 1
        keyframes = self._base.keyframes_of(shots)
        end_ms, now = shots[-1].end_ms, datetime.now(UTC)
        own = {"id": id, "uid": id_of(video), "revision": id, "pictures": "", "added_at": now}
        yield tables.videos, [_row(tables.videos, own | video_values(self._found(video, shots)))]
        yield tables.shots, shot_rows(id, shots)
        yield tables.keyframes, keyframe_rows(id, keyframes)
        said: dict[str, list[Finding]] = {
            "colours": [*self._colours(shots)],
            "container": [Words(0, end_ms, WordsKind.TITLE, f"base {video}")],
            SAID_BY: [Words(s.start_ms, s.end_ms, WordsKind.SAID, next(texts)) for s in shots],
        }
        for place, (name, version) in enumerate(self._versions.items()):
            run_id = video * len(self._versions) + place + 1
            run = {"id": run_id, "video_id": id, "generation": None}
            values = run | run_values(Result(name, version, 0.1))
            yield tables.runs, [_row(tables.runs, values)]
            yield from finding_rows(id, run_id, said.get(name, ()))
            if name not in said:
                file = self._write_vectors(video, keyframes)
                owned = {"video_id": id, "run_id": run_id, **asdict(file)}
                yield tables.files, [_row(tables.files, owned)]

    def _found(self, video: int, shots: tuple[Shot, ...]) -> FoundVideo:
        path = self._films / name_video(video)
        path.touch()
        end_ms = shots[-1].end_ms
        return FoundVideo(
            path=str(path.absolute()),
            container=Container(path.name, "mp4", "h264", 1280, 720, 25.0, end_ms, 0, 0, ()),
            size_bytes=0,
            mtime_ns=path.stat().st_mtime_ns,
            sample_hash=f"{video:040x}",
            segmenter="adaptive",
            decoder="pyav",
            first_ms=0,
            end_ms=end_ms,
            frames=end_ms // 40,
        )

    def _colours(self, shots: tuple[Shot, ...]) -> Iterator[Finding]:
        drawn = self._chance.integers(len(NAMES), size=len(shots)).tolist()
        for shot, colour in zip(shots, drawn, strict=True):
            yield Label(shot.start_ms, shot.end_ms, VOCABULARY, NAMES[colour], 0.5)

    def _write_vectors(self, video: int, keyframes: list[Keyframe]) -> StoredFile:
        space: Space = self._space
        vectors = self._draw_vectors(np.array([each.shot for each in keyframes]))
        placed = [
            (n, Embedding(each.start_ms, each.end_ms, space.name, vector))
            for n, (each, vector) in enumerate(zip(keyframes, vectors, strict=True))
        ]
        times_ms = np.array([each.time_ms for each in keyframes], np.int64)
        draft = self._collection.folder / FileKind.VECTORS / "draft.parquet"
        write_vectors(draft, placed, times_ms, f"toy {video}")
        staged = StagedFile(draft, FileKind.VECTORS, space.name, file_sha256(draft), len(placed))
        stored = staged.place(id_of(video))
        draft.rename(self._collection.folder / stored.path)
        return stored

    def _draw_vectors(self, shot: NDArray[np.int64]) -> NDArray[np.float32]:
        """(n, dim) unit vectors, those of one shot near each other; none is below 0."""
        drawn = []
        for width, weight in PARTS:
            middle = self._chance.standard_exponential((int(shot[-1]) + 1, width), np.float32)
            away = self._chance.standard_exponential((len(shot), width), np.float32)
            part = middle[shot] + NEAR * away
            length = np.linalg.norm(part, axis=1, keepdims=True)
            drawn.append(part * (math.sqrt(weight) / np.maximum(length, 1e-9)))
        return np.concatenate(drawn, axis=1, dtype=np.float32)
