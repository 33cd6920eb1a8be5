"""Fingerprints of files, and the subtitle files beside a video."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fingerprint import (
    BLOCK_BYTES,
    FileUnreadable,
    SideCars,
    find_side_cars,
    full_hash,
    sample_hash,
    side_car_signature,
)

LARGE = 20 * BLOCK_BYTES


def write(path: Path, size: int, changed_at: int | None = None) -> Path:
    """A file of zeros, perhaps with one other byte."""
    content = bytearray(size)
    if changed_at is not None:
        content[changed_at] = 1
    path.write_bytes(content)
    return path


@settings(max_examples=25)
@given(size=st.integers(1, 4 * BLOCK_BYTES), place=st.floats(0, 1, exclude_max=True))
def test_any_change_of_a_file_up_to_a_mebibyte_is_seen(
    tmp_path_factory: pytest.TempPathFactory, size: int, place: float
) -> None:
    folder = tmp_path_factory.mktemp("files")
    first = write(folder / "a", size)
    second = write(folder / "b", size, int(place * size))

    assert sample_hash(first) != sample_hash(second)


@pytest.mark.parametrize("at", [0, BLOCK_BYTES - 1, LARGE - BLOCK_BYTES, LARGE - 1])
def test_a_change_of_the_first_or_last_block_of_a_large_file_is_seen(
    tmp_path: Path, at: int
) -> None:
    assert sample_hash(write(tmp_path / "a", LARGE)) != sample_hash(
        write(tmp_path / "b", LARGE, at)
    )


def test_a_sampled_hash_tells_sizes_apart_and_reads_a_mebibyte_at_most(tmp_path: Path) -> None:
    plain = write(tmp_path / "a", LARGE)
    between = write(tmp_path / "b", LARGE, 2 * BLOCK_BYTES)

    assert sample_hash(plain) == sample_hash(between)
    assert full_hash(plain) != full_hash(between)
    assert sample_hash(plain) != sample_hash(write(tmp_path / "c", LARGE + 1))
    assert sample_hash(write(tmp_path / "d", 0)) == sample_hash(write(tmp_path / "e", 0))


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    for hash_ in (sample_hash, full_hash):
        with pytest.raises(FileUnreadable, match=r"gone\.mp4: No such file"):
            hash_(tmp_path / "gone.mp4")


def test_side_cars_have_the_stem_perhaps_a_language_and_a_known_ending(tmp_path: Path) -> None:
    belong = ["film.SRT", "film.de-AT.vtt", "film.en.srt", "film.vtt"]
    others = ["film.mp4", "film.txt", "film2.srt", "film.a.b.srt", "other.srt", "srt", ".srt"]
    for name in belong + others:
        (tmp_path / name).write_text("")
    (tmp_path / "film.folder.srt").mkdir()

    assert [path.name for path in find_side_cars(tmp_path / "film.mp4")] == belong
    assert find_side_cars(tmp_path / "nowhere" / "film.mp4") == []


def test_the_signature_changes_with_every_change_of_side_cars(tmp_path: Path) -> None:
    video = tmp_path / "film.mp4"
    seen = [side_car_signature(video)]
    assert seen == [""]
    side_car = tmp_path / "film.srt"
    side_car.write_text("one")
    seen.append(side_car_signature(video))
    (tmp_path / "film.en.srt").write_text("two")
    seen.append(side_car_signature(video))
    side_car.write_text("longer")
    seen.append(side_car_signature(video))
    os.utime(side_car, ns=(5, 5))
    seen.append(side_car_signature(video))
    side_car.unlink()
    seen.append(side_car_signature(video))

    assert len(set(seen)) == len(seen)
    assert side_car_signature(video) == seen[-1]


def test_renaming_a_video_with_its_side_cars_keeps_the_signature(tmp_path: Path) -> None:
    side_car = tmp_path / "film.en.srt"
    side_car.write_text("one")
    before = side_car_signature(tmp_path / "film.mp4")
    side_car.rename(tmp_path / "cinema.en.srt")

    assert side_car_signature(tmp_path / "cinema.mp4") == before


def test_a_folder_is_listed_once_for_all_its_videos(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("one")
    side_cars = SideCars()
    assert [path.name for path in side_cars.find(tmp_path / "a.mp4")] == ["a.srt"]
    (tmp_path / "b.srt").write_text("late")

    assert side_cars.find(tmp_path / "b.mp4") == []
    assert side_cars.signature(tmp_path / "a.mp4") == side_car_signature(tmp_path / "a.mp4")
