"""Videos made on the spot: times, shapes, sound, cues and damage of which the truth is known."""

import shutil
import socket
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Cue, Sound
from bench.videos import Coding, write_video
from indexer.media import Frame, VideoUnreadable, open_fetcher, open_video

LOSSLESS = {"preset": "ultrafast", "crf": "0"}


def steps(count: int, width: int = 64, height: int = 48) -> list[NDArray[np.uint8]]:
    """Frames that can be told apart: grey rises from frame to frame, the left half is darker."""
    frames = []
    for number in range(count):
        frame = np.full((height, width, 3), 40 + number * 200 // count, np.uint8)
        frame[:, : width // 2] //= 2
        frames.append(frame)
    return frames


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
    path = write_video(tmp_path / f"uneven{suffix}", steps(6), times_ms=uneven)
    frames, warnings = read_frames(path)
    assert times(frames) == uneven
    assert [frame.duration_ms for frame in frames[:-1]] == [40, 7, 253, 1, 1599]
    assert frames[-1].duration_ms >= 1
    assert not warnings
    for frame, there in zip(frames, steps(6), strict=True):
        assert_alike(frame, there)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_a_late_start_stays_late_with_frames_coded_out_of_order(
    tmp_path: Path, suffix: str
) -> None:
    late = [2000 + 40 * number for number in range(30)]
    coding = Coding(options={"bf": "3", "b-adapt": "0", "crf": "10"})
    path = write_video(tmp_path / f"late{suffix}", steps(30), coding, times_ms=late)
    frames, _ = read_frames(path)
    assert times(frames) == late
    for frame, there in zip(frames, steps(30), strict=True):
        assert_alike(frame, there)


def test_the_last_frame_lasts_as_long_as_the_file_says(tmp_path: Path) -> None:
    path = write_video(tmp_path / "slow.mp4", steps(3), Coding(fps=Fraction(2)))
    assert [frame.duration_ms for frame in read_frames(path)[0]] == [500, 500, 500]


def test_of_frames_with_one_time_the_first_is_kept_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "double.mkv"
    write_packets(path, [0, 40, 40, 80, 80, 80, 120])
    frames, warnings = read_frames(path)
    assert times(frames) == [0, 40, 80, 120]
    assert warnings == ["3 frame(s) dropped: their times are out of order"]
    for frame, number in zip(frames, [0, 1, 3, 6], strict=True):
        assert_alike(frame, steps(7)[number])


def write_packets(path: Path, times_ms: list[int]) -> None:
    """A file of intra-coded frames whose time stamps are as given, in order or not."""
    pictures = steps(len(times_ms))
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
    path = write_video(tmp_path / "bare.h264", steps(10), Coding(options={"bf": "0"}))
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
    pictures = steps(4, *size)
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
    path = write_video(tmp_path / "dot.mkv", steps(3, 1, 1), Coding(codec="ffv1", options={}))
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
def test_what_was_filmed_turned_comes_upright(tmp_path: Path, angle: int) -> None:
    pictures = steps(3, 64, 32)
    path = write_video(tmp_path / "turned.mp4", pictures, Coding(rotation=angle))
    upright = [np.rot90(picture, angle // 90) for picture in pictures]
    frames, _ = read_frames(path)
    with open_video(path) as reader:
        size = (reader.container.width, reader.container.height)
    assert size == upright[0].shape[1::-1]
    for frame, there in zip(frames, upright, strict=True):
        assert_alike(frame, there)
        assert frame.sample().shape == there.shape
    with open_fetcher(path) as fetcher:
        (fetched,) = fetcher.fetch([41], 1000)
    assert np.abs(fetched.pixels.astype(int) - upright[1]).mean() < 3


def test_pictures_keep_their_shape_and_are_never_enlarged(tmp_path: Path) -> None:
    path = write_video(tmp_path / "wide.mp4", steps(2, 400, 100))
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
    pictures = steps(60)
    frames, _ = read_frames(write_video(tmp_path / "kept.mp4", pictures))
    for frame, there in zip(frames, pictures, strict=True):
        assert_alike(frame, there)


@pytest.mark.parametrize(
    ("name", "codec", "hz"),
    [("s.mkv", "flac", 44100), ("s.mp4", "aac", 48000), ("s.webm", "libopus", 48000)],
)
def test_sound_comes_at_every_asked_rate_at_its_time(
    tmp_path: Path, name: str, codec: str, hz: int
) -> None:
    second = np.arange(3 * hz) / hz
    beep = np.where((second >= 1) & (second < 1.5), 0.5 * np.sin(2 * np.pi * 440 * second), 0)
    video = "libvpx-vp9" if name.endswith("webm") else "libx264"
    options = {"deadline": "realtime"} if name.endswith("webm") else LOSSLESS
    coding = Coding(codec=video, options=options, sound_codec=codec)
    sound = Sound(0, hz, beep.astype(np.float32))
    path = write_video(tmp_path / name, steps(75), coding, sound=sound)
    for rate in (8000, 16000, 44100):
        heard = read_sound(path, (8000, 16000, 44100), rate)
        assert abs(len(heard) - 3 * rate) < 0.05 * rate
        loud = np.flatnonzero(np.abs(heard) > 0.05)
        assert loud[0] / rate == pytest.approx(1, abs=0.012)
        assert loud[-1] / rate == pytest.approx(1.5, abs=0.012)
        assert np.abs(heard).max() == pytest.approx(0.5, abs=0.06)


def read_sound(path: Path, rates: tuple[int, ...], rate: int) -> NDArray[np.float32]:
    """All sound of one rate on one line of time from 0, silence between the stretches."""
    with open_video(path) as reader:
        parts = [p for p in reader.read(sound_hz=rates) if isinstance(p, Sound) and p.hz == rate]
    line = np.zeros(round(parts[-1].start_ms * rate / 1000) + len(parts[-1].samples), np.float32)
    for part in parts:
        start = round(part.start_ms * rate / 1000)
        line[start : start + len(part.samples)] = part.samples[: len(line) - start]
    return line


def test_sound_that_starts_late_or_ends_early_keeps_its_time(tmp_path: Path) -> None:
    tone = np.full(8000, 0.25, np.float32)
    path = tmp_path / "late.mkv"
    write_video(path, steps(100), Coding(sound_codec="flac"), sound=Sound(1500, 16000, tone))
    with open_video(path) as reader:
        sounds = [part for part in reader.read(sound_hz=(16000,)) if isinstance(part, Sound)]
        warnings = list(reader.warnings)
    assert abs(sounds[0].start_ms - 1500) <= 1
    assert sum(len(sound.samples) for sound in sounds) == 8000
    assert warnings == ["the sound ends at 2.000 s, the pictures at 4.000 s"]


def test_broken_sound_is_a_warning_and_costs_no_frame(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 48000).astype(np.float32)
    path = tmp_path / "noise.mkv"
    write_video(path, steps(75), Coding(sound_codec="flac"), sound=Sound(0, 16000, noise))
    with av.open(str(path)) as container:
        places = [
            (packet.pos, packet.size)
            for packet in container.demux(audio=0)
            if packet.size and packet.pts and 1000 <= packet.pts < 2000
        ]
    data = bytearray(path.read_bytes())
    for position, size in places:
        begin = data.index(b"\xff\xf8", position)  # where a FLAC frame begins
        data[begin : begin + size] = bytes(size)
    path.write_bytes(data)
    with open_video(path) as reader:
        parts = list(reader.read(sound_hz=(16000,)))
        assert any("packet(s) of sound not decoded" in line for line in reader.warnings)
    sounds = [part for part in parts if isinstance(part, Sound)]
    assert len(parts) - len(sounds) == 75
    assert max(sound.start_ms for sound in sounds) >= 1900, "sound goes on after the damage"


def test_a_video_without_sound_gives_none(tmp_path: Path) -> None:
    path = write_video(tmp_path / "mute.mp4", steps(5))
    with open_video(path) as reader:
        parts = list(reader.read(sound_hz=(16000,), cues=True))
        assert len(parts) == 5
        assert not reader.warnings


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_cues_come_as_plain_text_with_language(tmp_path: Path, suffix: str) -> None:
    there = [
        Cue(200, 900, "Hallo\nWelt", "deu", 0),
        Cue(1000, 1500, "Hello, world: 1 < 2", "eng", 1),
        Cue(1600, 1900, "  <i>slanted</i> words", "eng", 1),
    ]
    path = write_video(tmp_path / f"said{suffix}", steps(50), cues=there)
    with open_video(path) as reader:
        parts = list(reader.read(cues=True))
    cues = sorted(
        (part for part in parts if isinstance(part, Cue)),
        key=lambda cue: (cue.stream, cue.start_ms),
    )
    assert cues == [*there[:2], Cue(1600, 1900, "slanted words", "eng", 1)]


def test_tags_come_in_lower_case_without_what_cannot_be_printed(tmp_path: Path) -> None:
    tags = {"title": "A\x1f day\n out", "Comment": "ümläut 漢", "artist": "   "}
    path = write_video(tmp_path / "tagged.mkv", steps(2), Coding(tags=tags))
    with open_video(path) as reader:
        found = dict(reader.container.tags)
    assert found["title"] == "A day out"
    assert found["comment"] == "ümläut 漢"
    assert "artist" not in found


def test_a_file_that_was_cut_off_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (100, 48, 64, 3), dtype=np.uint8)
    coding = Coding(muxing={"movflags": "faststart"}, options={"g": "10"})
    sound = Sound(0, 16000, np.zeros(64000, np.float32))
    whole = write_video(tmp_path / "whole.mp4", noise, coding, sound=sound)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    frames, warnings = read_frames(cut)
    assert 40 < len(frames) < 75
    assert any("cut short" in line for line in warnings), warnings
    with open_fetcher(cut) as fetcher:
        assert fetcher.decoder == "pyav"
        (late,) = fetcher.fetch([10_000], 64)
    assert late.time_ms <= frames[-1].time_ms + 40


def test_a_matroska_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (100, 48, 64, 3), dtype=np.uint8)
    whole = write_video(tmp_path / "whole.mkv", noise)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    frames, warnings = read_frames(cut)
    assert 25 < len(frames) < 75
    assert any("its header says 4.000 s" in line for line in warnings), warnings


def test_a_cover_picture_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as container:
        voice = container.add_stream("libmp3lame", rate=16000)
        voice.layout = "mono"
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        container.start_encoding()
        container.mux(cover.encode(av.VideoFrame.from_ndarray(steps(1)[0], "rgb24")))
        container.mux(cover.encode(None))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), "fltp", "mono")
        frame.sample_rate = 16000
        container.mux(voice.encode(frame))
        container.mux(voice.encode(None))
    with pytest.raises(VideoUnreadable, match=r"song\.mp3: only a cover picture"):
        open_video(path)


def make_text(folder: Path) -> Path:
    path = folder / "letter.mp4"
    path.write_text("Dear reader, this is no video.\n" * 500)
    return path


def make_painted_text(folder: Path) -> Path:
    path = folder / "letter.nfo"
    path.write_text("Dear reader, this is no video.\n" * 500)
    return path


def make_headless(folder: Path) -> Path:
    whole = write_video(folder / "whole.mp4", steps(50)).read_bytes()
    path = folder / "headless.mp4"
    path.write_bytes(whole[: whole.index(b"moov") - 4])
    return path


def make_folder(folder: Path) -> Path:
    path = folder / "folder.mp4"
    path.mkdir()
    return path


def make_empty(folder: Path) -> Path:
    path = folder / "empty.mkv"
    path.touch()
    return path


def make_undecodable(folder: Path) -> Path:
    path = write_video(folder / "noise.mp4", steps(20), Coding(muxing={"movflags": "faststart"}))
    data = bytearray(path.read_bytes())
    begin = data.index(b"mdat") + 4
    data[begin:] = b"\xff" * (len(data) - begin)
    path.write_bytes(data)
    return path


def make_nothing(folder: Path) -> Path:
    return folder / "nothing.mp4"


@pytest.mark.parametrize(
    "made",
    [
        make_text,
        make_painted_text,
        make_headless,
        make_folder,
        make_empty,
        make_undecodable,
        make_nothing,
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line_that_names_it(
    tmp_path: Path, made: object, capfd: pytest.CaptureFixture[str]
) -> None:
    assert callable(made)
    path = made(tmp_path)
    for opened in (open_video, open_fetcher):
        with pytest.raises(VideoUnreadable) as caught:
            opened(path)
        message = str(caught.value)
        assert message.startswith(f"{path}: ")
        assert len(message) > len(f"{path}: ") + 10
        assert "\n" not in message
    assert capfd.readouterr() == ("", ""), "libav and decord keep quiet"


def test_damage_makes_no_noise_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_video(tmp_path / "film.mp4", steps(100), Coding(options={"g": "20"}))
    data = bytearray(path.read_bytes())
    for place in range(2000, len(data) - 4000, 700):
        data[place] ^= 255
    path.write_bytes(data)
    read_frames(path)
    with open_fetcher(path) as fetcher:
        assert len(list(fetcher.fetch([0, 1000, 3000], 64))) == 3
    assert capfd.readouterr() == ("", "")


def test_a_name_that_is_not_text_can_be_read(tmp_path: Path) -> None:
    path = write_video(tmp_path / "plain.mp4", steps(3))
    odd = Path(str(tmp_path / "50%d ") + "\udcff.mp4")
    shutil.copy(path, odd)
    with open_video(odd) as reader:
        assert reader.container.name == "50%d \ufffd.mp4"
        assert len(list(reader.read())) == 3


def test_a_reader_can_read_twice(tmp_path: Path) -> None:
    with open_video(write_video(tmp_path / "again.mp4", steps(9))) as reader:
        first, second = ([part.time_ms for part in reader.read()] for _ in range(2))  # type: ignore[union-attr]
    assert first == second == [40 * number for number in range(9)]


def test_a_playlist_makes_nobody_fetch_from_a_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        path = tmp_path / "list.m3u8"
        url = f"http://127.0.0.1:{server.getsockname()[1]}/part.ts"
        path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{url}\n#EXT-X-ENDLIST\n")
        with pytest.raises(VideoUnreadable):
            open_video(path)
        with pytest.raises(TimeoutError):
            server.accept()
