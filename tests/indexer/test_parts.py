"""Generations of several parts: what is taken over, what is written, what goes."""

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analyzers.clip import Container
from analyzers.encoder import Range, Space
from analyzers.finding import Embedding, Finding, Label, Measure, Words, WordsKind
from indexer.collection import Collection
from indexer.generations import following, vector_writing
from indexer.generations.build import Opened, bring_up_to_date, build_generation
from indexer.generations.checking import check_generations
from indexer.generations.following import Follower
from indexer.generations.generation import Generation
from indexer.generations.manifest import GenerationUnreadable, read_manifest
from indexer.generations.opening import (
    describe_generation,
    find_generations,
    open_generation,
)
from indexer.generations.parted_index import PartedIndex
from indexer.generations.planning import QUICK, THOROUGH, _count_kept
from indexer.records import CollectionResult, FoundVideo, Keyframe, Result, Shot, Video

SPACE = Space("toy", 2, "toy", Range(0.1, 0.9), Range(0.2, 0.8))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection.create(tmp_path / "c") as made:
        made.add_space(SPACE)
        yield made


def commit(collection: Collection, *names: str, said: str = "hello") -> list[Video]:
    """Store videos of one shot, in which their name and something else is said."""
    return [
        collection.commit_video(
            FoundVideo(
                path=f"/{name}",
                container=Container(name, "mp4", "h264", 64, 48, 25.0, 1000, 1234, 0, ()),
                size_bytes=1234,
                mtime_ns=0,
                sample_hash=f"{name} {said}",
                segmenter="fixed:1",
                decoder="pyav",
                first_ms=0,
                end_ms=1000,
                frames=25,
            ),
            [Shot(0, 0, 1000)],
            [Keyframe(0, 500, 0, 1000)],
            [],
            [Result("all", "1", 0.1, findings(name, said))],
        )
        for name in names
    ]


def findings(name: str, said: str) -> Sequence[Finding]:
    angle = sum(name.encode())
    return (
        Embedding(0, 1000, "toy", np.array([np.cos(angle), np.sin(angle)], np.float32)),
        Words(0, 1000, WordsKind.SAID, f"{name} {said}"),
        Label(0, 1000, "coco", name, 0.5),
        Measure(0, 1000, "size", 1.0),
    )


def up_to_date(collection: Collection, older: Generation | None = None) -> Generation:
    bring_up_to_date(collection)
    return open_generation(collection.folder, older=older)


def parts_of(generation: Generation) -> list[int]:
    """How many videos each part has, the dead counted in."""
    return [len(part.videos) for part in generation.parts]


def said_in(generation: Generation, expression: str) -> list[str]:
    docs = generation.words.find(expression).docs
    return sorted(generation.videos.name[video] for video in generation.words.documents.video[docs])


def whole(generation: Generation) -> list[str]:
    """The names of all videos, having looked whether everything of each is found."""
    for number, name in enumerate(generation.videos.name):
        assert generation.labels.find(f"coco/{name}").shots.tolist() == [number]
        assert generation.rows.video[generation.labels.rows_of(name).rows].tolist() == [number]
        assert said_in(generation, f'"{name}"') == [name]
        vector = findings(name, "")[0].vector  # type: ignore[union-attr]
        scores = generation.spaces["toy"].row_scores(vector[None])[0]
        assert scores[number] == pytest.approx(1, abs=1e-5)
    assert generation.measures.find("size").shots.tolist() == list(range(len(generation.rows)))
    return sorted(generation.videos.name)


def some(number: int) -> list[str]:
    return [f"v{n}" for n in range(number)]


def test_what_is_new_is_written_beside_what_is_there(collection: Collection) -> None:
    commit(collection, *some(10))
    first = up_to_date(collection)
    files = {path: path.stat() for path in collection.folder.glob("indexes/parts/*/*")}
    commit(collection, "new")
    second = up_to_date(collection, first)
    assert parts_of(second) == [10, 1]
    assert second.parts[0] is first.parts[0], "what is open is shared"
    assert {path: path.stat() for path in files} == files
    assert whole(second) == sorted(["new", *some(10)])
    described = describe_generation(collection.folder)
    assert described is not None
    assert described["counts"]["videos"] == described["counts"]["vectors of toy"] == 11


def test_what_is_there_stays_where_faces_are_found_otherwise(collection: Collection) -> None:
    commit(collection, *some(10))
    first = up_to_date(collection)
    collection.add_space(replace(collection.spaces["toy"], detector="another"))
    commit(collection, "new")
    second = up_to_date(collection, first)
    assert parts_of(second) == [10, 1]
    assert second.spaces["toy"].space.detector == "another"


def test_a_changed_video_is_dead_where_it_was_and_stands_at_the_end(collection: Collection) -> None:
    commit(collection, *some(10))
    up_to_date(collection)
    commit(collection, "v3", said="goodbye")
    generation = up_to_date(collection)
    assert parts_of(generation) == [10, 1]
    assert generation.videos.name == ("v0", "v1", "v2", *(f"v{n}" for n in range(4, 10)), "v3")
    assert said_in(generation, "goodbye") == ["v3"]
    assert len(said_in(generation, "hello")) == 9
    assert whole(generation) == some(10)
    described = describe_generation(collection.folder)
    assert described is not None
    assert described["counts"]["documents"] == 10


def test_a_removed_video_costs_nothing_but_is_gone(collection: Collection) -> None:
    videos = commit(collection, *some(10))
    up_to_date(collection)
    collection.remove_video(videos[3])
    generation = up_to_date(collection)
    assert parts_of(generation) == [10]
    assert "coco/v3" not in generation.labels
    assert "coco/v3" not in [label.full for label in generation.labels.names()]
    assert "v3" not in whole(generation)
    for video in (*videos[:3], *videos[4:]):
        collection.remove_video(video)
    assert whole(up_to_date(collection)) == []


def test_nothing_that_did_not_change_is_read(collection: Collection) -> None:
    commit(collection, *some(10))
    up_to_date(collection)
    new = commit(collection, "new")[0]
    with closing(sqlite3.connect(collection.folder / "catalog.sqlite")) as database:
        for table in ("words", "labels", "measures", "shots", "keyframes", "files"):
            database.execute(f"DELETE FROM {table} WHERE video_id <> {new.id}")
        database.commit()
    for path in (collection.folder / "vectors").rglob("*.parquet"):
        if not path.name.startswith(new.uid):
            path.unlink()
    assert whole(up_to_date(collection)) == sorted(["new", *some(10)])


def test_many_small_changes_make_few_parts(collection: Collection) -> None:
    written = 0
    for number in range(20):
        commit(collection, f"v{number}")
        generation = up_to_date(collection)
        sizes = parts_of(generation)
        assert sum(sizes) == number + 1
        assert all(one >= 2 * other for one, other in pairwise(sizes)), sizes
        written += sizes[-1]
    assert written < 20 * 5, "each was written as often as its number has binary places"
    assert whole(generation) == sorted(some(20))


def test_where_a_fifth_is_dead_a_new_base_is_made(collection: Collection) -> None:
    videos = commit(collection, *some(10))
    up_to_date(collection)
    for video in videos[:2]:
        collection.remove_video(video)
    assert parts_of(up_to_date(collection)) == [10]
    collection.remove_video(videos[2])
    assert parts_of(up_to_date(collection)) == [7]


def test_rebuild_makes_one_part(collection: Collection) -> None:
    commit(collection, *some(10))
    up_to_date(collection)
    commit(collection, "new")
    up_to_date(collection)
    build_generation(collection)
    generation = open_generation(collection.folder)
    assert parts_of(generation) == [11]
    assert generation.spaces["toy"].index.__class__ is not PartedIndex


def test_parts_go_with_the_last_generation_that_names_them(collection: Collection) -> None:
    commit(collection, *some(10))
    for number in range(4):
        commit(collection, f"new{number}")
        up_to_date(collection)
        indexes = collection.folder / "indexes"
        manifests = [read_manifest(indexes / name) for name in find_generations(collection.folder)]
        named = {used.name for manifest in manifests for used in manifest.parts}
        assert {path.name for path in (indexes / "parts").iterdir()} == named
        assert len(manifests) <= 2


def test_what_a_look_at_all_videos_takes_back_is_a_change(collection: Collection) -> None:
    videos = commit(collection, *some(10))
    label = (Label(0, 1000, "crowd", "alike", 0.5),)
    for alike in (2, 5):
        said = [(videos[alike], label)]
        collection.commit_collection_result(CollectionResult("crowd", "1", str(alike), said))
        generation = up_to_date(collection)
        shots = generation.labels.find("crowd/alike").shots
        names = [generation.videos.name[video] for video in generation.shots.video[shots]]
        assert names == [f"v{alike}"]


def test_vectors_that_come_back_are_read(collection: Collection) -> None:
    commit(collection, *some(10))
    path = next((collection.folder / "vectors").rglob("*.parquet"))
    content = path.read_bytes()
    path.write_bytes(b"?")
    generation = up_to_date(collection)
    assert len(generation.spaces["toy"].row) == 9
    assert path.name in generation.notes[0]
    assert up_to_date(collection).name == generation.name
    path.write_bytes(content)
    commit(collection, "new")
    generation = up_to_date(collection)
    assert whole(generation) == sorted(["new", *some(10)])
    assert not any(path.name in note for note in generation.notes)
    assert parts_of(generation) == [10, 2]


@contextmanager
def backed_up(collection: Collection) -> Iterator[None]:
    """What is done meanwhile is undone in the catalog, from a backup."""
    kept = collection.folder.with_name("kept.sqlite")
    catalog = collection.folder / "catalog.sqlite"
    with closing(sqlite3.connect(catalog)) as database, closing(sqlite3.connect(kept)) as copy:
        database.backup(copy)
        yield
        copy.backup(database)


def test_a_catalog_that_was_restored_is_read_from_the_beginning(collection: Collection) -> None:
    commit(collection, *some(10))
    with backed_up(collection):
        commit(collection, "lost")
        up_to_date(collection)
    generation = up_to_date(collection)
    assert whole(generation) == some(10)
    assert parts_of(generation) == [10]


def test_a_restored_catalog_that_was_gone_on_with_is_no_older_one(collection: Collection) -> None:
    commit(collection, "a", "b")
    up_to_date(collection)
    with backed_up(collection):
        commit(collection, "lost")
        up_to_date(collection)
    commit(collection, "new")  # of the number and the revision of what is lost
    assert whole(up_to_date(collection)) == ["a", "b", "new"]


def test_what_was_only_removed_since_a_catalog_was_restored_is_gone(collection: Collection) -> None:
    videos = commit(collection, *some(10))
    up_to_date(collection)
    with backed_up(collection):
        commit(collection, "lost")
        up_to_date(collection)
    collection.remove_video(videos[3])
    assert whole(up_to_date(collection)) == sorted({*some(10)} - {"v3"})


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts what the system lists there")
@pytest.mark.parametrize(("exact_most", "per_part"), [(50_000, 0), (0, 1)])
def test_parts_that_are_open_hold_few_files(
    exact_most: int, per_part: int, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_writing, "EXACT_MOST", exact_most)
    for number in (12, 6, 3):
        commit(collection, *(f"{number} {n}" for n in range(number)))
        generation = up_to_date(collection)
    assert parts_of(generation) == [12, 6, 3]
    open_files = [file.resolve() for file in Path("/proc/self/fd").iterdir()]
    held = [file for file in open_files if collection.folder / "indexes" in file.parents]
    assert len(held) == 3 * per_part


def test_damage_of_a_shared_part_is_damage_of_all_that_share_it(collection: Collection) -> None:
    commit(collection, *some(10))
    base = up_to_date(collection).parts[0].manifest.name
    commit(collection, "new")
    generation = up_to_date(collection)
    (collection.folder / "indexes" / "parts" / base / "manifest.json").unlink()
    assert len(check_generations(collection.folder)) == 2
    with pytest.raises(GenerationUnreadable, match=f"{base}/manifest.json is missing"):
        open_generation(collection.folder)
    assert whole(generation) == sorted(["new", *some(10)]), "what is open answers on"
    assert whole(up_to_date(collection)) == sorted(["new", *some(10)])
    assert check_generations(collection.folder) == []


def test_search_files_of_an_older_format_are_replaced(collection: Collection) -> None:
    commit(collection, *some(3))
    bring_up_to_date(collection)
    indexes = collection.folder / "indexes"
    (name,) = find_generations(collection.folder)
    shutil.move(indexes / "parts" / name, indexes / "away")
    shutil.rmtree(indexes / name)
    shutil.move(indexes / "away", indexes / name)
    old = json.loads((indexes / name / "manifest.json").read_text())
    (indexes / name / "manifest.json").write_text(json.dumps(old | {"format": 1}))
    with pytest.raises(GenerationUnreadable, match="older format: run `shotseek rebuild`"):
        open_generation(collection.folder)
    assert whole(up_to_date(collection)) == some(3)
    assert name not in find_generations(collection.folder)


def test_generations_can_be_opened_while_others_push_them_out(collection: Collection) -> None:
    commit(collection, *some(10))
    up_to_date(collection)
    over, opened = threading.Event(), list[int]()

    def go_on_opening() -> None:
        generation = None
        while not over.is_set():
            generation = open_generation(collection.folder, older=generation)
            opened.append(len(whole(generation)))

    opener = threading.Thread(target=go_on_opening)
    opener.start()
    for number in range(6):
        commit(collection, f"new{number}")
        bring_up_to_date(collection)
    over.set()
    opener.join()
    assert opened == sorted(opened)
    assert set(opened) <= set(range(10, 17))


# While a collection is filled


def test_what_is_committed_is_found_while_others_are_still_read(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "EVERY_S", 0.05)
    build_generation(collection)
    with Follower(collection):
        for number in range(3):
            commit(collection, f"v{number}")
            ends = time.monotonic() + 30
            while len(open_generation(collection.folder).videos) < number + 1:
                assert time.monotonic() < ends
                time.sleep(0.05)
    assert whole(open_generation(collection.folder)) == some(3)


def test_who_builds_again_opens_no_part_twice(collection: Collection) -> None:
    commit(collection, *some(10))
    bring_up_to_date(collection)
    opened: Opened = {}
    for number in range(10, 13):
        commit(collection, f"v{number}")
        bring_up_to_date(collection, rules=QUICK, opened=opened)
        (first, *_) = opened.values()
        bring_up_to_date(collection, rules=QUICK, opened=opened)
        assert next(iter(opened.values())) is first
        assert list(opened) == [part.manifest.name for part in up_to_date(collection).parts]
    shutil.rmtree(collection.folder / "indexes")
    build_generation(collection)
    bring_up_to_date(collection, opened=opened)
    assert list(opened) == [part.manifest.name for part in up_to_date(collection).parts]


def test_a_quick_build_writes_little_again() -> None:
    assert _count_kept([10_000, 200, 60], 10, THOROUGH) == 3
    assert _count_kept([10_000, 200, 60], 40, THOROUGH) == 2
    assert _count_kept([10_000, 200, 60], 40, QUICK) == 2
    assert _count_kept([10_000, 90, 90], 90, QUICK) == 3
    assert _count_kept([10_000, 90, 90], 0, QUICK) == 3
    assert _count_kept([10_000, 90, 90], 0, THOROUGH) == 1
    assert _count_kept([10_000, *[90] * 30], 90, QUICK) == 31
    assert _count_kept([10_000, *[90] * 31], 90, QUICK) == 1, "there would be too many"
    assert _count_kept([10_000], 6000, THOROUGH) == 0
