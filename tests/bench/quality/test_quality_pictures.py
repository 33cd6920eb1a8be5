"""Pictures to search with are frames of the video, a little spoilt."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.quality.pictures import WIDTH_PX, FrameMissing, read_frame, spoil
from bench.world.dice import Dice


def test_the_frame_of_that_time_is_read(plain_videos: Path) -> None:
    video = plain_videos / "red-green.mp4"
    red, green = read_frame(video, 400).mean(axis=(0, 1)), read_frame(video, 2400).mean(axis=(0, 1))
    assert red[0] > red[1] + 50
    assert green[1] > green[0] + 50


def test_a_time_behind_the_end_and_a_file_that_is_no_video_are_named(
    plain_videos: Path, tmp_path: Path
) -> None:
    with pytest.raises(FrameMissing, match=r"green\.mp4 has no frame at 90000 ms"):
        read_frame(plain_videos / "green.mp4", 90_000)
    (tmp_path / "text.mp4").write_text("no video", encoding="utf-8")
    with pytest.raises(FrameMissing, match=r"text\.mp4"):
        read_frame(tmp_path / "text.mp4", 0)


def test_a_spoilt_picture_is_smaller_and_alike_and_the_same_by_the_same_chance() -> None:
    pixels = np.zeros((180, 320, 3), np.uint8)
    pixels[..., 2] = 160
    spoilt = spoil(pixels, Dice("a"))
    with Image.open(io.BytesIO(spoilt)) as picture:
        assert picture.size == (WIDTH_PX, WIDTH_PX * 9 // 16)
        red, _, blue = np.asarray(picture).mean(axis=(0, 1))
    assert red < 10
    assert 120 < blue < 200
    assert spoilt == spoil(pixels, Dice("a")) != spoil(pixels, Dice("b"))
