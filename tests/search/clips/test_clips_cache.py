"""Clips are made once, few at a time, and the least recently used go first."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bench.videos import Coding, write_video
from search.clips.cache import ClipCache
from search.clips.error import ClipStopped, ClipUnavailable, TooBusy
from search.clips.playability import is_playable
from search.clips.span import Limits, Span

PLENTY = 10**9


def open_cache(folder: Path, most_bytes: int = PLENTY, **options: object) -> ClipCache:
    settings = {"at_once": 2, "wait_s": 20.0, **options}
    return ClipCache(folder / "clips", most_bytes=most_bytes, **settings)


def used(path: Path, seconds_ago: float) -> None:
    """Say when a clip was last used."""
    os.utime(path, ns=(int((time.time() - seconds_ago) * 1e9), path.stat().st_mtime_ns))


@pytest.fixture(scope="module")
def busy_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video that takes a while to encode anew."""
    path = tmp_path_factory.mktemp("busy") / "busy.mkv"
    noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    frames = (np.roll(noise, 7 * number, 1) for number in range(30))
    options = {"preset": "ultrafast", "crf": "40"}
    return write_video(path, frames, Coding(pixels="yuv444p", options=options))


@pytest.fixture
def occupied(busy_video: Path, tmp_path: Path) -> Iterator[tuple[ClipCache, threading.Thread]]:
    """A cache whose only place is taken by a clip that is being made."""
    cache = open_cache(tmp_path, at_once=1, wait_s=0.05)
    thread = threading.Thread(target=_get_until_closed, args=(cache, busy_video))
    thread.start()
    while not list(tmp_path.glob("clips/.*.tmp")):
        time.sleep(0.001)
    yield cache, thread
    cache.close()
    thread.join()


def _get_until_closed(cache: ClipCache, source: Path) -> None:
    try:
        cache.get("busy", source, Span(0, 1200))
    except ClipStopped:
        return


def test_a_clip_is_made_once_and_found_again(plain_videos: Path, tmp_path: Path) -> None:
    cache, source = open_cache(tmp_path), plain_videos / "red-green.mp4"
    first = cache.get("a", source, Span(0, 400))
    assert is_playable(first)
    before = first.stat()
    used(first, 1000)
    assert cache.get("a", source, Span(0, 400)) == first
    after = first.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert after.st_atime > time.time() - 100
    assert open_cache(tmp_path).get("a", source, Span(0, 400)).stat().st_ino == before.st_ino


def test_callers_at_the_same_time_share_one_cut(plain_videos: Path, tmp_path: Path) -> None:
    cache, source = open_cache(tmp_path), plain_videos / "red-green.mp4"
    together = threading.Barrier(8)

    def ask() -> int:
        together.wait()
        return cache.get("a", source, Span(40, 1400)).stat().st_ino

    with ThreadPoolExecutor(8) as pool:
        found = [each.result() for each in [pool.submit(ask) for _ in range(8)]]
    assert len(set(found)) == 1


def test_two_caches_may_share_a_folder(plain_videos: Path, tmp_path: Path) -> None:
    source, together = plain_videos / "red-green.mp4", threading.Barrier(2)

    def ask(cache: ClipCache) -> Path:
        together.wait()
        return cache.get("a", source, Span(40, 1400))

    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(ask, [open_cache(tmp_path), open_cache(tmp_path)]))
    assert list((tmp_path / "clips").iterdir()) == [*found]
    assert is_playable(*found)


def test_callers_at_the_same_time_share_one_failure(plain_videos: Path, tmp_path: Path) -> None:
    cache, source = open_cache(tmp_path), plain_videos / "red-green.mp4"
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(cache.get, "a", source, Span(90_000, 91_000)) for _ in range(4)]
    assert all(isinstance(each.exception(), ClipUnavailable) for each in asked)
    assert list((tmp_path / "clips").iterdir()) == []


def test_other_videos_spans_files_and_limits_are_other_clips(
    plain_videos: Path, tmp_path: Path
) -> None:
    cache = open_cache(tmp_path)
    source = tmp_path / "film.mp4"
    source.write_bytes((plain_videos / "red-green.mp4").read_bytes())
    paths = {cache.get("a", source, Span(0, 400)), cache.get("b", source, Span(0, 400))}
    paths.add(cache.get("a", source, Span(0, 440)))
    paths.add(open_cache(tmp_path, limits=Limits(longest_ms=200)).get("a", source, Span(0, 400)))
    os.utime(source, ns=(1, 1))
    paths.add(cache.get("a", source, Span(0, 400)))
    assert len(paths) == 5


def test_the_least_recently_used_clips_go_first(plain_videos: Path, tmp_path: Path) -> None:
    source = plain_videos / "red-green.mp4"
    made = [open_cache(tmp_path).get("a", source, Span(0, 400 + 40 * n)) for n in range(3)]
    for path, seconds in zip(made, (200, 300, 100), strict=True):
        used(path, seconds)
    room = sum(path.stat().st_size for path in made)
    newest = open_cache(tmp_path, room).get("a", source, Span(0, 520))
    assert [path.exists() for path in [*made, newest]] == [True, False, True, True]


def test_clips_just_used_stay_although_they_are_too_many(
    plain_videos: Path, tmp_path: Path
) -> None:
    cache, source = open_cache(tmp_path, most_bytes=1), plain_videos / "green.mp4"
    first = cache.get("a", source, Span(0, 400))
    second = cache.get("a", source, Span(0, 440))
    assert first.exists()
    used(first, 60)
    used(second, 60)
    third = cache.get("a", source, Span(0, 480))
    assert [path.exists() for path in (first, second, third)] == [False, False, True]


def test_who_waits_too_long_is_told_so(
    occupied: tuple[ClipCache, threading.Thread], plain_videos: Path
) -> None:
    cache, _ = occupied
    with pytest.raises(TooBusy, match="ask again"):
        cache.get("a", plain_videos / "green.mp4", Span(0, 400))


def test_closing_gives_up_what_is_being_made(
    occupied: tuple[ClipCache, threading.Thread], tmp_path: Path
) -> None:
    cache, thread = occupied
    cache.close()
    thread.join(5)
    assert not thread.is_alive()
    assert list((tmp_path / "clips").iterdir()) == []


def test_a_cut_that_takes_too_long_is_given_up(busy_video: Path, tmp_path: Path) -> None:
    cache = open_cache(tmp_path, limits=Limits(most_s=0.05))
    with pytest.raises(ClipStopped, match="took too long"):
        cache.get("a", busy_video, Span(0, 1200))
    assert list((tmp_path / "clips").iterdir()) == []


def test_what_a_crash_left_is_removed(plain_videos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    old, young = folder / ".old.mp4.1-1.tmp", folder / ".young.mp4.1-1.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 3600,) * 2)
    open_cache(tmp_path).get("a", plain_videos / "green.mp4", Span(0, 400))
    assert (old.exists(), young.exists()) == (False, True)


def test_a_folder_that_cannot_be_made_gives_one_line(plain_videos: Path, tmp_path: Path) -> None:
    (tmp_path / "clips").write_bytes(b"a file")
    with pytest.raises(ClipUnavailable, match="folder of clips"):
        open_cache(tmp_path).get("a", plain_videos / "green.mp4", Span(0, 400))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClipUnavailable, match=r"gone\.mp4"):
        open_cache(tmp_path).get("a", tmp_path / "gone.mp4", Span(0, 400))
