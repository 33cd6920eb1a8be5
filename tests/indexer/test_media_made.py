"""Pictures and times of videos made on the spot, of which the truth is known."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Cue, Sound
from bench.videos import Coding, grey_steps, write_video
from indexer.media import Frame, open_fetcher, open_video

LOSSLESS = {"preset": "ultrafast", "crf": "0"}


def read_frames(path: Path) -> tuple[list[Frame], list[str]]:
    with open_video(path) as reader:
        parts = list(reader.read())
        return [part for part in parts if not isinstance(part, Sound | Cue)], list(reader.warnings)


def times(frames: list[Frame]) -> list[int]:
    return [frame.time_ms for frame in frames]


def assert_alike(frame: Frame, there: NDArray[np.uint8], tolerance: float = 3) -> None:
    picture = frame.picture(10_000)
    assert picture.shape == there.shape
    assert np.abs(picture.astype(int) - there).mean() <= tolerance


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_uneven_times_come_back_to_the_millisecond(tmp_path: Path, suffix: str) -> None:
    uneven = [0, 40, 47, 300, 301, 1900]
    path = write_video(tmp_path / f"uneven{suffix}", grey_steps(6), times_ms=uneven)
    frames, warnings = read_frames(path)
    assert times(frames) == uneven
    assert [frame.duration_ms for frame in frames[:-1]] == [40, 7, 253, 1, 1599]
    assert frames[-1].duration_ms >= 1
    assert not warnings
    for frame, there in zip(frames, grey_steps(6), strict=True):
        assert_alike(frame, there)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_a_late_start_stays_late_with_frames_coded_out_of_order(
    tmp_path: Path, suffix: str
) -> None:
    late = [2000 + 40 * number for number in range(30)]
    coding = Coding(options={"bf": "3", "b-adapt": "0", "crf": "10"})
    path = write_video(tmp_path / f"late{suffix}", grey_steps(30), coding, times_ms=late)
    frames, _ = read_frames(path)
    assert times(frames) == late
    for frame, there in zip(frames, grey_steps(30), strict=True):
        assert_alike(frame, there)


def test_the_last_frame_lasts_as_long_as_the_file_says(tmp_path: Path) -> None:
    path = write_video(tmp_path / "slow.mp4", grey_steps(3), Coding(fps=Fraction(2)))
    assert [frame.duration_ms for frame in read_frames(path)[0]] == [500, 500, 500]


def test_of_frames_with_one_time_the_first_is_kept_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "double.mkv"
    write_packets(path, [0, 40, 40, 80, 80, 80, 120])
    frames, warnings = read_frames(path)
    assert times(frames) == [0, 40, 80, 120]
    assert warnings == ["3 frame(s) dropped: their times are out of order"]
    for frame, number in zip(frames, [0, 1, 3, 6], strict=True):
        assert_alike(frame, grey_steps(7)[number])


def write_packets(path: Path, times_ms: list[int]) -> None:
    """A file of intra-coded frames whose time stamps are as given, in order or not."""
    pictures = grey_steps(len(times_ms))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuvj420p"
        stream.codec_context.qmin = stream.codec_context.qmax = 2
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, (time_ms, picture) in enumerate(zip(times_ms, pictures, strict=True)):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts = number
            for packet in stream.encode(frame):
                packet.pts = packet.dts = time_ms
                packet.time_base = Fraction(1, 1000)
                container.mux(packet)


def test_a_stream_without_times_is_placed_by_its_rate(tmp_path: Path) -> None:
    path = write_video(tmp_path / "bare.h264", grey_steps(10), Coding(options={"bf": "0"}))
    frames, warnings = read_frames(path)
    assert times(frames) == [40 * number for number in range(10)]
    with open_fetcher(path) as fetcher:
        assert [frame.time_ms for frame in fetcher.fetch([0, 130, 999], 64)] == [0, 120, 360]
    assert all("without a time" in line for line in warnings)


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "options"),
    [
        ("full.mkv", "libx264", "yuvj420p", LOSSLESS),
        ("deep.mkv", "libx265", "yuv420p10le", {"x265-params": "lossless=1:log-level=none"}),
        ("whole.mkv", "libx264", "yuv444p", LOSSLESS),
        ("grey.mkv", "ffv1", "gray", {}),
        ("rgb.mkv", "ffv1", "bgr0", {}),
        ("low.mp4", "mpeg4", "yuv420p", {"q": "2"}),
        ("v8.webm", "libvpx", "yuv420p", {"crf": "4", "b": "2M", "deadline": "realtime"}),
        ("v9.webm", "libvpx-vp9", "yuv420p", {"lossless": "1", "deadline": "realtime"}),
        ("old.avi", "mpeg4", "yuv420p", {"q": "2"}),
    ],
)
@pytest.mark.parametrize("size", [(64, 48), (321, 241)])
def test_pixel_formats_and_odd_sizes_give_the_same_pictures(
    tmp_path: Path,
    name: str,
    codec: str,
    pixels: str,
    options: dict[str, str],
    size: tuple[int, int],
) -> None:
    if codec.startswith("libx26") and size[0] % 2 and pixels != "yuv444p":
        size = (322, 242)
    pictures = grey_steps(4, *size)
    frames, warnings = read_frames(
        write_video(tmp_path / name, pictures, Coding(25, codec, pixels, options))
    )
    assert not warnings
    assert len(frames) == 4
    for frame, there in zip(frames, pictures, strict=True):
        assert_alike(frame, there)
        sample = frame.sample()
        assert abs(sample[..., ::-1].mean((0, 1)) - there.mean((0, 1))).max() < 5


def test_a_video_of_one_pixel_can_be_read(tmp_path: Path) -> None:
    path = write_video(tmp_path / "dot.mkv", grey_steps(3, 1, 1), Coding(codec="ffv1", options={}))
    frames, _ = read_frames(path)
    assert [frame.picture(100).shape for frame in frames] == [(1, 1, 3)] * 3
    assert [frame.sample().shape for frame in frames] == [(1, 1, 3)] * 3


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [("clear.mkv", "ffv1", "bgra"), ("clear.webm", "libvpx-vp9", "yuva420p")],
)
def test_alpha_is_laid_on_black(tmp_path: Path, name: str, codec: str, pixels: str) -> None:
    clear = np.full((48, 64, 4), 200, np.uint8)
    clear[..., 3] = np.linspace(0, 255, 64)
    options = {} if codec == "ffv1" else {"crf": "5", "deadline": "realtime", "auto-alt-ref": "0"}
    path = write_video(tmp_path / name, [clear] * 3, Coding(25, codec, pixels, options))
    frames, _ = read_frames(path)
    assert len(frames) == 3
    for frame in frames:
        assert_alike(frame, (clear[..., :3] * (clear[..., 3:] / 255)).astype(np.uint8), 4)
        assert frame.sample()[:, :3].max() < 20


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(64, 32), (640, 360)])
def test_what_was_filmed_turned_comes_upright(
    tmp_path: Path, angle: int, size: tuple[int, int]
) -> None:
    pictures = grey_steps(3, *size)
    path = write_video(tmp_path / "turned.mp4", pictures, Coding(rotation=angle))
    upright = [np.rot90(picture, angle // 90) for picture in pictures]
    frames, _ = read_frames(path)
    with open_video(path) as reader:
        assert (reader.container.width, reader.container.height) == upright[0].shape[1::-1]
    for frame, there in zip(frames, upright, strict=True):
        assert_alike(frame, there)
        sample = frame.sample()
        stride = len(there) // len(sample)
        assert np.abs(sample.astype(int) - there[::stride, ::stride]).mean() < 4
    with open_fetcher(path) as fetcher:
        (fetched,) = fetcher.fetch([41], 1000)
    assert np.abs(fetched.pixels.astype(int) - upright[1]).mean() < 3


def test_pictures_keep_their_shape_and_are_never_enlarged(tmp_path: Path) -> None:
    path = write_video(tmp_path / "wide.mp4", grey_steps(2, 400, 100))
    frame = read_frames(path)[0][0]
    shapes = {longest_px: frame.picture(longest_px).shape for longest_px in (1, 64, 399, 400, 4000)}
    assert shapes == {
        1: (1, 1, 3),
        64: (16, 64, 3),
        399: (100, 399, 3),
        400: (100, 400, 3),
        4000: (100, 400, 3),
    }


def test_a_frame_stays_as_it_was_while_others_are_decoded(tmp_path: Path) -> None:
    pictures = grey_steps(60)
    frames, _ = read_frames(write_video(tmp_path / "kept.mp4", pictures))
    for frame, there in zip(frames, pictures, strict=True):
        assert_alike(frame, there)


def test_a_reader_can_read_twice(tmp_path: Path) -> None:
    with open_video(write_video(tmp_path / "again.mp4", grey_steps(9))) as reader:
        first, second = ([part.time_ms for part in reader.read()] for _ in range(2))  # type: ignore[union-attr]
    assert first == second == [40 * number for number in range(9)]
