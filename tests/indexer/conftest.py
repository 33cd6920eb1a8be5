"""What tests of collections share: both databases, and made videos with made findings."""

import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Container
from analyzers.encoder import Range, Space
from analyzers.finding import (
    Embedding,
    End,
    EndKind,
    Finding,
    Label,
    Measure,
    Relation,
    Track,
    Words,
    WordsKind,
)
from indexer.collection import Collection
from indexer.records import FoundVideo, Keyframe, KeyframePictures, Result, Scene, Shot, Video

sys.path.insert(0, str(Path(__file__).parent))  # `made_faces` is a module beside the tests

TOY = Space("toy", 4, "toy", Range(0.0, 1.0), Range(0.2, 1.0))
FACES = Space("faces", 8, "", Range(-1.0, 1.0), Range(-1.0, 1.0))
SHOT_MS = 4_000


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server; every collection has a schema of its own in its one database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs, about XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pgserver", reason="pgserver is not installed")
        # Not below pytest's folder: as root, the server runs as a user who may not look in there.
        server = _start(pgserver, Path(tempfile.mkdtemp(prefix="shotseek-pg-")))
    server.psql("ALTER SYSTEM SET fsync = off")  # nothing here outlives the tests
    server.psql("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def _start(pgserver: Any, folder: Path) -> Any:
    """Start the server; it gives itself 10 s, which a busy machine may not have."""
    for _ in range(3):
        with suppress(subprocess.TimeoutExpired):
            return pgserver.get_server(folder, cleanup_mode="delete")
    return pgserver.get_server(folder, cleanup_mode="delete")


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog_url(request: pytest.FixtureRequest) -> str | None:
    """What `Collection.create` is told for each of the databases."""
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def collection(tmp_path: Path, catalog_url: str | None) -> Iterator[Collection]:
    """An empty collection that knows two spaces, once in each database."""
    with Collection.create(tmp_path / "collection", catalog_url) as made:
        made.add_space(TOY)
        made.add_space(FACES)
        yield made


@pytest.fixture
def sqlite_collection(tmp_path: Path) -> Iterator[Collection]:
    """An empty collection that knows two spaces, in SQLite."""
    with Collection.create(tmp_path / "collection") as made:
        made.add_space(TOY)
        made.add_space(FACES)
        yield made


class Maker:
    """Makes videos and findings as an indexer would hand them in."""

    shots = (Shot(0, 0, SHOT_MS), Shot(1, SHOT_MS, 2 * SHOT_MS))
    keyframes = (
        Keyframe(0, 1_000, 0, 2_000, 3.5),
        Keyframe(0, 3_000, 2_000, SHOT_MS, 1 / 3),
        Keyframe(1, 6_000, SHOT_MS, 2 * SHOT_MS, 0.0),
    )
    scenes = (Scene(0, 0, 2 * SHOT_MS),)

    def found(self, path: str | Path = "/videos/film.mp4", **facts: Any) -> FoundVideo:
        """A video of two shots."""
        found = FoundVideo(
            path=str(path),
            container=Container(
                name=Path(path).name,
                format="mov,mp4",
                codec="h264",
                width=640,
                height=360,
                fps=24_000 / 1_001,
                duration_ms=2 * SHOT_MS,
                size_bytes=1_234,
                bit_rate=99_000,
                tags=(("creation_time", "2020-02-02T02:02:02Z"), ("title", "Ein schöner Tag")),
            ),
            size_bytes=1_234,
            mtime_ns=1_700_000_000_123_456_789,
            sample_hash="5a",
            segmenter="fixed:4",
            decoder="pyav",
            first_ms=0,
            end_ms=2 * SHOT_MS,
            frames=192,
            warnings=("cut short",),
        )
        return replace(found, **facts)

    def commit(
        self,
        collection: Collection,
        path: str | Path = "/videos/film.mp4",
        *results: Result,
        pictures: bool = False,
        **facts: Any,
    ) -> Video:
        """Commit a video of two shots with these results."""
        parts = (self.shots, self.keyframes, self.scenes)
        stills = self.pictures() if pictures else ()
        return collection.commit_video(self.found(path, **facts), *parts, results, stills)

    def pictures(self, content: str = "") -> list[KeyframePictures]:
        """Two "pictures" of each keyframe."""
        return [
            KeyframePictures(each.time_ms, f"large {content}".encode(), f"small {content}".encode())
            for each in self.keyframes
        ]

    def result(self, analyzer: str = "look", version: str = "1", seed: int = 0) -> Result:
        """A result with findings of all six kinds, in mixed order."""
        return Result(analyzer, version, 1.5, self.findings(seed))

    def findings(self, seed: int = 0) -> list[Finding]:
        """Findings of all six kinds, in mixed order."""
        rng = np.random.default_rng(seed)
        box = (0.1, 0.2, 1 / 3, 0.9)
        return [
            Words(0, 2_000, WordsKind.READ, "Grüße\taus\nBerlin \\N", 0.1 + 0.2, box, "de"),
            Embedding(0, 2_000, TOY.name, unit(rng, TOY.dim)),
            Label(0, 2_000, "coco", "person", rng.random(), box, "t1"),
            Words(0, 2_000, WordsKind.READ, f"zweite Zeile {seed}"),
            Measure(2_000, 4_000, "sharpness", -1e300 / 3, "px"),
            Embedding(4_000, 8_000, FACES.name, unit(rng, FACES.dim), box, "t1"),
            Track(
                start_ms=40,
                end_ms=200,
                id="t1",
                kind="coco/person",
                times_ms=np.array([40, 80, 120], np.int64),
                boxes=rng.random((3, 4), np.float32),
                scores=rng.random(3, np.float32),
                landmarks=rng.random((3, 5, 2), np.float32),
            ),
            Relation(
                start_ms=40,
                end_ms=200,
                subject=End(EndKind.TRACK, "t1"),
                predicate="carries",
                object=End(EndKind.LABEL, "coco/bag"),
                score=0.25,
            ),
            Embedding(2_000, 4_000, TOY.name, unit(rng, TOY.dim)),
            Track(
                start_ms=0,
                end_ms=8_000,
                id="t2",
                kind="face",
                times_ms=np.zeros(0, np.int64),
                boxes=np.zeros((0, 4), np.float32),
                scores=np.zeros(0, np.float32),
            ),
            Label(4_000, 8_000, "places", "", 1.0),
        ]

    def plain(self, findings: Sequence[Finding]) -> list[object]:
        """Findings as tuples that compare by value, arrays and all types included."""
        return [
            (type(each), *(_plain_value(getattr(each, field.name)) for field in fields(each)))
            for each in findings
        ]


@pytest.fixture
def maker() -> Maker:
    """Makes videos and findings."""
    return Maker()


def unit(rng: np.random.Generator, dim: int) -> NDArray[np.float32]:
    """A random vector (dim,) of length 1."""
    vector = rng.normal(size=dim).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def _plain_value(value: object) -> object:
    if isinstance(value, np.ndarray):
        return (str(value.dtype), value.shape, value.tobytes())
    return (type(value), value)
