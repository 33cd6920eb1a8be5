"""The one pass: every frame in one shot, and each shot with just what was asked for."""

import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.analyzer import Wants
from analyzers.clip import Container, Cue, Sound
from indexer.media import Part
from indexer.segmenter import Segmenter
from indexer.segmenters.fixed import FixedSegmenter
from indexer.segmenters.given import GivenSegmenter
from indexer.segmenters.pyscene import PySceneSegmenter
from indexer.segmenters.takes import TakeSegmenter
from indexer.single_pass import Asks, PassSummary, ShotMaterial, read_video


@dataclass(frozen=True)
class MadeFrame:
    """A frame whose top left pixel tells its time; the rest is a colour."""

    time_ms: int
    duration_ms: int = 40
    colour: tuple[int, int, int] = (90, 120, 200)
    size: tuple[int, int] = (36, 64)

    def sample(self) -> NDArray[np.uint8]:
        return np.full((9, 16, 3), self.colour[::-1], np.uint8)

    def picture(self, longest_px: int) -> NDArray[np.uint8]:
        height, width = self.size
        shrink = min(1.0, longest_px / max(self.size))
        shape = max(1, round(height * shrink)), max(1, round(width * shrink)), 3
        pixels = np.full(shape, self.colour, np.uint8)
        pixels[0, 0] = self.time_ms // 40000, self.time_ms // 200 % 200, self.time_ms % 200
        return pixels


class MadeReader:
    """Reads parts out of a list; what was not asked for is left out."""

    def __init__(self, parts: Sequence[Part], size: tuple[int, int] = (36, 64)) -> None:
        self._parts = parts
        height, width = size
        self.container = Container("made.mp4", "mp4", "h264", width, height, 25.0, 0, 0, 0)
        self.warnings: Sequence[str] = ()

    def read(self, *, sound_hz: Sequence[int] = (), cues: bool = False) -> Iterator[Part]:
        for part in self._parts:
            if isinstance(part, Sound) and part.hz not in sound_hz:
                continue
            if isinstance(part, Cue) and not cues:
                continue
            yield part
        self.warnings = ("the end is missing",)

    def __enter__(self) -> "MadeReader":
        return self

    def __exit__(self, *exc: object) -> None:
        return None


def read(
    parts: Sequence[Part], segmenter: Segmenter, asks: Asks | None = None
) -> tuple[list[ShotMaterial], PassSummary]:
    *shots, summary = read_video(MadeReader(parts), segmenter, asks or Asks())
    assert isinstance(summary, PassSummary)
    assert all(isinstance(shot, ShotMaterial) for shot in shots)
    return [shot for shot in shots if isinstance(shot, ShotMaterial)], summary


def frames(*times: int) -> list[Part]:
    return [MadeFrame(time_ms) for time_ms in times]


def bounds(shots: Sequence[ShotMaterial]) -> list[tuple[int, int]]:
    return [(shot.start_ms, shot.end_ms) for shot in shots]


def ramp(start_ms: int, count: int, hz: int = 8000) -> Sound:
    """Sound whose sample n, counted from time 0, is n / 2**20."""
    first = start_ms * hz // 1000
    return Sound(start_ms, hz, np.arange(first, first + count, dtype=np.float32) / 2**20)


def numbers(sound: Sound) -> list[int]:
    """Which samples of the ramp these are."""
    return [round(float(value) * 2**20) for value in sound.samples]


# ---- shots


def test_every_moment_is_in_one_shot_from_the_first_frame_to_the_end_of_the_last() -> None:
    shots, summary = read(frames(70, 110, 150, 190, 230), GivenSegmenter([0, 120, 200]))
    assert bounds(shots) == [(70, 150), (150, 230), (230, 270)]
    assert (summary.frames, summary.first_ms, summary.end_ms) == (5, 70, 270)
    assert summary.warnings == ("the end is missing",)


@pytest.mark.parametrize("segmenter", [PySceneSegmenter("adaptive"), FixedSegmenter(3)])
def test_one_frame_is_one_shot_with_one_keyframe(segmenter: Segmenter) -> None:
    shots, summary = read([MadeFrame(33, 5000)], segmenter)
    assert bounds(shots) == [(33, 5033)]
    assert [(each.time_ms, each.end_ms) for each in shots[0].keyframes] == [(33, 5033)]
    assert summary.frames == 1


def test_no_frame_is_no_shot() -> None:
    shots, summary = read([], PySceneSegmenter("content"))
    assert shots == []
    assert summary.frames == summary.end_ms == 0


def test_a_black_video_has_keyframes_all_the_same() -> None:
    black = [MadeFrame(time_ms, colour=(0, 0, 0)) for time_ms in range(0, 12_000, 40)]
    (shot,), _ = read(black, TakeSegmenter(PySceneSegmenter("adaptive")))
    assert len(shot.keyframes) == 3


def test_a_video_of_one_pixel_is_read() -> None:
    parts = [MadeFrame(time_ms, size=(1, 1)) for time_ms in (0, 40)]
    *shots, _ = read_video(MadeReader(parts, (1, 1)), FixedSegmenter(1), Asks())
    assert len(shots) == 1


def test_a_cut_that_is_no_later_than_the_shot_before_is_a_broken_contract() -> None:
    class Twice:
        settled_ms = 0

        def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
            return [40] if time_ms >= 40 else []

        def finish(self) -> Sequence[int]:
            return []

    with pytest.raises(RuntimeError, match="a cut at 40 ms"):
        read(frames(0, 40, 80), Twice())


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 3000), min_size=1, max_size=60),
    st.lists(st.integers(0, 90_000), max_size=8),
)
def test_shots_and_their_keyframes_partition_the_video(steps: list[int], cuts: list[int]) -> None:
    times = [int(time_ms) for time_ms in np.cumsum(steps)]
    shots, summary = read(frames(*times), TakeSegmenter(GivenSegmenter(sorted(cuts))))
    edges = [shots[0].start_ms, *(shot.end_ms for shot in shots)]
    assert (edges[0], edges[-1]) == (times[0], times[-1] + 40)
    assert set(edges[:-1]) <= set(times)
    for shot in shots:
        spans = [(each.start_ms, each.end_ms) for each in shot.keyframes]
        assert (spans[0][0], spans[-1][1]) == (shot.start_ms, shot.end_ms)
        assert all(one[1] == two[0] for one, two in pairwise(spans))
        assert all(each.start_ms <= each.time_ms < each.end_ms for each in shot.keyframes)
    assert summary.frames == len(times)


# ---- frames at a rate


def test_frames_are_the_first_at_or_after_each_tick() -> None:
    asks = Asks(rates=((5.0, 32), (0.5, 16)))
    shots, _ = read(frames(*range(20, 1300, 60)), GivenSegmenter([600]), asks)
    taken = [[each.time_ms for each in shot.frames[5.0, 32]] for shot in shots]
    assert taken == [[20, 200, 440], [620, 800, 1040, 1220]]
    spans = [(each.start_ms, each.end_ms) for each in shots[0].frames[5.0, 32]]
    assert spans == [(20, 200), (200, 440), (440, 620)]
    assert [len(shot.frames[0.5, 16]) for shot in shots] == [1, 0]


def test_frames_have_the_asked_size_and_show_their_own_time() -> None:
    asks = Asks(rates=((10.0, 32), (10.0, 500)))
    (shot,), _ = read(frames(0, 120, 210), FixedSegmenter(60), asks)
    assert [each.pixels.shape for each in shot.frames[10.0, 32]] == [(18, 32, 3)] * 3
    assert [each.pixels.shape for each in shot.frames[10.0, 500]] == [(36, 64, 3)] * 3
    assert [int(each.pixels[0, 0, 2]) for each in shot.frames[10.0, 32]] == [0, 120, 10]


def test_a_rate_above_the_videos_gives_each_frame_once() -> None:
    (shot,), _ = read(frames(0, 40, 80), FixedSegmenter(60), Asks(rates=((100.0, 16),)))
    assert [each.time_ms for each in shot.frames[100.0, 16]] == [0, 40, 80]


def test_a_rate_of_thirty_takes_every_frame_of_thirty_per_second() -> None:
    times = [round(number * 1000 / 30) for number in range(90)]
    (shot,), _ = read(frames(*times), FixedSegmenter(60), Asks(rates=((30.0, 16),)))
    assert [each.time_ms for each in shot.frames[30.0, 16]] == times


# ---- sound


def test_sound_is_parted_at_the_exact_samples() -> None:
    parts = [ramp(0, 3000), *frames(0, 40, 80), ramp(375, 3000), *frames(120, 160)]
    shots, _ = read(parts, GivenSegmenter([120]), Asks(sound_hz=(8000,)))
    assert [shot.sound[8000].start_ms for shot in shots] == [0, 120]
    assert numbers(shots[0].sound[8000]) == list(range(960))
    assert numbers(shots[1].sound[8000]) == list(range(960, 1600))


def test_each_asked_rate_is_given() -> None:
    parts = [ramp(0, 9000), ramp(0, 9000, 22_050), *frames(*range(0, 400, 40))]
    shots, _ = read(parts, GivenSegmenter([70, 199]), Asks(sound_hz=(8000, 22_050)))
    heard = [(numbers(shot.sound[8000]), numbers(shot.sound[22_050])) for shot in shots]
    assert [number for one, _ in heard for number in one] == list(range(3200))
    assert [number for _, two in heard for number in two] == list(range(8820))


def test_stretches_whose_times_are_rounded_join_without_a_hole() -> None:
    samples = ramp(0, 8000).samples
    cuts = range(0, 8000, 333)
    parts = [Sound(round(at / 8), 8000, samples[at : at + 333]) for at in cuts]
    (shot,), _ = read([*parts, *frames(0, 960)], FixedSegmenter(9), Asks(sound_hz=(8000,)))
    assert numbers(shot.sound[8000]) == list(range(8000))


def test_holes_are_silent_and_so_is_what_lies_behind_the_end() -> None:
    parts = [ramp(0, 80), ramp(50, 80), *frames(0, 40), *frames(80)]
    shots, _ = read(parts, GivenSegmenter([40, 80]), Asks(sound_hz=(8000,)))
    heard = [numbers(shot.sound[8000]) for shot in shots]
    assert heard[0] == [*range(80), *[0] * 240]
    assert heard[1] == [*[0] * 80, *range(400, 480), *[0] * 160]
    assert heard[2] == [0] * 320


def test_sound_that_comes_after_its_frames_is_waited_for() -> None:
    parts = [*frames(*range(0, 5000, 40)), ramp(0, 40_000)]
    shots, _ = read(parts, GivenSegmenter([1000, 2000]), Asks(keyframes=False, sound_hz=(8000,)))
    assert [numbers(shot.sound[8000])[0] for shot in shots] == [0, 8000, 16_000]


def test_sound_is_not_waited_for_without_end() -> None:
    parts = [ramp(0, 80), *frames(*range(0, 40_000, 200))]
    reader = MadeReader(parts)
    given = read_video(reader, FixedSegmenter(1), Asks(sound_hz=(8000,)))
    next(given)
    assert reader.warnings == ()  # the end was not read yet


def test_a_video_without_sound_gives_no_samples() -> None:
    shots, _ = read(frames(0, 40, 80), GivenSegmenter([40]), Asks(sound_hz=(8000,)))
    assert [len(shot.sound[8000].samples) for shot in shots] == [0, 0]


def test_cues_are_handed_on_at_the_end() -> None:
    cue = Cue(0, 50, "hello")
    _, summary = read([cue, *frames(0)], FixedSegmenter(1), Asks(cues=True))
    assert summary.cues == (cue,)


# ---- asks


def test_asks_are_the_union_of_what_is_wanted() -> None:
    wants = [
        Wants(keyframes=True, container=True),
        Wants(frames_per_second=5.0, frames_px=320, sound_hz=16_000),
        Wants(frames_per_second=5.0, frames_px=320, subtitles=True),
        Wants(frames_per_second=2.0, sound_hz=8000),
    ]
    assert Asks.of(wants) == Asks(True, ((2.0, 256), (5.0, 320)), (8000, 16_000), True)
    assert Asks.of([]) == Asks(keyframes=False)


def coloured() -> list[Part]:
    """Twelve seconds of three levels of light with noise in them, sound and a subtitle."""
    random = np.random.default_rng(5)
    parts: list[Part] = [Cue(0, 1000, "one")]
    for time_ms in range(0, 12_000, 40):
        level = (40, 200, 110)[time_ms // 4000]
        red = level + int(random.integers(-5, 6))
        parts.append(MadeFrame(time_ms, colour=(red, level // 2, 10)))
        parts.append(ramp(time_ms, 320))
    return parts


def test_shots_and_keyframes_are_the_same_whatever_else_is_asked_for() -> None:
    everything = Asks(True, ((5.0, 32), (25.0, 64)), (8000,), True)
    results = []
    for asks in (Asks(), everything):
        shots, _ = read(coloured(), TakeSegmenter(PySceneSegmenter("adaptive")), asks)
        for shot in shots:
            for each in (*shot.keyframes, *shot.frames.get((25.0, 64), ())):
                assert shot.start_ms <= each.start_ms <= each.time_ms < each.end_ms <= shot.end_ms
        keyframes = [each for shot in shots for each in shot.keyframes]
        files = [(each.time_ms, each.large_jpeg, each.small_jpeg) for each in keyframes]
        results.append((bounds(shots), files))
    assert results[0] == results[1]
    assert [start_ms for start_ms, _ in results[0][0]] == [0, 4000, 8000]
    without, _ = read(coloured(), PySceneSegmenter("adaptive"), Asks(keyframes=False))
    assert (bounds(without), without[0].keyframes) == (results[0][0], ())


# ---- memory


def test_a_take_of_any_length_is_held_in_bounded_memory() -> None:
    noise = np.random.default_rng(6).integers(0, 256, (540, 960, 3), np.uint8)

    class Noisy(MadeFrame):
        def picture(self, longest_px: int) -> NDArray[np.uint8]:
            rolled = np.roll(noise, self.time_ms // 250, axis=1)
            return rolled if longest_px >= 960 else cv2.resize(rolled, (256, 144))

    def parts() -> Iterator[Part]:
        second = np.zeros(96_000, np.float32)
        for time_ms in range(0, 200_000, 250):
            if time_ms % 1000 == 0:
                yield Sound(time_ms, 96_000, second + time_ms)
            yield Noisy(time_ms, 250)

    class LongReader(MadeReader):
        def read(self, *, sound_hz: Sequence[int] = (), cues: bool = False) -> Iterator[Part]:
            return parts()

    asks = Asks(rates=((4.0, 256),), sound_hz=(96_000,))
    tracemalloc.start()
    try:
        given = read_video(LongReader([], (540, 960)), FixedSegmenter(7200), asks)
        shot, _ = given
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(shot, ShotMaterial)
    pictures = shot.frames[4.0, 256]
    samples = shot.sound[96_000].samples
    weight = samples.nbytes + sum(picture.pixels.nbytes for picture in pictures)
    weight += sum(len(each.large) for each in shot.keyframes)
    assert weight > 170 << 20 > 110 << 20 > peak
    assert samples[96_000 * 150 + 5] == 150_000
    assert len(pictures) == 800
    assert len(shot.keyframes) >= 40
    wanted = cv2.resize(np.roll(noise, 700, axis=1), (256, 144))
    np.testing.assert_array_equal(pictures[700].pixels, wanted)
