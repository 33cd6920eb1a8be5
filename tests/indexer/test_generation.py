"""Generations on disk: made from a collection, opened, replaced, and never found half-made."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from analyzers.clip import Container
from analyzers.encoder import Range, Space
from analyzers.error import ShotseekError
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
from indexer.generations import storage, streams
from indexer.generations.build import bring_up_to_date, build_generation
from indexer.generations.content import Content, WordsPart
from indexer.generations.generation import Generation
from indexer.generations.manifest import GenerationMissing, GenerationUnreadable
from indexer.generations.opening import describe_generation, find_generations, open_generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.reading import date_of
from indexer.generations.writing import build_in_memory, write_generation
from indexer.records import FoundVideo, Keyframe, Result, Scene, Shot

SPACE = Space("toy", 2, "toy", Range(0.1, 0.9), Range(0.2, 0.8))
FACES = Space("faces", 3, "", Range(-1, 1), Range(-1, 1))
BOX = (0.1, 0.1, 0.5, 0.5)
SHOTS = [(0, 1000), (1000, 3000)]
KEYFRAMES = [500, 1500, 2500]


def unit(*numbers: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.array(numbers, np.float32)
    return vector / np.linalg.norm(vector)


TIMES_MS = np.array([1400, 1500])
BOXES = np.array([BOX, (0.2, 0.1, 0.6, 0.5)], np.float32)

FINDINGS: list[tuple[str, Finding]] = [
    ("toy", Embedding(0, 1000, "toy", unit(1, 0))),
    ("toy", Embedding(1000, 2000, "toy", unit(0, 1))),
    ("toy", Embedding(2000, 3000, "toy", unit(1, 1))),
    ("again", Embedding(0, 1000, "toy", unit(0, -1))),
    ("faces", Embedding(1400, 1600, "faces", unit(1, 2, 2), BOX, "f1")),
    ("ocr", Words(0, 1000, WordsKind.READ, "Grand")),
    ("ocr", Words(1000, 2000, WordsKind.READ, "other")),
    ("ocr", Words(0, 1000, WordsKind.READ, "Hotel")),
    ("subtitles", Words(0, 1000, WordsKind.SUBTITLE, "Hôtel")),
    ("objects", Label(0, 1000, "coco", "person", 0.5, BOX)),
    ("objects", Label(0, 1000, "coco", "person", 0.75, BOX)),
    ("colours", Label(1000, 2000, "colour", "red", 0.25)),
    ("container", Measure(0, 3000, "fps", 25.0, "Hz")),
    ("social", Relation(0, 10, End(EndKind.TRACK, "1"), "knows", End(EndKind.TRACK, "2"))),
    ("faces", Track(1400, 1600, "f1", "face", TIMES_MS, BOXES, np.ones(2, np.float32))),
    ("persons", Relation(0, 9, End(EndKind.TRACK, "f1"), "is", End(EndKind.PERSON, "p1"))),
]


def plain(uid: str = "a", findings: Sequence[tuple[str, Finding]] = FINDINGS) -> PlainVideo:
    return PlainVideo(uid, SHOTS, KEYFRAMES, findings, name=f"{uid}.mp4", width=64, height=48)


def content(videos: int = 2, revision: int = 1) -> Content:
    listed = [plain(f"v{number}") for number in range(videos)]
    return content_of(listed, [SPACE, FACES], revision=revision)


def part_of(folder: Path, name: str | None = None) -> Path:
    """The folder of the first part of a generation of a collection's folder, else of the newest."""
    indexes = folder / "indexes"
    manifest = indexes / (name or find_generations(folder)[-1]) / "manifest.json"
    return indexes / "parts" / json.loads(manifest.read_text())["parts"][0]["name"]


def arrays_of(generation: Generation) -> dict[str, object]:
    """Everything that two equal generations share."""
    documents = generation.words.documents
    columns = {
        "words": [documents.text(doc) for doc in range(len(documents))],
        "labels": generation.labels.names(),
        "measures": generation.measures.names(),
        "uid": generation.videos.uid,
        "names": generation.videos.name,
    }
    tables = (
        *(generation.videos, generation.shots, generation.rows, documents, generation.words),
        *(generation.labels.shots, generation.labels.rows, generation.measures.pairs),
        *generation.spaces.values(),
        *(generation.tracks.boxes_of("face"), generation.boxed_labels("person")),
        generation.track_vectors("faces"),
    )
    columns["tracks"] = generation.tracks.ids(np.arange(len(generation.tracks)))
    columns["clusters"] = generation.tracks.clusters()
    columns["cluster"] = generation.tracks.cluster.tolist()
    for table in tables:
        for name, value in vars(table).items():
            if isinstance(value, np.ndarray):
                columns[f"{type(table).__name__}.{name}"] = value.tolist()
    for name, space in generation.spaces.items():
        columns[name] = space.index.scores(np.eye(space.space.dim, dtype=np.float32)).tolist()
    return columns


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    name = write_generation(tmp_path, content())
    generation = open_generation(tmp_path)
    assert generation.name == name
    assert (generation.collection_id, generation.revision) == ("plain", 1)
    assert [index.space for index in generation.spaces.values()] == [SPACE]
    assert generation.crop_spaces() == ("faces",)
    assert generation.tracks.ids(np.arange(2)) == ["f1", "f1"]
    assert arrays_of(generation) == arrays_of(build_in_memory(content()))


def test_what_does_not_fit_in_memory_waits_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "SCRATCH_IN_MEMORY_BYTES", 8)
    monkeypatch.setattr(streams, "CHUNK_BYTES", 40)
    name = write_generation(tmp_path, content())
    assert arrays_of(open_generation(tmp_path)) == arrays_of(build_in_memory(content()))
    files = {path.name for path in part_of(tmp_path, name).iterdir()}
    assert all(file.endswith((".npy", ".json")) for file in files), "no scratch is left"


def test_rows_shots_and_videos_point_into_each_other() -> None:
    generation = build_in_memory(content())
    videos, shots, rows = generation.videos, generation.shots, generation.rows
    assert (len(videos), len(shots), len(rows)) == (2, 4, 6)
    assert videos.id.tolist() == [1, 2]
    assert videos.first_shot.tolist() == [0, 2, 4]
    assert shots.first_row.tolist() == [0, 1, 3, 4, 6]
    assert shots.video.tolist() == [0, 0, 1, 1]
    assert shots.number.tolist() == [0, 1, 0, 1]
    assert rows.shot.tolist() == [0, 1, 1, 2, 3, 3]
    assert rows.video.tolist() == [0, 0, 0, 1, 1, 1]
    assert rows.time_ms.tolist() == [*KEYFRAMES, *KEYFRAMES]


def test_an_empty_collection_makes_an_empty_generation(tmp_path: Path) -> None:
    for made in (content(0), content_of([plain(findings=[])]), content_of([PlainVideo("x", [])])):
        write_generation(tmp_path, made)
        generation = open_generation(tmp_path)
        assert len(generation.rows) in (0, 3)
        assert generation.words.find("a").docs.tolist() == []
        assert generation.labels.find("person").shots.tolist() == []
        assert generation.labels.names() == ()
        assert generation.measures.names() == ()


def test_without_a_generation_the_remedy_is_said(tmp_path: Path) -> None:
    with pytest.raises(GenerationMissing, match="shotseek rebuild"):
        open_generation(tmp_path)
    write_generation(tmp_path, content())
    with pytest.raises(GenerationMissing, match="00000009-aa"):
        open_generation(tmp_path, "00000009-aa")
    assert describe_generation(tmp_path / "elsewhere") is None


def test_the_newest_two_are_kept_and_can_be_named(tmp_path: Path) -> None:
    names = [write_generation(tmp_path, content(revision=number)) for number in range(4)]
    assert names == sorted(names)
    assert find_generations(tmp_path) == names[2:]
    assert open_generation(tmp_path).revision == 3
    assert open_generation(tmp_path, names[2]).revision == 2
    described = describe_generation(tmp_path)
    assert described is not None
    assert (described["name"], described["revision"]) == (names[3], 3)
    assert described["counts"]["rows"] == 6


def test_an_opened_generation_outlives_its_files(tmp_path: Path) -> None:
    write_generation(tmp_path, content())
    generation = open_generation(tmp_path)
    for number in range(2, 5):
        write_generation(tmp_path, content(1, revision=number))
    assert generation.name not in find_generations(tmp_path)
    assert arrays_of(generation) == arrays_of(build_in_memory(content()))
    assert generation.words.find("grand").docs.tolist() == [0, 3]


def test_an_opened_generation_cannot_be_changed(tmp_path: Path) -> None:
    write_generation(tmp_path, content())
    with pytest.raises(ValueError, match="read-only"):
        open_generation(tmp_path).rows.time_ms[0] = 1


def test_a_half_made_generation_is_not_there_and_is_removed_by_the_next(tmp_path: Path) -> None:
    first = write_generation(tmp_path, content())
    half_made = tmp_path / "indexes" / "00000002-abcd.tmp"
    half_made.mkdir()
    (half_made / "manifest.json").write_text("{}")
    assert open_generation(tmp_path).name == first
    write_generation(tmp_path, content(revision=2))
    assert not half_made.exists()
    assert open_generation(tmp_path).revision == 2


def test_a_build_that_fails_leaves_the_older_generation_alone(tmp_path: Path) -> None:
    def parts() -> Iterator[WordsPart]:
        raise ShotseekError("the disk is gone")
        yield

    write_generation(tmp_path, content())
    with pytest.raises(ShotseekError, match="the disk is gone"):
        write_generation(tmp_path, replace(content(), words=parts()))
    assert [path.name for path in (tmp_path / "indexes").rglob("*.tmp")] == []
    assert len(find_generations(tmp_path)) == 1


def test_another_format_and_damage_are_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "indexes" / write_generation(tmp_path, content())
    manifest = json.loads((folder / "manifest.json").read_text())
    for number, remedy in ((99, "update shotseek"), (0, "shotseek rebuild")):
        (folder / "manifest.json").write_text(json.dumps(manifest | {"format": number, "new": 1}))
        with pytest.raises(GenerationUnreadable, match=remedy):
            open_generation(tmp_path)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    os.truncate(part_of(tmp_path) / "rows.shot.npy", 100)
    with pytest.raises(GenerationUnreadable, match="shotseek rebuild"):
        open_generation(tmp_path)


@pytest.mark.parametrize("spoilt", ["rows.shot.npy", "postings.first.npy", "manifest.json"])
def test_an_older_generation_stands_in_for_a_damaged_one(tmp_path: Path, spoilt: str) -> None:
    older, newest = (write_generation(tmp_path, content(revision=number)) for number in (1, 2))
    path = part_of(tmp_path, newest) / spoilt
    if spoilt == "rows.shot.npy":
        path.unlink()
    elif spoilt == "postings.first.npy":
        path.write_bytes(b"?" * path.stat().st_size)
    else:
        path.write_bytes(b"{}")

    generation = open_generation(tmp_path)
    assert (generation.name, generation.revision) == (older, 1)
    assert newest in generation.notes[0]
    assert "run `shotseek rebuild`" in generation.notes[0]
    with pytest.raises(GenerationUnreadable, match="shotseek rebuild"):
        open_generation(tmp_path, newest)
    (part_of(tmp_path, older) / "rows.shot.npy").unlink()
    with pytest.raises(GenerationUnreadable, match=newest):
        open_generation(tmp_path)


def test_a_damaged_generation_goes_with_the_next_that_is_written(tmp_path: Path) -> None:
    older, damaged = (write_generation(tmp_path, content(revision=number)) for number in (1, 2))
    (part_of(tmp_path, damaged) / "rows.shot.npy").unlink()
    newest = write_generation(tmp_path, content(revision=3))
    assert find_generations(tmp_path) == [older, newest]
    (tmp_path / "indexes" / newest / "manifest.json").write_bytes(b"?")
    described = describe_generation(tmp_path)
    assert described is not None
    assert "manifest.json is damaged" in described["damage"]


def test_builders_wait_for_each_other(tmp_path: Path) -> None:
    going_on = threading.Event()

    def slow_parts() -> Iterator[WordsPart]:
        going_on.set()
        time.sleep(0.3)
        yield from ()

    slow = threading.Thread(
        target=write_generation, args=(tmp_path, replace(content(), words=slow_parts()))
    )
    slow.start()
    assert going_on.wait(10)
    second = write_generation(tmp_path, content(revision=2))
    slow.join()
    assert find_generations(tmp_path)[1] == second
    assert len(find_generations(tmp_path)) == 2


KILLED = """
import sys, time
from dataclasses import replace
from pathlib import Path
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import write_generation

def parts():
    print("writing", flush=True)
    time.sleep(60)
    yield

content = content_of([PlainVideo("v", [(0, 10)])], revision=7)
write_generation(Path(sys.argv[1]), replace(content, labels=parts()))
"""


def test_a_killed_builder_leaves_no_lock_and_no_generation(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "writing\n"
        assert len(list((tmp_path / "indexes" / "parts").glob("*.tmp"))) == 1
        builder.send_signal(signal.SIGKILL)
    with pytest.raises(GenerationMissing):
        open_generation(tmp_path)
    write_generation(tmp_path, content())
    names = {path.name for path in (tmp_path / "indexes").iterdir()}
    assert names == {*find_generations(tmp_path), "parts", "build.lock"}
    assert len(list((tmp_path / "indexes" / "parts").iterdir())) == 1


OPENING = """
import sys
for name in ("sqlalchemy", "alembic", "decord", "av", "torch", "pyarrow", "cv2", "scenedetect"):
    sys.modules[name] = None
from pathlib import Path
from indexer.generations.opening import open_generation
generation = open_generation(Path(sys.argv[1]))
print(len(generation.rows), generation.words.find("grand").docs.tolist(), generation.labels.names())
assert "faiss" not in sys.modules
"""


def test_opening_and_asking_need_neither_database_nor_video_nor_models(tmp_path: Path) -> None:
    write_generation(tmp_path, content())
    command = [sys.executable, "-c", OPENING, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 [0, 3]")


# From a collection


def found_video(folder: Path, name: str, tags: tuple[tuple[str, str], ...] = ()) -> FoundVideo:
    container = Container(name, "mp4", "h264", 64, 48, 25.0, 3000, 1234, 0, tags)
    return FoundVideo(
        path=str(folder / name),
        container=container,
        size_bytes=1234,
        mtime_ns=1_500_000_000_123_456_789,
        sample_hash=name,
        segmenter="fixed:1",
        decoder="pyav",
        first_ms=0,
        end_ms=3000,
        frames=75,
    )


def commit(collection: Collection, name: str, findings: Sequence[tuple[str, Finding]]) -> None:
    by = dict.fromkeys(analyzer for analyzer, _ in findings)
    results = [
        Result(analyzer, "1", 0.1, [one for said_by, one in findings if said_by == analyzer])
        for analyzer in by
    ]
    collection.commit_video(
        found_video(collection.folder, name, (("creation_time", "2013-05-01T12:00:00.000000Z"),)),
        [Shot(number, *span) for number, span in enumerate(SHOTS)],
        [Keyframe(0, 500, 0, 1000), Keyframe(1, 1500, 1000, 2000), Keyframe(1, 2500, 2000, 3000)],
        [Scene(0, 0, 3000)],
        results,
    )


@pytest.fixture
def collection(tmp_path: Path, catalog_url: str | None) -> Iterator[Collection]:
    with Collection.create(tmp_path / "c", catalog_url) as made:
        made.add_space(SPACE)
        made.add_space(FACES)
        yield made


def test_a_generation_holds_what_the_collection_holds(collection: Collection) -> None:
    for number in range(3):
        commit(collection, f"v{number}.mp4", FINDINGS if number != 1 else FINDINGS[5:])
    stages: list[str] = []
    build_generation(collection, stages.append)
    generation = open_generation(collection.folder)
    assert generation.collection_id == collection.id
    assert generation.revision == collection.revision
    assert stages == [
        "vectors of toy", "vectors of faces", "words", "tracks", "labels and measures"
    ]  # fmt: skip
    listed = [plain("v0"), plain("v1", FINDINGS[5:]), plain("v2")]
    expected = arrays_of(build_in_memory(content_of(listed, [SPACE, FACES])))
    taken = arrays_of(generation)
    date_ms = datetime(2013, 5, 1, 12, tzinfo=UTC).timestamp() * 1000
    assert taken.pop("VideoTable.date_ms") == [date_ms] * 3
    assert taken.pop("VideoTable.size_bytes") == [1234] * 3
    assert list(generation.videos.path) == [str(collection.folder / f"v{n}.mp4") for n in range(3)]
    taken_uids = taken.pop("uid")
    assert taken_uids == tuple(video.uid for video in collection.catalog.find_videos())
    for name in ("VideoTable.date_ms", "VideoTable.size_bytes", "uid"):
        del expected[name]
    assert taken == expected


def test_removed_videos_are_gone_from_the_next_generation(collection: Collection) -> None:
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        commit(collection, name, FINDINGS)
    collection.remove_video(collection.find_video("b.mp4"))
    build_generation(collection)
    generation = open_generation(collection.folder)
    assert generation.videos.name == ("a.mp4", "c.mp4")
    assert generation.words.documents.video.tolist() == [0, 0, 0, 1, 1, 1]
    assert generation.spaces["toy"].row.tolist() == [0, 0, 1, 2, 3, 3, 4, 5]


def test_a_generation_is_brought_up_to_date_only_when_something_changed(
    collection: Collection,
) -> None:
    first = bring_up_to_date(collection)
    assert bring_up_to_date(collection) == first
    commit(collection, "a.mp4", FINDINGS)
    second = bring_up_to_date(collection)
    assert second != first
    assert open_generation(collection.folder).videos.name == ("a.mp4",)
    os.truncate(part_of(collection.folder) / "rows.shot.npy", 100)
    third = bring_up_to_date(collection)
    assert third != second
    fourth = build_generation(collection)
    os.truncate(part_of(collection.folder) / "rows.shot.npy", 100)
    assert bring_up_to_date(collection) not in (third, fourth)  # though the third is whole


def test_vectors_that_are_missing_are_left_out(collection: Collection) -> None:
    commit(collection, "a.mp4", FINDINGS)
    for path in (collection.folder / "vectors").rglob("*.parquet"):
        path.unlink()
    build_generation(collection)
    generation = open_generation(collection.folder)
    assert [len(space.row) for space in generation.spaces.values()] == [0, 0]
    assert "3 files of vectors, such as vectors/faces/" in generation.notes[0]
    assert len(generation.words.documents) == 3


@pytest.mark.parametrize(
    ("tags", "date"),
    [
        ((("creation_time", "2013-05-01T12:00:00.000000Z"),), "2013-05-01T12:00:00+00:00"),
        ((("creation_time", "1904-01-01T00:00:00Z"),), None),
        ((("creation_time", "1970-01-01T00:00:00Z"), ("date", "2001-02-03")), "2001-02-03"),
        ((("creation_time", "yesterday"),), None),
        ((("com.apple.quicktime.creationdate", "2020-01-01T00:00:00+0200"),), "2019-12-31T22:00"),
        ((), None),
    ],
)
def test_the_date_is_the_containers_else_the_files(
    tmp_path: Path, tags: tuple[tuple[str, str], ...], date: str | None
) -> None:
    video = found_video(tmp_path, "a.mp4", tags)
    expected = 1_500_000_000_123
    if date:
        parsed = datetime.fromisoformat(date)
        expected = int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)
    assert date_of(video) == expected
