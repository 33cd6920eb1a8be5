"""Reading a video for the indexer: once as a whole, later only as far as is asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Cue, Sound
from bench.videos import write_video
from indexer.filling.passage import Ended, Event, Failed, Opened, ShotRead, StoredShots, read_job
from indexer.filling.planning import Job, Work
from indexer.filling.scanning import FoundFile
from indexer.keyframes import KeyframeMaterial
from indexer.records import FoundVideo, Keyframe, Shot, Video
from indexer.segmenters.fixed import FixedSegmenter
from indexer.single_pass import Asks

SECONDS = 60


def noise() -> Iterator[NDArray[np.uint8]]:
    random = np.random.default_rng(1)
    still = random.integers(0, 255, (48, 64, 3), np.uint8)
    for number in range(25 * SECONDS):
        yield np.roll(still, number, axis=1)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("film") / "film.mkv"
    hum = Sound(0, 16_000, np.zeros(16_000 * SECONDS, np.float32))
    return write_video(path, noise(), sound=hum, cues=[Cue(2000, 3000, "a word")])


def new_job(path: Path) -> Job:
    stat = path.stat()
    file = FoundFile(path, stat.st_size, stat.st_mtime_ns)
    return Job(Work.ADD, file, "hash", "", frozenset({"any"}))


def read(job: Job, asks: Asks, stored: StoredShots | None = None) -> list[Event]:
    return list(read_job(job, asks, lambda path: FixedSegmenter(20.0), stored))


@pytest.fixture(scope="module")
def first(film: Path) -> list[Event]:
    return read(new_job(film), Asks(sound_hz=(16_000,), cues=True))


@pytest.fixture
def later(film: Path, first: list[Event]) -> tuple[Job, StoredShots]:
    """The job of a later analyzer, and what the first pass has left in the collection."""
    shots, keyframes = [], []
    for number, event in enumerate(event for event in first if isinstance(event, ShotRead)):
        shots.append(Shot(number, event.material.start_ms, event.material.end_ms))
        keyframes += [
            Keyframe(number, each.time_ms, each.start_ms, each.end_ms, each.sharpness)
            for each in event.material.keyframes
        ]
    opened = first[0]
    assert isinstance(opened, Opened)
    facts = FoundVideo(
        path=str(film), container=opened.container, size_bytes=1, mtime_ns=1, sample_hash="hash",
        segmenter="fixed:20", decoder="pyav", first_ms=0, end_ms=SECONDS * 1000, frames=1500,
    )  # fmt: skip
    video = Video(**{**facts.__dict__, "id": 1, "uid": "u", "added_at": None})
    job = replace(new_job(film), work=Work.EXTEND, video=video)
    return job, StoredShots(shots, keyframes)


def ended(events: list[Event]) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


def shots_of(events: list[Event]) -> list[tuple[int, int]]:
    read = [event.material for event in events if isinstance(event, ShotRead)]
    return [(each.start_ms, each.end_ms) for each in read]


def keyframes_of(events: list[Event]) -> list[KeyframeMaterial]:
    read = [event.material for event in events if isinstance(event, ShotRead)]
    return [keyframe for each in read for keyframe in each.keyframes]


def test_a_new_video_is_read_once_and_whole(first: list[Event]) -> None:
    assert shots_of(first) == [(0, 20_000), (20_000, 40_000), (40_000, 60_000)]
    assert ended(first).summary.frames == 25 * SECONDS
    assert [cue.text for cue in ended(first).summary.cues] == ["a word"]


def test_later_keyframes_are_fetched_without_a_second_pass(
    later: tuple[Job, StoredShots], first: list[Event]
) -> None:
    job, stored = later
    events = read(job, Asks(keyframes=True), stored)
    assert shots_of(events) == shots_of(first)
    assert 0 < ended(events).summary.frames < 25 * SECONDS
    before = [
        each for event in first if isinstance(event, ShotRead) for each in event.material.keyframes
    ]
    after = [
        each for event in events if isinstance(event, ShotRead) for each in event.material.keyframes
    ]
    assert [each.time_ms for each in after] == [each.time_ms for each in before]
    for one, two in zip(before, after, strict=True):
        assert np.abs(one.pixels().astype(int) - two.pixels()).mean() < 2


def test_later_subtitles_decode_no_picture(later: tuple[Job, StoredShots]) -> None:
    job, stored = later
    events = read(job, Asks(keyframes=False, cues=True), stored)
    assert ended(events).summary.frames == 0
    assert [cue.text for cue in ended(events).summary.cues] == ["a word"]


def test_later_frames_and_sound_come_along_the_stored_shots(
    later: tuple[Job, StoredShots],
) -> None:
    job, stored = later
    asks = Asks(keyframes=False, rates=((1.0, 32),), sound_hz=(8_000,))
    events = read(job, asks, stored)
    read_shots = [event.material for event in events if isinstance(event, ShotRead)]
    assert [len(each.frames[1.0, 32]) for each in read_shots] == [20, 20, 20]
    assert [len(each.sound[8_000].samples) for each in read_shots] == [160_000] * 3


def test_what_needs_no_picture_opens_no_file(later: tuple[Job, StoredShots]) -> None:
    job, stored = later
    gone = replace(job, file=replace(job.file, path=Path("/nowhere/film.mkv")))
    events = read(gone, Asks(keyframes=False), stored)
    assert len(shots_of(events)) == 3
    assert ended(events).summary.frames == 0


def test_an_unreadable_file_is_one_failed_event(tmp_path: Path) -> None:
    (tmp_path / "bad.mp4").write_bytes(b"\0" * 1000)
    events = read(new_job(tmp_path / "bad.mp4"), Asks())
    assert [type(event) for event in events] == [Failed]
    assert isinstance(events[0], Failed)
    assert events[0].stage == "open"
    assert events[0].reason
    assert "bad.mp4" not in events[0].reason  # the path stands beside it
