"""Clips are the asked span to the frame, upright, and play everywhere."""

from collections.abc import Iterator
from contextlib import suppress
from math import floor
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Sound
from bench.videos import Coding, grey_steps, write_video
from search.clips.cutting import cut_clip
from search.clips.error import ClipStopped, ClipUnavailable, ClipUnwritten
from search.clips.playability import is_playable
from search.clips.span import Limits, Span

CLEAR_DB = 25.0  # what encoding anew leaves at least; the next made frame has less than 20
SMOOTH = {"crf": "12", "preset": "ultrafast"}


def read_frames(path: Path) -> list[tuple[int, NDArray[np.uint8]]]:
    """Every frame of the first video stream that can be decoded, upright, with its time in ms."""
    frames = []
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.video[0]):
            with suppress(av.error.InvalidDataError):
                frames += packet.decode()
    return [(floor(1000 * each.pts * each.time_base + 0.5), upright(each)) for each in frames]


def upright(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90))


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)


def packet_count(path: Path, kind: str) -> int:
    with av.open(str(path)) as container:
        streams = [stream for stream in container.streams if stream.type == kind]
        return sum(1 for packet in container.demux(streams) if packet.size) if streams else 0


def clip_ms(path: Path) -> float:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        return float(1000 * video.duration * video.time_base)


def cut(source: Path, span: Span, folder: Path, limits: Limits | None = None) -> Path:
    target = folder / "clip.mp4"
    cut_clip(source, span, target, limits)
    assert list(folder.glob(".*")) == []
    assert is_playable(target)
    return target


def moving(count: int, size: tuple[int, int] = (96, 128)) -> Iterator[NDArray[np.uint8]]:
    """Frames with a bright bar whose place tells their number."""
    for number in range(count):
        frame = np.full((*size, 3), 40, np.uint8)
        at = 2 * number % (size[1] - 8)
        frame[:, at : at + 8] = (230, 200, 60)
        frame[: size[0] // 4] //= 2
        yield frame


CODINGS = {
    "x264.mp4": Coding(),
    "x264-no-b.mkv": Coding(options={**SMOOTH, "bf": "0"}),
    "ten-bit.mp4": Coding(codec="libx265", pixels="yuv420p10le", options={"crf": "14"}),
    "vp9.webm": Coding(codec="libvpx-vp9", options={"crf": "18", "cpu-used": "8"}),
    "mpeg4.avi": Coding(codec="mpeg4", options={"qscale": "2", "b": "2000000"}),
    "b-frames.avi": Coding(codec="mpeg4", options={"b": "2000000", "bf": "2"}),
    "444.mp4": Coding(pixels="yuv444p"),
    "full-range.mkv": Coding(pixels="yuvj420p"),
    "annex-b.ts": Coding(),
}


@pytest.fixture(scope="module", params=CODINGS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / request.param
    return write_video(path, moving(130), CODINGS[request.param])


def test_a_clip_shows_the_frames_of_its_span(made: Path, tmp_path: Path) -> None:
    frames = read_frames(made)
    (start_ms, _), (end_ms, _) = frames[77], frames[102]
    clip = cut(made, Span(start_ms, end_ms), tmp_path)
    shown = read_frames(clip)
    assert [time_ms for time_ms, _ in shown] == [time - start_ms for time, _ in frames[77:102]]
    for (_, expected), (_, found) in zip(frames[77:102], shown, strict=True):
        assert psnr(expected, found) > CLEAR_DB
    assert clip_ms(clip) == pytest.approx(end_ms - start_ms, abs=1)


def test_a_start_between_two_frames_shows_the_earlier_one_at_once(tmp_path: Path) -> None:
    source = write_video(tmp_path / "steps.mp4", moving(90))
    frames = read_frames(source)
    shown = read_frames(cut(source, Span(2415, 2590), tmp_path))
    assert [time for time, _ in shown] == [0, 25, 65, 105, 145]
    assert psnr(frames[60][1], shown[0][1]) > CLEAR_DB


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    times = [0, 40, 500, 530, 1700, 1741, 1742, 3000]
    source = write_video(tmp_path / "uneven.webm", moving(8), CODINGS["vp9.webm"], times_ms=times)
    clip = cut(source, Span(500, 2400), tmp_path)
    assert [time for time, _ in read_frames(clip)] == [0, 30, 1200, 1241, 1242]
    assert clip_ms(clip) == pytest.approx(1900, abs=1)


def test_what_begins_late_keeps_its_times(tmp_path: Path) -> None:
    times = [5000 + 40 * number for number in range(50)]
    source = write_video(tmp_path / "late.mkv", moving(50), CODINGS["444.mp4"], times_ms=times)
    frames = read_frames(source)
    shown = read_frames(cut(source, Span(5800, 6200), tmp_path))
    assert len(shown) == 10
    assert psnr(frames[20][1], shown[0][1]) > CLEAR_DB


def test_a_span_before_the_first_frame_shows_that_frame_from_the_start(tmp_path: Path) -> None:
    times = [300 + 40 * number for number in range(20)]
    source = write_video(tmp_path / "later.mkv", moving(20), times_ms=times)
    shown = read_frames(cut(source, Span(0, 700), tmp_path))
    assert [time for time, _ in shown] == [0, *range(340, 700, 40)]


def test_from_keyframe_to_keyframe_nothing_is_encoded_anew(tmp_path: Path) -> None:
    options = {**SMOOTH, "g": "25", "keyint_min": "25", "sc_threshold": "0"}
    hum = np.sin(np.arange(6 * 16_000) * 0.1).astype(np.float32) * 0.5
    coding = Coding(options={**options, "flags": "+cgop"})
    source = write_video(tmp_path / "gops.mp4", moving(150), coding, sound=Sound(0, 16_000, hum))
    frames = read_frames(source)
    clip = cut(source, Span(3000, 5000), tmp_path)
    shown = read_frames(clip)
    assert [time for time, _ in shown] == list(range(0, 2000, 40))
    for (_, expected), (_, found) in zip(frames[75:125], shown, strict=True):
        assert np.array_equal(expected, found)
    assert packet_count(clip, "audio") == pytest.approx(2 * 16_000 / 1024, abs=1)
    between = read_frames(cut(source, Span(3040, 5000), tmp_path))
    assert not np.array_equal(between[0][1], frames[76][1])


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "webm"])
def test_a_late_span_is_not_decoded_from_the_start(tmp_path: Path, suffix: str) -> None:
    coding = Coding(options={"preset": "ultrafast", "g": "50"})
    if suffix == "webm":
        coding = Coding(
            codec="libvpx", options={"g": "50", "cpu-used": "8", "deadline": "realtime"}
        )
    source = write_video(tmp_path / f"long.{suffix}", moving(2000, (32, 64)), coding)
    packets = 0

    def count() -> bool:
        nonlocal packets
        packets += 1
        return False

    cut_clip(source, Span(70_040, 70_440), tmp_path / "clip.mp4", stop=count)
    assert len(read_frames(tmp_path / "clip.mp4")) == 10
    assert packets < 500


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_video_gives_an_upright_clip(tmp_path: Path, degrees: int) -> None:
    coding = Coding(options=SMOOTH, rotation=degrees)
    source = write_video(tmp_path / "turned.mp4", grey_steps(10, 64, 48), coding)
    expected = read_frames(source)[0][1]
    with av.open(str(cut(source, Span(0, 400), tmp_path))) as container:
        frame = next(container.decode(video=0))
        assert frame.rotation == 0
        assert psnr(expected, frame.to_ndarray(format="rgb24")) > CLEAR_DB


@pytest.mark.parametrize(
    ("height", "width", "wanted"), [(51, 33, (52, 32)), (4, 6, (16, 16)), (1, 1, (16, 16))]
)
def test_odd_and_tiny_pictures_get_sizes_that_players_take(
    tmp_path: Path, height: int, width: int, wanted: tuple[int, int]
) -> None:
    frames = [np.full((height, width, 3), 90, np.uint8)] * 10
    source = write_video(tmp_path / "odd.mkv", frames, Coding(pixels="yuv444p"))
    frame = read_frames(cut(source, Span(0, 400), tmp_path))[0][1]
    assert frame.shape[:2] == wanted


def test_the_longer_side_is_bounded(tmp_path: Path) -> None:
    source = write_video(tmp_path / "wide.webm", grey_steps(5, 640, 200), CODINGS["vp9.webm"])
    limits = Limits(longest_px=320)
    assert read_frames(cut(source, Span(0, 200), tmp_path, limits))[0][1].shape == (100, 320, 3)


def test_what_is_transparent_lies_on_black(tmp_path: Path) -> None:
    pixels = np.zeros((48, 64, 4), np.uint8)
    pixels[..., :3], pixels[:, 32:, 3] = 255, 255
    coding = Coding(codec="qtrle", pixels="argb", options={})
    source = write_video(tmp_path / "half.mov", [pixels] * 10, coding)
    frame = read_frames(cut(source, Span(0, 400), tmp_path))[0][1]
    assert frame[:, :28].mean() < 10
    assert frame[:, 36:].mean() > 245


def test_sound_stays_in_step_with_the_pictures(tmp_path: Path) -> None:
    samples = np.zeros(5 * 16_000, np.float32)
    samples[3 * 16_000 : 3 * 16_000 + 3200] = 0.5 * np.sin(np.arange(3200) * 0.4)
    source = tmp_path / "beep.mkv"
    coding = Coding(pixels="yuv444p", sound_codec="libopus")
    sound = Sound(0, 16_000, samples)
    write_video(source, moving(125), coding, sound=sound)
    clip = cut(source, Span(2500, 4500), tmp_path)
    with av.open(str(clip)) as container:
        frames = list(container.decode(audio=0))
    heard = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    first = frames[0].pts + np.argmax(np.abs(heard) > 0.1)
    assert first / 48_000 == pytest.approx(0.5, abs=0.03)
    assert len(heard) / 48_000 == pytest.approx(2, abs=0.05)


def test_a_span_that_is_too_long_is_cut_off(plain_videos: Path, tmp_path: Path) -> None:
    clip = cut(plain_videos / "red-green.mp4", Span(0, 3200), tmp_path, Limits(longest_ms=1000))
    assert clip_ms(clip) == pytest.approx(1000, abs=40)


def test_a_clip_ends_with_its_video(plain_videos: Path, tmp_path: Path) -> None:
    clip = cut(plain_videos / "blue-white.mp4", Span(2800, 9000), tmp_path)
    assert clip_ms(clip) == pytest.approx(400, abs=1)


@pytest.mark.parametrize("span", [Span(60_000, 61_000), Span(900, 900), Span(900, 100)])
def test_where_nothing_is_shown_there_is_no_clip(
    plain_videos: Path, tmp_path: Path, span: Span
) -> None:
    with pytest.raises(ClipUnavailable, match=r"red-green\.mp4"):
        cut_clip(plain_videos / "red-green.mp4", span, tmp_path / "clip.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"no video at all" * 99])
def test_an_unreadable_file_gives_one_line(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "bad\nname.mp4"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(ClipUnavailable) as raised:
        cut_clip(source, Span(0, 1000), tmp_path / "clip.mp4")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "clip.mp4").exists()


@pytest.mark.parametrize("calls", [0, 30, 100])
def test_a_stopped_cut_leaves_nothing(tmp_path: Path, calls: int) -> None:
    source = write_video(tmp_path / "long.mkv", moving(250), Coding(pixels="yuv444p"))
    asked = iter(range(calls))
    folder = tmp_path / "clips"
    folder.mkdir()
    with pytest.raises(ClipStopped):
        cut_clip(source, Span(0, 9000), folder / "clip.mp4", stop=lambda: next(asked, None) is None)
    assert list(folder.iterdir()) == []


REAL = {  # a span of each, in ms, and how many frames it has
    "decord/corrupted.mp4": (0, 3000),
    "decord/flipping_a_pancake.mkv": (4033, 6000),
    "decord/unordered.mov": (0, 125),
    "decord/video_90.mov": (0, 100),
    "decord/video_180.mov": (33, 100),
    "imageio/newtonscradle.gif": (110, 600),
    "moviepy/no_duration.webm": (2002, 4000),
    "moviepy/test_video.mp4": (1000, 4000),
    "moviepy/video_with_failing_audio.mp4": (8000, 11_200),
    "intel/asl_gestures/bird.mkv": (333, 1000),
    "pyscenedetect/delayed_start.mp4": (1355, 2035),
    "torchcodec/av1_video.mkv": (2400, 3000),
    "torchcodec/bt2020_10bit.mp4": (1000, 1500),
    "torchcodec/h265_10bits.mp4": (500, 1000),
    "torchcodec/nasa_13013.mp4": (8080, 9000),
    "torchcodec/testsrc2_mpeg4.avi": (500, 1000),
    "torchcodec/testsrc2_odd_height_and_width_vp9.mp4": (400, 800),
    "torchcodec/testsrc2_vp8.webm": (500, 900),
}


@pytest.mark.parametrize("name", REAL)
def test_real_videos_give_the_frames_of_their_span(
    material: Path, tmp_path: Path, name: str
) -> None:
    source, (start_ms, end_ms) = material / "videos" / name, REAL[name]
    clip = cut(source, Span(start_ms, end_ms), tmp_path)
    inside = [frame for frame in read_frames(source) if frame[0] < end_ms]
    first = max(number for number, (time, _) in enumerate(inside) if time <= start_ms)
    shown = read_frames(clip)
    assert len(shown) == len(inside) - first
    assert [time for time, _ in shown] == pytest.approx(
        [max(0, time - start_ms) for time, _ in inside[first:]], abs=1
    )
    assert clip_ms(clip) == pytest.approx(end_ms - start_ms, abs=41)
    expected, found = inside[first][1], shown[0][1]
    if expected.shape == found.shape:
        assert psnr(expected, found) > CLEAR_DB


def test_transparent_parts_of_a_real_video_lie_on_black(material: Path, tmp_path: Path) -> None:
    clip = cut(material / "videos/moviepy/transparent.webm", Span(1000, 2000), tmp_path)
    assert read_frames(clip)[0][1][:4, :4].max() < 20


def test_where_nobody_may_write_that_is_told(plain_videos: Path) -> None:
    with pytest.raises(ClipUnwritten, match="no clip can be written"):
        cut_clip(plain_videos / "green.mp4", Span(0, 400), Path("/sys/clip.mp4"))
