"""Collections: made, filled, read back, mended; over SQLite where the database does not matter."""

import json
import os
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.encoder import Range, Space
from analyzers.error import SettingsError
from analyzers.finding import Embedding, Label, Measure, Track, Words, WordsKind
from indexer.collection import Collection
from indexer.error import (
    AmbiguousVideo,
    CollectionBusy,
    CollectionChanged,
    CollectionDamaged,
    CollectionMissing,
    CollectionTooNew,
    SpaceMismatch,
    VideoMissing,
)
from indexer.fingerprint import sample_hash
from indexer.lock import writer_lock
from indexer.records import (
    CollectionResult,
    Keyframe,
    KeyframePictures,
    Problem,
    ProblemKind,
    Result,
    RunState,
    Shot,
    Video,
)
from indexer.staging import Staging

PLAIN = Range(0.0, 1.0)


def files_of(collection: Collection) -> list[str]:
    """All files that belong to videos, relative to the collection."""
    parts = ("vectors", "tracks", "keyframes", "incoming")
    paths = (path for part in parts for path in (collection.folder / part).rglob("*"))
    return sorted(str(path.relative_to(collection.folder)) for path in paths if path.is_file())


# Making and opening


def test_creating_again_opens_what_is_there(tmp_path: Path, maker: Any) -> None:
    with Collection.create(tmp_path / "c") as first:
        maker.commit(first)
    with Collection.create(tmp_path / "c") as second:
        assert second.id == first.id
        assert second.catalog.counts().videos == 1


def test_a_half_made_collection_is_finished(tmp_path: Path, catalog_url: str | None) -> None:
    folder = tmp_path / "c"
    with Collection.create(folder, catalog_url) as first:
        pass
    finished = (folder / "collection.json").read_bytes()
    os.replace(folder / "collection.json", folder / "collection.draft.json")
    with pytest.raises(CollectionMissing):
        Collection.open_(folder)

    with Collection.create(folder, catalog_url) as second:
        assert second.id == first.id  # so nothing is left behind under another id
    assert (folder / "collection.json").read_bytes() == finished
    assert not (folder / "collection.draft.json").exists()


def test_a_folder_without_a_collection_is_said_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(CollectionMissing, match="shotseek index PATH --collection"):
        Collection.open_(tmp_path)


def test_a_newer_format_is_refused(sqlite_collection: Collection) -> None:
    path = sqlite_collection.folder / "collection.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))

    with pytest.raises(CollectionTooNew, match=r"format 2.*newer shotseek"):
        Collection.open_(sqlite_collection.folder)


def test_a_damaged_collection_file_is_not_made_anew(sqlite_collection: Collection) -> None:
    (sqlite_collection.folder / "collection.json").write_text("{")

    for again in (Collection.open_, Collection.create):
        with pytest.raises(CollectionDamaged, match="restore it from a backup"):
            again(sqlite_collection.folder)


def test_a_collection_does_not_change_its_database(
    sqlite_collection: Collection, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="its catalog in its own folder; leave out --catalog"):
        Collection.create(sqlite_collection.folder, "postgresql://db/films")
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="is a file"):
        Collection.create(tmp_path / "file")


def test_a_collection_may_be_opened_by_another_spelling_of_its_url(
    tmp_path: Path, postgresql_url: str
) -> None:
    first = Collection.create(tmp_path / "c", postgresql_url)
    again = Collection.create(tmp_path / "c", postgresql_url + "&port=5432")

    assert first.id == again.id
    with pytest.raises(SettingsError, match="has its catalog in postgresql://postgres@/postgres"):
        Collection.create(tmp_path / "c", postgresql_url.replace("/postgres?", "/other?"))
    first.close()
    again.close()


def test_spaces_are_kept_and_never_change_their_model(sqlite_collection: Collection) -> None:
    other = Collection.open_(sqlite_collection.folder)
    new = Space("new", 3, "ARCH:tag", PLAIN, Range(0.1, 0.4))
    sqlite_collection.add_space(new)
    other.add_space(Space("more", 5, "", PLAIN, PLAIN))

    for each in (other, Collection.open_(sqlite_collection.folder)):
        assert list(each.spaces) == ["toy", "faces", "new", "more"]
        assert each.spaces["new"] == new
        with pytest.raises(SpaceMismatch, match=r"3 dimensions by ARCH:tag.*not of 4 dimensions"):
            each.add_space(replace(new, dim=4))
        with pytest.raises(SpaceMismatch):
            each.add_space(replace(new, encoder="ARCH:other"))
        each.close()


def test_a_space_without_an_encoder_gets_one(sqlite_collection: Collection) -> None:
    bare = Space("bare", 3, "", PLAIN, PLAIN)
    sqlite_collection.add_space(bare)
    sqlite_collection.add_space(replace(bare, encoder="ARCH:tag", text_range=Range(0.1, 0.2)))
    sqlite_collection.add_space(bare)

    with Collection.open_(sqlite_collection.folder) as again:
        assert again.spaces["bare"].encoder == "ARCH:tag"
        assert again.spaces["bare"].text_range == Range(0.1, 0.2)


def test_what_found_the_faces_of_a_space_is_remembered_as_of_the_last_run(
    sqlite_collection: Collection,
) -> None:
    before = Space("seen", 3, "embedder", PLAIN, PLAIN)
    for detector in ("", "one", "", "other", ""):
        sqlite_collection.add_space(replace(before, detector=detector))

    with Collection.open_(sqlite_collection.folder) as again:
        assert again.spaces["seen"] == replace(before, detector="other")


# Committing


def test_a_commit_leaves_its_files_in_their_places_and_no_others(
    sqlite_collection: Collection, maker: Any
) -> None:
    video = maker.commit(sqlite_collection, "/a.mp4", maker.result(), pictures=True)

    run = sqlite_collection.catalog.find_runs(video)[0]
    pictures = [f"{t}{size}.jpg" for t in (1000, 3000, 6000) for size in ("", ".small")]
    stills = [f"keyframes/{video.uid}/{name}" for name in pictures]
    assert files_of(sqlite_collection) == sorted([*(file.path for file in run.files), *stills])
    large = sqlite_collection.pictures(video) / "3000.jpg"
    assert large.read_bytes() == b"large "
    assert json.loads((sqlite_collection.folder / "collection.json").read_text())["segmenters"] == [
        "fixed:4"
    ]


def test_a_changed_video_leaves_nothing_of_the_old_one(
    sqlite_collection: Collection, maker: Any
) -> None:
    maker.commit(sqlite_collection, "/a.mp4", maker.result(), maker.result("x"), pictures=True)
    still = KeyframePictures(500, b"new large", b"new small")
    video = sqlite_collection.commit_video(
        maker.found("/a.mp4", sample_hash="new"),
        [Shot(0, 0, 1_000)],
        [Keyframe(0, 500, 0, 1_000)],
        [],
        [maker.result(seed=3)],
        [still],
    )

    named = [file.path for file in sqlite_collection.catalog.find_runs(video)[0].files]
    stills = [f"keyframes/{video.uid}/{name}" for name in ("500.jpg", "500.small.jpg")]
    assert files_of(sqlite_collection) == sorted([*named, *stills])
    assert sqlite_collection.check() == [_missing(video)]


def test_a_copy_of_a_video_gets_another_public_id(
    sqlite_collection: Collection, maker: Any
) -> None:
    first = maker.commit(sqlite_collection, "/a.mp4", maker.result())
    second = maker.commit(sqlite_collection, "/copy.mp4", maker.result())

    assert first.uid != second.uid
    assert len(files_of(sqlite_collection)) == 6
    sqlite_collection.remove_video(first)
    assert len(sqlite_collection.find_findings(second)) == 11


def test_the_same_video_committed_twice_is_stored_once_with_all_runs(
    sqlite_collection: Collection, maker: Any
) -> None:
    first = maker.commit(sqlite_collection, "/a.mp4", maker.result("one"), pictures=True)
    before = files_of(sqlite_collection)
    again = maker.commit(sqlite_collection, "/a.mp4", maker.result("one"), pictures=True)
    assert (again, files_of(sqlite_collection)) == (first, before)

    other = maker.result("two", seed=9)
    failed = Result("bad", "1", 0.0, reason="no luck")
    merged = maker.commit(sqlite_collection, "/a.mp4", other, failed, pictures=True)
    assert merged.id == first.id
    states = {r.analyzer: r.state for r in sqlite_collection.catalog.find_runs(merged)}
    assert states == {"one": RunState.DONE, "two": RunState.DONE, "bad": RunState.FAILED}
    maker.commit(sqlite_collection, "/a.mp4", maker.result("bad"))
    assert {run.state for run in sqlite_collection.catalog.read_runs()} == {RunState.DONE}


def test_other_shots_of_the_same_content_replace_the_old_ones(
    sqlite_collection: Collection, maker: Any
) -> None:
    maker.commit(sqlite_collection, "/a.mp4", maker.result("one"))
    parts = ([Shot(0, 0, 8_000)], list(maker.keyframes), [])
    video = sqlite_collection.commit_video(maker.found("/a.mp4"), *parts, [maker.result("two")])

    assert [run.analyzer for run in sqlite_collection.catalog.find_runs(video)] == ["two"]
    assert len(sqlite_collection.catalog.find_shots(video)) == 1


def test_results_of_a_newer_version_replace_the_older_ones(
    sqlite_collection: Collection, maker: Any
) -> None:
    video = maker.commit(sqlite_collection, "/a.mp4", maker.result("one"), maker.result("two"))
    newer = replace(maker.result("two", "2", seed=4), seconds=9.0)
    assert sqlite_collection.commit_results(video, [newer], side_cars="changed")

    runs = sqlite_collection.catalog.find_runs(video)
    assert [(run.analyzer, run.version) for run in runs] == [("one", "1"), ("two", "2")]
    assert sorted(file.path for run in runs for file in run.files) == files_of(sqlite_collection)
    found = sqlite_collection.find_findings(video, ["two"])
    assert maker.plain(found) == maker.plain(maker.findings(4))
    assert sqlite_collection.catalog.find_videos()[0].side_cars == "changed"


def test_the_same_result_again_keeps_its_files(sqlite_collection: Collection, maker: Any) -> None:
    video = maker.commit(sqlite_collection, "/a.mp4", maker.result("one"))
    before = files_of(sqlite_collection)
    sqlite_collection.commit_results(video, [maker.result("one")])

    assert files_of(sqlite_collection) == before
    assert len(sqlite_collection.find_findings(video)) == 11


def test_results_of_content_that_was_replaced_are_dropped(
    sqlite_collection: Collection, maker: Any
) -> None:
    old = maker.commit(sqlite_collection, "/a.mp4", sample_hash="old")
    new = maker.commit(sqlite_collection, "/a.mp4", sample_hash="new")

    assert not sqlite_collection.commit_results(old, [maker.result()])
    assert sqlite_collection.commit_results(new, [])
    sqlite_collection.remove_video(new)
    assert not sqlite_collection.commit_results(new, [maker.result()])
    assert files_of(sqlite_collection) == []


@pytest.mark.parametrize(
    ("finding", "fault"),
    [
        (Label(5, 5, "v", "n"), "Label at 5 ms that ends at 5 ms"),
        (Label(0, 9, "v", "n", float("nan")), "with the value nan"),
        (Words(0, 9, WordsKind.READ, "t", 1.0, (0, 0, float("inf"), 1)), "with the box"),
        (Measure(0, 9, "m", float("inf")), "with the value inf"),
        (Embedding(0, 9, "toy", np.ones(3, np.float32)), r"shape \(3,\) in the space toy"),
        (Embedding(0, 9, "toy", np.ones(4, np.float32)), "length 2, not 1"),
        (Embedding(0, 9, "toy", np.full(4, np.nan, np.float32)), "length nan"),
        (Embedding(0, 9, "who", np.ones(4, np.float32)), "the space who, which the collection"),
        (
            Track(0, 9, "t", "k", np.zeros(2, np.int64), np.zeros((1, 4)), np.zeros(2)),  # type: ignore[arg-type]
            "have the shapes",
        ),
    ],
)
def test_an_analyzer_that_says_nonsense_fails_and_the_others_stand(
    sqlite_collection: Collection, maker: Any, finding: Any, fault: str
) -> None:
    wrong = Result("wrong", "1", 0.0, [Label(0, 1, "v", "n"), finding])
    video = maker.commit(sqlite_collection, "/a.mp4", maker.result("right"), wrong)

    right, failed = sqlite_collection.catalog.find_runs(video)
    assert (right.state, failed.state) == (RunState.DONE, RunState.FAILED)
    assert re.search(fault, failed.reason or "")
    assert len(sqlite_collection.find_findings(video)) == 11


def test_whole_collection_findings_are_replaced_as_a_whole(
    collection: Collection, maker: Any
) -> None:
    videos = [maker.commit(collection, f"/{n}.mp4", sample_hash=str(n)) for n in range(3)]
    state = collection.videos_revision
    for seed, chosen in [(1, videos[:2]), (2, videos[1:])]:
        said = [(video, maker.findings(seed)) for video in chosen]
        result = CollectionResult("whole", "1", str(seed), [*said, (videos[0], [])], 2.5)
        collection.commit_collection_result(result)

    assert collection.videos_revision == state
    assert collection.revision == state + 2
    assert collection.find_findings(videos[0]) == []
    for video in videos[1:]:
        assert maker.plain(collection.find_findings(video)) == maker.plain(maker.findings(2))
    runs = [collection.catalog.find_runs(video) for video in videos]
    named = sorted(file.path for several in runs for run in several for file in run.files)
    assert files_of(collection) == named
    whole = collection.catalog.find_collection_runs()
    assert [(w.analyzer, w.version, w.generation, w.seconds) for w in whole] == [
        ("whole", "1", "2", 2.5)
    ]


def test_removing_a_video_removes_every_file_of_it(
    sqlite_collection: Collection, maker: Any
) -> None:
    gone = maker.commit(sqlite_collection, "/a.mp4", maker.result(), pictures=True)
    kept = maker.commit(sqlite_collection, "/b.mp4", maker.result(), pictures=True, sample_hash="b")
    sqlite_collection.remove_video(gone)
    sqlite_collection.remove_video(gone)

    files = files_of(sqlite_collection)
    assert len(files) == 9
    assert all(kept.uid in file for file in files)


def test_a_moved_video_keeps_all_but_its_path(sqlite_collection: Collection, maker: Any) -> None:
    video = maker.commit(sqlite_collection, "/a.mp4", maker.result())
    sqlite_collection.move_video(video, Path("/there/b.mp4"))
    sqlite_collection.touch_video(video, 1_234, 42)

    moved = sqlite_collection.find_video("b.mp4")
    assert (moved.id, moved.uid, moved.path) == (video.id, video.uid, "/there/b.mp4")
    assert (moved.container.name, moved.mtime_ns) == ("b.mp4", 42)
    assert len(sqlite_collection.find_findings(moved)) == 11
    other = maker.commit(sqlite_collection, "/a.mp4", sample_hash="other")
    sqlite_collection.move_video(other, Path("/there/b.mp4"))
    assert sqlite_collection.find_video("a.mp4") == other


# Reading


@pytest.fixture
def named(sqlite_collection: Collection, maker: Any) -> Collection:
    """A collection of four videos with names alike."""
    for path in ("/films/x/cut.mp4", "/films/y/cut.mp4", "/films/casa blanca.mp4", "/z/other.mp4"):
        maker.commit(sqlite_collection, path, sample_hash=path)
    return sqlite_collection


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("other.mp4", "/z/other.mp4"),
        ("/films/y/cut.mp4", "/films/y/cut.mp4"),
        ("x/cut.mp4", "/films/x/cut.mp4"),
        ("casa blanca.mp4", "/films/casa blanca.mp4"),
    ],
)
def test_a_video_is_found_by_name_or_path(named: Collection, name: str, path: str) -> None:
    assert named.find_video(name).path == path


def test_a_video_is_found_by_its_public_id(named: Collection) -> None:
    for video in named.catalog.find_videos():
        assert named.find_video(video.uid) == video


def test_a_path_from_here_is_found(
    named: Collection, maker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = maker.commit(named, tmp_path / "cut.mp4", sample_hash="here")
    monkeypatch.chdir(tmp_path)

    assert named.find_video("cut.mp4") == here
    assert named.find_video("./cut.mp4") == here


def test_an_ambiguous_name_lists_the_paths(named: Collection) -> None:
    with pytest.raises(AmbiguousVideo, match=r"2 videos.*/films/x/cut.mp4, /films/y/cut.mp4"):
        named.find_video("cut.mp4")


def test_an_unknown_name_tells_the_nearest(named: Collection) -> None:
    with pytest.raises(VideoMissing, match=r"no video is named othr.mp4; the nearest: other.mp4"):
        named.find_video("othr.mp4")
    with pytest.raises(VideoMissing, match=r"no video is named qqq$"):
        named.find_video("qqq")


def test_vectors_of_a_space_come_by_video(sqlite_collection: Collection, maker: Any) -> None:
    videos = [maker.commit(sqlite_collection, f"/{n}", sample_hash=str(n)) for n in range(3)]
    for video in reversed(videos):
        sqlite_collection.commit_results(video, [maker.result(seed=video.id)])
    read = list(sqlite_collection.read_vectors("toy"))

    assert [video_id for video_id, _ in read] == [1, 2, 3]
    for video_id, file in read:
        said = [each for each in maker.findings(video_id) if isinstance(each, Embedding)]
        assert np.array_equal(file.vectors, [said[0].vector, said[2].vector])
        assert file.time_ms.tolist() == [1_000, 3_000]
    assert list(sqlite_collection.read_vectors("unknown")) == []


def test_a_view_whose_files_were_replaced_says_so(
    sqlite_collection: Collection, maker: Any
) -> None:
    maker.commit(sqlite_collection, "/a.mp4", maker.result())
    with sqlite_collection.catalog.reading() as view:
        assert view.revision == 1
        maker.commit(sqlite_collection, "/a.mp4", maker.result(seed=1), sample_hash="new")
        with pytest.raises(CollectionChanged):
            list(sqlite_collection.read_vectors("toy", view))
    assert len(list(sqlite_collection.read_vectors("toy"))) == 1


def test_findings_can_be_read_while_they_are_replaced(
    sqlite_collection: Collection, maker: Any
) -> None:
    video = maker.commit(sqlite_collection, "/a.mp4", maker.result())
    done = threading.Event()

    def replace_often() -> None:
        with Collection.open_(sqlite_collection.folder) as other:
            for seed in range(15):
                other.commit_results(video, [maker.result(seed=seed)])
        done.set()

    writer = threading.Thread(target=replace_often)
    writer.start()
    reads = 0
    while not done.is_set():
        found = sqlite_collection.find_findings(video)
        seed = int(found[3].text.rsplit(" ", 1)[1])  # type: ignore[union-attr]
        assert maker.plain(found) == maker.plain(maker.findings(seed))
        reads += 1
    writer.join()
    assert reads > 0


# Checking


@pytest.fixture
def on_disk(tmp_path: Path, sqlite_collection: Collection, maker: Any) -> Video:
    """A video that is there, committed with findings and pictures as it stands."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"moving pictures" * 100_000)
    stat = path.stat()
    facts = {"size_bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    facts["sample_hash"] = sample_hash(path)
    video: Video = maker.commit(sqlite_collection, path, maker.result(), pictures=True, **facts)
    return video


def _missing(video: Video) -> Problem:
    detail = "`shotseek remove` it, or index the folder where it is now"
    return Problem(ProblemKind.VIDEO_MISSING, video.path, detail)


def test_a_sound_collection_has_no_problems(sqlite_collection: Collection, on_disk: Video) -> None:
    assert sqlite_collection.check() == []
    assert sqlite_collection.check(full=True) == []


def test_orphans_are_removed(sqlite_collection: Collection, on_disk: Video) -> None:
    before = files_of(sqlite_collection)
    orphans = ["vectors/toy/0.0.parquet", "tracks/gone/x.parquet", ".x.1.tmp", "keyframes/0/5.jpg"]
    for orphan in orphans:
        (sqlite_collection.folder / orphan).parent.mkdir(exist_ok=True)
        (sqlite_collection.folder / orphan).write_bytes(b"?")

    problems = sqlite_collection.check()
    assert {problem.kind for problem in problems} == {ProblemKind.ORPHAN}
    assert sorted(problem.path for problem in problems) == sorted(["keyframes/0", *orphans[:3]])
    assert files_of(sqlite_collection) == before
    assert sqlite_collection.check() == []


def test_what_another_writer_prepares_is_no_orphan(
    sqlite_collection: Collection, on_disk: Video, maker: Any
) -> None:
    with Staging(sqlite_collection.folder) as staging:
        staging.write_pictures(maker.pictures())
        assert sqlite_collection.check() == []
        maker.commit(sqlite_collection, "/b.mp4")

        assert len(list(staging.folder.rglob("*.jpg"))) == 6
    assert not staging.folder.exists()


def test_what_a_dead_writer_left_is_removed(sqlite_collection: Collection, maker: Any) -> None:
    left = sqlite_collection.folder / "incoming" / "0123"
    left.mkdir()
    (left / "0.parquet").write_bytes(b"?")
    maker.commit(sqlite_collection, "/b.mp4")

    assert not left.exists()


@pytest.mark.parametrize(
    ("content", "kind"), [(None, ProblemKind.FILE_MISSING), (b"?", ProblemKind.FILE_DAMAGED)]
)
def test_a_run_whose_file_is_bad_is_to_be_made_anew(
    sqlite_collection: Collection, on_disk: Video, content: bytes | None, kind: ProblemKind
) -> None:
    run = sqlite_collection.catalog.find_runs(on_disk)[0]
    path = sqlite_collection.folder / run.files[0].path
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    else:
        with pytest.raises(CollectionDamaged, match="run `shotseek check`, then"):
            sqlite_collection.find_findings(on_disk)

    problems = sqlite_collection.check()
    assert [(problem.kind, problem.path) for problem in problems] == [(kind, run.files[0].path)]
    marked = sqlite_collection.catalog.find_runs(on_disk)[0]
    assert marked.state is RunState.STALE
    assert marked.reason == f"{run.files[0].path} was {kind.split()[1]}"
    assert len(sqlite_collection.find_findings(on_disk)) == 9  # all but two tracks
    assert sqlite_collection.check() == []


def test_lost_pictures_and_vanished_videos_are_reported(
    sqlite_collection: Collection, on_disk: Video
) -> None:
    folder = sqlite_collection.pictures(on_disk)
    for picture in folder.iterdir():
        picture.unlink()
    folder.rmdir()
    Path(on_disk.path).unlink()

    pictures, video = sqlite_collection.check()
    assert (pictures.kind, pictures.path) == (
        ProblemKind.PICTURES_MISSING,
        f"keyframes/{on_disk.uid}",
    )
    assert video == _missing(on_disk)


def test_a_touched_video_is_no_problem_and_a_changed_one_is(
    sqlite_collection: Collection, on_disk: Video
) -> None:
    path = Path(on_disk.path)
    os.utime(path, ns=(1, 1))
    assert sqlite_collection.check() == []
    path.write_bytes(b"other pictures" * 10)

    problems = sqlite_collection.check()
    assert [problem.kind for problem in problems] == [ProblemKind.VIDEO_CHANGED]


def test_a_full_check_sees_a_change_between_the_samples(
    sqlite_collection: Collection, on_disk: Video
) -> None:
    assert sqlite_collection.check(full=True) == []
    assert len(sqlite_collection.catalog.find_videos()[0].full_hash or "") == 40
    with Path(on_disk.path).open("r+b") as file:
        file.seek(300_000)
        file.write(b"!")
    os.utime(on_disk.path, ns=(on_disk.mtime_ns, on_disk.mtime_ns))

    assert sqlite_collection.check() == []
    assert [p.kind for p in sqlite_collection.check(full=True)] == [ProblemKind.VIDEO_CHANGED]
    marked = sqlite_collection.catalog.find_videos()[0]
    assert marked.sample_hash != on_disk.sample_hash  # so that `index` sees it too
    assert marked.mtime_ns != on_disk.mtime_ns


# The lock


def test_a_writer_waits_for_the_other_one(sqlite_collection: Collection, maker: Any) -> None:
    maker.commit(sqlite_collection)
    committed = threading.Event()

    def commit() -> None:
        maker.commit(sqlite_collection, "/b.mp4", sample_hash="b")
        committed.set()

    with writer_lock(sqlite_collection.folder):
        writer = threading.Thread(target=commit)
        writer.start()
        assert not committed.wait(0.3)
    writer.join()
    assert committed.is_set()


def test_a_lock_that_is_held_for_too_long_is_said_with_its_holder(tmp_path: Path) -> None:
    with (
        writer_lock(tmp_path),
        pytest.raises(CollectionBusy, match=f"process {os.getpid()} has been writing"),
        writer_lock(tmp_path, wait_s=0.05),
    ):
        pytest.fail("two hold the lock")
