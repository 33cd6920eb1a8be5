"""What browsers play as it is, is told from what must be cut first."""

from pathlib import Path

import numpy as np
import pytest

from analyzers.clip import Sound
from bench.videos import Coding, grey_steps, write_video
from search.clips.playability import is_playable, looks_playable

QUICK = {"cpu-used": "8"}
HEVC = Coding(codec="libx265", options={})
MADE = {
    "plain.mp4": (Coding(), True),
    "plain.mov": (Coding(), True),
    "vp9.mp4": (Coding(codec="libvpx-vp9", options=QUICK), True),
    "vp8.webm": (Coding(codec="libvpx", options=QUICK), True),
    "vp9.webm": (Coding(codec="libvpx-vp9", options=QUICK), True),
    "plain.mkv": (Coding(), False),
    "vp9.mkv": (Coding(codec="libvpx-vp9", options=QUICK), False),
    "hevc.mp4": (HEVC, False),
    "mpeg4.mp4": (Coding(codec="mpeg4", options={}), False),
    "mpeg4.avi": (Coding(codec="mpeg4", options={}), False),
}
ONLY_OPENED = {  # the catalog does not know these
    "444.mp4": (Coding(pixels="yuv444p"), False),
    "ten-bit.mp4": (Coding(pixels="yuv420p10le"), False),
}
FORMATS = {".mp4": "mp4", ".mov": "mov", ".webm": "webm", ".mkv": "matroska", ".avi": "avi"}
CODECS = {"libx264": "h264", "libx265": "hevc", "libvpx": "vp8", "libvpx-vp9": "vp9"}


@pytest.mark.parametrize("name", [*MADE, *ONLY_OPENED])
def test_opened_files_are_told_apart(tmp_path: Path, name: str) -> None:
    coding, playable = (MADE | ONLY_OPENED)[name]
    assert is_playable(write_video(tmp_path / name, grey_steps(5), coding)) is playable


@pytest.mark.parametrize("name", MADE)
def test_the_guess_from_the_catalog_agrees(name: str) -> None:
    coding, playable = MADE[name]
    codec = CODECS.get(coding.codec, coding.codec)
    assert looks_playable(name, FORMATS[Path(name).suffix], codec) is playable


def test_a_renamed_mkv_is_no_webm(tmp_path: Path) -> None:
    coding = Coding(codec="libvpx-vp9", options=QUICK)
    made = write_video(tmp_path / "film.mkv", grey_steps(5), coding)
    assert not is_playable(made.rename(tmp_path / "film.webm"))


@pytest.mark.parametrize(("codec", "playable"), [("aac", True), ("ac3", False)])
def test_sound_must_be_playable_too(tmp_path: Path, codec: str, playable: bool) -> None:
    sound = Sound(0, 48_000, np.zeros(48_000, np.float32))
    path = write_video(
        tmp_path / "film.mp4", grey_steps(25), Coding(sound_codec=codec), sound=sound
    )
    assert is_playable(path) is playable


def test_a_late_start_is_not_played_as_it_is(tmp_path: Path) -> None:
    times = range(2000, 2200, 40)
    assert not is_playable(write_video(tmp_path / "late.mp4", grey_steps(5), times_ms=times))


@pytest.mark.parametrize("content", [None, b"", b"text" * 99])
def test_what_cannot_be_read_is_not_playable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    assert not is_playable(path)


REAL = {
    "imageio/cockatoo_yuv420.mp4": True,
    "decord/video_90.mov": True,
    "moviepy/chaplin.mp4": True,
    "moviepy/transparent.webm": True,
    "moviepy/no_duration.webm": False,  # it cannot be sought to its end
    "moviepy/test_video.mp4": False,
    "decord/flipping_a_pancake.mkv": False,
    "imageio/newtonscradle.gif": False,
    "torchcodec/h265_10bits.mp4": False,
    "torchcodec/testsrc2_mpeg4.avi": False,
    "pyscenedetect/delayed_start.mp4": False,
}


@pytest.mark.parametrize("name", REAL)
def test_real_videos_are_told_apart(material: Path, name: str) -> None:
    assert is_playable(material / "videos" / name) is REAL[name]
