"""Where the picture of a shot changes for good, and what that means for its keyframes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.candidates import Candidates, ChosenKeyframe, Coder
from indexer.changes import Change, Glimpses, find_changes
from indexer.keyframes import Choice, choose_keyframes

Pixels = NDArray[np.uint8]
FRAME_MS = 40
BLACK = np.zeros((90, 160, 3), np.uint8)


@dataclass(frozen=True)
class Scored:
    time_ms: int
    sharpness: float = 1.0
    is_black: bool = False


@dataclass(frozen=True, eq=False)
class Shown:
    """A frame of given pixels."""

    time_ms: int
    pixels: Pixels
    duration_ms: int = FRAME_MS

    def sample(self) -> Pixels:
        return self.pixels

    def picture(self, longest_px: int) -> Pixels:
        return self.pixels


def place(seed: int, width: int = 160) -> Pixels:
    """A picture of large fields of colour with some detail."""
    dice = np.random.default_rng(seed)
    fields = dice.integers(30, 226, (3, width // 40, 3), np.uint8)
    detail = dice.integers(0, 30, (90, width, 3), np.uint8)
    return np.asarray(cv2.resize(fields, (width, 90)) + detail, np.uint8)


def still(picture: Pixels, length_ms: int) -> list[Pixels]:
    return [picture] * (length_ms // FRAME_MS)


def blend(one: Pixels, two: Pixels, length_ms: int) -> list[Pixels]:
    """A dissolve; a cut if it lasts no time."""
    count = length_ms // FRAME_MS
    return [
        np.asarray(cv2.addWeighted(one, 1 - share, two, share, 0.0), np.uint8)
        for share in (np.arange(count) + 1) / (count + 1)
    ]


def keyframes_of(pictures: Sequence[Pixels]) -> list[ChosenKeyframe]:
    with Coder() as coder:
        candidates = Candidates(coder, 160, 90)
        for number, pixels in enumerate(pictures):
            candidates.push(Shown(number * FRAME_MS, pixels), pixels, number * FRAME_MS - 80)
        return candidates.take(len(pictures) * FRAME_MS)


def spans(chosen: Sequence[ChosenKeyframe]) -> list[tuple[int, int]]:
    return [(each.choice.start_ms, each.choice.end_ms) for each in chosen]


# ---- changes of pictures


@pytest.mark.parametrize("across_ms", [0, 200, 480, 960])
@pytest.mark.parametrize("seed", range(4))
def test_both_sides_of_a_dissolve_have_a_keyframe(seed: int, across_ms: int) -> None:
    one, two = place(seed), place(seed + 10)
    chosen = keyframes_of(still(one, 2000) + blend(one, two, across_ms) + still(two, 1200))
    assert len(chosen) == 2
    assert chosen[0].time_ms < 2000 <= 2000 + across_ms <= chosen[1].time_ms
    assert abs(chosen[1].choice.start_ms - (2000 + across_ms / 2)) <= 150


def test_a_picture_of_less_than_a_second_between_two_dissolves_has_a_keyframe() -> None:
    one, two, three = place(1), place(2), place(3)
    shown = still(one, 2000) + blend(one, two, 400) + still(two, 880) + blend(two, three, 400)
    chosen = keyframes_of(shown + still(three, 2000))
    assert len(chosen) == 3
    assert 2400 <= chosen[1].time_ms < 3280


def test_each_stretch_has_its_parts_of_at_most_five_seconds() -> None:
    one, two = place(4), place(5)
    chosen = keyframes_of(still(one, 6000) + still(two, 11_000))
    assert [round(end / 1000) for _, end in spans(chosen)] == [3, 6, 10, 13, 17]


@pytest.mark.parametrize("hold_ms", [0, 400, 800, 1600])
def test_a_fade_through_black_shows_both_sides_and_no_black(hold_ms: int) -> None:
    one, two = place(6), place(7)
    dark = blend(one, BLACK, 480) + still(BLACK, hold_ms) + blend(BLACK, two, 480)
    shown = still(one, 2000) + dark + still(two, 2000)
    chosen = keyframes_of(shown)
    assert len(chosen) == 2
    assert chosen[0].time_ms < 2000 < 2960 + hold_ms <= chosen[1].time_ms
    assert abs(chosen[1].choice.start_ms - (2480 + hold_ms / 2)) <= 150


def test_black_before_and_after_a_picture_is_no_stretch() -> None:
    one = place(8)
    shown = still(BLACK, 1000) + blend(BLACK, one, 480) + still(one, 1000)
    shown += blend(one, BLACK, 480) + still(BLACK, 1000)
    (chosen,) = keyframes_of(shown)
    assert 1480 <= chosen.time_ms < 2480


def pan(dice: np.random.Generator) -> Iterator[Pixels]:
    wide = place(9, 1600)
    yield from (np.ascontiguousarray(wide[:, 2 * n : 2 * n + 160]) for n in range(300))


def object_passing(dice: np.random.Generator) -> Iterator[Pixels]:
    """It comes in along the ground, stays for 3 s, and leaves."""
    path = np.interp(np.arange(300), [100, 115, 190, 205], [-45, 60, 60, 160]).astype(int)
    for left in path.tolist():
        shown = place(10)
        shown[40:90, max(0, left) : max(0, left + 45)] = 250, 60, 10
        yield shown


def flicker(dice: np.random.Generator) -> Iterator[Pixels]:
    for number in range(300):
        yield cv2.convertScaleAbs(place(11), alpha=0.6 if number // 4 % 2 else 1.0).astype(np.uint8)


def noise(dice: np.random.Generator) -> Iterator[Pixels]:
    for _ in range(300):
        moved = place(12) + dice.normal(0, 40, (90, 160, 3))
        yield np.clip(moved, 0, 255).astype(np.uint8)


def shake(dice: np.random.Generator) -> Iterator[Pixels]:
    wide = place(13, 240)
    for left in dice.integers(20, 60, 300):
        yield np.ascontiguousarray(wide[:, left : left + 160])


def slow_dusk(dice: np.random.Generator) -> Iterator[Pixels]:
    for number in range(300):
        yield cv2.convertScaleAbs(place(14), alpha=1 - number / 400).astype(np.uint8)


def nearly_the_same(dice: np.random.Generator) -> Iterator[Pixels]:
    """A change that lasts, of 8 levels."""
    one = place(15)
    yield from still(one, 6000) + still(one + np.uint8(8), 6000)


@pytest.mark.parametrize(
    "film", [pan, object_passing, flicker, noise, shake, slow_dusk, nearly_the_same]
)
def test_what_moves_or_flickers_gets_no_more_keyframes(
    film: Callable[[np.random.Generator], Iterator[Pixels]],
) -> None:
    chosen = keyframes_of(list(film(np.random.default_rng(3))))
    assert spans(chosen) == [(0, 4000), (4000, 8000), (8000, 12_000)]


# ---- the rule of a change


def distance(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    return float(np.abs(one - two).mean())


def unrest(side: NDArray[np.float64]) -> float:
    spread = np.mean([distance(each, side.mean(axis=0)) for each in side])
    return max(distance(side[0], side[-1]), 2 * float(spread))


def rate(before: NDArray[np.float64], after: NDArray[np.float64], gap: int) -> float:
    """How sure a change is; 0 where it is none."""
    means = before.mean(axis=0), after.mean(axis=0)
    moved = (unrest(before) + unrest(after)) / 2 * (6 + gap) / 5
    cells = np.abs(means[0] - means[1]).reshape(-1, 3).mean(axis=1)
    is_change = distance(*means) >= max(12, 1.5 * (moved + 2)) and np.median(cells) >= 6
    return distance(*means) / (moved + 2) if is_change else 0.0


def find_by_loops(values: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The rule once more, one comparison at a time."""
    possible = [
        (rate(values[start - 6 : start], values[end : end + 6], end - start), start - 1, end)
        for start in range(6, len(values) - 5)
        for end in range(start, min(start + 8, len(values) - 6) + 1)
    ]
    found: list[tuple[int, int]] = []
    for sure, last, first in sorted(possible, key=lambda each: -each[0]):
        if sure and all(last - other[1] >= 5 or other[0] - first >= 5 for other in found):
            found.append((last, first))
    joined: list[tuple[int, int]] = []
    for last, first in sorted(found):
        between = values[joined[-1][1] : last + 1] if joined else values[:1]
        if joined and np.median([each.mean() + 2 * each.std() < 40 for each in between]) >= 0.5:
            joined[-1] = (joined[-1][0], first)
        else:
            joined.append((last, first))
    return joined


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 1 << 30), st.lists(st.integers(1, 20), min_size=1, max_size=8))
def test_changes_are_those_of_the_rule(seed: int, lengths: list[int]) -> None:
    dice = np.random.default_rng(seed)
    levels = dice.integers(0, 200, (len(lengths), 9)) * (dice.random((len(lengths), 1)) < 0.7)
    levels = np.repeat(levels, lengths, axis=0)
    drift = np.cumsum(dice.normal(0, 2, levels.shape), axis=0)
    glimpses = np.clip(levels + drift, 0, 255).astype(np.uint8)
    assert find_changes(glimpses) == find_by_loops(glimpses.astype(float))


def test_a_shot_of_a_second_and_a_half_has_no_change() -> None:
    glimpses = np.repeat(np.array([[0] * 3, [200] * 3], np.uint8), 6, axis=0)
    assert find_changes(glimpses[1:]) == []
    assert find_changes(glimpses) == [(5, 6)]


def test_what_was_seen_after_a_late_cut_is_a_change_of_the_next_shot() -> None:
    glimpses = Glimpses()
    shown = still(place(1), 4000) + still(place(2), 2000) + still(place(3), 2000)
    for number, pixels in enumerate(shown):
        glimpses.push(number * FRAME_MS, pixels)
    assert glimpses.take(4000) == []
    (change,) = glimpses.take(8000)
    assert 5860 <= change.start_ms < 6000 <= change.end_ms <= 6120
    assert glimpses.take(9000) == []


@pytest.mark.parametrize("step_ms", [4, 40, 1000])
def test_a_glimpse_is_kept_at_most_eight_times_a_second(step_ms: int) -> None:
    glimpses = Glimpses()
    for number in range(8000 // step_ms):
        is_late = number * step_ms >= 4000
        glimpses.push(number * step_ms, place(int(is_late)))
    changes = glimpses.take(8000)
    expected = {4: [Change(3876, 4000)], 40: [Change(3880, 4000)], 1000: []}
    assert changes == expected[step_ms]


def test_a_picture_of_one_pixel_has_glimpses() -> None:
    glimpses = Glimpses()
    for number in range(24):
        glimpses.push(number * 125, np.full((1, 1, 3), 20 if number < 12 else 90, np.uint8))
    assert glimpses.take(3000) == [Change(1375, 1500)]


# ---- the choice


def test_a_picture_inside_a_change_is_taken_only_where_there_is_nothing_better() -> None:
    change = Change(1900, 2700)
    shown = [Scored(0), Scored(600), Scored(1950, 50.0), Scored(2400, 50.0), Scored(3000)]
    chosen = choose_keyframes(shown, 0, 3500, [change])
    assert chosen == [Choice(1, 0, 2300), Choice(4, 2300, 3500)]
    alone = [Scored(0, is_black=True), Scored(2000), Scored(2600, 9.0), Scored(3000, is_black=True)]
    assert choose_keyframes(alone, 0, 3500, [change]) == [Choice(2, 0, 3500)]


def test_a_stretch_without_a_picture_of_its_own_is_shared_out() -> None:
    changes = [Change(1000, 1400), Change(2200, 2800), Change(4000, 4200)]
    shown = [Scored(500), Scored(2000, is_black=True), Scored(3000), Scored(4500, is_black=True)]
    chosen = choose_keyframes(shown, 0, 5000, changes)
    assert chosen == [Choice(0, 0, 1850), Choice(2, 1850, 5000)]


halves = st.lists(st.tuples(st.integers(0, 499), st.floats(0, 100)), min_size=1, max_size=80)
gaps = st.lists(st.tuples(st.integers(625, 9000), st.integers(1, 1000)), max_size=12)


@settings(deadline=None)
@given(halves, gaps, st.integers(0, 10_000))
def test_with_changes_spans_partition_the_shot_and_keyframes_are_near_each_other(
    halves: list[tuple[int, float]], gaps: list[tuple[int, int]], start_ms: int
) -> None:
    shown = [Scored(start_ms + n * 500 + late, sharp) for n, (late, sharp) in enumerate(halves)]
    end_ms = start_ms + 500 * len(halves)
    changes, last_ms = [], start_ms
    for apart_ms, across_ms in gaps:
        changes.append(Change(last_ms + apart_ms, last_ms + apart_ms + across_ms))
        last_ms = changes[-1].end_ms
    changes = [each for each in changes if each.end_ms < end_ms]
    choices = choose_keyframes(shown, start_ms, end_ms, changes)
    times = [shown[choice.index].time_ms for choice in choices]
    assert [choices[0].start_ms, choices[-1].end_ms] == [start_ms, end_ms]
    assert all(before.end_ms == after.start_ms for before, after in pairwise(choices))
    assert all(
        choice.start_ms <= time_ms < choice.end_ms and choice.end_ms - choice.start_ms <= 5000
        for choice, time_ms in zip(choices, times, strict=True)
    )
    assert all(after - before <= 5000 for before, after in pairwise(times))
