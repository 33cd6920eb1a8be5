"""Writers that are killed, and a look at what they left; run by `test_crash.py`.

Run as a script, so that writers can be forked from a process that has everything imported and no
threads: `killed_writers.py WHAT FOLDER SEED [CATALOG_URL]`.
"""

import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pg8000.dbapi  # noqa: F401 (imported before forking)
import pyarrow.parquet  # noqa: F401 (imported before forking)

sys.path.insert(0, str(Path(__file__).parent))
from conftest import FACES, TOY, Maker

from indexer.collection import Collection
from indexer.error import ShotseekError
from indexer.generations.build import bring_up_to_date, build_generation
from indexer.generations.manifest import read_manifest
from indexer.generations.opening import find_generations, open_generation
from indexer.records import ProblemKind, RunState, Video

VIDEOS = 4
KILLS = 12
BASE = 8  # videos of the first search files
FINISHED_EVERY = 5  # steps
maker = Maker()


def path_of(number: int) -> str:
    """The path of a video; there is no file."""
    return f"/videos/{number}.mp4"


def commit(collection: Collection, number: int, variant: int, analyzer: str = "look") -> Video:
    """Commit a video in one of two contents."""
    parts = (maker.shots, maker.keyframes, maker.scenes)
    found = maker.found(path_of(number), sample_hash=f"{number} {variant}")
    result = maker.result(analyzer, seed=10 * number + variant)
    pictures = maker.pictures(f"{number} {variant}")
    return collection.commit_video(found, *parts, [result], pictures)


def fill(folder: Path, url: str | None) -> None:
    """Everything that writers do, so that it ends in one state wherever it was broken off."""
    with Collection.create(folder, url) as collection:
        collection.add_space(TOY)
        collection.add_space(FACES)
        for number in range(VIDEOS):
            commit(collection, number, 0)
            video = commit(collection, number, 1)
            collection.commit_results(video, [maker.result("more", seed=number)])
            extra = commit(collection, VIDEOS + number, 0)
            collection.remove_video(extra)


def look(folder: Path, *, finished: bool = False) -> None:
    """Fail if what is stored is not whole, or if anything lies about that nothing names."""
    if not (folder / "collection.json").exists() and not finished:
        return  # killed while it was made
    with Collection.open_(folder) as collection:
        problems = [p for p in collection.check() if p.kind is not ProblemKind.VIDEO_MISSING]
        assert {problem.kind for problem in problems} <= {ProblemKind.ORPHAN}, problems
        named = set()
        for video in collection.catalog.find_videos():
            named |= look_at_video(collection, video)
        parts = ("vectors", "tracks", "keyframes", "incoming")
        found = {p for part in parts for p in (folder / part).rglob("*") if p.is_file()}
        assert found == named, found ^ named
        if finished:
            paths = sorted(video.path for video in collection.catalog.find_videos())
            assert paths == [path_of(number) for number in range(VIDEOS)]
            assert len(collection.catalog.read_runs()) == 2 * VIDEOS


def look_at_end(folder: Path) -> None:
    """Fail if not everything is stored."""
    look(folder, finished=True)


def look_at_video(collection: Collection, video: Video) -> set[Path]:
    """Fail if a video is not whole; the files that belong to it."""
    number, variant = map(int, video.sample_hash.split())
    runs = {run.analyzer: run for run in collection.catalog.find_runs(video)}
    assert set(runs) in ({"look"}, {"look", "more"}), runs
    seeds = {"look": 10 * number + variant, "more": number}
    for analyzer, run in runs.items():
        assert run.state is RunState.DONE
        found = collection.find_findings(video, [analyzer])
        assert maker.plain(found) == maker.plain(maker.findings(seeds[analyzer]))
    assert collection.catalog.find_keyframes(video) == list(maker.keyframes)
    stills = set()
    for picture in maker.pictures(f"{number} {variant}"):
        for suffix, content in [(".jpg", picture.large), (".small.jpg", picture.small)]:
            path = collection.pictures(video) / f"{picture.time_ms}{suffix}"
            assert path.read_bytes() == content
            stills.add(path)
    return stills | {collection.folder / f.path for run in runs.values() for f in run.files}


def fork(work: Callable[..., object], *given: Any) -> int:
    """Do something in a child; its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work(*given)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def wait(child: int) -> int:
    """The exit status of a child, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def do(work: Callable[..., object], *given: Any) -> None:
    """Do something in a child that has to succeed."""
    assert wait(fork(work, *given)) == 0, "see the traceback above"


def kill_at_random(folder: Path, seed: int, url: str | None) -> None:
    """Kill a writer again and again, look each time, let the last one finish."""
    chance = random.Random(seed)
    do(fill, folder.with_name("measured"), url)
    started = time.monotonic()
    do(fill, folder.with_name("measured again"), url)
    takes = time.monotonic() - started
    killed = 0
    while killed < KILLS:
        writer = fork(fill, folder, url)
        time.sleep(chance.random() * takes)
        os.kill(writer, signal.SIGKILL)
        killed += wait(writer) == -signal.SIGKILL
        do(look, folder)
    do(fill, folder, url)
    do(look_at_end, folder)


class Killer:
    """Ends this process before the n-th call that changes files, as SIGKILL would."""

    calls = frozenset({"replace", "rename", "fsync", "unlink", "rmdir", "mkdir"})

    def __init__(self, step: int) -> None:
        self.left = step

    def __call__(self, _frame: object, event: str, called: Any) -> None:
        if event in ("c_call", "c_return") and called.__name__ == "commit":
            self.left -= 1  # once before, once after
        elif event == "c_call" and called.__module__ == "posix":
            self.left -= called.__name__ in self.calls
        if self.left <= 0:
            os._exit(9)


def kill_at_every_step(folder: Path, _seed: int, _url: str | None) -> None:
    """Kill a writer that replaces a video, and one that removes it, before each of its steps."""
    template = folder.with_name("template")
    do(prepare, template)
    for act in (replace, remove):
        step = 1
        while True:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder)
            status = wait(fork(act_until, folder, act, step))
            assert status in (0, 9), status
            do(look, folder)
            if step % FINISHED_EVERY == 0:
                do(finish, folder, act)
            if status == 0:
                break
            step += 1
        sys.stdout.write(f"{act.__name__}: {step - 1} steps\n")
        assert step > 8


def prepare(folder: Path) -> None:
    """A collection of two videos."""
    with Collection.create(folder) as collection:
        collection.add_space(TOY)
        collection.add_space(FACES)
        commit(collection, 0, 0)
        commit(collection, 1, 0)


def replace(collection: Collection) -> None:
    """Replace a video."""
    commit(collection, 0, 1)


def remove(collection: Collection) -> None:
    """Remove a video if it is there."""
    for video in collection.catalog.find_videos():
        if video.path == path_of(0):
            collection.remove_video(video)


def finish(folder: Path, act: Callable[[Collection], None]) -> None:
    """Do the same again, wholly, and look."""
    act_until(folder, act, None)
    look(folder)


def act_until(folder: Path, act: Callable[[Collection], None], step: int | None) -> None:
    """Change a collection, perhaps until a step."""
    with Collection.open_(folder) as collection:
        if step is not None:
            sys.setprofile(Killer(step))
        act(collection)
        sys.setprofile(None)


def kill_builder_at_every_step(folder: Path, _seed: int, _url: str | None) -> None:
    """Kill a builder of search files before each of its steps: beside what is there, and anew."""
    os.fsync = lambda _descriptor: None  # a killed process leaves to the system what it wrote
    template = folder.with_name("template")
    do(prepare_search, template)
    for build in (bring_up_to_date, build_generation):
        step, steps_with_new = 1, 0
        while True:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder)
            status = wait(fork(act_until, folder, build, step))
            assert status in (0, 9), status
            steps_with_new += look_at_search(folder)
            if step % FINISHED_EVERY == 0 or status == 0:
                do(act_until, folder, bring_up_to_date, None)
                assert look_at_search(folder)
                look_at_parts(folder)
            if status == 0:
                break
            step += 1
        sys.stdout.write(f"{build.__name__}: {step - 1} steps, {steps_with_new} after its end\n")
        assert step > 8


def prepare_search(folder: Path) -> None:
    """Search files in two parts, and a collection that has changed since."""
    with Collection.create(folder) as collection:
        collection.add_space(TOY)
        collection.add_space(FACES)
        for number in range(BASE):
            commit(collection, number, 0)
        build_generation(collection)
        commit(collection, BASE, 0)
        bring_up_to_date(collection)
        commit(collection, BASE + 1, 0)
        remove(collection)


def look_at_search(folder: Path) -> bool:
    """Fail if the search files are not those of before or those of after; whether of after."""
    generation = open_generation(folder)
    assert not [note for note in generation.notes if "damaged" in note], generation.notes
    before, after = (set(map(path_of, range(first, BASE + 1 + first))) for first in (0, 1))
    assert set(generation.videos.path) in (before, after), generation.videos.path
    found = generation.words.find("berlin").docs
    assert sorted(generation.words.documents.video[found]) == list(range(len(generation.videos)))
    for space in generation.spaces.values():
        queries = np.eye(space.space.dim, dtype=np.float32)
        assert space.row_scores(queries).shape[1] == len(generation.rows)
    return set(generation.videos.path) == after


def look_at_parts(folder: Path) -> None:
    """Fail if anything lies about that no generation names."""
    indexes = folder / "indexes"
    names = find_generations(folder)
    assert {path.name for path in indexes.iterdir()} == {*names, "parts", "build.lock"}
    named = {used.name for name in names for used in read_manifest(indexes / name).parts}
    assert {path.name for path in (indexes / "parts").iterdir()} == named
    assert len(names) <= 2


def write_together(folder: Path, _seed: int, url: str | None) -> None:
    """Two writers fill one collection with the same videos, each with an analyzer of its own."""
    writers = [
        fork(write_all, folder, url, "look", range(VIDEOS)),
        fork(write_all, folder, url, "more", reversed(range(VIDEOS))),
    ]
    assert [wait(writer) for writer in writers] == [0, 0]
    do(look_at_both, folder)


def write_all(folder: Path, url: str | None, analyzer: str, numbers: Any) -> None:
    """Commit all videos with one analyzer's findings."""
    with Collection.create(folder, url) as collection:
        for space in (TOY, FACES):
            collection.add_space(space)
        for number in numbers:
            commit(collection, number, 0, analyzer)


def look_at_both(folder: Path) -> None:
    """Fail if something of one of the two is missing or there twice."""
    with Collection.open_(folder) as collection:
        videos = collection.catalog.find_videos()
        assert sorted(video.path for video in videos) == list(map(path_of, range(VIDEOS)))
        for video in videos:
            said = maker.findings(10 * int(video.name[0]))
            for analyzer in ("look", "more"):
                found = collection.find_findings(video, [analyzer])
                assert maker.plain(found) == maker.plain(said)
        problems = {problem.kind for problem in collection.check()}
        assert problems == {ProblemKind.VIDEO_MISSING}, problems


def main() -> None:
    """Do what is asked."""
    what, folder, seed, *url = sys.argv[1:]
    acts = {
        "random": kill_at_random,
        "steps": kill_at_every_step,
        "build": kill_builder_at_every_step,
        "together": write_together,
    }
    try:
        acts[what](Path(folder), int(seed), url[0] if url else None)
    except (AssertionError, ShotseekError):
        traceback.print_exc()
        sys.exit(1)


if __name__ == "__main__":
    main()
