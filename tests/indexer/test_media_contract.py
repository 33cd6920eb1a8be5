"""What every odd file of the material must give through the one door to video files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Container, Cue, Sound
from indexer.decoders.packets import scan_packets
from indexer.decoders.seeking import PyAvFetcher
from indexer.media import FrameFetcher, VideoUnreadable, open_fetcher, open_video

VIDEO_SUFFIXES = {".mp4", ".mkv", ".mov", ".webm", ".avi", ".gif"}
NO_VIDEOS = {".md", ".txt", ".csv", ".json"}
HZ = 8000
SMALL_PX = 96


@dataclass(frozen=True)
class Expected:
    """What one readable file gives."""

    frames: int
    times_ms: tuple[int, int, int]  # of the first frame, of the last one, where that one ends
    size: tuple[int, int]  # upright
    codec: str
    format: str
    duration_ms: int
    sound_end_ms: int | None = None
    cues: int = 0
    warnings: tuple[str, ...] = ()
    decoder: str = "pyav"  # that serves random access


READABLE = {
    "decord/corrupted.mp4": Expected(
        49,
        (0, 4900, 5000),
        (1280, 720),
        "h264",
        "mp4",
        5000,
        warnings=("1 packet(s) of the video not decoded", "1 frame(s) damaged"),
    ),
    "decord/flipping_a_pancake.mkv": Expected(
        310, (0, 10300, 10333), (426, 240), "h264", "matroska", 10381, 10368
    ),
    "decord/unordered.mov": Expected(
        4, (0, 94, 125), (50, 50), "h264", "mov", 125, decoder="decord"
    ),
    "decord/video_0.mov": Expected(
        3, (0, 67, 100), (568, 320), "h264", "mov", 100, decoder="decord"
    ),
    "decord/video_180.mov": Expected(3, (0, 67, 100), (568, 320), "h264", "mov", 100),
    "decord/video_270.mov": Expected(3, (0, 67, 100), (320, 568), "h264", "mov", 100),
    "decord/video_90.mov": Expected(3, (0, 67, 100), (320, 568), "h264", "mov", 100),
    "ffmpeg-python/in.mp4": Expected(
        209, (0, 6940, 6973), (320, 240), "h264", "mp4", 7036, 7036, decoder="decord"
    ),
    "imageio/cockatoo_yuv420.mp4": Expected(
        280, (0, 13950, 14000), (1280, 720), "h264", "mp4", 14000, decoder="decord"
    ),
    "imageio/newtonscradle.gif": Expected(36, (0, 800, 820), (200, 150), "gif", "gif", 820),
    "imageio/realshort.mp4": Expected(
        36, (0, 1166, 1199), (320, 240), "h264", "mp4", 1199, 1173, decoder="decord"
    ),
    "intel/asl_gestures/bird.mkv": Expected(
        63, (33, 2100, 2133), (640, 480), "h264", "matroska", 2133
    ),
    "intel/asl_gestures/book.mkv": Expected(
        109, (33, 3633, 3666), (640, 480), "h264", "matroska", 3666
    ),
    "intel/asl_gestures/eat.mkv": Expected(
        47, (0, 1533, 1566), (640, 480), "h264", "matroska", 1566
    ),
    "intel/asl_gestures/help.mkv": Expected(
        58, (0, 1900, 1933), (640, 480), "h264", "matroska", 1933
    ),
    "intel/asl_gestures/sister.mkv": Expected(
        87, (33, 2900, 2933), (640, 480), "h264", "matroska", 2933
    ),
    "intel/asl_gestures/thanks.mkv": Expected(
        51, (0, 1667, 1700), (640, 480), "h264", "matroska", 1700
    ),
    "intel/asl_gestures/walk.mkv": Expected(
        89, (0, 2933, 2966), (640, 480), "h264", "matroska", 2966
    ),
    "intel/asl_gestures/yes.mkv": Expected(
        65, (33, 2167, 2200), (640, 480), "h264", "matroska", 2200
    ),
    "intel/car-detection.mp4": Expected(
        377, (0, 30080, 30160), (768, 432), "h264", "mp4", 30160, 30165, decoder="decord"
    ),
    "intel/one-by-one-person-detection.mp4": Expected(
        1394, (0, 139300, 139400), (768, 432), "h264", "mp4", 139400, decoder="decord"
    ),
    "mmaction2/demo.mp4": Expected(
        280, (0, 9964, 10000), (340, 256), "h264", "mp4", 10000, decoder="decord"
    ),
    "moviepy/big_buck_bunny_0_30.webm": Expected(
        720, (3, 29961, 30002), (1280, 720), "vp8", "webm", 30003, 30022
    ),
    "moviepy/chaplin.mp4": Expected(
        241, (0, 9600, 9640), (640, 360), "h264", "mp4", 9640, 9614, decoder="decord"
    ),
    "moviepy/no_duration.webm": Expected(
        74, (0, 4872, 4938), (1280, 720), "vp9", "webm", 4938, 4875
    ),
    "moviepy/test_video.mp4": Expected(5, (0, 4000, 5000), (1, 1), "h264", "mp4", 5000),
    "moviepy/transparent.webm": Expected(
        150, (0, 4967, 5000), (200, 200), "vp9", "webm", 5000, 4943
    ),
    "moviepy/video_with_failing_audio.mp4": Expected(
        280, (0, 11160, 11200), (640, 360), "h264", "mp4", 11233, 11233, decoder="decord"
    ),
    "pyscenedetect/counter.mp4": Expected(
        30, (0, 2900, 3000), (1920, 1080), "h264", "mp4", 3000, decoder="decord"
    ),
    "pyscenedetect/delayed_start.mp4": Expected(
        24, (1075, 1995, 2035), (480, 320), "mpeg4", "mp4", 960
    ),
    "pyscenedetect/fades.mp4": Expected(
        250, (0, 9960, 10000), (480, 320), "mpeg4", "mp4", 10000, decoder="decord"
    ),
    "pyscenedetect/testvideo.mp4": Expected(
        720, (0, 23991, 24024), (1280, 720), "h264", "mp4", 24023, decoder="decord"
    ),
    "sam2/01_dog.mp4": Expected(
        289, (0, 9610, 9643), (1280, 720), "h264", "mp4", 9664, 9664, decoder="decord"
    ),
    "sam2/02_cups.mp4": Expected(
        300, (0, 9977, 10010), (1280, 720), "h264", "mp4", 10010, 10005, decoder="decord"
    ),
    "torchcodec/av1_video.mkv": Expected(125, (0, 4960, 5000), (640, 360), "av1", "matroska", 5000),
    "torchcodec/bt2020_10bit.mp4": Expected(60, (0, 1967, 2000), (320, 240), "hevc", "mp4", 2000),
    "torchcodec/h265_10bits.mp4": Expected(30, (0, 967, 1000), (200, 200), "hevc", "mp4", 1000),
    # Two video streams: the first, as PyAV counts them, though libav holds the other for better.
    "torchcodec/nasa_13013.mp4": Expected(
        325, (0, 12960, 13000), (320, 180), "h264", "mp4", 13056, 13056, cues=8
    ),
    "torchcodec/testsrc2_mpeg4.avi": Expected(
        30, (0, 967, 1000), (1280, 720), "mpeg4", "avi", 1000
    ),
    "torchcodec/testsrc2_odd_height_and_width_vp9.mp4": Expected(
        25, (0, 960, 1000), (321, 241), "vp9", "mp4", 1000, decoder="decord"
    ),
    "torchcodec/testsrc2_vp8.webm": Expected(30, (0, 967, 1000), (1280, 720), "vp8", "webm", 1000),
}
UNREADABLE = {
    "moviepy/zero_bytes.webm": "the file is empty (0 bytes)",
    "torchcodec/cmyk.jpg": "a still picture, not a video",
    "torchcodec/grayscale.jpg": "a still picture, not a video",
    "torchcodec/nasa_13013.mp4.audio.mp3": "no video stream in it, nothing to index",
}


@dataclass
class Pass:
    """What one sequential pass over a file gave."""

    container: Container
    warnings: tuple[str, ...]
    spans_ms: list[tuple[int, int]] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    pictures: dict[int, NDArray[np.uint8]] = field(default_factory=dict)  # by frame, a few
    samples: set[tuple[int, ...]] = field(default_factory=set)  # their shapes


def probe_numbers(frames: int) -> list[int]:
    return sorted({0, frames // 3, 2 * frames // 3, frames - 1})


@cache
def read_pass(path: Path, frames: int) -> Pass:
    with open_video(path) as reader:
        result = Pass(reader.container, ())
        for part in reader.read(sound_hz=(HZ,), cues=True):
            if isinstance(part, Sound):
                result.sounds.append(part)
            elif isinstance(part, Cue):
                result.cues.append(part)
            else:
                number = len(result.spans_ms)
                result.spans_ms.append((part.time_ms, part.time_ms + part.duration_ms))
                if number in probe_numbers(frames):
                    result.pictures[number] = part.picture(SMALL_PX)
                    result.samples.add(part.sample().shape)
        result.warnings = tuple(reader.warnings)
    return result


@pytest.fixture
def videos(material: Path) -> Path:
    return material / "videos"


def test_the_table_names_every_file_of_the_folder(videos: Path) -> None:
    there = {
        path.relative_to(videos).as_posix()
        for path in videos.rglob("*")
        if path.is_file() and path.suffix not in NO_VIDEOS
    }
    assert there == READABLE.keys() | UNREADABLE.keys()


@pytest.mark.parametrize("name", READABLE)
def test_a_pass_gives_the_frames_sound_and_cues_that_are_there(videos: Path, name: str) -> None:
    expected = READABLE[name]
    result = read_pass(videos / name, expected.frames)
    starts, ends = zip(*result.spans_ms, strict=True)
    assert (len(starts), (starts[0], starts[-1], ends[-1])) == (expected.frames, expected.times_ms)
    assert starts[1:] == ends[:-1], "each frame is shown until the next"
    assert all(start < end for start, end in result.spans_ms)
    assert result.warnings == expected.warnings
    assert len(result.cues) == expected.cues
    assert_sound(result.sounds, expected.sound_end_ms)


def assert_sound(sounds: list[Sound], end_ms: int | None) -> None:
    ends = [sound.start_ms + 1000 * len(sound.samples) / HZ for sound in sounds]
    assert (round(ends[-1]) if ends else None) == end_ms
    for sound, before_ms in zip(sounds[1:], ends, strict=False):
        assert sound.start_ms >= before_ms - 1
    assert all(sound.hz == HZ and sound.samples.dtype == np.float32 for sound in sounds)


@pytest.mark.parametrize("name", READABLE)
def test_the_container_tells_size_codec_and_duration(videos: Path, name: str) -> None:
    expected = READABLE[name]
    container = read_pass(videos / name, expected.frames).container
    assert (container.width, container.height) == expected.size
    assert (container.codec, container.format) == (expected.codec, expected.format)
    assert container.duration_ms == expected.duration_ms
    assert container.name == Path(name).name
    assert container.size_bytes == (videos / name).stat().st_size
    assert all(key == key.lower() and value.isprintable() for key, value in container.tags)


@pytest.mark.parametrize("name", READABLE)
def test_pictures_and_samples_lie_upright_at_the_asked_size(videos: Path, name: str) -> None:
    expected = READABLE[name]
    result = read_pass(videos / name, expected.frames)
    width, height = expected.size
    scale = min(1, SMALL_PX / max(width, height))
    shape = (max(1, round(height * scale)), max(1, round(width * scale)), 3)
    for picture in result.pictures.values():
        assert (picture.shape, picture.dtype) == (shape, np.uint8)
        assert picture.flags.c_contiguous
    (sample,) = result.samples
    assert abs(sample[0] / sample[1] - height / width) < 0.02
    assert max(sample[:2]) <= 320


@pytest.mark.parametrize("opened", [open_fetcher, PyAvFetcher])
@pytest.mark.parametrize("name", READABLE)
def test_random_access_gives_the_frames_of_the_pass(
    videos: Path, name: str, opened: Callable[[Path], FrameFetcher]
) -> None:
    expected = READABLE[name]
    result = read_pass(videos / name, expected.frames)
    wanted = probe_numbers(expected.frames)
    # In the middle of each frame's span; before the first and after the last one, too.
    times_ms = [(result.spans_ms[number][0] + result.spans_ms[number][1]) // 2 for number in wanted]
    times_ms = [-1000, *times_ms, result.spans_ms[-1][1] + 5000]
    wanted = [0, *wanted, expected.frames - 1]
    with opened(videos / name) as fetcher:
        fetched = list(fetcher.fetch(times_ms, SMALL_PX))
        tolerance = 2.0 if fetcher.decoder == "decord" or expected.warnings else 0.0
        if opened is open_fetcher and find_spec("decord"):
            assert fetcher.decoder == expected.decoder
    assert [frame.time_ms for frame in fetched] == [result.spans_ms[n][0] for n in wanted]
    for number, frame in zip(wanted, fetched, strict=True):
        there = result.pictures[number]
        assert frame.pixels.shape == there.shape
        assert np.abs(frame.pixels.astype(int) - there).mean() <= tolerance


@pytest.mark.parametrize("name", READABLE)
def test_packets_tell_the_times_without_decoding(videos: Path, name: str) -> None:
    expected = READABLE[name]
    table = scan_packets(videos / name)
    shown = [start for start, _ in read_pass(videos / name, expected.frames).spans_ms]
    assert table.regular
    assert set(shown) <= set(table.times_ms.tolist())
    assert len(table) == expected.frames + sum("not decoded" in w for w in expected.warnings)


@pytest.mark.parametrize("opened", [open_video, open_fetcher])
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_video_says_why_in_one_line(
    videos: Path, name: str, opened: Callable[[Path], object]
) -> None:
    with pytest.raises(VideoUnreadable) as caught:
        opened(videos / name)
    assert str(caught.value) == f"{videos / name}: {UNREADABLE[name]}"


def test_cues_carry_text_language_and_the_number_of_their_stream(videos: Path) -> None:
    name = "torchcodec/nasa_13013.mp4"
    cues = read_pass(videos / name, READABLE[name].frames).cues
    first = "NAR: This is the optical and science segment of the Webb"
    assert [cue for cue in cues if cue.start_ms == 210] == [
        Cue(210, 4260, first, "eng", 0),
        Cue(210, 4260, first, "eng", 1),
    ]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_pictures_are_turned_as_another_decoder_turns_them(videos: Path, angle: int) -> None:
    decord = pytest.importorskip("decord")
    path = videos / f"decord/video_{angle}.mov"
    theirs = decord.VideoReader(str(path))[0].asnumpy()
    with open_video(path) as reader:
        ours = next(iter(reader.read()))
        assert np.array_equal(ours.picture(10_000), theirs)  # type: ignore[union-attr]


def test_what_is_transparent_lies_on_black(videos: Path) -> None:
    with open_video(videos / "moviepy/transparent.webm") as reader:
        picture = next(iter(reader.read())).picture(200)  # type: ignore[union-attr]
    corners = picture[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert picture.max() > 128
    assert not corners.any()


@pytest.mark.parametrize("name", ["torchcodec/nasa_13013.mp4", "mmaction2/demo.mp4"])
def test_cues_alone_are_those_of_the_pass(videos: Path, name: str) -> None:
    with open_video(videos / name) as reader:
        assert list(reader.read_cues()) == read_pass(videos / name, READABLE[name].frames).cues
