"""Collections that were hurt from outside: what `check` tells, and what works all the same."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.collection import Collection
from indexer.collection_status import read_status
from indexer.commands import run_check
from indexer.filling.planning import Planner, Work
from indexer.filling.scanning import find_video_files
from indexer.fingerprint import sample_hash
from indexer.generations.build import build_generation
from indexer.generations.opening import open_generation
from indexer.records import Failure, ProblemKind, Video


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


def work_on(collection: Collection, video: Video) -> list[Work]:
    """What `index` would do with the video."""
    files = find_video_files([Path(video.path)])
    return [job.work for job in Planner(collection, [], None).plan(files, []).jobs]


def test_the_first_full_check_does_not_take_a_changed_file_for_the_truth(
    sqlite_collection: Collection, on_disk: Video
) -> None:
    with Path(on_disk.path).open("r+b") as file:
        file.write(b"!")
    os.utime(on_disk.path, ns=(on_disk.mtime_ns, on_disk.mtime_ns))
    assert sqlite_collection.check() == []

    for _ in range(2):
        problems = sqlite_collection.check(full=True)
        assert [problem.kind for problem in problems] == [ProblemKind.VIDEO_CHANGED]
    assert sqlite_collection.catalog.find_videos()[0].full_hash is None
    assert work_on(sqlite_collection, on_disk) == [Work.UPDATE]


def test_a_single_lost_picture_is_noticed_and_the_video_read_anew(
    sqlite_collection: Collection, on_disk: Video
) -> None:
    assert work_on(sqlite_collection, on_disk) == []
    (sqlite_collection.pictures(on_disk) / "3000.small.jpg").unlink()

    for _ in range(2):
        problems = sqlite_collection.check(full=True)
        assert [(problem.kind, problem.path) for problem in problems] == [
            (ProblemKind.PICTURES_MISSING, f"keyframes/{on_disk.uid}")
        ]
        assert problems[0].detail == "1 missing: `shotseek index` reads the video anew"
    assert work_on(sqlite_collection, on_disk) == [Work.UPDATE]


def test_a_video_that_is_gone_is_not_marked_for_its_pictures(
    sqlite_collection: Collection, on_disk: Video
) -> None:
    (sqlite_collection.pictures(on_disk) / "3000.jpg").unlink()
    Path(on_disk.path).unlink()

    pictures, missing = sqlite_collection.check()
    assert "bring" in pictures.detail
    assert missing.kind is ProblemKind.VIDEO_MISSING
    assert sqlite_collection.catalog.find_videos() == [on_disk]  # recognised when it is back


def test_a_failure_that_cannot_be_looked_at_is_kept(
    sqlite_collection: Collection, tmp_path: Path, maker: Any
) -> None:
    paths = [str(tmp_path / ("x" * 300)), str(tmp_path / "gone.mp4")]
    moment = maker.commit(sqlite_collection).added_at
    for path in paths:
        sqlite_collection.record_failure(Failure(path, "open", "no luck", 1, 1, moment))

    sqlite_collection.check()
    assert [failure.path for failure in sqlite_collection.find_failures()] == paths[:1]


@pytest.mark.parametrize("content", [None, b"", b"?" * 100, "half", "turned"])
def test_vectors_that_are_lost_or_damaged_are_left_out_of_search_with_a_note(
    sqlite_collection: Collection, maker: Any, content: bytes | str | None
) -> None:
    bad = maker.commit(sqlite_collection, "/a.mp4", maker.result())
    maker.commit(sqlite_collection, "/b.mp4", maker.result(), sample_hash="b")
    path = next((sqlite_collection.folder / "vectors" / "toy").glob(f"{bad.uid}.*"))
    spoil(path, content)

    told: list[str] = []
    build_generation(sqlite_collection, told.append)
    generation = open_generation(sqlite_collection.folder)
    assert len(generation.spaces["toy"].row) == 2
    assert len(generation.track_vectors("faces").shot) == 2
    assert generation.videos.name == ("a.mp4", "b.mp4")
    (note,) = (note for note in generation.notes if path.name in note)
    assert "run `shotseek check`, then `shotseek index`" in note
    assert note in told

    problems = {problem.path for problem in sqlite_collection.check()}
    assert f"vectors/toy/{path.name}" in problems
    build_generation(sqlite_collection)
    assert not any(path.name in note for note in open_generation(sqlite_collection.folder).notes)


def spoil(path: Path, content: bytes | str | None) -> None:
    """Remove the file, replace its content, cut it in half, or turn its bytes round."""
    whole = path.read_bytes()
    spoilt = {"half": whole[: len(whole) // 2], "turned": whole[:8] + whole[8:-200][::-1]}
    path.unlink()
    if content is not None:
        path.write_bytes(spoilt[content] + whole[-200:] if isinstance(content, str) else content)


def test_damaged_search_files_are_told_by_check_and_status(
    sqlite_collection: Collection, on_disk: Video, capsys: pytest.CaptureFixture[str]
) -> None:
    name = build_generation(sqlite_collection)
    assert read_status(sqlite_collection)["generation"]["fresh"]
    folder = sqlite_collection.folder
    assert run_check(folder, full=False, as_json=True) == 0
    (folder / "indexes" / "parts" / name / "rows.shot.npy").unlink()

    capsys.readouterr()
    assert run_check(folder, full=False, as_json=True) == 3
    said = capsys.readouterr().out
    assert "rows.shot.npy is missing: run `shotseek rebuild`" in said
    status = read_status(sqlite_collection)["generation"]
    assert "rows.shot.npy is missing" in status["damage"]
    assert not status["fresh"]
    build_generation(sqlite_collection)
    assert run_check(folder, full=False, as_json=True) == 0


# A folder that may not be written to


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that everybody may look into, which pytest's are not."""
    with tempfile.TemporaryDirectory(prefix="shotseek-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


PRELUDE = """
import os, sys
from pathlib import Path
from indexer.collection import Collection
from indexer.generations.build import build_generation
from indexer.collection_status import read_status

folder = Path(sys.argv[1])
Collection.open_(folder).close()  # imports what the other user may not be able to
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65_534)
    os.setuid(65_534)
"""


def run_as_reader(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run Python as somebody who may read the folder but not write to it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    command = [sys.executable, "-c", PRELUDE + code, str(folder)]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)


READ = """
with Collection.open_(folder) as collection:
    video = collection.find_video("film.mp4")
    print(read_status(collection)["videos"], len(collection.catalog.find_shots(video)))
    collection.remove_video(video)
"""
REBUILD = """
with Collection.open_(folder) as collection:
    build_generation(collection)
"""


@pytest.mark.parametrize("with_writer", [False, True])
def test_a_collection_that_may_not_be_written_to_can_be_read(
    public_folder: Path, maker: Any, *, with_writer: bool
) -> None:
    folder = public_folder / "a 100% collection?"
    collection = Collection.create(folder)
    maker.commit(collection)
    if not with_writer:
        collection.close()
    ran = run_as_reader(READ, folder)
    collection.close()

    assert ran.stdout == "1 2\n", ran.stderr
    last = ran.stderr.strip().splitlines()[-1]
    assert last == f"analyzers.error.SettingsError: {folder}: may not be written to: " + (
        "Permission denied"
    )


def test_search_files_that_cannot_be_written_are_one_line(public_folder: Path) -> None:
    Collection.create(public_folder / "c").close()
    ran = run_as_reader(REBUILD, public_folder / "c")
    assert "SettingsError" in ran.stderr.strip().splitlines()[-1]
    assert "indexes: may not be written to: Permission denied" in ran.stderr
