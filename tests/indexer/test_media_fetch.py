"""Random access: little is decoded for few frames, and what comes is what the pass gives."""

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.videos import Coding, write_video
from indexer.decoders.packets import scan_packets
from indexer.decoders.seeking import PyAvFetcher
from indexer.media import open_fetcher, open_video

FRAMES = 1500
WANTED_MS = [500, 12_340, 30_000, 45_678, 59_000]


def soft_frames(count: int) -> list[NDArray[np.uint8]]:
    """A soft texture that moves: no two frames are alike, and scaling them is harmless."""
    grey = np.random.default_rng(5).integers(60, 190, (8, 12), dtype=np.uint8)
    texture = cv2.resize(grey, (320, 200), interpolation=cv2.INTER_CUBIC)
    texture = np.stack([texture, texture // 2 + 50, 200 - texture // 2], axis=-1)
    return [
        np.ascontiguousarray(np.roll(texture, (number % 200, 3 * number % 320), (0, 1))[:90, :160])
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    coding = Coding(options={"preset": "ultrafast", "crf": "20", "g": "50", "bf": "2"})
    return write_video(tmp_path_factory.mktemp("long") / "a.mp4", soft_frames(FRAMES), coding)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
@pytest.mark.parametrize("opened", [open_fetcher, PyAvFetcher])
def test_few_frames_of_a_long_video_cost_few_decoded_frames(
    long_video: Path, opened: type[PyAvFetcher], suffix: str
) -> None:
    path = rewrap(long_video, suffix)
    with opened(path) as fetcher:
        shown = [frame.time_ms for frame in fetcher.fetch(WANTED_MS, 160)]
        assert 5 <= fetcher.frames_decoded < FRAMES / 3
    assert np.abs(np.subtract(shown, WANTED_MS)).max() <= 40


def rewrap(path: Path, suffix: str) -> Path:
    """The same packets in another container."""
    target = path.with_suffix(suffix)
    if not target.exists():
        with av.open(str(path)) as source, av.open(str(target), "w") as container:
            stream = container.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.size:
                    packet.stream = stream
                    container.mux(packet)
    return target


def test_times_that_ascend_inside_a_group_decode_it_once(long_video: Path) -> None:
    with PyAvFetcher(long_video) as fetcher:
        list(fetcher.fetch(range(0, 1900, 40), 32))
        assert fetcher.frames_decoded < 50 + 20


def test_decord_serves_where_it_agrees_and_gives_the_same_pictures(long_video: Path) -> None:
    if find_spec("decord") is None:
        pytest.skip("decord is not published for this platform")
    with open_fetcher(long_video) as quick, PyAvFetcher(long_video) as plain:
        assert quick.decoder == "decord"
        for ours, theirs in zip(
            plain.fetch(WANTED_MS, 1000), quick.fetch(WANTED_MS, 1000), strict=True
        ):
            assert ours.time_ms == theirs.time_ms
            assert np.abs(ours.pixels.astype(int) - theirs.pixels).mean() < 0.5


@pytest.mark.parametrize("opened", [open_fetcher, PyAvFetcher])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("few_keys.mp4", {"g": "1000", "bf": "3"}),
        ("all_keys.mp4", {"g": "1", "bf": "0"}),
        ("short_groups.mp4", {"g": "3", "bf": "2", "b-adapt": "0"}),
        ("open_groups.mp4", {"g": "12", "bf": "3", "b-adapt": "0", "x264-params": "open-gop=1"}),
        ("short_groups.mkv", {"g": "5", "bf": "2", "b-adapt": "0"}),
        ("open_groups.mkv", {"g": "12", "bf": "3", "b-adapt": "0", "x264-params": "open-gop=1"}),
        ("late.ts", {"g": "10", "bf": "2"}),
    ],
)
def test_every_frame_fetched_is_the_frame_of_the_pass(
    tmp_path: Path, name: str, options: dict[str, str], opened: type[PyAvFetcher]
) -> None:
    coding = Coding(options={"preset": "ultrafast", "crf": "12"} | options)
    path = write_video(tmp_path / name, soft_frames(60), coding)
    with open_video(path) as reader:
        there = [(part.time_ms, part.picture(160)) for part in reader.read()]  # type: ignore[union-attr]
    assert len(there) == 60
    order = np.random.default_rng(0).permutation(60)
    for numbers in (sorted(order[:25]), list(order[25:])):  # ascending, and to and fro
        with opened(path) as fetcher:
            fetched = list(fetcher.fetch([there[number][0] + 1 for number in numbers], 160))
        for number, frame in zip(numbers, fetched, strict=True):
            assert frame.time_ms == there[number][0]
            assert np.abs(frame.pixels.astype(int) - there[number][1]).mean() < 1


def test_the_frame_at_a_time_is_the_last_that_began(tmp_path: Path) -> None:
    path = write_video(tmp_path / "slow.mkv", soft_frames(4), times_ms=[1000, 1500, 1501, 9000])
    asked = [0, 999, 1000, 1499, 1500, 1501, 8999, 9000, 99_999]
    with open_fetcher(path) as fetcher:
        shown = [frame.time_ms for frame in fetcher.fetch(asked, 32)]
    assert shown == [1000, 1000, 1000, 1000, 1500, 1501, 1501, 9000, 9000]


def test_decord_is_not_asked_where_groups_are_open_or_frames_are_turned(tmp_path: Path) -> None:
    opened = Coding(options={"g": "12", "bf": "3", "b-adapt": "0", "x264-params": "open-gop=1"})
    path = write_video(tmp_path / "open.mp4", soft_frames(60), opened)
    assert not scan_packets(path).closed
    others = [
        path,
        write_video(tmp_path / "turned.mp4", soft_frames(20), Coding(rotation=90)),
        write_video(tmp_path / "plain.mkv", soft_frames(20)),
        write_video(
            tmp_path / "deep.mp4",
            soft_frames(20),
            Coding(
                codec="libx265", pixels="yuv420p10le", options={"x265-params": "log-level=none"}
            ),
        ),
        write_video(tmp_path / "late.mp4", soft_frames(20), times_ms=range(5000, 5800, 40)),
    ]
    for other in others:
        with open_fetcher(other) as fetcher:
            assert fetcher.decoder == "pyav", other.name


def test_a_video_that_decord_fails_on_is_served_by_pyav_from_there(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    coding = Coding(options={"g": "25", "crf": "10"})
    path = write_video(tmp_path / "hurt.mp4", soft_frames(200), coding)
    table = scan_packets(path)
    with open_fetcher(path) as fetcher:
        if fetcher.decoder != "decord":
            pytest.skip("decord is not published for this platform")
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 3000] = bytes(3000)
    path.write_bytes(data)
    with open_fetcher(path) as fetcher:
        shown = [frame.time_ms for frame in fetcher.fetch(table.times_ms[::5].tolist(), 160)]
        assert fetcher.decoder == "pyav"
    assert all(early < late for early, late in pairwise(shown)) or len(set(shown)) > 30
    assert capfd.readouterr() == ("", ""), "decord keeps quiet"


def test_a_fetcher_can_be_used_again_and_closes(long_video: Path) -> None:
    with PyAvFetcher(long_video) as fetcher:
        (first,) = fetcher.fetch([59_000], 32)
        (again,) = fetcher.fetch([59_000], 32)
        assert first.time_ms == again.time_ms == 59_000
        assert np.array_equal(first.pixels, again.pixels)
