"""What is broken, cut off or no video at all."""

import shutil
import socket
from pathlib import Path

import av
import numpy as np
import pytest

from analyzers.clip import Cue, Sound
from bench.videos import Coding, grey_steps, write_video
from indexer.media import Frame, VideoUnreadable, open_fetcher, open_video

LOSSLESS = {"preset": "ultrafast", "crf": "0"}


def read_frames(path: Path) -> tuple[list[Frame], list[str]]:
    with open_video(path) as reader:
        parts = list(reader.read())
        return [part for part in parts if not isinstance(part, Sound | Cue)], list(reader.warnings)


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
        container.mux(cover.encode(av.VideoFrame.from_ndarray(grey_steps(1)[0], "rgb24")))
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
    whole = write_video(folder / "whole.mp4", grey_steps(50)).read_bytes()
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
    path = write_video(
        folder / "noise.mp4", grey_steps(20), Coding(muxing={"movflags": "faststart"})
    )
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
    path = write_video(tmp_path / "film.mp4", grey_steps(100), Coding(options={"g": "20"}))
    data = bytearray(path.read_bytes())
    for place in range(2000, len(data) - 4000, 700):
        data[place] ^= 255
    path.write_bytes(data)
    read_frames(path)
    with open_fetcher(path) as fetcher:
        assert len(list(fetcher.fetch([0, 1000, 3000], 64))) == 3
    assert capfd.readouterr() == ("", "")


def test_a_name_that_is_not_text_can_be_read(tmp_path: Path) -> None:
    path = write_video(tmp_path / "plain.mp4", grey_steps(3))
    odd = Path(str(tmp_path / "50%d ") + "\udcff.mp4")
    shutil.copy(path, odd)
    with open_video(odd) as reader:
        assert reader.container.name == "50%d \ufffd.mp4"
        assert len(list(reader.read())) == 3
    with open_fetcher(odd) as fetcher:
        assert [frame.time_ms for frame in fetcher.fetch([0, 99], 64)] == [0, 80]


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
