"""Sound, cues and tags of videos made on the spot, of which the truth is known."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.clip import Cue, Sound
from bench.videos import Coding, grey_steps, write_video
from indexer.media import open_video

LOSSLESS = {"preset": "ultrafast", "crf": "0"}


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
    path = write_video(tmp_path / name, grey_steps(75), coding, sound=sound)
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
    write_video(path, grey_steps(100), Coding(sound_codec="flac"), sound=Sound(1500, 16000, tone))
    with open_video(path) as reader:
        sounds = [part for part in reader.read(sound_hz=(16000,)) if isinstance(part, Sound)]
        warnings = list(reader.warnings)
    assert abs(sounds[0].start_ms - 1500) <= 1
    assert sum(len(sound.samples) for sound in sounds) == 8000
    assert warnings == ["the sound ends at 2.000 s, the pictures at 4.000 s"]


def test_broken_sound_is_a_warning_and_costs_no_frame(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 48000).astype(np.float32)
    path = tmp_path / "noise.mkv"
    write_video(path, grey_steps(75), Coding(sound_codec="flac"), sound=Sound(0, 16000, noise))
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
    heard = read_sound(path, (16000,), 16000)
    assert len(heard) == 48000
    for start, end in ((0, 15000), (34000, 48000)):  # before and after the damage
        assert np.abs(heard[start:end] - noise[start:end]).max() < 0.001


def test_a_hole_in_the_sound_stays_a_hole(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 48000).astype(np.float32)
    whole, holed = tmp_path / "whole.mkv", tmp_path / "holed.mkv"
    write_video(whole, grey_steps(75), Coding(sound_codec="flac"), sound=Sound(0, 16000, noise))
    with av.open(str(whole)) as source, av.open(str(holed), "w") as target:
        streams = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.size and not (packet.stream_index == 1 and 1000 <= packet.pts < 2000):
                packet.stream = streams[packet.stream_index]
                target.mux(packet)
    heard = read_sound(holed, (16000,), 16000)
    assert len(heard) == 48000
    assert not heard[18000:31000].any()
    for start, end in ((0, 15000), (34000, 48000)):
        assert np.abs(heard[start:end] - noise[start:end]).max() < 0.001


def test_a_video_without_sound_gives_none(tmp_path: Path) -> None:
    path = write_video(tmp_path / "mute.mp4", grey_steps(5))
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
    path = write_video(tmp_path / f"said{suffix}", grey_steps(50), cues=there)
    with open_video(path) as reader:
        parts = list(reader.read(cues=True))
    cues = sorted(
        (part for part in parts if isinstance(part, Cue)),
        key=lambda cue: (cue.stream, cue.start_ms),
    )
    assert cues == [*there[:2], Cue(1600, 1900, "slanted words", "eng", 1)]


def test_tags_come_in_lower_case_without_what_cannot_be_printed(tmp_path: Path) -> None:
    tags = {"title": "A\x1f day\n out", "Comment": "ümläut 漢", "artist": "   "}
    path = write_video(tmp_path / "tagged.mkv", grey_steps(2), Coding(tags=tags))
    with open_video(path) as reader:
        found = dict(reader.container.tags)
    assert found["title"] == "A day out"
    assert found["comment"] == "ümläut 漢"
    assert "artist" not in found


def test_tags_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    path = write_video(tmp_path / "odd.mkv", grey_steps(2), Coding(tags={"title": "Qxyzt"}))
    path.write_bytes(path.read_bytes().replace(b"Qxyzt", b"Q\xff\xfe t"))
    with open_video(path) as reader:
        assert dict(reader.container.tags)["title"] == "Q\ufffd\ufffd t"
