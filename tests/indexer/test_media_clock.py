"""The times of frames: whatever time stamps a file carries, those given out ascend."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.decoders.clock import Clock


@dataclass(frozen=True)
class Stream:
    """What the clock looks at in a stream."""

    time_base: Fraction = Fraction(1, 1000)
    average_rate: Fraction | None = Fraction(25)
    guessed_rate: Fraction | None = None


@dataclass(frozen=True)
class Stamped:
    """What the clock looks at in a decoded frame."""

    pts: int | None
    duration: int = 0


def run(clock: Clock, frames: list[Stamped]) -> list[tuple[int, int]]:
    """All frames through the clock: (time, duration) of each one given."""
    given_out = [clock.push(frame) for frame in frames] + list(clock.finish())
    return [(timed.time_ms, timed.duration_ms) for timed in given_out if timed is not None]


def times(stamps: list[int | None]) -> list[int]:
    return [time for time, _ in run(Clock(Stream()), [Stamped(pts) for pts in stamps])]


@given(st.lists(st.none() | st.integers(-500, 5000), max_size=40))
def test_times_ascend_and_each_frame_lasts_until_the_next(stamps: list[int | None]) -> None:
    clock = Clock(Stream())
    spans = run(clock, [Stamped(pts) for pts in stamps])
    assert all(duration >= 1 for _, duration in spans)
    for (time, duration), (following, _) in pairwise(spans):
        assert time + duration == following
    dropped = len(stamps) - len(spans)
    assert any("dropped" in line for line in clock.warnings) == (dropped > 0)
    assert bool(spans) == bool(stamps)
    assert {time for time, _ in spans} <= {
        pts for pts in stamps if pts is not None
    } or None in stamps


@given(st.sets(st.integers(-500, 5000), min_size=1, max_size=40))
def test_times_in_order_all_pass_as_they_are(stamps: set[int]) -> None:
    ordered: list[int | None] = [*sorted(stamps)]
    clock = Clock(Stream())
    assert [time for time, _ in run(clock, [Stamped(pts) for pts in ordered])] == ordered
    assert not clock.warnings


def test_of_doubled_times_the_first_is_kept() -> None:
    clock = Clock(Stream())
    assert [time for time, _ in run(clock, [Stamped(pts) for pts in (0, 40, 40, 80, 80, 80)])] == [
        0,
        40,
        80,
    ]
    assert clock.warnings == ["3 frame(s) dropped: their times are out of order"]


def test_one_frame_that_runs_ahead_or_falls_behind_costs_one_frame() -> None:
    assert times([0, 40, 9000, 120, 160]) == [0, 40, 120, 160]
    assert times([0, 40, 80, -9000, 120]) == [0, 40, 80, 120]
    assert times([9000, 40, 80, 120]) == [40, 80, 120]
    assert times([0, 40, 80, 9000]) == [0, 40, 80, 9000]


def test_frames_without_a_time_follow_by_duration_or_rate() -> None:
    clock = Clock(Stream())
    frames = [Stamped(None), Stamped(None), Stamped(100, 25), Stamped(None), Stamped(200)]
    assert [time for time, _ in run(clock, frames)] == [0, 40, 100, 125, 200]
    assert clock.warnings == ["3 frame(s) without a time: placed by the frame rate"]


def test_thirds_of_a_second_are_rounded_not_summed() -> None:
    ntsc = Stream(time_base=Fraction(1001, 30000), average_rate=Fraction(30000, 1001))
    spans = run(Clock(ntsc), [Stamped(number) for number in range(3000)])
    assert spans[2999][0] == round(2999 * 1001 / 30)
    assert [time for time, _ in spans[:4]] == [0, 33, 67, 100]


def test_the_last_frame_lasts_as_it_says_else_as_the_one_before_else_by_the_rate() -> None:
    assert run(Clock(Stream()), [Stamped(0), Stamped(70, 55)])[-1] == (70, 55)
    assert run(Clock(Stream()), [Stamped(0), Stamped(70)])[-1] == (70, 70)
    assert run(Clock(Stream()), [Stamped(70)]) == [(70, 40)]
    assert run(Clock(Stream(average_rate=None)), [Stamped(70)]) == [(70, 40)]
