"""Which pictures stand for a shot, and what is kept of a shot that is still open."""

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.candidates import Candidates, ChosenKeyframe, Coder
from indexer.keyframes import (
    Choice,
    KeyframeMaterial,
    choose_keyframes,
    decode_jpeg,
    encode_jpeg,
    encode_large,
    encode_small,
    measure,
)
from indexer.shelf import Shelf


@dataclass(frozen=True)
class Scored:
    time_ms: int
    sharpness: float = 1.0
    is_black: bool = False


def chosen_times(candidates: Sequence[Scored], start_ms: int, end_ms: int) -> list[int]:
    choices = choose_keyframes(candidates, start_ms, end_ms)
    return [candidates[choice.index].time_ms for choice in choices]


def texture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).integers(
        0, 256, (height // 8 + 2, width // 8 + 2, 3), np.uint8
    )
    return np.ascontiguousarray(cv2.resize(noise, (width, height)))


# ---- the choice


def test_of_equal_pictures_the_middle_one_is_taken() -> None:
    every_half_second = [Scored(time_ms) for time_ms in range(0, 4500, 500)]
    assert chosen_times(every_half_second, 0, 4500) == [2000]


def test_a_much_sharper_picture_wins_over_the_middle() -> None:
    shown = [Scored(0), Scored(1000), Scored(2000), Scored(3500, sharpness=3.0)]
    assert chosen_times(shown, 0, 4000) == [3500]


def test_a_little_sharper_picture_at_the_end_does_not_win_over_the_middle() -> None:
    shown = [Scored(0), Scored(1000), Scored(2000), Scored(3900, sharpness=1.4)]
    assert chosen_times(shown, 0, 4000) == [2000]


def test_a_black_picture_is_taken_only_where_there_is_nothing_else() -> None:
    shown = [Scored(0, 0.01), Scored(2000, 50.0, is_black=True), Scored(3000, 0.02)]
    assert chosen_times(shown, 0, 4000) == [3000]
    assert chosen_times([Scored(100, 5.0, is_black=True)], 0, 4000) == [100]


@pytest.mark.parametrize(
    ("length_ms", "count"), [(1, 1), (5000, 1), (5001, 2), (10_000, 2), (12_000, 3)]
)
def test_each_keyframe_stands_for_at_most_five_seconds(length_ms: int, count: int) -> None:
    shown = [Scored(time_ms) for time_ms in range(0, length_ms, 500)]
    choices = choose_keyframes(shown, 0, length_ms)
    assert len(choices) == count
    assert all(choice.end_ms - choice.start_ms <= 5000 for choice in choices)


def test_a_part_without_frames_is_shown_by_the_picture_before_it() -> None:
    shown = [Scored(0), Scored(9000)]
    assert choose_keyframes(shown, 0, 12_000) == [Choice(0, 0, 8000), Choice(1, 8000, 12_000)]


shots = st.lists(
    st.tuples(st.integers(0, 499), st.floats(0, 100), st.booleans()), min_size=1, max_size=80
)


@settings(deadline=None)
@given(shots, st.integers(0, 10_000), st.booleans())
def test_spans_partition_the_shot_and_keyframes_are_at_most_five_seconds_apart(
    halves: list[tuple[int, float, bool]], start_ms: int, has_black: bool
) -> None:
    shown = [
        Scored(start_ms + number * 500 + late, sharpness, has_black and black)
        for number, (late, sharpness, black) in enumerate(halves)
    ]
    end_ms = start_ms + 500 * len(halves)
    choices = choose_keyframes(shown, start_ms, end_ms)
    assert [choices[0].start_ms, choices[-1].end_ms] == [start_ms, end_ms]
    assert all(before.end_ms == after.start_ms for before, after in pairwise(choices))
    times = [shown[choice.index].time_ms for choice in choices]
    assert all(
        choice.start_ms <= time_ms < choice.end_ms
        for choice, time_ms in zip(choices, times, strict=True)
    )
    # A black keyframe is worse than a gap.
    assert has_black or all(after - before <= 5000 for before, after in pairwise(times))
    for choice in choices:
        part = [each for each in shown if choice.start_ms <= each.time_ms < choice.end_ms]
        assert not shown[choice.index].is_black or all(each.is_black for each in part)


def test_keyframes_of_a_take_of_a_quarter_of_an_hour_are_at_most_five_seconds_apart() -> None:
    late = np.random.default_rng(8).integers(0, 500, 1800)
    times = chosen_times([Scored(n * 500 + int(ms)) for n, ms in enumerate(late)], 0, 900_000)
    assert 180 < len(times) <= 200
    assert np.diff(times).max() <= 5000


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 499), st.floats(0.1, 9)), min_size=11, max_size=16))
def test_two_keyframes_are_the_best_pair_that_is_near_enough(
    halves: list[tuple[int, float]],
) -> None:
    shown = [Scored(n * 500 + late, sharpness) for n, (late, sharpness) in enumerate(halves)]
    end_ms = 500 * len(halves)
    edge = end_ms // 2

    def score(each: Scored) -> float:
        middle = edge / 2 if each.time_ms < edge else (edge + end_ms) / 2
        return (each.sharpness + 1e-3) * (1 - abs(each.time_ms - middle) / (end_ms / 2))

    sides = [[each for each in shown if (each.time_ms < edge) is left] for left in (True, False)]
    best = [max(map(score, side)) for side in sides]
    pairs = [
        (score(one) / best[0] + score(two) / best[1], one, two)
        for one, two in combinations(shown, 2)
        if one.time_ms < edge <= two.time_ms and two.time_ms - one.time_ms <= 5000
    ]
    mine = choose_keyframes(shown, 0, end_ms)
    total = sum(score(shown[choice.index]) / top for choice, top in zip(mine, best, strict=True))
    assert total == pytest.approx(max(pair[0] for pair in pairs))


# ---- the measures


def test_a_blurred_picture_is_less_sharp() -> None:
    sharp = texture(90, 160)
    values = [measure(cv2.GaussianBlur(sharp, (0, 0), sigma))[0] for sigma in (0.1, 1, 3)]
    assert values[0] > 2 * values[1] > 4 * values[2] > 0


@pytest.mark.parametrize(
    ("level", "spread", "black"),
    [(0, 0, True), (12, 8, True), (25, 0, True), (60, 0, False), (12, 200, False)],
)
def test_black_is_what_is_dark_nearly_everywhere(level: int, spread: int, black: bool) -> None:
    picture = np.full((90, 160, 3), level, np.uint8)
    picture[:30] += np.uint8(spread)
    assert measure(picture)[1] is black


def test_a_picture_of_one_pixel_is_measured() -> None:
    assert measure(np.zeros((1, 1, 3), np.uint8)) == (0.0, True)


# ---- the pictures


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((720, 1280), (180, 320)),
        ((1280, 720), (320, 180)),
        ((120, 200), (120, 200)),
        ((1, 1), (1, 1)),
    ],
)
def test_the_small_picture_is_made_from_the_large_one(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    pixels = np.full((*size, 3), (200, 40, 90), np.uint8)
    large = encode_large(pixels)
    assert np.abs(decode_jpeg(large).astype(int) - pixels).max() <= 3
    shown = decode_jpeg(encode_small(large))
    assert shown.shape == (*small, 3)
    assert np.abs(shown.astype(int) - (200, 40, 90)).max() <= 4


def test_a_keyframe_gives_its_files_and_its_pixels() -> None:
    pixels = texture(64, 96)
    large, small = encode_jpeg(pixels, 90), encode_jpeg(pixels, 50)
    for one, two in (
        (large, small),
        (np.frombuffer(large, np.uint8), np.frombuffer(small, np.uint8)),
    ):
        keyframe = KeyframeMaterial(5, 0, 9, 1.0, one, two)
        assert (keyframe.large_jpeg, keyframe.small_jpeg) == (large, small)
        np.testing.assert_array_equal(keyframe.pixels(), decode_jpeg(large))


# ---- what is kept of an open shot


class PlainFrame:
    """A frame of one colour; `alive` counts those whose pixels are still held."""

    alive = 0
    pictures = 0

    def __init__(self, time_ms: int, colour: int = 128) -> None:
        PlainFrame.alive += 1
        self.time_ms, self.duration_ms, self._colour = time_ms, 40, colour

    def __del__(self) -> None:
        PlainFrame.alive -= 1

    def sample(self) -> NDArray[np.uint8]:
        return np.full((9, 16, 3), self._colour, np.uint8)

    def picture(self, longest_px: int) -> NDArray[np.uint8]:
        PlainFrame.pictures += 1
        return np.full((36, 64, 3), self._colour, np.uint8)


@pytest.fixture
def coder() -> Iterator[Coder]:
    gc.collect()
    PlainFrame.alive = PlainFrame.pictures = 0
    with Coder() as coder:
        yield coder


def fill(candidates: Candidates, times: Sequence[int], settled_ms: int = 0) -> int:
    """Push frames; returns how many were held at most."""
    most = 0
    for time_ms in times:
        frame = PlainFrame(time_ms, 100 + time_ms % 97)
        candidates.push(frame, frame.sample(), settled_ms or time_ms - 80)
        most = max(most, PlainFrame.alive)
    return most


def spans(chosen: Sequence[ChosenKeyframe]) -> list[tuple[int, int]]:
    return [(each.choice.start_ms, each.choice.end_ms) for each in chosen]


@pytest.mark.parametrize("settled_ms", [0, -1])
def test_few_frames_of_4k_are_held_however_late_the_cuts_are(coder: Coder, settled_ms: int) -> None:
    candidates = Candidates(coder, 3840, 2160)
    assert fill(candidates, range(0, 20_000, 40), settled_ms) <= 14
    assert spans(candidates.take(20_000)) == [(n * 5000, n * 5000 + 5000) for n in range(4)]


def test_small_frames_are_coded_only_when_they_are_chosen(coder: Coder) -> None:
    candidates = Candidates(coder, 640, 360)
    fill(candidates, range(0, 20_000, 40))
    chosen = candidates.take(20_000)
    assert [each.material().time_ms for each in chosen]
    assert PlainFrame.pictures == len(chosen) == 4


def test_large_frames_are_coded_once_in_half_a_second(coder: Coder) -> None:
    candidates = Candidates(coder, 3840, 2160)
    fill(candidates, range(0, 20_000, 40))
    for each in candidates.take(20_000):
        each.material()
    assert PlainFrame.pictures <= 40


def test_what_was_seen_after_a_late_cut_belongs_to_the_next_shot(coder: Coder) -> None:
    candidates = Candidates(coder, 640, 360)
    fill(candidates, range(0, 30_000, 40), settled_ms=-1)
    assert spans(candidates.take(20_000)) == [(n * 5000, n * 5000 + 5000) for n in range(4)]
    rest = candidates.take(30_000)
    assert spans(rest) == [(20_000, 25_000), (25_000, 30_000)]
    assert 21_000 < rest[0].time_ms < 24_000


def test_a_slow_video_keeps_every_frame_however_late_the_cuts_are(coder: Coder) -> None:
    candidates = Candidates(coder, 640, 360)
    fill(candidates, range(0, 20_000, 1000), settled_ms=-1)
    assert [each.time_ms for each in candidates.take(20_000)] == [2000, 7000, 12_000, 17_000]


def test_what_is_not_chosen_is_let_go(coder: Coder) -> None:
    candidates = Candidates(coder, 640, 360)
    fill(candidates, range(0, 4000, 40))
    (chosen,) = candidates.take(4000)
    chosen.material()
    fill(candidates, [4000])
    assert PlainFrame.alive <= 3


@settings(deadline=None)
@given(
    st.lists(st.integers(8, 60), min_size=1, max_size=8),
    st.integers(0, 110),
    st.sampled_from([(64, 36), (3840, 2160)]),
    st.sampled_from([4, 16, 40, 300]),
)
def test_every_shot_has_a_keyframe_of_its_own_however_late_it_is_told(
    lengths: list[int], late: int, size: tuple[int, int], step_ms: int
) -> None:
    edges = [int(edge) for edge in np.cumsum([0, *lengths])]
    found = []
    with Coder() as coder:
        candidates = Candidates(coder, *size)
        for number in range(edges[-1] + late + 1):
            for cut in edges[1:-1]:
                if number == min(cut + late, edges[-1]):
                    found += candidates.take(cut * step_ms)
            if number == edges[-1]:
                found += candidates.take(number * step_ms)
                break
            settled = max([0, *(cut for cut in edges if cut + late <= number)])
            frame = PlainFrame(number * step_ms, number % 200)
            candidates.push(frame, frame.sample(), min(number, settled + 1) * step_ms)
        materials = [each.material() for each in found]
    assert {edge * step_ms for edge in edges[:-1]} <= {each.start_ms for each in materials}
    assert all(each.start_ms <= each.time_ms < each.end_ms for each in materials)
    assert all(one.end_ms == two.start_ms for one, two in pairwise(materials))


def test_a_shot_without_a_frame_is_a_broken_contract(coder: Coder) -> None:
    with pytest.raises(RuntimeError, match="no frame left"):
        Candidates(coder, 64, 36).take(100)


# ---- the shelf


def test_what_does_not_fit_lies_in_a_file_and_reads_back_equal() -> None:
    shelf = Shelf(memory_bytes=1000)
    arrays = [np.arange(n, dtype=np.float32).reshape(-1, 2) for n in (10, 200, 80, 500, 2)]
    shelved = [shelf.put(array) for array in arrays[:3]]
    shelf.put(np.zeros(1003, np.uint8))
    shelved += [shelf.put(array) for array in arrays[3:]]
    assert all(kept.array().flags.aligned for kept in shelved)
    for array, kept in zip(arrays, shelved, strict=True):
        np.testing.assert_array_equal(kept.array(), array)
    assert [kept.array() is array for array, kept in zip(arrays, shelved, strict=True)] == [
        True,
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("memory_bytes", [0, 100, 10_000])
def test_joined_parts_are_one_array(memory_bytes: int) -> None:
    parts = [np.arange(n, dtype=np.float32) for n in (3, 0, 50, 20)]
    shelf = Shelf(memory_bytes)
    shelf.put(np.zeros(7, np.uint8))
    joined = shelf.join(iter(parts), np.float32)
    np.testing.assert_array_equal(joined, np.concatenate(parts))
    assert shelf.join([], np.float32).shape == (0,)


def test_a_view_outlives_its_shelf() -> None:
    shelf = Shelf(0)
    view = shelf.put(np.arange(5)).array()
    del shelf
    gc.collect()
    assert view.tolist() == [0, 1, 2, 3, 4]
